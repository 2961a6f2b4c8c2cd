//! The pages of the class board.

mod balance;
mod board;
mod choices;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/class", board::mine)
        .get("/classes/{id}/board", board::of_class)
        .get("/classes/{id}/cells", board::cells)
        .get("/class/balance", balance::mine)
        .get("/classes/{id}/balance", balance::of_class)
        .form("/schools/{id}/contact-choices", choices::show, choices::save)
}
