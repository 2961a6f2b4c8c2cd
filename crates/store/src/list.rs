//! One query layer: a list, its count and its chart come from the same filters, so they never disagree.
//! Pages are taken by key, never by offset.

use crate::value::{FromRow, Row, ToValue, Value};
use crate::{Reader, sql};
use gongyu_kernel::{Error, Result};
use std::borrow::Cow;
use std::fmt::Write;

/// A list that pages may filter, sort, count and group. All text in it is from the program.
#[derive(Debug)]
pub struct ListSpec {
    /// Name in error messages and tests.
    pub name: &'static str,
    /// Select list, without `SELECT`.
    pub columns: &'static str,
    /// From `FROM` on, ending in a complete `WHERE` condition. May use `$1` … for `fixed` parameters.
    pub from: &'static str,
    /// Number of parameters that `columns` and `from` use.
    pub fixed: usize,
    /// Conditions a page may add, each with its own parameters counted from `$1`.
    pub filters: &'static [Filter],
    /// Orders a page may choose; the first is the default.
    pub orders: &'static [Order],
    /// Expressions to group counts by.
    pub groups: &'static [Group],
}

/// A condition that may be added to a list.
#[derive(Debug)]
pub struct Filter {
    /// Name by which pages ask for it.
    pub name: &'static str,
    /// Condition with parameters counted from `$1`.
    pub sql: &'static str,
    /// How many parameters it takes.
    pub params: usize,
}

/// An order with its keys; the last must be unique, and none may be null.
#[derive(Debug)]
pub struct Order {
    /// Name by which pages ask for it.
    pub name: &'static str,
    /// Expressions and whether each descends.
    pub keys: &'static [(&'static str, bool)],
}

/// A grouping for counts.
#[derive(Debug)]
pub struct Group {
    /// Name by which pages ask for it.
    pub name: &'static str,
    /// Expression, of type TEXT.
    pub sql: &'static str,
}

/// A registered list, collected by the linker for the tests.
pub struct RegisteredList(pub &'static ListSpec);
inventory::collect!(RegisteredList);

/// Every list linked into this program.
pub fn registered() -> impl Iterator<Item = &'static ListSpec> {
    inventory::iter::<RegisteredList>().map(|r| r.0)
}

/// Declares and registers a list.
#[macro_export]
macro_rules! list_spec {
    ($(#[$m:meta])* $v:vis static $name:ident = $spec:expr;) => {
        $(#[$m])* $v static $name: $crate::list::ListSpec = $spec;
        $crate::inventory::submit! { $crate::list::RegisteredList(&$name) }
    };
}

/// Rows of one page and where the next begins.
#[derive(Debug)]
pub struct ListPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Opaque text for the next page; `None` at the end.
    pub next: Option<String>,
}

/// A list with its filters chosen.
#[derive(Clone)]
pub struct ListQuery {
    spec: &'static ListSpec,
    fixed: Vec<Value<'static>>,
    filters: Vec<(&'static Filter, Vec<Value<'static>>)>,
    order: &'static Order,
    after: Option<Vec<Value<'static>>>,
    limit: usize,
}

fn owned(value: &dyn ToValue) -> Value<'static> {
    value.to_value().into_owned()
}

impl ListSpec {
    /// Begins a query; `fixed` are the parameters of the list itself.
    pub fn query(&'static self, fixed: &[&dyn ToValue]) -> ListQuery {
        assert_eq!(fixed.len(), self.fixed, "list {}", self.name);
        ListQuery {
            spec: self,
            fixed: fixed.iter().map(|v| owned(*v)).collect(),
            filters: Vec::new(),
            order: &self.orders[0],
            after: None,
            limit: 50,
        }
    }
}

impl ListQuery {
    /// Adds a condition by name. An unknown name is a mistake of the program.
    #[must_use]
    pub fn filter(mut self, name: &str, params: &[&dyn ToValue]) -> Self {
        let found = self.spec.filters.iter().find(|f| f.name == name);
        let filter = found.unwrap_or_else(|| panic!("list {} has no filter {name}", self.spec.name));
        assert_eq!(params.len(), filter.params, "filter {name} of list {}", self.spec.name);
        self.filters.push((filter, params.iter().map(|v| owned(*v)).collect()));
        self
    }

