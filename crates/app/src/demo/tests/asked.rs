//! Families asked by chance, and what the product costs.

use super::*;

#[test]
fn families_were_asked_by_chance_and_the_shown_guardian_has_a_question_waiting() {
    let World { app, report, .. } = world();
    let cookie = &report.accounts.iter().find(|a| a.role == Role::Guardian).unwrap().cookie;
    let token = cookie.split_once('=').unwrap().1.to_owned();
    let lifetimes = app.lifetimes();
    let open = app.db.read_wait(move |r| {
        let me = session::find(r, &token, lifetimes)?.and_then(|found| found.actor.guardian).unwrap();
        gongyu_ledger::question::open_of(r, me)
    });
    assert!(open.unwrap().is_some());
    let twice: i64 = app
        .db
        .read_wait(|r| {
            r.scalar(
                sql!(
                    "SELECT COUNT(*) FROM touch_question a JOIN touch_question b ON b.family_id = a.family_id
                      AND b.id <> a.id AND b.occurred_on >= a.occurred_on
                      AND SUBSTR(b.occurred_on, 1, 7) = SUBSTR(a.occurred_on, 1, 7)"
                ),
                &[],
            )
        })
        .unwrap();
    assert_eq!(twice, 0, "no family was asked twice in a month");
}

#[test]
fn the_district_knows_what_the_product_costs_its_class_teachers() {
    let burden = world().app.db.read_wait(|r| {
        let district = unit::district(r)?;
        gongyu_office::burden::burden_of(r, &district)
    });
    let burden = burden.unwrap();
    let minutes = burden.class_teachers().unwrap().minutes;
    assert!((2.0..15.0).contains(&minutes), "{minutes}");
    assert!(burden.before.is_some() && burden.bulk > 0 && burden.forms.len() > 3);
}
