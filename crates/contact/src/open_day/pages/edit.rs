//! The form of an open day.

use super::one::own;
use crate::open_day::model::{NewOpenDay, OpenDay};
use crate::open_day::permit::{ForOpenDay, own_school};
use crate::open_day::{SOURCE, letters, rules, store};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_parts::form::{self, Form};
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

struct Choice {
    id: Id,
    name: String,
    on: bool,
}

/// A field with what stands in it and why it was refused.
pub(super) struct Field {
    pub(super) value: String,
    pub(super) problem: String,
}

pub(super) fn field(g: &Get<'_>, name: &str, initial: &str) -> Field {
    Field { value: g.value(name, initial).to_owned(), problem: g.problem(name) }
}

#[derive(Template)]
#[template(path = "open_day/pages/edit.html")]
struct Page {
    phone: bool,
    address: String,
    back: String,
    is_new: bool,
    fixed: bool,
    key: String,
    title: Field,
    intro: Field,
    place: Field,
    day: Field,
    opens: Field,
    closes: Field,
    per_family: Field,
    capacity: Field,
    per_class: Field,
    offer: Field,
    passes: bool,
    classes: Vec<Choice>,
    classes_problem: String,
    builder: String,
    refusal: String,
    today: String,
}

/// A moment as a form takes it.
pub(super) fn local(at: Millis) -> String {
    at.civil().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reads a moment as a form gives it.
pub(super) fn moment(form: &FormData, name: &'static str, invalid: &mut Invalid) -> Millis {
    let read = || {
        let (day, clock) = form.get(name).split_once('T')?;
        let minute = crate::visit::record::minute_of(clock.get(..5)?)?;
        Some(Millis::start_of(day.parse().ok()?).plus_minutes(minute))
    };
    read().unwrap_or_else(|| {
        invalid.push(name, "field-required");
        Millis(0)
    })
}

fn page(g: &mut Get<'_>, school: Id, day: Option<&OpenDay>) -> Result<Reply> {
    let view = g.view().clone();
    let start = year::current(g.r)?.start;
    let now = g.r.now();
    let (asked, questions) = match day {
        Some(day) => (store::classes(g.r, day.id)?, store::more(g.r, day.id)?.questions),
        None => (Vec::new(), String::new()),
    };
    let typed = g.typed().map(|f| f.ids("classes"));
    let all = unit::classes_of(g.r, school)?;
    let on = |id: Id| typed.as_ref().map_or(asked.is_empty() || asked.contains(&id), |ids| ids.contains(&id));
    let form = match g.typed() {
        Some(typed) => form::read(typed, &mut Invalid::default()),
        None if questions.is_empty() => rules::questions(|key| view.t(key)),
        None => Form::parse(&questions)?,
    };
    let text = |of: fn(&OpenDay) -> &str| day.map(of).unwrap_or_default().to_owned();
    let number = |of: fn(&OpenDay) -> i64, fresh: i64| day.map_or(fresh, of).to_string();
    let body = Page {
        phone: view.phone,
        address: day.map_or_else(|| "/open-days/new".to_owned(), |d| format!("/open-days/{}/edit", d.id)),
        back: day.map_or_else(|| "/open-days".to_owned(), |d| format!("/open-days/{}", d.id)),
        is_new: day.is_none(),
        fixed: day.is_some_and(|d| d.state != crate::open_day::model::State::Draft),
        key: match g.value("key", "") {
            "" => g.app.random.code(24),
            kept => kept.to_owned(),
        },
        title: field(g, "title", &text(|d| &d.title)),
        intro: field(g, "intro", &text(|d| &d.intro)),
        place: field(g, "place", &text(|d| &d.place)),
        day: field(g, "day", &day.map(|d| d.day.to_string()).unwrap_or_default()),
        opens: field(g, "opens", &local(day.map_or(now, |d| d.opens_at))),
        closes: field(g, "closes", &day.map(|d| local(d.closes_at)).unwrap_or_default()),
        per_family: field(g, "per_family", &number(|d| d.per_family, 3)),
        capacity: field(g, "capacity", &number(|d| d.capacity, 0)),
        per_class: field(g, "per_class", &number(|d| d.per_class, 0)),
        offer: field(g, "offer", &number(|d| d.offer_minutes / 60, rules::OFFER_HOURS)),
        passes: g.typed().map_or(day.is_none_or(|d| d.passes), |f| f.ticked("passes")),
        classes: all.iter().map(|c| Choice { id: c.id, name: c.display(start), on: on(c.id) }).collect(),
        classes_problem: g.problem("classes"),
        builder: form::Builder::of(g, &form).html(&view)?,
        refusal: g.refusal(),
        today: view.today().to_string(),
    };
    let title = if body.is_new { "open-new" } else { "open-edit" };
    Ok(g.page(g.t(title), "open-days", &body)?.script("form-builder.js"))
}

pub(super) fn new(g: &mut Get<'_>, at: Holder<right::ManageOpenDays>) -> Result<Reply> {
    let school = own_school(g.r, &at.actor)?;
    page(g, school, None)
}

pub(super) fn show(g: &mut Get<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    page(g, at.day.school, Some(&at.day))
}

fn read(form: &FormData) -> Result<NewOpenDay> {
    let mut invalid = Invalid::default();
    let questions = form::read(form, &mut invalid);
    let day = form.date("day", &mut invalid);
    let new = NewOpenDay {
        title: form.required("title", 40, &mut invalid),
        intro: form.optional("intro", 1000, &mut invalid),
        place: form.optional("place", 60, &mut invalid),
        day: day.unwrap_or_default(),
        capacity: form.number("capacity", 0, 100_000, &mut invalid),
        per_family: form.number("per_family", 1, 10, &mut invalid),
        per_class: form.number("per_class", 0, 10_000, &mut invalid),
        opens_at: moment(form, "opens", &mut invalid),
        closes_at: moment(form, "closes", &mut invalid),
        offer_minutes: form.number("offer", 0, 168, &mut invalid) * 60,
        passes: form.ticked("passes"),
        classes: form.ids("classes"),
        questions: if questions.is_empty() { String::new() } else { questions.to_json()? },
    };
    if new.closes_at <= new.opens_at && !invalid.fields.iter().any(|(f, _)| f == "closes") {
        invalid.push("closes", "open-closes-before");
    }
    if day.is_some_and(|d| new.closes_at >= Millis::start_of(d).plus_days(1)) {
        invalid.push("closes", "open-closes-late");
    }
    if new.classes.is_empty() {
        invalid.push("classes", "open-no-classes");
    }
    invalid.into_result()?;
    Ok(new)
}

pub(super) fn create(p: &mut Post<'_>, at: Holder<right::ManageOpenDays>) -> Result<Reply> {
    let school = own_school(p.tx, &at.actor)?;
    let new = read(p.form())?;
    if new.day < p.tx.today() {
        return Err(Error::field("day", "open-past"));
    }
    let key = match p.form().get("key") {
        "" => p.app.random.code(24),
        key => key.chars().take(64).collect(),
    };
    let (id, is_new) = store::create(p.tx, school, &new, at.actor.account, &key)?;
    if is_new {
        p.audit("open_day.create", (SOURCE, Some(id)), "{}")?;
    }
    Ok(Reply::to_with(format!("/open-days/{id}"), Flash::new("open-created")))
}

pub(super) fn save(p: &mut Post<'_>, at: ForOpenDay<right::ManageOpenDays>) -> Result<Reply> {
    own(&at)?;
    let new = read(p.form())?;
    let offered = store::update(p.tx, &at.day, &new)?;
    letters::offered(p.tx, &offered)?;
    p.audit("open_day.change", (SOURCE, Some(at.day.id)), "{}")?;
    Ok(Reply::to_with(format!("/open-days/{}", at.day.id), Flash::new("open-saved")))
}
