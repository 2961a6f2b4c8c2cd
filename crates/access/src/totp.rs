//! One-time codes from an authenticator app (RFC 6238, SHA-1, 6 digits, 30 seconds: what the apps support).

use gongyu_kernel::Millis;
use gongyu_kernel::random::Random;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// A new secret of 160 bits.
pub fn new_secret(random: &Random) -> [u8; 20] {
    random.bytes()
}

fn totp(secret: [u8; 20]) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::from(secret))
        .build()
        .ok()
}

/// The secret as people type it.
pub fn base32(secret: [u8; 20]) -> String {
    Secret::from(secret).to_base32()
}

/// The address that authenticator apps read from a QR code.
pub fn address(secret: [u8; 20], issuer: &str, login: &str) -> String {
    format!("otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}", base32(secret))
}

/// The step of a code that fits and was not used before; `None` otherwise. Keep the step as `last_step`.
pub fn check(secret: [u8; 20], code: &str, now: Millis, last_step: i64) -> Option<i64> {
    let seconds = u64::try_from(now.0 / 1000).ok()?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let totp = totp(secret)?;
    let step = i64::try_from(totp.check(&code, seconds)?).ok()?;
    (step > last_step).then_some(step)
}

/// The code an authenticator app would show now; for tests and demo accounts.
pub fn code_at(secret: [u8; 20], now: Millis) -> Option<String> {
    let seconds = u64::try_from(now.0 / 1000).ok()?;
    Some(totp(secret)?.generate(seconds).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_only_in_its_minute() {
        let secret = new_secret(&Random::seeded(3));
        let now = Millis(1_790_000_000_000);
        let code = code_at(secret, now).unwrap();
        let step = check(secret, &code, now, 0).unwrap();
        assert_eq!(check(secret, &code, now, step), None);
        assert_eq!(check(secret, &code, now.plus_minutes(5), 0), None);
    }
}
