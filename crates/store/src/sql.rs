//! Every statement of the product is registered, so that a test can prepare each on both engines.

use std::sync::OnceLock;

/// A statement, written once for both engines with `$1`, `$2` … as parameters.
pub struct Sql {
    text: &'static str,
    place: &'static str,
    lite: OnceLock<String>,
}

impl Sql {
    /// Used by `sql!`.
    #[doc(hidden)]
    pub const fn new(text: &'static str, place: &'static str) -> Self {
        Self { text, place, lite: OnceLock::new() }
    }

    /// The text as written, for PostgreSQL.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// File and line of the statement.
    pub const fn place(&self) -> &'static str {
        self.place
    }

    /// The text for SQLite, where `$1` would be a name numbered by first appearance.
    pub fn lite(&self) -> &str {
        self.lite.get_or_init(|| numbered(self.text))
    }
}

/// Rewrites `$1` to `?1` outside quotes.
pub(crate) fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '$' && chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push('?');
                continue;
            }
            None => {}
        }
        out.push(c);
    }
    out
}

/// A registered statement, collected by the linker.
pub struct Registered(pub &'static Sql);
inventory::collect!(Registered);

/// Every statement linked into this program.
pub fn registered() -> impl Iterator<Item = &'static Sql> {
    inventory::iter::<Registered>().map(|r| r.0)
}

/// Used by `sql!`.
#[doc(hidden)]
pub const fn registered_sql(sql: &'static Sql) -> Registered {
    Registered(sql)
}

/// A registered statement: `sql!("SELECT name FROM unit WHERE id = $1")`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        static SQL: $crate::Sql = $crate::Sql::new($text, concat!(file!(), ":", line!()));
        $crate::inventory::submit! { $crate::registered_sql(&SQL) }
        &SQL
    }};
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_keep_their_numbers_when_out_of_order() {
        assert_eq!(
            numbered("SELECT $2, '$1 costs', \"$3\" WHERE a = $1 AND b = $10"),
            "SELECT ?2, '$1 costs', \"$3\" WHERE a = ?1 AND b = ?10"
        );
    }
}
