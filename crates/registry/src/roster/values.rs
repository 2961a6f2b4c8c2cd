//! The coded values of the national roster: each accepts its code, its official name and the usual ways of writing them.
//!
//! The paper form of 2013 asks for names ("男", not "1" nor "1-男"), exports carry codes, and hand-made files mix all three
//! (POLICY.md 8.2). Codes follow JY/T 1001-2012 and the GB/T standards named at each set.

/// Declares one value set: `Variant = "code" "official name" ["other writings"];`.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal $label:literal $([$($alias:literal)+])?;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = $label] $variant,)+ }

        impl $name {
            /// Every value, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as the standard writes it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The official Chinese name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Reads a code, a name, both joined ("1-男", "1 男") or another usual writing; `None` when it is none of them.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::roster::values::parse_coded(text)
            }
        }

        impl $crate::roster::values::Coded for $name {
            const ALL: &'static [Self] = Self::ALL;
            fn code(self) -> &'static str { self.code() }
            fn name(self) -> &'static str { self.name() }
            fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($($alias),+)?],)+ }
            }
        }
    };
}

mod ethnicity;
pub mod fold;
mod relation;
#[cfg(test)]
#[path = "tests_values.rs"]
mod tests;

pub use ethnicity::Ethnicity;
pub use relation::{Kinship, Relation};

/// A value set of the roster.
pub trait Coded: Copy + PartialEq + 'static {
    /// Every value.
    const ALL: &'static [Self];
    /// The code as the standard writes it.
    fn code(self) -> &'static str;
    /// The official Chinese name.
    fn name(self) -> &'static str;
    /// Other writings that mean the same.
    fn aliases(self) -> &'static [&'static str];
}

/// Reads `text` as a value of the set `T`: code, name, both joined, or another usual writing.
pub fn parse_coded<T: Coded>(text: &str) -> Option<T> {
    if let Some(hit) = T::ALL.iter().find(|v| v.name() == text || v.code() == text) {
        return Some(*hit);
    }
    let squeezed = fold::squeeze(text);
    let plain = squeezed.strip_suffix(".0").unwrap_or(&squeezed);
    exact(plain).or_else(|| joined(plain))
}

fn exact<T: Coded>(text: &str) -> Option<T> {
    let same = |word: &str| word.eq_ignore_ascii_case(text) || same_number(word, text);
    T::ALL
        .iter()
        .copied()
        .find(|v| fold::squeeze(v.name()) == text || same(v.code()) || v.aliases().iter().any(|alias| same(alias)))
}

/// A spreadsheet that takes codes for numbers drops their leading zeros.
fn same_number(code: &str, text: &str) -> bool {
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u32>().ok()).flatten();
    matches!((number(code), number(text)), (Some(a), Some(b)) if a == b)
}

/// "1-男", "1男", "男(1)": both halves must mean the same value.
fn joined<T: Coded>(text: &str) -> Option<T> {
    let mark = |c: char| c.is_ascii_punctuation() || c == '、';
    let split = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    if split > 0 {
        let code = exact::<T>(&text[..split])?;
        let name = exact::<T>(text[split..].trim_start_matches(mark))?;
        return (code == name).then_some(code);
    }
    let inner = text.trim_end_matches(mark);
    let name = inner.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let code = exact::<T>(&inner[name.len()..])?;
    (exact::<T>(name.trim_end_matches(mark))? == code).then_some(code)
}

