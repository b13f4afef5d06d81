//! Signed links: how officers and residents come in without an account.
//!
//! A link's token is base64url of the link's id (16 bytes) and the first 16 bytes of an HMAC over its kind and id. The
//! signature only keeps guessing out of the database; whether a link still holds (not revoked, not expired, of which
//! case) is for the row in `links` to say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use vocabulary::LinkId;

use crate::SigningKey;

const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 16;
/// Characters of a token.
pub const TOKEN_CHARS: usize = 43;

/// Whom a link lets in. The kind is signed: an officer's token is worth nothing on a resident's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// An officer may answer one follow-up.
    Officer,
    /// A resident may see how one case stands.
    Resident,
    /// Whoever holds it sees how much waits for one officer, by number and day, and may have a key sent to the
    /// officer's own address. It stands in every letter to an officer, and letters are passed on: so it shows nothing
    /// of what any case is about.
    OfficerDesk,
    /// One officer sees all that waits for them, and the way to each answer. Sent to the officer's own address only,
    /// when asked for, and holds for hours.
    OfficerKey,
    /// Somebody on the call-in list may answer whether they can come.
    CallIn,
    /// A department's contact person reads one version of an assignment and says yes or no to it, once.
    Approval,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Officer, Self::Resident, Self::OfficerDesk, Self::OfficerKey, Self::CallIn, Self::Approval];

    /// The word as stored in `links.kind`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Resident => "resident",
            Self::OfficerDesk => "officer_desk",
            Self::OfficerKey => "officer_key",
            Self::CallIn => "call_in",
            Self::Approval => "approval",
        }
    }
}

/// Makes and verifies the tokens of links.
#[derive(Clone, Copy, Debug)]
pub struct SignedLink;

impl SignedLink {
    /// The token of a link. The same link always gives the same token, so none need be kept.
    #[must_use]
    pub fn make(key: &SigningKey, kind: LinkKind, id: LinkId) -> String {
        let mut bytes = id.as_bytes().to_vec();
        bytes.extend_from_slice(&Self::mac(key, kind, id));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The link a token is for, if this key made it for this kind.
    #[must_use]
    pub fn verify(key: &SigningKey, kind: LinkKind, token: &str) -> Option<LinkId> {
        if token.len() != TOKEN_CHARS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, mac) = bytes.split_first_chunk::<ID_BYTES>()?;
        let id = LinkId::from_bytes(*id);
        bool::from(Self::mac(key, kind, id).ct_eq(mac)).then_some(id)
    }

    fn mac(key: &SigningKey, kind: LinkKind, id: LinkId) -> [u8; MAC_BYTES] {
        let full = key.mac(&[b"link", kind.as_str().as_bytes(), id.as_bytes()]);
        let mut first = [0; MAC_BYTES];
        first.copy_from_slice(&full[..MAC_BYTES]);
        first
    }
}

const REPLY_MAC_BYTES: usize = 14;
/// Characters of a reply token: 30 bytes in base32, without a bit over.
pub const REPLY_TOKEN_CHARS: usize = 48;
/// RFC 4648, section 6, in small letters: mail servers and people change the case of addresses.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The signed part of the address that an officer's e-mail is answered to: the id of the question's link and 14 bytes of
/// an HMAC over it, in base32. It is worth nothing as a link, and a link nothing as an address.
#[derive(Clone, Copy, Debug)]
pub struct ReplyToken;

