//! What the loop puts on home pages: what lies with one, what is late one step below, numbers to look at.

use super::model::Level;
use super::rules::level_of;
use super::store::reached;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::sql;
use gongyu_web::show::View;
use gongyu_web::{Get, HomeItem};

/// Kind, how many, the first of them, the earliest day.
type Pending = (String, i64, Option<Id>, Option<Date>);

/// The items of a person: one statement.
///
/// # Errors
/// As any statement.
pub fn home_items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    let sees = actor.may(Action::SeeUnreached).is_ok() || actor.may(Action::HandleUnreached).is_ok();
    let Some(unit) = actor.hat.unit.filter(|_| sees) else { return Ok(Vec::new()) };
    let (view, today) = (g.view().clone(), g.r.today());
    let rows = match (level_of(actor.hat.role), actor.hat.role) {
        (Some(Level::Class), _) => of_class(g, unit, today)?,
        (Some(level), _) => of_unit(g, unit, level, today)?,
        (None, Role::DistrictOfficer) => of_district(g, today)?,
        (None, _) => Vec::new(),
    };
    Ok(rows.into_iter().filter(|(_, n, ..)| *n > 0).map(|row| item(&view, row, today)).collect())
}

fn of_class(g: &mut Get<'_>, unit: Id, today: Date) -> Result<Vec<Pending>> {
    g.r.rows(
        sql!(concat!(
            "SELECT CASE WHEN t.due_on < $2 THEN 'late' ELSE 'own' END, COUNT(*), MIN(t.id), MIN(t.due_on)
              FROM unreached_task t JOIN student s ON s.id = t.student_id AND s.state = 'active'
              WHERE t.unit_id = $1 AND t.closed_at IS NULL AND NOT ",
            reached!(),
            " GROUP BY CASE WHEN t.due_on < $2 THEN 'late' ELSE 'own' END
             UNION ALL
             SELECT 'number', COUNT(*), MIN(t.id), CAST(NULL AS TEXT) FROM unreached_task t
              JOIN unreached_number n ON n.task_id = t.id AND n.state = 'waiting'
              WHERE t.class_id = $1 AND t.closed_at IS NULL"
        )),
        &[&unit, &today],
    )
}

/// What lies with a school, a town or a site, and what is late one step below.
fn of_unit(g: &mut Get<'_>, unit: Id, level: Level, today: Date) -> Result<Vec<Pending>> {
    let below: &[Level] = match level {
        Level::School => &[Level::Class, Level::Class],
        Level::Town => &[Level::School, Level::Site],
        // Nothing lies below a site; its own level makes the second part empty.
        Level::Site | Level::Class => &[Level::Site, Level::Site],
    };
    let (school, town) = (level == Level::School, level == Level::Town);
    g.r.rows(
        sql!(concat!(
            "SELECT CASE WHEN t.due_on < $2 THEN 'late' ELSE 'own' END, COUNT(*), MIN(t.id), MIN(t.due_on)
              FROM unreached_task t JOIN student s ON s.id = t.student_id AND s.state = 'active'
              WHERE t.unit_id = $1 AND t.closed_at IS NULL AND NOT ",
            reached!(),
            " GROUP BY CASE WHEN t.due_on < $2 THEN 'late' ELSE 'own' END
             UNION ALL
             SELECT 'below', COUNT(*), MIN(t.id), MIN(t.due_on)
              FROM unreached_task t JOIN student s ON s.id = t.student_id AND s.state = 'active'
              WHERE (($3 AND t.school_id = $1) OR ($4 AND t.town_id = $1)) AND t.level IN ($5, $6)
                AND t.closed_at IS NULL AND t.due_on < $2 AND NOT ",
            reached!()
        )),
        &[&unit, &today, &school, &town, &below[0], &below[1]],
    )
}

fn of_district(g: &mut Get<'_>, today: Date) -> Result<Vec<Pending>> {
    g.r.rows(
        sql!(concat!(
            "SELECT 'below', COUNT(*), MIN(t.id), MIN(t.due_on)
              FROM unreached_task t JOIN student s ON s.id = t.student_id AND s.state = 'active'
              WHERE t.level = 'town' AND t.closed_at IS NULL AND t.due_on < $1 AND NOT ",
            reached!()
        )),
        &[&today],
    )
}

fn item(view: &View, (kind, n, first, day): Pending, today: Date) -> HomeItem {
    let (title, icon, order) = match kind.as_str() {
        "late" => ("unreached-item-late", "f-alert-triangle", 4),
        "below" => ("unreached-item-below", "f-alert-triangle", 7),
        "number" => ("unreached-item-number", "phone", 13),
        _ => ("unreached-item-own", "user-question", if day == Some(today) { 14 } else { 27 }),
    };
    let one = first.filter(|_| n == 1).map(|id| format!("/unreached/{id}"));
    let all = match kind.as_str() {
        "late" | "below" => "/unreached?late=1".to_owned(),
        _ => "/unreached".to_owned(),
    };
    let by = day.filter(|_| kind == "own").map(|day| view.ta("unreached-by-day", &[("day", view.day(day).into())]));
    HomeItem {
        key: format!("unreached-{kind}"),
        icon,
        kind: view.t("unreached-nav"),
        when: by.unwrap_or_default(),
        title: view.ta(title, &[("n", n.into())]),
        text: String::new(),
        href: Some(one.unwrap_or(all)),
        now: order < 20,
        acts: Vec::new(),
        order,
    }
}
