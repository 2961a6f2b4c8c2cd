//! The guardian's pages.

mod answer;
mod child;
mod home;
mod number;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/home", home::show)
        .get("/children", child::list)
        .get("/children/{id}", child::show)
        .form("/children/{id}/number", number::show, number::save)
        .post("/touches/{id}/answer", answer::save)
        .post("/numbers/{id}/done", number::done)
        .post("/numbers/{id}/reopen", number::reopen)
}
