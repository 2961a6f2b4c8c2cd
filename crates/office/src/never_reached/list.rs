//! The one list: rows, counts, groups and file come from it.

use gongyu_kernel::{Date, Id};
use gongyu_registry::roster::class_label::ClassKey;
use gongyu_store::list::{Filter, Group, ListSpec, Order};
use gongyu_store::{list_spec, record};

list_spec! {
    /// Children in school with their counters; `$1` is the period of "this semester". Who was "never
    /// reached" is defined as in the figures of classes: no touch ever that was at least confirmed. A
    /// class whose figures say that nobody is missing is passed over unread.
    pub(super) static CHILDREN = ListSpec {
        name: "never-reached",
        columns: "s.id, s.name, s.school_id, k.name, s.class_id, COALESCE(c.stage, ''), COALESCE(c.entry_year, 0),
                  COALESCE(c.class_no, 0), COALESCE(c.speciality, ''), s.joined_on,
                  EXISTS (SELECT 1 FROM guardianship h JOIN guardian p ON p.id = h.guardian_id
                          WHERE h.student_id = s.id AND h.valid_to IS NULL AND (h.may_receive OR h.withheld) AND NOT h.restricted
                            AND p.phone_blind IS NOT NULL),
                  COALESCE(a.last_on, '')",
        from: "FROM student s
               JOIN unit k ON k.id = s.school_id
               JOIN unit c ON c.id = s.class_id
               JOIN class_reach b ON b.class_id = s.class_id AND b.period = 'all'
               LEFT JOIN reach a ON a.student_id = s.id AND a.period = 'all'
               LEFT JOIN reach m ON m.student_id = s.id AND m.period = $1
               WHERE s.state = 'active'",
        fixed: 1,
        filters: &[
            Filter {
                name: "never",
                sql: "b.confirmed < b.students AND COALESCE(a.n_confirmed + a.n_talked + a.n_met, 0) = 0",
                params: 0,
            },
            Filter {
                name: "not_told",
                sql: "COALESCE(m.n_told + m.n_confirmed + m.n_talked + m.n_met, 0) = 0",
                params: 0,
            },
            Filter { name: "not_confirmed", sql: "COALESCE(m.n_confirmed + m.n_talked + m.n_met, 0) = 0", params: 0 },
            Filter { name: "not_talked", sql: "COALESCE(m.n_talked + m.n_met, 0) = 0", params: 0 },
            Filter { name: "not_met", sql: "COALESCE(m.n_met, 0) = 0", params: 0 },
            Filter { name: "class", sql: "s.class_id = $1", params: 1 },
            Filter { name: "school", sql: "s.school_id = $1", params: 1 },
            Filter { name: "town", sql: "k.town_id = $1", params: 1 },
            Filter { name: "setting", sql: "b.setting = $1", params: 1 },
            Filter {
                name: "phone",
                sql: "EXISTS (SELECT 1 FROM guardianship h JOIN guardian p ON p.id = h.guardian_id
                              WHERE h.student_id = s.id AND h.valid_to IS NULL AND (h.may_receive OR h.withheld) AND NOT h.restricted
                                AND p.phone_blind IS NOT NULL)",
                params: 0,
            },
            Filter {
                name: "no_phone",
                sql: "NOT EXISTS (SELECT 1 FROM guardianship h JOIN guardian p ON p.id = h.guardian_id
                                  WHERE h.student_id = s.id AND h.valid_to IS NULL AND (h.may_receive OR h.withheld) AND NOT h.restricted
                                    AND p.phone_blind IS NOT NULL)",
                params: 0,
            },
            Filter { name: "joined_by", sql: "s.joined_on <= $1", params: 1 },
        ],
        orders: &[
            Order { name: "school", keys: &[("s.school_id", false), ("s.name_key", false), ("s.id", false)] },
            Order { name: "joined", keys: &[("s.joined_on", false), ("s.id", false)] },
        ],
        groups: &[
            Group { name: "school", sql: "CAST(s.school_id AS TEXT)" },
            Group { name: "class", sql: "CAST(s.class_id AS TEXT)" },
        ],
    };
}

record! {
    /// A child in the list.
    #[derive(Clone, Debug)]
    pub(super) struct Child {
        pub id: Id,
        pub name: String,
        pub school: Id,
        pub school_name: String,
        pub class: Id,
        pub stage: String,
        pub entry_year: i16,
        pub class_no: u16,
        pub speciality: String,
        pub joined_on: Date,
        /// A guardian who may receive has a telephone number.
        pub phone: bool,
        /// Day of the last talk or meeting; empty when there was none.
        pub last_on: String,
    }
}

impl Child {
    /// Name of the class in a school year.
    pub(super) fn class_name(&self, school_year_start: i16) -> String {
        let (year, number) = (Some(self.entry_year), Some(self.class_no));
        ClassKey::of_columns(Some(&self.stage), year, number, Some(&self.speciality))
            .map(|key| key.display(school_year_start))
            .unwrap_or_default()
    }

    /// Days since the child joined the school.
    pub(super) fn days(&self, today: Date) -> i64 {
        i64::from((today - self.joined_on).get_days())
    }

    /// Day of the last talk or meeting.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.last_on.parse().ok()
    }
}
