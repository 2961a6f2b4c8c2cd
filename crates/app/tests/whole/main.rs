//! The product as a whole: every statement on both engines, every route as every role and as nobody,
//! every page in both languages.

mod api;
mod database;
mod log;
mod pages;
mod policy;
mod routes;

use axum::Router;
use gongyu_testkit::{Engine, House, World};

/// The whole product on a database of its own, with the small district in it.
struct Whole {
    house: House,
    world: World,
    router: Router,
}

impl Whole {
    fn new(engine: Engine) -> Self {
        let house = House::new(engine, gongyu::features::features());
        let world = World::small(&house);
        let router = gongyu::serve::router(&house.app);
        Self { house, world, router }
    }

    /// The same from a test that is itself asynchronous.
    async fn open() -> Self {
        tokio::task::spawn_blocking(|| Self::new(Engine::Sqlite)).await.expect("the product is put together")
    }
}

/// Compares a text with the one kept beside the tests; `UPDATE_SNAPSHOTS=1` keeps a new one.
fn assert_kept(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/whole/kept").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).expect("the snapshot is kept");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).find(|(a, b)| a != b);
    assert!(kept == text, "{name} changed; look at it, then run with UPDATE_SNAPSHOTS=1. First difference: {first:?}");
}
