//! The pages of the contact log.

mod child;
mod fields;
mod form;
mod quick;
mod record;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .post("/contacts", quick::save)
        .get("/class/log", form::pick)
        .form("/contacts/new", form::show, form::save)
        .form("/contacts/{id}", record::show, record::amend)
        .post("/contacts/{id}/undo", record::undo)
        .get("/students/{id}/contacts", child::show)
}