    /// Chooses an order by name; an unknown one (it may come from an address) keeps the default.
    #[must_use]
    pub fn order(mut self, name: &str) -> Self {
        if let Some(order) = self.spec.orders.iter().find(|o| o.name == name) {
            self.order = order;
        }
        self
    }

    /// Continues after a page. Text that is not a cursor of this list begins at the beginning.
    #[must_use]
    pub fn after(mut self, cursor: Option<&str>) -> Self {
        self.after = cursor.and_then(read_cursor).filter(|c| c.len() == self.order.keys.len());
        self
    }

    /// Rows of a page, at most 1,000.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit.clamp(1, 1000);
        self
    }

    /// The page's rows.
    ///
    /// # Errors
    /// As any statement.
    pub fn rows<T: FromRow>(&self, r: &mut Reader) -> Result<ListPage<T>> {
        let (text, params) = self.page_text();
        let columns = self.order.keys.len();
        let mut rows = Vec::new();
        let mut last = None;
        let mut more = false;
        self.run(r, &text, &params, |row| {
            if rows.len() == self.limit {
                more = true;
                return Ok(());
            }
            rows.push(T::from_row(row)?);
            last = Some(row_keys(row, columns)?);
            Ok(())
        })?;
        let next = if more { last.map(|keys| write_cursor(&keys)) } else { None };
        Ok(ListPage { rows, next })
    }

    /// Every row, for an export; hands them over one by one in the chosen order.
    ///
    /// # Errors
    /// As any statement, or whatever `take` returns.
    pub fn every<T: FromRow>(&self, r: &mut Reader, mut take: impl FnMut(T) -> Result<()>) -> Result<()> {
        let mut text = format!("SELECT {} {}", self.spec.columns, self.spec.from);
        let params = self.conditions(&mut text);
        self.order_by(&mut text);
        self.run(r, &text, &params, |row| take(T::from_row(row)?))
    }

    /// How many rows the filters leave.
    ///
    /// # Errors
    /// As any statement.
    pub fn count(&self, r: &mut Reader) -> Result<i64> {
        let mut text = format!("SELECT COUNT(*) {}", self.spec.from);
        let params = self.conditions(&mut text);
        let mut n = 0;
        self.run(r, &text, &params, |row| {
            n = row.get(0)?;
            Ok(())
        })?;
        Ok(n)
    }

    /// How many rows the filters leave in each group.
    ///
    /// # Errors
    /// As any statement.
    pub fn counts_by(&self, r: &mut Reader, group: &str) -> Result<Vec<(String, i64)>> {
        let found = self.spec.groups.iter().find(|g| g.name == group);
        let group = found.unwrap_or_else(|| panic!("list {} has no group {group}", self.spec.name));
        let mut text = format!("SELECT {}, COUNT(*) {}", group.sql, self.spec.from);
        let params = self.conditions(&mut text);
        let _ = write!(text, " GROUP BY {0} ORDER BY {0}", group.sql);
        let mut out = Vec::new();
        self.run(r, &text, &params, |row| {
            out.push((row.get(0)?, row.get(1)?));
            Ok(())
        })?;
        Ok(out)
    }

    fn conditions(&self, text: &mut String) -> Vec<Value<'static>> {
        let mut params = self.fixed.clone();
        for (filter, values) in &self.filters {
            let _ = write!(text, " AND ({})", shifted(filter.sql, params.len()));
            params.extend(values.iter().cloned());
        }
        params
    }

    fn page_text(&self) -> (String, Vec<Value<'static>>) {
        let mut text = format!("SELECT {}", self.spec.columns);
        for (expr, _) in self.order.keys {
            let _ = write!(text, ", {expr}");
        }
        let _ = write!(text, " {}", self.spec.from);
        let mut params = self.conditions(&mut text);
        if let Some(after) = &self.after {
            text.push_str(" AND (");
            for (i, (expr, descends)) in self.order.keys.iter().enumerate() {
                text.push_str(if i == 0 { "(" } else { " OR (" });
                for (j, (before, _)) in self.order.keys.iter().enumerate().take(i) {
                    let _ = write!(text, "{before} = ${} AND ", params.len() + 1 + j);
                }
                let than = if *descends { '<' } else { '>' };
                let _ = write!(text, "{expr} {than} ${})", params.len() + 1 + i);
            }
            text.push(')');
            params.extend(after.iter().cloned());
        }
        self.order_by(&mut text);
        let _ = write!(text, " LIMIT {}", self.limit + 1);
        (text, params)
    }

    fn order_by(&self, text: &mut String) {
        for (i, (expr, descends)) in self.order.keys.iter().enumerate() {
            let word = if i == 0 { " ORDER BY" } else { "," };
            let _ = write!(text, "{word} {expr}{}", if *descends { " DESC" } else { "" });
        }
    }

    fn run(
        &self,
        r: &mut Reader,
        text: &str,
        params: &[Value<'static>],
        take: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let params: Vec<&dyn ToValue> = params.iter().map(|v| v as &dyn ToValue).collect();
        let lite = sql::numbered(text);
        r.each_dynamic(text, &lite, &params, take).map_err(|e| match e {
            Error::Internal(source) => Error::internal(format!("{}: {source}", self.spec.name)),
            other => other,
        })
    }
}

