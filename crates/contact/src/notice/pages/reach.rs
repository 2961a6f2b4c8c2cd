//! How many families a choice reaches, while it is being made.

use super::choice;
use crate::notice::store::{self, Preview};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::{Error, Result};
use gongyu_registry::unit;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Holder, Post, Reply};

/// The figures, or why there are none.
#[derive(Template)]
#[template(path = "notice/pages/reach.html")]
pub(super) struct Reached {
    pub(super) preview: Option<Preview>,
    pub(super) problem: String,
}

impl Reached {
    /// Of a choice.
    pub(super) fn of(
        r: &mut Reader,
        view: &View,
        actor: &Actor,
        audience: &crate::notice::model::Audience,
    ) -> Result<Self> {
        match store::preview(r, actor, audience) {
            Ok(preview) => Ok(Self { preview: Some(preview), problem: String::new() }),
            Err(Error::Invalid(invalid)) => {
                let problem = invalid.fields.first().map(|(_, code)| view.code(code)).unwrap_or_default();
                Ok(Self { preview: None, problem })
            }
            Err(Error::Conflict(code)) => Ok(Self { preview: None, problem: view.code(&code) }),
            Err(e) => Err(e),
        }
    }
}

/// Nothing is kept: the choice comes as the composer's own form.
pub(super) fn show(p: &mut Post<'_>, at: Holder<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let chosen = choice::read(p.tx, &p.req.form, &here)?;
    let view = p.view().clone();
    let reached = Reached::of(p.tx, &view, &at.actor, &chosen)?;
    p.partial(&reached)
}
