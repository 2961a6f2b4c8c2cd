//! The pages of open days.

mod door;
mod edit;
mod family;
mod link;
mod list;
mod offline;
mod one;
mod paper;
mod people;
mod said;
mod session;
mod ticket;
mod walk_in;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/open-days", list::show)
        .form("/open-days/new", edit::new, edit::create)
        .get("/open-days/{id}", one::show)
        .form("/open-days/{id}/edit", edit::show, edit::save)
        .post("/open-days/{id}/publish", one::publish)
        .post("/open-days/{id}/invite", one::invite)
        .post("/open-days/{id}/off", one::call_off)
        .form("/open-days/{id}/sessions", session::new, session::add)
        .form("/open-sessions/{id}", session::show, session::save)
        .post("/open-sessions/{id}/off", session::call_off)
        .get("/open-sessions/{id}/people", people::of_session)
        .get("/open-days/{id}/people", people::of_day)
        .get("/open-days/{id}/people.xlsx", paper::workbook)
        .post("/open-days/{id}/list", paper::list)
        .get("/open-days/{id}/said", said::show)
        .get("/open-days/{id}/door", door::show)
        .post("/open-days/{id}/arrive", door::arrive)
        .post("/open-days/{id}/take-back", door::take_back)
        .form("/open-days/{id}/walk-in", walk_in::show, walk_in::save)
        .get("/open-days/{id}/door.json", offline::list)
        .post("/open-days/{id}/arrivals.json", offline::arrivals)
        .get("/t/{ticket}", ticket::scanned)
        .get("/family/open-days", family::list)
        .form("/family/open-days/{id}", family::show, family::book)
        .form("/family/open-days/{id}/feedback", said::ask, said::keep)
        .get("/family/open-days/bookings/{id}", ticket::show)
        .post("/family/open-days/bookings/{id}/accept", ticket::accept)
        .post("/family/open-days/bookings/{id}/give-back", ticket::give_back)
        .post("/family/open-days/bookings/{id}/change", ticket::change)
        .get("/o/{link}", link::show)
        .post("/o/{link}", link::answer)
}
