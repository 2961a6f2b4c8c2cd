//! Tasks about families never reached: how many are open, where, for how long, why, and with whom they lie.

use super::shape::{ErrorBody, paged};
use gongyu_access::{Action, right};
use gongyu_kernel::Result;
use gongyu_office::unreached::figures::{By, Figures};
use gongyu_office::unreached::model::Reason;
use gongyu_office::unreached::{Line, Narrow};
use gongyu_registry::unit::{self, UnitKind};
use gongyu_registry::year;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// One task.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskBody {
    id: String,
    /// The pupil; absent for roles that may not open a child's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    student: Option<String>,
    school: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    /// `open`, `reached` or `left`.
    state: &'static str,
    /// `number_dead`, `no_phone`, `working_away`, `just_moved_in`, `refuses`, `abroad` or `other`; absent while unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// With whom it lies: `class`, `school`, `town` or `site`.
    level: &'static str,
    /// The unit it lies with.
    unit: String,
    /// Name of that unit.
    unit_name: String,
    #[schema(format = Date)]
    opened_on: String,
    /// Since when it lies there.
    #[schema(format = Date)]
    since_on: String,
    /// Last day to answer.
    #[schema(format = Date)]
    due_on: String,
    overdue: bool,
    days: i64,
}

/// A code with its count.
#[derive(Serialize, ToSchema)]
pub(super) struct Count {
    code: &'static str,
    n: i64,
}

/// A unit with its counts.
#[derive(Serialize, ToSchema)]
pub(super) struct UnitCount {
    id: String,
    n: i64,
    overdue: i64,
    longest_days: i64,
}

/// The same tasks counted, whatever page is asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct FiguresBody {
    n: i64,
    overdue: i64,
    median_days: i64,
    longest_days: i64,
    by_level: Vec<Count>,
    /// `none` while no reason is known.
    by_reason: Vec<Count>,
    /// By town in a district, by school in a town, else by class.
    by_unit: Vec<UnitCount>,
}

/// Tasks, page by page, and the figures of all of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Unreached {
    figures: FiguresBody,
    items: Vec<TaskBody>,
    /// Give it as `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The tasks in reach, the most pressing first, with their figures.
#[utoipa::path(get, path = "/api/v1/unreached", tag = "figures",
    params(
        ("state" = Option<String>, Query, description = "`open` (when left out), `reached` or `left`"),
        ("town" = Option<String>, Query, description = "Only of a town"),
        ("school" = Option<String>, Query, description = "Only of a school"),
        ("class" = Option<String>, Query, description = "Only of a class"),
        ("unit" = Option<String>, Query, description = "Only those that lie with a unit"),
        ("level" = Option<String>, Query, description = "`class`, `school`, `town` or `site`"),
        ("reason" = Option<String>, Query, description = "A reason, or `none`"),
        ("late" = Option<String>, Query, description = "`1`: only those whose day has passed"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 1000, 100 when left out"),
    ),
    responses(
        (status = 200, description = "Tasks and figures", body = Unreached),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see them", body = ErrorBody),
    ))]
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeUnreached>) -> Result<Reply> {
    let within = unit::find(g.r, at.actor.unit()?)?;
    let narrow = Narrow::read(&g.req.query);
    let (today, start) = (g.r.today(), year::current(g.r)?.start);
    let list = narrow.list(&within, today);
    let by = match within.kind {
        UnitKind::District => By::Town,
        UnitKind::Town => By::School,
        _ => By::Class,
    };
    let figures = Figures::of(g.r, &list, by)?;
    let page = paged(list, g.req)?.rows::<Line>(g.r)?;
    let (role, named) = (at.actor.hat.role, at.actor.may(Action::SeeStudent).is_ok());
    let body = |line: &Line| TaskBody {
        id: line.id.to_string(),
        student: (named && line.opens_to(role, today)).then(|| line.student.to_string()),
        school: line.school.to_string(),
        class: line.class.map(|id| id.to_string()),
        state: line.state.code(),
        reason: line.reason.map(Reason::code),
        level: line.level.code(),
        unit: line.unit.to_string(),
        unit_name: line.with(start),
        opened_on: line.opened_on.to_string(),
        since_on: line.since_on.to_string(),
        due_on: line.due_on.to_string(),
        overdue: line.is_late(today),
        days: line.days(today),
    };
    api::json(&Unreached { figures: counted(&figures), items: page.rows.iter().map(body).collect(), next: page.next })
}

fn counted(figures: &Figures) -> FiguresBody {
    FiguresBody {
        n: figures.n,
        overdue: figures.late,
        median_days: figures.median,
        longest_days: figures.longest,
        by_level: figures.levels.iter().map(|(level, n, _)| Count { code: level.code(), n: *n }).collect(),
        by_reason: figures
            .reasons
            .iter()
            .map(|(reason, n)| Count { code: reason.map_or("none", Reason::code), n: *n })
            .collect(),
        by_unit: figures
            .parts
            .iter()
            .map(|p| UnitCount { id: p.id.to_string(), n: p.n, overdue: p.late, longest_days: p.longest })
            .collect(),
    }
}
