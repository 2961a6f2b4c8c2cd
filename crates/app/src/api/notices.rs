//! Notices for other programs: writing and sending one, the list, and what became of it, counted.

use super::questions::NewQuestion;
use super::shape::{ErrorBody, PageOf, body, id_in};
use axum::http::StatusCode;
use gongyu_access::right;
use gongyu_contact::notice::store::{self, Tab};
use gongyu_contact::notice::{Audience, Counts, Draft, ForNotice, Kind, Notice, Slice};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Post, Reply, api};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Notices of one page.
const ROWS: i64 = 50;

/// Children counted by the one state each of them is in.
#[derive(Serialize, ToSchema)]
struct CountsBody {
    /// The letter has not arrived yet.
    addressed: i64,
    /// No channel carried it: a call or a slip of paper.
    by_hand: i64,
    /// Arrived, not opened.
    delivered: i64,
    /// Opened, not confirmed.
    read: i64,
    /// Confirmed or answered.
    confirmed: i64,
}

impl From<Counts> for CountsBody {
    fn from(c: Counts) -> Self {
        Self { addressed: c.addressed, by_hand: c.failed, delivered: c.delivered, read: c.read, confirmed: c.confirmed }
    }
}

/// A notice with its counts.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeBody {
    id: String,
    /// The unit that speaks.
    unit: String,
    title: String,
    /// `plain`, `confirm`, `answer`.
    kind: &'static str,
    /// `sending`, `sent`, `recalled`.
    state: &'static str,
    urgent: bool,
    /// UTC milliseconds since 1970.
    sent_at: Option<i64>,
    /// UTC milliseconds since 1970.
    deadline_at: Option<i64>,
    /// The notice that this one corrects.
    correction_of: Option<String>,
    counts: CountsBody,
}

fn body_of(notice: &Notice, counts: Counts) -> NoticeBody {
    NoticeBody {
        id: notice.id.to_string(),
        unit: notice.unit.to_string(),
        title: notice.title.clone(),
        kind: notice.kind.code(),
        state: notice.state.code(),
        urgent: notice.urgent,
        sent_at: notice.sent_at.map(|at| at.0),
        deadline_at: notice.deadline.map(|at| at.0),
        correction_of: notice.correction_of.map(|id| id.to_string()),
        counts: counts.into(),
    }
}

/// Notices that went, the newest first, with the children of each counted.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices",
    params(("after" = Option<String>, Query, description = "`next` of the page before")),
    responses(
        (status = 200, description = "One page", body = PageOf<NoticeBody>),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role does not see notices", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeNotices>) -> Result<Reply> {
    let after = id_in(g.req, "after")?;
    let notices = store::list(g.r, &at.actor, Tab::Sent, after, ROWS)?;
    let ids: Vec<Id> = notices.iter().map(|n| n.id).collect();
    let counts = store::counts_of(g.r, &ids, Slice::ALL)?;
    let full = notices.len() == usize::try_from(ROWS).unwrap_or(0);
    let next = notices.last().filter(|_| full).map(|n| n.id.to_string());
    let items: Vec<NoticeBody> =
        notices.iter().map(|n| body_of(n, counts.get(&n.id).copied().unwrap_or_default())).collect();
    api::json(&PageOf { items, next })
}

/// A school or class of a notice.
#[derive(Serialize, ToSchema)]
struct PartBody {
    /// School, or class of a school's own notice.
    unit: String,
    counts: CountsBody,
}

/// What became of a notice.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportBody {
    notice: NoticeBody,
    schools: Vec<PartBody>,
    classes: Vec<PartBody>,
}

/// What became of a notice, by school and by class, in numbers. Names stay on the pages.
#[utoipa::path(get, path = "/api/v1/notices/{id}", tag = "notices",
    params(("id" = String, Path, description = "The notice")),
    responses(
        (status = 200, description = "The report", body = ReportBody),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role does not see notices", body = ErrorBody),
        (status = 404, description = "There is no such notice in reach", body = ErrorBody),
    ))]
