//! Hats: one at a time, never a union of rights.

use super::super::admit::role_key;
use askama::Template;
use gongyu_access::{Actor, Hat, Role, session};
use gongyu_kernel::{Error, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, Get, Post, Reply};

/// A hat to choose.
pub struct HatLine {
    /// What the form posts.
    pub code: String,
    /// Message key of the role.
    pub role: String,
    /// Unit; empty for a guardian.
    pub unit: String,
    /// Worn now.
    pub here: bool,
    /// Of a guardian.
    pub family: bool,
}

#[derive(Template)]
#[template(path = "account/pages/hat.html")]
struct HatPage {
    phone: bool,
    hats: Vec<HatLine>,
}

fn code(hat: &Hat) -> String {
    hat.grant.map_or_else(|| "guardian".to_owned(), |id| id.to_string())
}

/// The hats of a person.
///
/// # Errors
/// As any statement.
pub fn lines(r: &mut Reader, actor: &Actor) -> Result<Vec<HatLine>> {
    let line = |hat: Hat| HatLine {
        code: code(&hat),
        role: role_key(hat.role),
        here: hat == actor.hat,
        family: hat.role == Role::Guardian,
        unit: hat.unit_name,
    };
    Ok(session::hats(r, actor.account)?.into_iter().map(line).collect())
}

/// The choice of hats.
pub fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let page = HatPage { phone: g.view().phone, hats: lines(g.r, &actor)? };
    g.page(g.t("account-hat-title"), "me", &page)
}

/// Why a hat needs the person to sign in anew, if it does. A session opened by a phone code is long
/// and weak, so it never turns into a staff one; nor does one without the second factor a role wants.
fn needs_sign_in(actor: &Actor, hat: &Hat, demo: bool) -> bool {
    let from_family = actor.hat.role == Role::Guardian && hat.role != Role::Guardian;
    let too_weak = hat.role.wants_second_factor() && !actor.strong;
    !demo && (from_family || too_weak)
}

/// Puts another hat on.
pub fn change(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let hats = session::hats(p.tx, actor.account)?;
    let hat = hats.into_iter().find(|h| code(h) == p.form().get("hat")).ok_or(Error::NotFound)?;
    if needs_sign_in(&actor, &hat, p.app.config.demo) {
        return Ok(Reply::to_with("/sign-in?back=/me/hat", Flash::new("account-hat-needs-password")));
    }
    let session = actor.session.ok_or(Error::Forbidden)?;
    session::change_hat(p.tx, session, actor.account, &hat)?;
    p.audit("hat.change", ("account", Some(actor.account)), &serde_json::json!({ "to": hat.code() }).to_string())?;
    Ok(Reply::to_with(p.app.home_of(hat.role), Flash::new("account-hat-changed")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_access::Prefs;
    use gongyu_kernel::Id;

    fn hat(role: Role) -> Hat {
        Hat { role, unit: Some(Id(1)), unit_name: String::new(), grant: Some(Id(2)) }
    }

    fn wearing(role: Role, strong: bool) -> Actor {
        Actor {
            account: Id(1),
            session: Some(Id(2)),
            name: String::new(),
            staff: Some(Id(3)),
            guardian: Some(Id(4)),
            hat: hat(role),
            strong,
            must_change: false,
            prefs: Prefs::default(),
        }
    }

    #[test]
    fn a_phone_code_never_opens_a_staff_hat() {
        let parent = wearing(Role::Guardian, false);
        assert!(needs_sign_in(&parent, &hat(Role::ClassTeacher), false));
        let teacher = wearing(Role::ClassTeacher, false);
        assert!(!needs_sign_in(&teacher, &hat(Role::Guardian), false));
        assert!(!needs_sign_in(&teacher, &hat(Role::SubjectTeacher), false));
    }

    #[test]
    fn a_role_that_wants_a_second_factor_is_not_reached_without_one() {
        assert!(needs_sign_in(&wearing(Role::ClassTeacher, false), &hat(Role::Registrar), false));
        assert!(!needs_sign_in(&wearing(Role::ClassTeacher, true), &hat(Role::Registrar), false));
    }
}
