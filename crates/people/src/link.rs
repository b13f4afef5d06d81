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
}

impl LinkKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Officer, Self::Resident];

    /// The word as stored in `links.kind`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Resident => "resident",
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

    proptest! {
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
