//! What goes over the wire, without any wire: parsing and building of RTP, RFC 4733 digits, SDP, digests and numbers, and
//! the gate that every SIP datagram must pass. Nothing here does input or output, waits, or knows the time.

pub mod digest;
pub mod door;
pub mod dtmf;
pub mod e164;
pub mod g711;
pub mod gate;
pub mod jitter;
pub mod rtp;
pub mod sdp;
pub mod wav;
