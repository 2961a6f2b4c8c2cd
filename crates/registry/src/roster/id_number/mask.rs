//! What of a number may be shown in a list: enough to recognise it beside the paper, too little to use it.

/// An identity or student-roll number with its first four and last four characters: `5001**********412X`,
/// `G5001**********0317`. A number too short to hide anything is hidden whole.
pub fn mask_id(text: &str) -> String {
    let chars: Vec<char> = text.trim().chars().collect();
    if chars.len() < 12 {
        return mask_middle(&chars, 2, 2);
    }
    let lead = 4 + usize::from(chars[0].is_ascii_alphabetic());
    mask_middle(&chars, lead, 4)
}

/// A telephone number without its middle: `139****5562`, and `139****562` when one digit is missing.
pub fn mask_phone(text: &str) -> String {
    let chars: Vec<char> = text.trim().chars().collect();
    let tail = chars.len().saturating_sub(7).min(4);
    mask_middle(&chars, 3, tail)
}

/// The beginning of an address, up to its sixth character.
pub fn mask_address(text: &str) -> String {
    let head: String = text.trim().chars().take(6).collect();
    if head.len() < text.trim().len() { format!("{head}****") } else { head }
}

fn mask_middle(chars: &[char], lead: usize, tail: usize) -> String {
    if chars.len() <= lead + tail {
        return "*".repeat(chars.len());
    }
    let hidden = chars.len() - lead - tail;
    let mut out: String = chars[..lead].iter().collect();
    out.push_str(&"*".repeat(hidden));
    out.extend(&chars[chars.len() - tail..]);
    out
}
