//! Calendars as other programs read them: iCalendar, RFC 5545.

use std::fmt::Write;

/// An event. Moments are UTC milliseconds since 1970 as `YYYYMMDDTHHMMSSZ`, days `YYYYMMDD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcalEvent {
    /// The same for the same event for ever, over all products: ends in `@` and a domain.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// Begin: a moment ends in `Z`, a day has eight digits.
    pub start: String,
    /// End, in the same shape; for a day the day after.
    pub end: String,
    /// One line.
    pub summary: String,
    /// More about it; may be empty.
    pub description: String,
    /// Address it opens; may be empty.
    pub url: String,
    /// Called off.
    pub cancelled: bool,
}

/// A calendar as text: lines end in CRLF and are folded at 75 bytes (RFC 5545, 3.1).
/// `stamp` is the moment it was made, `YYYYMMDDTHHMMSSZ`.
pub fn calendar(name: &str, stamp: &str, events: &[IcalEvent]) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Gongyu//Gongyu//ZH");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escaped(name));
    line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for event in events {
        let day = if event.start.len() == 8 { ";VALUE=DATE" } else { "" };
        line("BEGIN", "VEVENT");
        line("UID", &event.uid);
        line("DTSTAMP", stamp);
        line("SEQUENCE", &event.sequence.to_string());
        line(&format!("DTSTART{day}"), &event.start);
        line(&format!("DTEND{day}"), &event.end);
        line("SUMMARY", &escaped(&event.summary));
        if !event.description.is_empty() {
            line("DESCRIPTION", &escaped(&event.description));
        }
        if !event.url.is_empty() {
            line("URL", &event.url);
        }
        line("STATUS", if event.cancelled { "CANCELLED" } else { "CONFIRMED" });
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// Text as RFC 5545, 3.3.11 wants it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line folded so that no piece is longer than 75 bytes and no character is torn.
fn fold(out: &mut String, line: &str) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 74 {
            out.push_str("\r\n ");
            length = 1;
        }
        let _ = out.write_char(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> IcalEvent {
        IcalEvent {
            uid: "visit-7@gongyu".to_owned(),
            sequence: 2,
            start: "20261125T103000Z".to_owned(),
            end: "20261125T111500Z".to_owned(),
            summary: "家访，陈语桐；一家三口都在".to_owned(),
            description: "带上作业本\n还有照片".to_owned(),
            url: "https://gongyu.example/visits/7".to_owned(),
            cancelled: false,
        }
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_unfolding_gives_the_text_back() {
        let long = IcalEvent { summary: "家访".repeat(60), ..event() };
        let text = calendar("我的日程", "20261123T020000Z", &[long]);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{}", "家访".repeat(60))));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn marks_with_a_meaning_are_escaped_and_line_breaks_stay_inside() {
        let text = calendar("a", "20261123T020000Z", &[IcalEvent { summary: "a,b;c\\d".to_owned(), ..event() }]);
        assert!(text.contains("SUMMARY:a\\,b\\;c\\\\d\r\n"));
        assert!(text.replace("\r\n ", "").contains("DESCRIPTION:带上作业本\\n还有照片\r\n"));
    }

    #[test]
    fn a_whole_day_says_that_it_is_one() {
        let day = IcalEvent { start: "20261125".to_owned(), end: "20261126".to_owned(), cancelled: true, ..event() };
        let text = calendar("a", "20261123T020000Z", &[day]);
        assert!(text.contains("DTSTART;VALUE=DATE:20261125\r\n") && text.contains("STATUS:CANCELLED"));
    }
}
