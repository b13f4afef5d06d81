//! A leg over plain RTP and UDP: the trunk, and the guides' SIP phones.

use super::leg::{Leg, LegCounts, LegMaker, PendingLeg};
use super::ports::{PortPool, RtpSocket};
use crate::protocol::dtmf::{self, Digit};
use crate::protocol::g711::{FRAME_SAMPLES, Frame, Law};
use crate::protocol::jitter::JitterBuffer;
use crate::protocol::rtp::{NotRtp, PACKET_LEN_MAX, Packet};
use crate::protocol::sdp::{self, Agreement, Description, Direction};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use vocabulary::Chance;

/// Datagrams read from one socket in one tick of 20 ms; a flood beyond that waits in the kernel, where it is dropped.
const DATAGRAMS_PER_TICK_MAX: usize = 25;
/// Packets of sound from a new source in a row before we believe that the other end has moved there.
const LATCH_PACKETS: u8 = 5;
/// Key presses waiting to be taken or sent.
const DIGITS_MAX: usize = 64;
/// How long a pressed key sounds, in frames of 20 ms.
const PRESS_FRAMES: u16 = 6;

/// Numbers that describe our half: drawn at random, as RFC 3550 wants.
#[derive(Clone, Copy, Debug)]
struct Identity {
    session: u64,
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
}

impl Identity {
    fn draw(chance: &dyn Chance) -> Self {
        let mut bytes = [0; 14];
        chance.fill(&mut bytes);
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = bytes;
        Self {
            session: u64::from(u32::from_be_bytes([a, b, c, d])),
            ssrc: u32::from_be_bytes([e, f, g, h]),
            sequence: u16::from_be_bytes([i, j]) & 0x7FFF,
            timestamp: u32::from_be_bytes([k, l, m, n]),
        }
    }
}

/// Makes legs over plain RTP.
pub struct RtpLegMaker {
    ports: PortPool,
    chance: Arc<dyn Chance>,
}

impl RtpLegMaker {
    /// Legs with ports from `ports`.
    #[must_use]
    pub fn new(ports: PortPool, chance: Arc<dyn Chance>) -> Self {
        Self { ports, chance }
    }

    /// Our half, with a port bound.
    #[must_use]
    pub fn half(&self) -> Option<RtpHalf> {
        let socket = match self.ports.bind() {
            Ok(socket) => socket,
            Err(error) => {
                tracing::error!(%error, "no port for RTP");
                return None;
            }
        };
        Some(RtpHalf { socket, identity: Identity::draw(&*self.chance) })
    }
}

impl LegMaker for RtpLegMaker {
    fn make(&self) -> Option<Box<dyn PendingLeg>> {
        self.half().map(|half| Box::new(half) as Box<dyn PendingLeg>)
    }
}

/// Our half of an RTP connection.
pub struct RtpHalf {
    socket: RtpSocket,
    identity: Identity,
}

impl RtpHalf {
    /// Answers an offer: the leg, and the answer to send back. None if the offer is none we can use.
    #[must_use]
    pub fn accept(self, offer: &[u8]) -> Option<(RtpLeg, String)> {
        let description = Description::parse(offer).ok()?;
        let answer = description.answer(self.socket.local(), self.identity.session, 1);
        Some((RtpLeg::new(self, description.agreement()), answer))
    }
}

impl PendingLeg for RtpHalf {
    fn offer(&self) -> String {
        sdp::offer(self.socket.local(), self.identity.session, 1, Direction::SendRecv)
    }

    fn answered(self: Box<Self>, answer: &[u8]) -> Option<Box<dyn Leg>> {
        let description = Description::parse(answer).ok()?;
        Some(Box::new(RtpLeg::new(*self, description.agreement())))
    }
}

/// A leg over plain RTP.
pub struct RtpLeg {
    socket: RtpSocket,
    identity: Identity,
    agreement: Agreement,
    description_version: u64,
    /// Where sound really comes from and so is sent to (symmetric RTP); begins as what was described.
    peer: SocketAddr,
    /// Somebody else who may turn out to be the other end behind a translated address.
    candidate: Option<(SocketAddr, u8)>,
    heard_from_peer: bool,
    sound: JitterBuffer,
    events: dtmf::Receiver,
    digits: VecDeque<Digit>,
    presses: VecDeque<dtmf::Sender>,
    press_timestamp: Option<u32>,
    talking: bool,
    last_heard: Option<Instant>,
    counts: LegCounts,
    buffer: Vec<u8>,
}

