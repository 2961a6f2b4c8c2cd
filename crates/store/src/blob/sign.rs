//! Signing requests to an S3-compatible store: AWS Signature Version 4 ("Authenticating Requests (AWS Signature Version
//! 4)", Amazon S3 API Reference), which OSS, COS, OBS, MinIO and Ceph take as well.

use gongyu_kernel::{Millis, hex};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// SHA-256 of no content.
pub(super) const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Who signs, and for where.
#[derive(Clone)]
pub(super) struct Signer {
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) region: String,
}

/// What is signed of a request. No query is ever sent.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The path as it is sent, already encoded.
    pub(super) path: &'a str,
    /// Names in small letters, in their order, with values as sent.
    pub(super) headers: &'a [(&'a str, &'a str)],
    /// SHA-256 of the content, in hex.
    pub(super) content: &'a str,
}

/// A moment as the signature writes it: `20260924T020000Z`.
pub(super) fn moment(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Signer {
    /// The `Authorization` of a request at a moment.
    pub(super) fn authorization(&self, asked: &Asked<'_>, moment: &str) -> String {
        let names: Vec<&str> = asked.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let headers: String = asked.headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let Asked { method, path, content, .. } = asked;
        let canonical = format!("{method}\n{path}\n\n{headers}\n{names}\n{content}");
        let day = moment.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let to_sign = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hex(Sha256::digest(canonical.as_bytes())));
        let first = format!("AWS4{}", self.secret_key).into_bytes();
        let key = [day, self.region.as_str(), "s3", "aws4_request"].iter().fold(first, |key, part| mac(&key, part));
        let signature = hex(mac(&key, &to_sign));
        format!("AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}", self.access_key)
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of every length (RFC 2104, section 2).
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Example: GET Object" of the Amazon S3 API Reference, with the signature published there.
    #[test]
    fn the_published_example_gets_the_published_signature() {
        let signer = Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let headers = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", NOTHING),
            ("x-amz-date", "20130524T000000Z"),
        ];
        let asked = Asked { method: "GET", path: "/test.txt", headers: &headers, content: NOTHING };
        let authorization = signer.authorization(&asked, "20130524T000000Z");
        assert!(authorization.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        ));
        assert!(authorization.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(moment(Millis(1_369_353_600_000)), "20130524T000000Z");
    }
}
