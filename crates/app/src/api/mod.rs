//! The JSON edge under `/api/v1`: what a hat may see on its pages, for other programs. Every request
//! carries a bearer token bound to one role of one account; the reach is that role's unit.

mod burden;
mod cases;
mod duties;
mod notices;
mod open_days;
mod questions;
mod reach;
mod shape;
mod students;
mod touches;
mod units;
mod unreached;
mod visits;

use gongyu_kernel::Result;
use gongyu_kernel::i18n::Words;
use gongyu_web::permit::Anyone;
use gongyu_web::{Feature, Get, Reply, Routes};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Document};
use utoipa::{Modify, OpenApi};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/api.ftl"), en: include_str!("../../locales/en/api.ftl") };

/// Path of the document, which needs no token.
pub const DOCUMENT: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gongyu API",
        description = "Units, pupils, contacts, reach and duties of an education district. A token acts as one role: \
                       what that role may not see on its pages it cannot read here. Identifiers are strings. Lists \
                       are taken page by page: give `next` of one page as `after` of the next.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        units::list,
        units::one,
        students::list,
        students::one,
        touches::list,
        touches::record,
        reach::figures,
        duties::of_schools,
        duties::of_school,
        visits::list,
        visits::of_unit,
        notices::list,
        notices::report,
        notices::send,
        questions::answers,
        unreached::list,
        cases::of_unit,
        cases::answers,
        burden::figures,
        open_days::list,
    ),
    components(schemas(shape::ErrorBody)),
    tags(
        (name = "units", description = "District, towns, schools, classes"),
        (name = "students", description = "Pupils and their guardians"),
        (name = "touches", description = "The ledger of contacts with families"),
        (name = "figures", description = "Reach, duties and what the product costs its users"),
        (name = "notices", description = "Notices to families and what became of them"),
    ),
    security(("token" = [])),
    modifiers(&Bearer),
)]
struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The OpenAPI document of every route of the API.
pub fn document() -> Document {
    Api::openapi()
}

/// The edge for other programs.
pub fn feature() -> Feature {
    Feature { name: "api", routes: Some(routes), words: &[WORDS], ..Feature::default() }
}

fn routes() -> Routes {
    Routes::new()
        .get(DOCUMENT, show_document)
        .get("/api/v1/units", units::list)
        .get("/api/v1/units/{id}", units::one)
        .get("/api/v1/students", students::list)
        .get("/api/v1/students/{id}", students::one)
        .get("/api/v1/touches", touches::list)
        .post("/api/v1/touches", touches::record)
        .get("/api/v1/reach", reach::figures)
        .get("/api/v1/duties", duties::of_schools)
        .get("/api/v1/schools/{id}/duties", duties::of_school)
        .get("/api/v1/visits", visits::list)
        .get("/api/v1/visits/figures", visits::of_unit)
        .get("/api/v1/notices", notices::list)
        .post("/api/v1/notices", notices::send)
        .get("/api/v1/notices/{id}", notices::report)
        .get("/api/v1/notices/{id}/answers", questions::answers)
        .get("/api/v1/unreached", unreached::list)
        .get("/api/v1/cases/figures", cases::of_unit)
        .get("/api/v1/answers", cases::answers)
        .get("/api/v1/burden", burden::figures)
        .get("/api/v1/open-days", open_days::list)
}

fn show_document(_: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    gongyu_web::api::json(&document())
}
