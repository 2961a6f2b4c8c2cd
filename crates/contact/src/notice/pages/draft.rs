//! The fields of a notice being written.

use super::choice;
use super::words::moment_of;
use crate::notice::model::{Audience, Draft, Kind};
use crate::notice::rules::TITLE_MOST;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_parts::{form, rich};
use gongyu_registry::unit::Unit;
use gongyu_store::Reader;
use gongyu_web::FormData;

/// Reads a draft. What is only not finished yet is kept as it is; what cannot be kept is refused by name.
///
/// # Errors
/// `Error::Invalid` names each refused field; as any statement.
pub(super) fn read(r: &mut Reader, posted: &FormData, here: &Unit, attachments: Vec<Id>) -> Result<Draft> {
    let mut invalid = Invalid::default();
    let title = posted.optional("title", TITLE_MOST, &mut invalid);
    let body = rich::read(posted, "body", false, &mut invalid);
    let kind = Kind::parse(posted.get("kind")).unwrap_or(Kind::Confirm);
    let questions = if kind == Kind::Answer { form::read(posted, &mut invalid).to_json()? } else { String::new() };
    let deadline = moment(posted, "deadline", &mut invalid);
    let send_at = if posted.ticked("later") { moment(posted, "send_at", &mut invalid) } else { None };
    let urgent_why = posted.optional("urgent_why", 60, &mut invalid);
    invalid.into_result()?;
    Ok(Draft {
        kind,
        urgent: posted.ticked("urgent"),
        urgent_why,
        title,
        body,
        attachments,
        questions,
        audience: if posted.has("fixed") { Audience::default() } else { choice::read(r, posted, here)? },
        deadline,
        send_at,
        remind: posted.ticked("remind"),
    })
}

fn moment(posted: &FormData, name: &'static str, invalid: &mut Invalid) -> Option<Millis> {
    let text = posted.get(name);
    if text.is_empty() {
        return None;
    }
    let at = moment_of(text);
    if at.is_none() {
        invalid.push(name, "notice-moment");
    }
    at
}
