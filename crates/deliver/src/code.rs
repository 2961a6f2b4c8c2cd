//! The job that sends a one-time code.

use crate::channel::{self, Letter, Sent};
use crate::message::{self, NewMessage, Step};
use gongyu_kernel::outgoing::{CODE_FIELD, Code, CodeJob};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::App;
use gongyu_web::show::View;

const TEMPLATE: &str = "code";

pub(crate) fn deliver(app: &App, _: Id, payload: &str) -> Result<()> {
    let job: CodeJob = serde_json::from_str(payload)?;
    let Some(sealed) = job.sealed else { return Ok(()) };
    let code: Code = app.vault.open_json(CODE_FIELD, job.message, &sealed)?;
    let on = app.clone();
    let channel = app.db.read_wait(move |r| channel::for_codes(&on, r))?;
    let minutes = code.minutes;
    let body = View::plain(app, code.lang)
        .ta("deliver-code-text", &[("code", code.code.as_str().into()), ("minutes", minutes.into())]);
    let (on, to, text) = (app.clone(), code.phone.clone(), body.clone());
    let step = app.db.write_wait(move |tx| {
        let new = NewMessage { id: job.message, channel: channel.name(), template: TEMPLATE, to: &to, body: &text };
        message::begin(tx, &on.vault, &new)
    })?;
    if step != Step::Send {
        return Ok(());
    }
    let letter = Letter { id: job.message, to: &code.phone, body: &body, template: TEMPLATE };
    let useless = app.clock().now() > code.until && channel.works();
    let answer =
        if useless { Sent::Refused("the code ran out before it could be sent".into()) } else { channel.send(&letter) };
    let kept = answer.clone();
    app.db.write_wait(move |tx| message::settle(tx, job.message, &kept))?;
    match answer {
        Sent::Later(why) => Err(Error::internal(why)),
        Sent::Taken(_) | Sent::Refused(_) | Sent::Lost(_) => Ok(()),
    }
}
