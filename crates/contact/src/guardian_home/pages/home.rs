//! What needs me today, my children.

use crate::contact_log::{choices_of, mark};
use crate::guardian_home::rules::{MOST_ASKED, NEWS_DAYS, called, readable, to_ask};
use crate::guardian_home::store::{self, Child, Seen, Teacher};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::rules::{Channel, Tone, TouchKind};
use gongyu_registry::people::staff_phone;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, HomeItem, ItemAct, Reply};

/// A contact the family is asked about.
pub(super) struct Ask {
    pub(super) id: Id,
    pub(super) icon: &'static str,
    pub(super) what: String,
}

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
    let several = children.len() > 1;
    let asks = seen
        .iter()
        .filter(|s| to_ask(s, me, today))
        .take(MOST_ASKED)
        .map(|s| as_item(&view, ask(&view, s, several.then(|| name_of(&children, s.student)).flatten())));
    let mut items: Vec<HomeItem> = asks.collect();
    items.extend(g.home_items(&at.actor)?);
    items.sort_by_key(|item| item.order);
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

/// The question whether a contact happened, as the home shows what waits.
fn as_item(view: &View, ask: Ask) -> HomeItem {
    let act = |label, icon, value: &str, main| ItemAct {
        label: view.t(label),
        icon,
        href: format!("/touches/{}/answer", ask.id),
        post: Some(("happened", value.to_owned())),
        main,
    };
    HomeItem {
        key: format!("t{}", ask.id),
        icon: ask.icon,
        kind: view.t("home-ask-kind"),
        when: String::new(),
        acts: vec![act("home-yes", "check", "yes", true), act("home-no", "", "no", false)],
        title: ask.what,
        text: String::new(),
        href: None,
        now: false,
        order: 40,
    }
}

fn name_of(children: &[Child], id: Id) -> Option<&str> {
    children.iter().find(|c| c.id == id).map(|c| c.name.as_str())
}

/// 林老师11月20日来家访过.
pub(super) fn ask(view: &View, seen: &Seen, child: Option<&str>) -> Ask {
    let key = match (&seen.kind, seen.channel) {
        (kind, _) if *kind == TouchKind::VISIT => "home-ask-visit",
        (_, Channel::HomeVisit) => "home-ask-visit",
        (kind, _) if *kind == TouchKind::MEETING => "home-ask-meeting",
        (kind, _) if *kind == TouchKind::OPEN_DAY => "home-ask-open-day",
        (_, Channel::AtSchool) => "home-ask-at-school",
        (_, Channel::Wechat) => "home-ask-wechat",
        (_, Channel::Video) => "home-ask-video",
        _ => "home-ask-phone",
    };
    let teacher = match &seen.staff {
        Some(name) => view.ta("home-teacher", &[("name", called(name).into())]),
        None => view.t("home-school"),
    };
    let said = view.ta(key, &[("teacher", teacher.into()), ("day", view.day(seen.day).into())]);
    let what = match child {
        Some(name) => view.ta("home-ask-about", &[("name", name.into()), ("what", said.into())]),
        None => said,
    };
    Ask { id: seen.touch, icon: crate::contact_log::channel_icon(seen.channel), what }
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
                Some(name) => view.ta("home-teacher", &[("name", called(name).into())]),
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
