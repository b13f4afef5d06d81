//! A simulated town: its people as plain text files, and the demo that brings them to life over real SIP and RTP. And
//! [`storm`], which drives the routing core alone through years of days.

pub mod demo;
pub mod populate;
mod residents;
pub mod spikes;
pub mod storm;
pub mod town;

pub use demo::{Demo, DemoConfig, DemoError, DemoHandles, Prepared, prepare};
pub use populate::{PopulateError, populate};
pub use town::{Town, TownError};
