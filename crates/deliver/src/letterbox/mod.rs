//! The inbox of a person: every letter that came to them, the newest first, whatever channel carried it as well.

mod page;

use gongyu_web::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new().get("/inbox", page::show).post("/inbox/seen", page::seen)
}
