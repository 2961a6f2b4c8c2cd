//! Every component of the design on one page, in both shells, for those who build and check screens.

use crate::filters;
use crate::{Feature, Get, Reply, Routes, Signed};
use askama::Template;
use gongyu_kernel::Result;
use gongyu_kernel::i18n::Words;

const WORDS: &[Words] =
    &[Words { zh: include_str!("../locales/zh-CN/gallery.ftl"), en: include_str!("../locales/en/gallery.ftl") }];

/// The feature.
pub fn feature() -> Feature {
    Feature { name: "gallery", routes: Some(routes), words: WORDS, ..Feature::default() }
}

fn routes() -> Routes {
    Routes::new().get("/gallery", show)
}

/// A cell of the board.
struct Cell {
    name: &'static str,
    class: &'static str,
    days: i64,
    icon: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct GalleryPage {
    phone: bool,
    tones: [(&'static str, &'static str); 4],
    duties: [(&'static str, &'static str); 4],
    cells: [Cell; 4],
    part: i64,
    whole: i64,
    chart: String,
}

fn show(g: &mut Get<'_>, _: Signed) -> Result<Reply> {
    let cell = |name, class, days, icon, tone| Cell { name, class, days, icon, tone };
    let chart = serde_json::json!({
        "kind": "line", "unit": "%", "min": 80, "max": 100,
        "labels": ["1", "2", "3", "4"],
        "series": [
            { "name": g.t("gallery-urban"), "values": [91, 94, 96, 98] },
            { "name": g.t("gallery-rural"), "values": [84, 88, 92, 95] },
        ],
    });
    let page = GalleryPage {
        phone: g.view().phone,
        tones: [("good", "sun"), ("plain", "message"), ("care", "mood-heart"), ("blame", "f-alert-triangle")],
        duties: [("met", "circle-check"), ("due", "clock"), ("over", "f-alert-triangle"), ("na", "minus")],
        cells: [
            cell("gallery-name-a", "is-never", -1, "", ""),
            cell("gallery-name-b", "is-due", 47, "mood-heart", "c"),
            cell("gallery-name-c", "", 12, "message", "p"),
            cell("gallery-name-d", "is-new", 0, "sun", "g"),
        ],
        part: 1_207,
        whole: 1_536,
        chart: chart.to_string().replace('<', "\\u003c"),
    };
    let reply = g.page(g.t("gallery-title"), "", &page)?;
    Ok(if g.view().phone { reply } else { reply.script("echarts.js").script("chart.js") })
}
