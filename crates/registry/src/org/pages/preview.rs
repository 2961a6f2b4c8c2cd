//! What a workbook would do, before it does it; and how far it is.

use crate::org::batch::{self, Batch, RowLine, State};
use crate::org::book::{self, BadRow};
use crate::org::heading::SheetKind;
use crate::org::jobs::{self, Progress};
use crate::org::plan::{Change, Verdict};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Download, Flash, Get, Holder, Post, Reply};

/// Rows shown on one page.
const PAGE: i64 = 100;

/// A staged row in words.
struct Line {
    sheet: &'static str,
    number: i64,
    unit_name: String,
    name: String,
    notes: Vec<String>,
}

struct Chip {
    label: &'static str,
    code: &'static str,
    n: i64,
    on: bool,
}

/// A running job.
struct Running {
    id: Id,
    words: String,
    done: i64,
    total: i64,
    dead: bool,
}

#[derive(Template)]
#[template(path = "org/pages/preview.html")]
struct Preview {
    batch: Batch,
    running: Option<Running>,
    fault: String,
    ready: bool,
    applied: bool,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    next: String,
    to_do: i64,
    ended_problem: String,
    refusal: String,
}

#[derive(Template)]
#[template(path = "org/pages/progress.html")]
struct ProgressPart {
    running: Running,
}

fn running(r: &mut Reader, view: &View, batch: &Batch) -> Result<Option<Running>> {
    let key = match batch.state {
        State::Reading => "org-reading",
        State::Applying => "org-applying",
        _ => return Ok(None),
    };
    let Some(job) = batch.job else { return Ok(None) };
    let job = gongyu_store::jobs::view(r, job)?;
    let progress: Option<Progress> = job.progress.as_deref().and_then(|p| serde_json::from_str(p).ok());
    let (done, total) = progress.map_or((0, 0), |p| (p.done, p.total));
    let dead = job.state == gongyu_store::jobs::State::Dead;
    Ok(Some(Running { id: batch.id, words: view.t(key), done, total, dead }))
}

fn change_text(view: &View, change: &Change) -> String {
    let from = |key: &str, before: &str| view.ta(key, &[("before", before.into())]);
    match change {
        Change::Name(before) => from("org-change-name", before),
        Change::Code(before) if before.is_empty() => view.t("org-change-code-new"),
        Change::Code(before) => from("org-change-code", before),
        Change::Phone => view.t("org-change-phone"),
        Change::Setting => view.t("org-change-setting"),
        Change::Title(before) if before.is_empty() => view.t("org-change-title-new"),
        Change::Title(before) => from("org-change-title", before),
        Change::Role(role) => {
            let role = view.t(&format!("role-{}", role.code().replace('_', "-")));
            view.ta("org-change-role", &[("role", role.into())])
        }
        Change::TakesOver => view.t("org-change-takes-over"),
        Change::Ends(role, class) => {
            let role = view.t(&format!("role-{}", role.code().replace('_', "-")));
            view.ta("org-change-ends", &[("role", role.into()), ("class", class.into())])
        }
    }
}

