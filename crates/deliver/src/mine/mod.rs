//! How a person says how they want to be written to: their channels, when, and in which language.

mod bind;
mod email;
mod page;
pub(crate) mod prove;

use gongyu_access::Actor;
use gongyu_kernel::Id;
use gongyu_web::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .form("/me/channels", page::show, page::save)
        .form("/me/channels/email", email::show, email::ask)
        .form("/me/channels/email/code", email::show_code, email::confirm)
        .slow("/me/channels/wechat", true, bind::show, bind::begin)
        .slow("/me/channels/wechat/back", true, bind::show_back, bind::finish)
        .post("/me/channels/push", bind::push)
        .post("/me/channels/{id}/remove", page::remove)
        .raw(axum::http::Method::GET, "/push-worker.js", false, axum::routing::get(bind::worker))
}

/// Under whom their choice is kept: a guardian as such, staff by account.
fn person(actor: &Actor) -> Id {
    actor.guardian.filter(|_| actor.hat.grant.is_none()).unwrap_or(actor.account)
}
