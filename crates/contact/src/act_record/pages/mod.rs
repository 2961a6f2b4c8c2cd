//! The pages of activities.

mod fields;
mod list;
mod one;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/acts", list::show)
        .form("/acts/new", one::new, one::save)
        .form("/acts/{id}", one::show, one::amend)
        .post("/acts/{id}/undo", one::undo)
}
