//! The calendar as people see it.

mod change;
mod count;
mod picture;
mod show;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/calendar", show::show)
        .get("/calendar/count", count::show)
        .form("/calendar/edit", change::show, change::save_dates)
        .form("/calendar/day", change::show, change::save_day)
        .post("/calendar/day/remove", change::remove_day)
        .post("/calendar/published", change::save_published)
}
