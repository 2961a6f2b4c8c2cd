//! One import: being read, to be looked at, being written, done, or refused.

use super::batch_of;
use crate::roster::headings::{Field, MemberField};
use crate::roster::import::{
    Batch, BatchState, Fault, STAGED, ShownRow, TOPICS, fix_keys, rows, sentence, undo_until, why_no_undo,
};
use crate::roster::problem::{Problem, ProblemCode, Severity};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Millis, Result};
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, Reply, filters};
use std::collections::HashMap;

/// Rows of one page.
const ROWS: usize = 50;

/// One button of a row.
struct Act {
    label: String,
    what: &'static str,
    fields: Vec<&'static str>,
    value: String,
    code: String,
    same: bool,
    strong: bool,
}

/// A field to be typed into.
struct Typing {
    field: &'static str,
    label: String,
    hint: String,
}

struct Line {
    row: i64,
    name: String,
    column: String,
    found: String,
    is_ask: bool,
    reason: String,
    more: String,
    acts: Vec<Act>,
    typing: Option<Typing>,
    beside: bool,
}

struct Chip {
    key: &'static str,
    label: String,
    count: i64,
    on: bool,
}

#[derive(Template)]
#[template(path = "roster/pages/preview.html")]
struct Page {
    id: String,
    file: String,
    at: Millis,
    state: BatchState,
    fault: String,
    notes: Vec<String>,
    rows_read: i64,
    columns: usize,
    good: i64,
    added: i64,
    changed: i64,
    moved: i64,
    gone: i64,
    unchanged: i64,
    refused: i64,
    asked: i64,
    waiting: i64,
    unwritten: i64,
    written: i64,
    to_write: i64,
    complete: bool,
    over: bool,
    gone_problem: String,
    refusal: String,
    chips: Vec<Chip>,
    topic: String,
    lines: Vec<Line>,
    next: Option<String>,
    undo_until: Option<Millis>,
    no_undo: String,
    undo_text: String,
    reason_problem: String,
    reason: String,
}

impl Page {
    fn is_busy(&self) -> bool {
        matches!(self.state, BatchState::Reading | BatchState::Applying | BatchState::Undoing)
    }
    fn is_undoing(&self) -> bool {
        self.state == BatchState::Undoing
    }
    fn is_undone(&self) -> bool {
        self.state == BatchState::Undone
    }
    fn is_reading(&self) -> bool {
        self.state == BatchState::Reading
    }
    fn is_refused(&self) -> bool {
        self.state == BatchState::Refused
    }
    fn is_preview(&self) -> bool {
        self.state == BatchState::Preview
    }
    fn is_applying(&self) -> bool {
        self.state == BatchState::Applying
    }
    fn is_done(&self) -> bool {
        self.state == BatchState::Done
    }
}

/// Shows an import.
pub(super) fn show(g: &mut Get<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(g.r, &at.actor, g.req.id()?)?;
    let looks = matches!(batch.state, BatchState::Preview | BatchState::Done);
    let topic = TOPICS.iter().copied().find(|known| *known == g.req.query.get("topic")).unwrap_or_default();
    let (mut chips, mut lines, mut next, mut unwritten) = (Vec::new(), Vec::new(), None, 0);
    if looks {
        unwritten = rows::unwritten_count(g.r, batch.id)?;
        let list = STAGED.query(&[&batch.id]);
        let counts: HashMap<String, i64> = list.counts_by(g.r, "topic")?.into_iter().collect();
        chips = chips_of(g.view(), &counts, batch.waiting(), topic);
        let list = if topic.is_empty() { list } else { list.filter("topic", &[&topic]) };
        let after = g.req.query.get("after");
        let page = list.limit(ROWS).after(Some(after)).rows::<ShownRow>(g.r)?;
        let same = fix_keys(g.r, batch.id)?;
        let view = g.view().clone();
        lines = page.rows.iter().map(|row| line(&view, row, &same)).collect::<Result<_>>()?;
        next = page.next;
    }
    let no_undo = if batch.state == BatchState::Done { why_no_undo(g.r, &batch)? } else { None };
    let no_undo = no_undo.map(|code| g.view().code(&code)).unwrap_or_default();
    let undo_until = undo_until(&batch).filter(|_| batch.state == BatchState::Done);
    let undo_text = undo_words(g.view(), &batch);
    let (reason, reason_problem) = (g.value("reason", "").to_owned(), g.problem("reason"));
    let fault: Option<Fault> = serde_json::from_str(&batch.fault).ok();
    let notes: Vec<Fault> = serde_json::from_str(&batch.notes).unwrap_or_default();
    let notes = notes.iter().map(|note| g.view().code(&note.code())).collect();
    let fault = fault.map(|fault| g.view().code(&fault.code())).unwrap_or_default();
    let gone_problem = g.problem("gone");
    let refusal = if gone_problem.is_empty() { first_of(&[g.refusal(), g.problem("value")]) } else { String::new() };
    let page = Page {
        id: batch.id.to_string(),
        columns: batch.heading_texts().len(),
        good: batch.good() + batch.unchanged,
        waiting: batch.waiting(),
        over: batch.gone_over && batch.state == BatchState::Preview,
        topic: topic.to_owned(),
        ..page_of(batch)
    };
    let page = Page {
        fault,
        notes,
        unwritten,
        gone_problem,
        refusal,
        chips,
        lines,
        next,
        undo_until,
        no_undo,
        undo_text,
        reason,
        reason_problem,
        ..page
    };
    g.page(g.t("roster-import-title"), "roster", &page)
}

