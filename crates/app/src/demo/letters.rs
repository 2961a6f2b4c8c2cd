//! What families were sent over the last weeks, and how some of them want to be told.

use super::dice::Dice;
use super::timeline::Timeline;
use gongyu_deliver::channel::Way;
use gongyu_deliver::choice::{self, Choice, NewAddress, keep_address};
use gongyu_deliver::ration::monday;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Value, sql};
use gongyu_web::App;

/// Weeks of letters: a term so far.
const WEEKS: usize = 12;
/// Guardians with an account whose choices are made up; enough to look at.
const CHOOSERS: i64 = 400;
/// Its own stream of chance.
const PART: u64 = 7;

const COLUMNS: &[&str] = &["school_id", "week", "letters", "urgent", "gathered"];

/// Leaves them.
pub(super) fn leave_some(app: &App, past: &Timeline, seed: u64) -> Result<()> {
    let weeks: Vec<Date> = past.sundays.iter().rev().take(WEEKS).map(|day| monday(*day)).collect();
    let families: Vec<(Id, i64)> = app.db.read_wait(|r| {
        r.rows(
            sql!(
                "SELECT school_id, COUNT(*) FROM student WHERE state = 'active' GROUP BY school_id ORDER BY school_id"
            ),
            &[],
        )
    })?;
    let mut dice = Dice::of(seed, PART);
    let mut rows: Vec<Vec<Value<'static>>> = Vec::new();
    for (school, children) in families {
        // One school writes more than another, and every one less in some weeks.
        let habit = dice.within(0.7, 2.0);
        for week in &weeks {
            let letters = (children as f64 * habit * dice.within(0.5, 1.3)).round();
            let urgent = if dice.chance(0.1) { children } else { 0 };
            let gathered = (letters * dice.within(0.02, 0.12)).round();
            rows.push(vec![
                Value::Int(school.raw()),
                Value::Text(week.to_string().into()),
                Value::Int(letters as i64),
                Value::Int(urgent),
                Value::Int(gathered as i64),
            ]);
        }
    }
    for chunk in rows.chunks(5_000) {
        let chunk = chunk.to_vec();
        app.db.write_wait(move |tx| tx.insert_many("letter_week", COLUMNS, &chunk))?;
    }
    let guardians: Vec<(Id,)> = app.db.read_wait(|r| {
        r.rows(sql!("SELECT guardian_id FROM account WHERE guardian_id IS NOT NULL ORDER BY id LIMIT $1"), &[&CHOOSERS])
    })?;
    let wants: Vec<(Id, bool, bool)> =
        guardians.into_iter().map(|(id,)| (id, dice.chance(0.6), dice.chance(0.15))).collect();
    let on = app.clone();
    app.db.write_wait(move |tx| {
        for (n, (person, wechat, digest)) in wants.iter().enumerate() {
            if *wechat {
                let to = format!("demo-openid-{n}");
                let new = NewAddress { person: *person, way: Way::Wechat, to: &to, label: "" };
                keep_address(tx, &on.vault, &new)?;
            }
            if *digest {
                choice::save(tx, *person, &Choice { digest: true, ..Choice::default() })?;
            }
        }
        Ok(())
    })
}
