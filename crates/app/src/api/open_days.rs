//! Open days: the list of a unit with what became of each, in numbers; no family is named here.

use super::shape::{ErrorBody, id_in};
use gongyu_access::right;
use gongyu_contact::open_day::{door, sessions, store};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::UnitKind;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// Days back that the list holds: this school year and the last.
const BACK: i32 = 730;

/// A session in numbers.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionBody {
    id: String,
    title: String,
    /// `lesson`, `tour`, `talk` or `together`.
    kind: &'static str,
    /// Milliseconds since 1970.
    starts_at: i64,
    ends_at: i64,
    /// `on` or `off`.
    state: &'static str,
    places: i64,
    /// Seats booked or kept for an offer.
    seats: i64,
    /// Families with places.
    booked: i64,
    /// Families in the line.
    waiting: i64,
    /// Families that came.
    came: i64,
}

/// An open day.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenDayBody {
    id: String,
    school: String,
    title: String,
    #[schema(format = Date)]
    day: String,
    /// `draft`, `published`, `held` or `off`.
    state: &'static str,
    /// Children whose family came.
    children: i64,
    sessions: Vec<SessionBody>,
}

/// The open days of a unit.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenDays {
    open_days: Vec<OpenDayBody>,
}

/// The open days of the schools in a unit, the latest first.
#[utoipa::path(get, path = "/api/v1/open-days", tag = "figures",
    params(("within" = Option<String>, Query, description = "District, town or school; the token's own unit or its school when left out")),
    responses(
        (status = 200, description = "The open days in numbers", body = OpenDays),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see open days", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeOpenDays>) -> Result<Reply> {
    let unit = match id_in(g.req, "within")? {
        Some(id) => unit_in_reach(g.r, &at.actor, id, None)?,
        None => gongyu_registry::unit::find(g.r, at.actor.unit()?)?,
    };
    let within = unit.school.unwrap_or(unit.id);
    let above = matches!(unit.kind, UnitKind::District | UnitKind::Town);
    if !above && unit.school.is_none() {
        return Err(Error::NotFound);
    }
    let since = g.r.today().saturating_sub(jiff::Span::new().days(BACK));
    let days = store::within(g.r, within, since, false)?;
    let ids: Vec<Id> = days.iter().map(|d| d.id).collect();
    let all = store::sessions(g.r, &ids)?;
    let counts = sessions::counts(g.r, &ids)?;
    let mut out = Vec::with_capacity(days.len());
    for day in days {
        let children = door::children_reached(g.r, day.id)?;
        let own = all.iter().filter(|s| s.open_day == day.id);
        let session = |s: &gongyu_contact::open_day::model::Session| {
            let of = counts.get(&s.id).copied().unwrap_or_default();
            SessionBody {
                id: s.id.to_string(),
                title: s.title.clone(),
                kind: s.kind.code(),
                starts_at: s.starts_at.0,
                ends_at: s.ends_at.0,
                state: s.stand.code(),
                places: s.capacity,
                seats: of.seats,
                booked: of.booked,
                waiting: of.waiting,
                came: of.came,
            }
        };
        out.push(OpenDayBody {
            id: day.id.to_string(),
            school: day.school.to_string(),
            title: day.title,
            day: day.day.to_string(),
            state: day.state.code(),
            children,
            sessions: own.map(session).collect(),
        });
    }
    api::json(&OpenDays { open_days: out })
}
