//! Session descriptions (RFC 8866) and offer/answer (RFC 3264), as far as a telephone call over plain RTP needs them.

use super::g711::Law;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The longest description looked at, in octets.
pub const SDP_LEN_MAX: usize = 8_000;
const LINES_MAX: usize = 300;
const MEDIA_MAX: usize = 8;
const FORMATS_MAX: usize = 64;
/// The payload type we propose for telephone events.
pub const TELEPHONE_EVENT: u8 = 101;

/// Which way sound flows, from the describer's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// The describer only sends (has put the other on hold).
    SendOnly,
    /// The describer only listens.
    RecvOnly,
    /// Nothing flows.
    Inactive,
}

impl Direction {
    const fn word(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive]
            .into_iter()
            .find(|d| d.word() == word)
    }

    /// The same, seen from the other end.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            other => other,
        }
    }

    /// Whether the describer sends.
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether the describer listens.
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

/// Why a description cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Not SDP, or beyond our limits.
    #[error("not a session description")]
    Form,
    /// No audio over plain RTP.
    #[error("no audio over RTP/AVP is offered")]
    NoAudio,
    /// Neither A-law nor mu-law.
    #[error("neither PCMA nor PCMU is offered")]
    NoCodec,
    /// No address to send to.
    #[error("no numeric address to send to")]
    NoAddress,
}

/// One `m=` section.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Media {
    kind: String,
    port: u16,
    protocol: String,
    formats: Vec<String>,
    address: Option<IpAddr>,
    direction: Option<Direction>,
    /// Payload type and lower-case `name/rate`.
    maps: Vec<(u8, String)>,
}

/// What the other end described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    media: Vec<Media>,
    audio: usize,
    remote: SocketAddr,
    laws: Vec<(u8, Law)>,
    telephone_event: Option<u8>,
    direction: Direction,
}

/// How sound is exchanged with the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Where to send to.
    pub remote: SocketAddr,
    /// How to encode.
    pub law: Law,
    /// The payload type of telephone events, if the other end has them.
    pub telephone_event: Option<u8>,
    /// Which way sound flows, from our point of view.
    pub direction: Direction,
}

fn address_of(connection: &str) -> Option<IpAddr> {
    let mut words = connection.split_ascii_whitespace();
    let (Some("IN"), Some("IP4" | "IP6"), Some(address)) = (words.next(), words.next(), words.next()) else {
        return None;
    };
    address.split('/').next()?.parse().ok()
}

fn media_of(value: &str) -> Result<Media, SdpError> {
    let mut words = value.split_ascii_whitespace();
    let mut word = || words.next().ok_or(SdpError::Form);
    let (kind, port, protocol) = (word()?.to_owned(), word()?, word()?.to_owned());
    let port = port.split('/').next().and_then(|p| p.parse().ok()).ok_or(SdpError::Form)?;
    let formats: Vec<String> = words.take(FORMATS_MAX).map(str::to_owned).collect();
    Ok(Media { kind, port, protocol, formats, address: None, direction: None, maps: Vec::new() })
}

