//! Who gets which contact: a pure state machine. `handle(now, input)`, then `poll()` until drained, and
//! `next_deadline()`. The same code answers calls in production, is driven through simulated years, and computes
//! staffing what-ifs.

mod messages;

pub use messages::{
    CallEnding, GuideState, HangUp, Input, OfferFailure, OfferNumber, Output, Priority, Settings, Skill,
};
