//! The page that says how to put the product on a phone.

mod install;

use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new().get("/app", install::show)
}
