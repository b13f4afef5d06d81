//! Who gets which contact: a pure state machine. `handle(now, input)`, then `poll()` until drained, and
//! `next_deadline()`. The same code answers calls in production, is driven through simulated years, and computes
//! staffing what-ifs.
//!
//! # The rules
//! - A ready guide (with a telephone that is up) who has been without a call the longest gets the call of the highest
//!   priority that has waited longest. All pairs of one's own group (level 1) are made before a helper (level 2 and
//!   up) is asked; a helper is asked for a call only when it has waited long enough.
//! - "Without a call" counts from when the last call ended, or from signing in. An unanswered offer, a break or a
//!   wrap-up does not set it back.
//! - A call keeps its place (the order of joining the queue) while it rings at a guide, and when a guide vanishes.
//! - A call whose guide vanished is back in the queue at once, before all others and open to every level; its
//!   longest wait begins anew, for the resident was answered once.
//! - A deadline never takes what an input that arrives at the same step gives: a telephone that answers as the ringing
//!   time runs out has answered.
//! - The longest wait does not cut off a ringing telephone; it counts again if nobody answers.

mod calls;
mod deadlines;
mod guides;
mod matching;
mod messages;
mod recent;
mod routing;
mod snapshot;
mod sound;
mod talks;

pub use matching::LEVEL_MAX;
pub use messages::{
    CallEnding, GuideState, HangUp, Input, OfferFailure, OfferNumber, Output, Priority, Settings, Skill,
};
pub use routing::Routing;
pub use snapshot::{CallState, CallView, GroupView, GuideView};
