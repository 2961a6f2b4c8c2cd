//! Passwords: argon2id, and what makes one good enough.

use argon2::password_hash::PasswordHasher;
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use gongyu_kernel::error::Code;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Result};

/// Shortest password taken (usual level-3 checklists: 8 and three kinds of characters [C/P]; we ask
/// for length first, as length is what resists guessing).
pub const SHORTEST: usize = 10;

/// Hashes a password. Slow on purpose (about 20 ms): never on a database thread.
///
/// # Errors
/// `Error::Internal` when hashing fails.
pub fn hash(random: &Random, password: &str) -> Result<String> {
    let salt = random.bytes::<16>();
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|h| h.to_string())
        .map_err(|e| Error::internal(e.to_string()))
}

/// Whether a password fits its hash. Slow on purpose: never on a database thread.
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
}

/// Whether a password fits, taking as long when there is no hash to fit: so that nobody learns from the
/// time it takes which names exist. Slow on purpose: never on a database thread.
pub fn fits_or_pretend(password: &str, hash: Option<&str>) -> bool {
    match hash {
        Some(hash) => fits(password, hash),
        None => {
            let _ = fits(password, NOBODY);
            false
        }
    }
}

/// A hash with the parameters of `hash` that no password fits.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a new password is not taken.
///
/// # Errors
/// The reason, as a message key.
pub fn check_new(password: &str, login: &str) -> Result<(), Code> {
    let kinds = [
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    let lower = password.to_lowercase();
    let tired = ["password", "12345678", "qwerty", "abcdefgh", "11111111", "88888888"];
    if password.chars().count() < SHORTEST {
        Err(Code::new("password-too-short").arg("n", SHORTEST))
    } else if kinds.iter().filter(|k| **k).count() < 2 {
        Err(Code::new("password-too-plain"))
    } else if tired.iter().any(|t| lower.contains(t)) || (!login.is_empty() && lower.contains(&login.to_lowercase())) {
        Err(Code::new("password-too-common"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_only_its_own_hash() {
        let hash = hash(&Random::seeded(1), "石桥-sunflower-7").unwrap();
        assert!(fits("石桥-sunflower-7", &hash));
        assert!(!fits("石桥-sunflower-8", &hash));
    }

    #[test]
    fn an_unknown_name_costs_as_much_as_a_known_one() {
        let real = hash(&Random::seeded(1), "石桥-sunflower-7").unwrap();
        let head = |h: &str| h.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(head(&real), head(NOBODY));
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!fits_or_pretend("anything", None));
        assert!(fits_or_pretend("石桥-sunflower-7", Some(&real)));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        assert_eq!(check_new("abc1", "x").unwrap_err().key, "password-too-short");
        assert_eq!(check_new("abcdefghij", "x").unwrap_err().key, "password-too-plain");
        assert_eq!(check_new("Password2026", "x").unwrap_err().key, "password-too-common");
        assert_eq!(check_new("linmin-2026", "linmin").unwrap_err().key, "password-too-common");
        assert!(check_new("green7 mountain", "linmin").is_ok());
    }
}
