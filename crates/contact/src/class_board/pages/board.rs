//! The board of a class.

use crate::class_board::cells::{self, Board};
use crate::class_board::side::{self, Duty, Recent};
use crate::contact_log::{self, choices_of};
use crate::guardian_home::{NumberTask, open_requests};
use askama::Template;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::permit::{ForClass, unit_in_reach};
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, HomeItem, Reply};

/// Items that stand open on a phone.
const OPEN_ITEMS: usize = 2;

#[derive(Template)]
#[template(path = "class_board/pages/cells.html")]
struct CellsPart {
    board: Board,
    logs: bool,
    opens: bool,
    due_days: u16,
    phone: bool,
    swapped: bool,
}

/// Some cells as they are now, with the sums above them: what the board fetches after a contact was noted.
pub(super) fn cells(g: &mut Get<'_>, at: ForClass<right::SeeClass>) -> Result<Reply> {
    let view = g.view().clone();
    let choices = choices_of(g.r, at.class.school.unwrap_or(at.class.id))?;
    let mut board = cells::read(g.r, &view, at.class.id, choices)?;
    let children = g.req.query.ids("child");
    board.cells.retain(|cell| children.contains(&cell.id));
    let part = CellsPart {
        board,
        phone: view.phone,
        swapped: true,
        logs: at.actor.may(Action::LogContact).is_ok(),
        opens: at.actor.may(Action::SeeStudent).is_ok(),
        due_days: choices.due_days,
    };
    g.partial(&part)
}

#[derive(Template)]
#[template(path = "class_board/pages/board.html")]
struct Page {
    phone: bool,
    class: Id,
    class_name: String,
    board: Board,
    due_days: u16,
    logs: bool,
    opens: bool,
    searches: bool,
    prints: bool,
    records: bool,
    /// Whether a part is on its way to take the place of one on the page.
    swapped: bool,
    saved: Option<(Id, String)>,
    tasks: Vec<NumberTask>,
    elder: bool,
    tight: bool,
    items: Vec<HomeItem>,
    /// Folded away, so that the families stay on a phone's first screen.
    later: Vec<HomeItem>,
    duties: Vec<Duty>,
    recent: Vec<Recent>,
    balance_href: String,
    key: String,
    back: String,
}

/// The class of the hat; for other hats the list of their classes.
pub(super) fn mine(g: &mut Get<'_>, at: Holder<right::SeeClass>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    if here.kind != UnitKind::Class {
        return Ok(Reply::to("/classes"));
    }
    show(g, &at.actor, &here, "/class/balance".to_owned())
}

pub(super) fn of_class(g: &mut Get<'_>, at: ForClass<right::SeeClass>) -> Result<Reply> {
    let balance = format!("/classes/{}/balance", at.class.id);
    show(g, &at.actor, &at.class, balance)
}

fn show(g: &mut Get<'_>, actor: &Actor, class: &Unit, balance_href: String) -> Result<Reply> {
    let view = g.view().clone();
    let may = |action| actor.may(action).is_ok();
    let choices = choices_of(g.r, class.school.unwrap_or(class.id))?;
    let start = year::current(g.r)?.start;
    let board = cells::read(g.r, &view, class.id, choices)?;
    let tasks = if may(Action::EditGuardians) { open_requests(g.r, &g.app.vault, class.id)? } else { Vec::new() };
    let mut items = if Some(class.id) == actor.hat.unit { g.home_items(actor)? } else { Vec::new() };
    let later = if view.phone { items.split_off(items.len().min(OPEN_ITEMS)) } else { Vec::new() };
    // Beside the board there is room on a PC only; a phone answers on its first screen.
    let (duties, recent) = if view.phone {
        (Vec::new(), Vec::new())
    } else {
        let duties = if may(Action::SeeDuties) {
            side::duties(g.r, &view, class, may(Action::SeeCategories))?
        } else {
            Vec::new()
        };
        (duties, side::recent(g.r, &view, class.id)?)
    };
    let body = Page {
        phone: view.phone,
        class: class.id,
        class_name: class.display(start),
        due_days: choices.due_days,
        logs: may(Action::LogContact),
        opens: may(Action::SeeStudent),
        searches: may(Action::SearchPeople),
        prints: may(Action::PrintCards),
        records: may(Action::RecordAct) && Some(class.id) == actor.hat.unit,
        swapped: false,
        saved: saved(g, actor)?,
        tasks,
        elder: view.prefs.elder,
        tight: true,
        items,
        later,
        duties,
        recent,
        balance_href,
        key: g.app.random.code(24),
        back: g.req.path.clone(),
        board,
    };
    let nav = if matches!(actor.hat.role, Role::ClassTeacher | Role::SubjectTeacher) { "class" } else { "classes" };
    Ok(g.page(body.class_name.clone(), nav, &body)?.script("board.js"))
}

/// The contact just noted, to add a line to it.
fn saved(g: &mut Get<'_>, actor: &Actor) -> Result<Option<(Id, String)>> {
    let Some(id) = g.req.query.id("saved") else { return Ok(None) };
    let found = contact_log::find(g.r, id).ok().filter(|c| c.account == actor.account && c.undone_at.is_none());
    Ok(found.map(|c| (c.id, g.t(c.tone.label_key()))))
}

/// The class of a hat that is one, or one in reach named in the path.
pub(super) fn class_of(g: &mut Get<'_>, actor: &Actor) -> Result<Unit> {
    unit_in_reach(g.r, actor, actor.unit()?, Some(UnitKind::Class))
}
