//! The job that sends the code which proves an e-mail address.

use crate::channel::{Channels, Letter, Sent, Way};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Result};
use gongyu_vault::Vault;
use gongyu_web::App;
use gongyu_web::show::View;
use serde::{Deserialize, Serialize};

/// Kind of the job.
pub(crate) const PROOF_JOB: &str = "deliver.proof";
/// Seal name of the job's contents.
const CONTENTS: &str = "outgoing.proof";

/// Payload: nothing in it can be read without the keys.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProofJob {
    message: Id,
    sealed: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Contents {
    to: String,
    code: String,
    lang: Lang,
}

impl ProofJob {
    pub(super) fn seal(vault: &Vault, message: Id, to: &str, code: &str, lang: Lang) -> Result<Self> {
        let contents = Contents { to: to.to_owned(), code: code.to_owned(), lang };
        Ok(Self { message, sealed: vault.seal_json(CONTENTS, message, &contents)? })
    }
}

pub(crate) fn send(app: &App, _: Id, payload: &str) -> Result<()> {
    let job: ProofJob = serde_json::from_str(payload)?;
    let contents: Contents = app.vault.open_json(CONTENTS, job.message, &job.sealed)?;
    let on = app.clone();
    let channels = app.db.read_wait(move |r| Channels::open(&on, r))?;
    let Some(channel) = channels.get(Way::Email) else { return Ok(()) };
    let view = View::plain(app, contents.lang);
    let title = view.t("channels-email-letter-title");
    let body = view.ta("channels-email-letter", &[("code", contents.code.as_str().into())]);
    let values = [("code", contents.code)];
    let letter = Letter {
        id: job.message,
        to: &contents.to,
        title: &title,
        body: &body,
        href: "",
        template: "code",
        values: &values,
        urgent: true,
    };
    match channel.send(&letter) {
        Sent::Later(why) => Err(Error::internal(why)),
        Sent::Taken(_) | Sent::Refused(_) | Sent::Gone(_) | Sent::Lost(_) => Ok(()),
    }
}