impl RtpLeg {
    fn new(half: RtpHalf, agreement: Agreement) -> Self {
        Self {
            socket: half.socket,
            identity: half.identity,
            agreement,
            description_version: 1,
            peer: agreement.remote,
            candidate: None,
            heard_from_peer: false,
            sound: JitterBuffer::default(),
            events: dtmf::Receiver::default(),
            digits: VecDeque::new(),
            presses: VecDeque::new(),
            press_timestamp: None,
            talking: false,
            last_heard: None,
            counts: LegCounts::default(),
            buffer: Vec::with_capacity(FRAME_SAMPLES + 12),
        }
    }

    /// Whether a packet from `from` is taken in. Behind address translation the other end sends from somewhere else than
    /// it says; it is followed there, but only if nothing comes from where it said, and after some packets in a row.
    fn admits(&mut self, from: SocketAddr) -> bool {
        if from == self.peer {
            self.heard_from_peer = true;
            self.candidate = None;
            return true;
        }
        if self.heard_from_peer {
            return false;
        }
        let seen = match self.candidate {
            Some((candidate, seen)) if candidate == from => seen + 1,
            _ => 1,
        };
        // From the host it described, only the port is new: that is what most translations do.
        if seen >= LATCH_PACKETS || from.ip() == self.peer.ip() {
            self.peer = from;
            self.heard_from_peer = true;
            self.candidate = None;
            return true;
        }
        self.candidate = Some((from, seen));
        false
    }

    fn take_in(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) {
        let packet = match Packet::parse(datagram) {
            Ok(packet) => packet,
            Err(NotRtp::Rtcp) => {
                // Reports on the sound's own port: an end that is silent on purpose shows that it lives.
                if from.ip() == self.peer.ip() && self.last_heard.is_some() {
                    self.last_heard = Some(now);
                }
                return;
            }
            Err(_) => {
                self.counts.dropped += 1;
                return;
            }
        };
        let law = [Law::A, Law::Mu].into_iter().find(|law| law.payload_type() == packet.payload_type);
        let is_event = self.agreement.telephone_event == Some(packet.payload_type);
        if (law.is_none() && !is_event) || !self.admits(from) {
            self.counts.dropped += 1;
            return;
        }
        self.counts.received += 1;
        self.last_heard = Some(now);
        if let Some(law) = law {
            self.sound.push(packet.ssrc, packet.sequence, law, packet.payload);
        } else if let Some(digit) =
            self.events.receive(packet.ssrc, packet.timestamp, packet.marker, packet.payload)
            && self.digits.len() < DIGITS_MAX
        {
            self.digits.push_back(digit);
        }
    }

    fn emit(&mut self, payload_type: u8, marker: bool, timestamp: u32, payload: &[u8]) {
        let sequence = self.identity.sequence;
        self.identity.sequence = sequence.wrapping_add(1);
        let packet = Packet { marker, payload_type, sequence, timestamp, ssrc: self.identity.ssrc, payload };
        packet.write(&mut self.buffer);
        // A full buffer or an unreachable peer loses a packet, as networks do; silence is noticed elsewhere.
        if self.peer.port() != 0 && self.socket.socket().send_to(&self.buffer, self.peer).is_ok() {
            self.counts.sent += 1;
        }
    }

    /// Sends the next packet of the key being pressed; false if none is.
    fn emit_press(&mut self) -> bool {
        let Some(payload_type) = self.agreement.telephone_event else {
            self.presses.clear();
            return false;
        };
        while let Some(press) = self.presses.front_mut() {
            if let Some((payload, marker)) = press.next_packet() {
                let timestamp = *self.press_timestamp.get_or_insert(self.identity.timestamp);
                self.emit(payload_type, marker, timestamp, &payload);
                return true;
            }
            self.presses.pop_front();
            self.press_timestamp = None;
        }
        false
    }
}

impl Leg for RtpLeg {
    fn poll(&mut self, now: Instant) {
        let mut datagram = [0; PACKET_LEN_MAX + 1];
        for _ in 0..DATAGRAMS_PER_TICK_MAX {
            // An error is either "nothing there" or the echo of an unreachable peer; both end this round.
            let Ok((len, from)) = self.socket.socket().recv_from(&mut datagram) else { return };
            self.take_in(&datagram[..len], from, now);
        }
    }

    fn take_frame(&mut self) -> Option<Frame> {
        self.sound.pop()
    }

    fn take_digit(&mut self) -> Option<Digit> {
        self.digits.pop_front()
    }

    fn send(&mut self, frame: &Frame, _now: Instant) {
        let timestamp = self.identity.timestamp;
        if self.agreement.direction.sends() {
            if self.emit_press() {
                self.talking = false;
            } else {
                let frame = frame.in_law(self.agreement.law);
                let marker = !std::mem::replace(&mut self.talking, true);
                self.emit(frame.law.payload_type(), marker, timestamp, &frame.bytes);
            }
        }
        self.identity.timestamp = timestamp.wrapping_add(160);
    }

