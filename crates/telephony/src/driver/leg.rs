//! One end of a conversation's sound.
//!
//! A media thread asks every leg, each 20 ms, for what it has heard, and hands it what to send. How the sound travels
//! (plain RTP, or a browser's DTLS-SRTP) is the leg's own affair. A leg never blocks and never waits.

use crate::protocol::dtmf::Digit;
use crate::protocol::g711::{Frame, Law};
use std::time::Instant;

/// What a leg has counted in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegCounts {
    /// Packets of sound or digits received.
    pub received: u64,
    /// Packets sent.
    pub sent: u64,
    /// Datagrams thrown away: from strangers, malformed, or of a codec nobody agreed to.
    pub dropped: u64,
}

/// One end of a conversation's sound. Implemented by [`RtpLeg`](super::rtp_leg::RtpLeg) and by the browser's leg.
///
/// The media thread calls, every 20 ms and in this order: [`poll`](Self::poll) once, [`take_digit`](Self::take_digit)
/// until none, [`take_frame`](Self::take_frame) once, and [`send`](Self::send) once unless there is nothing to send.
pub trait Leg: Send {
    /// Takes in whatever has arrived since the last call and does what its protocol needs done by `now`. Must not block.
    fn poll(&mut self, now: Instant);

    /// The next 20 ms of what the other end says; none if nothing has come.
    fn take_frame(&mut self) -> Option<Frame>;

    /// The next key pressed at the other end, each press once.
    fn take_digit(&mut self) -> Option<Digit>;

    /// Sends 20 ms of sound, in whatever law it comes; the leg transcodes (see [`Frame::in_law`]).
    fn send(&mut self, frame: &Frame, now: Instant);

    /// Presses a key towards the other end. A leg whose other end has no telephone events ignores it.
    fn press(&mut self, digit: Digit);

    /// The law the other end wants, so that players need not transcode.
    fn law(&self) -> Law;

    /// When the other end was last heard: sound, digits, or anything that proves it is alive. None before the first time.
    fn last_heard(&self) -> Option<Instant>;

    /// Whether the other end has said that it sends for now. While it does not (hold), silence is no sign of loss.
    fn expects_sound(&self) -> bool;

    /// What has been counted.
    fn counts(&self) -> LegCounts;

    /// Takes a new description of the other end (re-INVITE, UPDATE) and gives our answer to it.
    ///
    /// # Errors
    /// None if this leg cannot go on with it; the other end is answered 488 and everything stays as it was.
    fn renegotiate(&mut self, offer: &[u8]) -> Option<String>;
}

/// Our half of a sound connection before the other half is known: made when a telephone is rung.
pub trait PendingLeg: Send {
    /// The offer to send, as SDP.
    fn offer(&self) -> String;

    /// The other end has answered with `answer` (SDP).
    ///
    /// # Errors
    /// None if the answer cannot be used; the call is hung up.
    fn answered(self: Box<Self>, answer: &[u8]) -> Option<Box<dyn Leg>>;
}

/// Makes our half of sound connections towards one kind of telephone. A registered SIP phone gets plain RTP, a browser
/// gets what it needs.
pub trait LegMaker: Send + Sync {
    /// A new half; none when no port or no memory is left for it.
    fn make(&self) -> Option<Box<dyn PendingLeg>>;
}
