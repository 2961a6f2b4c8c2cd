//! Where to go after signing in: an address of ours and nothing else.

/// The address if it is a path of this site; otherwise `None`. What a browser could take for another
/// site (`//host`, `/\host`, anything with a scheme or a control character) is not.
pub fn ours(address: &str) -> Option<&str> {
    let rest = address.strip_prefix('/')?;
    let strange = |c: char| c.is_control() || c == '\\';
    (!rest.starts_with('/') && !rest.chars().any(strange) && address.len() <= 500).then_some(address)
}

/// The address if it is ours and no step of signing in.
pub fn after_sign_in(address: &str) -> Option<&str> {
    let loops = ["/sign-in", "/sign-out", "/activate", "/demo/", "/a/"].iter().any(|p| address.starts_with(p));
    ours(address).filter(|_| !loops)
}

#[cfg(test)]
mod tests {
    use super::{after_sign_in, ours};

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        assert_eq!(ours("/class/7?tone=good"), Some("/class/7?tone=good"));
        for bad in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\n", "class"] {
            assert_eq!(ours(bad), None, "{bad}");
        }
    }

    #[test]
    fn nobody_is_sent_back_to_signing_in() {
        assert_eq!(after_sign_in("/sign-in?back=/me"), None);
        assert_eq!(after_sign_in("/a/K7MP2X9Q"), None);
        assert_eq!(after_sign_in("/class/7"), Some("/class/7"));
    }
}
