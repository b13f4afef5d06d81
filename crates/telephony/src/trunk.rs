//! The way to the telephone network: who may send calls in, how many, and what a call says of itself.

use crate::config::TelephonyConfig;
use crate::driver::agent::ServerRequest;
use crate::driver::conversation::Number;
use crate::protocol::door::Bucket;
use crate::protocol::e164;
use crate::protocol::sdp::{Description, SdpError};
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

/// Why a call is not even considered: the SIP code to answer it with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub u16);

/// What a call says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// What was dialled.
    pub dialled: String,
    /// The caller's number in E.164; none if withheld or no number.
    pub caller_number: Option<String>,
    /// The session description offered; empty if the caller wants ours first.
    pub offer: Vec<u8>,
}

/// The trunk.
pub struct Trunk {
    peers: Vec<IpAddr>,
    calls_max: usize,
    rate: Bucket,
}

impl Trunk {
    /// The trunk of `config`.
    #[must_use]
    pub fn new(config: &TelephonyConfig, now: Instant) -> Self {
        Self {
            peers: config.trunk_peers.iter().map(IpAddr::to_canonical).collect(),
            calls_max: config.calls_max,
            rate: Bucket::new(config.calls_per_second_max, now),
        }
    }

    /// Judges an INVITE that begins a call, while `calls` are up.
    ///
    /// # Errors
    /// The [`Refusal`] to answer it with.
    pub fn admit(
        &mut self,
        request: &ServerRequest,
        calls: usize,
        now: Instant,
    ) -> Result<Presented, Refusal> {
        if !self.peers.contains(&request.source().ip().to_canonical()) {
            return Err(Refusal(403));
        }
        if calls >= self.calls_max || !self.rate.take(now) {
            return Err(Refusal(503));
        }
        // We have no extension that could be required of us (RFC 3261, 8.2.2.3).
        if request.header("Require").is_some() {
            return Err(Refusal(420));
        }
        let offer = request.request().body.clone();
        let kind = request.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
        if !offer.is_empty() {
            if !kind.starts_with("application/sdp") {
                return Err(Refusal(415));
            }
            match Description::parse(&offer) {
                Ok(_) => {}
                Err(SdpError::Form) => return Err(Refusal(400)),
                Err(_) => return Err(Refusal(488)),
            }
        }
        Ok(Presented { dialled: request.dialled(), caller_number: caller_number(request), offer })
    }
}

/// The way out.
#[derive(Clone, Debug)]
pub struct Outbound {
    destination: SocketAddr,
    own_number: String,
    local: SocketAddr,
}

impl Outbound {
    /// The way out of `config`, from an exchange at `local`; none if no calls go out.
    #[must_use]
    pub fn new(config: &TelephonyConfig, local: SocketAddr) -> Option<Self> {
        let own_number = config.own_number.clone().unwrap_or_else(|| "lots".to_owned());
        Some(Self { destination: config.trunk?, own_number, local })
    }

    /// How to ring `number` (E.164).
    #[must_use]
    pub fn number(&self, number: &str) -> Number {
        Number {
            uri: format!("sip:{number}@{}", self.destination),
            destination: self.destination,
            from: format!("<sip:{}@{}>", self.own_number, self.local),
            contact_user: self.own_number.clone(),
        }
    }
}

/// Who calls: what the network asserts, else what the caller says; nobody if the caller wants privacy.
fn caller_number(request: &ServerRequest) -> Option<String> {
    let wants_privacy = request.header("Privacy").is_some_and(|p| {
        p.split([';', ','])
            .any(|word| matches!(word.trim().to_ascii_lowercase().as_str(), "id" | "user" | "full"))
    });
    if wants_privacy {
        return None;
    }
    let number = |header: &str| e164::normalise(e164::user_of(address_in(header)));
    match request.header("P-Asserted-Identity") {
        Some(identity) => number(&identity),
        None => request.header("From").as_deref().and_then(number),
    }
}

/// The address in a header that may have a name before it.
fn address_in(header: &str) -> &str {
    header.find('<').map_or(header, |at| &header[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_behind_the_name() {
        assert_eq!(address_in("\"Anna <A>\" sip:1@h"), "<A>\" sip:1@h");
        assert_eq!(e164::user_of(address_in("Anna <sip:+4681234567@h>;tag=1")), "+4681234567");
        assert_eq!(e164::user_of(address_in("sip:+4681234567@h;tag=1")), "+4681234567");
    }
}
