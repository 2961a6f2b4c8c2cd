//! Figures as they stood at the end of each week: what trends and the line of last year are drawn from.

use super::history::Happened;
use super::sink::{Sink, Table, own, text, word};
use super::tally::{Child, Place, is_visit};
use super::timeline::Timeline;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::{Depth, Tone};
use gongyu_ledger::week;
use gongyu_registry::people::Relation;
use gongyu_store::Value;
use gongyu_web::App;

static CLASS_WEEK: Table = Table {
    name: "class_week",
    columns: &[
        "class_id",
        "week_end",
        "semester",
        "school_id",
        "town_id",
        "setting",
        "entire",
        "students",
        "special",
        "told",
        "confirmed",
        "talked",
        "met",
        "father",
        "mother",
        "visited",
        "never",
        "t_good",
        "t_neutral",
        "t_concern",
        "t_complaint",
    ],
};

/// Told, confirmed, talked, met, father, mother: the first day of each in a term.
type Firsts = [Option<Date>; 6];

/// When a child counted first, and its contacts with a tone: what the weeks are drawn from.
pub(super) struct Life {
    child: Child,
    terms: Vec<Firsts>,
    visits: Vec<Option<Date>>,
    ever: Option<Date>,
    toned: Vec<(usize, Date, Tone)>,
}

fn first(slot: &mut Option<Date>, day: Date) {
    if slot.is_none_or(|known| day < known) {
        *slot = Some(day);
    }
}

impl Life {
    pub(super) fn of(past: &Timeline, child: Child, happened: &[(Happened, Id, Option<Relation>)]) -> Self {
        let mut life = Self {
            child,
            terms: vec![[None; 6]; past.terms.len()],
            visits: vec![None; past.years.len()],
            ever: None,
            toned: Vec::new(),
        };
        for (t, _, relation) in happened {
            let confirmed = t.depth >= Depth::Confirmed;
            let counts = [
                true,
                confirmed,
                t.depth >= Depth::Talked,
                t.depth >= Depth::Met,
                confirmed && *relation == Some(Relation::Father),
                confirmed && *relation == Some(Relation::Mother),
            ];
            for (slot, _) in life.terms[t.term].iter_mut().zip(counts).filter(|(_, counts)| *counts) {
                first(slot, t.day);
            }
            if confirmed {
                first(&mut life.ever, t.day);
            }
            if is_visit(t) {
                first(&mut life.visits[past.terms[t.term].year_at], t.day);
            }
            if let Some(tone) = t.tone {
                life.toned.push((t.term, t.day, tone));
            }
        }
        life
    }

    /// Here today, and its family was never reached.
    pub(super) fn is_here_unreached(&self) -> bool {
        self.child.left.is_none() && self.ever.is_none()
    }

    fn is_there(&self, day: Date) -> bool {
        self.child.joined <= day && self.child.left.is_none_or(|left| left > day)
    }
}

/// Sums the weeks of all classes by school and for the district.
pub(super) fn sum(app: &App, past: &Timeline) -> Result<()> {
    let weeks = past.sundays.clone();
    weeks.into_iter().try_for_each(|end| app.db.write_wait(move |tx| week::sum_units(tx, end, end)))
}

/// Writes the weeks of a class.
pub(super) fn put(sink: &mut Sink, past: &Timeline, place: Place, lives: &[Life]) {
    for end in &past.sundays {
        let term = past.term_at((*end).min(past.today));
        let there: Vec<&Life> = lives.iter().filter(|life| life.is_there(*end)).collect();
        if there.is_empty() {
            continue;
        }
        let mut row = vec![
            own(&place.class),
            own(end),
            text(past.terms[term].code.as_str()),
            own(&place.school),
            own(&place.town),
            word(place.setting),
            Value::Bool(true),
        ];
        row.extend(counted(&there, term, past.terms[term].year_at, *end).map(Value::Int));
        sink.put(&CLASS_WEEK, row);
    }
}

/// Children, special, the six of a term, visited, never, and the four tones.
fn counted(there: &[&Life], term: usize, year: usize, end: Date) -> [i64; 14] {
    let by = |slot: Option<Date>| i64::from(slot.is_some_and(|day| day <= end));
    let mut sums = [0; 14];
    for life in there {
        sums[0] += 1;
        sums[1] += i64::from(life.child.special);
        for (sum, slot) in sums[2..8].iter_mut().zip(life.terms[term]) {
            *sum += by(slot);
        }
        sums[8] += by(life.visits[year]);
        sums[9] += 1 - by(life.ever);
        for (_, _, tone) in life.toned.iter().filter(|(at, day, _)| *at == term && *day <= end) {
            sums[10 + *tone as usize] += 1;
        }
    }
    sums
}
