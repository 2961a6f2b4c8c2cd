//! How many tests passed and failed, read from what the runners print.

/// Numbers of tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, ran out of time or crashed.
    pub failed: u64,
}

impl Counts {
    /// Adds the numbers of one line of output, if it is a runner's closing line.
    ///
    /// nextest: `Summary [ 3.2s] 45 tests run: 43 passed (1 slow), 1 failed, 1 timed out, 7 skipped`;
    /// cargo test: `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    pub fn add_line(&mut self, line: &str) {
        let line = line.trim_start();
        let numbers = if line.starts_with("Summary [") {
            line.split_once("run:").map(|(_, numbers)| numbers)
        } else {
            line.strip_prefix("test result:")
        };
        let Some(numbers) = numbers else { return };
        for part in numbers.split([',', ';', '.']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed" | "timed" | "exec") => self.failed += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn closing_lines_of_both_runners_are_added_up() {
        let mut counts = Counts::default();
        for line in [
            "     Summary [  27.480s] 6 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 1 exec failed, 7 skipped",
            "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test one_rule ... ok",
            "  12 passed, says the page",
        ] {
            counts.add_line(line);
        }
        assert_eq!(counts, Counts { passed: 7, failed: 5 });
    }
}
