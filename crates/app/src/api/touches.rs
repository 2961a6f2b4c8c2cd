//! The ledger of contacts: read in the order in which it was recorded, and written through the contact
//! log as a page would write it.

use super::shape::{ErrorBody, PageOf, body, id_in, paged};
use axum::http::StatusCode;
use gongyu_access::{Action, Actor, Hat, Role, account, grant, right};
use gongyu_contact::contact_log::{self, NewContact, Who};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::rules::{Channel, Depth, Tone};
use gongyu_registry::people::Relation;
use gongyu_registry::permit::{student_in_reach, unit_in_reach};
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::{Engine, Reader, list_spec, record, sql};
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Post, Reply, api};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// On PostgreSQL a row may become visible after one with a later identifier: the feed stays this far
/// behind, so that a reader who continues by cursor misses none.
const SETTLE_SECONDS: i64 = 10;

list_spec! {
    /// Entries of the ledger recorded up to a moment (`$1`), reversals included, in recorded order.
    static TOUCHES = ListSpec {
        name: "api touches",
        columns: "t.id, t.school_id, t.class_id, t.student_id, t.occurred_on, t.recorded_at, t.semester, t.kind,
                  t.depth, t.channel, t.tone, t.by_family, t.guardian_id, t.relation, t.staff_id, t.minutes,
                  t.reverses_id",
        from: "FROM touch t WHERE t.recorded_at <= $1",
        fixed: 1,
        filters: &[
            Filter {
                name: "within",
                sql: "EXISTS (SELECT 1 FROM unit_closure x WHERE x.descendant_id = t.class_id AND x.ancestor_id = $1)",
                params: 1,
            },
            Filter { name: "school", sql: "t.school_id = $1", params: 1 },
            Filter { name: "student", sql: "t.student_id = $1", params: 1 },
        ],
        orders: &[Order { name: "recorded", keys: &[("t.id", false)] }],
        groups: &[],
    };
}

record! {
    struct Row {
        id: Id,
        school: Id,
        class: Id,
        student: Id,
        occurred_on: Date,
        recorded_at: Millis,
        semester: String,
        kind: String,
        depth: Depth,
        channel: Channel,
        tone: Option<Tone>,
        by_family: bool,
        guardian: Option<Id>,
        relation: Option<Relation>,
        staff: Option<Id>,
        minutes: i64,
        reverses: Option<Id>,
    }
}

/// One entry of the ledger. Entries are never changed: a later one with `reverses` takes one back.
#[derive(Serialize, ToSchema)]
pub(super) struct TouchBody {
    id: String,
    /// School as it was that day.
    school: String,
    /// Class as it was that day.
    class: String,
    student: String,
    #[schema(format = Date)]
    occurred_on: String,
    /// UTC milliseconds since 1970.
    recorded_at: i64,
    /// Semester it counts in, such as 2026-1.
    semester: String,
    /// `contact`, `home_visit`, …
    kind: String,
    /// `told`, `confirmed`, `talked`, `met`; each contains those before it.
    depth: &'static str,
    /// `phone`, `wechat`, `at_school`, `home_visit`, `in_app`, `sms`, `paper`, `video`, `event`.
    channel: &'static str,
    /// `good`, `neutral`, `concern`, `complaint`.
    tone: Option<&'static str>,
    by_family: bool,
    guardian: Option<String>,
    relation: Option<&'static str>,
    staff: Option<String>,
    minutes: i64,
    /// The entry this one takes back.
    reverses: Option<String>,
}

impl From<Row> for TouchBody {
    fn from(row: Row) -> Self {
        let text = |id: Option<Id>| id.map(|id| id.to_string());
        Self {
            id: row.id.to_string(),
            school: row.school.to_string(),
            class: row.class.to_string(),
            student: row.student.to_string(),
            occurred_on: row.occurred_on.to_string(),
            recorded_at: row.recorded_at.0,
            semester: row.semester,
            kind: row.kind,
            depth: row.depth.code(),
            channel: row.channel.code(),
            tone: row.tone.map(Tone::code),
            by_family: row.by_family,
            guardian: text(row.guardian),
            relation: row.relation.map(Relation::code),
            staff: text(row.staff),
            minutes: row.minutes,
            reverses: text(row.reverses),
        }
    }
}

/// The ledger in recorded order: keep `next` of the last page and come back with it to get what is new.
#[utoipa::path(get, path = "/api/v1/touches", tag = "touches",
    params(
        ("within" = Option<String>, Query, description = "Only contacts of this town, school or class"),
        ("student" = Option<String>, Query, description = "Only contacts about this pupil"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "Rows of a page, 1 to 1000; 100 when left out"),
    ),
    responses(
        (status = 200, description = "One page", body = PageOf<TouchBody>),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see pupils", body = ErrorBody),
        (status = 404, description = "`within` or `student` is not in reach", body = ErrorBody),
        (status = 422, description = "A parameter cannot be understood", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeStudent>) -> Result<Reply> {
    let until = settled(g.r);
    let mut list = paged(TOUCHES.query(&[&until]), g.req)?;
    let hat = at.actor.unit()?;
    let within = id_in(g.req, "within")?.unwrap_or(hat);
    let unit = unit_in_reach(g.r, &at.actor, within, None)?;
    // The district holds every class there ever was: nothing to compare for each row.
    match (unit.parent, unit.school == Some(unit.id)) {
        (None, _) => {}
        (_, true) => list = list.filter("school", &[&unit.id]),
        _ => list = list.filter("within", &[&unit.id]),
    }
    if let Some(student) = id_in(g.req, "student")? {
        student_in_reach(g.r, &at.actor, student)?;
        list = list.filter("student", &[&student]);
    }
    let page = list.rows::<Row>(g.r)?;
    let items = page.rows.into_iter().map(TouchBody::from).collect();
    api::json(&PageOf { items, next: page.next })
}

fn settled(r: &Reader) -> Millis {
    match r.engine() {
        Engine::Sqlite => r.now(),
        Engine::Postgres => r.now().plus_seconds(-SETTLE_SECONDS),
    }
}

/// A contact with the families of one or more pupils of one school.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTouch {
    /// The pupils it was about, at most 80.
    students: Vec<String>,
    /// `phone`, `wechat`, `at_school`, `home_visit`, `sms`, `paper`, `video`.
    channel: String,
    /// `good`, `neutral`, `concern`, `complaint`.
    tone: String,
    /// One line; may be left out.
    #[serde(default)]
    note: String,
    /// The day it happened; today when left out.
    #[schema(format = Date)]
    occurred_on: Option<String>,
    /// Minutes it took.
    #[serde(default)]
    minutes: u16,
    /// The family began it.
    #[serde(default)]
    by_family: bool,
    /// Nobody answered, a message was left.
    #[serde(default)]
    left_message: bool,
    /// The guardian reached; without it whoever was reached last time.
    guardian: Option<String>,
    /// Staff number of whoever made the contact; without it the holder of the token.
    staff_no: Option<String>,
    /// Your own key, at most 64 characters: the same key is recorded once.
    client_key: String,
}

