//! How a conversation begins, and how a resident comes to wait in it.

use super::record;
use crate::clock::due_day;
use crate::model::{Conversation, ConversationState, Mailbox, WaitEnd, Warning};
use crate::{CorrespondenceError, filing, queries};
use contacts::TakeIn;
use people::residents::Reach;
use storage::{Session, StorageError};
use vocabulary::{
    CaseId, Channel, Context, ConversationId, GenericUuid as _, Language, ResidentId, local_day,
};

/// Who has written.
#[derive(Default)]
pub(super) struct Sender {
    /// In lower case; blank if there is none.
    pub email: String,
    pub name: String,
    pub telephone: Option<String>,
    pub language: Option<Language>,
}

/// What a new conversation is about.
#[derive(Default)]
pub(super) struct Beginning {
    pub subject: String,
    pub case: Option<CaseId>,
    pub resident: Option<ResidentId>,
    pub warning: Option<Warning>,
    pub linked_to: Option<ConversationId>,
    pub linked_case: Option<CaseId>,
    /// Only machines have written: nobody waits, and it is no contact.
    pub quiet: bool,
}

/// Begins a conversation in which a resident waits, unless it is a machine's.
pub(super) fn begin(
    s: &mut Session<'_>,
    ctx: &Context,
    mailbox: &Mailbox,
    channel: Channel,
    sender: Sender,
    about: Beginning,
) -> Result<Conversation, CorrespondenceError> {
    let resident = match about.resident {
        Some(known) => Some(known),
        None if about.quiet => None,
        None => resident_of(s, ctx, &sender)?,
    };
    let contact = if about.quiet {
        None
    } else {
        let cmd = TakeIn { channel, resident, group: mailbox.answer_group_id, arrived_at: ctx.now };
        Some(contacts::commands::take_in(s, ctx, &cmd)?.id)
    };
    let mut conversation = Conversation {
        id: ctx.next_id(),
        reference: next_reference(s, ctx)?,
        mailbox_id: mailbox.id,
        channel,
        contact_id: contact,
        resident_id: resident,
        case_id: about.case,
        sender_email: sender.email.clone(),
        sender_name: sender.name,
        sender_telephone: sender.telephone,
        subject: about.subject,
        state: ConversationState::Quiet,
        state_before_spam: None,
        warning: about.warning,
        linked_to_id: about.linked_to,
        linked_case_id: about.linked_case,
        arrived_at: ctx.now,
        changed_at: ctx.now,
        waiting_since_at: None,
        due_day: None,
        taken_by: None,
        taken_at: None,
    };
    queries::insert_conversation(s, &conversation)?;
    if !sender.email.is_empty() {
        queries::insert_participant(s, conversation.id, &sender.email)?;
    }
    let contact_id = contact.map(|contact| contact.into_untyped_uuid());
    record(s, ctx, "conversation_begun", conversation.id, contact_id, Some(channel.to_string()))?;
    if let (Some(contact), Some(case)) = (contact, about.case) {
        contacts::commands::attach_case(s, ctx, contact, case)?;
    }
    if !about.quiet {
        waits(s, ctx, &mut conversation, mailbox)?;
    }
    Ok(conversation)
}

/// The resident who has written, found by the number or address or made. None where the address is the house's own, an
/// officer's, a machine's, or none at all.
fn resident_of(
    s: &mut Session<'_>,
    ctx: &Context,
    sender: &Sender,
) -> Result<Option<ResidentId>, CorrespondenceError> {
    let email = people::text::email("email", &sender.email).ok();
    if let Some(email) = &email
        && (filing::nobody_reads(email)
            || queries::is_own_address(s, email)?
            || people::directory::queries::officer_by_email(s, email)?.is_some())
    {
        return Ok(None);
    }
    if email.is_none() && sender.telephone.is_none() {
        return Ok(None);
    }
    // An address says more about who has written than a number typed into a form, which may be anybody's.
    let telephone = if email.is_some() { None } else { sender.telephone.clone() };
    let name =
        people::text::optional_line("name", &sender.name, people::text::NAME_CHARS_MAX).unwrap_or_default();
    let language = sender.language.unwrap_or(Language::Swedish);
    let reach = Reach { telephone, email };
    let found = people::residents::commands::find_or_create(s, ctx, &reach, name.as_deref(), language)?;
    Ok(Some(found.id))
}

/// The next reference of the month: `FR-26110001`.
fn next_reference(s: &mut Session<'_>, ctx: &Context) -> Result<String, StorageError> {
    let day = local_day(ctx.now);
    let month = format!("{:02}{:02}", day.year() % 100, day.month());
    let running = storage::counters::next(s, &format!("conversation:{month}"))?;
    Ok(format!("FR-{month}{running:04}"))
}

/// The resident waits from now on, if they did not already. Of spam nobody waits for an answer.
pub(super) fn waits(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &mut Conversation,
    mailbox: &Mailbox,
) -> Result<(), StorageError> {
    conversation.changed_at = ctx.now;
    if conversation.state != ConversationState::Spam && conversation.waiting_since_at.is_none() {
        let due = due_day(ctx.now, mailbox.clock_working_days);
        conversation.state = ConversationState::Waiting;
        conversation.waiting_since_at = Some(ctx.now);
        conversation.due_day = Some(due);
        queries::insert_wait(s, ctx, conversation.id, mailbox.id, ctx.now, due)?;
        record(s, ctx, "conversation_waiting", conversation.id, None, None)?;
    }
    queries::update_conversation(s, conversation)
}

/// Nobody waits in the conversation any more.
pub(super) fn ends(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &mut Conversation,
    state: ConversationState,
    by: WaitEnd,
) -> Result<(), StorageError> {
    if let (Some(_), Some(due)) = (conversation.waiting_since_at, conversation.due_day) {
        queries::end_wait(s, conversation.id, due, ctx.now, by)?;
    }
    conversation.state = state;
    conversation.waiting_since_at = None;
    conversation.due_day = None;
    conversation.taken_by = None;
    conversation.taken_at = None;
    conversation.changed_at = ctx.now;
    queries::update_conversation(s, conversation)
}
