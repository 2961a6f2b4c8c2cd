//! Shares, their differences and the order of need. Pure.

use std::cmp::Ordering;

/// A share in tenths of a percent, rounded as pages show it: whole only when nothing is left, none
/// only when there is nothing. `None` without a whole.
pub fn share_tenths(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let wide = (i128::from(part) * 1000 + i128::from(whole) / 2) / i128::from(whole);
    let tenths = i64::try_from(wide).unwrap_or(1000);
    let tenths = if part < whole { tenths.min(999) } else { tenths };
    Some(if part > 0 { tenths.max(1) } else { tenths })
}

/// How many tenths of a percentage point (个百分点) lie between two shares as they are shown, so that
/// a reader who subtracts gets the same.
pub fn difference(now: (i64, i64), before: (i64, i64)) -> Option<i64> {
    Some(share_tenths(now.0, now.1)? - share_tenths(before.0, before.1)?)
}

/// +0.6, −0.3, 0.0.
pub fn points_text(tenths: i64) -> String {
    let sign = match tenths.cmp(&0) {
        Ordering::Less => "−",
        Ordering::Equal => "",
        Ordering::Greater => "+",
    };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// The order of need: the smaller share reached first, then the more children never reached, so that
/// who needs it comes first. Each side is (reached, children, never reached); groups without children last.
pub fn by_need(a: (i64, i64, i64), b: (i64, i64, i64)) -> Ordering {
    match (a.1 > 0, b.1 > 0) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => Ordering::Equal,
        (true, true) => {
            let (left, right) = (i128::from(a.0) * i128::from(b.1), i128::from(b.0) * i128::from(a.1));
            left.cmp(&right).then(b.2.cmp(&a.2))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_web::show::percent;

    #[test]
    fn a_difference_is_what_a_reader_gets_by_subtracting_the_shares_shown() {
        let (now, before) = ((901, 1000), (894, 1000));
        assert_eq!((percent(now.0, now.1), percent(before.0, before.1)), ("90.1%".into(), "89.4%".into()));
        assert_eq!(difference(now, before).map(points_text), Some("+0.7".to_owned()));
        assert_eq!(difference((1, 2), (0, 0)), None);
    }

    #[test]
    fn tenths_are_rounded_as_the_share_filter_rounds() {
        for (part, whole) in [(9_999, 10_000), (1, 100_000), (83_907, 86_412), (0, 7), (7, 7), (2, 3)] {
            let tenths = share_tenths(part, whole).unwrap();
            assert_eq!(format!("{}.{}%", tenths / 10, tenths % 10), percent(part, whole));
        }
    }

    #[test]
    fn who_was_reached_least_comes_first_and_empty_groups_last() {
        let mut groups = vec![(90, 100, 1), (0, 0, 0), (45, 50, 4), (10, 100, 0)];
        groups.sort_by(|a, b| by_need(*a, *b));
        assert_eq!(groups, [(10, 100, 0), (45, 50, 4), (90, 100, 1), (0, 0, 0)]);
    }

    #[test]
    fn falling_is_written_with_a_real_minus() {
        assert_eq!([points_text(-3), points_text(0), points_text(12)], ["−0.3", "0.0", "+1.2"]);
    }
}
