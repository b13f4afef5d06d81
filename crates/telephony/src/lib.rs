//! The telephone exchange's edge: SIP and RTP towards the trunk, the guides' telephones and their browsers.
//!
//! It decides nothing about calls: it reports what happens to the floor and obeys what the routing core puts out.
//! `protocol` is pure, `driver` has the sockets and threads, `exchange` knows which dialog belongs to which call.

pub mod browser;
pub mod centre;
pub mod config;
pub mod driver;
mod exchange;
mod house;
pub mod protocol;
mod registrar;
pub mod softphone;
pub mod speech;
pub mod survey;
mod telephony;
mod trunk;

pub use config::{Sounds, TelephonyConfig};
pub use telephony::{Telephony, TelephonyError};
