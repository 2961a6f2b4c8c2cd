//! Tables are brought up to date by numbered steps, one text for both engines, never edited once landed.

use crate::Engine;
use crate::conn::Conn;
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Millis, Result};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// One step.
///
/// In its text `{id}` is a whole primary key, `{id_in_school}` with `{key_in_school}` a key that
/// PostgreSQL may partition by school, `{bytes}` the column type for bytes; a line that begins
/// with `--pg:` or `--lite:` is for that engine alone.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The room that owns the tables.
    pub room: &'static str,
    /// Rises by one within its room.
    pub number: u32,
    /// What it does, in a word.
    pub name: &'static str,
    /// The step's text.
    pub sql: &'static str,
}

impl Migration {
    /// The text for one engine.
    pub fn text(&self, engine: Engine) -> String {
        let (mine, other) = match engine {
            Engine::Sqlite => ("--lite:", "--pg:"),
            Engine::Postgres => ("--pg:", "--lite:"),
        };
        let lines: Vec<&str> = self
            .sql
            .lines()
            .filter(|line| !line.trim_start().starts_with(other))
            .map(|line| line.trim_start().strip_prefix(mine).unwrap_or(line))
            .collect();
        let words: [(&str, &str); 4] = match engine {
            Engine::Sqlite => [
                ("{id}", "INTEGER PRIMARY KEY"),
                ("{id_in_school}", "INTEGER PRIMARY KEY"),
                ("{key_in_school}", ""),
                ("{bytes}", "BLOB"),
            ],
            Engine::Postgres => [
                ("{id}", "BIGINT PRIMARY KEY"),
                ("{id_in_school}", "BIGINT NOT NULL"),
                ("{key_in_school}", ", PRIMARY KEY (school_id, id)"),
                ("{bytes}", "BYTEA"),
            ],
        };
        words.iter().fold(lines.join("\n"), |text, (from, to)| text.replace(from, to))
    }

    fn checksum(&self) -> String {
        hex(Sha256::digest(self.sql.as_bytes()))
    }
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    room TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL,
    checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (room, number))";

/// Applies what is missing, in the order given.
pub(crate) fn run(conn: &mut Conn, engine: Engine, steps: &[Migration], now: Millis) -> Result<()> {
    conn.batch(LEDGER)?;
    if engine == Engine::Postgres {
        conn.batch("SELECT pg_advisory_lock(4607182418)")?;
    }
    let done = apply(conn, engine, steps, now);
    if engine == Engine::Postgres {
        conn.batch("SELECT pg_advisory_unlock(4607182418)")?;
    }
    done
}

fn apply(conn: &mut Conn, engine: Engine, steps: &[Migration], now: Millis) -> Result<()> {
    let mut applied: HashMap<(String, u32), String> = HashMap::new();
    let list = "SELECT room, number, checksum FROM schema_migration";
    conn.query(list, list, None, &[], &mut |row| {
        applied.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok(())
    })?;
    for step in steps {
        let key = (step.room.to_owned(), step.number);
        match applied.get(&key) {
            Some(sum) if *sum == step.checksum() => continue,
            Some(_) => {
                return Err(Error::internal(format!(
                    "migration {}/{} was changed after it was applied",
                    step.room, step.number
                )));
            }
            None => {}
        }
        conn.batch("BEGIN")?;
        let text = step.text(engine);
        let noted = conn.batch(&text).and_then(|()| {
            let insert = "INSERT INTO schema_migration (room, number, name, checksum, applied_at)
                 VALUES ($1, $2, $3, $4, $5)";
            let lite = crate::sql::numbered(insert);
            conn.execute(insert, &lite, None, &[&step.room, &step.number, &step.name, &step.checksum(), &now])
        });
        if let Err(e) = noted {
            let _ = conn.batch("ROLLBACK");
            return Err(Error::internal(format!("migration {}/{}: {e}", step.room, step.number)));
        }
        conn.batch("COMMIT")?;
    }
    Ok(())
}
