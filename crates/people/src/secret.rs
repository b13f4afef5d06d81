//! Secrets: the instance's signing key, tokens that are handed out once, and what is kept of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt;
use storage::Session;
use subtle::ConstantTimeEq as _;
use vocabulary::{Chance, Context, SessionId};

use crate::PeopleError;

/// Bytes of a signing key, a token and a SHA-256.
pub const SECRET_BYTES: usize = 32;
/// The setting that holds the signing key.
const SIGNING_KEY_SETTING: &str = "signing_key";

/// The instance's key: links, form tokens and throttle counters are made with it. Made once, kept in the settings.
#[derive(Clone)]
pub struct SigningKey([u8; SECRET_BYTES]);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

impl SigningKey {
    /// A key out of bytes: for tests and for a key brought from elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// The instance's key; made if there is none yet. Two nodes that start at once get the same one, because write
    /// transactions are serial.
    ///
    /// # Errors
    /// The stored key is damaged, or the database fails. Must run in a write transaction.
    pub fn obtain(s: &mut Session<'_>, ctx: &Context) -> Result<Self, PeopleError> {
        if let Some(stored) = storage::settings::get(s, SIGNING_KEY_SETTING)? {
            return from_hex(&stored).map(Self).ok_or(PeopleError::SigningKey { name: SIGNING_KEY_SETTING });
        }
        let mut key = [0; SECRET_BYTES];
        ctx.chance.fill(&mut key);
        storage::settings::set(s, ctx, SIGNING_KEY_SETTING, &to_hex(&key))?;
        Ok(Self(key))
    }

    /// HMAC-SHA256 over the parts, each preceded by its length, so that no two lists of parts give the same message.
    /// The first part says what the code is for.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; SECRET_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A secret of its own for a purpose: other rooms derive what they sign or hash with, and never hold the key. The
    /// same purpose and parts always give the same.
    #[must_use]
    pub fn derived(&self, purpose: &str, parts: &[&[u8]]) -> [u8; SECRET_BYTES] {
        let named: Vec<&[u8]> =
            [b"derived".as_slice(), purpose.as_bytes()].into_iter().chain(parts.iter().copied()).collect();
        self.mac(&named)
    }

    /// The token a form carries to prove that the session's own page sent it (64 hexadecimal digits).
    #[must_use]
    pub fn csrf_token(&self, session: SessionId) -> String {
        to_hex(&self.mac(&[b"csrf", session.as_bytes()]))
    }

    /// Whether `token` is the session's, compared in constant time.
    #[must_use]
    pub fn csrf_valid(&self, session: SessionId, token: &str) -> bool {
        self.csrf_token(session).as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// A secret that is handed out once and of which only the SHA-256 is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    /// A new token: `prefix` and 32 random bytes in base64url.
    #[must_use]
    pub fn make(prefix: &str, chance: &dyn Chance) -> Self {
        let mut bytes = [0; SECRET_BYTES];
        chance.fill(&mut bytes);
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A token somebody presents, if it has the form of one.
    #[must_use]
    pub fn presented(prefix: &str, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?;
        (bytes.len() == SECRET_BYTES).then(|| Self(text.to_owned()))
    }

    /// The token in full, to be shown or set in a cookie once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. 256 random bits need no salt and no slow hash.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn from_hex(hex: &str) -> Option<[u8; SECRET_BYTES]> {
    if hex.len() != SECRET_BYTES * 2 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; SECRET_BYTES];
    for (byte, at) in bytes.iter_mut().zip((0..hex.len()).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{NewId as _, SeededChance};

    #[test]
    fn a_form_token_is_of_one_session_and_one_key() {
        let chance = SeededChance::new(1);
        let (a, b) = (SessionId::untimed(&chance), SessionId::untimed(&chance));
        let key = SigningKey::from_bytes([1; 32]);
        let token = key.csrf_token(a);
        assert!(key.csrf_valid(a, &token));
        assert!(!key.csrf_valid(b, &token));
        assert!(!SigningKey::from_bytes([2; 32]).csrf_valid(a, &token));
        for bad in ["", "0", &token[1..], &token.to_uppercase(), "å"] {
            assert!(!key.csrf_valid(a, bad), "{bad}");
        }
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let key = SigningKey::from_bytes([1; 32]);
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
    }

    #[test]
    fn a_token_reads_back_and_does_not_show_itself() {
        let token = Token::make("lots_", &SeededChance::new(2));
        assert_eq!(Token::presented("lots_", token.reveal()), Some(token.clone()));
        assert_eq!(token.reveal().len(), 5 + 43);
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_eq!(format!("{:?}", SigningKey::from_bytes([7; 32])), "SigningKey(..)");
        for bad in ["", "lots_", "lots_AAAA", &token.reveal()[5..], &format!("{}=", token.reveal())] {
            assert_eq!(Token::presented("lots_", bad), None, "{bad}");
        }
    }

    #[test]
    fn hex_reads_back_and_damage_is_seen() {
        let bytes = [0xAB; 32];
        assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        for bad in ["", "ab", &"zz".repeat(32), &"+1".repeat(32), &"å".repeat(32)] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }
}
