//! The second factor of a signed-in person: set up, or taken away.

use super::super::admit::TOTP_FIELD;
use super::super::step::bytes;
use super::second::keep;
use super::why;
use askama::Template;
use gongyu_access::{Actor, Role, account, totp};
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::qr::QrMatrix;
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::{App, Flash, Get, Reply, Slow};

/// A secret on offer, as a picture and as text.
pub struct Offer {
    /// QR code as a `data:` address.
    pub picture: String,
    /// The secret as people type it, in groups of four.
    pub text: String,
    /// The secret sealed for the form; empty where the step carries it.
    pub sealed: String,
}

impl Offer {
    /// Draws a secret.
    ///
    /// # Errors
    /// `Error::Internal` when it does not fit into a QR code.
    pub fn new(g: &Get<'_>, secret: [u8; 20], login: &str) -> Result<Self> {
        let address = totp::address(secret, "Gongyu", login);
        let svg = QrMatrix::encode(&address).map_err(Error::internal)?.svg();
        let text = totp::base32(secret);
        let letters: Vec<char> = text.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
        let marks = [("%", "%25"), ("#", "%23"), ("\"", "'"), ("<", "%3C"), (">", "%3E")];
        let address = marks.iter().fold(svg, |svg, (mark, written)| svg.replace(mark, written));
        let picture = format!("data:image/svg+xml,{address}");
        let sealed = match g.actor() {
            Some(actor) => hex(&g.app.vault.seal(OFFER_FIELD, actor.account, &secret)?),
            None => String::new(),
        };
        Ok(Self { picture, text: groups.join(" "), sealed })
    }
}

/// Seal name of a secret on its way through the form.
const OFFER_FIELD: &str = "account.totp-offer";

/// Opens a kept secret.
///
/// # Errors
/// `Error::Internal` when it cannot be opened.
pub fn open_secret(app: &App, account: Id, sealed: &[u8]) -> Result<[u8; 20]> {
    let plain = app.vault.open_bytes(TOTP_FIELD, account, sealed)?;
    plain.try_into().map_err(|_| Error::internal("a one-time secret of another length"))
}

#[derive(Template)]
#[template(path = "account/pages/factor.html")]
struct FactorPage {
    phone: bool,
    offer: Option<Offer>,
    wanted: bool,
    refusal: String,
}

/// Only for people who sign in by password; guardians have their phone.
pub fn staff_only(actor: &Actor) -> Result<()> {
    if actor.hat.role == Role::Guardian { Err(Error::NotFound) } else { Ok(()) }
}

/// Shows whether there is one, and what to do.
pub fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    staff_only(&actor)?;
    let set_up = account::by_id(g.r, actor.account)?.totp_sealed.is_some();
    let offer = if set_up {
        None
    } else {
        let login = account::login_of(g.r, actor.account)?.unwrap_or_default();
        let offered = g.typed().and_then(|form| offered(g.app, actor.account, form.get("secret")));
        let secret = offered.unwrap_or_else(|| totp::new_secret(&g.app.random));
        Some(Offer::new(g, secret, &login)?)
    };
    let page = FactorPage {
        phone: g.view().phone,
        offer,
        wanted: actor.hat.role.wants_second_factor(),
        refusal: why(g, "code"),
    };
    g.page(g.t("account-factor-title"), "me", &page)
}

fn offered(app: &App, account: Id, sealed: &str) -> Option<[u8; 20]> {
    let plain = app.vault.open_bytes(OFFER_FIELD, account, &bytes(sealed)?).ok()?;
    plain.try_into().ok()
}

/// Sets it up, or takes it away, each with a code from the app.
pub async fn save(ask: Slow) -> Result<Reply> {
    let actor = ask.signed()?.clone();
    staff_only(&actor)?;
    ask.app.limits().sign_in.check(&format!("factor:{}", actor.account))?;
    let credential = ask.app.db.read(move |r| account::by_id(r, actor.account)).await?;
    let (now, code) = (ask.app.clock().now(), ask.req.form.get("code"));
    let wrong = || Error::field("code", "account-factor-wrong");
    let new = match &credential.totp_sealed {
        Some(sealed) => {
            let secret = open_secret(&ask.app, actor.account, sealed)?;
            totp::check(secret, code, now, credential.totp_step).ok_or_else(wrong)?;
            None
        }
        None => {
            let secret = offered(&ask.app, actor.account, ask.req.form.get("secret")).ok_or_else(wrong)?;
            Some((secret, totp::check(secret, code, now, 0).ok_or_else(wrong)?))
        }
    };
    let on = ask.clone();
    ask.app
        .db
        .write(move |tx| {
            let (action, flash) = match new {
                Some((secret, used)) => {
                    keep(tx, &on.app, actor.account, secret)?;
                    account::note_success(tx, actor.account, Some(used))?;
                    ("factor.set-up", "account-factor-is-on")
                }
                None => {
                    account::set_totp(tx, actor.account, None)?;
                    ("factor.remove", "account-factor-is-off")
                }
            };
            super::super::admit::note(tx, &on.req, action, Some(actor.account), &actor.hat.code())?;
            Ok(Reply::to_with("/me", Flash::new(flash)))
        })
        .await
}
