//! What tests of every room share: databases on a real PostgreSQL, and a browser to walk the pages with.

pub mod axe;
pub mod browser;
pub mod chromedriver;
pub mod postgres;
