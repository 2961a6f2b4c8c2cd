//! Special visits somebody suggests because something happened: with the days within which, closed by a
//! visit at home or by a word. The triggers are a setting of the district; ours to begin with are one
//! school's list (POLICY 1.2 [P]), the windows ours [P].

use super::model::VisitId;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_registry::people::Student;
use gongyu_store::{Reader, Tx, record, settings, sql};
use serde::{Deserialize, Serialize};

const SETTING: &str = "visit.triggers";

/// Something after which a family is visited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name for ever.
    pub code: String,
    /// Its words.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Days within which the visit is due.
    pub days: i64,
}

/// The triggers of the district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triggers(pub Vec<Trigger>);

impl Default for Triggers {
    fn default() -> Self {
        let all = [
            ("grades", "成绩变化大", "A sharp change of grades", 14),
            ("absence", "无故缺课1天", "Absent a day without cause", 3),
            ("mood", "情绪波动大", "Swings of mood", 7),
            ("learning", "学习有困难", "Difficulty with learning", 14),
            ("will", "不想上学", "No will to study", 7),
            ("home", "生病或家里有事，请假超过1天", "Illness or trouble at home, away over a day", 7),
            ("conduct", "严重违纪", "A serious breach of rules", 7),
            ("accident", "在校受伤", "An accident at school", 3),
        ];
        let of = |(code, zh, en, days): (&str, &str, &str, i64)| Trigger {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            days,
        };
        Self(all.map(of).to_vec())
    }
}

impl Triggers {
    /// The words of a trigger; its code when the list no longer has it.
    pub fn words(&self, code: &str, chinese: bool) -> String {
        let found = self.0.iter().find(|t| t.code == code);
        found.map_or_else(|| code.to_owned(), |t| if chinese { t.zh.clone() } else { t.en.clone() })
    }
}

/// The triggers of the district.
///
/// # Errors
/// As any statement.
pub fn triggers(r: &mut Reader) -> Result<Triggers> {
    settings::get_or_default(r, SETTING)
}

/// Keeps the triggers of the district.
///
/// # Errors
/// As any statement.
pub fn keep_triggers(tx: &mut Tx, triggers: &Triggers) -> Result<()> {
    settings::put(tx, SETTING, triggers)
}

record! {
    /// A suggested visit.
    #[derive(Clone, Debug)]
    pub struct Suggestion {
        /// Identifier.
        pub id: Id,
        /// School.
        pub school: Id,
        /// Class of the child.
        pub class: Id,
        /// Child.
        pub student: Id,
        /// Name of the child.
        pub name: String,
        /// Code of what happened.
        pub trigger: String,
        /// In words.
        pub words: String,
        /// Who suggests it.
        pub by: String,
        /// Since when.
        pub raised_at: Millis,
        /// Day by which.
        pub due_on: Date,
        /// The visit it led to.
        pub visit: Option<VisitId>,
        /// When it was closed.
        pub closed_at: Option<Millis>,
    }
}

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT t.id, t.school_id, t.class_id, t.student_id, s.name, t.trigger_code, t.words, a.name, t.raised_at,
                    t.due_on, t.visit_id, t.closed_at
             FROM visit_task t JOIN student s ON s.id = t.student_id JOIN account a ON a.id = t.raised_by ",
            $tail
        ))
    };
}

/// Suggests a visit to a child's family.
///
/// # Errors
/// `Error::NotFound` for a child without a class, `Error::Conflict` for a trigger that is not in the list or
/// one already open for this child.
pub fn suggest(tx: &mut Tx, child: &Student, code: &str, words: &str, by: Id) -> Result<Id> {
    let class = child.class.ok_or(Error::NotFound)?;
    let list = triggers(tx)?;
    let trigger = list.0.iter().find(|t| t.code == code).ok_or_else(|| Error::field("trigger", "field-choose"))?;
    tx.lock(&format!("visit-task:{}", child.id))?;
    let open: Option<(Id,)> = tx.row(
        sql!("SELECT id FROM visit_task WHERE student_id = $1 AND trigger_code = $2 AND closed_at IS NULL"),
        &[&child.id, &code],
    )?;
    if open.is_some() {
        return Err(Error::conflict("visit-suggested-already"));
    }
    let (id, now, today) = (tx.new_id(), tx.now(), tx.today());
    let due = today.saturating_add(jiff::Span::new().days(trigger.days.clamp(1, 366)));
    tx.exec(
        sql!(
            "INSERT INTO visit_task (id, school_id, class_id, student_id, trigger_code, words, raised_by, raised_at,
                                      due_from, due_on, closed_words)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')"
        ),
        &[&id, &child.school, &class, &child.id, &code, &words, &by, &now, &today, &due],
    )?;
    Ok(id)
}

/// A suggestion.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<Suggestion> {
    r.one(select!("WHERE t.id = $1"), &[&id])
}

/// The open suggestions of some classes, the most pressing first.
///
/// # Errors
/// As any statement.
pub fn open_of(r: &mut Reader, classes: &[Id]) -> Result<Vec<Suggestion>> {
    let mut found: Vec<Suggestion> =
        r.rows_in(select!("WHERE t.class_id IN ($1) AND t.closed_at IS NULL"), classes, &[])?;
    found.sort_by_key(|s| (s.due_on, s.id));
    found.dedup_by_key(|s| s.id);
    Ok(found)
}

/// Ties the open suggestions of some children to the visit they led to.
///
/// # Errors
/// As any statement.
pub fn tie(tx: &mut Tx, children: &[Id], visit: VisitId) -> Result<()> {
    tx.exec_in(
        sql!("UPDATE visit_task SET visit_id = $2 WHERE student_id IN ($1) AND closed_at IS NULL AND visit_id IS NULL"),
        children,
        &[&visit],
    )
    .map(drop)
}

/// Closes a suggestion without a visit, with the reason.
///
/// # Errors
/// As any statement.
pub fn close(tx: &mut Tx, id: Id, by: Id, words: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE visit_task SET closed_at = $1, closed_by = $2, closed_words = $3 WHERE id = $4"),
        &[&now, &by, &words, &id],
    )
    .map(drop)
}
