//! Finding pupils and staff within a unit by name, pinyin or the tail of a telephone number.

use super::custody::phones_of_child;
use crate::roster::class_label::ClassKey;
use crate::roster::values;
use crate::unit::{Unit, UnitKind};
use gongyu_kernel::{Id, Result};
use gongyu_store::list::{Filter, ListPage, ListQuery, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, search};
use gongyu_vault::Vault;

/// Terms of a search that the index looks up; what was typed is compared with each hit anyway.
const TERMS: usize = 4;
/// Hits on one page.
const PAGE: usize = 40;

list_spec! {
    /// Pupils in school, to be found.
    pub static PUPILS = ListSpec {
        name: "pupils",
        columns: "s.id, s.name, s.sex, s.class_id, c.stage, c.entry_year, c.class_no, c.speciality, u.name, u.id",
        from: "FROM student s JOIN unit u ON u.id = s.school_id LEFT JOIN unit c ON c.id = s.class_id
               WHERE s.state = 'active'",
        fixed: 0,
        filters: &[
            Filter { name: "class", sql: "s.class_id = $1", params: 1 },
            Filter { name: "school", sql: "s.school_id = $1", params: 1 },
            Filter {
                name: "within",
                sql: "s.school_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1 AND valid_to IS NULL)",
                params: 1,
            },
            Filter {
                name: "found",
                sql: "s.id IN (SELECT object_id FROM search_gram WHERE kind = 'student' AND gram >= $1 AND gram < $2)",
                params: 2,
            },
        ],
        orders: &[Order { name: "name", keys: &[("s.name_key", false), ("s.id", false)] }],
        groups: &[],
    };
}

list_spec! {
    /// Staff at work, to be found.
    pub static STAFF = ListSpec {
        name: "staff",
        columns: "f.id, f.name, f.title, f.staff_no, u.name, u.id",
        from: "FROM staff f JOIN unit u ON u.id = f.school_id WHERE f.state = 'active'",
        fixed: 0,
        filters: &[
            Filter {
                name: "within",
                sql: "f.school_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1 AND valid_to IS NULL)",
                params: 1,
            },
            Filter {
                name: "found",
                sql: "f.id IN (SELECT object_id FROM search_gram WHERE kind = 'staff' AND gram >= $1 AND gram < $2)",
                params: 2,
            },
        ],
        orders: &[Order { name: "name", keys: &[("f.name_key", false), ("f.id", false)] }],
        groups: &[],
    };
}

record! {
    /// A pupil who was found.
    #[derive(Clone, Debug)]
    pub struct PupilHit {
        /// Pupil.
        pub id: Id,
        /// Name.
        pub name: String,
        /// `male` or `female`.
        pub sex: String,
        /// Class.
        pub class: Option<Id>,
        stage: Option<String>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: Option<String>,
        /// Name of the school.
        pub school: String,
        /// School.
        pub school_id: Id,
    }
}

impl PupilHit {
    /// Name of the class in a school year; empty without one.
    pub fn class_name(&self, school_year_start: i16) -> String {
        ClassKey::of_columns(self.stage.as_deref(), self.entry_year, self.class_no, self.speciality.as_deref())
            .map(|key| key.display(school_year_start))
            .unwrap_or_default()
    }
}

record! {
    /// A member of staff who was found.
    #[derive(Clone, Debug)]
    pub struct StaffHit {
        /// Member of staff.
        pub id: Id,
        /// Name.
        pub name: String,
        /// Post.
        pub title: String,
        /// Number within the unit.
        pub staff_no: String,
        /// Name of the school or other unit.
        pub unit: String,
        /// School or other unit.
        pub unit_id: Id,
    }
}

/// What somebody typed to find people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing that can be looked for.
    Nothing,
    /// The last digits of a telephone number, four or more.
    Tail(String),
    /// Letters: pinyin or its initials.
    Letters,
    /// Characters of a name.
    Name(String),
}