coded! {
    /// Sex (GB/T 2261.1).
    Sex {
        Male = "1" "男" ["男性" "男生" "M"];
        Female = "2" "女" ["女性" "女生" "F"];
    }
}
coded! {
    /// A yes-or-no column (JY/T 1001 SFBZ).
    YesNo {
        No = "0" "否" ["N" "NO" "F" "FALSE" "无" "没有" "不是" "不" "×" "X"];
        Yes = "1" "是" ["Y" "YES" "T" "TRUE" "有" "√" "✓" "✔" "对"];
    }
}
coded! {
    /// Kind of identity document (JY/T 1001 SFZJLX; code 2 for the household book as in some local guides).
    IdKind {
        Resident = "1" "居民身份证" ["身份证" "二代身份证" "第二代居民身份证"];
        HouseholdBook = "2" "户口簿" ["户口本" "B"];
        HongKong = "6" "香港特区护照/身份证明" ["香港特区护照身份证明" "香港身份证"];
        Macau = "7" "澳门特区护照/身份证明" ["澳门特区护照身份证明" "澳门身份证"];
        Taiwan = "8" "台湾居民来往大陆通行证" ["台胞证"];
        ForeignPermanent = "9" "境外永久居住证" ["外国人永久居留证"];
        Passport = "A" "护照";
        Other = "Z" "其他" ["其它" "军官证" "士兵证" "出生证" "出生医学证明" "无"];
    }
}
coded! {
    /// Hong Kong, Macau, Taiwan, overseas Chinese and foreigners (JY/T 1001 GATQW).
    HmtOverseas {
        No = "00" "否" ["非港澳台侨外" "无" "不是" "非港澳台侨"];
        HongKong = "01" "香港同胞";
        HongKongKin = "02" "香港同胞亲属";
        Macau = "03" "澳门同胞";
        MacauKin = "04" "澳门同胞亲属";
        Taiwan = "05" "台湾同胞";
        TaiwanKin = "06" "台湾同胞亲属";
        OverseasChinese = "11" "华侨";
        OverseasKin = "12" "侨眷";
        Returned = "13" "归侨";
        ReturnedChild = "14" "归侨子女";
        ReturnedStudent = "21" "归国留学人员";
        NonHanOrigin = "31" "非华裔中国人";
        ForeignChinese = "41" "外籍华裔人";
        Foreigner = "51" "外国人";
        Other = "99" "其他" ["其它"];
    }
}
coded! {
    /// State of health (2013 collection guide; one digit in GB/T 2261.3).
    HealthState {
        Good = "10" "健康或良好" ["1" "健康" "良好" "健康良好"];
        Weak = "20" "一般或较弱" ["2" "一般" "较弱"];
        Chronic = "30" "有慢性病" ["3" "慢性病"];
        Defect = "40" "有生理缺陷" ["4" "生理缺陷"];
        Disabled = "50" "残疾" ["5"];
    }
}
coded! {
    /// Political status (GB/T 4762); pupils of primary age are written as the masses or as pioneers.
    PoliticalStatus {
        Party = "01" "中共党员" ["党员"];
        ProbationaryParty = "02" "中共预备党员" ["预备党员"];
        League = "03" "共青团员" ["团员"];
        Masses = "13" "群众" ["少先队员" "少先队" "无" "学生"];
    }
}
coded! {
    /// Kind of household registration; the finer GA 324.1 names fold into the two of the roster.
    HouseholdKind {
        Rural = "1" "农业户口" ["农业" "农村" "农村户口" "农业家庭户口" "农业集体户口" "农业家庭户"];
        Urban = "2" "非农业户口" ["非农业" "非农" "城镇" "城镇户口" "城市户口" "非农业家庭户口" "非农业集体户口" "非农业家庭户"];
    }
}
coded! {
    /// Way of entering the school.
    EntryWay {
        Nearby = "11" "就近入学";
        Ordinary = "21" "统一招生考试/普通入学" ["统一招生考试" "普通入学" "统招"];
        Sports = "22" "体育特招";
        Arts = "23" "艺术特招";
        Other = "99" "其他" ["其它" "12"];
    }
}
coded! {
    /// Day pupil or boarder.
    BoardingKind {
        Day = "1" "走读" ["走读生" "通学"];
        Boarder = "2" "住校" ["住读" "寄宿" "住宿" "住校生" "寄宿生"];
    }
}
coded! {
    /// Where the pupil came from.
    StudentSource {
        Normal = "1" "正常入学" ["正常"];
        Other = "9" "其他" ["其它" "借读"];
    }
}
coded! {
    /// Left behind as the roster means it: one or both parents away for three months or more (POLICY.md 3.1).
    LeftBehind {
        None = "0" "非留守儿童" ["否" "无" "非留守" "不是" "N"];
        OneParent = "1" "单亲留守儿童" ["单亲留守"];
        BothParents = "2" "双亲留守儿童" ["双亲留守"];
    }
}
coded! {
    /// Learning in a regular class with a disability (2007 code list).
    Inclusive {
        No = "00" "非随班就读" ["否" "无" "普通" "不是" "N"];
        Yes = "10" "随班就读" ["是" "1" "Y" "√"];
        Sight = "11" "视力残疾随班就读";
        Hearing = "12" "听力残疾随班就读";
        Intellect = "13" "智力残疾随班就读";
        Other = "19" "其他残疾随班就读" ["其它残疾随班就读" "其他"];
    }
}
coded! {
    /// Kind of disability (order of GB/T 26341).
    Disability {
        None = "0" "无残疾" ["无" "否" "非残疾" "没有"];
        Sight = "1" "视力残疾" ["视力"];
        Hearing = "2" "听力残疾" ["听力"];
        Speech = "3" "言语残疾" ["言语"];
        Limbs = "4" "肢体残疾" ["肢体"];
        Intellect = "5" "智力残疾" ["智力"];
        Mind = "6" "精神残疾" ["精神"];
        Multiple = "7" "多重残疾" ["多重"];
        Other = "9" "其他残疾" ["其它残疾" "其他"];
    }
}
coded! {
    /// Way to school; the source names them without codes, so the codes are their order.
    TravelWay {
        Walk = "1" "步行" ["走路"];
        Cycle = "2" "自行车(含摩托车、电动自行车)" ["自行车" "电动自行车" "电动车" "摩托车"];
        Public = "3" "公共交通(含城市公交、农村客运和地铁)" ["公共交通" "公交" "公交车" "地铁" "轨道交通" "农村客运"];
        Parents = "4" "家长自行接送" ["家长接送" "接送" "私家车"];
        SchoolBus = "5" "校车";
        Other = "9" "其他" ["其它"];
    }
}
coded! {
    /// Blood type.
    BloodType {
        Unknown = "0" "未知" ["不详" "未知血型"];
        A = "1" "A" ["A型" "A血型" "A型血"];
        B = "2" "B" ["B型" "B血型" "B型血"];
        Ab = "3" "AB" ["AB型" "AB血型" "AB型血"];
        O = "4" "O" ["O型" "O血型" "O型血"];
        Other = "5" "其他" ["其它"];
        Undetermined = "9" "未定" ["未定血型" "未查"];
    }
}

/// Reads a yes-or-no cell.
pub fn parse_yes_no(text: &str) -> Option<bool> {
    YesNo::parse(text).map(|answer| answer == YesNo::Yes)
}

impl Disability {
    /// The disabilities a form of learning in a regular class may go with; `None` of them for [`Inclusive::Yes`],
    /// which names no disability. One school's rule, so a mismatch is only asked about (POLICY.md 8.2).
    pub fn agrees_with(self, inclusive: Inclusive) -> bool {
        match inclusive {
            Inclusive::No => self == Self::None,
            Inclusive::Yes => self != Self::None,
            Inclusive::Sight => self == Self::Sight,
            Inclusive::Hearing => self == Self::Hearing,
            Inclusive::Intellect => self == Self::Intellect,
            Inclusive::Other => !matches!(self, Self::None | Self::Sight | Self::Hearing | Self::Intellect),
        }
    }
}