impl ReplyToken {
    /// The token of a link. The same link always gives the same one.
    #[must_use]
    pub fn make(key: &SigningKey, id: LinkId) -> String {
        let mut bytes = id.as_bytes().to_vec();
        bytes.extend_from_slice(&Self::mac(key, id));
        let bits =
            |n: usize| bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).skip(n * 5);
        (0..REPLY_TOKEN_CHARS)
            .map(|n| char::from(BASE32[usize::from(bits(n).take(5).fold(0, |value, bit| value << 1 | bit))]))
            .collect()
    }

    /// The link a token is for, if this key made it. Large and small letters are the same.
    #[must_use]
    pub fn verify(key: &SigningKey, token: &str) -> Option<LinkId> {
        if token.len() != REPLY_TOKEN_CHARS {
            return None;
        }
        let mut bytes = [0_u8; ID_BYTES + REPLY_MAC_BYTES];
        for (n, letter) in token.bytes().enumerate() {
            let value = BASE32.iter().position(|known| *known == letter.to_ascii_lowercase())?;
            for bit in 0..5 {
                let at = n * 5 + bit;
                let set = u8::from(value >> (4 - bit) & 1 == 1);
                bytes[at / 8] |= set << (7 - at % 8);
            }
        }
        let (id, mac) = bytes.split_first_chunk::<ID_BYTES>()?;
        let id = LinkId::from_bytes(*id);
        bool::from(Self::mac(key, id).ct_eq(mac)).then_some(id)
    }

    fn mac(key: &SigningKey, id: LinkId) -> [u8; REPLY_MAC_BYTES] {
        let full = key.mac(&[b"reply", id.as_bytes()]);
        let mut first = [0; REPLY_MAC_BYTES];
        first.copy_from_slice(&full[..REPLY_MAC_BYTES]);
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: SigningKey = SigningKey::from_bytes([9; 32]);

    #[test]
    fn the_kind_and_the_key_are_signed() {
        let id = LinkId::from_u128(42);
        let token = SignedLink::make(&KEY, LinkKind::Officer, id);
        assert_eq!(token.len(), TOKEN_CHARS);
        assert_eq!(SignedLink::verify(&KEY, LinkKind::Officer, &token), Some(id));
        assert_eq!(SignedLink::verify(&KEY, LinkKind::Resident, &token), None);
        assert_eq!(SignedLink::verify(&SigningKey::from_bytes([8; 32]), LinkKind::Officer, &token), None);
    }

    #[test]
    fn a_reply_token_reads_back_in_any_case_and_from_no_other_key() {
        for n in [0, 1, 42, u128::MAX] {
            let id = LinkId::from_u128(n);
            let token = ReplyToken::make(&KEY, id);
            assert!(token.bytes().all(|b| BASE32.contains(&b)), "{token}");
            assert_eq!(token.len(), REPLY_TOKEN_CHARS);
            assert_eq!(ReplyToken::verify(&KEY, &token), Some(id));
            assert_eq!(ReplyToken::verify(&KEY, &token.to_uppercase()), Some(id));
            assert_eq!(ReplyToken::verify(&SigningKey::from_bytes([8; 32]), &token), None);
            for bad in ["", &token[1..], &format!("{token}a"), &"å".repeat(24), &"1".repeat(48)] {
                assert_eq!(ReplyToken::verify(&KEY, bad), None, "{bad}");
            }
        }
        // RFC 4648, section 10: "fooba" is MZXW6YTB; an id that begins so begins so.
        let mut bytes = [0; 16];
        bytes[..5].copy_from_slice(b"fooba");
        assert!(ReplyToken::make(&KEY, LinkId::from_bytes(bytes)).starts_with("mzxw6ytb"));
    }

    proptest! {
        #[test]
        fn no_other_reply_token_is_taken(id in any::<u128>(), at in 0..REPLY_TOKEN_CHARS, to in "[a-z2-7]") {
            let token = ReplyToken::make(&KEY, LinkId::from_u128(id));
            let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
            if changed != token {
                prop_assert_eq!(ReplyToken::verify(&KEY, &changed), None);
            }
        }

        #[test]
        fn no_other_token_is_taken(id in any::<u128>(), at in 0..TOKEN_CHARS, to in "[A-Za-z0-9_=+/ å-]") {
            let id = LinkId::from_u128(id);
            let token = SignedLink::make(&KEY, LinkKind::Resident, id);
            let changed: String =
                token.chars().enumerate().map(|(i, c)| if i == at { to.clone() } else { c.to_string() }).collect();
            if changed != token {
                prop_assert_eq!(SignedLink::verify(&KEY, LinkKind::Resident, &changed), None);
            }
        }

        #[test]
        fn rubbish_is_no_token(text in "\\PC{0,60}") {
            prop_assert_eq!(SignedLink::verify(&KEY, LinkKind::Officer, &text), None);
        }
    }
}
