//! The nightly look into WeCom's parents' directory: who of our guardians can be reached there. They are found by
//! mobile number; nothing of the directory is kept but the name by which a notice reaches a guardian.

use crate::channel::wecom::{Parent, Wecom};
use crate::channel::{Sent, Settings, Way, state};
use crate::choice::address::{self, NewAddress};
use gongyu_kernel::{Id, Result};
use gongyu_registry::people::PHONE_BLIND;
use gongyu_store::sql;
use gongyu_web::App;

/// Kind of the job.
pub(crate) const SYNC_JOB: &str = "deliver.wecom";
/// Parents noted in one transaction.
const AT_ONCE: usize = 200;

pub(crate) fn run(app: &App, _: Id, _: &str) -> Result<()> {
    let on = app.clone();
    let (settings, secret) =
        app.db.read_wait(move |r| Ok((Settings::load(r)?, state::secret(r, &on.vault, Way::Wecom)?)))?;
    if !settings.wecom.on || app.config.demo {
        return Ok(());
    }
    let parents = match Wecom::new(app, &settings, secret).parents() {
        Ok(parents) => parents,
        Err(why) => {
            let answer = Sent::Refused(why);
            return app.db.write_wait(move |tx| state::note(tx, Way::Wecom, &[&answer]));
        }
    };
    for chunk in parents.chunks(AT_ONCE) {
        let (on, chunk) = (app.clone(), chunk.to_vec());
        app.db.write_wait(move |tx| note(&on, tx, &chunk))?;
    }
    Ok(())
}

fn note(app: &App, tx: &mut gongyu_store::Tx, parents: &[Parent]) -> Result<()> {
    for parent in parents {
        let blind = address::blind(&app.vault, Way::Wecom, &parent.user);
        if !parent.joined {
            state::forget_everywhere(tx, Way::Wecom, &blind, "left")?;
            continue;
        }
        let phone = app.vault.blind(PHONE_BLIND, &parent.mobile);
        let guardians: Vec<(Id,)> =
            tx.rows(sql!("SELECT id FROM guardian WHERE phone_blind = $1 ORDER BY id"), &[&phone])?;
        // Two guardians with one number cannot be told apart there.
        let [(person,)] = guardians.as_slice() else { continue };
        let known: Option<(Id,)> = tx.row(
            sql!(
                "SELECT person_id FROM address WHERE address_blind = $1 AND channel = 'wecom' AND state = 'active'
                    AND person_id = $2"
            ),
            &[&blind, person],
        )?;
        if known.is_none() {
            let new = NewAddress { person: *person, way: Way::Wecom, to: &parent.user, label: "" };
            address::keep(tx, &app.vault, &new)?;
        }
    }
    Ok(())
}
