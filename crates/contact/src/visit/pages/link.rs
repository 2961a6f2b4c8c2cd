//! The link of a text message: whoever holds the telephone sees the teacher and the times, no child, no
//! address, no number; the answer is one tap. It ends when the last time offered is over.

use super::family::{answered_key, read_answer};
use super::one::lead_name;
use crate::guardian_home::called;
use crate::visit::model::{Answer, State, Way};
use crate::visit::offer;
use crate::visit::words::at_words;
use askama::Template;
use gongyu_kernel::{Error, Result};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "visit/pages/link.html")]
struct Page {
    secret: String,
    teacher: String,
    home: bool,
    agreed: Option<String>,
    slots: Vec<(i64, String)>,
    answered: Option<&'static str>,
    over: bool,
}

fn secret_of(req: &gongyu_web::Req) -> Result<String> {
    req.param("secret")
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let secret = secret_of(g.req)?;
    let view = g.view().clone();
    let found = match offer::by_secret(g.r, &g.app.vault, &secret) {
        Ok(found) => Some(found),
        Err(Error::NotFound) => None,
        Err(other) => return Err(other),
    };
    let body = match found {
        None => Page {
            secret,
            teacher: String::new(),
            home: true,
            agreed: None,
            slots: Vec::new(),
            answered: None,
            over: true,
        },
        Some((invite, visit)) => {
            let name = lead_name(g.r, &visit)?;
            let slots = offer::slots_of(g.r, visit.id, visit.offers)?;
            Page {
                secret,
                teacher: if name.is_empty() {
                    g.t("visit-school")
                } else {
                    g.ta("visit-teacher", &[("name", called(&name).into())])
                },
                home: visit.way == Way::Home,
                agreed: visit.starts_at.filter(|_| visit.state == State::Agreed).map(|t| at_words(&view, t)),
                slots: slots.into_iter().map(|(n, t)| (n, at_words(&view, t))).collect(),
                answered: (invite.answer != Answer::Open).then(|| invite.answer.label_key()),
                over: false,
            }
        }
    };
    Ok(g.page(g.t("visit-link-title"), "", &body)?.bare())
}

pub(super) fn answer(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let secret = secret_of(p.req)?;
    let (invite, visit) = offer::by_secret(p.tx, &p.app.vault, &secret)?;
    let (answer, slot, words) = read_answer(p.form())?;
    offer::answer(p.tx, &invite, answer, slot, &words)?;
    let detail = serde_json::json!({ "answer": answer.code(), "by": "link" }).to_string();
    p.audit("visit.answer", (crate::visit::SOURCE, Some(visit.id)), &detail)?;
    Ok(Reply::to_with(format!("/v/{secret}"), Flash::new(answered_key(answer))))
}
