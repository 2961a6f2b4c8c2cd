//! Invented names: surnames as often as in the south-west, given names of each generation.

use super::dice::Dice;
use gongyu_registry::roster::values::{Ethnicity, Sex};

/// Generation a given name belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Age {
    Child,
    Parent,
    Elder,
}

/// Fingerprints of the names of the real people who are named in the letter the product is modelled
/// on: a name that meets one is drawn again. Fingerprints, because the names themselves do not belong here.
const KEPT_OUT: [u64; 4] = [0xfe29_746e_67ba_f4fd, 0xb74d_9587_e06d_3bcc, 0xdc3c_febf_3d23_4c07, 0x6ba4_a114_a52e_53bd];

/// Fingerprint of a name (FNV-1a).
fn fingerprint(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a name is one that must not appear.
pub(super) fn kept_out(name: &str) -> bool {
    KEPT_OUT.contains(&fingerprint(name))
}

/// A line of words as a list.
fn words(text: &'static str) -> Vec<&'static str> {
    text.split_whitespace().collect()
}

fn two_lines(text: &'static str) -> [Vec<&'static str>; 2] {
    let mut lines = text.lines().map(words);
    [lines.next().unwrap_or_default(), lines.next().unwrap_or_default()]
}

/// The pools names are drawn from.
pub(super) struct Names {
    surnames: Vec<&'static str>,
    weights: Vec<u32>,
    girls: Vec<&'static str>,
    boys: Vec<&'static str>,
    girl_parts: [Vec<&'static str>; 2],
    boy_parts: [Vec<&'static str>; 2],
    mothers: Vec<&'static str>,
    fathers: Vec<&'static str>,
    elders: [Vec<&'static str>; 2],
    rare: Vec<&'static str>,
    minority: Vec<(Sex, Ethnicity, &'static str)>,
    board: Vec<(Sex, &'static str)>,
}

impl Names {
    /// Reads the pools.
    pub(super) fn load() -> Self {
        let (surnames, weights) = include_str!("data/surnames.txt")
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, weight)| (name, weight.parse().unwrap_or(1)))
            .unzip();
        Self {
            surnames,
            weights,
            girls: words(include_str!("data/given-girls.txt")),
            boys: words(include_str!("data/given-boys.txt")),
            girl_parts: two_lines(include_str!("data/syllables-girls.txt")),
            boy_parts: two_lines(include_str!("data/syllables-boys.txt")),
            mothers: words(include_str!("data/given-mothers.txt")),
            fathers: words(include_str!("data/given-fathers.txt")),
            elders: two_lines(include_str!("data/given-elders.txt")),
            rare: words(include_str!("data/rare.txt")),
            minority: include_str!("data/minority.txt").lines().filter_map(minority).collect(),
            board: include_str!("data/board.txt").lines().filter_map(of_sex).collect(),
        }
    }

    /// A surname.
    pub(super) fn surname(&self, dice: &mut Dice) -> &'static str {
        self.surnames[dice.weighted(&self.weights)]
    }

    /// A whole name with this surname.
    pub(super) fn full(&self, dice: &mut Dice, surname: &str, sex: Sex, age: Age) -> String {
        loop {
            let name = format!("{surname}{}", self.given(dice, sex, age));
            if !kept_out(&name) {
                return name;
            }
        }
    }

    fn given(&self, dice: &mut Dice, sex: Sex, age: Age) -> String {
        let woman = sex == Sex::Female;
        match age {
            Age::Parent => (*dice.pick(if woman { &self.mothers } else { &self.fathers })).to_owned(),
            Age::Elder => (*dice.pick(&self.elders[usize::from(woman)])).to_owned(),
            Age::Child if dice.chance(0.004) => {
                let parts = if woman { &self.girl_parts } else { &self.boy_parts };
                format!("{}{}", dice.pick(&parts[0]), dice.pick(&self.rare))
            }
            Age::Child if dice.chance(0.45) => (*dice.pick(if woman { &self.girls } else { &self.boys })).to_owned(),
            Age::Child => {
                let parts = if woman { &self.girl_parts } else { &self.boy_parts };
                let first = dice.pick(&parts[0]);
                let second = dice.pick(&parts[1]);
                if first == second { (*first).to_owned() } else { format!("{first}{second}") }
            }
        }
    }

    /// Now and then a pupil of a people whose names have another shape.
    pub(super) fn minority(&self, dice: &mut Dice) -> (Sex, Ethnicity, &'static str) {
        *dice.pick(&self.minority)
    }

    /// The pupils of the class that the design drawings show.
    pub(super) fn board(&self) -> &[(Sex, &'static str)] {
        &self.board
    }
}

fn of_sex(line: &'static str) -> Option<(Sex, &'static str)> {
    let (sex, name) = line.split_once(' ')?;
    Some((if sex == "f" { Sex::Female } else { Sex::Male }, name))
}

fn minority(line: &'static str) -> Option<(Sex, Ethnicity, &'static str)> {
    let (sex, rest) = of_sex(line)?;
    let (people, name) = rest.split_once(' ')?;
    let ethnicity = match people {
        "Uygur" => Ethnicity::Uygur,
        "Tibetan" => Ethnicity::Tibetan,
        "Yi" => Ethnicity::Yi,
        "Kazak" => Ethnicity::Kazak,
        _ => Ethnicity::Mongol,
    };
    Some((sex, ethnicity, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_kept_out_is_recognised_by_its_fingerprint() {
        // A name of our own whose fingerprint is known, to see that the sum is FNV-1a.
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("a"), 0xaf63_dc4c_8601_ec8c);
        assert!(!kept_out("陈语桐"));
    }

    #[test]
    fn every_pool_has_names() {
        let names = Names::load();
        assert!(names.surnames.len() > 150 && names.board.len() == 45 && names.minority.len() > 10);
        assert!(names.rare.iter().any(|name| name.chars().any(|c| c as u32 > 0xFFFF)));
    }
}
