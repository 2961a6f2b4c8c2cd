//! Letters, calls and talks: figures of a unit, and the answers that are public. What somebody wrote or said is
//! not given out here.

use super::shape::{ErrorBody, id_in};
use gongyu_access::right;
use gongyu_contact::caseload::figures::{self, Line};
use gongyu_contact::caseload::store;
use gongyu_kernel::{Error, Result};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::UnitKind;
use gongyu_registry::year;
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::Serialize;
use utoipa::ToSchema;

/// Matters of a school or a topic counted; figures are absent where they are few.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseLine {
    /// School; absent for a topic.
    id: Option<String>,
    /// Name of the school, or code of the topic.
    name: String,
    all: Option<i64>,
    answered: Option<i64>,
    /// Neither late nor over.
    in_time: Option<i64>,
    /// Ratings 满意 and 基本满意.
    content: Option<i64>,
    /// Ratings altogether; absent with `content` where they are few.
    ratings: Option<i64>,
}

/// Figures of a unit in a school year.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseFigures {
    school_year: String,
    whole: CaseLine,
    schools: Vec<CaseLine>,
    topics: Vec<CaseLine>,
}

/// A published question and answer.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerLine {
    id: String,
    school: String,
    /// Code of the topic, such as `food`.
    topic: &'static str,
    question: String,
    answer: String,
    #[schema(format = Date)]
    published_on: String,
}

/// The public answers of a school or of all.
#[derive(Serialize, ToSchema)]
pub(super) struct Answers {
    answers: Vec<AnswerLine>,
}

fn line(l: Line) -> CaseLine {
    let shown = |n: i64| (!l.few).then_some(n);
    let rated = |n: i64| (!l.few && l.ratings > 0).then_some(n);
    CaseLine {
        id: l.id.map(|id| id.to_string()),
        all: shown(l.all),
        answered: shown(l.answered),
        in_time: shown(l.in_time),
        content: rated(l.content),
        ratings: rated(l.ratings),
        name: l.name.strip_prefix("case-topic-").map_or_else(|| l.name.clone(), str::to_owned),
    }
}

/// Letters, calls and talks of a unit counted, small counts left out.
#[utoipa::path(get, path = "/api/v1/cases/figures", tag = "figures",
    params(("within" = Option<String>, Query, description = "District, town or school; the token's own unit when left out"),
        ("year" = Option<String>, Query, description = "School year such as 2026-2027; the present one when left out")),
    responses(
        (status = 200, description = "The figures", body = CaseFigures),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role may not see these figures", body = ErrorBody),
        (status = 404, description = "`within` is not in reach", body = ErrorBody),
    ))]
pub(super) fn of_unit(g: &mut Get<'_>, at: Holder<right::UseApi>, _: Holder<right::SeeCaseFigures>) -> Result<Reply> {
    let within = id_in(g.req, "within")?.map_or_else(|| at.actor.unit(), Ok)?;
    let unit = unit_in_reach(g.r, &at.actor, within, None)?;
    if !matches!(unit.kind, UnitKind::District | UnitKind::Town | UnitKind::School) {
        return Err(Error::NotFound);
    }
    let school_year = match g.req.query.get("year") {
        "" => year::current(g.r)?.code(),
        year => year.to_owned(),
    };
    let of = figures::of(g.r, &unit, &school_year)?;
    let whole = line(of.whole);
    api::json(&CaseFigures {
        school_year,
        whole,
        schools: of.schools.into_iter().map(line).collect(),
        topics: of.topics.into_iter().map(line).collect(),
    })
}

/// The questions and answers that schools have published.
#[utoipa::path(get, path = "/api/v1/answers", tag = "figures",
    params(("school" = Option<String>, Query, description = "Only those of this school")),
    responses(
        (status = 200, description = "The answers, the newest days first", body = Answers),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
    ))]
pub(super) fn answers(g: &mut Get<'_>, _: Holder<right::UseApi>) -> Result<Reply> {
    let school = id_in(g.req, "school")?;
    let rows = store::public_answers(g.r, school, None, 200)?;
    let line = |a: store::PublicAnswer| AnswerLine {
        id: a.id.to_string(),
        school: a.school.to_string(),
        topic: a.topic.code(),
        question: a.question,
        answer: a.answer,
        published_on: a.day.to_string(),
    };
    api::json(&Answers { answers: rows.into_iter().map(line).collect() })
}
