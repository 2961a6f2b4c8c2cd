//! Pages of units and staff.

mod codes;
mod import;
mod join;
mod list;
mod preview;
mod unit;

use axum::http::Method;
use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/org", list::show)
        .post("/org/codes", codes::registrars)
        .get("/org/import", import::show)
        .upload("/org/import", import::show, import::save)
        .get("/org/template", import::template)
        .get("/org/import/{id}", preview::show)
        .get("/org/import/{id}/progress", preview::progress)
        .get("/org/import/{id}/refused", preview::refused)
        .form("/org/import/{id}/apply", preview::show, preview::apply)
        .post("/org/import/{id}/drop", preview::put_aside)
        .get("/org/{id}", unit::show)
        .post("/org/{id}/codes", codes::unit)
        .post("/org/{id}/grants/end", unit::end_grant)
        .get("/join", join::show)
        .raw(Method::POST, "/join", false, axum::routing::post(join::save))
}
