//! What open days put on home pages: for a guardian places kept for them, tickets, a day they may book, a minute of
//! feedback; for staff a day that is today or that families cannot see yet.

use crate::visit::at_words;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::sql;
use gongyu_web::show::View;
use gongyu_web::{Get, HomeItem, ItemAct};

use super::rules::ASK_DAYS;

/// The items of a person.
///
/// # Errors
/// As any statement.
pub fn home_items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    let view = g.view().clone();
    match (actor.hat.role, actor.guardian) {
        (Role::Guardian, Some(me)) => of_guardian(g, &view, me),
        _ if actor.may(Action::ReceiveOpenDay).is_ok() => of_staff(g, &view, actor),
        _ => Ok(Vec::new()),
    }
}

/// What it is, the record, its title, when, until when.
type Line = (String, Id, String, Millis, Option<Millis>);

fn item(view: &View, key: String, title: String, href: String, order: u16) -> HomeItem {
    HomeItem {
        key,
        icon: "school",
        kind: view.t("open-nav"),
        when: String::new(),
        title,
        text: String::new(),
        href: Some(href),
        now: order < 20,
        acts: Vec::new(),
        order,
    }
}

/// One statement: bookings to come and offers, days one may book, days to speak of.
fn of_guardian(g: &mut Get<'_>, view: &View, me: Id) -> Result<Vec<HomeItem>> {
    let now = g.r.now();
    let since = now.plus_days(-ASK_DAYS);
    let lines: Vec<Line> = g.r.rows(
        sql!(
            "SELECT b.state, b.id, s.title, s.starts_at, b.until FROM open_party p
              JOIN booking b ON b.id = p.booking_id AND b.state IN ('offered', 'booked') AND b.ends_at > $2
              JOIN open_session s ON s.id = p.session_id WHERE p.guardian_id = $1
             UNION ALL
             SELECT 'open', o.id, o.title, o.closes_at, CAST(NULL AS BIGINT) FROM guardianship k
              JOIN student t ON t.id = k.student_id AND t.state = 'active'
              JOIN open_day_class c ON c.class_id = t.class_id
              JOIN open_day o ON o.id = c.open_day_id AND o.state = 'published' AND o.opens_at <= $2
               AND o.closes_at > $2
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND NOT EXISTS (SELECT 1 FROM open_party p JOIN booking b ON b.id = p.booking_id
                                 WHERE p.guardian_id = $1 AND p.open_day_id = o.id
                                   AND b.state IN ('waiting', 'offered', 'booked'))
             UNION ALL
             SELECT 'asked', o.id, o.title, a.at, CAST(NULL AS BIGINT) FROM open_arrival a
              JOIN open_day o ON o.id = a.open_day_id
              WHERE a.guardian_id = $1 AND a.at > $3
                AND NOT EXISTS (SELECT 1 FROM open_feedback f WHERE f.open_day_id = o.id AND f.guardian_id = $1)"
        ),
        &[&me, &now, &since],
    )?;
    let mut out: Vec<HomeItem> = Vec::new();
    for (kind, id, title, at, until) in lines {
        let key = format!("open-{kind}-{id}");
        if out.iter().any(|i| i.key == key) {
            continue;
        }
        let args = |when: String| [("title", title.as_str().into()), ("when", when.into())];
        out.push(match kind.as_str() {
            "offered" => {
                let href = format!("/family/open-days/bookings/{id}");
                let until = until.map(|u| at_words(view, u)).unwrap_or_default();
                HomeItem {
                    acts: vec![ItemAct {
                        label: view.t("open-item-look"),
                        icon: "check",
                        href: href.clone(),
                        post: None,
                        main: true,
                    }],
                    ..item(view, key, view.ta("open-item-offered", &args(until)), href, 8)
                }
            }
            "booked" => {
                let today = at.date() == view.today();
                let href = format!("/family/open-days/bookings/{id}");
                let title = view.ta("open-item-booked", &args(String::new()));
                HomeItem { when: at_words(view, at), ..item(view, key, title, href, if today { 12 } else { 45 }) }
            }
            "asked" => {
                let href = format!("/family/open-days/{id}/feedback");
                item(view, key, view.ta("open-item-asked", &args(String::new())), href, 40)
            }
            _ => {
                let until = view.ta("open-item-until", &[("when", at_words(view, at).into())]);
                let title = view.ta("open-item-open", &args(String::new()));
                HomeItem { when: until, ..item(view, key, title, format!("/family/open-days/{id}"), 30) }
            }
        });
    }
    Ok(out)
}

/// One statement: days of the school that are today, and drafts for those who prepare them.
fn of_staff(g: &mut Get<'_>, view: &View, actor: &Actor) -> Result<Vec<HomeItem>> {
    let Some(hat) = actor.hat.unit else { return Ok(Vec::new()) };
    let today = view.today();
    let manages = actor.may(Action::ManageOpenDays).is_ok();
    let rows: Vec<(Id, String, String)> = g.r.rows(
        sql!(
            "SELECT o.id, o.title, o.state FROM unit u
              JOIN open_day o ON o.school_id = CASE WHEN u.kind = 'school' THEN u.id ELSE u.school_id END
              WHERE u.id = $1 AND ((o.day = $2 AND o.state = 'published') OR (o.state = 'draft' AND o.day >= $2 AND $3))
              ORDER BY o.day, o.id LIMIT 5"
        ),
        &[&hat, &today, &manages],
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, title, state)| {
            let args = [("title", title.as_str().into())];
            if state == "draft" {
                item(view, format!("open-{id}"), view.ta("open-item-draft", &args), format!("/open-days/{id}"), 48)
            } else {
                let href = format!("/open-days/{id}/door");
                item(view, format!("open-{id}"), view.ta("open-item-today", &args), href, 10)
            }
        })
        .collect())
}
