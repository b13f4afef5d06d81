//! The code that goes with a case's number.

use people::SigningKey;
use std::fmt;
use subtle::ConstantTimeEq as _;
use vocabulary::{CaseId, Chance};

/// Letters and digits that nobody takes for each other, read or heard: no 0 and O, no 1, I and L.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// How many of them a code has: 8.5 * 10^11 codes, of which a number takes five wrong ones in a quarter of an hour.
pub const CODE_CHARS: usize = 8;

/// A code as the resident is given it, once: `KX7M-P2QR`.
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentCode([u8; CODE_CHARS]);

impl fmt::Debug for ResidentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResidentCode(..)")
    }
}

impl fmt::Display for ResidentCode {
    /// In two groups, as it is easiest read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(CODE_CHARS / 2);
        for (group, mark) in [(first, "-"), (second, "")] {
            for byte in group {
                write!(f, "{}", char::from(*byte))?;
            }
            f.write_str(mark)?;
        }
        Ok(())
    }
}

impl ResidentCode {
    /// A code nobody can guess.
    pub(crate) fn random(chance: &dyn Chance) -> Self {
        Self(std::array::from_fn(|_| {
            let place = usize::try_from(chance.below(ALPHABET.len() as u64)).unwrap_or(0);
            ALPHABET[place]
        }))
    }

    /// Reads what a person types: small letters, spaces and hyphens are forgiven, and the signs that are not in any code
    /// are taken for the ones they look like. What cannot be a code gives one that none is, so that looking it up is the
    /// same work.
    pub(crate) fn typed(text: &str) -> Self {
        let mut code = [b'0'; CODE_CHARS];
        let signs = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_'));
        let mut read = 0;
        for sign in signs {
            let sign = match sign.to_ascii_uppercase() {
                known if known.is_ascii() && ALPHABET.contains(&(known as u8)) => known as u8,
                _ => return Self([b'0'; CODE_CHARS]),
            };
            if let Some(place) = code.get_mut(read) {
                *place = sign;
            }
            read += 1;
        }
        if read == CODE_CHARS { Self(code) } else { Self([b'0'; CODE_CHARS]) }
    }

    /// What is kept of it: an HMAC under the instance's key. Whoever has a copy of the table without the key (an export,
    /// a log of statements) cannot try codes against it. A slow hash would have to be computed in the transaction that
    /// registers a case, and whoever has key and table together has the cases, too.
    pub(crate) fn hash(&self, key: &SigningKey, case: CaseId) -> [u8; 32] {
        key.derived("resident code", &[case.as_bytes(), &self.0])
    }

    /// Whether it is the one of which `kept` was kept, compared in constant time.
    pub(crate) fn matches(&self, key: &SigningKey, case: CaseId, kept: &[u8; 32]) -> bool {
        self.hash(key, case).ct_eq(kept).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::SeededChance;

    const KEY: SigningKey = SigningKey::from_bytes([7; 32]);

    #[test]
    fn a_code_reads_as_it_is_written_and_spoken() {
        let code = ResidentCode::random(&SeededChance::new(3));
        let text = code.to_string();
        assert_eq!((text.len(), text.as_bytes()[4]), (CODE_CHARS + 1, b'-'));
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            format!(" {} ", text.replace('-', " ")),
        ] {
            assert_eq!(ResidentCode::typed(&typed), code, "{typed}");
        }
        assert!(!format!("{code:?}").contains(&text));
    }

    #[test]
    fn what_cannot_be_a_code_matches_nothing() {
        let case = CaseId::from_u128(1);
        let none = ResidentCode::typed("");
        for typed in
            ["", "1234567", "KX7M-P2Q", "KX7M-P2QRA", "KX7M-P2Q0", "åäö", "KX7M-P2Q\u{ff32}", "𝐊X7MP2QR"]
        {
            assert_eq!(ResidentCode::typed(typed), none, "{typed}");
        }
        for seed in 0..50 {
            let code = ResidentCode::random(&SeededChance::new(seed));
            assert!(!none.matches(&KEY, case, &code.hash(&KEY, case)));
        }
    }

    proptest! {
        #[test]
        fn a_code_is_worth_something_for_its_own_case_only(seed in any::<u64>(), a in any::<u128>(), b in any::<u128>()) {
            let code = ResidentCode::random(&SeededChance::new(seed));
            let (a, b) = (CaseId::from_u128(a), CaseId::from_u128(b));
            prop_assert!(code.matches(&KEY, a, &code.hash(&KEY, a)));
            prop_assert_eq!(code.matches(&KEY, b, &code.hash(&KEY, a)), a == b);
        }

        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,40}") {
            let _ = ResidentCode::typed(&text);
        }
    }
}
