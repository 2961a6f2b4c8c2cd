//! The invented district 云岭区: towns, schools, families and two school years of contact between them, to
//! look around in, to walk tests through and to measure with. Nobody in it is real: identity numbers bear
//! region 500199, which no district has; telephones begin with 199 0000 and 199 0900; school codes with 99.
//!
//! The same seed and day give the same people and figures. It is made school by school, so that a large
//! district needs no more memory than its largest school.

mod accounts;
mod acts;
mod build;
mod burden;
mod caseload;
mod desk;
mod dice;
mod entries;
mod family;
mod history;
mod letters;
mod names;
mod notes;
mod notices;
mod open_days;
mod plan;
mod posts;
mod pupil;
mod questions;
mod roster;
mod rows;
mod sink;
mod staff;
mod tables;
mod tally;
#[cfg(test)]
mod tests;
mod timeline;
mod units;
mod unreached;
mod visited;
mod visits;
mod weeks;
mod work;

pub use accounts::{Account, PASSWORD};
pub use roster::{RosterFiles, roster_files};

use accounts::Cast;
use acts::Books;
use build::{Made, Maker};
use family::Numbers;
use gongyu_access::password;
use gongyu_kernel::{Error, Result};
use gongyu_ledger::duty;
use gongyu_registry::{unit, year};
use gongyu_web::App;
use history::USUAL_TOUCHES;
use notes::Notes;
use plan::Plan;
use pupil::Nursery;
use sink::Sink;
use staff::Office;
use timeline::Timeline;

/// What district to make.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Pupils.
    pub students: usize,
    /// The same seed gives the same people.
    pub seed: u64,
    /// Touches of a child in two full school years, about; a new entrant has had less time for them.
    /// `None` takes fewer the larger the district is, so that half a million pupils still load in minutes.
    pub touches_per_child: Option<f64>,
}

impl DemoOptions {
    /// Touches of a child as a multiple of what the shares in the history are set for.
    fn scale(&self) -> f64 {
        let usual = USUAL_TOUCHES * (40_000.0 / self.students.max(1) as f64).powf(0.4).clamp(0.25, 1.0);
        self.touches_per_child.unwrap_or(usual) / USUAL_TOUCHES
    }
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { students: 20_000, seed: 20_261_123, touches_per_child: None }
    }
}

/// What was made.
#[derive(Clone, Debug)]
pub struct DemoReport {
    /// Towns.
    pub towns: usize,
    /// Schools and kindergartens.
    pub schools: usize,
    /// Classes.
    pub classes: usize,
    /// Pupils.
    pub students: usize,
    /// Guardians.
    pub guardians: u64,
    /// Touches in the ledger.
    pub touches: u64,
    /// Pupils whose family was never reached.
    pub never_reached: u64,
    /// The sign-ins of `accounts.json`.
    pub accounts: Vec<Account>,
}

/// Streams of chance of one school, apart from one another.
#[derive(Clone, Copy)]
enum Part {
    Officers = 1,
    Staff,
    Acts,
    Pupils,
    Past,
}

impl Part {
    const fn of(self, index: usize) -> u64 {
        1_000 + index as u64 * 16 + self as u64
    }
}

/// Makes the district in an empty database and writes `accounts.json` into the data folder.
///
/// # Errors
/// `Error::Conflict("demo-not-empty")` where there is a district already; otherwise as any statement.
pub fn build(app: &App, options: &DemoOptions) -> Result<DemoReport> {
    let today = app.clock().today();
    let (calendar, rules) = app.db.read_wait(|r| match unit::district(r) {
        Err(Error::NotFound) => Ok((year::calendar(r)?, duty::book(r)?)),
        Ok(_) => Err(Error::conflict("demo-not-empty")),
        Err(other) => Err(other),
    })?;
    let past = Timeline::before(today, &calendar);
    let start = calendar.year_of(today).start;
    let plan = Plan::draw(options.seed, options.students, start);
    let hash = password::hash(&app.random, PASSWORD)?;
    let nursery = Nursery::new(plan.towns.len(), today, start);
    let mut office = Office::new(app, hash, past.from, start);
    let mut cast = Cast::default();
    let mut above = units::make(app, &plan, past.from)?;
    units::people(&mut above, &mut office, &nursery.names, &plan, options.seed, &mut cast)?;
    let books = Books { past: &past, rules: &rules, calendar: &calendar };
    let mut maker = Maker {
        app,
        options,
        books,
        plan: &plan,
        above,
        office,
        nursery,
        cast,
        mother: None,
        notes: Notes::load(),
        requested: Numbers::of_requests(),
        made: Made::default(),
    };
    let mut sink = Sink::open(&app.db)?;
    let made = maker.schools(&mut sink);
    sink.close(made)?;
    weeks::sum(app, &past)?;
    letters::leave_some(app, &past, options.seed)?;
    burden::leave_some(app, &past, options.seed)?;
    work::leave_some(app)?;
    desk::leave_some(app, options, &plan, start)?;
    app.db.refresh_statistics()?;
    let Maker { cast, made, .. } = maker;
    let accounts = cast.publish(app)?;
    notices::make(app, &accounts, options.seed)?;
    visits::make(app, &accounts, options.seed)?;
    open_days::make(app, &accounts, options.seed)?;
    let reached = unreached::make(app, &accounts, options.seed)?;
    caseload::make(app, &accounts, options.seed)?;
    questions::make(app, &accounts, options.seed)?;
    Ok(DemoReport {
        towns: plan.towns.len(),
        schools: plan.schools.len(),
        classes: plan.schools.iter().map(|s| s.classes.len()).sum(),
        students: options.students,
        guardians: made.guardians,
        touches: made.touches,
        never_reached: made.never - reached,
        accounts,
    })
}
