//! The job that sends a one-time code.

use crate::channel::{Channels, Letter, Sent, Way};
use crate::message::{self, NewMessage, Step};
use gongyu_kernel::outgoing::{CODE_FIELD, Code, CodeJob};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::App;
use gongyu_web::show::View;

const TEMPLATE: &str = "code";
const NO_CHANNEL: &str = "no channel for text messages is switched on: see /delivery";

pub(crate) fn deliver(app: &App, _: Id, payload: &str) -> Result<()> {
    let job: CodeJob = serde_json::from_str(payload)?;
    let Some(sealed) = &job.sealed else { return Ok(()) };
    let code: Code = app.vault.open_json(CODE_FIELD, job.message, sealed)?;
    let on = app.clone();
    let channels = app.db.read_wait(move |r| Channels::open(&on, r))?;
    let channel = channels.get(Way::Sms).cloned();
    let minutes = code.minutes;
    let body = View::plain(app, code.lang)
        .ta("deliver-code-text", &[("code", code.code.as_str().into()), ("minutes", minutes.into())]);
    // The demo's outbox keeps the message itself.
    if app.config.demo {
        let letter = letter(&job, &code, &body, &[]);
        return channel.map_or(Ok(()), |channel| match channel.send(&letter) {
            Sent::Taken(_) => Ok(()),
            other => Err(Error::internal(format!("{other:?}"))),
        });
    }
    let name = if channel.is_some() { Way::Sms.code() } else { "none" };
    let (on, to, text) = (app.clone(), code.phone.clone(), body.clone());
    let step = app.db.write_wait(move |tx| {
        let new = NewMessage { id: job.message, channel: name, template: TEMPLATE, to: &to, body: &text };
        message::begin(tx, &on.vault, &new)
    })?;
    if step != Step::Send {
        return Ok(());
    }
    let useless = app.clock().now() > code.until && channel.is_some();
    let values = [("code", code.code.clone()), ("minutes", minutes.to_string())];
    let answer = match channel {
        _ if useless => Sent::Refused("the code ran out before it could be sent".into()),
        Some(channel) => channel.send(&letter(&job, &code, &body, &values)),
        None => Sent::Later(NO_CHANNEL.to_owned()),
    };
    let kept = answer.clone();
    app.db.write_wait(move |tx| message::settle(tx, job.message, &kept))?;
    match answer {
        Sent::Later(why) => Err(Error::internal(why)),
        Sent::Taken(_) | Sent::Refused(_) | Sent::Gone(_) | Sent::Lost(_) => Ok(()),
    }
}

fn letter<'a>(job: &CodeJob, code: &'a Code, body: &'a str, values: &'a [(&'static str, String)]) -> Letter<'a> {
    Letter { id: job.message, to: &code.phone, title: "", body, href: "", template: TEMPLATE, values, urgent: true }
}
