//! The letters of a notice: their words when their turn comes, and what is heard of them afterwards.

use super::model::{Counts, Kind, Notice, Stand, State};
use super::store::{self, step};
use super::{SOURCE, rules};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_ledger::touch;
use gongyu_registry::people::Relation;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_web::App;
use gongyu_web::letters::{Became, Due, LetterSource, News, Words};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of notices.
pub const LETTERS: LetterSource = LetterSource { kind: SOURCE, compose, heard };

record! {
    /// A child that a letter names.
    struct Named {
        guardian: Id,
        name: String,
        stand: Stand,
    }
}

/// One letter to a guardian names every child it is about. None goes out any more when the notice was withdrawn or
/// corrected, when all of those children are done, or when custody has changed.
fn compose(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    let sources: BTreeSet<Id> = due.iter().map(|d| d.source).collect();
    let sources: Vec<Id> = sources.into_iter().collect();
    let notices: HashMap<Id, Notice> = store::find_all(r, &sources)?.into_iter().map(|n| (n.id, n)).collect();
    let mut named: HashMap<(Id, Id), Vec<Named>> = HashMap::new();
    for notice in notices.keys() {
        let guardians: Vec<Id> = due.iter().filter(|d| d.source == *notice).filter_map(|d| d.guardian).collect();
        for child in children_named(r, *notice, &guardians)? {
            named.entry((*notice, child.guardian)).or_default().push(child);
        }
    }
    let words = |d: &Due| {
        let notice = notices.get(&d.source)?;
        let children = named.get(&(d.source, d.guardian?))?;
        let live = matches!(notice.state, State::Sending | State::Sent) && notice.replaced_by.is_none();
        let wanted = children.iter().any(|c| c.stand < notice.wanted());
        (live && wanted).then(|| write(app, notice, children, d))
    };
    Ok(due.iter().map(words).collect())
}

fn children_named(r: &mut Reader, notice: Id, guardians: &[Id]) -> Result<Vec<Named>> {
    let mut rows: Vec<Named> = r.rows_in(
        sql!(
            "SELECT o.guardian_id, s.name, c.state FROM notice_receipt o
              JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id AND c.school_id = o.school_id
              JOIN guardianship k ON k.student_id = o.student_id AND k.guardian_id = o.guardian_id
               AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN student s ON s.id = o.student_id
              WHERE o.guardian_id IN ($1) AND o.notice_id = $2"
        ),
        guardians,
        &[&notice],
    )?;
    rows.sort_by(|a, b| (a.guardian, &a.name).cmp(&(b.guardian, &b.name)));
    Ok(rows)
}

fn write(app: &App, notice: &Notice, children: &[Named], due: &Due) -> Words {
    let lang = due.lang;
    let joint = if lang == Lang::Zh { "、" } else { ", " };
    let names = children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(joint);
    let key = match (due.round, notice.correction_of, notice.kind) {
        (1.., _, _) => "notice-letter-reminder",
        (_, Some(_), _) => "notice-letter-correction",
        (_, _, Kind::Plain) => "notice-letter-plain",
        (_, _, Kind::Confirm) => "notice-letter-confirm",
        (_, _, Kind::Answer) => "notice-letter-answer",
    };
    let until = notice.deadline.map(day_and_hour).unwrap_or_default();
    let args = [
        ("title", notice.title.clone().into()),
        ("children", names.clone().into()),
        ("from", notice.from_name.clone().into()),
    ];
    Words {
        title: notice.title.clone(),
        text: app.catalogue.ta(lang, key, &args),
        href: format!("/n/{}", notice.token),
        template: key,
        values: vec![
            ("title", notice.title.clone()),
            ("children", names),
            ("from", notice.from_name.clone()),
            ("until", until),
        ],
    }
}

/// 11-26 20:00, as the templates of providers want it.
fn day_and_hour(at: Millis) -> String {
    let civil = at.civil();
    format!("{:02}-{:02} {:02}:{:02}", civil.month(), civil.day(), civil.hour(), civil.minute())
}

record! {
    struct Reached {
        guardian: Id,
        student: Id,
        relation: Relation,
    }
}

/// What a channel says moves receipts, children, counters and the ledger in one transaction. That a channel
/// took a letter is no news of the family.
fn heard(tx: &mut Tx, news: &[News]) -> Result<()> {
    let mut arrived: BTreeMap<(Id, &str), Vec<&News>> = BTreeMap::new();
    let mut lost: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for one in news {
        let Some(guardian) = one.due.guardian else { continue };
        match one.became {
            Became::Delivered => arrived.entry((one.due.source, one.channel.as_str())).or_default().push(one),
            Became::Failed | Became::ByHand => lost.entry(one.due.source).or_default().push(guardian),
            Became::Sent | Became::Unknown => {}
        }
    }
    for ((notice, channel), news) in arrived {
        delivered(tx, notice, channel, &news)?;
    }
    for (notice, guardians) in lost {
        failed(tx, notice, &guardians)?;
    }
    Ok(())
}

