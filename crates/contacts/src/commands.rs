//! What can be done with a contact.

use people::text;
use routing::CallEnding;
use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{
    Actor, AnyId, CaseId, CaseTypeId, Channel, ContactId, Context, GenericUuid as _, ResidentId, UserId,
};

use crate::model::{Arrive, Contact, Ending, Log, NOTE_CHARS_MAX, Register, TakeIn};
use crate::{ContactsError, queries};

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    contact: ContactId,
    related: Option<AnyId>,
    detail: Option<&'static str>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "contact", id: contact.into_untyped_uuid() };
    storage::timeline::append(s, ctx, Entry { kind, subject, related, detail: detail.map(str::to_owned) })?;
    Ok(())
}

/// A call arrives. Tells whether it was new; the same contact again changes nothing.
///
/// # Errors
/// The database.
pub fn arrive(s: &mut Session<'_>, ctx: &Context, cmd: &Arrive) -> Result<bool, ContactsError> {
    let new = queries::insert_call(s, cmd, ctx.now)? > 0;
    if new {
        record(s, ctx, "contact_arrived", cmd.contact, cmd.group.map(|g| g.into_untyped_uuid()), None)?;
    }
    Ok(new)
}

/// A call joined its queue. Of a call that was answered it means that the guide vanished and it waits again: then it is
/// nobody's, but when it was first answered stays. Tells whether anything changed.
///
/// # Errors
/// The database.
pub fn mark_queued(s: &mut Session<'_>, ctx: &Context, contact: ContactId) -> Result<bool, ContactsError> {
    if queries::update_queued(s, contact, ctx.now)? > 0 {
        record(s, ctx, "contact_queued", contact, None, None)?;
        return Ok(true);
    }
    if queries::update_returned(s, contact)? > 0 {
        record(s, ctx, "contact_returned", contact, None, None)?;
        return Ok(true);
    }
    Ok(false)
}

/// A guide answered a call. Tells whether anything changed.
///
/// # Errors
/// The database.
pub fn mark_answered(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    guide: UserId,
) -> Result<bool, ContactsError> {
    let changed = queries::update_answered(s, contact, guide, ctx.now)? > 0;
    if changed {
        record(s, ctx, "contact_answered", contact, Some(guide.into_untyped_uuid()), None)?;
    }
    Ok(changed)
}

/// A call is over. The first ending holds; tells whether this was it.
///
/// # Errors
/// The database.
pub fn mark_ended(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    ending: CallEnding,
    guide: Option<UserId>,
) -> Result<bool, ContactsError> {
    let ending = Ending::from(ending);
    let changed = queries::update_ended(s, contact, ending, guide, ctx.now)? > 0;
    if changed {
        let related = guide.map(|guide| guide.into_untyped_uuid());
        record(s, ctx, "contact_ended", contact, related, Some(ending.as_str()))?;
    }
    Ok(changed)
}

/// Ends as failed the calls that were under way when the process stopped; to be called once at start, before the first
/// new call.
///
/// # Errors
/// The database.
pub fn end_orphans(s: &mut Session<'_>, ctx: &Context) -> Result<Vec<ContactId>, ContactsError> {
    let orphans = queries::calls_under_way(s)?;
    for contact in &orphans {
        mark_ended(s, ctx, *contact, CallEnding::Failed, None)?;
    }
    Ok(orphans)
}

/// The guide logs a contact: what it was about, what came of it, a note. Logging again replaces what was logged.
///
/// # Errors
/// The note is too long, there is no such contact or case type, nobody has answered it, or it was another guide's.
pub fn log(s: &mut Session<'_>, ctx: &Context, cmd: &Log) -> Result<Contact, ContactsError> {
    let note = text::optional_paragraphs("note", &cmd.note, NOTE_CHARS_MAX)?;
    let contact = queries::by_id(s, cmd.contact)?.ok_or(ContactsError::NotFound { what: "contact" })?;
    if contact.answered_at.is_none() {
        return Err(ContactsError::NotAnswered);
    }
    if let Actor::User(user) = ctx.actor
        && contact.guide != Some(user)
    {
        return Err(ContactsError::NotYours);
    }
    known_case_type(s, cmd.case_type)?;
    queries::update_logged(s, cmd, note.as_deref(), ctx.now)?;
    let kind = if contact.logged_at.is_none() { "contact_logged" } else { "contact_log_changed" };
    let about = Some(cmd.case_type.into_untyped_uuid());
    record(s, ctx, kind, cmd.contact, about, Some(cmd.outcome.as_str()))?;
    Ok(Contact {
        logged_at: contact.logged_at.or(Some(ctx.now)),
        case_type: Some(cmd.case_type),
        outcome: Some(cmd.outcome),
        note,
        ..contact
    })
}

