//! What the rule editor must not let through.

use super::model::{Counts, Deadline, Rule};
use gongyu_kernel::Result;
use gongyu_kernel::calendar::Date;
use gongyu_kernel::error::Invalid;

impl Rule {
    /// Checks an edited rule.
    ///
    /// # Errors
    /// [`gongyu_kernel::Error::Invalid`] with the fields refused and why.
    pub fn check(&self) -> Result<()> {
        let mut invalid = Invalid::default();
        for (field, title) in [("title_zh", &self.title_zh), ("title_en", &self.title_en)] {
            if title.trim().is_empty() {
                invalid.push(field, "duty-rule-needs-title");
            }
        }
        if self.required == 0 {
            invalid.push("required", "duty-rule-needs-number");
        }
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to)
            && to < from
        {
            invalid.push("valid_to", "duty-rule-ends-before-it-begins");
        }
        if let Deadline::Day { month, day } = self.deadline
            && Date::new(2000, month, day).is_err()
        {
            invalid.push("deadline", "duty-rule-no-such-day");
        }
        match &self.counts {
            Counts::Acts { kinds, .. } if kinds.is_empty() => invalid.push("counts", "duty-rule-counts-nothing"),
            Counts::Acts { kinds, each_kind_once: true } if self.required as usize > kinds.len() => {
                invalid.push("required", "duty-rule-asks-more-kinds-than-it-names");
            }
            Counts::Touches { kinds, .. } if kinds.is_empty() => {
                invalid.push("counts", "duty-rule-counts-nothing");
            }
            Counts::Ratio { percent, .. } if !(1..=100).contains(percent) => {
                invalid.push("percent", "duty-rule-percent-out-of-range");
            }
            _ => {}
        }
        invalid.into_result()
    }
}
