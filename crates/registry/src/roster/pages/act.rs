//! What a person does: bring a file, mend rows, have it written.

use super::{batch_of, school_of};
use crate::roster::headings::Field;
use crate::roster::import::store::NewBatch;
use crate::roster::import::{
    APPLY, BatchState, FIX, FixSame, Mend, OfBatch, READ, SpecialGroup, TOPICS, UNDO, decide, decide_undo, mend_rows,
    rows, set_special_groups, store,
};
use crate::roster::problem::ProblemCode;
use gongyu_access::right;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use gongyu_store::{blob, jobs};
use gongyu_web::{Flash, FormData, Holder, Post, Reply, upload};
use serde_json::json;

/// How long an uploaded file is kept, in seconds: as long as its rows may be mended [P].
const KEEP: i64 = 30 * 86_400;
/// Rows with the same writing mended at once; more go to a job.
const AT_ONCE: i64 = 25;
/// Longest text a person may put into a cell.
const LONGEST: usize = 200;

/// Takes a file and has it read.
pub(super) fn upload(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let school = school_of(p.tx, &at.actor)?;
    let file = upload::files(p.req).into_iter().next();
    let file = file.ok_or_else(|| Error::field("file", "roster-choose-file"))?;
    let expires = p.tx.now().plus_seconds(KEEP);
    blob::remember(p.tx, &file.sha256, file.size, "application/octet-stream", &file.name, Some(expires))?;
    let complete = p.form().ticked("complete");
    let new = NewBatch { school, complete, file_name: file.name, sha256: file.sha256, by: Some(at.actor.account) };
    let batch = store::create(p.tx, &new)?;
    jobs::enqueue(p.tx, READ, &OfBatch { batch })?;
    let detail = json!({ "bytes": file.size, "complete": complete }).to_string();
    p.audit("roster.upload", ("import", Some(batch)), &detail)?;
    Ok(Reply::to(format!("/roster/{batch}")))
}

/// Decides that the good rows are written.
pub(super) fn apply(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(p.tx, &at.actor, p.req.id()?)?;
    let confirmed = p.form().get("gone").parse().unwrap_or(-1);
    decide(p.tx, &batch, confirmed)?;
    jobs::enqueue(p.tx, APPLY, &OfBatch { batch: batch.id })?;
    let detail = json!({
        "added": batch.added, "changed": batch.changed, "moved": batch.moved, "left": batch.gone,
        "waiting": batch.waiting(),
    });
    p.audit("roster.apply", ("import", Some(batch.id)), &detail.to_string())?;
    Ok(Reply::to(format!("/roster/{}", batch.id)))
}

/// Decides that a whole import is taken back.
pub(super) fn undo(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(p.tx, &at.actor, p.req.id()?)?;
    let reason = p.form().get("reason").trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(Error::field("reason", "roster-undo-reason"));
    }
    decide_undo(p.tx, &batch)?;
    jobs::enqueue(p.tx, UNDO, &OfBatch { batch: batch.id })?;
    let detail = json!({
        "reason": reason, "added": batch.added, "changed": batch.changed, "moved": batch.moved, "left": batch.gone,
    });
    p.audit("roster.undo", ("import", Some(batch.id)), &detail.to_string())?;
    Ok(Reply::to(format!("/roster/{}", batch.id)))
}

/// Chooses which groups of pupils get special visits.
pub(super) fn special(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    if school_of(p.tx, &at.actor)?.is_some() {
        return Err(Error::Forbidden);
    }
    let chosen = p.form().all("group");
    let groups: Vec<SpecialGroup> =
        SpecialGroup::ALL.into_iter().filter(|group| chosen.contains(&group.code())).collect();
    set_special_groups(p.tx, &groups)?;
    let detail = json!({ "groups": groups }).to_string();
    p.audit("roster.special", ("district", None), &detail)?;
    Ok(Reply::to_with("/roster".to_owned(), Flash::new("roster-special-saved")))
}

/// Mends or answers a row, or every row with the same writing.
pub(super) fn fix(p: &mut Post<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(p.tx, &at.actor, p.req.id()?)?;
    let number: i64 = p.form().get("row").parse().map_err(|_| Error::NotFound)?;
    let mend = mend_of(p.form())?;
    let vault = p.app.vault.clone();
    let mut numbers = vec![number];
    if let (true, Mend::Set(fields)) = (p.form().ticked("same"), &mend) {
        let stored = rows::row(p.tx, batch.id, number)?;
        let same = rows::same_writing(p.tx, batch.id, &stored.fix_key, AT_ONCE + 1)?;
        if same.len() > AT_ONCE as usize && batch.state != BatchState::Applying {
            let (field, value) = fields[0].clone();
            let payload = FixSame { batch: batch.id, fix_key: stored.fix_key, field, value };
            jobs::enqueue(p.tx, FIX, &payload)?;
            p.audit("roster.fix", ("import", Some(batch.id)), "{}")?;
            return Ok(Reply::to_with(back(p, &batch.id.to_string()), Flash::new("roster-fixing-many")));
        }
        if !same.is_empty() {
            numbers = same.into_iter().map(|(number,)| number).collect();
        }
    }
    let good = mend_rows(p.tx, &vault, &batch, &numbers, &mend)?;
    let detail = json!({ "row": number, "rows": numbers.len() }).to_string();
    p.audit("roster.fix", ("import", Some(batch.id)), &detail)?;
    let said = match (good, numbers.len()) {
        (0, _) => Code::new("roster-fix-not-yet").arg("row", number),
        (1, 1) => Code::new("roster-fixed").arg("row", number),
        (n, _) => Code::new("roster-fixed-many").arg("n", n),
    };
    Ok(Reply::to_with(back(p, &batch.id.to_string()), Flash::new(said)))
}

fn back(p: &Post<'_>, batch: &str) -> String {
    let topic = p.form().get("topic");
    match TOPICS.iter().find(|known| **known == topic) {
        Some(topic) => format!("/roster/{batch}?topic={topic}"),
        None => format!("/roster/{batch}"),
    }
}

fn mend_of(form: &FormData) -> Result<Mend> {
    match form.get("do") {
        "same-person" => Ok(Mend::Same(true)),
        "other-person" => Ok(Mend::Same(false)),
        "accept" => {
            let code = serde_json::from_value(json!(form.get("code"))).ok();
            let asks = |code: &ProblemCode| code.severity() < crate::roster::problem::Severity::Bad;
            code.filter(asks).map(Mend::Accept).ok_or(Error::NotFound)
        }
        _ => {
            let value = form.get("value");
            if value.chars().count() > LONGEST {
                return Err(Error::field("value", Code::new("field-too-long").arg("n", LONGEST)));
            }
            let fields: Option<Vec<Field>> = form.all("field").into_iter().map(Field::from_key).collect();
            let fields = fields.filter(|fields| !fields.is_empty()).ok_or(Error::NotFound)?;
            Ok(Mend::Set(fields.into_iter().map(|field| (field, value.to_owned())).collect()))
        }
    }
}
