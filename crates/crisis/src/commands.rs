//! What can be done about a crisis.

mod call_in;
mod messages;
mod proposals;
mod templates;

pub use call_in::{
    AnswerByLink, PutPerson, add_person, answer_by_link, behind, call_in_open, change_person, close_call_in,
    note_answer, open_call_in, text_everybody,
};
pub use messages::{
    Approve, Draft, Opening, approve, attach_sound, begin, discard, drop_sound, end, notice_switched,
    set_period, write_draft,
};
pub use proposals::{dismiss, observe, take};
pub use templates::{put_template, reset_template};

use crate::CrisisError;
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Actor, AnyId, Context, UserId};

/// What pages listen for: everything of a crisis, its messages and what the detector proposes.
pub const SUBJECT: &str = "crisis";
/// The same for the call-in list.
pub const CALL_IN_SUBJECT: &str = "call_in";

/// The user who does it, if it is one.
const fn doer(ctx: &Context) -> Option<UserId> {
    match ctx.actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    (kind, subject): (&'static str, &'static str),
    id: AnyId,
    related: Option<AnyId>,
    detail: Option<String>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: subject, id };
    timeline::append(s, ctx, Entry { kind, subject, related, detail }).map(drop)
}

fn found<T>(what: &'static str, row: Option<T>) -> Result<T, CrisisError> {
    row.ok_or(CrisisError::NotFound { what })
}
