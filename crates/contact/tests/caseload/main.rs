//! The caseload by its pages and its store: three doors, one way through, and nothing that leads to somebody
//! who did not sign.

mod anonymity;
mod denials;
mod flow;
mod races;
mod reception;
mod rounds;
mod stage;
mod walk;
