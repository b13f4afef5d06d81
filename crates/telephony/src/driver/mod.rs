//! Sockets and threads: SIP over UDP, RTP ports, and the threads that move sound.

pub mod leg;
pub mod media;
pub mod ports;
pub mod rtp_leg;
