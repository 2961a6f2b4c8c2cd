//! Numbers as people wrote them: dates behind day counts, whole numbers without an exponent.

/// Largest day count Excel shows as a date, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;
/// Days from 1899-12-30 to 1904-01-01, the other epoch of workbooks (ISO/IEC 29500-1, 18.17.4.1).
const EPOCH_1904: f64 = 1_462.0;
/// Days from 1899-12-30 to 1970-01-01.
const EPOCH_UNIX: i64 = 25_569;

/// The text of a plain number: the shortest that means the same, never with an exponent.
pub(super) fn number_text(raw: &str) -> String {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if plain {
        return raw.to_owned();
    }
    match raw.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() < 1e22 => value.to_string(),
        _ => raw.to_owned(),
    }
}

/// The date behind a day count as `YYYYMMDD`, or `HH:MM` when there is no day in it.
pub(super) fn date_text(raw: &str, date1904: bool) -> Option<String> {
    let value: f64 = raw.trim().parse().ok()?;
    if (0.0..1.0).contains(&value) && !date1904 {
        let minutes = (value * 1440.0).round() as u32 % 1440;
        return Some(format!("{:02}:{:02}", minutes / 60, minutes % 60));
    }
    let mut days = value + if date1904 { EPOCH_1904 } else { 0.0 };
    if !(1.0..LAST_DAY).contains(&days) {
        return None;
    }
    // Excel believes in 1900-02-29, day 60: the days before it are counted from one day later.
    if days < 60.0 {
        days += 1.0;
    } else if days < 61.0 {
        return None;
    }
    let (year, month, day) = civil(days as i64 - EPOCH_UNIX);
    Some(format!("{year:04}{month:02}{day:02}"))
}

/// An ISO 8601 date as `YYYYMMDD`.
pub(super) fn iso_date_text(raw: &str) -> Option<String> {
    let day = raw.get(..10)?;
    let shaped = day.char_indices().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() });
    shaped.then(|| day.replace('-', ""))
}

/// Day of the proleptic Gregorian calendar from days since 1970-01-01, by eras of 400 years that
/// begin on 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether a number format shows a date or a time: it has a date letter outside quotation marks,
/// escapes and brackets (ISO/IEC 29500-1, 18.8.31).
pub(super) fn is_date_format(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if matches!(inside.to_ascii_lowercase().trim_matches(['h', 'm', 's']), "") && !inside.is_empty() {
                    return true;
                }
            }
            ';' => return false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Whether a built-in format is a date or time, with those of East Asian Excel
/// (ISO/IEC 29500-1, 18.8.30).
pub(super) fn is_builtin_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}
