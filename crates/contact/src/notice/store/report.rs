//! Who stands where, by name.

use crate::notice::model::{Notice, Stand, State};
use crate::notice::permit::{Sight, Slice};
use gongyu_access::Actor;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_registry::people::Relation;
use gongyu_store::list::{Filter, ListSpec, Order};
use gongyu_store::{Reader, list_spec, record, sql};

list_spec! {
    /// The children of a notice (`$1`), with who confirmed for them and the answer that counts.
    pub static CHILDREN = ListSpec {
        name: "notice children",
        columns: "c.student_id, s.name, c.school_id, c.class_id, c.state, c.via, c.changed_at,
                  c.by_guardian, COALESCE(g.name, ''), c.by_account, c.answer_id, COALESCE(a.body, '')",
        from: "FROM notice_child c JOIN student s ON s.id = c.student_id
               LEFT JOIN guardian g ON g.id = c.by_guardian
               LEFT JOIN notice_answer a ON a.id = c.answer_id AND a.school_id = c.school_id
               WHERE c.notice_id = $1",
        fixed: 1,
        filters: &[
            Filter { name: "state", sql: "c.state = $1", params: 1 },
            Filter { name: "silent", sql: "c.state <> 'confirmed'", params: 0 },
            Filter { name: "unseen", sql: "c.state IN ('failed', 'addressed', 'delivered')", params: 0 },
            Filter { name: "answered", sql: "c.answer_id IS NOT NULL", params: 0 },
            Filter { name: "class", sql: "c.class_id = $1", params: 1 },
            Filter { name: "school", sql: "c.school_id = $1", params: 1 },
            Filter {
                name: "town",
                sql: "c.school_id IN (SELECT u.id FROM unit u WHERE u.town_id = $1 AND u.kind = 'school')",
                params: 1,
            },
        ],
        orders: &[
            Order { name: "name", keys: &[("c.class_id", false), ("s.name_key", false), ("c.student_id", false)] },
            Order { name: "latest", keys: &[("c.changed_at", true), ("c.student_id", true)] },
        ],
        groups: &[],
    };
}

record! {
    /// A child of a notice.
    #[derive(Clone, Debug)]
    pub struct ChildLine {
        /// The child.
        pub student: Id,
        /// Name.
        pub name: String,
        /// School.
        pub school: Id,
        /// Class, as it was addressed.
        pub class: Id,
        /// Where it stands.
        pub stand: Stand,
        /// The ledger's channel that brought it there; empty while there is none.
        pub via: String,
        /// Since when.
        pub changed_at: Millis,
        /// Guardian who confirmed or answered.
        pub by_guardian: Option<Id>,
        /// Name of that guardian; may be empty.
        pub guardian_name: String,
        /// Account that ticked it off.
        pub by_account: Option<Id>,
        /// The answer that counts.
        pub answer: Option<Id>,
        /// Its JSON; empty without one.
        pub body: String,
    }
}

/// The list of children, narrowed to what somebody may see; add filters and take pages from it.
pub fn children(notice: Id, slice: Slice) -> gongyu_store::list::ListQuery {
    let mut list = CHILDREN.query(&[&notice]);
    for (name, unit) in [("class", slice.class), ("school", slice.school), ("town", slice.town)] {
        if unit != Id(0) {
            list = list.filter(name, &[&unit]);
        }
    }
    list
}

record! {
    /// A guardian to call about a child.
    #[derive(Clone, Debug)]
    pub struct CallLine {
        /// The child.
        pub student: Id,
        /// Guardian.
        pub guardian: Id,
        /// Name.
        pub name: String,
        /// What they are to the child.
        pub relation: Relation,
        /// Everyday word for it; may be empty.
        pub kin: String,
        /// Whether a telephone is known; `people::phone_of` opens it for those who may see it.
        pub has_phone: bool,
        /// Where this guardian stands.
        pub own: Stand,
        /// When the letter arrived.
        pub delivered_at: Option<Millis>,
        /// When it was opened.
        pub read_at: Option<Millis>,
    }
}

