//! Files kept by the digest of their content: the same content is kept once, however many refer to it.

use crate::{FromValue, Mismatch, Session, StorageError, ToValue, Value, params, sql};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// The largest content that is kept, in bytes. Whoever takes files in has a lower limit of their own.
pub const BLOB_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The SHA-256 of a content: its name in the store. Written and read as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is written as 64 hexadecimal digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let text = text.as_bytes();
        let mut bytes = [0_u8; 32];
        if text.len() != 2 * bytes.len() {
            return Err(NotADigest);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let digit =
                |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(NotADigest);
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl ToValue for Digest {
    fn to_value(&self) -> Value<'_> {
        self.0.to_value()
    }
}

impl FromValue for Digest {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        <[u8; 32]>::from_value(value).map(Self)
    }
}

/// Keeps `bytes`, which may be there already, and gives their name.
///
/// # Errors
/// What the engine says. Whoever calls has held the content within [`BLOB_BYTES_MAX`].
///
/// # Panics
/// If the content is larger than [`BLOB_BYTES_MAX`]: a limit further out has been forgotten.
pub fn put(s: &mut Session<'_>, bytes: &[u8]) -> Result<Digest, StorageError> {
    assert!(bytes.len() <= BLOB_BYTES_MAX, "a content of {} bytes got past the edge", bytes.len());
    let digest = Digest::of(bytes);
    s.execute(
        sql!("INSERT INTO blobs (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
        params![digest, bytes],
    )?;
    Ok(digest)
}

/// The content of that name, if it is kept.
///
/// # Errors
/// What the engine says.
pub fn get(s: &mut Session<'_>, digest: &Digest) -> Result<Option<Vec<u8>>, StorageError> {
    s.row(sql!("SELECT bytes FROM blobs WHERE sha256 = $1"), params![digest], |r| r.get(0))
}

/// Takes a content away, and tells whether it was there. Whoever calls has seen to it that nothing refers to it.
///
/// # Errors
/// What the engine says; a table that still refers to it is one such.
pub fn remove(s: &mut Session<'_>, digest: &Digest) -> Result<bool, StorageError> {
    Ok(s.execute(sql!("DELETE FROM blobs WHERE sha256 = $1"), params![digest])? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_and_rubbish_does_not() {
        let digest = Digest::of("grop i vägen".as_bytes());
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(
            Digest::of(b"").to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "FIPS 180-4, the empty message"
        );
        for bad in ["", "e3", &"g".repeat(64), &"é".repeat(32), &"0".repeat(66)] {
            assert_eq!(bad.parse::<Digest>(), Err(NotADigest), "{bad}");
        }
    }
}
