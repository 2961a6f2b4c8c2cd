//! Keys, sealing and the blind index.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// First byte of a sealed field: which cipher. SM4-GCM will be the next.
const AES_256_GCM: u8 = 1;
const NONCE: usize = 12;

#[derive(Serialize, Deserialize)]
struct KeyFile {
    current: u8,
    keys: Vec<KeyEntry>,
    blind: String,
}

#[derive(Serialize, Deserialize)]
struct KeyEntry {
    id: u8,
    key: String,
}

struct Inner {
    current: u8,
    keys: Vec<(u8, Aes256Gcm)>,
    blind: Hmac<Sha256>,
    random: Random,
}

/// Seals and opens fields. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

/// Why a sealed field could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The key file lacks the key the field was sealed with.
    #[error("key {0} is not in the key file")]
    MissingKey(u8),
    /// The bytes were changed, or belong to another record or field.
    #[error("sealed field {0} cannot be opened")]
    Broken(String),
    /// The key file is not ours.
    #[error("key file: {0}")]
    File(String),
}

impl Vault {
    /// Reads the key file, or makes it on the first start, readable by its owner only.
    /// Losing this file loses every sealed field: it belongs in the backup, kept apart from the database.
    ///
    /// # Errors
    /// When the file cannot be read, written or understood.
    pub fn open(path: &Path, random: Random) -> Result<Self> {
        if !path.exists() {
            let fresh = KeyFile {
                current: 1,
                keys: vec![KeyEntry { id: 1, key: STANDARD.encode(random.bytes::<32>()) }],
                blind: STANDARD.encode(random.bytes::<32>()),
            };
            write_private(path, &serde_json::to_vec_pretty(&fresh)?)?;
        }
        let file: KeyFile = serde_json::from_slice(&fs::read(path)?)?;
        Self::from_file(&file, random)
    }

    /// Keys for tests and throw-away districts, made from the given randomness.
    pub fn ephemeral(random: Random) -> Result<Self> {
        let file = KeyFile {
            current: 1,
            keys: vec![KeyEntry { id: 1, key: STANDARD.encode(random.bytes::<32>()) }],
            blind: STANDARD.encode(random.bytes::<32>()),
        };
        Self::from_file(&file, random)
    }

    fn from_file(file: &KeyFile, random: Random) -> Result<Self> {
        let bytes = |text: &str| -> Result<Vec<u8>> {
            let bytes = STANDARD.decode(text).map_err(|e| KeyFault::File(e.to_string()));
            bytes.map_err(Error::internal)
        };
        let mut keys = Vec::new();
        for entry in &file.keys {
            let cipher = Aes256Gcm::new_from_slice(&bytes(&entry.key)?)
                .map_err(|e| Error::internal(KeyFault::File(e.to_string())))?;
            keys.push((entry.id, cipher));
        }
        let blind = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&bytes(&file.blind)?)
            .map_err(|e| Error::internal(KeyFault::File(e.to_string())))?;
        if !keys.iter().any(|(id, _)| *id == file.current) {
            return Err(Error::internal(KeyFault::MissingKey(file.current)));
        }
        Ok(Self(Arc::new(Inner { current: file.current, keys, blind, random })))
    }

    /// Seals a field of one record; opening it for another record or field fails.
    ///
    /// # Errors
    /// `Error::Internal` when the cipher refuses, which it does not for fields of our sizes.
    pub fn seal(&self, field: &str, record: Id, plain: &[u8]) -> Result<Vec<u8>> {
        let inner = &self.0;
        let (id, cipher) = self.key(inner.current)?;
        let nonce = inner.random.bytes::<NONCE>();
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: aad(field, record).as_bytes() })
            .map_err(|_| Error::internal(KeyFault::Broken(field.to_owned())))?;
        let mut out = Vec::with_capacity(2 + NONCE + sealed.len());
        out.extend_from_slice(&[AES_256_GCM, id]);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens a sealed field.
    ///
    /// # Errors
    /// `Error::Internal` with a `KeyFault`.
    pub fn open_bytes(&self, field: &str, record: Id, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::internal(KeyFault::Broken(field.to_owned()));
        let (head, body) = sealed.split_at_checked(2 + NONCE).ok_or_else(broken)?;
        if head[0] != AES_256_GCM {
            return Err(broken());
        }
        let (_, cipher) = self.key(head[1])?;
        let nonce: [u8; NONCE] = head[2..].try_into().map_err(|_| broken())?;
        cipher
            .decrypt(&Nonce::from(nonce), Payload { msg: body, aad: aad(field, record).as_bytes() })
            .map_err(|_| broken())
    }

    /// Opens a sealed field that holds text.
    ///
    /// # Errors
    /// As `open_bytes`.
    pub fn open_text(&self, field: &str, record: Id, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open_bytes(field, record, sealed)?).map_err(Error::internal)
    }

    /// Seals a value as JSON.
    ///
    /// # Errors
    /// As `seal`.
    pub fn seal_json<T: Serialize>(&self, field: &str, record: Id, value: &T) -> Result<Vec<u8>> {
        self.seal(field, record, &serde_json::to_vec(value)?)
    }

    /// Opens a value sealed as JSON.
    ///
    /// # Errors
    /// As `open_bytes`.
    pub fn open_json<T: serde::de::DeserializeOwned>(&self, field: &str, record: Id, sealed: &[u8]) -> Result<T> {
        Ok(serde_json::from_slice(&self.open_bytes(field, record, sealed)?)?)
    }

    /// The blind index of a value: equal values have equal indexes, and nothing else can be read from it.
    pub fn blind(&self, field: &str, value: &str) -> String {
        let mut mac = self.0.blind.clone();
        mac.update(field.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16])
    }

    /// The search term of the last four digits of a phone number.
    pub fn tail_term(&self, tail: &str) -> String {
        format!("#{}", self.blind("phone-tail", tail))
    }

    fn key(&self, id: u8) -> Result<(u8, &Aes256Gcm)> {
        let found = self.0.keys.iter().find(|(key, _)| *key == id);
        found.map(|(id, cipher)| (*id, cipher)).ok_or_else(|| Error::internal(KeyFault::MissingKey(id)))
    }
}

fn aad(field: &str, record: Id) -> String {
    format!("{field}:{}", record.raw())
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::ephemeral(Random::seeded(7)).unwrap()
    }

    #[test]
    fn a_sealed_field_opens_only_for_its_own_record_and_field() {
        let v = vault();
        let sealed = v.seal("guardian.phone", Id(5), b"13900000000").unwrap();
        assert_eq!(v.open_text("guardian.phone", Id(5), &sealed).unwrap(), "13900000000");
        assert!(v.open_text("guardian.phone", Id(6), &sealed).is_err());
        assert!(v.open_text("guardian.address", Id(5), &sealed).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let v = vault();
        let mut sealed = v.seal("f", Id(1), "石桥镇".as_bytes()).unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert!(v.open_text("f", Id(1), &sealed).is_err());
        assert!(v.open_text("f", Id(1), &[1, 1, 2]).is_err());
    }

    #[test]
    fn the_same_text_seals_differently_but_indexes_alike() {
        let v = vault();
        assert_ne!(v.seal("f", Id(1), b"x").unwrap(), v.seal("f", Id(1), b"x").unwrap());
        assert_eq!(v.blind("phone", "139"), v.blind("phone", "139"));
        assert_ne!(v.blind("phone", "139"), v.blind("id", "139"));
    }
}
