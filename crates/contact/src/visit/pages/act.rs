//! The small acts on a visit: offering times, agreeing, calling off, companions, measures done.

use super::new::moment;
use crate::visit::model::Way;
use crate::visit::{OfVisit, SOURCE, company, follow, offer as offers, permit, undo as taking_back};
use gongyu_access::right;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_web::{Flash, FormData, Holder, Post, Reply};

fn back(id: Id, flash: Flash) -> Reply {
    Reply::to_with(format!("/visits/{id}"), flash)
}

fn way_of(form: &FormData, before: Way) -> Way {
    Way::parse(form.get("way")).unwrap_or(before)
}

pub(super) fn offer(p: &mut Post<'_>, at: OfVisit<right::PlanVisits>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let mut slots: Vec<Millis> = Vec::new();
    for name in ["slot1", "slot2", "slot3"] {
        if !p.form().get(name).is_empty() {
            slots.extend(moment(p.form().get(name), name, &mut invalid));
        }
    }
    invalid.into_result()?;
    let way = way_of(p.form(), at.held.visit.way);
    let asked = offers::offer(p.tx, &p.app.vault, &at.held, &slots, way)?;
    let id = at.held.visit.id;
    p.audit(
        "visit.offer",
        (SOURCE, Some(id)),
        &serde_json::json!({ "slots": slots.len(), "asked": asked }).to_string(),
    )?;
    Ok(back(id, Flash::new(Code::new("visit-offered").arg("n", asked))))
}

pub(super) fn agree(p: &mut Post<'_>, at: OfVisit<right::PlanVisits>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let moment = moment(p.form().get("at"), "at", &mut invalid);
    invalid.into_result()?;
    let way = way_of(p.form(), at.held.visit.way);
    offers::agree_by_hand(p.tx, &at.held, moment.ok_or(Error::NotFound)?, way)?;
    p.audit("visit.agree", (SOURCE, Some(at.held.visit.id)), "{}")?;
    Ok(back(at.held.visit.id, Flash::new("visit-agreed-noted")))
}

pub(super) fn call_off(p: &mut Post<'_>, at: OfVisit<right::PlanVisits>) -> Result<Reply> {
    taking_back::call_off(p.tx, &at.held)?;
    offers::tell_off(p.tx, &at.held)?;
    p.audit("visit.call_off", (SOURCE, Some(at.held.visit.id)), "{}")?;
    Ok(Reply::to_with("/visits", Flash::new("visit-called-off")))
}

pub(super) fn undo(p: &mut Post<'_>, at: OfVisit<right::RecordVisit>) -> Result<Reply> {
    taking_back::take_back(p.tx, &at.held)?;
    p.audit("visit.undo", (SOURCE, Some(at.held.visit.id)), "{}")?;
    Ok(back(at.held.visit.id, Flash::new("visit-undone")))
}

/// Invites companions, or takes an invitation back.
pub(super) fn invite(p: &mut Post<'_>, at: OfVisit<right::PlanVisits>) -> Result<Reply> {
    at.held.whole()?;
    let visit = &at.held.visit;
    if let Some(gone) = p.form().id("remove") {
        company::uninvite(p.tx, visit.id, gone)?;
        p.audit("visit.uninvite", (SOURCE, Some(visit.id)), "{}")?;
        return Ok(back(visit.id, Flash::new("visit-uninvited")));
    }
    let staff = p.form().ids("staff");
    company::invite(p.tx, (visit.id, visit.school), &staff, at.actor.account)?;
    p.audit("visit.invite", (SOURCE, Some(visit.id)), &serde_json::json!({ "staff": staff.len() }).to_string())?;
    Ok(back(visit.id, Flash::new("visit-invited")))
}

/// A companion's answer.
pub(super) fn coming(p: &mut Post<'_>, at: OfVisit<right::RecordVisit>) -> Result<Reply> {
    let staff = at.actor.staff.ok_or(Error::Forbidden)?;
    let comes = p.form().get("comes") == "yes";
    company::answer(p.tx, at.held.visit.id, staff, comes)?;
    p.audit("visit.coming", (SOURCE, Some(at.held.visit.id)), &serde_json::json!({ "comes": comes }).to_string())?;
    let to = if comes { format!("/visits/{}", at.held.visit.id) } else { "/visits".to_owned() };
    Ok(Reply::to_with(to, Flash::new(if comes { "visit-coming" } else { "visit-not-coming" })))
}

/// A measure done, or open again.
pub(super) fn measure(p: &mut Post<'_>, at: Holder<right::RecordVisit>) -> Result<Reply> {
    let task = follow::find_task(p.tx, p.req.id()?)?;
    let held = permit::held(p.tx, &at.actor, task.visit)?;
    held.whole()?;
    if task.state == "dropped" {
        return Err(Error::NotFound);
    }
    let mut invalid = Invalid::default();
    let outcome = p.form().optional("outcome", 200, &mut invalid);
    invalid.into_result()?;
    let done = p.form().get("done") == "1";
    follow::close_task(p.tx, task.id, at.actor.account, &outcome, done)?;
    p.audit("visit.measure", (SOURCE, Some(task.visit)), &serde_json::json!({ "done": done }).to_string())?;
    let flash = if done { "visit-measure-done" } else { "visit-measure-open" };
    let to = if p.form().get("back") == "visit" { format!("/visits/{}", task.visit) } else { "/visits".to_owned() };
    Ok(Reply::to_with(to, Flash::new(flash)))
}
