//! SPDX licence expressions (SPDX 2.3, annex D): `AND` binds before `OR`, `WITH` belongs to its
//! licence. The `/` of old Cargo manifests means `OR`.

/// Whether the expression can be met by licences that `is_allowed` accepts. Not, if it is malformed.
pub fn is_satisfied(expression: &str, is_allowed: impl Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, is_allowed: &is_allowed };
    reader.any_of() == Some(true) && reader.words.is_empty()
}

struct Reader<'a, F> {
    words: &'a [&'a str],
    is_allowed: &'a F,
}

impl<F: Fn(&str) -> bool> Reader<'_, F> {
    fn take(&mut self, word: &str) -> bool {
        let Some((first, rest)) = self.words.split_first() else { return false };
        let found = *first == word;
        if found {
            self.words = rest;
        }
        found
    }

    fn any_of(&mut self) -> Option<bool> {
        let mut met = self.all_of()?;
        while self.take("OR") {
            met |= self.all_of()?;
        }
        Some(met)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.any_of()?;
            return self.take(")").then_some(met);
        }
        let (licence, rest) = self.words.split_first()?;
        self.words = rest;
        if self.take("WITH") {
            let (exception, rest) = self.words.split_first()?;
            self.words = rest;
            return Some((self.is_allowed)(&format!("{licence} WITH {exception}")));
        }
        Some((self.is_allowed)(licence))
    }
}

#[cfg(test)]
mod tests {
    use super::is_satisfied;

    #[test]
    fn expressions_are_judged_by_their_operators() {
        let ok = |expression| is_satisfied(expression, |one| ["MIT", "Zlib", "A WITH B"].contains(&one));
        assert!(ok("MIT") && ok("GPL-3.0 OR MIT") && ok("GPL-3.0/MIT") && ok("A WITH B AND Zlib"));
        assert!(ok("(MIT OR GPL-3.0) AND Zlib") && ok("GPL-3.0 AND X OR MIT"));
        assert!(!ok("MIT AND GPL-3.0") && !ok("A") && !ok("") && !ok("(MIT") && !ok("MIT Zlib"));
    }
}