/// What taking the import back would do, in figures.
fn undo_words(view: &View, batch: &Batch) -> String {
    let figure = |n: i64| gongyu_web::show::thousands(n);
    let (added, changed) = (figure(batch.added), figure(batch.changed));
    let (moved, left) = (figure(batch.moved), figure(batch.gone));
    let args = [("added", &added), ("changed", &changed), ("moved", &moved), ("left", &left)];
    view.ta("roster-undo-text", &args.map(|(name, text)| (name, text.as_str().into())))
}

fn first_of(texts: &[String]) -> String {
    texts.iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
}

fn page_of(batch: Batch) -> Page {
    Page {
        id: String::new(),
        file: batch.file_name,
        at: batch.created_at,
        state: batch.state,
        fault: String::new(),
        notes: Vec::new(),
        rows_read: batch.rows_read,
        columns: 0,
        good: 0,
        added: batch.added,
        changed: batch.changed,
        moved: batch.moved,
        gone: batch.gone,
        unchanged: batch.unchanged,
        refused: batch.refused,
        asked: batch.asked,
        waiting: 0,
        unwritten: 0,
        written: batch.written,
        to_write: batch.to_write,
        complete: batch.complete && !batch.mended,
        over: false,
        gone_problem: String::new(),
        refusal: String::new(),
        chips: Vec::new(),
        topic: String::new(),
        lines: Vec::new(),
        next: None,
        undo_until: None,
        no_undo: String::new(),
        undo_text: String::new(),
        reason_problem: String::new(),
        reason: String::new(),
    }
}

fn chips_of(view: &View, counts: &HashMap<String, i64>, all: i64, chosen: &str) -> Vec<Chip> {
    let first = Chip { key: "", label: view.t("roster-topic-all"), count: all, on: chosen.is_empty() };
    let rest = TOPICS.iter().filter_map(|key| {
        let count = counts.get(*key).copied().filter(|n| *n > 0)?;
        Some(Chip { key, label: view.t(&format!("roster-topic-{key}")), count, on: *key == chosen })
    });
    std::iter::once(first).chain(rest).collect()
}

fn line(view: &View, row: &ShownRow, same: &HashMap<String, i64>) -> Result<Line> {
    let mut problems: Vec<Problem> = serde_json::from_str(&row.problems)?;
    problems.retain(|problem| problem.severity > Severity::Note);
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    let Some(first) = problems.first() else {
        return Ok(Line {
            row: row.number,
            name: row.name.clone(),
            column: String::new(),
            found: String::new(),
            is_ask: true,
            reason: String::new(),
            more: String::new(),
            acts: Vec::new(),
            typing: None,
            beside: false,
        });
    };
    let others = same.get(&row.fix_key).copied().unwrap_or(1);
    let more: Vec<String> = problems[1..]
        .iter()
        .map(|problem| format!("{}：{}", problem.column_title, view.code(&sentence(problem))))
        .collect();
    let found = if first.found.is_empty() { view.t("roster-cell-empty") } else { first.found.clone() };
    Ok(Line {
        row: row.number,
        name: row.name.clone(),
        column: first.column_title.clone(),
        found,
        is_ask: first.severity == Severity::Ask,
        reason: view.code(&sentence(first)),
        more: more.join("；"),
        acts: acts(view, first, others),
        typing: typing(view, first, &row.name),
        beside: problems.iter().any(has_other),
    })
}

