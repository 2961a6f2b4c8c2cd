//! The SQL of the guardian's pages.

use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_ledger::rules::{Channel, Depth, Tone, TouchKind};
use gongyu_registry::roster::class_label::ClassKey;
use gongyu_store::{Asked, Reader, record, sql};

record! {
    /// A child of the guardian with its school and class.
    #[derive(Clone, Debug)]
    pub(super) struct Child {
        pub(super) id: Id,
        pub(super) name: String,
        pub(super) school: Id,
        pub(super) school_name: String,
        pub(super) school_phone: String,
        pub(super) class: Option<Id>,
        pub(super) stage: Option<String>,
        pub(super) entry_year: Option<i16>,
        pub(super) class_no: Option<u16>,
        pub(super) speciality: Option<String>,
        /// Consent was taken back or refused: the guardian sees the name and how to consent again, no more.
        pub(super) withheld: bool,
    }
}

impl Child {
    /// Name of the class in a school year; empty without one.
    pub(super) fn class_name(&self, school_year_start: i16) -> String {
        ClassKey::of_columns(self.stage.as_deref(), self.entry_year, self.class_no, self.speciality.as_deref())
            .map(|key| key.display(school_year_start))
            .unwrap_or_default()
    }
}

record! {
    /// A contact as its family may see it.
    #[derive(Clone, Debug)]
    pub(super) struct Seen {
        pub(super) touch: Id,
        pub(super) student: Id,
        pub(super) day: Date,
        pub(super) at: Millis,
        pub(super) kind: TouchKind,
        pub(super) channel: Channel,
        pub(super) depth: Depth,
        pub(super) tone: Option<Tone>,
        pub(super) guardian: Option<Id>,
        pub(super) staff: Option<String>,
        pub(super) note: Option<String>,
        pub(super) said: Option<bool>,
    }
}

/// The children whose matters a guardian may receive, oldest first; marked, those too for whom consent
/// was taken back.
pub(super) fn children(r: &mut Reader, guardian: Id) -> Result<Vec<Child>> {
    r.rows(
        sql!(
            "SELECT s.id, s.name, s.school_id, h.name, h.phone, c.id, c.stage, c.entry_year, c.class_no, c.speciality,
                     k.withheld
              FROM guardianship k JOIN student s ON s.id = k.student_id AND s.state = 'active'
              JOIN unit h ON h.id = s.school_id LEFT JOIN unit c ON c.id = s.class_id
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND NOT k.restricted
                AND (k.may_receive OR (k.withheld AND k.custody_receives))
              ORDER BY s.birth_date, s.id"
        ),
        &[&guardian],
    )
}

record! {
    /// Who teaches a class.
    #[derive(Clone, Debug)]
    pub(super) struct Teacher {
        pub(super) class: Id,
        pub(super) class_teacher: bool,
        pub(super) name: String,
        pub(super) staff: Option<Id>,
        pub(super) title: String,
    }
}

/// Asks who teaches some classes today, class teachers first. Lists of constants are written as `CASE`
/// on this page: for an `IN` SQLite builds a table each time.
pub(super) fn teachers(r: &mut Reader, classes: &[Id]) -> Result<Asked<Teacher>> {
    let today = r.today();
    r.ask_in(
        sql!(
            "SELECT g.unit_id, g.role = 'class_teacher', a.name, a.staff_id, COALESCE(f.title, '')
              FROM role_grant g JOIN account a ON a.id = g.account_id LEFT JOIN staff f ON f.id = a.staff_id
              WHERE g.unit_id IN ($1) AND g.valid_from <= $2
                AND CASE g.role WHEN 'class_teacher' THEN TRUE WHEN 'subject_teacher' THEN TRUE ELSE FALSE END
                AND (g.valid_to IS NULL OR g.valid_to >= $2)
              ORDER BY g.role, g.id"
        ),
        classes,
        &[&today],
    )
}

/// Asks for the contacts of some children since a day, the newest first, with what this guardian said of them.
pub(super) fn seen(r: &mut Reader, children: &[Id], me: Id, since: Date) -> Result<Asked<Seen>> {
    r.ask_in(
        sql!(
            "SELECT t.id, t.student_id, t.occurred_on, t.recorded_at, t.kind, t.channel, t.depth, t.tone,
                     t.guardian_id, f.name, c.note, w.happened
              FROM touch t
              LEFT JOIN staff f ON f.id = t.staff_id
              LEFT JOIN contact_record c ON c.school_id = t.school_id AND c.id = t.source_id
                                        AND t.source_kind = 'contact_record'
              LEFT JOIN touch_answer w ON w.touch_id = t.id AND w.guardian_id = $2
              WHERE t.student_id IN ($1) AND t.occurred_on >= $3 AND t.reverses_id IS NULL
                AND CASE t.kind WHEN 'contact' THEN TRUE WHEN 'visit' THEN TRUE WHEN 'meeting' THEN TRUE
                                WHEN 'open_day' THEN TRUE ELSE FALSE END
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
              ORDER BY t.occurred_on DESC, t.id DESC"
        ),
        children,
        &[&me, &since],
    )
}

/// Child, school, guardian reached and day of a touch that stands.
pub(super) fn touch(r: &mut Reader, id: Id) -> Result<(Id, Id, Option<Id>, Date)> {
    r.one(
        sql!(
            "SELECT t.student_id, t.school_id, t.guardian_id, t.occurred_on FROM touch t
              WHERE t.id = $1 AND t.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)"
        ),
        &[&id],
    )
}
