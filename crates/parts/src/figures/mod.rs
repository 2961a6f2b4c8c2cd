//! Pictures of figures, each with the same figures in a table one tap away.
//!
//! ```
//! # use gongyu_parts::figures::{Chart, Series};
//! let chart = Chart::line("乡村与城区的差距缩小到10.4个百分点")
//!     .labels(["第10周", "第11周", "第12周"])
//!     .series(Series::new("城区", [91.0, 93.4, 97.1]).color("c1"))
//!     .series(Series::new("乡村", [78.2, 82.0, 86.7]).color("c2"))
//!     .unit("%")
//!     .decimals(1)
//!     .bounds(70.0, 100.0);
//! ```
//! A handler renders it with `chart.figure(view)?`, puts the text in its template with `|safe`, and
//! ends with `.script("echarts.js").script("chart.js")`: pictures are drawn on PC pages only; without
//! the scripts the table is still there.

mod chart;

pub use chart::{Chart, Series};