fn shifted(condition: &str, by: usize) -> String {
    let mut out = String::with_capacity(condition.len() + 8);
    let mut rest = condition;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].chars().take_while(char::is_ascii_digit).count();
        out.push_str(&rest[..=at]);
        match rest[at + 1..at + 1 + digits].parse::<usize>() {
            Ok(n) => {
                let _ = write!(out, "{}", n + by);
            }
            Err(_) => out.push_str(&rest[at + 1..at + 1 + digits]),
        }
        rest = &rest[at + 1 + digits..];
    }
    out + rest
}

fn row_keys(row: &Row<'_>, count: usize) -> Result<Vec<Value<'static>>> {
    let width = row.width();
    (width - count..width).map(|i| row.owned(i)).collect()
}

fn write_cursor(keys: &[Value<'static>]) -> String {
    use base64::Engine as _;
    let plain: Vec<serde_json::Value> = keys
        .iter()
        .map(|v| match v {
            Value::Int(n) => serde_json::Value::from(*n),
            Value::Text(s) => serde_json::Value::from(s.as_ref()),
            Value::Bool(b) => serde_json::Value::from(*b),
            Value::Real(n) => serde_json::Value::from(*n),
            Value::Null | Value::Bytes(_) => serde_json::Value::Null,
        })
        .collect();
    let json = serde_json::Value::from(plain).to_string();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

fn read_cursor(text: &str) -> Option<Vec<Value<'static>>> {
    use base64::Engine as _;
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain: Vec<serde_json::Value> = serde_json::from_slice(&json).ok()?;
    plain
        .into_iter()
        .map(|v| match v {
            serde_json::Value::Number(n) => n.as_i64().map(Value::Int).or_else(|| n.as_f64().map(Value::Real)),
            serde_json::Value::String(s) => Some(Value::Text(Cow::Owned(s))),
            serde_json::Value::Bool(b) => Some(Value::Bool(b)),
            _ => None,
        })
        .collect()
}

/// Every text a list can become, pairwise over filters and orders, for the test that prepares them.
pub fn texts(spec: &'static ListSpec) -> Vec<String> {
    let any = Value::Null;
    let mut out = Vec::new();
    for order in spec.orders {
        for (i, first) in spec.filters.iter().enumerate() {
            for second in &spec.filters[i..] {
                let nulls = |f: &Filter| vec![any.clone(); f.params];
                let query = ListQuery {
                    spec,
                    fixed: vec![any.clone(); spec.fixed],
                    filters: vec![(first, nulls(first)), (second, nulls(second))],
                    order,
                    after: Some(vec![any.clone(); order.keys.len()]),
                    limit: 1,
                };
                out.push(query.page_text().0);
            }
        }
        let plain =
            ListQuery { spec, fixed: vec![any.clone(); spec.fixed], filters: Vec::new(), order, after: None, limit: 1 };
        out.push(plain.page_text().0);
    }
    for group in spec.groups {
        out.push(format!("SELECT {0}, COUNT(*) {1} GROUP BY {0}", group.sql, spec.from));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_keep_their_own_parameter_numbers() {
        assert_eq!(shifted("a = $2 AND b = $1", 3), "a = $5 AND b = $4");
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let keys = vec![Value::Int(7), Value::Text(Cow::Borrowed("陈")), Value::Bool(true)];
        assert_eq!(read_cursor(&write_cursor(&keys)), Some(keys));
        assert_eq!(read_cursor("不是"), None);
    }
}
