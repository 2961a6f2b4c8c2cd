//! Finding out which column is which: by heading, whatever the order, stars, spaces or notes in brackets (POLICY.md 8.1).

mod field;
#[cfg(test)]
#[path = "tests_headings.rs"]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use field::{Field, MemberField, MemberNo, Shown};

use super::export::MENDING_TITLES;
use super::values::{Relation, fold};

/// The generation of the national sheet a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// The paper form and its sheet at the launch in 2013, 71 columns.
    G1,
    /// The later variant with campus and separate migrant and rural flags, 73 columns.
    G2,
    /// The system's own export since about 2020, 71 columns.
    G3,
}

/// What the headings themselves say about a member, such as "父亲电话" or "监护人1姓名".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberHint {
    /// The heading calls the member a guardian.
    pub guardian: bool,
    /// The heading names the relation.
    pub relation: Option<Relation>,
}

/// Which column is which, and what is wrong with the headings.
#[derive(Debug, Clone)]
pub struct HeadingMatch {
    /// For each column its field; `None` for unknown, empty and repeated headings.
    pub columns: Vec<Option<Field>>,
    /// Columns whose heading is not understood, as the file writes it.
    pub unknown: Vec<(usize, String)>,
    /// Fields with more than one column, and all those columns.
    pub duplicated: Vec<(Field, Vec<usize>)>,
    /// Fields without which no pupil can be imported; see [`HeadingMatch::missing_for`].
    pub missing_required: Vec<Field>,
    /// The generation the file follows, when that can be told.
    pub generation: Option<Generation>,
    /// How many different fields were found; the row of headings is the one with the highest score.
    pub score: usize,
    /// What the headings say about each member.
    pub hints: [MemberHint; 2],
    /// The file is a list of bad rows brought back, so pupils missing from it have not left.
    pub mended: bool,
    titles: Vec<Option<String>>,
}

impl HeadingMatch {
    /// Whether the file has a column for the field.
    pub fn has(&self, field: Field) -> bool {
        self.titles[field.index()].is_some()
    }

    /// The heading of the field as the file writes it, or the official one.
    pub fn title_of(&self, field: Field) -> &str {
        self.titles[field.index()].as_deref().unwrap_or(field.title())
    }

    /// The missing required fields, the school code left out when the school is already known.
    pub fn missing_for(&self, school_known: bool) -> Vec<Field> {
        let asked = |field: &Field| !(school_known && *field == Field::SchoolCode);
        self.missing_required.iter().copied().filter(asked).collect()
    }

    /// Whether these headings can be those of a pupil roster at all (and not of another sheet, or a row of data).
    pub fn looks_like_roster(&self) -> bool {
        self.has(Field::Name) && self.score >= 4
    }
}

/// A heading reduced to what it says: no stars, spaces, line breaks, punctuation, leading numbers or notes in brackets.
pub fn normalise_heading(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(heading.len());
    for c in fold::squeeze(heading).chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            c if c.is_alphanumeric() => out.extend(c.to_uppercase()),
            _ => {}
        }
    }
    out.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()
}

static BOOK: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let mut book = HashMap::new();
    for field in Field::PUPIL {
        for word in std::iter::once(&field.title()).chain(field.synonyms()) {
            book.insert(normalise_heading(word), *field);
        }
    }
    book
});

struct Prefix {
    word: String,
    no: MemberNo,
    hint: MemberHint,
}

static PREFIXES: LazyLock<Vec<Prefix>> = LazyLock::new(|| {
    let mut prefixes = Vec::new();
    let mut add = |word: String, no, guardian, relation| {
        prefixes.push(Prefix { word, no, hint: MemberHint { guardian, relation } });
    };
    for (base, guardian) in [("成员", false), ("家庭成员", false), ("监护人", true), ("家长", true)] {
        for (no, digit, han) in [(MemberNo::One, "1", "一"), (MemberNo::Two, "2", "二")] {
            for number in [digit, han] {
                add(format!("{base}{number}"), no, guardian, None);
                add(format!("第{number}{base}"), no, guardian, None);
            }
        }
    }
    for base in ["监护人", "家长"] {
        add(base.to_owned(), MemberNo::One, true, None);
    }
    for (no, relation, words) in [
        (MemberNo::One, Relation::Father, ["父亲", "爸爸", "父"]),
        (MemberNo::Two, Relation::Mother, ["母亲", "妈妈", "母"]),
    ] {
        for word in words {
            add(word.to_owned(), no, false, Some(relation));
        }
    }
    prefixes
});

