//! Contact balance (B8): the tone of the contacts with each family and in the class; one's own beside
//! them, and nobody else's: no ranking of teachers.

use super::board::class_of;
use crate::class_board::cells::balance_of;
use crate::class_board::rules::Balance;
use askama::Template;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::Tone;
use gongyu_ledger::{figures, reach};
use gongyu_registry::people::class_members;
use gongyu_registry::permit::ForClass;
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_registry::{unit, year};
use gongyu_store::sql;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

struct Row {
    child: Id,
    name: String,
    balance: Balance,
}

#[derive(Template)]
#[template(path = "class_board/pages/balance.html")]
struct Page {
    phone: bool,
    board: String,
    class_name: String,
    rows: Vec<Row>,
    only: usize,
    all: Balance,
    own: Option<Balance>,
    opens: bool,
    logs: bool,
}

pub(super) fn mine(g: &mut Get<'_>, at: Holder<right::SeeClass>) -> Result<Reply> {
    if unit::find(g.r, at.actor.unit()?)?.kind != UnitKind::Class {
        return Ok(Reply::to("/classes"));
    }
    let class = class_of(g, &at.actor)?;
    show(g, &at.actor, &class, "/class".to_owned())
}

pub(super) fn of_class(g: &mut Get<'_>, at: ForClass<right::SeeClass>) -> Result<Reply> {
    let board = format!("/classes/{}/board", at.class.id);
    show(g, &at.actor, &at.class, board)
}

fn show(g: &mut Get<'_>, actor: &Actor, class: &Unit, board: String) -> Result<Reply> {
    let [semester, _, _] = figures::present_periods(g.r)?;
    let members = class_members(g.r, class.id)?;
    let ids: Vec<Id> = members.iter().map(|s| s.id).collect();
    let counted = reach::of_children(g.r, &ids, &semester)?;
    let mut all = Balance::default();
    let mut rows: Vec<Row> = members
        .into_iter()
        .map(|s| Row { balance: counted.get(&s.id).map(balance_of).unwrap_or_default(), child: s.id, name: s.name })
        .collect();
    rows.iter().for_each(|row| all.add(row.balance));
    rows.sort_by_key(|row| row.balance.need());
    let own = match actor.staff {
        Some(staff) if actor.may(Action::LogContact).is_ok() => Some(own(g, class.id, staff, &semester)?),
        _ => None,
    };
    let start = year::current(g.r)?.start;
    let body = Page {
        phone: g.view().phone,
        board,
        class_name: class.display(start),
        only: rows.iter().filter(|r| r.balance.only_complaints()).count(),
        rows,
        all,
        own,
        opens: actor.may(Action::SeeStudent).is_ok(),
        logs: actor.may(Action::LogContact).is_ok(),
    };
    let nav = if matches!(actor.hat.role, Role::ClassTeacher | Role::SubjectTeacher) { "balance" } else { "classes" };
    g.page(g.t("board-balance-title"), nav, &body)
}

/// One's own contacts in the class this semester.
fn own(g: &mut Get<'_>, class: Id, staff: Id, semester: &str) -> Result<Balance> {
    let rows: Vec<(Tone, i64)> = g.r.rows(
        sql!(
            "SELECT t.tone, COUNT(*) FROM touch t
              WHERE t.class_id = $1 AND t.semester = $2 AND t.staff_id = $3 AND t.tone IS NOT NULL
                AND t.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
              GROUP BY t.tone"
        ),
        &[&class, &semester, &staff],
    )?;
    let mut own = Balance::default();
    for (tone, n) in rows {
        match tone {
            Tone::Good => own.good = n,
            Tone::Neutral => own.neutral = n,
            Tone::Concern => own.concern = n,
            Tone::Complaint => own.complaint = n,
        }
    }
    Ok(own)
}
