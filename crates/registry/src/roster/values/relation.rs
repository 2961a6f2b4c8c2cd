//! What a family member is to the pupil, and the everyday word for it.

use super::{fold, parse_coded};

coded! {
    /// Relation of a member to the pupil. The roster knows five; the numeric codes follow GB/T 4761 and are not confirmed
    /// for the roster (POLICY.md 8.2), so they are only read, and files are written with names.
    Relation {
        Father = "51" "父亲" ["父" "爸爸" "爸" "老爸" "父子" "父女" "继父" "养父"];
        Mother = "52" "母亲" ["母" "妈妈" "妈" "老妈" "母子" "母女" "继母" "养母"];
        Grandparent = "60" "祖父母或外祖父母" [
            "祖父母" "外祖父母" "祖父" "祖母" "外祖父" "外祖母" "爷爷" "奶奶" "外公" "外婆" "姥爷" "姥姥" "公公" "婆婆"
            "祖孙" "61" "62" "63" "64"
        ];
        Sibling = "70" "兄弟姐妹" [
            "兄弟" "姐妹" "兄妹" "姐弟" "哥哥" "姐姐" "弟弟" "妹妹" "兄" "姐" "弟" "妹" "哥" "71" "72" "73" "74" "75" "76" "77" "78" "79"
        ];
        Other = "99" "其他" [
            "其它" "亲属" "其他亲属" "叔叔" "伯伯" "伯父" "伯母" "叔父" "婶婶" "舅舅" "舅妈" "姑姑" "姑妈" "姑父" "姨" "姨妈" "姨父"
            "阿姨" "养育人" "监护人" "社工" "亲戚" "97"
        ];
    }
}

/// Words that add nothing to the five relations.
const PLAIN: &[&str] = &[
    "父",
    "父亲",
    "爸爸",
    "爸",
    "老爸",
    "父子",
    "父女",
    "母",
    "母亲",
    "妈妈",
    "妈",
    "老妈",
    "母子",
    "母女",
    "祖父母或外祖父母",
    "祖孙",
    "兄弟姐妹",
    "其他",
    "其它",
];

/// A relation together with the everyday word for it, where the file gives one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinship {
    /// One of the five relations of the roster.
    pub relation: Relation,
    /// The finer word ("爷爷", "外婆", "继父"), where the file gave one.
    pub kin: Option<String>,
}

impl Relation {
    /// Reads a relation and keeps the finer word for it: "外婆" is a grandparent whose word is 外婆.
    pub fn read(text: &str) -> Option<Kinship> {
        let relation: Self = parse_coded(text)?;
        let squeezed = fold::squeeze(text);
        let word = squeezed.trim_matches(|c: char| c.is_ascii());
        let kin = match squeezed.as_str() {
            "61" => Some("爷爷"),
            "62" => Some("奶奶"),
            "63" => Some("外公"),
            "64" => Some("外婆"),
            _ => Some(word).filter(|w| !w.is_empty() && !PLAIN.contains(w)),
        };
        Some(Kinship { relation, kin: kin.map(str::to_owned) })
    }

    /// The sex the relation itself implies.
    pub const fn sex(self) -> Option<super::Sex> {
        match self {
            Self::Father => Some(super::Sex::Male),
            Self::Mother => Some(super::Sex::Female),
            _ => None,
        }
    }

    /// A father or a mother: guardians by law while they live and are fit (Civil Code, article 27).
    pub const fn is_parent(self) -> bool {
        matches!(self, Self::Father | Self::Mother)
    }
}
