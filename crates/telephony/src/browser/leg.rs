//! The sound of a browser's telephone: ICE, DTLS-SRTP and RTP by str0m (which does no input or output of its own), on one
//! UDP socket for each call, served by the media threads like any other leg.

use crate::driver::leg::{Leg, LegCounts, LegMaker, PendingLeg};
use crate::driver::ports::{PortPool, RtpSocket};
use crate::protocol::dtmf::{self, Digit};
use crate::protocol::g711::{FRAME_SAMPLES, Frame, Law};
use crate::protocol::jitter::JitterBuffer;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::format::{Codec, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig, RtcError};
use vocabulary::Chance;

/// The payload type offered for telephone events.
const EVENTS_PAYLOAD_TYPE: u8 = 101;
/// The largest answer looked at, in bytes.
const ANSWER_LEN_MAX: usize = 16 * 1024;
/// Datagrams taken in one step of 20 ms; an honest browser sends one or two.
const DATAGRAMS_PER_POLL_MAX: usize = 32;
/// Steps of the connection's own work in one step of 20 ms. It needs one or two; more would be a fault.
const STEPS_PER_POLL_MAX: usize = 64;
/// Digits kept until they are taken.
const DIGITS_MAX: usize = 16;
/// The largest datagram, in bytes.
const DATAGRAM_LEN_MAX: usize = 2_048;
/// Makes our half of the sound connection to a browser.
pub(super) struct BrowserLegMaker {
    ports: PortPool,
    rtc: RtcConfig,
    chance: Arc<dyn Chance>,
}

impl BrowserLegMaker {
    /// Legs with ports from `ports`. `None` if no certificate can be made.
    pub fn new(ports: PortPool, chance: Arc<dyn Chance>) -> Option<Self> {
        let provider: Arc<CryptoProvider> = Arc::new(str0m::crypto::from_feature_flags());
        let certificate: DtlsCert = provider.dtls_provider.generate_certificate()?;
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(provider)
            // One certificate for the life of the process: making a key for each call would cost more than the call.
            .set_dtls_cert(certificate)
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_pcma(true, false)
            .enable_pcmu(true, false);
        rtc.codec_config().add_config(
            EVENTS_PAYLOAD_TYPE.into(),
            None,
            Codec::Tele,
            Frequency::EIGHT_KHZ,
            None,
            FormatParams::parse_line("0-15"),
        );
        Some(Self { ports, rtc, chance })
    }

    fn pending(&self) -> Option<PendingBrowserLeg> {
        let socket = self.ports.bind().ok()?;
        let mut rtc = self.rtc.clone().build(Instant::now());
        rtc.add_local_candidate(Candidate::host(socket.local(), "udp").ok()?)?;
        let mut change = rtc.sdp_api();
        let mid = change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = change.apply()?;
        let mut start = [0; 6];
        self.chance.fill(&mut start);
        let [s0, s1, t @ ..] = start;
        let line = Line {
            socket,
            next_packet: u64::from(u16::from_be_bytes([s0, s1]) >> 1),
            next_timestamp: u32::from_be_bytes(t),
        };
        Some(PendingBrowserLeg { rtc, pending, offer: offer.to_sdp_string(), mid, line })
    }
}

impl LegMaker for BrowserLegMaker {
    fn make(&self) -> Option<Box<dyn PendingLeg>> {
        Some(Box::new(self.pending()?))
    }
}

/// The socket and the numbering of what is sent on it.
struct Line {
    socket: RtpSocket,
    next_packet: u64,
    next_timestamp: u32,
}

struct PendingBrowserLeg {
    rtc: Rtc,
    pending: SdpPendingOffer,
    offer: String,
    mid: Mid,
    line: Line,
}

impl PendingLeg for PendingBrowserLeg {
    fn offer(&self) -> String {
        self.offer.clone()
    }

    fn answered(mut self: Box<Self>, answer: &[u8]) -> Option<Box<dyn Leg>> {
        let text = std::str::from_utf8(answer).ok().filter(|text| text.len() <= ANSWER_LEN_MAX)?;
        let answer = SdpAnswer::from_sdp_string(text).ok()?;
        self.rtc.sdp_api().accept_answer(self.pending, answer).ok()?;
        let agreed: Vec<u8> = self.rtc.media(self.mid)?.remote_pts().iter().map(|pt| **pt).collect();
        let law = [Law::A, Law::Mu].into_iter().find(|law| agreed.contains(&law.payload_type()))?;
        let now = Instant::now();
        let mut leg = BrowserLeg {
            rtc: self.rtc,
            mid: self.mid,
            line: self.line,
            law,
            connected: false,
            started: false,
            deadline: now,
            sound: JitterBuffer::default(),
            keys: dtmf::Receiver::default(),
            digits: VecDeque::new(),
            // A browser that answers and is then never heard must be noticed as well as one that falls silent.
            last_heard: now,
            counts: LegCounts::default(),
        };
        leg.work(now);
        Some(Box::new(leg))
    }
}

/// The sound connection to a browser.
struct BrowserLeg {
    rtc: Rtc,
    mid: Mid,
    line: Line,
    law: Law,
    connected: bool,
    started: bool,
    deadline: Instant,
    sound: JitterBuffer,
    keys: dtmf::Receiver,
    digits: VecDeque<Digit>,
    last_heard: Instant,
    counts: LegCounts,
}

