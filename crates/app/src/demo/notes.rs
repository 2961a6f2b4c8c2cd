//! What teachers wrote of the latest contacts, by tone.

use super::dice::Dice;
use gongyu_ledger::rules::Tone;

/// Lines to draw from.
pub(super) struct Notes(Vec<(Tone, &'static str)>);

impl Notes {
    /// Reads the lines.
    pub(super) fn load() -> Self {
        let line = |line: &'static str| {
            let (tone, note) = line.split_once(' ')?;
            Some((Tone::parse(tone)?, note))
        };
        Self(include_str!("data/notes.txt").lines().filter_map(line).collect())
    }

    /// A line that fits a tone; every third contact was noted without one.
    pub(super) fn draw(&self, dice: &mut Dice, tone: Tone) -> &'static str {
        let fit: Vec<&'static str> = self.0.iter().filter(|(t, _)| *t == tone).map(|(_, note)| *note).collect();
        if fit.is_empty() || dice.chance(0.35) {
            return "";
        }
        fit[dice.below(fit.len())]
    }
}
