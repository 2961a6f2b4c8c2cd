//! What tests of every room share: databases on both engines, a small district with its people,
//! the product in a process, and a browser to walk the pages with.

pub mod axe;
pub mod browser;
mod cdp;
pub mod chromedriver;
pub mod client;
pub mod house;
pub mod line;
pub mod people;
pub mod postgres;
pub mod served;
pub mod world;

pub use client::{Client, Seen};
pub use gongyu_store::Engine;
pub use house::{House, base_features};
pub use line::Line;
pub use people::Person;
pub use served::Served;
pub use world::World;

/// One test body, run on SQLite and on PostgreSQL: `both_engines! { fn name(engine) { … } }`.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$m:meta])* fn $name:ident($engine:ident) $body:block)*) => {$(
        $(#[$m])*
        mod $name {
            #[allow(unused_imports, reason = "a body may need none of its file's names")]
            use super::*;
            fn run($engine: $crate::Engine) $body
            #[test]
            fn sqlite() {
                run($crate::Engine::Sqlite);
            }
            #[test]
            fn postgres() {
                run($crate::Engine::Postgres);
            }
        }
    )*};
}
