//! What the caseload puts on home pages: for a guardian a question, an answer, a reception to come; for staff
//! what is theirs to do.

use super::store::of_staff_counts;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::sql;
use gongyu_web::show::View;
use gongyu_web::{Get, HomeItem};

/// The items of a person.
///
/// # Errors
/// As any statement.
pub fn home_items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    match (actor.hat.role, actor.guardian, actor.staff) {
        (Role::Guardian, Some(me), _) => of_guardian(g, me),
        (_, _, Some(staff)) if actor.may(Action::HandleCases).is_ok() => of_staff(g, actor, staff),
        _ => Ok(Vec::new()),
    }
}

fn item(view: &View, key: String, icon: &'static str, title: String, href: String, order: u16) -> HomeItem {
    HomeItem {
        key,
        icon,
        kind: view.t("case-item-kind"),
        when: String::new(),
        title,
        text: String::new(),
        href: Some(href),
        now: order < 20,
        acts: Vec::new(),
        order,
    }
}

/// One statement for letters and receptions together: the guardian's home is the page most opened.
fn of_guardian(g: &mut Get<'_>, guardian: Id) -> Result<Vec<HomeItem>> {
    let (view, today, now) = (g.view().clone(), g.r.today(), g.r.now());
    let since = today.saturating_sub(jiff::Span::new().days(14));
    let soon = now.plus_days(3);
    let rows: Vec<(String, Id, Option<Millis>, Option<Date>)> = g.r.rows(
        sql!(
            "SELECT CASE WHEN c.state = 'asking' THEN 'asked' ELSE 'answered' END, c.id, CAST(NULL AS BIGINT),
                    c.answered_on
              FROM caseload_writer w JOIN caseload_case c ON c.id = w.case_id
              LEFT JOIN caseload_case m ON m.id = c.merged_into
              WHERE w.guardian_id = $1 AND w.account_id IS NOT NULL
                AND (c.state = 'asking' OR (c.satisfaction = 'none' AND c.state IN ('answered', 'merged')
                     AND COALESCE(m.answered_on, c.answered_on) >= $2))
             UNION ALL
             SELECT 'reception', s.id, s.starts_at, CAST(NULL AS TEXT) FROM reception_slot s
              WHERE s.guardian_id = $1 AND s.state = 'booked' AND s.starts_at >= $3 AND s.starts_at <= $4"
        ),
        &[&guardian, &since, &now, &soon],
    )?;
    let one = |(kind, id, at, _): (String, Id, Option<Millis>, Option<Date>)| match kind.as_str() {
        "asked" => item(&view, format!("case{id}"), "mail", view.t("case-item-asked"), format!("/mailbox/{id}"), 15),
        "answered" => {
            item(&view, format!("case{id}"), "mail", view.t("case-item-answered"), format!("/mailbox/{id}"), 24)
        }
        _ => {
            let when = at.map(|at| crate::visit::at_words(&view, at)).unwrap_or_default();
            let title = view.ta("reception-item", &[("when", when.into())]);
            item(&view, format!("slot{id}"), "calendar-event", title, "/reception".to_owned(), 22)
        }
    };
    Ok(rows.into_iter().map(one).collect())
}

fn of_staff(g: &mut Get<'_>, actor: &Actor, staff: Id) -> Result<Vec<HomeItem>> {
    let (view, today) = (g.view().clone(), g.r.today());
    let (work, over, help, tell) = of_staff_counts(g.r, staff, today)?;
    let mut counts = vec![
        ("over", "f-alert-triangle", over, 4, "/cases?show=mine"),
        ("work", "mail", work, 26, "/cases?show=mine"),
        ("tell", "phone", tell, 18, "/cases?show=mine"),
        ("help", "users", help, 27, "/cases?show=mine"),
    ];
    if actor.may(Action::SteerCases).is_ok() {
        let school = actor.unit()?;
        let rows: Vec<(String, i64)> = g.r.rows(
            sql!(
                "SELECT c.state, COUNT(*) FROM caseload_case c WHERE c.school_id = $1 AND c.state IN ('new', 'approving')
                  AND (c.writer <> 'anonymous' OR c.received_on < $2) GROUP BY c.state"
            ),
            &[&school, &today],
        )?;
        let of = |state: &str| rows.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
        counts.push(("new", "mail", of("new"), 17, "/cases?show=new"));
        if actor.may(Action::ApproveReplies).is_ok() {
            counts.push(("approving", "circle-check", of("approving"), 16, "/cases?show=approving"));
        }
    }
    let one = |(kind, icon, n, order, href): (&str, &'static str, i64, u16, &str)| {
        let title = view.ta(&format!("case-item-{kind}"), &[("n", n.into())]);
        item(&view, format!("case-{kind}"), icon, title, href.to_owned(), order)
    };
    Ok(counts.into_iter().filter(|(_, _, n, ..)| *n > 0).map(one).collect())
}
