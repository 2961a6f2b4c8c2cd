//! The addresses: the shell and its worker for anybody, everything with a person in it for those who record visits.

use super::{device, files, pages, receive, shell, today};
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Result};
use gongyu_web::permit::{Anyone, Holder};
use gongyu_web::{Get, Post, Reply, Routes, api};
use serde::Deserialize;
use serde_json::json;

/// Header in which a phone names itself.
const DEVICE: &str = "x-gy-device";

/// Everything of this feature.
pub(super) fn routes() -> Routes {
    files::routes(
        Routes::new()
            .get("/sw.js", shell::worker)
            .get("/visits/offline", shell::show)
            .get("/visits/offline/standing.json", standing)
            .post("/visits/offline/device.json", introduce)
            .get("/visits/offline/today.json", today::today)
            .post("/visits/offline/record.json", receive::record)
            .get("/visits/offline/arrived.json", receive::arrived)
            .get("/visits/offline/version.json", receive::version),
    )
    .merge(pages::routes())
}

/// Who is signed in, whether they may record visits in the hat they wear, and whether the phone that asks may keep
/// what it has. Answers anybody, so that a phone whose session is over hears what to do; the secret it names is
/// known to that phone alone.
fn standing(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let token = g.req.header(DEVICE).map(ToOwned::to_owned);
    let actor = g.actor().filter(|a| a.staff.is_some() && !a.must_change).cloned();
    let (word, anew) = device::standing(g.r, token.as_deref(), actor.as_ref())?;
    let may = actor.as_ref().is_some_and(|a| a.may(Action::RecordVisit).is_ok());
    let csrf = actor.as_ref().map(|_| g.view().csrf.clone());
    api::json(&json!({
        "now": g.r.now(),
        "account": actor.as_ref().map(|a| a.account),
        "may": may,
        "csrf": csrf,
        "device": word.code(),
        "introduce": may && anew,
    }))
}

#[derive(Deserialize)]
struct Introduction {
    device: String,
}

fn introduce(p: &mut Post<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let odd = |_| Error::conflict("visit-offline-odd");
    let sent: Introduction = serde_json::from_slice(&p.req.body).map_err(odd)?;
    let label = p.req.device();
    let fresh = device::introduce(p.tx, &at.actor, &sent.device, &label)?;
    if fresh {
        p.audit("visit.offline", ("account", Some(at.actor.account)), "{}")?;
    }
    api::json(&json!({ "now": p.tx.now() }))
}
