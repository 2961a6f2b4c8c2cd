//! Chance for the invented district: a small generator of our own (splitmix64), so that the same seed
//! gives the same people whatever library draws random numbers elsewhere.

/// A stream of chance.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream of one part of the district: parts do not disturb one another.
    pub(super) fn of(seed: u64, part: u64) -> Self {
        let mut dice = Self(seed ^ part.wrapping_mul(0xA24B_AED4_963E_E407));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A share, 0 up to but not 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number below `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let room = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(room)).unwrap_or(0)
    }

    /// A share between two bounds.
    pub(super) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// The place of one of these weights, as often as it weighs.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|w| u64::from(*w)).sum();
        let mut left = self.next() % total.max(1);
        for (at, weight) in weights.iter().enumerate() {
            let weight = u64::from(*weight);
            if left < weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// How often something happens that happens `mean` times on average (Poisson).
    pub(super) fn times(&mut self, mean: f64) -> usize {
        let (limit, mut product, mut n) = ((-mean).exp(), self.share(), 0);
        while product > limit && n < 60 {
            product *= self.share();
            n += 1;
        }
        n
    }
}
