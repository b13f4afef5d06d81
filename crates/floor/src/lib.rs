//! The floor of the contact centre: who is there, who talks with whom, who waits.
//!
//! One writer owns all call and guide state: the pure core in `routing`. Whatever happens reaches it through
//! [`FloorHandle::send`]; the input is journalled, and the calls' rows are written, in one transaction before any
//! output leaves for the telephones. A day can therefore be replayed, and what was acknowledged survives a crash.

mod handle;
mod journal;
mod record;
mod snapshot;
mod writer;

pub use handle::{CallArrived, FloorError, FloorHandle};
pub use routing::{CallState, CallView, GroupView, GuideView};
pub use snapshot::Snapshot;
pub use writer::{AfterCall, Floor, FloorSettings, start};
