//! Writing a form: a card for each question. Every card is in the page, so that it works without a script; with
//! `form-builder.js` empty cards are folded away until asked for.

use super::{Choice, Form, Kind, MOST_CHOICES, MOST_QUESTIONS, Question};
use askama::Template;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Result};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{FormData, Get};

/// Empty cards after the last question.
const SPARE: usize = 4;
/// Characters of a question at most.
const LONGEST_ASK: usize = 100;
/// Characters of a choice at most.
const LONGEST_CHOICE: usize = 40;
/// Characters an answer in words may have, unless said otherwise.
const LONGEST_WORDS: u32 = 200;
/// Bounds of a number, unless said otherwise.
const NUMBERS: (i64, i64) = (0, 1_000_000);

struct Card {
    n: usize,
    ask: String,
    kind: String,
    choices: String,
    unit: String,
    from: String,
    to: String,
    must: bool,
    spare: bool,
    problem: String,
}

/// The cards.
#[derive(Template)]
#[template(path = "form/build.html")]
pub struct Builder {
    cards: Vec<Card>,
    kinds: [&'static str; 6],
}

impl Builder {
    /// The cards with what was typed before they were refused, else the questions of `form`.
    pub fn of(g: &Get<'_>, form: &Form) -> Self {
        let mut cards: Vec<Card> = match g.typed() {
            Some(typed) => (0..MOST_QUESTIONS)
                .filter(|n| !typed.get(&name(*n, "ask")).is_empty() || !typed.get(&name(*n, "choices")).is_empty())
                .map(|n| Card {
                    n,
                    ask: typed.get(&name(n, "ask")).to_owned(),
                    kind: typed.get(&name(n, "kind")).to_owned(),
                    choices: typed.get(&name(n, "choices")).to_owned(),
                    unit: typed.get(&name(n, "unit")).to_owned(),
                    from: typed.get(&name(n, "from")).to_owned(),
                    to: typed.get(&name(n, "to")).to_owned(),
                    must: typed.ticked(&name(n, "must")),
                    spare: false,
                    problem: g.problem(&name(n, "ask")),
                })
                .collect(),
            None => form.questions.iter().enumerate().map(|(n, q)| card(n, q)).collect(),
        };
        let next = cards.last().map_or(0, |c| c.n + 1);
        for n in next..(next + SPARE).min(MOST_QUESTIONS) {
            cards.push(blank(n, n > 0));
        }
        Self { cards, kinds: ["one", "many", "text", "number", "date", "signature"] }
    }

    /// As HTML, to be put in a template with `|safe`. The page asks for the script `form-builder.js`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }
}

fn name(n: usize, part: &str) -> String {
    format!("q{n}_{part}")
}

fn blank(n: usize, spare: bool) -> Card {
    let empty = String::new;
    Card {
        n,
        ask: empty(),
        kind: "one".to_owned(),
        choices: empty(),
        unit: empty(),
        from: empty(),
        to: empty(),
        must: true,
        spare,
        problem: empty(),
    }
}

fn card(n: usize, question: &Question) -> Card {
    let mut card = Card {
        ask: question.ask.clone(),
        kind: question.kind.code().to_owned(),
        must: question.must,
        choices: question.kind.choices().iter().map(|c| c.label.as_str()).collect::<Vec<_>>().join("\n"),
        ..blank(n, false)
    };
    match &question.kind {
        Kind::Number { unit, from, to } => {
            card.unit.clone_from(unit);
            if (*from, *to) != NUMBERS {
                card.from = from.to_string();
                card.to = to.to_string();
            }
        }
        Kind::Date { from, to } => {
            card.from = from.map(|d| d.to_string()).unwrap_or_default();
            card.to = to.map(|d| d.to_string()).unwrap_or_default();
        }
        _ => {}
    }
    card
}

/// Reads the cards. A card with neither words nor choices is none; a refused one is named by `qN_ask`.
pub fn read(posted: &FormData, invalid: &mut Invalid) -> Form {
    let mut form = Form::default();
    for n in 0..MOST_QUESTIONS {
        let ask = posted.get(&name(n, "ask"));
        let choices = posted.get(&name(n, "choices"));
        if ask.is_empty() && choices.is_empty() {
            continue;
        }
        let text = |part: &str| posted.get(&name(n, part)).to_owned();
        let asked = Asked {
            ask: ask.to_owned(),
            kind: text("kind"),
            choices: choices.lines().map(ToOwned::to_owned).collect(),
            unit: text("unit"),
            from: text("from"),
            to: text("to"),
            must: posted.ticked(&name(n, "must")),
        };
        if let Err(code) = form.ask(&asked) {
            invalid.push(name(n, "ask"), code);
        }
    }
    form
}

/// A question as somebody words it, before it is checked and gets its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The question.
    pub ask: String,
    /// `one`, `many`, `text`, `number`, `date` or `signature`; anything else is one choice.
    pub kind: String,
    /// Words of the choices.
    pub choices: Vec<String>,
    /// Unit of a number.
    pub unit: String,
    /// Smallest number or earliest day; empty for none.
    pub from: String,
    /// Largest number or latest day; empty for none.
    pub to: String,
    /// Must be answered.
    pub must: bool,
}