/// The guardians of some children of a notice who may be called about it, in the order of the roster.
///
/// # Errors
/// As any statement.
pub fn calls(r: &mut Reader, notice: Id, students: &[Id]) -> Result<Vec<CallLine>> {
    let mut rows: Vec<CallLine> = r.rows_in(
        sql!(
            "SELECT k.student_id, g.id, g.name, k.relation, k.kin, g.phone_blind IS NOT NULL,
                    COALESCE(o.state, 'failed'), o.delivered_at, o.read_at
              FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
              LEFT JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = $2
                    AND o.student_id = k.student_id
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              ORDER BY k.student_id, k.position, k.id"
        ),
        students,
        &[&notice],
    )?;
    rows.dedup_by_key(|l| (l.student, l.guardian));
    Ok(rows)
}

record! {
    /// An answer, the ones that no longer count too.
    #[derive(Clone, Debug)]
    pub struct AnswerLine {
        /// Answer.
        pub id: Id,
        /// The child.
        pub student: Id,
        /// Guardian who gave it, if one did.
        pub guardian: Option<Id>,
        /// JSON of `parts::form`.
        pub body: String,
        /// When.
        pub at: Millis,
    }
}

/// Every answer given for a child, the newest first: the first of them counts.
///
/// # Errors
/// As any statement.
pub fn answers_of(r: &mut Reader, notice: Id, student: Id) -> Result<Vec<AnswerLine>> {
    r.rows(
        sql!(
            "SELECT id, student_id, guardian_id, body, at FROM notice_answer
              WHERE notice_id = $1 AND student_id = $2 ORDER BY id DESC LIMIT 50"
        ),
        &[&notice, &student],
    )
}

/// What staff see of a notice in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Being written.
    Drafts,
    /// Waiting for their time.
    Scheduled,
    /// Gone, and withdrawn.
    Sent,
}

record! {
    struct Found {
        id: Id,
    }
}

/// The notices a hat may see, the newest first by the moment each stands at: its own, those of its unit and of the units one step below,
/// those that came from above to its families, and those shared with it. Drafts are their author's alone.
///
/// # Errors
/// As any statement, `Error::Forbidden` for a hat without a unit.
pub fn list(r: &mut Reader, actor: &Actor, tab: Tab, after: Option<Id>, limit: i64) -> Result<Vec<Notice>> {
    // The last row of the page before says where this one begins: its moment, and its number among equals.
    let (moment, before) = match after {
        None => (i64::MAX, Id(i64::MAX)),
        Some(id) => (moment_of(&super::notices::find(r, id)?).0, id),
    };
    let found: Vec<Found> = match tab {
        Tab::Drafts | Tab::Scheduled => {
            let state = if tab == Tab::Drafts { State::Draft } else { State::Scheduled };
            r.rows(
                sql!(
                    "SELECT id FROM notice WHERE author_id = $1 AND NOT template AND state = $2 AND unit_id = $5
                        AND (COALESCE(send_at, updated_at) < $6 OR (COALESCE(send_at, updated_at) = $6 AND id < $3))
                      ORDER BY COALESCE(send_at, updated_at) DESC, id DESC LIMIT $4"
                ),
                &[&actor.account, &state, &before, &limit, &actor.unit()?, &moment],
            )?
        }
        Tab::Sent => {
            let unit = actor.unit()?;
            let whole = !crate::notice::permit::sees_only_own(actor.hat.role);
            r.rows(
                sql!(
                    "SELECT n.id FROM notice n
                      WHERE n.state IN ('sending', 'sent', 'recalled')
                        AND (COALESCE(n.sent_at, n.created_at) < $6
                             OR (COALESCE(n.sent_at, n.created_at) = $6 AND n.id < $3)) AND n.id IN (
                        SELECT a.id FROM notice a WHERE a.author_id = $2 AND a.unit_id = $1
                        UNION SELECT h.notice_id FROM notice_share h WHERE h.account_id = $2
                        UNION SELECT b.notice_id FROM notice_class b WHERE $5 AND b.class_id = $1
                        UNION SELECT d.id FROM unit_closure x JOIN notice d ON d.unit_id = x.descendant_id
                               WHERE $5 AND x.ancestor_id = $1 AND x.depth <= 1 AND x.valid_to IS NULL
                        UNION SELECT e.id FROM unit_closure y JOIN notice e ON e.unit_id = y.ancestor_id
                               WHERE $5 AND y.descendant_id = $1 AND y.depth > 0 AND y.valid_to IS NULL
                                 AND EXISTS (SELECT 1 FROM notice_class z JOIN unit_closure w
                                               ON w.descendant_id = z.class_id AND w.ancestor_id = $1 AND w.valid_to IS NULL
                                              WHERE z.notice_id = e.id))
                      ORDER BY COALESCE(n.sent_at, n.created_at) DESC, n.id DESC LIMIT $4"
                ),
                &[&unit, &actor.account, &before, &limit, &whole, &moment],
            )?
        }
    };
    let ids: Vec<Id> = found.into_iter().map(|f| f.id).collect();
    let mut notices = super::notices::find_all(r, &ids)?;
    notices.sort_by_key(|n| std::cmp::Reverse((moment_of(n), n.id)));
    Ok(notices)
}

