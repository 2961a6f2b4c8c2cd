//! Figures: sums over classes, never a scan of the ledger. A list, its count and its chart all come from here.

use crate::rules::Depth;
use crate::touch::Periods;
use gongyu_kernel::calendar::Semester;
use gongyu_kernel::{Id, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, record, settings, sql};

record! {
    /// The children of a group of classes, counted.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Figures {
        /// Town, school or class; 0 for a group without one.
        pub key: Id,
        /// `urban` or `rural`.
        pub setting: String,
        /// Classes.
        pub classes: i64,
        /// Children.
        pub students: i64,
        /// Children of special groups: sensitive.
        pub special: i64,
        /// Children reached at least by a message.
        pub told: i64,
        /// Whose family confirmed something.
        pub confirmed: i64,
        /// With whose family somebody talked.
        pub talked: i64,
        /// With whose family somebody met.
        pub met: i64,
        /// Whose father was reached.
        pub father: i64,
        /// Whose mother was reached.
        pub mother: i64,
        /// Visited at home this school year.
        pub visited: i64,
        /// Contacts with good news.
        pub good: i64,
        /// Everyday contacts.
        pub neutral: i64,
        /// Contacts out of care.
        pub concern: i64,
        /// Complaints.
        pub complaint: i64,
        /// Children whose family was ever reached, at least confirmed.
        pub ever: i64,
    }
}

impl Figures {
    /// Children reached at least so deeply in the semester.
    pub const fn reached(&self, least: Depth) -> i64 {
        match least {
            Depth::Told => self.told,
            Depth::Confirmed => self.confirmed,
            Depth::Talked => self.talked,
            Depth::Met => self.met,
        }
    }

    /// Children not reached so deeply in the semester.
    pub const fn not_reached(&self, least: Depth) -> i64 {
        self.students - self.reached(least)
    }

    /// Children whose family was never reached.
    pub const fn never(&self) -> i64 {
        self.students - self.ever
    }

    /// Contacts with a tone.
    pub const fn toned(&self) -> i64 {
        self.good + self.neutral + self.concern + self.complaint
    }

    /// Adds another group.
    pub fn add(&mut self, other: &Self) {
        self.classes += other.classes;
        self.students += other.students;
        self.special += other.special;
        self.told += other.told;
        self.confirmed += other.confirmed;
        self.talked += other.talked;
        self.met += other.met;
        self.father += other.father;
        self.mother += other.mother;
        self.visited += other.visited;
        self.good += other.good;
        self.neutral += other.neutral;
        self.concern += other.concern;
        self.complaint += other.complaint;
        self.ever += other.ever;
    }

    /// The sum of several groups.
    pub fn total<'a>(groups: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        groups.into_iter().for_each(|g| sum.add(g));
        sum
    }
}

/// From which depth on a family counts as reached; the district may ask for more [P].
///
/// # Errors
/// As any statement.
pub fn reach_depth(r: &mut Reader) -> Result<Depth> {
    let code: Option<String> = settings::get(r, "reach-depth")?;
    Ok(code.and_then(|c| Depth::parse(&c)).unwrap_or(Depth::Confirmed))
}

/// The semester of today.
///
/// # Errors
/// As any statement.
pub fn present(r: &mut Reader) -> Result<Semester> {
    let today = r.today();
    year::semester_of(r, today)
}

macro_rules! figures_sql {
    ($key:literal, $scope:literal) => {
        sql!(concat!(
            "SELECT COALESCE(",
            $key,
            ", 0), MIN(b.setting), COUNT(*),
                CAST(SUM(b.students) AS BIGINT), CAST(SUM(b.special) AS BIGINT),
                CAST(COALESCE(SUM(c.told), 0) AS BIGINT), CAST(COALESCE(SUM(c.confirmed), 0) AS BIGINT),
                CAST(COALESCE(SUM(c.talked), 0) AS BIGINT), CAST(COALESCE(SUM(c.met), 0) AS BIGINT),
                CAST(COALESCE(SUM(c.father), 0) AS BIGINT), CAST(COALESCE(SUM(c.mother), 0) AS BIGINT),
                CAST(COALESCE(SUM(y.visited), 0) AS BIGINT),
                CAST(COALESCE(SUM(c.t_good), 0) AS BIGINT), CAST(COALESCE(SUM(c.t_neutral), 0) AS BIGINT),
                CAST(COALESCE(SUM(c.t_concern), 0) AS BIGINT), CAST(COALESCE(SUM(c.t_complaint), 0) AS BIGINT),
                CAST(SUM(b.confirmed) AS BIGINT)
             FROM class_reach b
             LEFT JOIN class_reach c ON c.class_id = b.class_id AND c.period = $1
             LEFT JOIN class_reach y ON y.class_id = b.class_id AND y.period = $2
             WHERE b.period = $3 AND b.students > 0 ",
            $scope,
            " GROUP BY ",
            $key,
            " ORDER BY 1"
        ))
    };
}

struct Codes {
    semester: String,
    year: String,
    base: String,
}

/// For the present semester children are counted as they are today; for one that is over, as they
/// were in its last days.
fn codes(r: &mut Reader, semester: Semester) -> Result<Codes> {
    let present = present(r)?;
    let (code, year) = (semester.code(), semester.year.code());
    let base = if semester == present { "all".to_owned() } else { code.clone() };
    Ok(Codes { semester: code, year, base })
}

/// The figures of every town.
///
/// # Errors
/// As any statement.
pub fn by_town(r: &mut Reader, semester: Semester) -> Result<Vec<Figures>> {
    let c = codes(r, semester)?;
    r.rows(figures_sql!("b.town_id", ""), &[&c.semester, &c.year, &c.base])
}

/// The figures of the schools of a town.
///
/// # Errors
/// As any statement.
pub fn by_school(r: &mut Reader, semester: Semester, town: Id) -> Result<Vec<Figures>> {
    let c = codes(r, semester)?;
    r.rows(figures_sql!("b.school_id", "AND b.town_id = $4"), &[&c.semester, &c.year, &c.base, &town])
}

/// The figures of every school.
///
/// # Errors
/// As any statement.
pub fn by_every_school(r: &mut Reader, semester: Semester) -> Result<Vec<Figures>> {
    let c = codes(r, semester)?;
    r.rows(figures_sql!("b.school_id", ""), &[&c.semester, &c.year, &c.base])
}

/// The figures of the classes of a school.
///
/// # Errors
/// As any statement.
pub fn by_class(r: &mut Reader, semester: Semester, school: Id) -> Result<Vec<Figures>> {
    let c = codes(r, semester)?;
    r.rows(figures_sql!("b.class_id", "AND b.school_id = $4"), &[&c.semester, &c.year, &c.base, &school])
}

/// The figures of one class.
///
/// # Errors
/// As any statement.
pub fn of_class(r: &mut Reader, semester: Semester, class: Id) -> Result<Figures> {
    let c = codes(r, semester)?;
    let found: Option<Figures> =
        r.row(figures_sql!("b.class_id", "AND b.class_id = $4"), &[&c.semester, &c.year, &c.base, &class])?;
    Ok(found.unwrap_or_default())
}

/// Codes of the semester, the school year and for ever of today: periods of the counters.
///
/// # Errors
/// As any statement.
pub fn present_periods(r: &mut Reader) -> Result<[String; 3]> {
    let today = r.today();
    let calendar = year::calendar(r)?;
    Ok(Periods::of(&calendar, today).codes().map(ToOwned::to_owned))
}
