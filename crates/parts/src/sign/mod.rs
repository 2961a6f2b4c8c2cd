//! A signature on glass. What is kept is the line itself, a few hundred points, from which it is drawn
//! again on a page and on paper; not a picture. Somebody who cannot draw types their name and ticks that
//! it stands for their signature.

mod field;

pub use field::SignField;

use gongyu_kernel::error::Invalid;
use gongyu_web::FormData;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Lines of one signature at most.
const MOST_LINES: usize = 300;
/// Points of one signature at most.
const MOST_POINTS: usize = 10_000;
/// Sides of the glass, in its own units.
const SIDES: std::ops::RangeInclusive<i32> = 50..=4_000;
/// Below this many units in all it is a dot and no signature.
const SHORTEST: i64 = 60;

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Signature {
    /// Drawn with a finger or a pen.
    Drawn {
        /// Width of the glass, in its own units.
        w: i32,
        /// Height of the glass.
        h: i32,
        /// Each line: its first point, then the steps from each point to the next.
        s: Vec<Vec<i32>>,
    },
    /// A typed name that stands for it.
    Typed {
        /// The name.
        name: String,
    },
}

impl Signature {
    /// Reads what the page's script or an offline record kept. `None` when it is none.
    pub fn parse(json: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(json).ok()?;
        read.is_sound().then_some(read)
    }

    /// As it is kept.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be written.
    pub fn to_json(&self) -> gongyu_kernel::Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    fn is_sound(&self) -> bool {
        match self {
            Self::Typed { name } => {
                let n = name.trim().chars().count();
                (2..=40).contains(&n) && !name.chars().any(char::is_control)
            }
            Self::Drawn { w, h, s } => {
                let points: usize = s.iter().map(Vec::len).sum();
                let whole = s.iter().all(|line| line.len() >= 2 && line.len().is_multiple_of(2));
                if !SIDES.contains(w)
                    || !SIDES.contains(h)
                    || s.len() > MOST_LINES
                    || points > MOST_POINTS * 2
                    || !whole
                {
                    return false;
                }
                let inside = |(x, y): (i64, i64)| (0..=i64::from(*w)).contains(&x) && (0..=i64::from(*h)).contains(&y);
                s.iter().all(|line| along(line).into_iter().all(inside)) && length(s) >= SHORTEST
            }
        }
    }

    /// Drawn again as a picture of its own, for paper: ink on nothing. A typed name is set as words by whoever prints it.
    pub fn svg(&self) -> Option<String> {
        let Self::Drawn { w, h, s } = self else { return None };
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\"><path d=\"{}\" fill=\"none\" stroke=\"#1f2d2b\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>",
            path(s),
            thickness(*w)
        ))
    }

    /// The name that was typed instead, if it was.
    pub fn typed_name(&self) -> Option<&str> {
        match self {
            Self::Typed { name } => Some(name),
            Self::Drawn { .. } => None,
        }
    }

    /// As HTML of a page: the drawing with `label` for those who do not see it, or the typed name.
    pub fn html(&self, label: &str) -> String {
        let escaped = |text: &str| {
            askama::filters::escape(text, askama::filters::Html).map(|t| t.to_string()).unwrap_or_default()
        };
        match self {
            Self::Typed { name } => format!("<span class=\"gy-signed\">{}</span>", escaped(name)),
            Self::Drawn { w, h, s } => format!(
                "<svg class=\"gy-signed\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{}\"><path d=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>",
                escaped(label),
                path(s),
                thickness(*w)
            ),
        }
    }
}

fn along(line: &[i32]) -> Vec<(i64, i64)> {
    let mut at = (0i64, 0i64);
    line.chunks_exact(2)
        .map(|step| {
            at = (at.0 + i64::from(step[0]), at.1 + i64::from(step[1]));
            at
        })
        .collect()
}

fn length(lines: &[Vec<i32>]) -> i64 {
    let of = |line: &Vec<i32>| -> i64 {
        line.chunks_exact(2).skip(1).map(|s| i64::from(s[0]).abs().max(i64::from(s[1]).abs())).sum()
    };
    lines.iter().map(of).sum()
}

fn thickness(width: i32) -> i32 {
    (width / 150).max(2)
}

fn path(lines: &[Vec<i32>]) -> String {
    let mut out = String::new();
    for line in lines {
        for (n, step) in line.chunks_exact(2).enumerate() {
            let letter = if n == 0 { 'M' } else { 'l' };
            let _ = write!(out, "{letter}{} {}", step[0], step[1]);
        }
        if line.len() == 2 {
            out.push_str("l0 0");
        }
    }
    out
}

/// Reads a signature from the fields of `SignField` of this name. `None` when there is none and none is needed, or
/// when it was refused.
pub fn read(form: &FormData, name: &str, must: bool, invalid: &mut Invalid) -> Option<Signature> {
    let drawn = form.get(name);
    let typed = form.get(&format!("{name}_typed")).to_owned();
    if !typed.is_empty() {
        if !form.ticked(&format!("{name}_agree")) {
            invalid.push(name.to_owned(), "sign-agree");
            return None;
        }
        let signature = Signature::Typed { name: typed };
        if !signature.is_sound() {
            invalid.push(name.to_owned(), "sign-name");
            return None;
        }
        return Some(signature);
    }
    if drawn.is_empty() {
        if must {
            invalid.push(name.to_owned(), "sign-missing");
        }
        return None;
    }
    let signature = Signature::parse(drawn);
    if signature.is_none() {
        invalid.push(name.to_owned(), "sign-short");
    }
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"w":600,"h":200,"s":[[10,10,50,20,30,40],[200,50]]}"#;

    #[test]
    fn a_line_on_glass_is_drawn_again_as_it_was() {
        let signature = Signature::parse(LINE).unwrap();
        let svg = signature.svg().unwrap();
        assert!(svg.contains("d=\"M10 10l50 20l30 40M200 50l0 0\""), "{svg}");
        assert_eq!(signature.to_json().unwrap(), LINE);
        assert!(signature.html("签名\"><b>").contains("aria-label=\"签名&#34;&#62;&#60;b&#62;\""));
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        for json in [
            "",
            "[]",
            r#"{"w":600,"h":200,"s":[]}"#,
            r#"{"w":600,"h":200,"s":[[10,10]]}"#,
            r#"{"w":600,"h":200,"s":[[10,10,9000,0]]}"#,
            r#"{"w":600,"h":200,"s":[[10,10,5]]}"#,
            r#"{"w":9999999,"h":200,"s":[[10,10,100,100]]}"#,
            r#"{"name":"x"}"#,
        ] {
            assert_eq!(Signature::parse(json), None, "{json}");
        }
    }

    #[test]
    fn a_typed_name_counts_only_with_the_tick() {
        let fields = |tick: bool| {
            let mut pairs = vec![("s_typed".to_owned(), "林秀兰".to_owned())];
            if tick {
                pairs.push(("s_agree".to_owned(), "on".to_owned()));
            }
            FormData::from_pairs(pairs)
        };
        let mut invalid = Invalid::default();
        assert_eq!(read(&fields(false), "s", true, &mut invalid), None);
        assert!(invalid.of("s").is_some());
        let signed = read(&fields(true), "s", true, &mut Invalid::default());
        assert_eq!(signed, Some(Signature::Typed { name: "林秀兰".to_owned() }));
    }
}
