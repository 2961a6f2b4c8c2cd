//! Children who join or leave a class while a notice to it is open.

use super::audience::{Target, Targets};
use super::{notices, sending};
use crate::notice::model::{Audience, Notice};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx, Value, record, sql};
use gongyu_web::MembershipChange;
use std::collections::{BTreeSet, HashMap};

/// A child who joins a class is suggested to the teachers whose notices to that class are still open. Who
/// leaves keeps the receipt: what was asked of the family was asked.
pub(crate) fn on_membership_change(tx: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
    let classes: BTreeSet<Id> = changes.iter().flat_map(|c| [c.from_class, c.to_class]).flatten().collect();
    let classes: Vec<Id> = classes.into_iter().collect();
    super::reach::forget(tx, &classes)?;
    let joined: BTreeSet<Id> = changes.iter().filter_map(|c| c.to_class).collect();
    let joined: Vec<Id> = joined.into_iter().collect();
    let now = tx.now();
    let since = tx.today().saturating_sub(jiff::Span::new().days(crate::notice::rules::WAIT_DAYS));
    let open: Vec<(Id, Id)> = tx.rows_in(
        sql!(
            "SELECT c.class_id, c.notice_id FROM notice_class c JOIN notice n ON n.id = c.notice_id
              WHERE c.class_id IN ($1) AND c.day >= $2 AND c.whole AND n.state IN ('sending', 'sent')
                AND n.replaced_by IS NULL AND (n.deadline_at IS NULL OR n.deadline_at > $3)"
        ),
        &joined,
        &[&since, &now],
    )?;
    if open.is_empty() {
        return Ok(());
    }
    let mut by_class: HashMap<Id, BTreeSet<Id>> = HashMap::new();
    for (class, notice) in open {
        by_class.entry(class).or_default().insert(notice);
    }
    let mut rows = Vec::new();
    for change in changes {
        let Some(class) = change.to_class else { continue };
        for notice in by_class.get(&class).into_iter().flatten() {
            rows.push([notice.0, change.student.0, class.0, now.0].map(Value::Int).to_vec());
        }
    }
    tx.insert_many_with(
        "notice_joiner",
        &["notice_id", "student_id", "class_id", "at"],
        "ON CONFLICT (notice_id, student_id) DO NOTHING",
        &rows,
    )
}

record! {
    /// A child who joined a class after a notice to it went.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Joiner {
        /// Notice.
        pub notice: Id,
        /// Its title.
        pub title: String,
        /// The child.
        pub student: Id,
        /// Name.
        pub name: String,
        /// The class joined.
        pub class: Id,
    }
}

/// The children who joined a class and have not been added to its open notices, nor left out.
///
/// # Errors
/// As any statement.
pub fn joiners(r: &mut Reader, class: Id) -> Result<Vec<Joiner>> {
    r.rows(
        sql!(
            "SELECT j.notice_id, n.title, s.id, s.name, j.class_id FROM notice_joiner j
              JOIN notice n ON n.id = j.notice_id AND n.state IN ('sending', 'sent') AND n.replaced_by IS NULL
              JOIN student s ON s.id = j.student_id AND s.class_id = j.class_id AND s.state = 'active'
              WHERE j.class_id = $1 AND j.settled_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM notice_child c WHERE c.notice_id = j.notice_id AND c.student_id = j.student_id)
              ORDER BY j.notice_id DESC, s.name_key LIMIT 50"
        ),
        &[&class],
    )
}

/// Adds a child who joined (`add`), or leaves it out for good. Whoever calls has checked that the class is the
/// actor's.
///
/// # Errors
/// `Error::NotFound` when nobody suggested it; as `sending::add_recipients`.
pub fn settle_joiner(tx: &mut Tx, notice: &Notice, class: Id, student: Id, add: bool) -> Result<()> {
    let now = tx.now();
    let n = tx.exec(
        sql!(
            "UPDATE notice_joiner SET settled_at = $1
              WHERE notice_id = $2 AND student_id = $3 AND class_id = $4 AND settled_at IS NULL"
        ),
        &[&now, &notice.id, &student, &class],
    )?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    if !add {
        return Ok(());
    }
    let school: Id = tx.scalar(
        sql!("SELECT school_id FROM student WHERE id = $1 AND class_id = $2 AND state = 'active'"),
        &[&student, &class],
    )?;
    let targets =
        Targets { classes: vec![Target { class, school, whole: false }], picks: vec![student], except: Vec::new() };
    let more = Audience { children: vec![student], ..Audience::default() };
    let notice = notices::find(tx, notice.id)?;
    sending::refuse_unless_standing(&notice)?;
    sending::add_targets(tx, &notice, &targets, &more).map(drop)
}
