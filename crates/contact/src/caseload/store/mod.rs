//! The SQL of the caseload.

mod events;
mod find;
mod handle;
mod list;
mod open;
mod publish;
mod reply;
mod rounds;
mod writer;

pub use events::{NewEvent, events_of, note};
pub use find::{Change, find, opened, save};
pub use handle::{answer_question, ask, assign, extend, help, helpers_of, opinion, unhelp};
pub use list::{CASES, Mine, mine, of_staff_counts, open_like};
pub use open::{Intake, NewAnonymous, NewCase, NewLetter, Receipt, anonymous, letter, noted};
pub use publish::{PublicAnswer, public_answers, publish, published, withdraw};
pub use reply::{approve, draft, give_back, replies_of, submit, tell};
pub use rounds::{accept_petition, close_old, merge, petition, rate, refresh, reopen, review};
pub use writer::{Who, by_receipt, open_name, receipt_of, who};
