//! What stands beside the board: duties towards the children, the newest contacts, numbers to mend.

use super::rules::too_few;
use crate::contact_log::{channel_icon, tone_class, tone_icon};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::duty::{self, DutyLine};
use gongyu_ledger::rules::{DutyStatus, Subject, TouchKind};
use gongyu_ledger::touch;
use gongyu_registry::unit::{self, Unit};
use gongyu_store::{Reader, sql};
use gongyu_web::show::View;
use std::collections::HashMap;

/// Contacts shown.
const RECENT: i64 = 12;

/// A duty towards the children of the class.
pub(super) struct Duty {
    pub(super) title: String,
    pub(super) source: String,
    pub(super) met: i64,
    pub(super) asked: i64,
    /// The rule is about a special group and the figure would point at single children.
    pub(super) hidden: bool,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: String,
}

/// A contact in the list of the newest.
pub(super) struct Recent {
    pub(super) child: Id,
    pub(super) name: String,
    pub(super) icon: &'static str,
    pub(super) tone: &'static str,
    pub(super) what: String,
    pub(super) day: Date,
}

/// The duties towards the children of a class. Rules about special groups only for those who may see
/// who belongs to one.
pub(super) fn duties(r: &mut Reader, view: &View, class: &Unit, categories: bool) -> Result<Vec<Duty>> {
    let Some(school) = class.school else { return Ok(Vec::new()) };
    let school = unit::find(r, school)?;
    let lines = duty::school_lines(r, &school)?;
    let mut out = Vec::new();
    for line in lines {
        let special = !line.rule.applies.categories.is_empty();
        if line.rule.subject != Subject::Child || (special && !categories) {
            continue;
        }
        let counts = duty::class_counts(r, school.id, &line)?;
        let found = counts.into_iter().find(|(id, ..)| *id == class.id);
        if let Some((_, met, asked)) = found.filter(|(.., asked)| *asked > 0) {
            out.push(one(view, &line, met.min(asked), asked, special && too_few(met.min(asked), asked)));
        }
    }
    Ok(out)
}

fn one(view: &View, line: &DutyLine, met: i64, asked: i64, hidden: bool) -> Duty {
    let rule = &line.rule;
    let zh = view.lang() == Lang::Zh;
    let (class, icon, words) = if met == asked {
        ("is-met", "check", view.t("board-duty-met"))
    } else {
        match line.status {
            DutyStatus::Overdue { .. } => {
                let days = line.status.days_late(view.today()).unwrap_or(0);
                ("is-over is-quiet", "f-alert-triangle", view.ta("board-duty-over", &[("n", days.into())]))
            }
            _ => match line.status.days_left(view.today()) {
                Some(days) => ("is-due", "clock", view.ta("board-duty-due", &[("n", days.into())])),
                None => ("is-due", "clock", view.t("board-duty-open")),
            },
        }
    };
    Duty {
        title: if zh { rule.title_zh.clone() } else { rule.title_en.clone() },
        source: if zh { rule.source_zh.cell() } else { rule.source_en.cell() },
        met,
        asked,
        hidden,
        class,
        icon,
        words,
    }
}

/// The newest contacts of a class.
pub(super) fn recent(r: &mut Reader, view: &View, class: Id) -> Result<Vec<Recent>> {
    let touches = touch::recent_of_class(r, class, RECENT)?;
    let ids: Vec<Id> = touches.iter().map(|t| t.student).collect();
    let names: Vec<(Id, String)> = r.rows_in(sql!("SELECT id, name FROM student WHERE id IN ($1)"), &ids, &[])?;
    let names: HashMap<Id, String> = names.into_iter().collect();
    let line = |t: touch::Touch| Recent {
        child: t.student,
        name: names.get(&t.student).cloned().unwrap_or_default(),
        icon: t.tone.map_or_else(|| channel_icon(t.channel), tone_icon),
        tone: t.tone.map_or("", tone_class),
        what: if t.kind == TouchKind::CONTACT { view.t(t.channel.label_key()) } else { view.t(&t.kind.label_key()) },
        day: t.occurred_on,
    };
    Ok(touches.into_iter().map(line).collect())
}