/// The moment a notice stands at in its list: when it went, when it is to go, when it was last written on.
fn moment_of(notice: &Notice) -> Millis {
    match notice.state {
        State::Draft | State::Scheduled => notice.send_at.unwrap_or(notice.updated_at),
        State::Sending | State::Sent | State::Recalled => notice.sent_at.unwrap_or(notice.created_at),
    }
}

record! {
    /// A notice in a guardian's inbox, for one of their children.
    #[derive(Clone, Debug)]
    pub struct InboxLine {
        /// Notice.
        pub notice: Id,
        /// The child.
        pub student: Id,
        /// Name of the child.
        pub child: String,
        /// Title.
        pub title: String,
        /// Who speaks.
        pub from_name: String,
        /// Who wrote it.
        pub author_name: String,
        /// What is asked.
        pub kind: crate::notice::model::Kind,
        /// Goes before the others.
        pub urgent: bool,
        /// Where the notice stands.
        pub state: State,
        /// When it went.
        pub sent_at: Option<Millis>,
        /// Until when an answer is asked.
        pub deadline: Option<Millis>,
        /// The notice that corrects it.
        pub replaced_by: Option<Id>,
    }
}

record! {
    /// Where a guardian and the child stand with a notice of the inbox.
    #[derive(Clone, Debug)]
    pub struct InboxStand {
        /// Notice.
        pub notice: Id,
        /// The child.
        pub student: Id,
        /// Where this guardian stands.
        pub own: Stand,
        /// Where the child stands.
        pub stand: Stand,
    }
}

/// A guardian's notices, the newest first, each once for every child it names.
///
/// # Errors
/// As any statement.
pub fn inbox(r: &mut Reader, guardian: Id, before: Option<Id>, limit: i64) -> Result<Vec<(InboxLine, InboxStand)>> {
    let (moment, before) = match before {
        None => (i64::MAX, Id(i64::MAX)),
        Some(id) => (moment_of(&super::notices::find(r, id)?).0, id),
    };
    let lines: Vec<InboxLine> = r.rows(
        sql!(
            "SELECT n.id, s.id, s.name, n.title, n.from_name, n.author_name, n.kind, n.urgent, n.state, n.sent_at,
                    n.deadline_at, n.replaced_by
              FROM notice_receipt o JOIN notice n ON n.id = o.notice_id
              JOIN guardianship k ON k.student_id = o.student_id AND k.guardian_id = o.guardian_id
               AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN student s ON s.id = o.student_id
              WHERE o.guardian_id = $1 AND (COALESCE(n.sent_at, n.created_at) < $4
                    OR (COALESCE(n.sent_at, n.created_at) = $4 AND o.notice_id < $2))
              ORDER BY COALESCE(n.sent_at, n.created_at) DESC, o.notice_id DESC, s.birth_date, s.id LIMIT $3"
        ),
        &[&guardian, &before, &limit, &moment],
    )?;
    let mut notices: Vec<Id> = lines.iter().map(|l| l.notice).collect();
    notices.dedup();
    let stands: Vec<InboxStand> = r.rows_in(
        sql!(
            "SELECT o.notice_id, o.student_id, o.state, c.state FROM notice_receipt o
              JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id AND c.school_id = o.school_id
              WHERE o.notice_id IN ($1) AND o.guardian_id = $2"
        ),
        &notices,
        &[&guardian],
    )?;
    let of = |line: &InboxLine| stands.iter().find(|s| (s.notice, s.student) == (line.notice, line.student)).cloned();
    Ok(lines.into_iter().filter_map(|line| of(&line).map(|stand| (line, stand))).collect())
}

