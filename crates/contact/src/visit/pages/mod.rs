//! The pages of home visits.

mod act;
mod class;
mod conflict;
mod family;
mod fields;
mod figures;
mod link;
mod mine;
mod new;
mod note;
mod one;
mod plan;
mod record;
mod settings;
mod sheet;
mod suggest;

use gongyu_parts::attach;
use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/visits", mine::show)
        .get("/classes/{id}/visits", class::of_class)
        .form("/visits/new", new::show, new::save)
        .form("/visits/plan", plan::show, plan::save)
        .post("/visits/plan/clear", plan::clear)
        .form("/visits/suggest", suggest::show, suggest::save)
        .post("/visits/suggestions/{id}/close", suggest::close)
        .form("/visits/settings", settings::show, settings::save)
        .get("/visits/{id}", one::show)
        .post("/visits/{id}/offer", act::offer)
        .post("/visits/{id}/agree", act::agree)
        .post("/visits/{id}/off", act::call_off)
        .post("/visits/{id}/undo", act::undo)
        .post("/visits/{id}/invite", act::invite)
        .post("/visits/{id}/coming", act::coming)
        .post("/visits/measures/{id}", act::measure)
        .get("/visits/{id}/record", record::show)
        .upload_with("/visits/{id}/record", attach::prepare, record::show, record::save)
        .post("/visits/{id}/decide", conflict::decide)
        .get("/visits/{id}/versions/{version}", one::version)
        .post("/visits/{id}/sheet", sheet::one)
        .post("/classes/{id}/visits/summary", sheet::class)
        .post("/visits/{id}/notes", note::keep)
        .post("/visits/notes/{id}", note::open)
        .get("/district/visits", figures::of_district)
        .get("/district/visits.xlsx", figures::district_file)
        .get("/towns/{id}/visits", figures::of_town)
        .get("/towns/{id}/visits.xlsx", figures::town_file)
        .get("/schools/{id}/visits", figures::of_school)
        .get("/schools/{id}/visits.xlsx", figures::school_file)
        .get("/v/{secret}", link::show)
        .post("/v/{secret}", link::answer)
        .get("/family/visits/{id}", family::show)
        .post("/family/visits/{id}/answer", family::answer)
        .post("/family/visits/{id}/agreed", family::agreed)
}
