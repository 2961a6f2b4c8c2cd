//! Whether a recorded contact happened: a few families, drawn by chance, are asked in the app. No message
//! goes out for it, nobody is asked twice in a month, and who was asked shows nowhere but to the family
//! itself and, where it says no, to the leader of the school.

mod draw;
mod model;
mod rules;
mod settings;
mod store;

pub use draw::draw_job;
pub use model::{Answer, Counts, Followed, Outcome, Question, State};
pub use rules::{OLDEST_DAYS, chosen, last_day, lot};
pub use settings::{Settings, keep_settings, settings_of};
pub use store::{
    answer, contradicted, counts, find, follow, note_opened, open_of, reopen, waiting_of_school, words_of,
};
