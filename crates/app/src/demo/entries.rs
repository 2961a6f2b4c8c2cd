//! The last weeks of the audit log, as the listed people would have left them: signing in, a number looked at,
//! cards printed, a roster brought in, a rule changed.

use gongyu_access::{Hat, Role};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Tx, sql};

/// Days of the log.
const DAYS: i64 = 24;

/// Something a role does, about which kind of record, with which facts.
type Habit = (&'static str, &'static str, &'static str);

const FAMILY: &[Habit] = &[("sign-in.phone", "account", ""), ("contact.answer", "touch", "{\"happened\":true}")];
const CLASS: &[Habit] = &[
    ("sign-in.password", "account", ""),
    ("contacts.phone-shown", "student", "{}"),
    ("contacts.details-shown", "student", "{}"),
    ("card.printed", "class", "{\"cards\":3,\"issued\":1,\"revoked\":0}"),
    ("sign-out", "account", ""),
];
const TEACHER: &[Habit] = &[("sign-in.password", "account", ""), ("sign-out", "account", "")];
const SCHOOL: &[Habit] = &[
    ("sign-in.password", "account", ""),
    ("contacts.phone-shown", "student", "{}"),
    ("contact.choices", "school", "{}"),
];
const ROSTER: &[Habit] = &[
    ("sign-in.two-factors", "account", ""),
    ("roster.upload", "school", "{\"bytes\":184320,\"complete\":true}"),
    ("roster.apply", "school", "{\"added\":2,\"changed\":11}"),
    ("guardian.changed", "student", "{\"phone\":true}"),
    ("role.given", "school", "{\"role\":\"subject_teacher\"}"),
];
const DISTRICT: &[Habit] = &[("sign-in.two-factors", "account", ""), ("rule.save", "duty_rule", "{\"code\":\"R01\"}")];
const KEEPER: &[Habit] = &[("sign-in.two-factors", "account", ""), ("org.codes-made", "district", "{\"people\":6}")];
const READER: &[Habit] = &[("sign-in.two-factors", "account", "")];

const fn habits(role: Role) -> &'static [Habit] {
    match role {
        Role::Guardian => FAMILY,
        Role::ClassTeacher => CLASS,
        Role::SubjectTeacher => TEACHER,
        Role::Registrar => ROSTER,
        Role::SchoolLeader | Role::MoralDirector | Role::Counsellor => SCHOOL,
        Role::DistrictOfficer => DISTRICT,
        Role::DistrictAdmin => KEEPER,
        _ => READER,
    }
}

/// Leaves what one person did. Identifiers carry the moment, as those of entries made at the time do.
///
/// # Errors
/// As any statement.
pub(super) fn of_person(tx: &mut Tx, account: Id, hat: &Hat, client: &str, at: usize) -> Result<()> {
    let now = tx.now();
    let place = i64::try_from(at).unwrap_or_default();
    let pupils = pupils(tx, hat)?;
    let code = hat.code();
    for (n, (action, kind, detail)) in (0_i64..).zip(habits(hat.role).iter().cycle().take(habits(hat.role).len() * 3)) {
        let minutes = 31 + (place * 211 + n * 1_733) % (DAYS * 1_440);
        let moment = in_the_day(now.plus_minutes(-minutes), n);
        let object = match *kind {
            "account" => Some(account),
            "student" => pupils.get(usize::try_from(n).unwrap_or_default() % pupils.len().max(1)).copied(),
            "class" | "school" | "district" => hat.unit,
            _ => None,
        };
        let id = Id(Id::first_of(moment).0 + place * 64 + n);
        tx.exec(
            sql!(
                "INSERT INTO audit (id, at, account_id, hat, action, object_kind, object_id, school_id, detail, client)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9) ON CONFLICT DO NOTHING"
            ),
            &[&id, &moment, &account, &code, action, kind, &object, &detail_of(detail), &client],
        )?;
    }
    Ok(())
}

fn detail_of(text: &str) -> &str {
    if text.starts_with('{') { text } else { "" }
}

/// Some children of the hat's class or school.
fn pupils(tx: &mut Tx, hat: &Hat) -> Result<Vec<Id>> {
    let Some(unit) = hat.unit else { return Ok(Vec::new()) };
    let found: Vec<(Id,)> = tx.rows(
        sql!("SELECT id FROM student WHERE (class_id = $1 OR school_id = $1) AND state = 'active' ORDER BY id LIMIT 5"),
        &[&unit],
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The same day between eight and six: nobody prints cards at three in the morning.
fn in_the_day(at: Millis, n: i64) -> Millis {
    let clock = at.civil();
    let hour = i64::from(clock.hour());
    if (8..18).contains(&hour) {
        at
    } else {
        // The working day before: it is over whatever the hour is now.
        Millis::start_of(at.date()).plus_minutes(8 * 60 + (n * 53) % 590 - 1_440)
    }
}
