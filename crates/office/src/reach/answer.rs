//! The sentence a home page opens with: where the children are whom nobody has reached.

/// Where children live, as a sentence says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// There are none.
    Nobody,
    /// All of them in town (城区).
    AllUrban,
    /// All of them in the country (乡村).
    AllRural,
    /// So many tenths of them in the country, 1 to 9: 七成在乡村.
    RuralTenths(i64),
}

impl Place {
    /// Key of the clause and its number of tenths.
    pub const fn words(self) -> Option<(&'static str, i64)> {
        match self {
            Self::Nobody => None,
            Self::AllUrban => Some(("reach-where-urban", 0)),
            Self::AllRural => Some(("reach-where-rural", 10)),
            Self::RuralTenths(n) => Some(("reach-where-tenths", n)),
        }
    }
}

/// Where children are of whom so many live in town and so many in the country. Said in whole tenths;
/// "all" only when it is all.
pub fn place_of(urban: i64, rural: i64) -> Place {
    let all = urban + rural;
    match (urban, rural) {
        _ if all <= 0 => Place::Nobody,
        (_, 0) => Place::AllUrban,
        (0, _) => Place::AllRural,
        _ => Place::RuralTenths(((rural * 20 + all) / (all * 2)).clamp(1, 9)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_in_tenths_how_many_live_in_the_country() {
        assert_eq!(place_of(168, 444), Place::RuralTenths(7));
        assert_eq!(place_of(50, 50), Place::RuralTenths(5));
    }

    #[test]
    fn it_says_all_only_when_it_is_all() {
        assert_eq!(place_of(1, 999), Place::RuralTenths(9));
        assert_eq!(place_of(999, 1), Place::RuralTenths(1));
        assert_eq!(place_of(0, 3), Place::AllRural);
        assert_eq!(place_of(3, 0), Place::AllUrban);
        assert_eq!(place_of(0, 0), Place::Nobody);
    }
}
