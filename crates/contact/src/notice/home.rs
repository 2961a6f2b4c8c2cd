//! What notices put on a home page: one statement for a guardian, one for a class teacher.

use super::model::{Kind, Stand, State};
use super::rules;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_parts::rich;
use gongyu_store::{Reader, record, sql};
use gongyu_web::{Get, HomeItem, ItemAct};

/// Items at most; the rest stands in the inbox.
const MOST: usize = 4;
/// Characters of the text shown.
const SHORT: usize = 46;
/// Days back in which a class teacher's notices are looked at.
const TEACHER_DAYS: i64 = 45;

record! {
    struct Waiting {
        notice: Id,
        kind: Kind,
        state: State,
        urgent: bool,
        title: String,
        body: String,
        deadline: Option<Millis>,
        sent_at: Option<Millis>,
        recalled_at: Option<Millis>,
        correction_of: Option<Id>,
        child: String,
        stand: Stand,
    }
}

/// What a guardian has not answered, with the names of the children it is about. Custody as it is now.
fn waiting(r: &mut Reader, guardian: Id) -> Result<Vec<Waiting>> {
    let now = r.now();
    let (wait, withdrawn) = (now.plus_days(-rules::WAIT_DAYS), now.plus_days(-rules::WITHDRAWN_DAYS));
    r.rows(
        sql!(
            "SELECT n.id, n.kind, n.state, n.urgent, n.title, n.body, n.deadline_at, n.sent_at, n.recalled_at,
                    n.correction_of, s.name, c.state
              FROM notice_receipt o
              JOIN notice n ON n.id = o.notice_id AND n.replaced_by IS NULL
              JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id AND c.school_id = o.school_id
              JOIN guardianship k ON k.student_id = o.student_id AND k.guardian_id = o.guardian_id
               AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN student s ON s.id = o.student_id
              WHERE o.guardian_id = $1 AND o.waits
                AND ((n.state IN ('sending', 'sent') AND COALESCE(n.deadline_at, n.sent_at) > $2)
                     OR (n.state = 'recalled' AND n.recalled_at > $3))
              ORDER BY o.notice_id DESC, s.birth_date, s.id"
        ),
        &[&guardian, &wait, &withdrawn],
    )
}

/// What notices put on the home page of whoever looks.
pub(super) fn items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    match (actor.hat.role, actor.guardian) {
        (Role::Guardian, Some(guardian)) => for_guardian(g, guardian),
        (Role::ClassTeacher, _) if actor.may(Action::SeeNotices).is_ok() => for_class_teacher(g, actor.unit()?),
        _ => Ok(Vec::new()),
    }
}

fn for_guardian(g: &mut Get<'_>, guardian: Id) -> Result<Vec<HomeItem>> {
    let rows = waiting(g.r, guardian)?;
    let now = g.r.now();
    let mut items: Vec<(Id, Vec<&Waiting>)> = Vec::new();
    for row in &rows {
        match items.iter_mut().find(|(id, _)| *id == row.notice) {
            Some((_, of)) => of.push(row),
            None => items.push((row.notice, vec![row])),
        }
    }
    let mut out: Vec<HomeItem> = items.iter().map(|(_, of)| item(g, of, now)).collect();
    out.sort_by_key(|i| i.order);
    out.truncate(MOST);
    Ok(out)
}

