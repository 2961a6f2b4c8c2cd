//! What WeChat sends in its encrypted mode (安全模式): AES-256 in CBC mode with PKCS#7 padding to 32 bytes, as “消息加解密说明”
//! of the platform's documents has it. The key is the EncodingAESKey of 43 letters and digits, base64 without its
//! last sign; its first half is the initial block. Inside: 16 random bytes, the length of the message, the message,
//! and the AppID it was sealed for.

use super::sign;
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 as the platform writes it: the key has spare bits that are not always zero.
const B64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Letters of an EncodingAESKey.
const KEY_LETTERS: usize = 43;
const BLOCK: usize = 16;
/// Bytes up to which the padding fills.
const PADS_TO: usize = 32;

/// Whether a text can be an EncodingAESKey.
pub(crate) fn is_key(text: &str) -> bool {
    key(text).is_some()
}

fn key(text: &str) -> Option<[u8; 32]> {
    if text.len() != KEY_LETTERS || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    B64.decode(text).ok()?.try_into().ok()
}

/// Whether a sealed message comes from WeChat: the SHA-1 of token, time, nonce and the sealed text, sorted.
pub(crate) fn sealed_truly(token: &str, (at, nonce): (&str, &str), sealed: &str, signature: &str) -> bool {
    let mut parts = [token, at, nonce, sealed];
    parts.sort_unstable();
    !token.is_empty() && sign::same(&sign::sha1_hex(parts.concat().as_bytes()), signature)
}

/// The message, if it was sealed with this key for this AppID.
pub(crate) fn open(key_text: &str, app_id: &str, sealed: &str) -> Option<Vec<u8>> {
    let key = key(key_text)?;
    let mut bytes = B64.decode(sealed.trim()).ok()?;
    if bytes.is_empty() || !bytes.len().is_multiple_of(BLOCK) {
        return None;
    }
    let cipher = Aes256::new(&Array::from(key));
    let mut before: [u8; BLOCK] = key[..BLOCK].try_into().ok()?;
    for block in bytes.chunks_exact_mut(BLOCK) {
        let taken: [u8; BLOCK] = (&*block).try_into().ok()?;
        let mut opened = Array::from(taken);
        cipher.decrypt_block(&mut opened);
        for ((to, plain), mask) in block.iter_mut().zip(opened).zip(before) {
            *to = plain ^ mask;
        }
        before = taken;
    }
    let pad = usize::from(*bytes.last()?);
    if pad == 0
        || pad > PADS_TO
        || pad > bytes.len()
        || !bytes[bytes.len() - pad..].iter().all(|b| usize::from(*b) == pad)
    {
        return None;
    }
    bytes.truncate(bytes.len() - pad);
    let length = u32::from_be_bytes(bytes.get(BLOCK..BLOCK + 4)?.try_into().ok()?) as usize;
    let end = (BLOCK + 4).checked_add(length)?;
    let message = bytes.get(BLOCK + 4..end)?.to_vec();
    (bytes.get(end..)? == app_id.as_bytes()).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::{is_key, open, sealed_truly};

    // The example that the platform publishes with its sample programs.
    const TOKEN: &str = "QDG6eK";
    const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    const APP: &str = "wx5823bf96d3bd56c7";
    const SEALED: &str = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==";
    const ECHO: &str = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";

    #[test]
    fn the_published_examples_are_opened_and_their_signatures_are_right() {
        let at = ("1409659813", "1372623149");
        assert!(sealed_truly(TOKEN, at, SEALED, "477715d11cdb4164915debcba66cb864d751f3e6"));
        let message = String::from_utf8(open(KEY, APP, SEALED).unwrap()).unwrap();
        assert!(message.starts_with("<xml>") && message.contains("<![CDATA[hello]]>"), "{message}");
        let at = ("1409659589", "263014780");
        assert!(sealed_truly(TOKEN, at, ECHO, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"));
        assert_eq!(open(KEY, APP, ECHO).unwrap(), b"1616140317555161061");
    }

    #[test]
    fn what_was_changed_or_sealed_for_another_is_not_opened() {
        assert!(open(KEY, "wx0000000000000000", SEALED).is_none());
        assert!(open(&KEY.replace('j', "k"), APP, SEALED).is_none());
        assert!(open(KEY, APP, &SEALED.replace("+qN+E7Q==", "+qN+E7A==")).is_none());
        assert!(open(KEY, APP, &SEALED[4..]).is_none() && open(KEY, APP, "").is_none());
        assert!(!sealed_truly(TOKEN, ("1409659813", "1372623149"), ECHO, "477715d11cdb4164915debcba66cb864d751f3e6"));
        assert!(!sealed_truly("", ("1", "2"), "3", "4"));
        assert!(is_key(KEY) && !is_key("short") && !is_key(&format!("{}=", &KEY[1..])));
    }
}