record! {
    /// A child whose family leaves notices unread.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NonReader {
        /// The child.
        pub student: Id,
        /// Name.
        pub name: String,
        /// Unread of the last notices.
        pub unread: i64,
    }
}

/// The families of a class that left unread at least so many of its last notices: a reason to call, told to
/// the class teacher. A notice counts from the day after it went.
///
/// # Errors
/// As any statement.
pub fn non_readers(r: &mut Reader, class: Id) -> Result<Vec<NonReader>> {
    let settings = crate::notice::settings::settings_of(r)?;
    let yesterday = r.now().plus_days(-1);
    let last: Vec<Found> = r.rows(
        sql!(
            "SELECT n.id FROM notice_class c JOIN notice n ON n.id = c.notice_id
              WHERE c.class_id = $1 AND n.state = 'sent' AND n.sent_at <= $2 AND n.replaced_by IS NULL
              ORDER BY c.day DESC, n.id DESC LIMIT $3"
        ),
        &[&class, &yesterday, &settings.chronic_of],
    )?;
    let ids: Vec<Id> = last.into_iter().map(|f| f.id).collect();
    let mut rows: Vec<NonReader> = r.rows_in(
        sql!(
            "SELECT s.id, s.name, COUNT(*) FROM notice_child c JOIN student s ON s.id = c.student_id
              WHERE c.notice_id IN ($1) AND c.class_id = $2 AND s.class_id = $2 AND s.state = 'active'
                AND c.state IN ('failed', 'addressed', 'delivered')
              GROUP BY s.id, s.name HAVING COUNT(*) >= $3 ORDER BY COUNT(*) DESC, s.id"
        ),
        &ids,
        &[&class, &settings.chronic_unread],
    )?;
    rows.dedup_by_key(|n| n.student);
    Ok(rows)
}

/// Whether a child of a notice lies in what somebody sees of it.
///
/// # Errors
/// `Error::NotFound` when it does not.
pub fn child_in_sight(r: &mut Reader, sight: &Sight, student: Id) -> Result<ChildLine> {
    let found: Option<(Id, Id)> = r.row(
        sql!("SELECT school_id, class_id FROM notice_child WHERE notice_id = $1 AND student_id = $2"),
        &[&sight.notice.id, &student],
    )?;
    let (school, class) = found.ok_or(gongyu_kernel::Error::NotFound)?;
    sight.slice.must_hold(r, school, class)?;
    r.one(
        sql!(
            "SELECT c.student_id, s.name, c.school_id, c.class_id, c.state, c.via, c.changed_at,
                    c.by_guardian, COALESCE(g.name, ''), c.by_account, c.answer_id, COALESCE(a.body, '')
              FROM notice_child c JOIN student s ON s.id = c.student_id
              LEFT JOIN guardian g ON g.id = c.by_guardian
              LEFT JOIN notice_answer a ON a.id = c.answer_id AND a.school_id = c.school_id
              WHERE c.notice_id = $1 AND c.student_id = $2"
        ),
        &[&sight.notice.id, &student],
    )
}
