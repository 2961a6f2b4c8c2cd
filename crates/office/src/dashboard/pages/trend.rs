//! The district's weekly line; asked for by the page once it stands, because it reads many weeks.

use super::super::overview::Overview;
use crate::reach::{self, Moment};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::Result;
use gongyu_registry::unit::Setting;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

#[derive(Template)]
#[template(path = "dashboard/pages/trend.html")]
struct Picture {
    figure: Option<String>,
    whole_page: bool,
    query: String,
}

pub fn district(g: &mut Get<'_>, _: Holder<right::SeeDistrict>) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let now = if moment.is_now() {
        let all = Overview::load(g.r, &moment, None, false)?;
        let of = |setting| all.of_setting(setting).map_or((0, 0), |s| (s.reached(), s.figures.students));
        Some((of(Setting::Urban), of(Setting::Rural)))
    } else {
        None
    };
    let trend = reach::of_district(g.r, &moment, now)?;
    let view = g.view().clone();
    let figure = if trend.is_empty() { None } else { Some(trend.figure(&view)?) };
    let partial = g.req.is_partial();
    let body = Picture { figure, whole_page: !partial, query: g.req.query.query_with(&[]) };
    if partial {
        return g.partial(&body);
    }
    Ok(g.page(g.t("dash-trend"), "district", &body)?.script("echarts.js").script("chart.js"))
}
