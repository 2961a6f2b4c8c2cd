//! Pages of the turn of the year.

mod list;
mod school;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().get("/rollover", list::show).post("/rollover/all", list::all).form(
        "/rollover/{id}",
        school::show,
        school::save,
    )
}
