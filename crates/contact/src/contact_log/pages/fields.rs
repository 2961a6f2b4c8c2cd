//! The fields of a contact, shared by the form for a new one and the one that corrects.

use crate::contact_log::{Candidate, NewContact, OFFERED, Who, channel_icon, relation_words, tone_class, tone_icon};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Id};
use gongyu_ledger::rules::{Channel, Tone};
use gongyu_registry::people::Relation;
use gongyu_web::Get;
use gongyu_web::form::FormData;
use gongyu_web::show::View;

/// Characters of the one line.
const NOTE: usize = 200;
/// Minutes of the longest contact worth noting.
const LONGEST: i64 = 600;
/// Days back that a contact may be noted; the ledger refuses older ones.
const OLDEST_DAYS: i32 = 366;

/// One choice of a picker.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) icon: &'static str,
    pub(super) class: &'static str,
    pub(super) on: bool,
}

/// What the fields hold when they are shown.
pub(super) struct Fields {
    pub(super) channels: Vec<Choice>,
    pub(super) tones: Vec<Choice>,
    pub(super) people: Vec<Choice>,
    pub(super) note: String,
    pub(super) day: String,
    pub(super) today: String,
    pub(super) minutes: String,
    pub(super) by_family: bool,
    pub(super) left: bool,
    pub(super) problems: Problems,
}

/// Why fields were refused, in words; empty for those that were not.
pub(super) struct Problems {
    pub(super) channel: String,
    pub(super) tone: String,
    pub(super) note: String,
    pub(super) day: String,
    pub(super) minutes: String,
    pub(super) whole: String,
}

/// What the fields begin with.
pub(super) struct Initial {
    pub(super) channel: Channel,
    pub(super) tone: Option<Tone>,
    pub(super) note: String,
    pub(super) day: Date,
    pub(super) minutes: i64,
    pub(super) by_family: bool,
    pub(super) left: bool,
    pub(super) who: String,
}

impl Fields {
    /// The fields, with what was typed before they were refused. `people` are those one child's contact
    /// may have reached; with none given the choice is by relation.
    pub(super) fn of(g: &Get<'_>, initial: &Initial, people: &[Candidate]) -> Self {
        let view = g.view();
        let typed = g.typed();
        let kept = |name: &str, first: &str| g.value(name, first).to_owned();
        let channel = kept("channel", initial.channel.code());
        let tone = kept("tone", initial.tone.map_or("", Tone::code));
        let who = kept("who", &initial.who);
        Self {
            channels: OFFERED.iter().map(|c| channel_choice(view, *c, &channel)).collect(),
            tones: Tone::ALL.iter().map(|t| tone_choice(view, *t, &tone)).collect(),
            people: people_choices(view, people, &who),
            note: kept("note", &initial.note),
            day: kept("day", &initial.day.to_string()),
            today: view.today().to_string(),
            minutes: kept("minutes", &if initial.minutes > 0 { initial.minutes.to_string() } else { String::new() }),
            by_family: typed.map_or(initial.by_family, |f| f.get("began") == "family"),
            left: typed.map_or(initial.left, |f| f.ticked("left")),
            problems: Problems {
                channel: g.problem("channel"),
                tone: g.problem("tone"),
                note: g.problem("note"),
                day: g.problem("day"),
                minutes: g.problem("minutes"),
                whole: g.refusal(),
            },
        }
    }
}

fn channel_choice(view: &View, channel: Channel, chosen: &str) -> Choice {
    let label = match channel {
        Channel::HomeVisit => view.t("contact-home-visit"),
        other => view.t(other.label_key()),
    };
    Choice {
        value: channel.code().to_owned(),
        label,
        icon: channel_icon(channel),
        class: "",
        on: channel.code() == chosen,
    }
}

fn tone_choice(view: &View, tone: Tone, chosen: &str) -> Choice {
    Choice {
        value: tone.code().to_owned(),
        label: view.t(tone.label_key()),
        icon: tone_icon(tone),
        class: tone_class(tone),
        on: tone.code() == chosen,
    }
}

