//! The cells of the board, read with few statements whatever the size of the class.

use super::rules::{Balance, Standing, need, standing};
use crate::contact_log::{
    Candidate, LastTouch, SchoolChoices, advice, advice_key, candidates, default_guardian, last_touches, mark,
    relation_words, tone_icon,
};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::Tone;
use gongyu_ledger::{figures, reach};
use gongyu_registry::people::{Student, class_members};
use gongyu_store::Reader;
use gongyu_web::show::View;
use std::collections::HashMap;

/// A child on the board.
pub(super) struct Cell {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) mark: String,
    /// Classes of the cell: what it needs, and how long the name is.
    pub(super) class: String,
    pub(super) never: bool,
    /// Colour letter, icon and words of the last tone.
    pub(super) tone: Option<(&'static str, &'static str, &'static str)>,
    /// Days since the last talk or meeting.
    pub(super) days: Option<i64>,
    pub(super) visited: bool,
    pub(super) tags: String,
    pub(super) line: String,
    pub(super) hint: String,
    pub(super) channel: &'static str,
}

/// A class on its board.
pub(super) struct Board {
    pub(super) cells: Vec<Cell>,
    pub(super) students: i64,
    pub(super) reached: i64,
    pub(super) visited: i64,
    pub(super) never: i64,
    pub(super) due: i64,
    pub(super) balance: Balance,
}

impl Board {
    /// Children not reached this semester.
    pub(super) const fn missing(&self) -> i64 {
        self.students - self.reached
    }

    /// Children not visited this school year.
    pub(super) const fn unvisited(&self) -> i64 {
        self.students - self.visited
    }
}

struct Known {
    child: Student,
    ever: bool,
    reach: reach::ChildReach,
    visited: bool,
}

/// Reads the board of a class.
pub(super) fn read(r: &mut Reader, view: &View, class: Id, choices: SchoolChoices) -> Result<Board> {
    let today = r.today();
    let [semester, year, ever] = figures::present_periods(r)?;
    let depth = figures::reach_depth(r)?;
    let members = class_members(r, class)?;
    let ids: Vec<Id> = members.iter().map(|s| s.id).collect();
    let now = reach::of_children(r, &ids, &semester)?;
    let this_year = reach::of_children(r, &ids, &year)?;
    let mut always = reach::of_children(r, &ids, &ever)?;
    let since = today.saturating_sub(jiff::Span::new().days(366));
    let mut last: HashMap<Id, Vec<LastTouch>> = HashMap::new();
    for touch in last_touches(r, &ids, since)? {
        last.entry(touch.student).or_default().push(touch);
    }
    let people = candidates(r, &ids)?;
    let mut board = Board {
        cells: Vec::with_capacity(members.len()),
        students: i64::try_from(members.len()).unwrap_or(i64::MAX),
        reached: 0,
        visited: 0,
        never: 0,
        due: 0,
        balance: Balance::default(),
    };
    let mut known: Vec<Known> = members
        .into_iter()
        .map(|child| {
            let reach = always.remove(&child.id).unwrap_or_default();
            let visited = this_year.get(&child.id).is_some_and(|y| y.visit > 0);
            Known { ever: reach.reached(depth), reach, visited, child }
        })
        .collect();
    let stands = |k: &Known| standing(k.ever, k.reach.last_day(), today, choices.due_days);
    known.sort_by_key(|k| need(stands(k), k.reach.last_day()));
    for k in known {
        let stand = stands(&k);
        board.visited += i64::from(k.visited);
        board.never += i64::from(stand == Standing::Never);
        board.due += i64::from(stand == Standing::Due);
        if let Some(counted) = now.get(&k.child.id) {
            board.reached += i64::from(counted.reached(depth));
            board.balance.add(balance_of(counted));
        }
        let recent = last.remove(&k.child.id).unwrap_or_default();
        let of_child: Vec<&Candidate> = people.iter().filter(|c| c.student == k.child.id).collect();
        board.cells.push(cell(view, k, stand, &recent, &of_child));
    }
    Ok(board)
}

/// The tones of a child's contacts.
pub(super) fn balance_of(counted: &reach::ChildReach) -> Balance {
    Balance { good: counted.good, neutral: counted.neutral, concern: counted.concern, complaint: counted.complaint }
}

fn cell(view: &View, k: Known, stand: Standing, recent: &[LastTouch], people: &[&Candidate]) -> Cell {
    let days = k.reach.last_day().map(|day| i64::from((view.today() - day).get_days()));
    let never = stand == Standing::Never;
    let mut tags = Vec::new();
    match stand {
        Standing::Never => tags.push("never"),
        Standing::Due => tags.push("due"),
        Standing::Fine => {}
    }
    if !k.visited {
        tags.push("visit");
    }
    let tones: Vec<Tone> = recent.iter().map(|t| t.tone).collect();
    let usual = default_guardian(people, recent.first().and_then(|t| t.guardian));
    Cell {
        id: k.child.id,
        mark: mark(&k.child.name),
        class: classes(stand, &k.child.name),
        never,
        tone: k.reach.last_tone.filter(|_| !never).map(|t| (letter(t), tone_icon(t), t.label_key())),
        days,
        visited: k.visited,
        tags: tags.join(" "),
        line: line(view, usual, days, k.reach.last_tone),
        hint: advice(&tones).map(|a| view.t(advice_key(a))).unwrap_or_default(),
        channel: recent.first().map_or("phone", |t| t.channel.code()),
        name: k.child.name,
    }
}

fn classes(stand: Standing, name: &str) -> String {
    let need = match stand {
        Standing::Never => " is-never",
        Standing::Due => " is-due",
        Standing::Fine => "",
    };
    let long = match name.chars().count() {
        0..=3 => "",
        4 => " is-4",
        _ => " is-long",
    };
    format!("gy-cell{need}{long}")
}

const fn letter(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "g",
        Tone::Neutral => "p",
        Tone::Concern => "c",
        Tone::Complaint => "b",
    }
}

/// 爷爷李国富 · 上次在63天前，是批评.
fn line(view: &View, usual: Option<&Candidate>, days: Option<i64>, tone: Option<Tone>) -> String {
    let who = usual.map(|c| {
        let relation = relation_words(view, c.relation, &c.kin);
        view.ta("contact-relation-and-name", &[("relation", relation.into()), ("name", c.name.as_str().into())])
    });
    let last = match (days, tone) {
        (None, _) => view.t("board-line-never"),
        (Some(0), _) => view.t("board-line-today"),
        (Some(n), Some(tone)) => {
            view.ta("board-line-days-tone", &[("n", n.into()), ("tone", view.t(tone.label_key()).into())])
        }
        (Some(n), None) => view.ta("board-line-days", &[("n", n.into())]),
    };
    match who {
        Some(who) => format!("{who} · {last}"),
        None => last,
    }
}
