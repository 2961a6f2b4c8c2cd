//! The state of a duty as hue, icon and word.

use gongyu_kernel::Date;
use gongyu_ledger::rules::DutyStatus;
use gongyu_web::show::View;

/// A duty badge (`gy-duty`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// `is-met`, `is-due`, `is-over` or `is-na`.
    pub look: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// 已完成, 还剩60天, 在期内, 逾期5天, 不适用.
    pub text: String,
}

impl Badge {
    /// Of a status on a day. A deadline still far off is not counted down.
    pub fn of(view: &View, status: DutyStatus, today: Date) -> Self {
        let days = |key: &str, n: Option<u32>| view.ta(key, &[("days", i64::from(n.unwrap_or(0)).into())]);
        let (look, icon, text) = match status {
            DutyStatus::Met => ("is-met", "circle-check", view.t("duty-status-met")),
            DutyStatus::Due { near: true, .. } => ("is-due", "clock", days("duty-days-left", status.days_left(today))),
            DutyStatus::Due { near: false, .. } => ("is-due", "clock", view.t("duty-status-due")),
            DutyStatus::Overdue { .. } => {
                ("is-over", "f-alert-triangle", days("duty-days-late", status.days_late(today)))
            }
            DutyStatus::NotApplicable => ("is-na", "minus", view.t("duty-status-not_applicable")),
        };
        Self { look, icon, text }
    }
}
