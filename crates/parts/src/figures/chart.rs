//! A chart as data: what `assets/js/chart.js` reads, and the table beside it.

use askama::Template;
use gongyu_kernel::Result;
use gongyu_web::filters;
use gongyu_web::show::View;
use serde::Serialize;

/// More than four series are never drawn; the screens' chart rules say so.
const MOST_SERIES: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Line,
    Bar,
    Stack,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Mark {
    at: String,
    text: String,
}

/// One line, or one set of bars.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    name: String,
    values: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    last: bool,
}

impl Series {
    /// A series with its name and one value for each label; `None` where there is no figure.
    pub fn new<V: Into<Option<f64>>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { name: name.into(), values, color: None, last: false }
    }

    /// Its colour by the name of the token: `c1` urban and `c2` rural always, else `c3`, `c4`, `good`,
    /// `plain`, `care`, `blame`. Without one the place in the list decides.
    #[must_use]
    pub const fn color(mut self, token: &'static str) -> Self {
        self.color = Some(token);
        self
    }

    /// Last year's: thin, dashed and grey.
    #[must_use]
    pub const fn last_year(mut self) -> Self {
        self.last = true;
        self
    }
}

/// A chart with one message, said in its finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    #[serde(skip)]
    finding: String,
    kind: Kind,
    labels: Vec<String>,
    series: Vec<Series>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    horizontal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
    decimals: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<Mark>,
    #[serde(skip)]
    tall: bool,
}

#[derive(Template)]
#[template(path = "figures/chart.html")]
struct Figure<'a> {
    chart: &'a Chart,
    json: String,
}

impl Chart {
    fn new(kind: Kind, finding: impl Into<String>) -> Self {
        Self {
            finding: finding.into(),
            kind,
            labels: Vec::new(),
            series: Vec::new(),
            horizontal: false,
            every: None,
            unit: String::new(),
            decimals: 0,
            min: None,
            max: None,
            mark: None,
            tall: false,
        }
    }

    /// Lines, labelled at their ends. The finding in a sentence is what a screen reader hears.
    pub fn line(finding: impl Into<String>) -> Self {
        Self::new(Kind::Line, finding)
    }

    /// Bars side by side.
    pub fn bar(finding: impl Into<String>) -> Self {
        Self::new(Kind::Bar, finding)
    }

    /// Bars on top of one another.
    pub fn stack(finding: impl Into<String>) -> Self {
        Self::new(Kind::Stack, finding)
    }

    /// Words along the axis, one for each value.
    #[must_use]
    pub fn labels<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a series; from the fifth on they stand in the table only.
    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// Bars lie instead of standing.
    #[must_use]
    pub const fn horizontal(mut self) -> Self {
        self.horizontal = true;
        self
    }

    /// Only each n-th label is written.
    #[must_use]
    pub const fn every(mut self, n: u32) -> Self {
        self.every = Some(n);
        self
    }

    /// Written after each value, such as `%`.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Digits after the point.
    #[must_use]
    pub const fn decimals(mut self, digits: u8) -> Self {
        self.decimals = digits;
        self
    }

    /// Ends of the value axis. Bars always start at 0.
    #[must_use]
    pub const fn bounds(mut self, min: f64, max: f64) -> Self {
        self.min = Some(min);
        self.max = Some(max);
        self
    }

    /// A dotted line at a label, with a word.
    #[must_use]
    pub fn mark(mut self, at: impl Into<String>, text: impl Into<String>) -> Self {
        self.mark = Some(Mark { at: at.into(), text: text.into() });
        self
    }

    /// A higher picture.
    #[must_use]
    pub const fn tall(mut self) -> Self {
        self.tall = true;
        self
    }

    /// As `chart.js` reads it. `<` cannot end the script element early.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be written.
    pub fn to_json(&self) -> Result<String> {
        let drawn = Self { series: self.series.iter().take(MOST_SERIES).cloned().collect(), ..self.clone() };
        Ok(serde_json::to_string(&drawn)?.replace('<', "\\u003c"))
    }

    /// The picture and its table as HTML, to be put in a template with `|safe`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn figure(&self, view: &View) -> Result<String> {
        view.render(&Figure { chart: self, json: self.to_json()? })
    }

    /// A value as the table shows it; empty where there is no figure. The template hands its counter by reference.
    fn cell(&self, series: &Series, row: &usize) -> String {
        let digits = usize::from(self.decimals);
        let value = series.values.get(*row).copied().flatten();
        value.map(|v| format!("{v:.digits$}{}", self.unit)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_what_the_script_reads() {
        let chart = Chart::line("差距缩小")
            .labels(["第1周", "第2周"])
            .unit("%")
            .decimals(1)
            .bounds(70.0, 100.0)
            .series(Series::new("城区", [91.0, 97.1]).color("c1"))
            .series(Series::new("去年", [Some(80.0), None]).last_year());
        let read: serde_json::Value = serde_json::from_str(&chart.to_json().unwrap()).unwrap();
        assert_eq!(read["kind"], "line");
        assert_eq!(read["labels"], serde_json::json!(["第1周", "第2周"]));
        assert_eq!(read["series"][0], serde_json::json!({"name": "城区", "values": [91.0, 97.1], "color": "c1"}));
        assert_eq!(read["series"][1]["values"], serde_json::json!([80.0, null]));
        assert_eq!(read["series"][1]["last"], true);
        assert_eq!((read["min"].as_f64(), read["max"].as_f64()), (Some(70.0), Some(100.0)));
    }

    #[test]
    fn a_name_cannot_end_the_script_element() {
        let chart = Chart::bar("").labels(["</script>"]).series(Series::new("a", [1.0]));
        assert!(!chart.to_json().unwrap().contains('<'));
    }

    #[test]
    fn never_more_than_four_series_are_drawn_but_the_table_has_all() {
        let chart = (0..6).fold(Chart::stack("").labels(["甲"]), |c, i| c.series(Series::new(i.to_string(), [1.0])));
        let read: serde_json::Value = serde_json::from_str(&chart.to_json().unwrap()).unwrap();
        assert_eq!(read["series"].as_array().map(Vec::len), Some(4));
        assert_eq!(chart.series.len(), 6);
    }

    #[test]
    fn a_missing_figure_is_an_empty_cell_and_not_zero() {
        let chart = Chart::line("").unit("%").decimals(1);
        let series = Series::new("a", [Some(86.71), None]);
        assert_eq!(chart.cell(&series, &0), "86.7%");
        assert_eq!(chart.cell(&series, &1), "");
        assert_eq!(chart.cell(&series, &9), "");
    }
}
