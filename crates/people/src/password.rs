//! Passwords: argon2id, with the parameters OWASP gives as its first choice for the smallest memory
//! (Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1).
//!
//! Hashing takes tens of milliseconds and 19 MiB. Never do it inside a transaction or on an async thread:
//! [`crate::access::Access`] shows how.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use std::fmt;
use vocabulary::Chance;

/// Fewest characters of a new password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most bytes of a password: long phrases pass, a flood does not.
pub const PASSWORD_BYTES_MAX: usize = 200;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// What an unknown user's password is verified against, so that the work is the same. The salt and the hash are no
/// known password's.
pub const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bG90cyBsb3RzIGxvdHMgbA$VGhpcyBpcyB0aGUgaGFzaCBvZiBubyBwYXNzd29yZC4";

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasswordFault {
    /// Too few characters.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// Too many bytes.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// Could be guessed from the sign-in name, or is one character over and over.
    #[error("a password must not be the sign-in name or one character repeated")]
    TooSimple,
    /// The memory for hashing was not to be had.
    #[error("the password could not be hashed")]
    NotHashed,
}

/// A password's argon2id hash in PHC form. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

impl PasswordHash {
    /// As stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn argon2() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Whether `password` may be `sign_in`'s new one.
///
/// # Errors
/// What is wrong with it.
pub fn check_new(sign_in: &str, password: &str) -> Result<(), PasswordFault> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordFault::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordFault::TooLong);
    }
    let first = password.chars().next();
    if password.to_lowercase() == sign_in.to_lowercase() || password.chars().all(|c| Some(c) == first) {
        return Err(PasswordFault::TooSimple);
    }
    Ok(())
}

/// Hashes a new password of `sign_in`. Slow on purpose: not in a transaction, not on an async thread.
///
/// # Errors
/// The password is refused by [`check_new`].
pub fn hash_new(sign_in: &str, password: &str, chance: &dyn Chance) -> Result<PasswordHash, PasswordFault> {
    check_new(sign_in, password)?;
    let mut salt = [0; SALT_BYTES];
    chance.fill(&mut salt);
    let hash =
        argon2().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| PasswordFault::NotHashed)?;
    Ok(PasswordHash(hash.to_string()))
}

/// Whether `password` is the one `hash` was made of. Pure; as slow as hashing, whatever the answer.
///
/// A password longer than [`PASSWORD_BYTES_MAX`] is never right and is not hashed in full, but costs the same.
#[must_use]
pub fn verify(hash: &str, password: &str) -> bool {
    let (password, acceptable) =
        if password.len() > PASSWORD_BYTES_MAX { ("", false) } else { (password, true) };
    argon2().verify_password(password.as_bytes(), hash).is_ok() && acceptable
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededChance;

    #[test]
    fn a_password_is_verified_and_no_other() {
        let chance = SeededChance::new(1);
        let hash = hash_new("anna", "blåbärssoppa", &chance).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify(hash.as_str(), "blåbärssoppa"));
        assert!(!verify(hash.as_str(), "blåbärssopp"));
        assert!(!verify(hash.as_str(), ""));
        assert!(!verify("not a hash", "blåbärssoppa"));
        assert_ne!(hash, hash_new("anna", "blåbärssoppa", &chance).unwrap());
        assert_eq!(format!("{hash:?}"), "PasswordHash(..)");
    }

    #[test]
    fn the_dummy_costs_what_a_real_one_costs() {
        // Same algorithm, version and parameters, same length of salt and hash: the same work.
        let real = hash_new("anna", "blåbärssoppa", &SeededChance::new(1)).unwrap();
        let fields = |hash: &str| -> Vec<String> {
            hash.split('$')
                .enumerate()
                .map(|(i, f)| if i < 4 { f.to_owned() } else { f.len().to_string() })
                .collect()
        };
        assert_eq!(fields(DUMMY_HASH), fields(real.as_str()));
        // It is really computed with, not refused at once as malformed.
        assert!(argon2::PasswordHash::new(DUMMY_HASH).is_ok());
        assert!(!verify(DUMMY_HASH, ""));
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(check_new("anna", "kort"), Err(PasswordFault::TooShort));
        assert_eq!(check_new("anna", &"a1".repeat(101)), Err(PasswordFault::TooLong));
        assert_eq!(check_new("anna", "aaaaaaaaaaaa"), Err(PasswordFault::TooSimple));
        assert_eq!(check_new("Anna.Berg1", "anna.berg1"), Err(PasswordFault::TooSimple));
        assert_eq!(check_new("anna", "åäöåäöåäöå"), Ok(()));
    }
}