fn known_case_type(s: &mut Session<'_>, case_type: CaseTypeId) -> Result<(), ContactsError> {
    if queries::case_type_exists(s, case_type)? {
        Ok(())
    } else {
        Err(ContactsError::NotFound { what: "case type" })
    }
}

/// Says which case a contact belongs to. The same case again changes nothing.
///
/// # Errors
/// There is no such contact; that there is such a case is the database's to say.
pub fn attach_case(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    case: CaseId,
) -> Result<(), ContactsError> {
    let before = queries::by_id(s, contact)?.ok_or(ContactsError::NotFound { what: "contact" })?;
    if before.case == Some(case) {
        return Ok(());
    }
    queries::update_case(s, contact, case)?;
    record(s, ctx, "contact_attached", contact, Some(case.into_untyped_uuid()), None)?;
    Ok(())
}

/// Puts a contact that belongs to one case with another, when cases are merged, parted or split. One that lies elsewhere
/// stays where it is.
///
/// # Errors
/// The database.
pub fn move_case(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    (from, to): (CaseId, CaseId),
) -> Result<(), ContactsError> {
    if queries::move_case(s, contact, (from, to))? > 0 {
        record(s, ctx, "contact_attached", contact, Some(to.into_untyped_uuid()), None)?;
    }
    Ok(())
}

/// Says whose a contact is: the guide has heard who calls from a withheld or shared number.
///
/// # Errors
/// There is no such contact or resident, or the contact is another guide's.
pub fn set_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    resident: ResidentId,
) -> Result<(), ContactsError> {
    let before = queries::by_id(s, contact)?.ok_or(ContactsError::NotFound { what: "contact" })?;
    if let Actor::User(user) = ctx.actor
        && before.guide != Some(user)
    {
        return Err(ContactsError::NotYours);
    }
    if before.resident == Some(resident) {
        return Ok(());
    }
    people::residents::queries::by_id(s, resident)?.ok_or(ContactsError::NotFound { what: "resident" })?;
    queries::update_resident(s, contact, resident)?;
    record(s, ctx, "contact_resident_set", contact, Some(resident.into_untyped_uuid()), None)?;
    Ok(())
}

/// Registers a contact in another channel than the telephone, as over and handled.
///
/// # Errors
/// It is a call, it is said to arrive later than now, the note is too long, or what it refers to is not there.
pub fn register(s: &mut Session<'_>, ctx: &Context, cmd: &Register) -> Result<Contact, ContactsError> {
    if cmd.channel == Channel::Call {
        return Err(ContactsError::Channel(cmd.channel));
    }
    let arrived_at = cmd.arrived_at.unwrap_or(ctx.now);
    if arrived_at > ctx.now {
        return Err(ContactsError::InTheFuture);
    }
    refers_to_what_is_there(s, cmd)?;
    let contact = Contact {
        id: ctx.next_id(),
        channel: cmd.channel,
        resident: cmd.resident,
        caller_number: None,
        group: cmd.group,
        arrived_at,
        queued_at: None,
        answered_at: Some(ctx.now),
        ended_at: Some(ctx.now),
        ending: Some(Ending::Handled),
        guide: cmd.guide,
        logged_at: cmd.logged.map(|_| ctx.now),
        case_type: cmd.logged.map(|(case_type, _)| case_type),
        outcome: cmd.logged.map(|(_, outcome)| outcome),
        note: text::optional_paragraphs("note", &cmd.note, NOTE_CHARS_MAX)?,
        case: None,
    };
    queries::insert(s, &contact)?;
    let resident = cmd.resident.map(|resident| resident.into_untyped_uuid());
    record(s, ctx, "contact_registered", contact.id, resident, Some(cmd.channel.as_str()))?;
    if let (Some(case_type), Some(outcome)) = (contact.case_type, contact.outcome) {
        let about = Some(case_type.into_untyped_uuid());
        record(s, ctx, "contact_logged", contact.id, about, Some(outcome.as_str()))?;
    }
    Ok(contact)
}

