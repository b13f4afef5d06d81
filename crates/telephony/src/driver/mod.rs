//! Sockets and threads: SIP over UDP, RTP ports, and the threads that move sound.

pub mod agent;
pub mod conversation;
pub mod dialog;
pub mod leg;
pub mod media;
pub mod meter;
pub mod ports;
pub mod rtp_leg;
pub mod socket;
