//! Databases on a real PostgreSQL, a fresh one for each test.
//!
//! The server is the gate's (`GONGYU_TEST_PG`), or when that is unset one this test program starts for
//! itself. A migrated schema is made once a server as a template database; a test then gets a copy of it
//! in some tens of milliseconds.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use postgres::{Client, NoTls};
use test_servers::{Durability, Postgres};

/// The environment variable with the address of a server to use: its maintenance database, as a superuser.
pub const SERVER_VARIABLE: &str = "GONGYU_TEST_PG";

/// The PostgreSQL server the tests of this program share.
#[derive(Debug)]
pub struct TestPg {
    url: String,
    /// Held so that it runs as long as this program does.
    _own: Option<Postgres>,
}

static SERVER: LazyLock<TestPg> = LazyLock::new(|| match std::env::var(SERVER_VARIABLE) {
    Ok(url) if !url.is_empty() => TestPg { url, _own: None },
    _ => {
        let own = Postgres::start(Durability::Forgetful).unwrap_or_else(|error| panic!("{error}"));
        TestPg { url: own.url().to_owned(), _own: Some(own) }
    }
});

impl TestPg {
    /// The address of the server's maintenance database, `postgres://postgres@127.0.0.1:PORT/postgres`.
    #[must_use]
    pub fn url() -> &'static str {
        &SERVER.url
    }

    /// An empty database of its own.
    ///
    /// # Panics
    /// When the server cannot be started or refuses.
    #[must_use]
    pub fn fresh_database() -> DatabaseUrl {
        DatabaseUrl::create("template0")
    }

    /// A database that others are copied from. `init` is given its address and fills it (migrations); it
    /// is called once a server, whichever test program comes first, the others wait for it.
    ///
    /// `name` must change with what `init` does (put a digest of the migrations into it), for a server may
    /// outlive a change of them. `init` must have closed its connections when it returns.
    ///
    /// # Panics
    /// When the server refuses, or `init` panics.
    #[must_use]
    pub fn template_database(name: &str, init: impl FnOnce(&str) + Send) -> TemplateDatabase {
        let name = name.to_owned();
        on_server(|client| {
            client.execute("SELECT pg_advisory_lock(hashtext($1))", &[&name])?;
            let found = client.query_opt("SELECT datistemplate FROM pg_database WHERE datname = $1", &[&name])?;
            let is_ready = found.is_some_and(|row| row.get(0));
            if !is_ready {
                // An earlier program may have died half-way.
                client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&name)))?;
                client.batch_execute(&format!("CREATE DATABASE {} TEMPLATE template0", quoted(&name)))?;
                init(&url_of(&name));
                client.batch_execute(&format!("ALTER DATABASE {} IS_TEMPLATE true", quoted(&name)))?;
            }
            client.execute("SELECT pg_advisory_unlock(hashtext($1))", &[&name])?;
            Ok(())
        });
        TemplateDatabase { name }
    }
}

/// A database made ready once, to be copied.
#[derive(Debug, Clone)]
pub struct TemplateDatabase {
    name: String,
}

impl TemplateDatabase {
    /// A copy of it, of its own.
    ///
    /// # Panics
    /// When the server refuses, for instance because the template is still connected to.
    #[must_use]
    pub fn copy(&self) -> DatabaseUrl {
        DatabaseUrl::create(&self.name)
    }
}

/// The address of a database that is dropped together with this value, open connections or not.
#[derive(Debug)]
pub struct DatabaseUrl {
    name: String,
    url: String,
}

impl DatabaseUrl {
    fn create(template: &str) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        on_server(|client| {
            // A process id comes again in time, and its process may not have tidied up.
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&name)))?;
            client.batch_execute(&format!("CREATE DATABASE {} TEMPLATE {}", quoted(&name), quoted(template)))
        });
        let url = url_of(&name);
        Self { name, url }
    }

    /// The address, `postgres://postgres@127.0.0.1:PORT/NAME`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.url)
    }
}

impl Drop for DatabaseUrl {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&self.name));
        // A failure to tidy up must not hide why the test failed; the server's end takes the rest along.
        let _ = try_on_server(|client| client.batch_execute(&drop));
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The server's address with another database's name at its end.
fn url_of(database: &str) -> String {
    let server = TestPg::url();
    let (address, query) = server.split_once('?').map_or((server, None), |(address, query)| (address, Some(query)));
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    query.map_or_else(|| format!("{host}/{database}"), |query| format!("{host}/{database}?{query}"))
}

fn on_server<T: Send>(work: impl FnOnce(&mut Client) -> Result<T, postgres::Error> + Send) -> T {
    try_on_server(work).unwrap_or_else(|error| panic!("the test PostgreSQL at {}: {error:?}", TestPg::url()))
}

/// On a thread of its own: the client blocks on a runtime it has inside, which a test that is itself
/// asynchronous may not do.
fn try_on_server<T: Send>(
    work: impl FnOnce(&mut Client) -> Result<T, postgres::Error> + Send,
) -> Result<T, postgres::Error> {
    let url = TestPg::url();
    std::thread::scope(|scope| {
        let worker = scope.spawn(move || work(&mut Client::connect(url, NoTls)?));
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
