//! What is to be done with the letters of a batch.

use super::claim::Row;
use super::decide::{About, Decision, Held, Reached, decide};
use super::people::{self, To};
use crate::channel::{Channels, Way};
use crate::inbox::Said;
use crate::policy::Policy;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::Reader;
use gongyu_web::App;
use gongyu_web::letters::{Due, Words};
use gongyu_web::show::View;
use std::collections::HashMap;

/// Titles named in a digest; the others are counted.
const NAMED: usize = 6;

/// One message to one person: a letter, or several gathered.
pub(super) struct Parcel {
    /// The letters in it, never none.
    pub rows: Vec<Row>,
    pub news: Vec<Due>,
    pub way: Way,
    /// Addresses, each with its blind index where it is one of ours to forget.
    pub to: Vec<(String, Option<String>)>,
    pub words: Words,
    /// What each letter in it says, for the inbox.
    pub said: Vec<Said>,
    pub account: Option<Id>,
}

impl Parcel {
    /// Identifier of the message: that of its first letter.
    pub(super) fn id(&self) -> Id {
        self.rows.first().map_or(Id::default(), |row| row.id)
    }
}

/// What is to be done.
#[derive(Default)]
pub(super) struct Plan {
    pub hold: Vec<(Id, Millis, Held)>,
    /// Not to go any more.
    pub cancel: Vec<Id>,
    /// Nothing can carry it.
    pub nobody: Vec<(Row, Due)>,
    /// Its words could not be written just now.
    pub later: Vec<(Row, String)>,
    pub parcels: Vec<Parcel>,
}

struct Going {
    row: Row,
    way: Way,
    due: Due,
}

/// Decides about every letter and has the words of those that go written.
pub(super) fn plan(app: &App, r: &mut Reader, rows: Vec<Row>, channels: &Channels) -> Result<Plan> {
    let policy = Policy::load(r)?;
    let mut people = people::load(r, &app.vault, &rows)?;
    let (mut plan, mut going, now) = (Plan::default(), Vec::new(), r.now());
    for row in rows {
        let nobody = To::default();
        let to = row.person().and_then(|p| people.get(&p)).unwrap_or(&nobody);
        let (ways, tried) = (to.ways(channels), row.tried());
        let about = About { urgent: row.urgent, held: row.held, tried: &tried, staff: row.guardian.is_none() };
        let reached = Reached { choice: &to.choice, ways: &ways, today: to.today };
        let due = row.due(to.account, to.lang);
        match decide(&about, &reached, &policy, &channels.resting, now) {
            Decision::Hold(until, why) => plan.hold.push((row.id, until, why)),
            Decision::Nobody => plan.nobody.push((row, due)),
            Decision::Go(way) => {
                // Letters of one batch count among themselves too; those of a digest are one message.
                if way != Way::App
                    && !row.held.gathers()
                    && let Some(to) = row.person().and_then(|p| people.get_mut(&p))
                {
                    to.today += 1;
                }
                going.push(Going { row, way, due });
            }
        }
    }
    let written = compose(app, r, &mut plan, going);
    pack(app, &mut plan, written, &people);
    Ok(plan)
}

/// Has the words written, kind by kind. A letter whose feature fails waits; the others go.
fn compose(app: &App, r: &mut Reader, plan: &mut Plan, going: Vec<Going>) -> Vec<(Going, Words)> {
    let mut kinds: HashMap<String, Vec<Going>> = HashMap::new();
    for one in going {
        kinds.entry(one.row.kind.clone()).or_default().push(one);
    }
    let mut written = Vec::new();
    for (kind, going) in kinds {
        let dues: Vec<Due> = going.iter().map(|g| g.due.clone()).collect();
        match ask(app, r, &kind, &dues) {
            Ok(words) => {
                for (one, words) in going.into_iter().zip(words) {
                    match words {
                        Some(words) => written.push((one, words)),
                        None => plan.cancel.push(one.row.id),
                    }
                }
            }
            Err(e) => {
                tracing::error!(kind, error = %e, "letters could not be written");
                plan.later.extend(going.into_iter().map(|one| (one.row, e.to_string())));
            }
        }
    }
    written.sort_by_key(|(one, _)| (!one.row.urgent, one.row.id));
    written
}

fn ask(app: &App, r: &mut Reader, kind: &str, dues: &[Due]) -> Result<Vec<Option<Words>>> {
    let source =
        app.letter_source(kind).ok_or_else(|| Error::internal(format!("no feature writes letters of kind {kind}")))?;
    let words = (source.compose)(app, r, dues)?;
    if words.len() == dues.len() {
        Ok(words)
    } else {
        Err(Error::internal(format!("{} letters were asked for and {} written", dues.len(), words.len())))
    }
}

/// Makes messages of letters: one each, or one of all that were held for the digest of one person.
fn pack(app: &App, plan: &mut Plan, written: Vec<(Going, Words)>, people: &HashMap<Id, To>) {
    let mut gathered: HashMap<(Id, Way), Vec<(Going, Words)>> = HashMap::new();
    let mut alone = Vec::new();
    for (one, words) in written {
        match one.row.person() {
            Some(person) if one.row.held.gathers() && one.way != Way::App => {
                gathered.entry((person, one.way)).or_default().push((one, words));
            }
            _ => alone.push((one, words)),
        }
    }
    for (one, words) in alone {
        let said = vec![Said::of(&words)];
        plan.parcels.push(parcel(vec![one], words, said, people));
    }
    for (_, mut letters) in gathered {
        let said = letters.iter().map(|(_, words)| Said::of(words)).collect();
        let words = if letters.len() == 1 { std::mem::take(&mut letters[0].1) } else { digest(app, &letters) };
        let going = letters.into_iter().map(|(one, _)| one).collect();
        plan.parcels.push(parcel(going, words, said, people));
    }
    plan.parcels.sort_by_key(|p| p.id());
}

fn parcel(going: Vec<Going>, words: Words, said: Vec<Said>, people: &HashMap<Id, To>) -> Parcel {
    let to = going.first().and_then(|g| g.row.person()).and_then(|p| people.get(&p));
    let way = going.first().map_or(Way::App, |g| g.way);
    let (rows, news) = going.into_iter().map(|g| (g.row, g.due)).unzip();
    Parcel {
        rows,
        news,
        way,
        to: to.map(|to| to.at(way)).unwrap_or_default(),
        words,
        said,
        account: to.and_then(|to| to.account),
    }
}

fn digest(app: &App, letters: &[(Going, Words)]) -> Words {
    let lang = letters.first().map(|(one, _)| one.due.lang).unwrap_or_default();
    let view = View::plain(app, lang);
    let n = letters.len();
    let title = view.ta("deliver-digest-title", &[("n", n.into())]);
    let mut lines: Vec<String> =
        letters.iter().take(NAMED).enumerate().map(|(i, (_, words))| format!("{}. {}", i + 1, words.title)).collect();
    if n > NAMED {
        lines.push(view.ta("deliver-digest-more", &[("n", (n - NAMED).into())]));
    }
    let text = format!("{title}\n{}", lines.join("\n"));
    let values = vec![("title", title.clone()), ("count", n.to_string())];
    Words { title, text, href: "/home".to_owned(), template: "digest", values }
}
