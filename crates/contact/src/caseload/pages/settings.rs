//! What leaders set: a school its line, its place of reception and its rota; the district the promised days.

use crate::caseload::rota::Turn;
use crate::caseload::rules::CaseSettings;
use crate::caseload::settings::{SchoolDoors, doors_of, keep_doors, keep_settings, settings_of};
use askama::Template;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, unit};
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, FormData, Get, Post, Reply, filters};

/// Lines of a rota.
const TURNS: usize = 3;

struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    problem: String,
}

/// A place in the turn, with the staff to choose from.
struct LeaderPlace {
    n: usize,
    staff: Vec<(Id, String, bool)>,
}

struct TurnLine {
    n: usize,
    weekday: i8,
    weeks: &'static str,
    from: String,
    to: String,
    leaders: Vec<LeaderPlace>,
}

#[derive(Template)]
#[template(path = "caseload/pages/settings.html")]
struct Page {
    district: bool,
    fields: Vec<Field>,
    doors: SchoolDoors,
    turns: Vec<TurnLine>,
    problem: String,
}

const NUMBERS: [(&str, &str, i64, i64); 6] = [
    ("accept_days", "case-set-accept", 1, 10),
    ("answer_days", "case-set-answer", 1, 30),
    ("extend_days", "case-set-extend", 0, 30),
    ("reopen_days", "case-set-reopen", 1, 180),
    ("close_days", "case-set-close", 1, 365),
    ("few", "case-set-few", 1, 20),
];
/// Which of the month, as chosen.
const WEEKS: [(&str, &[i8]); 4] = [("every", &[]), ("1-3", &[1, 3]), ("2-4", &[2, 4]), ("1", &[1])];

enum Place {
    District,
    School(Id),
}

fn place(r: &mut gongyu_store::Reader, actor: &Actor) -> Result<Place> {
    if actor.hat.role == Role::DistrictOfficer {
        return Ok(Place::District);
    }
    actor.may(Action::SteerCases)?;
    Ok(Place::School(unit::find(r, actor.unit()?)?.school.ok_or(Error::Forbidden)?))
}

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

pub(super) fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn value_of(name: &str, s: &CaseSettings) -> i64 {
    match name {
        "accept_days" => i64::from(s.accept_days),
        "answer_days" => i64::from(s.answer_days),
        "extend_days" => i64::from(s.extend_days),
        "reopen_days" => i64::from(s.reopen_days),
        "close_days" => i64::from(s.close_days),
        _ => s.few,
    }
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let place = place(g.r, &actor)?;
    let settings = settings_of(g.r)?;
    let problem =
        ["turns", "slot_minutes", ""].iter().map(|f| g.problem(f)).find(|p| !p.is_empty()).unwrap_or_default();
    let mut page =
        Page { district: true, fields: Vec::new(), doors: SchoolDoors::default(), turns: Vec::new(), problem };
    match place {
        Place::District => {
            page.fields = NUMBERS
                .map(|(name, label, ..)| Field {
                    value: g.value(name, &value_of(name, &settings).to_string()).to_owned(),
                    problem: g.problem(name),
                    name,
                    label,
                })
                .into();
        }
        Place::School(school) => {
            (page.district, page.doors) = (false, doors_of(g.r, school)?);
            let staff = people::staff_of_school(g.r, school)?;
            page.turns = (0..TURNS)
                .map(|n| {
                    let turn = page.doors.turns.get(n).cloned().unwrap_or_default();
                    let weeks = WEEKS.iter().find(|(_, w)| *w == turn.weeks.as_slice()).map_or("every", |(c, _)| *c);
                    let places = (0..4).map(|i| {
                        let here = turn.leaders.get(i).copied();
                        LeaderPlace {
                            n: i,
                            staff: staff.iter().map(|s| (s.id, s.name.clone(), Some(s.id) == here)).collect(),
                        }
                    });
                    TurnLine {
                        n,
                        weekday: turn.weekday,
                        weeks,
                        from: if turn.to > 0 { clock(turn.from) } else { String::new() },
                        to: if turn.to > 0 { clock(turn.to) } else { String::new() },
                        leaders: places.collect(),
                    }
                })
                .collect();
        }
    }
    g.page(g.t("case-settings"), "cases", &page)
}

fn read_doors(form: &FormData) -> Result<SchoolDoors> {
    let mut invalid = Invalid::default();
    let mut doors = SchoolDoors {
        line: form.optional("line", 30, &mut invalid),
        hours: form.optional("hours", 60, &mut invalid),
        place: form.optional("place", 60, &mut invalid),
        slot_minutes: form.number("slot_minutes", 5, 120, &mut invalid),
        turns: Vec::new(),
    };
    for n in 0..TURNS {
        let of = |name: &str| form.get(&format!("{name}{n}")).to_owned();
        let Ok(weekday) = of("weekday").parse::<i8>() else { continue };
        let weeks = WEEKS.iter().find(|(code, _)| *code == of("weeks")).map_or(&[][..], |(_, w)| *w);
        let leaders = (0..4).filter_map(|i| form.id(&format!("leader{n}-{i}"))).collect();
        let (from, to) = (minutes(&of("from")).unwrap_or(0), minutes(&of("to")).unwrap_or(0));
        let turn = Turn { weekday, weeks: weeks.to_vec(), from, to, leaders };
        if weekday == 0 {
            continue;
        }
        if turn.is_whole() { doors.turns.push(turn) } else { invalid.push("turns", "case-set-turn") }
    }
    invalid.into_result()?;
    Ok(doors)
}

pub(super) fn save(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    match place(p.tx, &actor)? {
        Place::District => {
            let mut invalid = Invalid::default();
            let mut read =
                NUMBERS.map(|(name, _, from, to)| p.req.form.number(name, from, to, &mut invalid)).into_iter();
            invalid.into_result()?;
            let mut days = || read.next().and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
            let settings = CaseSettings {
                accept_days: days(),
                answer_days: days(),
                extend_days: days(),
                reopen_days: days(),
                close_days: days(),
                few: i64::from(days()),
            };
            keep_settings(p.tx, &settings)?;
        }
        Place::School(school) => {
            let doors = read_doors(&p.req.form)?;
            for leader in doors.turns.iter().flat_map(|t| &t.leaders) {
                if people::find_staff(p.tx, *leader)?.unit != school {
                    return Err(Error::NotFound);
                }
            }
            keep_doors(p.tx, school, &doors)?;
        }
    }
    p.audit("case.settings", ("setting", None), "{}")?;
    Ok(Reply::to_with("/cases/settings", Flash::new("case-settings-kept")))
}