/// Whether there is another row, or a known pupil, to look at beside this one.
fn has_other(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::IdDuplicate
            | ProblemCode::RollDuplicate
            | ProblemCode::PersonDuplicate
            | ProblemCode::RollTaken
            | ProblemCode::SamePersonDoubt
            | ProblemCode::SamePersonMoved
            | ProblemCode::LeftBehindChanged
    )
}

const fn asks_who(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::SamePersonDoubt | ProblemCode::SamePersonMoved)
}

fn acts(view: &View, problem: &Problem, others: i64) -> Vec<Act> {
    let act = |label: String, what: &'static str, strong: bool| Act {
        label,
        what,
        fields: Vec::new(),
        value: String::new(),
        code: String::new(),
        same: false,
        strong,
    };
    if asks_who(problem.code) {
        return vec![
            act(view.t("roster-same-person"), "same-person", false),
            act(view.t("roster-other-person"), "other-person", true),
        ];
    }
    let mut acts = Vec::new();
    if let Some(fix) = &problem.fix {
        let same = fix.applies_same && others > 1;
        let label = if same {
            view.ta("roster-fix-all", &[("n", others.into()), ("text", fix.replacement.as_str().into())])
        } else {
            view.ta("roster-fix-one", &[("text", fix.replacement.as_str().into())])
        };
        let (value, fields) = (fix.replacement.clone(), vec![fix.field.key()]);
        acts.push(Act { value, fields, same, ..act(label, "set", true) });
    }
    if problem.code == ProblemCode::GuardianMissing
        && let Some(Field::Member(_, MemberField::IsGuardian)) = problem.field
    {
        let choices: [(&str, &[&'static str]); 3] = [
            ("roster-guardian-1", &["member1_is_guardian"]),
            ("roster-guardian-2", &["member2_is_guardian"]),
            ("roster-guardian-both", &["member1_is_guardian", "member2_is_guardian"]),
        ];
        for (label, fields) in choices {
            acts.push(Act { value: "是".into(), fields: fields.to_vec(), ..act(view.t(label), "set", false) });
        }
    }
    if let Some(field @ (Field::Phone | Field::Member(_, MemberField::Phone))) = problem.field {
        let label = view.t("roster-no-phone");
        acts.push(Act { value: "无".into(), fields: vec![field.key()], ..act(label, "set", false) });
    }
    if problem.severity == Severity::Ask {
        let code = serde_json::to_value(problem.code).ok().and_then(|v| v.as_str().map(str::to_owned));
        let label = view.t("roster-leave-it");
        acts.push(Act { code: code.unwrap_or_default(), ..act(label, "accept", false) });
    }
    acts
}

/// Where no button can know the answer, the person types it.
fn typing(view: &View, problem: &Problem, name: &str) -> Option<Typing> {
    let field = problem.field?;
    let is_choice = matches!(field, Field::Member(_, MemberField::IsGuardian));
    if problem.fix.is_some() || is_choice || asks_who(problem.code) || problem.code == ProblemCode::LeftBehindChanged {
        return None;
    }
    if problem.code == ProblemCode::SchoolOutside {
        return None;
    }
    let label =
        view.ta("roster-type-label", &[("name", name.into()), ("column", problem.column_title.as_str().into())]);
    let hint = match field {
        Field::Phone | Field::Member(_, MemberField::Phone) => view.t("roster-type-phone"),
        Field::IdNumber | Field::Member(_, MemberField::IdNumber) => view.t("roster-type-id"),
        _ => view.t("roster-type"),
    };
    Some(Typing { field: field.key(), label, hint })
}
