//! What waits for a person on their home page. Every feature brings its own; the home shows them in one hand.

use crate::route::Get;
use gongyu_access::Actor;
use gongyu_kernel::Result;

/// A button of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAct {
    /// Words on it, already in the person's language.
    pub label: String,
    /// Icon name; empty for none.
    pub icon: &'static str,
    /// Where it leads, or where it posts.
    pub href: String,
    /// A form field sent with the post; `None` makes it a link.
    pub post: Option<(&'static str, String)>,
    /// The one act asked for.
    pub main: bool,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeItem {
    /// Unique on the page, for the heading's anchor.
    pub key: String,
    /// Icon name.
    pub icon: &'static str,
    /// What kind of thing it is, in two to six characters.
    pub kind: String,
    /// When it is due or came, in words; empty for none.
    pub when: String,
    /// What is asked, in a sentence.
    pub title: String,
    /// More about it; empty for none.
    pub text: String,
    /// Where its title leads.
    pub href: Option<String>,
    /// Needs them now: shown with the accent.
    pub now: bool,
    /// At most three.
    pub acts: Vec<ItemAct>,
    /// Smaller comes first. Overdue 0–9, due today 10–19, waiting 20–49, news 50 and up.
    pub order: u16,
}

/// The items of a feature for the person who looks; at most a handful, with few statements.
pub type HomeItems = fn(&mut Get<'_>, &Actor) -> Result<Vec<HomeItem>>;

impl Get<'_> {
    /// What waits for the person, of every feature, the most urgent first.
    ///
    /// # Errors
    /// Whatever a feature returns.
    pub fn home_items(&mut self, actor: &Actor) -> Result<Vec<HomeItem>> {
        let sources: Vec<HomeItems> = self.app.features.iter().filter_map(|f| f.home_items).collect();
        let mut items = Vec::new();
        for source in sources {
            items.extend(source(self, actor)?);
        }
        items.sort_by_key(|item| item.order);
        Ok(items)
    }
}