fn item(g: &Get<'_>, of: &[&Waiting], now: Millis) -> HomeItem {
    let n = of[0];
    let joint = g.t("notice-joint");
    let names = of.iter().map(|w| w.child.as_str()).collect::<Vec<_>>().join(&joint);
    let href = format!("/notices/{}", n.notice);
    let withdrawn = n.state == State::Recalled;
    let open = |key: &str, main| ItemAct { label: g.t(key), icon: "", href: href.clone(), post: None, main };
    let acts = match n.kind {
        _ if withdrawn => Vec::new(),
        Kind::Plain => vec![open("notice-home-open", true)],
        Kind::Confirm => vec![ItemAct {
            label: g.t("notice-home-confirm"),
            icon: "check",
            href: format!("{href}/confirm"),
            post: Some(("from", "home".to_owned())),
            main: true,
        }],
        Kind::Answer => vec![open("notice-home-answer", true)],
    };
    let kind_key = match (withdrawn, n.correction_of) {
        (true, _) => "notice-home-withdrawn",
        (false, Some(_)) => "notice-home-correction",
        (false, None) => "notice-home-kind",
    };
    HomeItem {
        key: format!("n{}", n.notice),
        icon: "speakerphone",
        kind: g.ta("notice-home-about", &[("kind", g.t(kind_key).into()), ("children", names.into())]),
        when: n.deadline.filter(|_| !withdrawn && n.kind != Kind::Plain).map(|d| until(g, d, now)).unwrap_or_default(),
        title: n.title.clone(),
        text: if withdrawn { String::new() } else { rich::excerpt(&n.body, SHORT) },
        href: Some(href),
        now: false,
        acts,
        order: order(n, now),
    }
}

/// 今天20:00前 or 11月26日前, or that it is past.
fn until(g: &Get<'_>, deadline: Millis, now: Millis) -> String {
    let view = g.view();
    if deadline < now {
        g.t("notice-home-overdue")
    } else {
        g.ta("notice-home-until", &[("when", view.moment(deadline).into())])
    }
}

fn order(n: &Waiting, now: Millis) -> u16 {
    let today = n.deadline.is_some_and(|d| d.date() <= now.date());
    let overdue = n.deadline.is_some_and(|d| d < now);
    match n.kind {
        _ if n.state == State::Recalled => 55,
        Kind::Plain => 50,
        _ if overdue => 5,
        _ if today || n.urgent => 12,
        _ if n.deadline.is_some() => 22,
        _ => 30,
    }
}

record! {
    struct Near {
        notice: Id,
        title: String,
        kind: Kind,
        deadline: Millis,
        silent: i64,
        unseen: i64,
    }
}

/// The notices to a class whose deadline is near or has just passed, and how many of its families have not answered.
fn for_class_teacher(g: &mut Get<'_>, class: Id) -> Result<Vec<HomeItem>> {
    let now = g.r.now();
    let since = now.plus_days(-TEACHER_DAYS).date();
    let (from, to) = (now.plus_days(-2), now.plus_days(1));
    let rows: Vec<Near> = g.r.rows(
        sql!(
            "SELECT n.id, n.title, n.kind, n.deadline_at,
                    c.n_addressed + c.n_failed + c.n_delivered + c.n_read, c.n_addressed + c.n_failed + c.n_delivered
              FROM notice_class c JOIN notice n ON n.id = c.notice_id
              WHERE c.class_id = $1 AND c.day >= $2 AND n.state = 'sent' AND n.replaced_by IS NULL
                AND n.kind <> 'plain' AND n.deadline_at >= $3 AND n.deadline_at <= $4
                AND c.n_addressed + c.n_failed + c.n_delivered + c.n_read > 0
              ORDER BY n.deadline_at, n.id LIMIT 2"
        ),
        &[&class, &since, &from, &to],
    )?;
    let near = |n: Near| HomeItem {
        key: format!("n{}", n.notice),
        icon: "speakerphone",
        kind: g.t("notice-home-kind"),
        when: until(g, n.deadline, now),
        title: g.ta("notice-home-silent", &[("n", n.silent.into()), ("title", n.title.clone().into())]),
        text: if n.unseen > 0 { g.ta("notice-home-unseen", &[("n", n.unseen.into())]) } else { String::new() },
        href: Some(format!("/notices/{}", n.notice)),
        now: false,
        acts: vec![ItemAct {
            label: g.t("notice-home-see"),
            icon: "",
            href: format!("/notices/{}", n.notice),
            post: None,
            main: true,
        }],
        order: if n.deadline < now { 8 } else { 18 },
    };
    Ok(rows.into_iter().map(near).collect())
}