/// Takes in a contact that waits for a person without ringing: an e-mail, a question from the web, a visit. It is taken
/// up with [`hand_to`], and then logged like a call.
///
/// # Errors
/// It is a call, it is said to arrive later than now, or what it refers to is not there.
pub fn take_in(s: &mut Session<'_>, ctx: &Context, cmd: &TakeIn) -> Result<Contact, ContactsError> {
    if cmd.channel == Channel::Call {
        return Err(ContactsError::Channel(cmd.channel));
    }
    if cmd.arrived_at > ctx.now {
        return Err(ContactsError::InTheFuture);
    }
    if let Some(resident) = cmd.resident {
        people::residents::queries::by_id(s, resident)?
            .ok_or(ContactsError::NotFound { what: "resident" })?;
    }
    let contact = Contact {
        id: ctx.next_id(),
        channel: cmd.channel,
        resident: cmd.resident,
        caller_number: None,
        group: cmd.group,
        arrived_at: cmd.arrived_at,
        queued_at: Some(cmd.arrived_at),
        answered_at: None,
        ended_at: None,
        ending: None,
        guide: None,
        logged_at: None,
        case_type: None,
        outcome: None,
        note: None,
        case: None,
    };
    queries::insert(s, &contact)?;
    let resident = cmd.resident.map(|resident| resident.into_untyped_uuid());
    record(s, ctx, "contact_taken_in", contact.id, resident, Some(cmd.channel.as_str()))?;
    Ok(contact)
}

/// A guide has answered a contact that is no call, or has it now instead of who had it before: it is theirs to log. Calls
/// are routing's and stay as they are. Tells whether anything changed.
///
/// # Errors
/// The database.
pub fn hand_to(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    guide: UserId,
) -> Result<bool, ContactsError> {
    let changed = queries::update_handed(s, contact, guide, ctx.now)? > 0;
    if changed {
        record(s, ctx, "contact_answered", contact, Some(guide.into_untyped_uuid()), None)?;
    }
    Ok(changed)
}

/// A contact that is no call is over without having reached anybody: unwanted mail, a visitor who left. The first ending
/// holds; tells whether this was it.
///
/// # Errors
/// The database.
pub fn end_unanswered(s: &mut Session<'_>, ctx: &Context, contact: ContactId) -> Result<bool, ContactsError> {
    let changed = queries::update_ended(s, contact, Ending::Abandoned, None, ctx.now)? > 0;
    if changed {
        record(s, ctx, "contact_ended", contact, None, Some(Ending::Abandoned.as_str()))?;
    }
    Ok(changed)
}

/// Takes back that a contact ended without having reached anybody: it waits again.
///
/// # Errors
/// The database.
pub fn wait_again(s: &mut Session<'_>, ctx: &Context, contact: ContactId) -> Result<bool, ContactsError> {
    let changed = queries::update_waiting_again(s, contact)? > 0;
    if changed {
        record(s, ctx, "contact_returned", contact, None, None)?;
    }
    Ok(changed)
}

fn refers_to_what_is_there(s: &mut Session<'_>, cmd: &Register) -> Result<(), ContactsError> {
    if let Some(resident) = cmd.resident {
        people::residents::queries::by_id(s, resident)?
            .ok_or(ContactsError::NotFound { what: "resident" })?;
    }
    if let Some(group) = cmd.group {
        people::directory::queries::answer_group(s, group)?
            .ok_or(ContactsError::NotFound { what: "answer group" })?;
    }
    if let Some(guide) = cmd.guide {
        people::users::queries::by_id(s, guide)?.ok_or(ContactsError::NotFound { what: "user" })?;
    }
    match cmd.logged {
        Some((case_type, _)) => known_case_type(s, case_type),
        None => Ok(()),
    }
}