impl Form {
    /// Checks a question and adds it, with the next key.
    ///
    /// # Errors
    /// Why it cannot be asked so.
    pub fn ask(&mut self, asked: &Asked) -> Result<(), Code> {
        let kind = question(asked)?;
        let key = format!("q{}", self.questions.len() + 1);
        self.questions.push(Question { key, ask: asked.ask.clone(), must: asked.must, kind });
        Ok(())
    }
}

fn question(asked: &Asked) -> Result<Kind, Code> {
    let ask = &asked.ask;
    if ask.is_empty() {
        return Err(Code::new("form-ask-missing"));
    }
    if ask.chars().count() > LONGEST_ASK {
        return Err(Code::new("field-too-long").arg("n", LONGEST_ASK));
    }
    if ask.chars().any(char::is_control) {
        return Err(Code::new("field-odd-characters"));
    }
    match asked.kind.as_str() {
        "many" => Ok(Kind::Many { choices: labels(&asked.choices)? }),
        "text" => Ok(Kind::Text { most: LONGEST_WORDS }),
        "number" => {
            let from = bound(&asked.from, NUMBERS.0)?;
            let to = bound(&asked.to, NUMBERS.1)?;
            if from >= to {
                return Err(Code::new("form-bounds"));
            }
            let unit: String = asked.unit.chars().filter(|c| !c.is_control()).take(8).collect();
            Ok(Kind::Number { unit, from, to })
        }
        "date" => {
            let (from, to) = (day(&asked.from)?, day(&asked.to)?);
            if from.zip(to).is_some_and(|(f, t)| f > t) {
                return Err(Code::new("form-bounds"));
            }
            Ok(Kind::Date { from, to })
        }
        "signature" => Ok(Kind::Signature),
        _ => Ok(Kind::One { choices: labels(&asked.choices)? }),
    }
}

fn bound(text: &str, otherwise: i64) -> Result<i64, Code> {
    if text.is_empty() { Ok(otherwise) } else { text.parse().map_err(|_| Code::new("form-bounds")) }
}

fn day(text: &str) -> Result<Option<Date>, Code> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Code::new("field-date")) }
}

fn labels(words: &[String]) -> Result<Vec<Choice>, Code> {
    let mut labels: Vec<String> = Vec::new();
    for line in words.iter().map(|w| w.trim()).filter(|l| !l.is_empty()) {
        let label: String = line.chars().filter(|c| !c.is_control()).collect();
        if label.chars().count() > LONGEST_CHOICE {
            return Err(Code::new("form-choice-long").arg("n", LONGEST_CHOICE));
        }
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    if labels.len() < 2 {
        return Err(Code::new("form-choices-few"));
    }
    if labels.len() > MOST_CHOICES {
        return Err(Code::new("form-choices-many").arg("n", MOST_CHOICES));
    }
    Ok(labels.into_iter().enumerate().map(|(n, label)| Choice { key: format!("c{}", n + 1), label }).collect())
}
