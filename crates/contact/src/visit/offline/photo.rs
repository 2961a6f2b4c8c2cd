//! A photo of a visit: read, written anew and hung on the visit like any other attachment.

use crate::visit::{Held, SOURCE};
use gongyu_access::Actor;
use gongyu_kernel::{Id, Result};
use gongyu_parts::attach::{self, Prepared};
use gongyu_store::Tx;
use gongyu_web::App;

/// Reads a picture within its limits; slow, so off the database threads.
pub(super) fn prepare(app: &App, bytes: &[u8]) -> Result<Prepared> {
    let limits = app.db.read_wait(attach::limits)?;
    attach::prepare_picture(&app.blobs, bytes, "photo.jpg", &limits)
}

/// Hangs it on the visit, after those already there.
pub(super) fn keep(tx: &mut Tx, actor: &Actor, held: &Held, key: &str, picture: &Prepared) -> Result<Id> {
    let owner = (SOURCE, held.visit.id);
    let file = attach::bring(tx, actor.account, picture, Some(key))?;
    let mut files: Vec<Id> = attach::of(tx, owner.0, owner.1)?.into_iter().map(|a| a.id).collect();
    if !files.contains(&file) {
        files.push(file);
    }
    attach::settle(tx, actor.account, owner, &files)?;
    Ok(file)
}