    fn press(&mut self, digit: Digit) {
        if self.presses.len() < DIGITS_MAX {
            self.presses.push_back(dtmf::Sender::new(digit, PRESS_FRAMES));
        }
    }

    fn law(&self) -> Law {
        self.agreement.law
    }

    fn last_heard(&self) -> Option<Instant> {
        self.last_heard
    }

    fn expects_sound(&self) -> bool {
        self.agreement.direction.receives()
    }

    fn counts(&self) -> LegCounts {
        self.counts
    }

    fn renegotiate(&mut self, offer: &[u8]) -> Option<String> {
        let description = Description::parse(offer).ok()?;
        let agreement = description.agreement();
        if agreement.remote != self.agreement.remote && !agreement.remote.ip().is_unspecified() {
            self.peer = agreement.remote;
            self.heard_from_peer = false;
            self.candidate = None;
        }
        if agreement.direction != self.agreement.direction {
            // A break has been announced: what was silent until now is measured from the next packet on.
            self.last_heard = None;
        }
        self.agreement = agreement;
        self.description_version += 1;
        Some(description.answer(self.socket.local(), self.identity.session, self.description_version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededChance;

    fn maker() -> RtpLegMaker {
        let ip = [127, 0, 0, 1].into();
        RtpLegMaker::new(PortPool::new(ip, ip, 0..=0), Arc::new(SeededChance::new(1)))
    }

    fn pair() -> (Box<dyn Leg>, RtpLeg) {
        let (caller, callee) = (maker().half().unwrap(), maker().half().unwrap());
        let (leg, answer) = callee.accept(PendingLeg::offer(&caller).as_bytes()).unwrap();
        (Box::new(caller).answered(answer.as_bytes()).unwrap(), leg)
    }

    /// Loopback delivers at once, but not before the call returns.
    fn poll_until(leg: &mut dyn Leg, done: impl Fn(&dyn Leg) -> bool) {
        let started = Instant::now();
        while !done(leg) && started.elapsed().as_secs() < 5 {
            leg.poll(Instant::now());
            std::thread::yield_now();
        }
        assert!(done(leg));
    }

    #[test]
    fn sound_and_digits_go_over() {
        let (mut one, mut other) = pair();
        let loud = crate::protocol::g711::Sound::tone(400.0, 40).frame(1, Law::Mu).unwrap();
        let now = Instant::now();
        for _ in 0..4 {
            one.send(&loud, now);
        }
        one.press(Digit::from_char('7').unwrap());
        for _ in 0..9 {
            one.send(&loud, now);
        }
        poll_until(&mut other, |leg| leg.counts().received == 13);
        assert_eq!(other.take_digit().map(Digit::as_char), Some('7'));
        assert_eq!(other.take_digit(), None);
        assert!(other.take_frame().unwrap().level() > 5_000.0);
        assert!(other.last_heard().is_some() && other.expects_sound());
    }

    #[test]
    fn a_stranger_is_not_heard_once_the_peer_has_been() {
        let (mut one, mut other) = pair();
        let now = Instant::now();
        one.send(&Frame::silence(Law::A), now);
        poll_until(&mut other, |leg| leg.counts().received == 1);
        let stranger = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut bytes = Vec::new();
        Packet { marker: false, payload_type: 8, sequence: 1, timestamp: 1, ssrc: 1, payload: &[0; 160] }
            .write(&mut bytes);
        stranger.send_to(&bytes, other.socket.local()).unwrap();
        stranger.send_to(b"noise", other.socket.local()).unwrap();
        poll_until(&mut other, |leg| leg.counts().dropped == 2);
        assert_eq!(other.counts().received, 1);
    }

    #[test]
    fn an_end_behind_address_translation_is_followed() {
        let (_one, mut other) = pair();
        let moved = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut bytes = Vec::new();
        Packet { marker: false, payload_type: 8, sequence: 1, timestamp: 1, ssrc: 1, payload: &[0; 160] }
            .write(&mut bytes);
        moved.send_to(&bytes, other.socket.local()).unwrap();
        poll_until(&mut other, |leg| leg.counts().received == 1);
        assert_eq!(other.peer, moved.local_addr().unwrap());
    }

    #[test]
    fn hold_stops_the_sound_and_its_watch() {
        let (mut one, mut other) = pair();
        let hold = sdp::offer("127.0.0.1:9".parse().unwrap(), 1, 2, Direction::Inactive);
        let answer = other.renegotiate(hold.as_bytes()).unwrap();
        assert!(answer.contains("a=inactive") && !other.expects_sound());
        other.send(&Frame::silence(Law::A), Instant::now());
        assert_eq!(other.counts().sent, 0);
        assert!(other.renegotiate(b"nonsense").is_none());
        one.poll(Instant::now());
    }
}
