//! The content coding of Web Push: RFC 8291 (keys) over RFC 8188 (aes128gcm).

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// One record; a push service takes 4,096 bytes.
const RECORD: u32 = 4096;

/// Seals a text for a browser: `theirs` is its public key, `auth` its secret, `ours` a key made for this message
/// alone. `None` when the browser's keys are none.
pub(super) fn seal(text: &[u8], theirs: &[u8], auth: &[u8], ours: &SecretKey, salt: [u8; 16]) -> Option<Vec<u8>> {
    let their_key = PublicKey::from_sec1_bytes(theirs).ok()?;
    let our_point = ours.public_key().to_sec1_point(false);
    let shared = ours.diffie_hellman(&their_key);
    let mut info = b"WebPush: info\0".to_vec();
    info.extend_from_slice(theirs);
    info.extend_from_slice(our_point.as_bytes());
    let mut secret = [0u8; 32];
    Hkdf::<Sha256>::new(Some(auth), shared.raw_secret_bytes()).expand(&info, &mut secret).ok()?;
    let keys = Hkdf::<Sha256>::new(Some(&salt), &secret);
    let (mut key, mut nonce) = ([0u8; 16], [0u8; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    // 2 marks the last record.
    let mut plain = text.to_vec();
    plain.push(2);
    let sealed = Aes128Gcm::new_from_slice(&key).ok()?.encrypt(&Nonce::from(nonce), plain.as_slice()).ok()?;
    let mut out = salt.to_vec();
    out.extend_from_slice(&RECORD.to_be_bytes());
    out.push(u8::try_from(our_point.as_bytes().len()).ok()?);
    out.extend_from_slice(our_point.as_bytes());
    out.extend_from_slice(&sealed);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;

    #[test]
    fn the_example_of_rfc_8291_comes_out_byte_for_byte() {
        let bytes = |text: &str| B64.decode(text).unwrap();
        let ours = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let theirs = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let sealed = seal(b"When I grow up, I want to be a watermelon", &theirs, &auth, &ours, salt).unwrap();
        assert_eq!(
            B64.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }
}
