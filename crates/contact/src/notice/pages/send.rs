//! Before a notice goes: what the families will see, how many they are, and the button that says so.

use super::family::Text;
use super::reach::Reached;
use super::words::at_words;
use crate::notice::model::{Kind, State};
use crate::notice::permit::ToSteer;
use crate::notice::store::{self, Sent};
use crate::notice::{SOURCE, rules};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::{attach, form};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "notice/pages/send.html")]
struct Page {
    phone: bool,
    id: Id,
    families: i64,
    reached: String,
    text: String,
    fields: String,
    confirms: bool,
    later: Option<String>,
    problems: Vec<String>,
    duplicate: bool,
    refusal: String,
    urgent: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let notice = &at.notice;
    if notice.template || !matches!(notice.state, State::Draft | State::Scheduled) {
        return Ok(Reply::to(format!("/notices/{}", notice.id)));
    }
    let view = g.view().clone();
    let now = g.r.now();
    let reached = Reached::of(g.r, &view, &at.actor, &notice.audience)?;
    let mut problems = Vec::new();
    if let Err(Error::Invalid(invalid)) =
        rules::check(&store::as_draft(notice), now, at.actor.may(Action::SendUrgent).is_ok())
    {
        problems.extend(invalid.fields.iter().map(|(_, code)| view.code(code)));
    }
    if reached.preview.is_none() {
        problems.push(reached.problem.clone());
    }
    let families = reached.preview.as_ref().map_or(0, |p| p.families);
    let files = attach::of(g.r, SOURCE, notice.id)?;
    let names = g.t("notice-some-child");
    let fields = match notice.kind {
        Kind::Answer => form::Fields::preview(&view, &form::Form::parse(&notice.questions)?)?.html(&view)?,
        Kind::Plain | Kind::Confirm => String::new(),
    };
    let refusal = g.refusal();
    let body = Page {
        phone: view.phone,
        id: notice.id,
        families,
        text: view.render(&Text::of(&view, notice, &files, names)?)?,
        fields,
        confirms: notice.kind == Kind::Confirm,
        later: notice.send_at.filter(|when| *when > now).map(|when| at_words(&view, when)),
        duplicate: !refusal.is_empty() && refusal == view.code(&Code::new("notice-duplicate")),
        refusal,
        problems,
        urgent: notice.urgent,
        reached: view.render(&reached)?,
    };
    g.page(g.t("notice-check"), "notices", &body)
}

/// Sends it. The number shown comes back with the form: when the choice has grown since, it is shown again first.
pub(super) fn save(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let again = p.form().ticked("again");
    let shown: i64 = p.form().get("families").parse().unwrap_or(-1);
    let now = store::preview(p.tx, &at.actor, &at.notice.audience)?.families;
    if shown >= 0 && now != shown {
        return Err(Error::conflict(Code::new("notice-number-moved").arg("n", now)));
    }
    let sent = store::send(p.tx, &at.actor, &at.notice, again)?;
    p.audit("notice.send", ("notice", Some(at.notice.id)), &serde_json::json!({ "families": now }).to_string())?;
    let key = match sent {
        Sent::Whole => "notice-sent-whole",
        Sent::Begun => "notice-sent-begun",
        Sent::Scheduled => "notice-sent-scheduled",
    };
    let to = match sent {
        Sent::Scheduled => "/notices?tab=scheduled".to_owned(),
        Sent::Whole | Sent::Begun => format!("/notices/{}", at.notice.id),
    };
    Ok(Reply::to_with(to, Flash::new(Code::new(key).arg("n", now))))
}