impl Description {
    /// Reads an offer or an answer.
    ///
    /// # Errors
    /// [`SdpError`] if there is no telephone call in it.
    pub fn parse(body: &[u8]) -> Result<Self, SdpError> {
        let text = std::str::from_utf8(body).map_err(|_| SdpError::Form)?;
        if body.len() > SDP_LEN_MAX || !text.starts_with("v=0") {
            return Err(SdpError::Form);
        }
        let (mut session_address, mut session_direction) = (None, Direction::SendRecv);
        let mut media: Vec<Media> = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let Some((key, value)) = line.split_once('=') else {
                if line.trim().is_empty() { continue } else { return Err(SdpError::Form) }
            };
            if n >= LINES_MAX {
                return Err(SdpError::Form);
            }
            if key == "m" {
                if media.len() >= MEDIA_MAX {
                    return Err(SdpError::Form);
                }
                media.push(media_of(value)?);
                continue;
            }
            match (key, media.last_mut()) {
                ("c", None) => session_address = address_of(value),
                ("c", Some(m)) => m.address = address_of(value),
                ("a", None) => {
                    session_direction = Direction::from_word(value.trim()).unwrap_or(session_direction)
                }
                ("a", Some(m)) => m.attribute(value),
                _ => {}
            }
        }
        let audio = media
            .iter()
            .position(|m| {
                m.kind == "audio" && m.port != 0 && matches!(m.protocol.as_str(), "RTP/AVP" | "RTP/AVPF")
            })
            .ok_or(SdpError::NoAudio)?;
        let chosen = &media[audio];
        let ip = chosen.address.or(session_address).ok_or(SdpError::NoAddress)?;
        let direction = chosen.direction.unwrap_or(session_direction);
        let (laws, telephone_event) = chosen.codecs();
        if laws.is_empty() {
            return Err(SdpError::NoCodec);
        }
        Ok(Self { remote: SocketAddr::new(ip, chosen.port), laws, telephone_event, direction, audio, media })
    }

    /// Where the other end listens.
    #[must_use]
    pub fn remote(&self) -> SocketAddr {
        self.remote
    }

    /// What we make of it: the first law both know, in the describer's order.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        let law = self.laws.first().map_or(Law::A, |(_, law)| *law);
        // RFC 2543's way of putting on hold: an address of zeroes.
        let direction =
            if self.remote.ip().is_unspecified() { Direction::Inactive } else { self.direction.mirrored() };
        Agreement { remote: self.remote, law, telephone_event: self.telephone_event, direction }
    }

    /// Our answer to this offer: its audio with us at `local`, everything else refused.
    #[must_use]
    pub fn answer(&self, local: SocketAddr, session: u64, version: u64) -> String {
        let agreement = self.agreement();
        let mut out = head(local.ip(), session, version);
        for (n, media) in self.media.iter().enumerate() {
            if n == self.audio {
                let law = self.laws.first().copied().unwrap_or((Law::A.payload_type(), Law::A));
                audio(&mut out, local, &media.protocol, &[law], self.telephone_event, agreement.direction);
            } else {
                let formats = if media.formats.is_empty() { "0".to_owned() } else { media.formats.join(" ") };
                let (kind, protocol) = (&media.kind, &media.protocol);
                write!(out, "m={kind} 0 {protocol} {formats}\r\n").ok();
            }
        }
        out
    }
}

impl Media {
    fn attribute(&mut self, value: &str) {
        if let Some(direction) = Direction::from_word(value.trim()) {
            self.direction = Some(direction);
        } else if let Some(map) = value.strip_prefix("rtpmap:")
            && let Some((payload_type, encoding)) = map.split_once(' ')
            && let Ok(payload_type) = payload_type.trim().parse::<u8>()
            && self.maps.len() < FORMATS_MAX
        {
            self.maps.push((payload_type, encoding.trim().to_ascii_lowercase()));
        }
    }

    /// The laws in the order of the `m=` line, and the payload type of telephone events.
    fn codecs(&self) -> (Vec<(u8, Law)>, Option<u8>) {
        let (mut laws, mut telephone_event) = (Vec::new(), None);
        for payload_type in self.formats.iter().filter_map(|f| f.parse::<u8>().ok()).filter(|p| *p < 128) {
            let name = self.maps.iter().find(|(p, _)| *p == payload_type).map(|(_, name)| name.as_str());
            match (payload_type, name) {
                (8, None) => laws.push((8, Law::A)),
                (0, None) => laws.push((0, Law::Mu)),
                (_, Some("pcma/8000" | "pcma/8000/1")) => laws.push((payload_type, Law::A)),
                (_, Some("pcmu/8000" | "pcmu/8000/1")) => laws.push((payload_type, Law::Mu)),
                (_, Some("telephone-event/8000")) => telephone_event = telephone_event.or(Some(payload_type)),
                _ => {}
            }
        }
        // Another number than the static one for G.711 is legal and never seen; it would need the number kept for life.
        laws.retain(|(payload_type, law)| *payload_type == law.payload_type());
        (laws, telephone_event)
    }
}

fn head(ip: IpAddr, session: u64, version: u64) -> String {
    let family = if ip.is_ipv4() { "IP4" } else { "IP6" };
    format!("v=0\r\no=lots {session} {version} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n")
}

fn audio(
    out: &mut String,
    local: SocketAddr,
    protocol: &str,
    laws: &[(u8, Law)],
    event: Option<u8>,
    direction: Direction,
) {
    write!(out, "m=audio {} {protocol}", local.port()).ok();
    for number in laws.iter().map(|(payload_type, _)| *payload_type).chain(event) {
        write!(out, " {number}").ok();
    }
    out.push_str("\r\n");
    for (payload_type, law) in laws {
        write!(out, "a=rtpmap:{payload_type} {}/8000\r\n", law.name()).ok();
    }
    if let Some(event) = event {
        write!(out, "a=rtpmap:{event} telephone-event/8000\r\na=fmtp:{event} 0-16\r\n").ok();
    }
    write!(out, "a=ptime:20\r\na={}\r\n", direction.word()).ok();
}

/// Our offer: both laws, A-law first, and telephone events, at `local`.
#[must_use]
pub fn offer(local: SocketAddr, session: u64, version: u64, direction: Direction) -> String {
    let mut out = head(local.ip(), session, version);
    let laws = [Law::A, Law::Mu].map(|law| (law.payload_type(), law));
    audio(&mut out, local, "RTP/AVP", &laws, Some(TELEPHONE_EVENT), direction);
    out
}

