//! The pages of notices: for staff the list, the composer and the report; for a family its inbox and the notice.

mod add;
mod answers;
mod change;
mod choice;
mod compose;
mod draft;
mod failures;
mod families;
mod family;
mod hand;
mod inbox;
mod link;
mod list;
mod pick;
mod reach;
mod report;
mod send;
mod settings;
mod share;
mod slips;
mod words;

use super::permit::{self, ForNotice, MyNotice};
use super::store;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::attach;
use gongyu_web::permit::{Asked, Extract};
use gongyu_web::{FileGate, Get, NavItem, Reply, Routes, Signed};

const SENDERS: &[Role] = &[
    Role::ClassTeacher,
    Role::SubjectTeacher,
    Role::SchoolLeader,
    Role::MoralDirector,
    Role::TownOfficer,
    Role::DistrictOfficer,
];

/// Places in the navigation.
pub(super) const NAV: &[NavItem] = &[
    NavItem {
        key: "notices",
        label: "notice-nav",
        icon: "speakerphone",
        href: "/notices",
        roles: &[Role::Guardian],
        order: 15,
        bar: true,
    },
    NavItem {
        key: "notices",
        label: "notice-nav",
        icon: "speakerphone",
        href: "/notices",
        roles: SENDERS,
        order: 22,
        bar: true,
    },
];

/// Who opens the files of a notice: staff who see it, and the families it went to.
pub(super) const FILES: &[FileGate] = &[FileGate { kind: super::SOURCE, may_open }];

fn may_open(g: &mut Get<'_>, actor: &Actor, id: Id) -> Result<bool> {
    match actor.guardian {
        Some(guardian) if actor.hat.role == Role::Guardian => Ok(!store::mine(g.r, id, guardian)?.is_empty()),
        _ => {
            actor.may(Action::SeeNotices)?;
            permit::sight(g.r, actor, id).map(|_| true)
        }
    }
}

/// Whoever opens a notice: a member of staff, or a family it went to.
enum Whose {
    Staff(Box<ForNotice<right::SeeNotices>>),
    Family(Box<MyNotice>),
}

impl Extract for Whose {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        if asked.actor()?.hat.role == Role::Guardian {
            return MyNotice::extract(asked).map(|mine| Self::Family(Box::new(mine)));
        }
        ForNotice::extract(asked).map(|at| Self::Staff(Box::new(at)))
    }
}

fn one(g: &mut Get<'_>, whose: Whose) -> Result<Reply> {
    match whose {
        Whose::Staff(at) => report::show(g, &at),
        Whose::Family(mine) => family::show(g, &mine),
    }
}

fn all(g: &mut Get<'_>, at: Signed) -> Result<Reply> {
    if at.0.hat.role == Role::Guardian {
        return inbox::show(g, at.0.guardian.ok_or(Error::Forbidden)?);
    }
    at.0.may(Action::SeeNotices)?;
    list::show(g, &at.0)
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/notices", all)
        .get("/notices/new", compose::fresh)
        .upload_with("/notices/new", attach::prepare, compose::fresh, compose::keep_new)
        .post("/notices/draft", compose::autosave)
        .post("/notices/reach", reach::show)
        .get("/notices/pick", pick::show)
        .form("/notices/settings", settings::show, settings::save)
        .get("/notices/{id}", one)
        .get("/notices/{id}/edit", compose::edit)
        .upload_with("/notices/{id}/edit", attach::prepare, compose::edit, compose::keep)
        .form("/notices/{id}/send", send::show, send::save)
        .post("/notices/{id}/unschedule", change::unschedule)
        .post("/notices/{id}/delete", change::delete)
        .post("/notices/{id}/copy", change::copy)
        .post("/notices/{id}/template", change::template)
        .form("/notices/{id}/recall", change::recall_page, change::recall)
        .get("/notices/{id}/correct", compose::correct)
        .upload_with("/notices/{id}/correct", attach::prepare, compose::correct, compose::keep_correction)
        .form("/notices/{id}/add", add::show, add::save)
        .post("/notices/{id}/join", add::join)
        .get("/notices/{id}/counts", report::counts)
        .get("/notices/{id}/families", families::show)
        .post("/notices/{id}/remind", hand::remind)
        .post("/notices/{id}/tick", hand::tick)
        .post("/notices/{id}/untick", hand::untick)
        .post("/notices/{id}/slips", slips::print)
        .get("/notices/{id}/answers", answers::show)
        .post("/notices/{id}/answers.xlsx", answers::sheet)
        .get("/notices/{id}/failures", failures::show)
        .post("/notices/{id}/retry", failures::retry)
        .form("/notices/{id}/share", share::show, share::add)
        .post("/notices/{id}/unshare", share::end)
        .form("/notices/{id}/answer", family::again, family::answer)
        .get("/n/{token}", link::show)
}
