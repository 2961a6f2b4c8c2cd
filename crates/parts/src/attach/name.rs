//! Names of files, made harmless.

/// Longest name kept, in characters, its ending not counted.
const LONGEST: usize = 80;

/// A name that is only a name: no folders, no control or direction characters, no leading dot, and
/// with the ending of what the file really is. Empty names become `fallback`.
pub(super) fn cleaned(name: &str, ending: &str, fallback: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, end)) if end.len() <= 5 && end.chars().all(|c| c.is_ascii_alphanumeric()) => stem,
        _ => last,
    };
    let clean: String = stem.chars().filter(|c| !is_odd(*c)).collect();
    let flat = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = flat.trim_start_matches('.').chars().take(LONGEST).collect();
    let stem = short.trim_end_matches(['.', ' ']);
    format!("{}.{ending}", if stem.is_empty() { fallback } else { stem })
}

/// Characters a file system, a shell or a reader could be misled by.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words_and_loses_its_tricks() {
        assert_eq!(cleaned("秋游安排.docx", "docx", "文件"), "秋游安排.docx");
        assert_eq!(cleaned("../../etc/passwd", "pdf", "文件"), "passwd.pdf");
        assert_eq!(cleaned("C:\\\\temp\\\\a.exe", "pdf", "文件"), "a.pdf");
        assert_eq!(cleaned("photo\u{202e}gpj.exe", "jpg", "文件"), "photogpj.jpg");
        assert_eq!(cleaned("a\r\nset-cookie: x", "jpg", "文件"), "aset-cookie x.jpg");
        assert_eq!(cleaned("...", "jpg", "照片"), "照片.jpg");
        assert_eq!(cleaned("", "jpg", "照片"), "照片.jpg");
    }
}
