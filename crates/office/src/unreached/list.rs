//! The one list of tasks: rows, count, figures, file and the API come from it.

use super::model::{Level, Reason, State};
use super::rules::reads;
use super::store::{reached, standing};
use gongyu_access::Role;
use gongyu_kernel::{Date, Id};
use gongyu_registry::roster::class_label::ClassKey;
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_store::list::{Filter, Group, ListQuery, ListSpec, Order};
use gongyu_store::{list_spec, record};
use gongyu_web::FormData;
use jiff::ToSpan;

list_spec! {
    /// Tasks with their child and where they lie. Roster and ledger are asked with each look, so that a child
    /// reached a minute ago is not open here, whenever its row is closed.
    pub(super) static TASKS = ListSpec {
        name: "unreached",
        columns: concat!(
            "t.id, t.student_id, s.name, t.school_id, k.name, t.class_id, COALESCE(c.stage, ''),
             COALESCE(c.entry_year, 0), COALESCE(c.class_no, 0), COALESCE(c.speciality, ''), t.reason, t.level, t.unit_id, u.name, t.opened_on,
             t.since_on, t.due_on, ",
            standing!(),
            ", COALESCE(t.closed_on, '')"
        ),
        from: "FROM unreached_task t JOIN student s ON s.id = t.student_id
               JOIN unit k ON k.id = t.school_id JOIN unit u ON u.id = t.unit_id
               LEFT JOIN unit c ON c.id = t.class_id
               WHERE t.step > 0",
        fixed: 0,
        filters: &[
            Filter {
                name: "open",
                sql: concat!("t.closed_at IS NULL AND s.state = 'active' AND NOT ", reached!()),
                params: 0,
            },
            Filter {
                name: "reached",
                sql: concat!("t.state = 'reached' OR (t.closed_at IS NULL AND s.state = 'active' AND ", reached!(), ")"),
                params: 0,
            },
            Filter { name: "left", sql: "t.state = 'left' OR (t.closed_at IS NULL AND s.state <> 'active')", params: 0 },
            Filter { name: "town", sql: "t.town_id = $1", params: 1 },
            Filter { name: "school", sql: "t.school_id = $1", params: 1 },
            Filter { name: "class", sql: "t.class_id = $1", params: 1 },
            Filter { name: "unit", sql: "t.unit_id = $1", params: 1 },
            Filter { name: "level", sql: "t.level = $1", params: 1 },
            Filter { name: "reason", sql: "t.reason = $1", params: 1 },
            Filter { name: "no_reason", sql: "t.reason IS NULL", params: 0 },
            Filter { name: "late", sql: "t.due_on < $1", params: 1 },
            Filter { name: "opened_by", sql: "t.opened_on <= $1", params: 1 },
        ],
        orders: &[
            Order { name: "due", keys: &[("t.due_on", false), ("t.id", false)] },
            Order { name: "opened", keys: &[("t.opened_on", false), ("t.id", false)] },
            Order { name: "closed", keys: &[("COALESCE(t.closed_on, '9')", true), ("t.id", true)] },
        ],
        groups: &[Group {
            name: "facts",
            sql: "CAST(COALESCE(t.town_id, 0) AS TEXT) || '|' || CAST(t.school_id AS TEXT) || '|' ||
                  CAST(COALESCE(t.class_id, 0) AS TEXT) || '|' || CAST(t.unit_id AS TEXT) || '|' || t.level || '|' ||
                  COALESCE(t.reason, '') || '|' || t.opened_on || '|' || t.due_on",
        }],
    };
}

record! {
    /// A task in the list.
    #[derive(Clone, Debug)]
    pub struct Line {
        /// The task.
        pub id: Id,
        /// The child.
        pub student: Id,
        /// Its name; shown only to those who may read the task.
        pub name: String,
        /// School.
        pub school: Id,
        /// Name of the school.
        pub school_name: String,
        /// Class.
        pub class: Option<Id>,
        stage: String,
        entry_year: i16,
        class_no: u16,
        speciality: String,
        /// Why, as far as it is known.
        pub reason: Option<Reason>,
        /// With whom it lies.
        pub level: Level,
        /// The unit it lies with.
        pub unit: Id,
        unit_name: String,
        /// First day.
        pub opened_on: Date,
        /// Since when it lies there.
        pub since_on: Date,
        /// Last day to answer.
        pub due_on: Date,
        /// How it stands.
        pub state: State,
        closed_on: String,
    }
}

impl Line {
    /// Name of the class in a school year.
    pub fn class_name(&self, school_year_start: i16) -> String {
        let (year, number) = (Some(self.entry_year), Some(self.class_no));
        ClassKey::of_columns(Some(&self.stage), year, number, Some(&self.speciality))
            .map(|key| key.display(school_year_start))
            .unwrap_or_default()
    }

