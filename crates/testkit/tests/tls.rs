//! PostgreSQL over TLS, on a server of this test alone with a certificate made for it.

use gongyu_kernel::Clock;
use gongyu_store::{Db, Options, sql};
use postgres::{Client, NoTls};
use rcgen::{CertificateParams, KeyPair};
use std::path::{Path, PathBuf};
use std::time::Duration;
use test_servers::{Durability, Postgres};

/// A self-signed certificate for a name, and its key.
fn certificate(name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    (cert.pem(), key.serialize_pem())
}

/// Has the server write a file of its own, so that it is the owner; then it speaks TLS with it.
fn secure(url: &str, (cert, key): &(String, String)) {
    let mut client = Client::connect(url, NoTls).unwrap();
    let folder: String = client.query_one("SHOW data_directory", &[]).unwrap().get(0);
    for (name, text) in [("server.crt", cert), ("server.key", key)] {
        let lines = format!("SELECT unnest(string_to_array($x${}$x$, chr(10)))", text.trim());
        // The server takes no key that others may read.
        client.batch_execute(&format!("COPY ({lines}) TO PROGRAM 'umask 077 && cat > {folder}/{name}'")).unwrap();
    }
    client.batch_execute("ALTER SYSTEM SET ssl_cert_file = 'server.crt'").unwrap();
    client.batch_execute("ALTER SYSTEM SET ssl_key_file = 'server.key'").unwrap();
    client.batch_execute("ALTER SYSTEM SET ssl = 'on'").unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    std::thread::sleep(Duration::from_millis(800));
}

/// Whether a connection to this address is encrypted; the reason when there is none.
fn encrypted(url: &str, folder: &Path) -> Result<bool, String> {
    let options = Options {
        file: folder.join("unused.db"),
        url: url.to_owned(),
        readers: 1,
        replication: gongyu_store::Replication::default(),
        clock: Clock::machine(),
    };
    let db = Db::open(options, gongyu_store::MIGRATIONS).map_err(|e| e.to_string())?;
    let found = db.read_wait(|r| r.scalar(sql!("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), &[]));
    found.map_err(|e| e.to_string())
}

#[test]
fn postgresql_is_spoken_to_over_tls_as_the_address_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start(Durability::Forgetful).unwrap();
    let url = server.url().to_owned();
    let with = |words: &str| format!("{url}?{words}");
    // Before it can: a preference is no demand, a demand is not met.
    assert_eq!(encrypted(&url, folder.path()), Ok(false));
    assert!(encrypted(&with("sslmode=require"), folder.path()).is_err());

    let own = certificate("127.0.0.1");
    secure(&url, &own);
    assert_eq!(encrypted(&url, folder.path()), Ok(true));
    assert_eq!(encrypted(&with("sslmode=disable"), folder.path()), Ok(false));
    assert_eq!(encrypted(&with("sslmode=require"), folder.path()), Ok(true));

    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (ours, strange) = (file("ours.pem", &own.0), file("strange.pem", &certificate("127.0.0.1").0));
    let rooted = |mode: &str, root: &Path| with(&format!("sslmode={mode}&sslrootcert={}", root.display()));
    assert_eq!(encrypted(&rooted("verify-full", &ours), folder.path()), Ok(true));
    assert!(encrypted(&rooted("verify-ca", &strange), folder.path()).is_err(), "another signed it");

    let elsewhere = certificate("db.invalid");
    secure(&url, &elsewhere);
    let root = file("elsewhere.pem", &elsewhere.0);
    assert_eq!(encrypted(&rooted("verify-ca", &root), folder.path()), Ok(true));
    assert!(encrypted(&rooted("verify-full", &root), folder.path()).is_err(), "the certificate is for another host");
}
