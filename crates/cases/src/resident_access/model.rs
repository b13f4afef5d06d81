//! What a resident's way in is made of, and its limits.

use people::residents::Resident;
use people::secret::Token;
use std::net::IpAddr;
use vocabulary::{CaseId, LinkId, SessionId, SignedDuration, Timestamp};

use crate::model::MessageChannel;

/// How long a session holds, before and after it is proven.
pub const SESSION_HOLDS: SignedDuration = SignedDuration::from_mins(30);
/// How long a code that was sent holds.
pub const CHALLENGE_HOLDS: SignedDuration = SignedDuration::from_mins(10);
/// How often a code that was sent may be typed wrong.
pub const PROOF_TRIES_MAX: u32 = 5;
/// Codes typed wrong for one number within the throttles' window.
pub const CODES_PER_NUMBER_MAX: u32 = 5;
/// The same from one address. Higher, since a library's computers share one.
pub const CODES_PER_ADDRESS_MAX: u32 = 20;
/// Codes sent for one case within the throttles' window.
pub const SENT_PER_CASE_MAX: u32 = 3;
/// The same for requests from one address.
pub const SENT_PER_ADDRESS_MAX: u32 = 10;
/// Codes sent for one case within a day: with five tries each, guessing takes decades.
pub const SENT_PER_DAY_MAX: usize = 8;

vocabulary::words! {
    /// How a resident wants to be told about a case.
    ToldBy, "way of being told" {
        /// By e-mail.
        Email = "email",
        /// By text message.
        Sms = "sms",
        /// Not at all.
        Nothing = "none",
    }
}

storage::word_value!(ToldBy);

/// What somebody without a link has typed.
#[derive(Clone)]
pub struct NumberAndCode {
    /// The case's number.
    pub number: String,
    /// Its code.
    pub code: String,
    /// Where the request comes from.
    pub address: IpAddr,
}

impl std::fmt::Debug for NumberAndCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NumberAndCode(..)")
    }
}

/// A resident's session with one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentSession {
    /// Its id: what form tokens are derived from.
    pub id: SessionId,
    /// The one case it opens.
    pub case_id: CaseId,
    /// The link it began with.
    pub link_id: Option<LinkId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether a code sent to the known address has been shown.
    pub proven: bool,
}

/// What came of a number and a code.
#[derive(Clone, Debug)]
pub enum Begun {
    /// They belong together: the cookie's token, and the session.
    In(Token, ResidentSession),
    /// One of them is wrong, or there is no such case. Which, is not told.
    Refused,
    /// There were too many attempts for the number or from the address; tells nothing of whether the number exists.
    Throttled {
        /// How long to wait.
        retry_after: SignedDuration,
    },
}

/// An address as a resident may see it before they have proven who they are: enough to know one's own by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The way it goes.
    pub channel: MessageChannel,
    /// `07•• •• 12 34`, `k•••@e•••.se`.
    pub text: String,
}

/// What came of asking for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way to the address.
    To(Masked),
    /// There have been too many.
    Throttled {
        /// How long to wait.
        retry_after: SignedDuration,
    },
    /// There is no such address, or none that may be used.
    Unreachable,
}

/// What came of a code.
#[derive(Clone, Debug)]
pub enum Proof {
    /// It is right: the cookie's new token.
    Proven(Token),
    /// It is wrong.
    Wrong {
        /// How many tries are left.
        tries_left: u32,
    },
    /// There is none to be right: none was sent, its time is up, it has been used, or it was typed wrong too often.
    Over,
}

/// Whether a text message can reach a number. Swedish numbers tell by their beginning (the national numbering plan:
/// 070, 072, 073, 076 and 079); of other countries' the gateway knows more than we do.
#[must_use]
pub fn can_be_texted(e164: &str) -> bool {
    match e164.strip_prefix("+46") {
        Some(national) => {
            national.len() == 9
                && ["70", "72", "73", "76", "79"].iter().any(|area| national.starts_with(area))
        }
        None => e164.starts_with('+') && (8..=16).contains(&e164.len()),
    }
}

/// A telephone number with all but its beginning and its last four digits hidden.
pub(crate) fn mask_telephone(e164: &str) -> String {
    let digits: Vec<char> = e164.chars().filter(char::is_ascii_digit).collect();
    let (beginning, rest) = match e164.strip_prefix("+46") {
        Some(national) => (format!("0{}", national.chars().next().unwrap_or('•')), "•• ••"),
        None => (String::from("+"), "•• •••"),
    };
    let last: String = digits[digits.len().saturating_sub(4)..].iter().collect();
    let (a, b) = last.split_at(last.len() / 2);
    format!("{beginning}{rest} {a} {b}")
}

/// An e-mail address with all but the first letters and the country hidden.
pub(crate) fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let country = domain.rsplit_once('.').map_or("", |(_, country)| country);
    format!("{}•••@{}•••.{country}", first(local), first(domain))
}

/// The ways to a resident, the best first. None if the personal data are protected.
pub(crate) fn ways(resident: &Resident) -> Vec<(MessageChannel, String)> {
    if resident.protected {
        return Vec::new();
    }
    let telephone = resident.telephone.clone().filter(|number| can_be_texted(number));
    let sms = telephone.map(|number| (MessageChannel::Sms, number));
    let email = resident.email.clone().map(|email| (MessageChannel::Email, email));
    sms.into_iter().chain(email).collect()
}

/// Masks an address.
pub(crate) fn masked(channel: MessageChannel, address: &str) -> Masked {
    let text = match channel {
        MessageChannel::Sms => mask_telephone(address),
        MessageChannel::Email => mask_email(address),
    };
    Masked { channel, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_show_enough_to_know_ones_own_by_and_no_more() {
        assert_eq!(mask_telephone("+46701231234"), "07•• •• 12 34");
        assert_eq!(mask_telephone("+4791234567"), "+•• ••• 45 67");
        assert_eq!(mask_email("kim.ek@example.se"), "k•••@e•••.se");
        assert_eq!(mask_email("åsa@räksmörgås.example"), "å•••@r•••.example");
        for odd in ["", "@", "a", "a@b"] {
            let _ = mask_email(odd);
            let _ = mask_telephone(odd);
        }
    }

    #[test]
    fn a_landline_is_not_texted() {
        for mobile in ["+46701234567", "+46729999999", "+46761234567", "+4790123456", "+358401234567"] {
            assert!(can_be_texted(mobile), "{mobile}");
        }
        for not in ["+468123456", "+46176123456", "+46101234567", "+4670123456", "0701234567", ""] {
            assert!(!can_be_texted(not), "{not}");
        }
    }
}