    /// Name of the unit it lies with; a class is named as in a school year.
    pub fn with(&self, school_year_start: i16) -> String {
        if self.level == Level::Class { self.class_name(school_year_start) } else { self.unit_name.clone() }
    }

    /// Whether its day has passed.
    pub fn is_late(&self, today: Date) -> bool {
        self.state == State::Open && self.due_on < today
    }

    /// Day on which it was closed; none while its row is open.
    pub fn closed_day(&self) -> Option<Date> {
        self.closed_on.parse().ok()
    }

    /// Days from the first to the last, or to today.
    pub fn days(&self, today: Date) -> i64 {
        let end = self.closed_day().unwrap_or(today);
        i64::from((end - self.opened_on).get_days())
    }

    /// Whether a role may know whose task it is.
    pub fn opens_to(&self, role: Role, today: Date) -> bool {
        reads(role, self.level, self.is_late(today))
    }
}

/// The narrowing of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrow {
    /// Open, reached or left.
    pub state: State,
    /// A town.
    pub town: Option<Id>,
    /// A school.
    pub school: Option<Id>,
    /// A class.
    pub class: Option<Id>,
    /// The unit it lies with.
    pub unit: Option<Id>,
    /// With whom it lies.
    pub level: Option<Level>,
    /// `Some(None)`: those without a reason yet.
    pub reason: Option<Option<Reason>>,
    /// Only those whose day has passed.
    pub late: bool,
    /// Only those open so many days or more.
    pub days: Option<i64>,
}

/// Choices of days a task is open.
pub const DAYS: [i64; 3] = [10, 30, 60];
/// What stands in an address for "no reason yet".
pub const NO_REASON: &str = "none";

impl Narrow {
    /// Reads an address. What is not understood does not narrow.
    pub fn read(query: &FormData) -> Self {
        Self {
            state: State::parse(query.get("state")).unwrap_or(State::Open),
            town: query.id("town"),
            school: query.id("school"),
            class: query.id("class"),
            unit: query.id("unit"),
            level: Level::parse(query.get("level")),
            reason: match query.get("reason") {
                NO_REASON => Some(None),
                text => Reason::parse(text).map(Some),
            },
            late: query.ticked("late"),
            days: query.get("days").parse().ok().filter(|n| DAYS.contains(n)),
        }
    }

    /// Whether anything but the state is narrowed.
    pub fn narrows(&self) -> bool {
        *self != Self { state: self.state, ..Self::read(&FormData::default()) }
    }

    /// The list within the unit of a hat.
    pub fn list(&self, within: &Unit, today: Date) -> ListQuery {
        let mut list = TASKS.query(&[]).filter(self.state.code(), &[]);
        list = list.order(if self.state == State::Open { "due" } else { "closed" });
        list = match within.kind {
            UnitKind::Town => list.filter("town", &[&within.id]),
            UnitKind::School => list.filter("school", &[&within.id]),
            UnitKind::Class => list.filter("class", &[&within.id]),
            UnitKind::Agency | UnitKind::Community => list.filter("unit", &[&within.id]),
            UnitKind::District => list,
        };
        for (name, id) in [("town", self.town), ("school", self.school), ("class", self.class), ("unit", self.unit)] {
            if let Some(id) = id {
                list = list.filter(name, &[&id]);
            }
        }
        if let Some(level) = self.level {
            list = list.filter("level", &[&level]);
        }
        list = match self.reason {
            Some(Some(reason)) => list.filter("reason", &[&reason]),
            Some(None) => list.filter("no_reason", &[]),
            None => list,
        };
        if self.late {
            list = list.filter("late", &[&today]);
        }
        if let Some(by) = self.days.and_then(|n| today.checked_sub(n.days()).ok()) {
            list = list.filter("opened_by", &[&by]);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_wrongly_does_not_narrow() {
        let narrow = Narrow::read(&FormData::parse(b"town=x&level=king&days=31&reason=lazy&state=gone"));
        assert!(!narrow.narrows());
        assert_eq!(narrow.state, State::Open);
    }

    #[test]
    fn every_filter_of_an_address_is_understood() {
        let narrow = Narrow::read(&FormData::parse(b"school=7&level=town&reason=none&late=1&days=30&state=left"));
        assert_eq!((narrow.school, narrow.level, narrow.reason), (Some(Id(7)), Some(Level::Town), Some(None)));
        assert!(narrow.late && narrow.days == Some(30) && narrow.state == State::Left && narrow.narrows());
    }
}
