//! The question on a guardian's home, and what waits for a school's leader.

use crate::guardian_home::What;
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::question::{self, Answer, Question};
use gongyu_ledger::rules::{Channel, TouchKind};
use gongyu_store::{Reader, record, sql};
use gongyu_web::show::View;
use gongyu_web::{Get, HomeItem, ItemAct};
use jiff::ToSpan;

/// Days back that a record nobody has looked into still waits on the leader's home [P].
const WAITING_DAYS: i32 = 120;

pub(super) fn home_items(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    match (actor.hat.role, actor.guardian) {
        (Role::Guardian, Some(me)) => match question::open_of(g.r, me)? {
            Some(open) => Ok(vec![of_guardian(g, &open)?]),
            None => Ok(Vec::new()),
        },
        _ if actor.may(Action::SeeContradicted).is_ok() => of_leader(g, actor),
        _ => Ok(Vec::new()),
    }
}

record! {
    /// The contact a question is about.
    pub(super) struct About {
        pub(super) kind: TouchKind,
        pub(super) channel: Channel,
        pub(super) day: Date,
        pub(super) staff: Option<String>,
        pub(super) child: String,
    }
}

impl About {
    pub(super) fn read(r: &mut Reader, of: &Question) -> Result<Self> {
        r.one(
            sql!(
                "SELECT t.kind, t.channel, t.occurred_on, f.name, s.name FROM touch t
                  JOIN student s ON s.id = t.student_id LEFT JOIN staff f ON f.id = t.staff_id
                  WHERE t.id = $1 AND t.school_id = $2"
            ),
            &[&of.touch, &of.school],
        )
    }

    pub(super) fn what(&self) -> What<'_> {
        What { kind: &self.kind, channel: self.channel, day: self.day, staff: self.staff.as_deref() }
    }
}

/// One question, three answers. No message went out for it; it waits where the family looks anyway.
fn of_guardian(g: &mut Get<'_>, open: &Question) -> Result<HomeItem> {
    let (view, about) = (g.view().clone(), About::read(g.r, open)?);
    let words = about.what().words(&view);
    Ok(HomeItem {
        key: format!("q{}", open.id),
        icon: about.what().icon(),
        kind: view.t("sampled-item-kind"),
        when: String::new(),
        title: view.ta("sampled-item", &[("name", about.child.as_str().into()), ("what", words.into())]),
        text: view.t("sampled-item-text"),
        href: None,
        now: false,
        acts: Answer::ALL.iter().map(|answer| act(&view, open.id, *answer)).collect(),
        order: 45,
    })
}

fn act(view: &View, id: Id, answer: Answer) -> ItemAct {
    ItemAct {
        label: view.t(&format!("sampled-say-{}", answer.code())),
        icon: if answer == Answer::Yes { "check" } else { "" },
        href: format!("/questions/{id}/answer"),
        post: Some(("answer", answer.code().to_owned())),
        main: answer == Answer::Yes,
    }
}

fn of_leader(g: &mut Get<'_>, actor: &Actor) -> Result<Vec<HomeItem>> {
    let since = g.r.today().saturating_sub(WAITING_DAYS.days());
    let n = question::waiting_of_school(g.r, actor.unit()?, since)?;
    if n == 0 {
        return Ok(Vec::new());
    }
    let view = g.view();
    Ok(vec![HomeItem {
        key: "questions".to_owned(),
        icon: "list-check",
        kind: view.t("sampled-nav"),
        when: String::new(),
        title: view.ta("sampled-waiting", &[("n", n.into())]),
        text: String::new(),
        href: Some("/questions".to_owned()),
        now: false,
        acts: Vec::new(),
        order: 42,
    }])
}
