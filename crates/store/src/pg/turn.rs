//! A write until it is settled: again when it collided, and one after the other where it asks for its turn.
//!
//! A lock taken inside a serialisable transaction comes too late: the transaction already sees the past. A turn
//! is waited for between two attempts, so that the one which does the work sees what the one before it left.

use super::{Session, session, try_once};
use crate::db::WriteJob;
use crate::follow::Position;
use crate::meter;
use crate::tx::Tx;
use gongyu_kernel::{Error, Result};
use std::time::Duration;

/// Collisions a write survives before its person is asked to try again.
const TRIES: u32 = 12;

impl Session {
    /// Whether the turn is this transaction's; if not, it is wanted before the next one begins.
    pub(crate) fn has_turn(&mut self, key: &str) -> bool {
        let has = self.turns.iter().any(|turn| turn == key);
        if !has {
            self.wanted = Some(key.to_owned());
        }
        has
    }

    /// The turn needs no waiting: what it is about was made by this very transaction.
    pub(crate) fn own_turn(&mut self, key: &str) {
        self.turns.push(key.to_owned());
    }

    /// Waits for the wanted turn, outside any transaction; in sorted order with those held, so that two
    /// who want the same ones do not wait for each other. False when none is wanted.
    fn take_turn(&mut self) -> Result<bool> {
        let Some(key) = self.wanted.take() else { return Ok(false) };
        let mut keys = std::mem::take(&mut self.turns);
        if !keys.is_empty() {
            self.batch("SELECT pg_advisory_unlock_all()")?;
        }
        keys.push(key);
        keys.sort_unstable();
        for key in &keys {
            self.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", None, &[key], &mut |_| Ok(()))?;
        }
        self.turns = keys;
        Ok(true)
    }

    /// Sends word that the turns are over right behind the commit: the next one begins a round trip earlier.
    pub(super) fn let_go(&mut self) -> Result<()> {
        if std::mem::take(&mut self.turns).is_empty() {
            return Ok(());
        }
        self.control("SELECT pg_advisory_unlock_all()")
    }

    fn end_turns(&mut self) {
        self.wanted = None;
        if !std::mem::take(&mut self.turns).is_empty() {
            let _ = self.batch("SELECT pg_advisory_unlock_all()");
        }
    }
}

/// Runs a write until it is settled, or collided too often; where in the log its commit lies.
pub(super) fn run(tx: &mut Tx, job: &mut dyn WriteJob) -> Result<Position> {
    let (mut done, mut attempt) = (Ok(Position::default()), 0);
    while attempt < TRIES {
        done = try_once(tx, job);
        if !matches!(done, Err(Error::Busy(_))) {
            break;
        }
        // It only waited for its turn: it begins again at once, and sees what those before it left.
        if !session(&mut tx.reader).is_some_and(|s| matches!(s.take_turn(), Ok(true))) {
            meter::collided();
            std::thread::sleep(Duration::from_millis(u64::from((1 << attempt.min(6)) + attempt)));
        }
        attempt += 1;
    }
    if let Some(session) = session(&mut tx.reader) {
        session.end_turns();
    }
    done
}