fn delivered(tx: &mut Tx, notice: Id, channel: &str, news: &[&News]) -> Result<()> {
    let guardians: Vec<Id> = news.iter().filter_map(|n| n.due.guardian).collect();
    let at = news.iter().map(|n| n.at).max().unwrap_or_default();
    tx.exec_in(
        sql!(
            "UPDATE notice_receipt SET state = 'delivered', delivered_at = $2, channel = $3
              WHERE guardian_id IN ($1) AND notice_id = $4 AND state IN ('addressed', 'failed')"
        ),
        &guardians,
        &[&at, &channel, &notice],
    )?;
    let mut reached: Vec<Reached> = tx.rows_in(
        sql!(
            "SELECT o.guardian_id, o.student_id, k.relation FROM notice_receipt o
              JOIN guardianship k ON k.student_id = o.student_id AND k.guardian_id = o.guardian_id AND k.valid_to IS NULL
              WHERE o.guardian_id IN ($1) AND o.notice_id = $2 AND o.state = 'delivered'"
        ),
        &guardians,
        &[&notice],
    )?;
    reached.sort_by_key(|x| (x.student, x.guardian));
    reached.dedup_by_key(|x| x.student);
    let by_child: HashMap<Id, &Reached> = reached.iter().map(|x| (x.student, x)).collect();
    let students: Vec<Id> = reached.iter().map(|x| x.student).collect();
    let mut shifts: BTreeMap<Id, Counts> = BTreeMap::new();
    let mut touches = Vec::new();
    let via = rules::channel_of(channel);
    for from in [Stand::Addressed, Stand::Failed] {
        for (student, class) in moved(tx, notice, &students, (from, Stand::Delivered), via.code())? {
            rules::moved(shifts.entry(class).or_default(), from, Stand::Delivered);
            let known = by_child.get(&student).map(|x| (x.guardian, Some(x.relation)));
            let cause = step::Cause { guardian: known, staff: None, account: None, channel: via };
            touches.extend(step::touch(tx, notice, student, (from, Stand::Delivered), &cause, None));
        }
    }
    step::shift(tx, notice, &shifts)?;
    if !touches.is_empty() {
        touch::record(tx, &touches)?;
        store::changed(tx, notice)?;
    }
    Ok(())
}

/// Moves children from one state to another and says which were moved, with their classes.
fn moved(tx: &mut Tx, notice: Id, students: &[Id], (from, to): (Stand, Stand), via: &str) -> Result<Vec<(Id, Id)>> {
    let now = tx.now();
    tx.rows_in(
        sql!(
            "UPDATE notice_child SET state = $2, via = $3, changed_at = $4
              WHERE student_id IN ($1) AND notice_id = $5 AND state = $6 RETURNING student_id, class_id"
        ),
        students,
        &[&to, &via, &now, &notice, &from],
    )
}

fn failed(tx: &mut Tx, notice: Id, guardians: &[Id]) -> Result<()> {
    tx.exec_in(
        sql!(
            "UPDATE notice_receipt SET state = 'failed'
              WHERE guardian_id IN ($1) AND notice_id = $2 AND state = 'addressed'"
        ),
        guardians,
        &[&notice],
    )?;
    let students: Vec<(Id,)> = tx.rows_in(
        sql!("SELECT student_id FROM notice_receipt WHERE guardian_id IN ($1) AND notice_id = $2 AND state = 'failed'"),
        guardians,
        &[&notice],
    )?;
    let students: BTreeSet<Id> = students.into_iter().map(|(id,)| id).collect();
    let students: Vec<Id> = students.into_iter().collect();
    let now = tx.now();
    // A child is by hand only when no guardian of it is still to be reached by a channel.
    let gone: Vec<(Id, Id)> = tx.rows_in(
        sql!(
            "UPDATE notice_child SET state = 'failed', changed_at = $2
              WHERE student_id IN ($1) AND notice_id = $3 AND state = 'addressed'
                AND NOT EXISTS (SELECT 1 FROM guardianship k
                      JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = $3
                       AND o.student_id = k.student_id
                      WHERE k.student_id = notice_child.student_id AND o.state <> 'failed')
              RETURNING student_id, class_id"
        ),
        &students,
        &[&now, &notice],
    )?;
    let mut shifts: BTreeMap<Id, Counts> = BTreeMap::new();
    for (_, class) in &gone {
        rules::moved(shifts.entry(*class).or_default(), Stand::Addressed, Stand::Failed);
    }
    step::shift(tx, notice, &shifts)?;
    if gone.is_empty() { Ok(()) } else { store::changed(tx, notice) }
}