fn line(view: &View, row: &RowLine) -> Result<Line> {
    let refused = row.verdict == Verdict::Refused;
    let mut notes: Vec<String> =
        if refused { Vec::new() } else { row.changes()?.iter().map(|change| change_text(view, change)).collect() };
    let faults = row.faults()?;
    let told = faults.iter().filter(|fault| !refused || fault.blocks());
    notes.extend(told.map(|fault| book::fault_text(view, row.sheet, fault)));
    Ok(Line {
        sheet: row.sheet.sheet_name(),
        number: row.number,
        unit_name: row.unit_name.clone(),
        name: row.name.clone(),
        notes,
    })
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let batch = batch::find(g.r, g.req.id()?)?;
    let view = g.view().clone();
    let first = match (batch.refused, batch.added, batch.ended, batch.changed) {
        (1.., ..) => Verdict::Refused,
        (_, 1.., ..) => Verdict::Added,
        (_, _, 1.., _) => Verdict::Ended,
        (_, _, _, 1..) => Verdict::Changed,
        _ => Verdict::Unchanged,
    };
    let verdict = Verdict::parse(g.req.query.get("show")).unwrap_or(first);
    let after = g.req.query.get("after").parse().unwrap_or(0);
    let has_rows = matches!(batch.state, State::Ready | State::Applied | State::Dropped | State::Applying);
    let rows = if has_rows { batch::rows(g.r, batch.id, verdict, after, PAGE)? } else { Vec::new() };
    let next = match rows.last() {
        Some(last) if rows.len() as i64 == PAGE => {
            g.req.query.query_with(&[("show", verdict.code()), ("after", &last.position.to_string())])
        }
        _ => String::new(),
    };
    let mut chips = Vec::new();
    let chip = |label, which: Verdict, n| Chip { label, code: which.code(), n, on: which == verdict };
    chips.push(chip("org-verdict-refused", Verdict::Refused, batch.refused));
    chips.push(chip("org-verdict-added", Verdict::Added, batch.added));
    chips.push(chip("org-verdict-changed", Verdict::Changed, batch.changed));
    if batch.complete && !batch.mended {
        chips.push(chip("org-verdict-ended", Verdict::Ended, batch.ended));
    }
    chips.push(chip("org-verdict-unchanged", Verdict::Unchanged, batch.unchanged));
    let page = Preview {
        running: running(g.r, &view, &batch)?,
        fault: if batch.fault.is_empty() { String::new() } else { view.t(&batch.fault) },
        ready: batch.state == State::Ready,
        applied: batch.state == State::Applied,
        chips,
        lines: rows.iter().map(|row| line(&view, row)).collect::<Result<_>>()?,
        next,
        to_do: batch.added + batch.changed + batch.ended,
        ended_problem: g.problem("ended"),
        refusal: g.refusal(),
        batch,
    };
    g.page(g.t("org-import-title"), "org", &page)
}

/// The progress alone, asked for every two seconds; when the job has ended, the page is asked for anew.
pub(super) fn progress(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let batch = batch::find(g.r, g.req.id()?)?;
    let view = g.view().clone();
    match running(g.r, &view, &batch)? {
        Some(running) => g.partial(&ProgressPart { running }),
        None => Ok(Reply::to(format!("/org/import/{}", batch.id))),
    }
}

/// The refused rows as a workbook to be mended and given in again.
pub(super) fn refused(g: &mut Get<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let id = g.req.id()?;
    batch::find(g.r, id)?;
    let mut rows = Vec::new();
    for (sheet, number, sealed, faults) in batch::refused(g.r, id)? {
        let sheet: SheetKind = sheet;
        let cells = batch::open(&g.app.vault, id, &sealed)?.cells;
        rows.push(BadRow { sheet, number, cells, faults: serde_json::from_str(&faults)? });
    }
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    let view = g.view().clone();
    Ok(Reply::later(move || {
        let name = format!("{}.xlsx", view.t("org-bad-name"));
        Ok(Download::xlsx(name, book::bad_rows(&view, &rows)?))
    }))
}

/// Applies everything, or nothing while a row is refused.
pub(super) fn apply(p: &mut Post<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let batch = batch::find(p.tx, p.req.id()?)?;
    if batch.refused > 0 {
        return Err(Error::conflict("org-mend-first"));
    }
    if batch.ended_over && p.form().get("ended").trim().parse() != Ok(batch.ended) {
        return Err(Error::field("ended", Code::new("org-confirm-ended").arg("n", batch.ended)));
    }
    if batch::advance(p.tx, batch.id, State::Ready, State::Applying)? {
        let job = gongyu_store::jobs::enqueue(p.tx, jobs::APPLY, &jobs::Task { batch: batch.id })?;
        batch::set_job(p.tx, batch.id, job)?;
        let detail = serde_json::json!({ "ended": batch.ended }).to_string();
        p.audit("org.import-applied", ("org_batch", Some(batch.id)), &detail)?;
    }
    Ok(Reply::to(format!("/org/import/{}", batch.id)))
}

/// Puts a checked workbook aside.
pub(super) fn put_aside(p: &mut Post<'_>, _: Holder<right::ManageUnits>) -> Result<Reply> {
    let batch = batch::find(p.tx, p.req.id()?)?;
    if batch::advance(p.tx, batch.id, State::Ready, State::Dropped)? {
        p.audit("org.import-dropped", ("org_batch", Some(batch.id)), "{}")?;
    }
    Ok(Reply::to_with("/org/import", Flash::new("org-put-aside")))
}
