//! Randomness is a parameter too: secrets come from the machine, tests and the demo from a seed.

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::Arc;

/// A shared source of random bytes.
#[derive(Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

impl Random {
    /// Seeded by the operating system; fit for secrets.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn machine() -> Self {
        let mut seed = [0u8; 32];
        rand::rng().fill_bytes(&mut seed);
        Self(Arc::new(Mutex::new(StdRng::from_seed(seed))))
    }

    /// The same bytes for the same seed: for tests and demo data only.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.lock().fill_bytes(&mut out);
        out
    }

    /// A number in `0..below`; `below` must not be zero.
    pub fn below(&self, below: u64) -> u64 {
        u64::from_le_bytes(self.bytes()) % below
    }

    /// A code of `len` characters that people copy from paper: no 0/O, 1/I/L.
    pub fn code(&self, len: usize) -> String {
        const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
        (0..len).map(|_| LETTERS[self.below(LETTERS.len() as u64) as usize] as char).collect()
    }

    /// A code of `len` decimal digits, as sent by text message.
    pub fn digits(&self, len: usize) -> String {
        (0..len).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}