/// An address that stands for none, for ends that have not described themselves yet.
pub const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOCAL: &str = "127.0.0.1:4000";

    fn sdp(media: &str) -> String {
        format!("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n{media}")
    }

    #[test]
    fn our_own_offer_is_understood_and_answered() {
        let ours = offer("127.0.0.1:5000".parse().unwrap(), 1, 1, Direction::SendRecv);
        let description = Description::parse(ours.as_bytes()).unwrap();
        let answer = description.answer(LOCAL.parse().unwrap(), 2, 1);
        let agreed = Description::parse(answer.as_bytes()).unwrap().agreement();
        assert_eq!(agreed.remote, LOCAL.parse().unwrap());
        assert_eq!(
            (agreed.law, agreed.telephone_event, agreed.direction),
            (Law::A, Some(101), Direction::SendRecv)
        );
    }

    #[test]
    fn the_offerers_order_and_numbers_are_kept() {
        let body = sdp(
            "m=audio 4711 RTP/AVP 9 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=rtpmap:9 G722/8000\r\n",
        );
        let description = Description::parse(body.as_bytes()).unwrap();
        assert_eq!(description.agreement().law, Law::Mu);
        let answer = description.answer(LOCAL.parse().unwrap(), 2, 1);
        assert!(answer.contains("m=audio 4000 RTP/AVP 0 96\r\n"), "{answer}");
    }

    #[test]
    fn other_media_are_refused_in_their_place() {
        let body =
            sdp("m=video 9 RTP/AVP 31\r\nm=audio 4711 RTP/AVP 8\r\nc=IN IP4 10.0.0.9\r\na=sendonly\r\n");
        let description = Description::parse(body.as_bytes()).unwrap();
        assert_eq!(description.remote(), "10.0.0.9:4711".parse().unwrap());
        let answer = description.answer(LOCAL.parse().unwrap(), 2, 1);
        assert!(
            answer.contains("m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n")
                && answer.contains("a=recvonly")
        );
    }

    #[test]
    fn the_answer_names_the_offers_protocol() {
        let body = sdp("m=audio 4711 RTP/AVPF 8\r\n");
        let answer = Description::parse(body.as_bytes()).unwrap().answer(LOCAL.parse().unwrap(), 2, 1);
        assert!(answer.contains("m=audio 4000 RTP/AVPF 8\r\n"), "{answer}");
    }

    #[test]
    fn hold_in_both_dialects_is_seen() {
        let new = sdp("m=audio 4711 RTP/AVP 8\r\na=inactive\r\n");
        let old = sdp("m=audio 4711 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\n");
        for body in [new, old] {
            assert_eq!(
                Description::parse(body.as_bytes()).unwrap().agreement().direction,
                Direction::Inactive
            );
        }
    }

    #[test]
    fn what_cannot_be_a_call_is_named() {
        let cases = [
            ("hello".to_owned(), SdpError::Form),
            (sdp("m=audio x RTP/AVP 8\r\n"), SdpError::Form),
            (sdp("m=audio 4711 RTP/SAVP 8\r\n"), SdpError::NoAudio),
            (sdp("m=audio 0 RTP/AVP 8\r\n"), SdpError::NoAudio),
            (sdp("m=audio 4711 RTP/AVP 18\r\n"), SdpError::NoCodec),
            ("v=0\r\nm=audio 4711 RTP/AVP 8\r\n".to_owned(), SdpError::NoAddress),
            (sdp(&"m=audio 4711 RTP/AVP 8\r\n".repeat(20)), SdpError::Form),
        ];
        for (body, error) in cases {
            assert_eq!(Description::parse(body.as_bytes()), Err(error), "{body}");
        }
    }

    proptest! {
        #[test]
        fn noise_never_panics(head in 0_usize..200, noise in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut body = sdp("m=audio 4711 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n").into_bytes();
            body.truncate(head);
            body.extend(noise);
            if let Ok(description) = Description::parse(&body) {
                let _ = description.answer(NOWHERE, 1, 1);
            }
        }

        #[test]
        fn an_answer_can_always_be_read(port in 1_u16.., laws in proptest::sample::subsequence(vec!["0", "8", "9", "18"], 1..4)) {
            let body = sdp(&format!("m=audio {port} RTP/AVP {}\r\n", laws.join(" ")));
            if let Ok(description) = Description::parse(body.as_bytes()) {
                let answer = description.answer(LOCAL.parse().unwrap(), 2, 1);
                prop_assert!(Description::parse(answer.as_bytes()).is_ok());
            }
        }
    }
}
