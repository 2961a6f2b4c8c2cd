//! The nearest of some names to one that was mistyped.

/// The name that differs least, when it differs little enough to be worth suggesting: at most half
/// of its characters.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = written.chars().collect();
    names
        .into_iter()
        .map(|name| (distance(&wanted, &name.chars().collect::<Vec<_>>()), name))
        .min_by_key(|(off, _)| *off)
        .filter(|(off, name)| *off * 2 <= wanted.len().max(name.chars().count()))
        .map(|(_, name)| name)
}

/// Characters to put in, take out or change to turn one text into the other (Levenshtein 1966).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let changed = before[j] + usize::from(a != b);
            row.push(changed.min(before[j + 1] + 1).min(row[j] + 1));
        }
        before = row;
    }
    before[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let towns = ["麻柳镇", "石桥街道", "云溪镇"];
        assert_eq!(nearest("麻柳", towns), Some("麻柳镇"));
        assert_eq!(nearest("石侨街道", towns), Some("石桥街道"));
        assert_eq!(nearest("天池山", towns), None);
    }
}
