//! The way in for those without an account: where Lots is reached, and the addresses of signed links.

use crate::error::LinkError;
use people::{LinkKind, SignedLink, SigningKey};
use std::fmt;
use std::str::FromStr;
use vocabulary::LinkId;

/// The officer's page is at this path and the token.
pub const OFFICER_PATH: &str = "/o/";
/// The resident's page is at this path and the token.
pub const RESIDENT_PATH: &str = "/s/";
/// What waits for an officer, in numbers and days, is at this path and the token.
pub const OFFICER_DESK_PATH: &str = "/d/";
/// All that waits for an officer is at this path and the token.
pub const OFFICER_KEY_PATH: &str = "/k/";
/// Whether one can come to work, when called in, is answered at this path and the token.
pub const CALL_IN_PATH: &str = "/c/";
/// What a department is asked to approve is at this path and the token.
pub const APPROVAL_PATH: &str = "/u/";
/// Where a resident types a case's number and its code.
pub const STATUS_PATH: &str = "/status";
/// Longer than any sensible address.
const BASE_CHARS_MAX: usize = 200;

/// The address under which residents and officers reach Lots, such as `https://kc.vikhamn.example`. Comes from the
/// configuration; never from a request's Host header, which anybody may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicBase(String);

/// An address that cannot be linked under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the public address is written as https://host or https://host:port, with a path if need be, and nothing more"
)]
pub struct PublicBaseError;

impl FromStr for PublicBase {
    type Err = PublicBaseError;

    /// A slash at the end is forgiven.
    fn from_str(text: &str) -> Result<Self, PublicBaseError> {
        let text = text.trim_end_matches('/');
        let rest =
            text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(PublicBaseError)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]".contains(c);
        let host_given = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        if host_given && text.len() <= BASE_CHARS_MAX && rest.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PublicBaseError)
        }
    }
}

impl fmt::Display for PublicBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PublicBase {
    /// The page where a resident types a case's number and its code.
    #[must_use]
    pub fn status_page(&self) -> String {
        format!("{}{STATUS_PATH}", self.0)
    }

    /// The address of `link`'s page.
    #[must_use]
    pub fn address(&self, key: &SigningKey, kind: LinkKind, link: LinkId) -> String {
        let path = match kind {
            LinkKind::Officer => OFFICER_PATH,
            LinkKind::Resident => RESIDENT_PATH,
            LinkKind::OfficerDesk => OFFICER_DESK_PATH,
            LinkKind::OfficerKey => OFFICER_KEY_PATH,
            LinkKind::Approval => APPROVAL_PATH,
            LinkKind::CallIn => CALL_IN_PATH,
        };
        format!("{}{path}{}", self.0, SignedLink::make(key, kind, link))
    }
}

/// The link that `token` was made for.
///
/// # Errors
/// [`LinkError::Forged`] if this instance did not make it for this kind.
pub(crate) fn read_token(key: &SigningKey, kind: LinkKind, token: &str) -> Result<LinkId, LinkError> {
    SignedLink::verify(key, kind, token).ok_or(LinkError::Forged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_address_and_nothing_more() {
        for good in [
            "https://kc.vikhamn.example",
            "http://127.0.0.1:8080/",
            "https://[::1]:8443",
            "https://a.se/lots",
        ] {
            assert_eq!(good.parse::<PublicBase>().unwrap().to_string(), good.trim_end_matches('/'));
        }
        for bad in [
            "",
            "kc.vikhamn.example",
            "https://",
            "javascript:alert(1)",
            "https://a.se?x",
            "https://a b",
            "ftp://a",
        ] {
            assert_eq!(bad.parse::<PublicBase>(), Err(PublicBaseError), "{bad}");
        }
    }

    #[test]
    fn an_address_reads_back_for_its_own_kind_only() {
        let key = SigningKey::from_bytes([3; 32]);
        let base: PublicBase = "https://kc.example".parse().unwrap();
        let id = LinkId::from_u128(7);
        let address = base.address(&key, LinkKind::Officer, id);
        let token = address.strip_prefix("https://kc.example/o/").unwrap();
        assert_eq!(read_token(&key, LinkKind::Officer, token), Ok(id));
        assert_eq!(read_token(&key, LinkKind::Resident, token), Err(LinkError::Forged));
        assert_eq!(read_token(&key, LinkKind::Officer, ""), Err(LinkError::Forged));
    }
}