impl Typed {
    /// Understands a search box. Spaces and the dot of a long name are left out; digits and letters may be full-width.
    pub fn read(text: &str) -> Self {
        let plain: String = values::fold::squeeze(text).chars().filter(|c| *c != '·').collect();
        let plain = plain.to_lowercase();
        if plain.is_empty() {
            Self::Nothing
        } else if plain.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 4 { Self::Tail(digits) } else { Self::Nothing }
        } else if plain.chars().all(|c| c.is_ascii_alphabetic()) {
            Self::Letters
        } else {
            Self::Name(plain)
        }
    }

    /// Whether a name holds what was typed. The index knows pairs of characters only: 石桥 and 桥石 in
    /// one name would pass for 石桥石.
    pub fn fits_name(&self, name: &str) -> bool {
        match self {
            Self::Name(typed) => {
                let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
                name.to_lowercase().contains(typed.as_str())
            }
            Self::Nothing | Self::Tail(_) | Self::Letters => true,
        }
    }

    /// Whether one of the telephones ends in the typed digits.
    pub fn fits_phones(&self, phones: &[String]) -> bool {
        match self {
            Self::Tail(digits) => phones.iter().any(|phone| {
                let plain: String = phone.chars().filter(char::is_ascii_digit).collect();
                plain.ends_with(digits.as_str())
            }),
            Self::Nothing | Self::Letters | Self::Name(_) => true,
        }
    }
}

fn looked_up(mut list: ListQuery, typed: &str, vault: &Vault) -> ListQuery {
    for (from, to) in search::ranges(typed, &|tail| vault.tail_term(tail)).iter().take(TERMS) {
        list = list.filter("found", &[from, to]);
    }
    list
}

/// Pupils in a unit who fit what was typed, by name.
///
/// # Errors
/// As any statement.
pub fn pupils(
    r: &mut Reader,
    vault: &Vault,
    within: &Unit,
    text: &str,
    after: Option<&str>,
) -> Result<ListPage<PupilHit>> {
    let typed = Typed::read(text);
    let wanted = plain_of(&typed, text);
    let list = match within.kind {
        UnitKind::Class => PUPILS.query(&[]).filter("class", &[&within.id]),
        UnitKind::School => PUPILS.query(&[]).filter("school", &[&within.id]),
        _ => PUPILS.query(&[]).filter("within", &[&within.id]),
    };
    let page = looked_up(list, &wanted, vault).after(after).limit(PAGE).rows::<PupilHit>(r)?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for hit in page.rows {
        let fits = match &typed {
            Typed::Tail(_) => typed.fits_phones(&phones_of_child(r, vault, hit.id)?),
            _ => typed.fits_name(&hit.name),
        };
        if fits {
            rows.push(hit);
        }
    }
    Ok(ListPage { rows, next: page.next })
}

/// Staff in a unit who fit what was typed, by name; everybody when nothing was typed.
///
/// # Errors
/// As any statement.
pub fn staff(r: &mut Reader, vault: &Vault, within: Id, text: &str, after: Option<&str>) -> Result<ListPage<StaffHit>> {
    let typed = Typed::read(text);
    let list = STAFF.query(&[]).filter("within", &[&within]);
    let list = looked_up(list, &plain_of(&typed, text), vault);
    let mut page = list.after(after).limit(PAGE).rows::<StaffHit>(r)?;
    page.rows.retain(|hit| typed.fits_name(&hit.name));
    Ok(page)
}

fn plain_of(typed: &Typed, text: &str) -> String {
    match typed {
        Typed::Nothing => String::new(),
        Typed::Tail(plain) | Typed::Name(plain) => plain.clone(),
        Typed::Letters => values::fold::squeeze(text).to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_a_telephone_tail_and_three_are_nothing() {
        assert_eq!(Typed::read(" 55 62 "), Typed::Tail("5562".to_owned()));
        assert_eq!(Typed::read("562"), Typed::Nothing);
        assert_eq!(Typed::read("023-6780"), Typed::Tail("0236780".to_owned()));
    }

    #[test]
    fn a_hit_must_hold_what_was_typed_in_one_piece() {
        assert!(Typed::read("若溪").fits_name("欧阳若溪"));
        assert!(!Typed::read("石桥石").fits_name("桥石桥"));
        assert!(Typed::read("古丽·买").fits_name("阿依古丽·买买提"));
    }

    #[test]
    fn more_digits_than_the_index_holds_are_compared_with_the_whole_number() {
        let phones = vec!["13900005562".to_owned()];
        assert!(Typed::read("05562").fits_phones(&phones));
        assert!(!Typed::read("15562").fits_phones(&phones));
    }

    #[test]
    fn letters_are_looked_up_by_sound_and_every_hit_of_the_index_counts() {
        assert_eq!(Typed::read("CYT"), Typed::Letters);
        assert!(Typed::Letters.fits_name("陈语桐"));
    }
}
