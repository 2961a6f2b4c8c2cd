//! Registered templates: which code a provider gave for which kind of letter, and which of its values go where.

use super::Letter;

/// Name of the template that carries any letter for which none is registered.
const ANY: &str = "any";

/// A template as it was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// The provider's code.
    pub code: String,
    /// Name at the provider and name of ours, in order.
    pub fields: Vec<(String, String)>,
}

/// Finds the template of a letter in lines such as `notice = SMS_1: title, link` or
/// `notice = ABC: thing1=title, time2=deadline`. A line that names no fields takes all values under their own names.
pub(super) fn find(lines: &str, letter: &Letter<'_>) -> Option<Template> {
    let named = |wanted: &str| lines.lines().find_map(|line| parse(line).filter(|(name, _)| *name == wanted));
    let (_, mut template) = named(letter.template).or_else(|| named(ANY))?;
    if template.fields.is_empty() {
        template.fields = letter.values.iter().map(|(name, _)| ((*name).to_owned(), (*name).to_owned())).collect();
    }
    Some(template)
}

fn parse(line: &str) -> Option<(&str, Template)> {
    let (name, rest) = line.split_once('=')?;
    let (code, fields) = rest.split_once(':').unwrap_or((rest, ""));
    let fields = fields
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (theirs, ours) = field.split_once('=').unwrap_or((field, field));
            (theirs.trim().to_owned(), ours.trim().to_owned())
        })
        .collect();
    let code = code.trim();
    (!code.is_empty()).then(|| (name.trim(), Template { code: code.to_owned(), fields }))
}

/// The value of a field: one the letter names, or one that every letter has.
pub(super) fn value(letter: &Letter<'_>, name: &str) -> String {
    if let Some((_, value)) = letter.values.iter().find(|(known, _)| *known == name) {
        return value.clone();
    }
    match name {
        "title" => letter.title.to_owned(),
        "text" => letter.body.to_owned(),
        "link" => letter.href.to_owned(),
        // Many providers allow no whole address in a value: only what comes after the registered host.
        "path" => letter.href.splitn(4, '/').nth(3).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_kernel::Id;

    #[test]
    fn a_letter_takes_its_own_template_or_the_one_for_any() {
        let values = [("code", "123456".to_owned())];
        let letter = Letter {
            id: Id(1),
            to: "",
            title: "Title",
            body: "Text",
            href: "https://a.example/n/7",
            template: "code",
            values: &values,
            urgent: false,
        };
        let lines = "code = SMS_1: code\nany = SMS_2: title, path\n";
        let own = find(lines, &letter).unwrap();
        assert_eq!((own.code.as_str(), value(&letter, &own.fields[0].1).as_str()), ("SMS_1", "123456"));
        let other = find(lines, &Letter { template: "notice", ..letter.clone() }).unwrap();
        assert_eq!(other.code, "SMS_2");
        assert_eq!(value(&letter, &other.fields[1].1), "n/7");
        assert_eq!(find("", &letter), None);
        assert_eq!(find("code = SMS_1", &letter).unwrap().fields[0].0, "code");
    }
}