/// What became of a contact that was sent.
#[derive(Serialize, ToSchema)]
pub(super) struct Recorded {
    /// The record of the contact.
    id: String,
    /// False when this key was recorded before; nothing was added then.
    created: bool,
}

/// Records a contact. The family gets no message. Sending it again with the same `client_key` is safe.
#[utoipa::path(post, path = "/api/v1/touches", tag = "touches",
    request_body = NewTouch,
    responses(
        (status = 201, description = "Recorded", body = Recorded),
        (status = 200, description = "Was recorded before", body = Recorded),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "Neither the role nor that of the colleague named notes contacts", body = ErrorBody),
        (status = 404, description = "A pupil is not in reach", body = ErrorBody),
        (status = 409, description = "A day that cannot be, or pupils of several schools", body = ErrorBody),
        (status = 422, description = "A field cannot be understood", body = ErrorBody),
    ))]
pub(super) fn record(p: &mut Post<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeStudent>) -> Result<Reply> {
    let body: NewTouch = body(p.req)?;
    let new = understood(&body, p.tx.today())?;
    let actor = match body.staff_no.as_deref() {
        Some(number) => in_the_name_of(p.tx, &at.actor, &new, number)?,
        None => at.actor,
    };
    // Whoever the contact counts for must be one who notes contacts on the pages.
    actor.may(Action::LogContact)?;
    let (id, created) = contact_log::log(p.tx, &actor, &new, &body.client_key)?;
    if created {
        p.audit("contact.log", (contact_log::SOURCE, Some(id)), "{}")?;
    }
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Reply::Json(status, serde_json::to_value(Recorded { id: id.to_string(), created })?))
}

fn understood(body: &NewTouch, today: Date) -> Result<NewContact> {
    let id = |field: &'static str, text: &str| text.parse::<Id>().map_err(|_| Error::field(field, "api-not-an-id"));
    if !(1..=64).contains(&body.client_key.chars().count()) {
        return Err(Error::field("client_key", "api-unknown-word"));
    }
    let channel = Channel::parse(&body.channel).filter(|c| contact_log::OFFERED.contains(c));
    let day = match body.occurred_on.as_deref() {
        None => today,
        Some(text) => text.parse().map_err(|_| Error::field("occurred_on", "api-not-a-day"))?,
    };
    Ok(NewContact {
        children: body.students.iter().map(|s| id("students", s)).collect::<Result<_>>()?,
        channel: channel.ok_or_else(|| Error::field("channel", "api-unknown-word"))?,
        tone: Tone::parse(&body.tone).ok_or_else(|| Error::field("tone", "api-unknown-word"))?,
        note: body.note.chars().filter(|c| !c.is_control()).take(200).collect(),
        day,
        minutes: i64::from(body.minutes),
        by_family: body.by_family,
        left_message: body.left_message,
        who: body.guardian.as_deref().map(|g| id("guardian", g)).transpose()?.map_or(Who::Usual, Who::Guardian),
    })
}

/// The token's holder acting for a colleague of the child's school: the reach stays the token's, the
/// contact counts as the colleague's, in the part they have towards the child.
fn in_the_name_of(r: &mut Reader, actor: &Actor, new: &NewContact, number: &str) -> Result<Actor> {
    let first = new.children.first().ok_or_else(|| Error::field("students", "contact-log-choose-child"))?;
    let child = student_in_reach(r, actor, *first)?;
    let found: Option<(Id,)> = r.row(
        sql!("SELECT id FROM staff WHERE school_id = $1 AND staff_no = $2 AND state = 'active'"),
        &[&child.school, &number],
    )?;
    let unknown = || Error::field("staff_no", Code::new("api-no-such-staff").arg("number", number));
    let (staff,) = found.filter(|_| !number.is_empty()).ok_or_else(unknown)?;
    let held = match account::of_staff(r, staff)? {
        Some(account) => grant::current(r, account)?,
        None => Vec::new(),
    };
    let of_class = held.iter().find(|g| Some(g.unit) == child.class);
    let role = of_class.or_else(|| held.iter().find(|g| g.unit == child.school)).map(|g| g.role);
    let role = role.unwrap_or(Role::Registrar);
    Ok(Actor { staff: Some(staff), hat: Hat { role, ..actor.hat.clone() }, ..actor.clone() })
}