fn member_heading(normal: &str) -> Option<(Field, MemberHint)> {
    PREFIXES.iter().find_map(|prefix| {
        let rest = normal.strip_prefix(&prefix.word)?;
        let field = MemberField::ALL.iter().find(|field| field.words().contains(&rest))?;
        Some((Field::Member(prefix.no, *field), prefix.hint))
    })
}

fn find(normal: &str) -> Option<(Field, MemberHint)> {
    match BOOK.get(normal) {
        Some(field) => Some((*field, MemberHint::default())),
        None => member_heading(normal),
    }
}

/// Matches a row of headings to fields. The order of the columns never matters.
pub fn match_headings(headings: &[String]) -> HeadingMatch {
    let mending: Vec<String> = MENDING_TITLES.iter().map(|title| normalise_heading(title)).collect();
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); Field::COUNT];
    let mut columns = vec![None; headings.len()];
    let mut titles = vec![None; Field::COUNT];
    let mut hints = [MemberHint::default(); 2];
    let (mut unknown, mut mended) = (Vec::new(), false);
    for (column, heading) in headings.iter().enumerate() {
        let normal = normalise_heading(heading);
        if normal.is_empty() {
            continue;
        }
        if mending.contains(&normal) {
            mended = true;
            continue;
        }
        let Some((field, hint)) = find(&normal) else {
            unknown.push((column, heading.trim().to_owned()));
            continue;
        };
        if let Field::Member(no, _) = field {
            let known = &mut hints[no.index()];
            known.guardian |= hint.guardian;
            known.relation = known.relation.or(hint.relation);
        }
        let seen = &mut places[field.index()];
        if seen.is_empty() {
            columns[column] = Some(field);
            titles[field.index()] = Some(fold::tidy(heading).into_owned());
        }
        seen.push(column);
    }
    let repeated = |field: Field| (places[field.index()].len() > 1).then(|| (field, places[field.index()].clone()));
    let mut found = HeadingMatch {
        columns,
        unknown,
        duplicated: Field::all().filter_map(repeated).collect(),
        missing_required: Vec::new(),
        generation: None,
        score: titles.iter().flatten().count(),
        hints,
        mended,
        titles,
    };
    found.missing_required = missing(&found);
    found.generation = generation(&found);
    found
}

/// Sex and birth date may be left out, since the identity number holds them; either member's name will do.
fn missing(found: &HeadingMatch) -> Vec<Field> {
    let first = Field::Member(MemberNo::One, MemberField::Name);
    let second = Field::Member(MemberNo::Two, MemberField::Name);
    let mut missing: Vec<Field> = [Field::SchoolCode, Field::Name, Field::IdNumber, Field::Class]
        .into_iter()
        .filter(|field| !found.has(*field))
        .collect();
    if !found.has(first) && !found.has(second) {
        missing.push(first);
    }
    missing
}

/// Told by the columns only one generation has; a file with few columns follows none.
fn generation(found: &HeadingMatch) -> Option<Generation> {
    let any = |fields: &[Field]| fields.iter().any(|field| found.has(*field));
    if found.score < Field::COUNT / 2 {
        None
    } else if any(&[Field::RollContinuation]) {
        Some(Generation::G3)
    } else if any(&[Field::Campus, Field::RuralLeftBehind, Field::Disabled, Field::MigrantChild]) {
        Some(Generation::G2)
    } else if any(&[Field::Inclusive, Field::BloodType]) {
        Some(Generation::G1)
    } else {
        None
    }
}