impl BrowserLeg {
    /// Lets the connection do what is due by `now`, and carries out what it wants. Called after every change to it.
    fn work(&mut self, now: Instant) {
        for _ in 0..STEPS_PER_POLL_MAX {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) if at > now => {
                    self.deadline = at;
                    return;
                }
                Ok(Output::Timeout(_)) => {
                    if let Err(why) = self.rtc.handle_input(Input::Timeout(now)) {
                        return self.fail(&why);
                    }
                }
                Ok(Output::Transmit(datagram)) => {
                    // A datagram the network will not take is a datagram lost, as they may be.
                    self.line.socket.socket().send_to(&datagram.contents, datagram.destination).ok();
                }
                Ok(Output::Event(Event::Connected)) => self.connected = true,
                Ok(Output::Event(Event::RtpPacket(packet))) => self.hear(&packet, now),
                Ok(Output::Event(_)) => {}
                Err(why) => return self.fail(&why),
            }
        }
        self.deadline = now;
    }

    /// The connection has come to an end it cannot go on from; not being heard any more, the leg is soon reported lost.
    fn fail(&mut self, why: &RtcError) {
        tracing::debug!(%why, "a browser's sound connection failed");
        self.connected = false;
        self.rtc.disconnect();
    }

    fn hear(&mut self, packet: &RtpPacket, now: Instant) {
        self.counts.received += 1;
        self.last_heard = now;
        let header = &packet.header;
        let law = match *header.payload_type {
            EVENTS_PAYLOAD_TYPE => {
                let digit = self.keys.receive(*header.ssrc, header.timestamp, header.marker, &packet.payload);
                self.digits.extend(digit.filter(|_| self.digits.len() < DIGITS_MAX));
                return;
            }
            pt if pt == Law::A.payload_type() => Law::A,
            pt if pt == Law::Mu.payload_type() => Law::Mu,
            _ => {
                self.counts.dropped += 1;
                return;
            }
        };
        self.sound.push(*header.ssrc, header.sequence_number, law, &packet.payload);
    }

    fn receive(&mut self, datagram: &[u8], source: SocketAddr, now: Instant) {
        let accepted = Receive::new(Protocol::Udp, source, self.line.socket.local(), datagram)
            .ok()
            .map(|r| Input::Receive(now, r));
        match accepted.filter(|input| self.rtc.accepts(input)) {
            Some(input) => {
                // A datagram that cannot be understood is one lost, whoever sent it. If the connection itself is broken,
                // nothing is heard any more, and that is noticed.
                if let Err(why) = self.rtc.handle_input(input) {
                    tracing::debug!(%why, "a browser's datagram was refused");
                    self.counts.dropped += 1;
                }
                self.work(now);
            }
            None => self.counts.dropped += 1,
        }
    }
}

impl Leg for BrowserLeg {
    fn poll(&mut self, now: Instant) {
        let mut buffer = [0; DATAGRAM_LEN_MAX];
        for _ in 0..DATAGRAMS_PER_POLL_MAX {
            match self.line.socket.socket().recv_from(&mut buffer) {
                Ok((len, source)) => self.receive(&buffer[..len], source, now),
                // An ICMP answer to something sent earlier says nothing about what is waiting to be read.
                Err(why) if why.kind() == ErrorKind::ConnectionRefused => {}
                Err(_) => break,
            }
        }
        if self.deadline <= now {
            self.work(now);
        }
    }

    fn take_frame(&mut self) -> Option<Frame> {
        self.sound.pop()
    }

    fn take_digit(&mut self) -> Option<Digit> {
        self.digits.pop_front()
    }

    fn send(&mut self, frame: &Frame, now: Instant) {
        if !self.connected {
            return;
        }
        let frame = frame.in_law(self.law);
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(self.mid, None) else { return };
        let payload_type = Pt::from(self.law.payload_type());
        let packet = RtpWrite::new(
            payload_type,
            self.line.next_packet.into(),
            self.line.next_timestamp,
            now,
            frame.bytes,
        )
        .marker(!self.started);
        stream.write_rtp(packet);
        self.started = true;
        self.line.next_packet += 1;
        self.line.next_timestamp = self.line.next_timestamp.wrapping_add(FRAME_SAMPLES as u32);
        self.counts.sent += 1;
        // What was written is marked as sent by the next passing of time.
        match self.rtc.handle_input(Input::Timeout(now)) {
            Ok(()) => self.work(now),
            Err(why) => self.fail(&why),
        }
    }

    fn press(&mut self, _digit: Digit) {
        // A browser makes nothing of keys pressed towards it.
    }

    fn law(&self) -> Law {
        self.law
    }

    fn last_heard(&self) -> Option<Instant> {
        Some(self.last_heard)
    }

    fn expects_sound(&self) -> bool {
        true
    }

    fn counts(&self) -> LegCounts {
        self.counts
    }

    fn renegotiate(&mut self, _offer: &[u8]) -> Option<String> {
        None
    }
}

impl Drop for BrowserLeg {
    /// Says goodbye, so that the browser need not find out by itself.
    fn drop(&mut self) {
        if self.rtc.close().is_ok() {
            self.work(Instant::now());
        }
    }
}
