//! The test PostgreSQL keeps its promises.

use gongyu_testkit::postgres::TestPg;
use postgres::{Client, NoTls};

fn connect(url: &str) -> Client {
    Client::connect(url, NoTls).expect("a connection")
}

#[test]
fn two_databases_know_nothing_of_each_other() {
    let (one, other) = (TestPg::fresh_database(), TestPg::fresh_database());
    connect(one.as_str()).batch_execute("CREATE TABLE only_here (id BIGINT)").expect("a table");
    let found = connect(other.as_str()).query_one("SELECT to_regclass('only_here')::text", &[]).expect("an answer");
    assert_eq!(found.get::<_, Option<String>>(0), None);
}

#[test]
fn a_template_is_filled_once_and_copied_as_often_as_wanted() {
    let name = format!("template_{}", std::process::id());
    let fill = |url: &str| connect(url).batch_execute("CREATE TABLE filled (id BIGINT)").expect("a table");
    let template = TestPg::template_database(&name, fill);
    let again = TestPg::template_database(&name, |_| panic!("filled twice"));
    for copy in [template.copy(), again.copy()] {
        connect(copy.as_str()).batch_execute("INSERT INTO filled VALUES (1)").expect("the template's table");
    }
}

#[test]
fn a_dropped_database_is_gone_although_somebody_is_connected() {
    let database = TestPg::fresh_database();
    let name = database.as_str().rsplit('/').next().expect("a name").to_owned();
    let _connected = connect(database.as_str());
    drop(database);
    let left = connect(TestPg::url())
        .query_one("SELECT count(*) FROM pg_database WHERE datname = $1", &[&name])
        .expect("an answer");
    assert_eq!(left.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_database_can_be_had_inside_an_asynchronous_test() {
    let database = TestPg::fresh_database();
    assert!(database.as_str().starts_with("postgres://"));
}
