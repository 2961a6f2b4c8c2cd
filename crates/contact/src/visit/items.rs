//! What visits put on home pages: for a guardian offers, visits to come and records to confirm; for a
//! teacher visits of today and what is late.

use super::family::{self, Waiting};
use super::words::at_words;
use crate::guardian_home::called;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::sql;
use gongyu_web::show::View;
use gongyu_web::{Get, HomeItem, ItemAct};

/// The items of a person.
///
/// # Errors
/// As any statement.
pub fn home_items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    let view = g.view().clone();
    match (actor.hat.role, actor.guardian, actor.staff) {
        (Role::Guardian, Some(me), _) => {
            let waiting = family::waiting(g.r, me)?;
            Ok(waiting.iter().filter_map(|w| of_guardian(&view, w)).collect())
        }
        (_, _, Some(staff)) if actor.may(Action::RecordVisit).is_ok() => of_staff(g, &view, staff),
        _ => Ok(Vec::new()),
    }
}

fn item(w: &Waiting, view: &View) -> HomeItem {
    HomeItem {
        key: format!("v{}", w.visit),
        icon: "home-heart",
        kind: view.t("visit-nav"),
        when: String::new(),
        title: String::new(),
        text: String::new(),
        href: Some(format!("/family/visits/{}", w.visit)),
        now: false,
        acts: Vec::new(),
        order: 30,
    }
}

fn of_guardian(view: &View, w: &Waiting) -> Option<HomeItem> {
    let teacher = match &w.teacher {
        Some(name) => view.ta("visit-teacher", &[("name", called(name).into())]),
        None => view.t("visit-school"),
    };
    let args = || [("teacher", teacher.as_str().into()), ("child", w.child.as_str().into())];
    let open = |label: &str, main| ItemAct {
        label: view.t(label),
        icon: "",
        href: format!("/family/visits/{}", w.visit),
        post: None,
        main,
    };
    match w.state.as_str() {
        "offered" if w.answer.as_deref() == Some("open") => Some(HomeItem {
            title: view.ta("visit-item-offer", &args()),
            acts: vec![open("visit-item-choose", true)],
            order: 15,
            ..item(w, view)
        }),
        "agreed" => Some(HomeItem {
            title: view.ta("visit-item-agreed", &args()),
            when: w.starts_at.map(|at| at_words(view, at)).unwrap_or_default(),
            order: if w.day == Some(view.today()) { 12 } else { 45 },
            ..item(w, view)
        }),
        "done" => Some(HomeItem {
            title: view.ta("visit-item-done", &args()),
            acts: vec![
                ItemAct {
                    label: view.t("visit-confirm"),
                    icon: "check",
                    href: format!("/family/visits/{}/agreed?back=home", w.visit),
                    post: Some(("agreed", "yes".to_owned())),
                    main: true,
                },
                open("visit-item-look", false),
            ],
            order: 35,
            ..item(w, view)
        }),
        _ => None,
    }
}

/// Kind, how many, the first of them, its day and moment.
type Pending = (String, i64, Option<Id>, Option<Date>, Option<Millis>);

/// One statement: visits due to be written, invitations, measures late.
fn of_staff(g: &mut Get<'_>, view: &View, staff: Id) -> Result<Vec<HomeItem>> {
    let (today, week) = (view.today(), view.today().saturating_sub(jiff::Span::new().days(30)));
    let rows: Vec<Pending> = g.r.rows(
        sql!(
            "SELECT 'today', COUNT(*), MIN(v.id), MIN(v.day), MIN(v.starts_at) FROM visit v
              WHERE v.lead_staff_id = $1 AND v.state = 'agreed' AND v.day <= $2 AND v.day >= $3
             UNION ALL
             SELECT 'asked', COUNT(*), MIN(k.visit_id), MIN(v.day), MIN(v.starts_at) FROM visit_companion k
              JOIN visit v ON v.id = k.visit_id AND v.state IN ('planned', 'offered', 'agreed')
              WHERE k.staff_id = $1 AND k.state = 'invited'
             UNION ALL
             SELECT 'late', COUNT(*), MIN(m.visit_id), MIN(m.due_on), CAST(NULL AS BIGINT) FROM visit_measure m
              WHERE m.owner_staff_id = $1 AND m.state = 'open' AND m.due_on < $2
             UNION ALL
             SELECT 'answers', COUNT(*), MIN(v.id), MIN(v.day), CAST(NULL AS BIGINT) FROM visit v
              JOIN visit_invite i ON i.visit_id = v.id AND i.round = v.offers AND i.answer IN ('moved', 'declined')
              WHERE v.lead_staff_id = $1 AND v.state = 'offered'"
        ),
        &[&staff, &today, &week],
    )?;
    let mut items = Vec::new();
    for (kind, n, visit, day, at) in rows.into_iter().filter(|(_, n, ..)| *n > 0) {
        let one = (n == 1).then_some(visit).flatten();
        let (key, icon, order) = match kind.as_str() {
            "today" => ("visit-item-today", "home-heart", if day < Some(today) { 5 } else { 11 }),
            "asked" => ("visit-item-asked", "user-plus", 22),
            "late" => ("visit-item-late", "f-alert-triangle", 6),
            _ => ("visit-item-answers", "message", 21),
        };
        items.push(HomeItem {
            key: format!("visit-{kind}"),
            icon,
            kind: view.t("visit-nav"),
            when: at.map(|at| at_words(view, at)).unwrap_or_default(),
            title: view.ta(key, &[("n", n.into())]),
            text: String::new(),
            href: Some(one.map_or_else(|| "/visits".to_owned(), |id| format!("/visits/{id}"))),
            now: order < 20,
            acts: Vec::new(),
            order,
        });
    }
    Ok(items)
}
