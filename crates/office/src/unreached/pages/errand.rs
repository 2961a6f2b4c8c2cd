//! The errands of whoever knocks at doors: a name, a school, what is asked, and whom to ask for. What is not
//! a field of these pages cannot be on them: no class, no number, no list of a school.

use super::super::model::{StepKind, Task};
use super::super::permit::SeenTask;
use super::super::store;
use super::one::{guardians, problem, tried};
use super::{Choice, look};
use askama::Template;
use gongyu_access::{Actor, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::unit;
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Get, HomeItem, Reply};

struct Errand {
    id: Id,
    names: String,
    schools: String,
    due: Date,
    look: &'static str,
    icon: &'static str,
}

#[derive(Template)]
#[template(path = "unreached/pages/errands.html")]
struct List {
    phone: bool,
    items: Vec<HomeItem>,
    errands: Vec<Errand>,
    late: usize,
}

#[derive(Template)]
#[template(path = "unreached/pages/errand.html")]
struct One {
    phone: bool,
    id: Id,
    step: i64,
    names: String,
    schools: String,
    asked: String,
    from: String,
    due: Date,
    deadline: String,
    look: &'static str,
    icon: &'static str,
    guardians: Vec<Choice>,
    back: Option<&'static str>,
    waiting: bool,
    today: Date,
    since_text: String,
    tried: &'static str,
    tried_words: String,
    problem: String,
    refusal: String,
}

/// Names of the children of an errand and of their schools, each once.
fn words(r: &mut Reader, tasks: &[Task]) -> Result<(String, String)> {
    let mut ids: Vec<Id> = tasks.iter().map(|t| t.school).collect();
    ids.dedup();
    let start = year::current(r)?.start;
    let names = unit::names(r, &ids, start)?;
    let schools: Vec<String> = ids.iter().filter_map(|id| names.get(id).cloned()).collect();
    let children: Vec<&str> = tasks.iter().map(|t| t.name.as_str()).collect();
    Ok((children.join("、"), schools.join("、")))
}

pub(super) fn list(g: &mut Get<'_>, actor: &Actor) -> Result<Reply> {
    let today = g.view().today();
    let mut errands = Vec::new();
    for tasks in store::errands_of(g.r, actor.unit()?)? {
        let Some(first) = tasks.first() else { continue };
        let (names, schools) = words(g.r, &tasks)?;
        let (look, icon) = look(first.due_on, today);
        errands.push(Errand { id: first.id, names, schools, due: first.due_on, look, icon });
    }
    // The list below says it better than an item about it; and a worker's home is this page.
    let mut items = if actor.hat.role == Role::CommunityWorker { g.home_items(actor)? } else { Vec::new() };
    items.retain(|item| !item.key.starts_with("unreached"));
    let late = errands.iter().filter(|e| e.due < today).count();
    let body = List { phone: g.view().phone, items, errands, late };
    g.page(g.t("unreached-errands"), "unreached", &body)
}

pub(super) fn show(g: &mut Get<'_>, at: &SeenTask) -> Result<Reply> {
    let task = &at.held.task;
    let view = g.view().clone();
    let today = view.today();
    let tasks = store::errand(g.r, task)?;
    let (names, schools) = words(g.r, &tasks)?;
    let steps = store::steps_of(g.r, task.id)?;
    let handed = steps.iter().rev().find(|s| s.kind == StepKind::Handed);
    let deadline = super::deadline(g, &view, task, &steps)?;
    let from = match handed.and_then(|s| s.from) {
        Some(id) => unit::find(g.r, id)?.name,
        None => String::new(),
    };
    let (look, icon) = look(task.due_on, today);
    let body = One {
        phone: view.phone,
        id: task.id,
        step: task.step,
        schools,
        asked: handed.map(|s| s.words.clone()).unwrap_or_default(),
        from,
        due: task.due_on,
        deadline,
        look,
        icon,
        guardians: guardians(g.r, &view, task)?,
        back: Some("unreached-back-town"),
        waiting: !store::numbers_of(g.r, &g.app.vault, task.id)?.is_empty(),
        today,
        since_text: task.since_on.to_string(),
        tried: tried(g),
        tried_words: g.value("words", "").to_owned(),
        problem: problem(g),
        refusal: g.refusal(),
        names: names.clone(),
    };
    g.page(names, "unreached", &body)
}
