//! What can be done with what is planned.

pub mod calendars;
pub mod events;
pub mod meetings;

pub use calendars::{add_source, make_feed, resolve_pending, revoke_feed, set_source_active};
pub use events::{
    EVENT_CANCELLED, EVENT_CONFIRMED, EVENT_PLANNED, approve, cancel, change, confirm, plan, plan_event,
};

use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{AnyId, Context};

fn note(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    (subject, id): (&'static str, AnyId),
    detail: Option<String>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: subject, id };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail })?;
    Ok(())
}
