//! Where a person is on the way in. It travels with the person as a sealed cookie: nothing is stored
//! for people who are not signed in, and nobody can read or make one without the keys.

use axum::http::HeaderValue;
use gongyu_kernel::hex;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_web::{App, Req};
use serde::{Deserialize, Serialize};

const COOKIE: &str = "gy_step";
const FIELD: &str = "account.step";
/// Minutes to finish one step.
const MINUTES: i64 = 15;

/// One step of signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The password fitted; the one-time code of the authenticator app is next.
    SecondFactor {
        /// Account.
        account: Id,
    },
    /// The password fitted, and the role asks for a second factor that is not set up yet.
    SetUp {
        /// Account.
        account: Id,
        /// Secret on offer.
        secret: [u8; 20],
    },
    /// A code is on its way to a phone.
    Code {
        /// Mobile number.
        phone: String,
        /// Contact card being activated.
        card: Option<Id>,
        /// When the code was asked for.
        sent: Millis,
    },
    /// The phone is proved to be the person's.
    Proved(Proved),
}

/// A proved phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// Blind index of the phone.
    pub phone: String,
    /// Contact card being activated.
    pub card: Option<Id>,
    /// Which of the guardians with this phone the person says to be.
    pub guardian: Option<Id>,
}

#[derive(Serialize, Deserialize)]
struct Carried {
    step: Step,
    back: String,
    until: Millis,
}

/// The cookie for a step; `back` is where the person wanted to go, empty for their first page.
///
/// # Errors
/// `Error::Internal` when sealing fails.
pub fn carry(app: &App, step: Step, back: &str) -> Result<HeaderValue> {
    let until = app.clock().now().plus_minutes(MINUTES);
    let sealed = app.vault.seal_json(FIELD, Id::default(), &Carried { step, back: back.to_owned(), until })?;
    Ok(cookie(app, &hex(sealed), MINUTES * 60))
}

/// The cookie that forgets the step.
pub fn done(app: &App) -> HeaderValue {
    cookie(app, "", 0)
}

fn cookie(app: &App, value: &str, seconds: i64) -> HeaderValue {
    let secure = if app.config.link_base().starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The step a request is at, and where it wants to go; `None` without one or after its time.
pub fn of(app: &App, req: &Req) -> Option<(Step, String)> {
    let sealed = bytes(req.cookie(COOKIE)?)?;
    let carried: Carried = app.vault.open_json(FIELD, Id::default(), &sealed).ok()?;
    (carried.until >= app.clock().now()).then_some((carried.step, carried.back))
}

/// Reads hexadecimal text.
pub fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_comes_back_as_it_went() {
        assert_eq!(bytes(&hex([0, 7, 255])), Some(vec![0, 7, 255]));
        assert_eq!(bytes("0"), None);
        assert_eq!(bytes("zz"), None);
        assert_eq!(bytes("石桥"), None);
    }
}