fn people_choices(view: &View, people: &[Candidate], chosen: &str) -> Vec<Choice> {
    let choice = |value: String, label: String| Choice { on: value == chosen, value, label, icon: "", class: "" };
    let named = people.iter().map(|c| {
        let relation = relation_words(view, c.relation, &c.kin);
        let args = [("relation", relation.into()), ("name", c.name.as_str().into())];
        choice(c.guardian.to_string(), view.ta("contact-relation-and-name", &args))
    });
    let held = |relation: &Relation| people.iter().any(|c| c.relation == *relation);
    let others = [Relation::Father, Relation::Mother, Relation::Grandparent, Relation::Other]
        .into_iter()
        .filter(|relation| !held(relation))
        .map(|relation| choice(relation.code().to_owned(), relation_words(view, relation, "")));
    let usual = people.is_empty().then(|| choice("usual".to_owned(), view.t("contact-who-usual")));
    let mut all: Vec<Choice> = usual.into_iter().chain(named).chain(others).collect();
    if !all.iter().any(|c| c.on)
        && let Some(first) = all.first_mut()
    {
        first.on = true;
    }
    all
}

/// Reads the fields of a posted contact.
pub(super) fn read(form: &FormData, today: Date, children: Vec<Id>, invalid: &mut Invalid) -> Option<NewContact> {
    let offered = |code: &str| Channel::parse(code).filter(|c| OFFERED.contains(c));
    let channel = form.choice("channel", offered, invalid);
    let tone = form.choice("tone", Tone::parse, invalid);
    let note = form.optional("note", NOTE, invalid);
    let day = if form.get("day").is_empty() { Some(today) } else { form.date("day", invalid) };
    match day {
        Some(day) if day > today => invalid.push("day", "touch-in-future"),
        Some(day) if (today - day).get_days() > OLDEST_DAYS => invalid.push("day", "touch-too-old"),
        _ => {}
    }
    let minutes = if form.get("minutes").is_empty() { 0 } else { form.number("minutes", 0, LONGEST, invalid) };
    Some(NewContact {
        children,
        channel: channel?,
        tone: tone?,
        note: note.split_whitespace().collect::<Vec<_>>().join(" "),
        day: day?,
        minutes,
        by_family: form.get("began") == "family",
        left_message: form.ticked("left"),
        who: who(form.get("who")),
    })
}

fn who(text: &str) -> Who {
    match Relation::parse(text) {
        Some(relation) => Who::Relation(relation),
        None => text.parse().map_or(Who::Usual, Who::Guardian),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_kernel::error::Invalid;

    fn posted(text: &str) -> (Option<NewContact>, Invalid) {
        let mut invalid = Invalid::default();
        let today = "2026-11-23".parse().unwrap();
        let new = read(&FormData::parse(text.as_bytes()), today, vec![Id(1)], &mut invalid);
        (new, invalid)
    }

    #[test]
    fn channel_and_tone_are_enough_and_the_day_is_today() {
        let (new, invalid) = posted("channel=phone&tone=good");
        let new = new.unwrap();
        assert!(invalid.fields.is_empty());
        assert_eq!((new.day.to_string().as_str(), new.who, new.minutes), ("2026-11-23", Who::Usual, 0));
    }

    #[test]
    fn a_way_that_only_the_product_takes_is_not_offered() {
        assert!(posted("channel=in_app&tone=good").1.of("channel").is_some());
        assert!(posted("channel=event&tone=good").1.of("channel").is_some());
    }

    #[test]
    fn a_day_to_come_and_one_over_a_year_ago_are_refused() {
        assert!(posted("channel=phone&tone=good&day=2026-11-24").1.of("day").is_some());
        assert!(posted("channel=phone&tone=good&day=2025-11-21").1.of("day").is_some());
        assert!(posted("channel=phone&tone=good&day=2026-09-01").1.of("day").is_none());
    }

    #[test]
    fn a_father_may_be_named_by_relation_and_a_guardian_by_number() {
        assert_eq!(who("father"), Who::Relation(Relation::Father));
        assert_eq!(who("77"), Who::Guardian(Id(77)));
        assert_eq!(who("usual"), Who::Usual);
    }
}
