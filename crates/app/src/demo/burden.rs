//! What the product cost the staff of each school over two school years: more while it was new, less since
//! people know their way; more where a school likes notices, little in a small one.

use super::dice::Dice;
use super::timeline::Timeline;
use gongyu_access::Role;
use gongyu_deliver::ration::monday;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Value, sql};
use gongyu_web::App;
use std::collections::BTreeSet;

/// Its own stream of chance.
const PART: u64 = 9;
/// Rows of one write.
const AT_ONCE: usize = 5_000;

/// Forms a person sends in a week of lessons, seconds and taps of one.
struct Habit {
    role: Role,
    form: &'static str,
    forms: f64,
    seconds: f64,
    taps: f64,
}

const fn habit(role: Role, form: &'static str, forms: f64, seconds: f64, taps: f64) -> Habit {
    Habit { role, form, forms, seconds, taps }
}

const HABITS: [Habit; 12] = [
    habit(Role::ClassTeacher, "contact", 6.5, 24.0, 3.6),
    habit(Role::ClassTeacher, "notice", 0.9, 110.0, 11.0),
    habit(Role::ClassTeacher, "visit", 0.4, 170.0, 16.0),
    habit(Role::ClassTeacher, "people", 0.4, 45.0, 6.0),
    habit(Role::ClassTeacher, "account", 1.1, 14.0, 3.0),
    habit(Role::SubjectTeacher, "contact", 1.8, 26.0, 3.9),
    habit(Role::SubjectTeacher, "account", 0.8, 14.0, 3.0),
    habit(Role::MoralDirector, "notice", 1.6, 140.0, 14.0),
    habit(Role::MoralDirector, "act", 1.1, 75.0, 9.0),
    habit(Role::MoralDirector, "people", 0.9, 55.0, 7.0),
    habit(Role::SchoolLeader, "contact", 0.5, 25.0, 4.0),
    habit(Role::Registrar, "people", 3.5, 60.0, 8.0),
];

const WEEK: &[&str] = &["week", "school_id", "role", "form", "forms", "timed", "seconds", "taps"];
const PEOPLE: &[&str] = &["week", "school_id", "role", "people"];
const SAVED: &[&str] = &["week", "school_id", "kind", "n"];

type Rows = Vec<Vec<Value<'static>>>;

/// Leaves the sums.
pub(super) fn leave_some(app: &App, past: &Timeline, seed: u64) -> Result<()> {
    let held: Vec<(Id, String, i64)> = app.db.read_wait(|r| {
        r.rows(
            sql!(
                "SELECT COALESCE(u.school_id, u.id), g.role, COUNT(DISTINCT g.account_id)
                  FROM unit u JOIN role_grant g ON g.unit_id = u.id
                  WHERE u.kind IN ('school', 'class') AND g.valid_to IS NULL
                  GROUP BY COALESCE(u.school_id, u.id), g.role ORDER BY 1, 2"
            ),
            &[],
        )
    })?;
    let lessons: BTreeSet<Date> = past.terms.iter().flat_map(|term| &term.days).map(|day| monday(*day)).collect();
    let mut dice = Dice::of(seed, PART);
    let (mut weeks, mut people, mut saved) = (Rows::new(), Rows::new(), Rows::new());
    for of_school in held.chunk_by(|a, b| a.0 == b.0) {
        let Some((school, ..)) = of_school.first() else { continue };
        let busy = dice.within(0.75, 1.3);
        for week in &lessons {
            // The first weeks are slow; the knack comes in the first year.
            let practice = 1.0 + 0.7 * (1.0 - past.progress(*week)).powi(2);
            for (_, role, n) in of_school {
                people.push(vec![date(*week), id(*school), text(role.clone()), Value::Int(*n)]);
                for habit in HABITS.iter().filter(|h| h.role.code() == role) {
                    let forms = (*n as f64 * habit.forms * busy * dice.within(0.6, 1.4)).round();
                    if forms >= 1.0 {
                        weeks.push(row(*week, *school, habit, forms, practice, &mut dice));
                    }
                }
            }
            let teachers = of_school.iter().find(|(_, role, _)| role == Role::ClassTeacher.code());
            let noted = teachers.map_or(0.0, |(.., n)| *n as f64 * 8.0 * busy * dice.within(0.7, 1.3));
            for (kind, n) in [
                ("noted", noted),
                ("bulk", noted * dice.within(0.12, 0.3)),
                ("confirmed", noted * dice.within(3.0, 6.0)),
            ] {
                saved.push(vec![date(*week), id(*school), text(kind), Value::Int(n.round() as i64)]);
            }
        }
    }
    for (table, columns, rows) in
        [("burden_week", WEEK, weeks), ("burden_people", PEOPLE, people), ("burden_saved", SAVED, saved)]
    {
        for chunk in rows.chunks(AT_ONCE) {
            let chunk = chunk.to_vec();
            app.db.write_wait(move |tx| tx.insert_many(table, columns, &chunk))?;
        }
    }
    Ok(())
}

fn row(week: Date, school: Id, habit: &Habit, forms: f64, practice: f64, dice: &mut Dice) -> Vec<Value<'static>> {
    let timed = (forms * dice.within(0.9, 1.0)).round();
    let seconds = timed * habit.seconds * practice * dice.within(0.85, 1.15);
    let taps = timed * habit.taps * (0.6 + 0.4 * practice);
    vec![
        date(week),
        id(school),
        text(habit.role.code()),
        text(habit.form),
        Value::Int(forms as i64),
        Value::Int(timed as i64),
        Value::Int(seconds.round() as i64),
        Value::Int(taps.round() as i64),
    ]
}

fn date(day: Date) -> Value<'static> {
    text(day.to_string())
}

fn text(words: impl Into<String>) -> Value<'static> {
    Value::Text(words.into().into())
}

const fn id(id: Id) -> Value<'static> {
    Value::Int(id.raw())
}
