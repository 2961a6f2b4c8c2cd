//! The pages of the caseload.

mod act;
mod anonymous;
mod answers;
mod book;
mod day;
mod figures;
mod follow;
mod letter;
mod list;
mod log;
mod mine;
mod one;
mod receptions;
mod register;
mod settings;
mod words;
mod write;

use gongyu_parts::attach;
use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/mailbox", mine::show)
        .get("/mailbox/new", write::show)
        .upload_with("/mailbox/new", attach::prepare, write::show, write::save)
        .get("/mailbox/{id}", letter::show)
        .post("/mailbox/{id}/more", letter::more)
        .post("/mailbox/{id}/rate", letter::rate)
        .post("/mailbox/{id}/again", letter::again)
        .form("/letters/anonymous", anonymous::show, anonymous::save)
        .form("/letters/follow", follow::show, follow::open)
        .post("/letters/follow/act", follow::act)
        .get("/answers", answers::show)
        .get("/reception", book::show)
        .post("/reception/slots/{id}/book", book::book)
        .post("/reception/slots/{id}/give-back", book::give_back)
        .get("/cases", list::show)
        .get("/cases.xlsx", register::file)
        .form("/cases/new", log::show, log::save)
        .form("/cases/settings", settings::show, settings::save)
        .get("/cases/{id}", one::show)
        .post("/cases/{id}/assign", act::assign)
        .post("/cases/{id}/help", act::help)
        .post("/cases/{id}/unhelp", act::unhelp)
        .post("/cases/{id}/opinion", act::opinion)
        .post("/cases/{id}/ask", act::ask)
        .post("/cases/{id}/told", act::told)
        .post("/cases/{id}/extend", act::extend)
        .form("/cases/{id}/reply", one::show, act::reply)
        .post("/cases/{id}/approve", act::approve)
        .post("/cases/{id}/return", act::give_back)
        .post("/cases/{id}/tell", act::tell)
        .post("/cases/{id}/merge", act::merge)
        .post("/cases/{id}/petition", act::petition)
        .post("/cases/{id}/accept", act::accept)
        .post("/cases/{id}/name", act::name)
        .form("/cases/{id}/publish", one::show, act::publish)
        .post("/cases/{id}/withdraw", act::withdraw)
        .get("/receptions", receptions::show)
        .post("/receptions/fill", receptions::fill)
        .post("/receptions/plan", receptions::plan)
        .get("/receptions/{id}", day::show)
        .post("/receptions/{id}/change", day::change)
        .post("/receptions/{id}/off", day::off)
        .post("/reception/slots/{id}/missed", day::missed)
        .get("/schools/{id}/cases", figures::of_school)
        .get("/schools/{id}/cases.xlsx", figures::school_file)
        .get("/towns/{id}/cases", figures::of_town)
        .get("/district/cases", figures::of_district)
        .get("/district/cases.xlsx", figures::district_file)
}
