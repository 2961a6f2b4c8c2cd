//! The pages.

mod answer;
mod figures;
mod record;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/questions", figures::show)
        .form("/questions/rate", figures::show, figures::keep)
        .get("/questions/figures.xlsx", figures::file)
        .post("/questions/{id}/answer", answer::save)
        .post("/questions/{id}/reopen", answer::reopen)
        .post("/questions/{id}/open", record::open)
        .form("/questions/{id}", record::show, record::save)
}