pub(super) fn report(g: &mut Get<'_>, _: Holder<right::UseApi>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let part = |p: store::UnitCounts| PartBody { unit: p.unit.to_string(), counts: p.counts.into() };
    let counts = store::counts(g.r, notice.id, slice)?;
    let schools = store::by_school(g.r, notice.id, slice)?.into_iter().map(part).collect();
    let classes = store::by_class(g.r, notice.id, slice)?.into_iter().map(part).collect();
    api::json(&ReportBody { notice: body_of(notice, counts), schools, classes })
}

/// A notice to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNotice {
    /// At most 60 characters.
    title: String,
    /// Text with simple marks: headings, **bold**, lists, links.
    body: String,
    /// `plain`, `confirm` or `answer`.
    kind: String,
    /// What families are asked, for `answer`; at most 20.
    #[serde(default)]
    questions: Vec<NewQuestion>,
    /// Classes, schools or towns in the token's unit: all their families.
    units: Vec<String>,
    /// Pupils besides.
    #[serde(default)]
    students: Vec<String>,
    /// UTC milliseconds since 1970 until which families are asked to confirm.
    deadline_at: Option<i64>,
    /// UTC milliseconds since 1970 at which it goes; at once when left out.
    send_at: Option<i64>,
    /// Your own key, at most 64 characters: the same key is sent once.
    client_key: String,
}

/// What became of a notice that was sent.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeSent {
    id: String,
    /// False when this key was sent before; nothing was sent then.
    created: bool,
    /// `scheduled`, `sending` or `sent`.
    state: &'static str,
}

/// Sends a notice to families. Sending it again with the same `client_key` is safe.
#[utoipa::path(post, path = "/api/v1/notices", tag = "notices",
    request_body = NewNotice,
    responses(
        (status = 201, description = "Sent, being sent, or scheduled", body = NoticeSent),
        (status = 200, description = "Was sent before", body = NoticeSent),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role does not send notices, or not to such a unit", body = ErrorBody),
        (status = 404, description = "A unit or pupil is not in reach", body = ErrorBody),
        (status = 409, description = "The same notice was sent a moment ago under another key", body = ErrorBody),
        (status = 422, description = "A field cannot be understood", body = ErrorBody),
    ))]
pub(super) fn send(p: &mut Post<'_>, at: Holder<right::UseApi>, _: Holder<right::SendNotice>) -> Result<Reply> {
    let body: NewNotice = body(p.req)?;
    let draft = understood(&body)?;
    let key = format!("api-{}", body.client_key);
    let (id, created) = store::create(p.tx, &at.actor, &draft, false, &key)?;
    let mut notice = store::find(p.tx, id)?;
    if created {
        store::send(p.tx, &at.actor, &notice, false)?;
        p.audit("notice.send", ("notice", Some(id)), "{}")?;
        notice = store::find(p.tx, id)?;
    }
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let sent = NoticeSent { id: id.to_string(), created, state: notice.state.code() };
    Ok(Reply::Json(status, serde_json::to_value(sent)?))
}

fn understood(body: &NewNotice) -> Result<Draft> {
    if !(1..=64).contains(&body.client_key.chars().count()) {
        return Err(Error::field("client_key", "api-unknown-word"));
    }
    let ids = |field: &'static str, list: &[String]| -> Result<Vec<Id>> {
        list.iter().map(|id| id.parse().map_err(|_| Error::field(field, "api-not-an-id"))).collect()
    };
    let kind = Kind::parse(&body.kind).ok_or_else(|| Error::field("kind", "api-unknown-word"))?;
    Ok(Draft {
        kind,
        questions: super::questions::asked(kind, &body.questions)?,
        title: body.title.clone(),
        body: body.body.clone(),
        audience: Audience {
            units: ids("units", &body.units)?,
            children: ids("students", &body.students)?,
            ..Audience::default()
        },
        deadline: body.deadline_at.map(Millis),
        send_at: body.send_at.map(Millis),
        ..Draft::default()
    })
}
