//! Figures of the caseload: a school's and the district's, by school and by topic. Counts under what the
//! district sets are not shown, nor what could be reckoned from them.

use super::model::{Door, Rating, Topic};
use super::settings::settings_of;
use gongyu_kernel::{Id, Result};
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_store::{Reader, record, sql};

record! {
    struct Row {
        school: Id,
        name: String,
        door: Door,
        topic: Topic,
        rating: Rating,
        answered: bool,
        late: bool,
        petition: bool,
        n: i64,
    }
}

/// A line of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// School or nothing.
    pub id: Option<Id>,
    /// Name of the school, or key of the topic's words.
    pub name: String,
    /// Matters.
    pub all: i64,
    /// By door, in the order of `Door::ALL`.
    pub doors: [i64; 3],
    /// Answered.
    pub answered: i64,
    /// Of these late, and of the open ones those over.
    pub late: i64,
    /// On the petition track.
    pub petitions: i64,
    /// Rated: content, fairly content, not content.
    pub rated: [i64; 3],
    /// Rated at all.
    pub ratings: i64,
    /// Content or fairly content.
    pub content: i64,
    /// Neither late nor over.
    pub in_time: i64,
    /// Too few to be told apart.
    pub few: bool,
}

impl Line {
    fn add(&mut self, row: &Row) {
        self.all += row.n;
        if let Some(n) = Door::ALL.iter().position(|d| *d == row.door).and_then(|i| self.doors.get_mut(i)) {
            *n += row.n;
        }
        self.answered += if row.answered { row.n } else { 0 };
        self.late += if row.late { row.n } else { 0 };
        self.petitions += if row.petition { row.n } else { 0 };
        let place = match row.rating {
            Rating::None => None,
            Rating::Satisfied => Some(0),
            Rating::Basic => Some(1),
            Rating::Unsatisfied => Some(2),
        };
        if let Some(n) = place.and_then(|i| self.rated.get_mut(i)) {
            *n += row.n;
        }
    }

    fn hidden(&mut self, few: i64) {
        self.few = self.all > 0 && self.all < few;
        if self.rated.iter().sum::<i64>() < few {
            self.rated = [0; 3];
        }
        let [satisfied, basic, _] = self.rated;
        (self.ratings, self.content) = (self.rated.iter().sum(), satisfied + basic);
        self.in_time = self.all - self.late;
    }
}

/// The figures of a unit in a school year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// All of it.
    pub whole: Line,
    /// By school, of a unit above schools.
    pub schools: Vec<Line>,
    /// By topic.
    pub topics: Vec<Line>,
}

/// Counts the matters of a school, a town or the district in a school year, letters nobody signed from the day
/// after on.
///
/// # Errors
/// As any statement.
pub fn of(r: &mut Reader, unit: &Unit, school_year: &str) -> Result<Figures> {
    let (few, today) = (settings_of(r)?.few, r.today());
    let (school, town) = match unit.kind {
        UnitKind::School => (unit.id, Id(0)),
        UnitKind::Town => (Id(0), unit.id),
        _ => (Id(0), Id(0)),
    };
    let rows: Vec<Row> = r.rows(
        sql!(
            "SELECT c.school_id, u.name, c.door, c.topic, c.satisfaction, c.answered_on IS NOT NULL, c.late,
                    c.track = 'petition', COUNT(*)
              FROM caseload_case c JOIN unit u ON u.id = c.school_id
              WHERE c.school_year = $1 AND (c.school_id = $2 OR $2 = 0) AND (u.town_id = $3 OR $3 = 0)
                AND (c.writer <> 'anonymous' OR c.received_on < $4)
              GROUP BY c.school_id, u.name, c.door, c.topic, c.satisfaction, c.answered_on IS NOT NULL, c.late,
                    c.track = 'petition'"
        ),
        &[&school_year, &school, &town, &today],
    )?;
    let mut out = Figures::default();
    for row in &rows {
        out.whole.add(row);
        line(&mut out.schools, Some(row.school), &row.name).add(row);
        line(&mut out.topics, None, row.topic.label_key()).add(row);
    }
    out.schools.sort_by(|a, b| (b.all, &a.name).cmp(&(a.all, &b.name)));
    let order = |l: &Line| Topic::ALL.iter().position(|t| t.label_key() == l.name);
    out.topics.sort_by_key(order);
    for line in out.schools.iter_mut().chain(&mut out.topics) {
        line.hidden(few);
    }
    hide_the_only(&mut out.topics, few);
    hide_the_only(&mut out.schools, few);
    out.whole.hidden(few);
    if unit.kind == UnitKind::School {
        out.schools.clear();
    }
    Ok(out)
}

fn line<'a>(lines: &'a mut Vec<Line>, id: Option<Id>, name: &str) -> &'a mut Line {
    let at = lines.iter().position(|l| l.id == id && (id.is_some() || l.name == name)).unwrap_or_else(|| {
        lines.push(Line { id, name: name.to_owned(), ..Line::default() });
        lines.len() - 1
    });
    &mut lines[at]
}

/// One line left out could be reckoned from the whole and the others: the smallest of those goes with it.
fn hide_the_only(lines: &mut [Line], few: i64) {
    if lines.iter().filter(|l| l.few).count() == 1
        && few > 1
        && let Some(next) = lines.iter_mut().filter(|l| !l.few && l.all > 0).min_by_key(|l| l.all)
    {
        next.few = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_small_count_takes_the_next_smallest_along() {
        let line = |all| Line { all, few: all < 5, ..Line::default() };
        let mut lines = [line(3), line(20), line(8)];
        hide_the_only(&mut lines, 5);
        assert_eq!(lines.map(|l| l.few), [true, false, true]);
    }
}
