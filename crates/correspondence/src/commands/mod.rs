//! What can be done with correspondence. Every command runs in one write transaction: it loads, decides, and writes
//! state, timeline and jobs together. Each may arrive twice.

mod answer;
mod begin;
mod desk;
mod drafts;
mod handling;
mod mailboxes;
mod open;
mod receive;
mod templates;
mod web;

pub use answer::{Answer, NewFile, answer, write_note};
pub use desk::{Came, call_next, call_visit, come, end_visit, put_desk_queue};
pub use drafts::{Saved, save_draft, seen_writing, stopped_writing};
pub use handling::{
    Close, close, files_to_case, join_case, join_web_case, mark_spam, release, set_resident, take,
    unmark_spam,
};
pub use mailboxes::{PutMailbox, put_mailbox};
pub use open::{OpenedConversation, open_conversation, open_part};
pub use receive::receive;
pub use templates::{PutTemplate, put_template};
pub use web::{Asked, Question, ask};

use crate::model::Conversation;
use crate::{CorrespondenceError, queries};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Actor, AnyId, Context, ConversationId, GenericUuid as _, UserId};

/// Writes that something was done to a conversation. `detail` holds words and ids only.
fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    conversation: ConversationId,
    related: Option<AnyId>,
    detail: Option<String>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "conversation", id: conversation.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related, detail }).map(drop)
}

fn load(s: &mut Session<'_>, id: ConversationId) -> Result<Conversation, CorrespondenceError> {
    queries::conversation(s, id)?.ok_or(CorrespondenceError::NotFound { what: "conversation" })
}

/// The conversation for a user who wants to do something with it: one that belongs to a case which is not open to them
/// is not either.
fn load_for(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
) -> Result<Conversation, CorrespondenceError> {
    let conversation = load(s, id)?;
    if let Some(case) = conversation.case_id
        && ctx.actor != Actor::System
    {
        let case = cases::queries::case(s, case)?.ok_or(CorrespondenceError::NotFound { what: "case" })?;
        if cases::Viewer::of(ctx.actor).sight(s, &case)? != cases::Sight::Open {
            return Err(CorrespondenceError::Secret);
        }
    }
    Ok(conversation)
}

/// The user who acts. Correspondence is handled by people who are signed in.
fn acting_user(ctx: &Context) -> Result<UserId, CorrespondenceError> {
    match ctx.actor {
        Actor::User(id) => Ok(id),
        _ => Err(CorrespondenceError::NotFound { what: "user" }),
    }
}
