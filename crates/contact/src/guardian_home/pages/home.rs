//! What needs me today, my children.

use crate::contact_log::{choices_of, mark};
use crate::guardian_home::rules::{NEWS_DAYS, called, readable};
use crate::guardian_home::store::{self, Child, Seen, Teacher};
use crate::guardian_home::words;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::rules::Tone;
use gongyu_registry::people::staff_phone;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, HomeItem, Reply};

/// Good news of a child.
pub(super) struct News {
    by: String,
    at: Millis,
    text: String,
}

struct Card {
    id: Id,
    name: String,
    mark: String,
    place: String,
    class_name: String,
    teacher: Option<String>,
    /// Number and words of the call.
    call: Option<(String, String)>,
    news: Option<News>,
    accent: bool,
}

#[derive(Template)]
#[template(path = "guardian_home/pages/home.html")]
struct Page {
    elder: bool,
    /// Letters in the inbox that were not looked at.
    unseen: i64,
    headline: String,
    today: Date,
    weekday: String,
    tight: bool,
    items: Vec<HomeItem>,
    cards: Vec<Card>,
    /// Children held back until consent is given again.
    held: Vec<(Id, String)>,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let view = g.view().clone();
    let today = view.today();
    let (held, children): (Vec<Child>, Vec<Child>) = store::children(g.r, me)?.into_iter().partition(|c| c.withheld);
    let start = year::current(g.r)?.start;
    let ids: Vec<Id> = children.iter().map(|c| c.id).collect();
    let classes: Vec<Id> = children.iter().filter_map(|c| c.class).collect();
    let since = today.saturating_sub(jiff::Span::new().days(i64::from(NEWS_DAYS)));
    let (teachers, seen) = (store::teachers(g.r, &classes)?, store::seen(g.r, &ids, me, since)?);
    let (teachers, seen) = (teachers.rows(g.r)?, seen.rows(g.r)?);
    let mut items: Vec<HomeItem> = g.home_items(&at.actor)?;
    if let Some(first) = items.first_mut() {
        first.now = true;
    }
    let mut cards = Vec::with_capacity(children.len());
    for (i, child) in children.iter().enumerate() {
        cards.push(card(g, &view, child, &teachers, &seen, (start, i % 2 == 1))?);
    }
    let held = held.into_iter().map(|c| (c.id, c.name)).collect();
    let headline = match items.len() {
        0 => view.t("home-nothing"),
        n => view.ta("home-things", &[("n", n.into())]),
    };
    let weekday = view.t(&format!("home-weekday-{}", today.weekday().to_monday_one_offset()));
    let unseen = gongyu_deliver::inbox::unseen(g.r, at.actor.account)?;
    let body = Page { elder: view.prefs.elder, unseen, headline, today, weekday, tight: false, items, cards, held };
    g.page(g.t("home-title"), "home", &body)
}

fn card(
    g: &mut Get<'_>,
    view: &View,
    child: &Child,
    teachers: &[Teacher],
    seen: &[Seen],
    (start, accent): (i16, bool),
) -> Result<Card> {
    let teacher = teachers.iter().find(|t| t.class_teacher && Some(t.class) == child.class);
    let class_name = child.class_name(start);
    let news = seen
        .iter()
        .filter(|s| s.student == child.id && s.tone == Some(Tone::Good))
        .find_map(|s| readable(s).map(|text| (s, text)));
    Ok(Card {
        id: child.id,
        mark: mark(&child.name),
        name: child.name.clone(),
        place: format!("{} {class_name}", child.school_name),
        class_name,
        teacher: teacher.map(|t| t.name.clone()),
        call: call(g, view, child, teacher)?,
        news: news.map(|(s, text)| News {
            by: match &s.staff {
                Some(_) => words::teacher(view, s.staff.as_deref()),
                None => String::new(),
            },
            at: s.at,
            text: text.to_owned(),
        }),
        accent,
    })
}

/// Whom to call: the class teacher where the school shows the number, else the school.
fn call(g: &mut Get<'_>, view: &View, child: &Child, teacher: Option<&Teacher>) -> Result<Option<(String, String)>> {
    if choices_of(g.r, child.school)?.show_teacher_phone
        && let Some((teacher, staff)) = teacher.and_then(|t| t.staff.map(|s| (t, s)))
        && let Some(number) = staff_phone(g.r, &g.app.vault, staff)?
    {
        return Ok(Some((number, view.ta("home-call-teacher", &[("name", called(&teacher.name).into())]))));
    }
    let school = child.school_phone.trim();
    Ok((!school.is_empty()).then(|| (school.to_owned(), view.t("home-call-school"))))
}
