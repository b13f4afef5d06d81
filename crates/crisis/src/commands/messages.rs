//! Writing, approving and ending what is said.

use super::{SUBJECT, doer, found, record};
use crate::limits::{LIVE_MAX, SPOKEN_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::queries;
use crate::{Approval, Crisis, CrisisError, CrisisKind, Message, MessageState, Period, SoundSource};
use people::text;
use storage::Session;
use vocabulary::{Context, CrisisId, CrisisMessageId, GenericUuid as _, Timestamp};

/// A crisis that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What sort it is.
    pub kind: CrisisKind,
    /// What it is called.
    pub title: String,
    /// From when figures are not like other days'.
    pub begins_at: Timestamp,
}

/// What somebody wants to have said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Message")]
pub struct Draft {
    pub title: String,
    pub public_text: String,
    pub guide_text: String,
    pub spoken_text: String,
}

impl Draft {
    fn checked(&self) -> Result<Self, CrisisError> {
        let some = |field, given: &str, max| {
            text::optional_paragraphs(field, given, max).map(Option::unwrap_or_default)
        };
        Ok(Self {
            title: text::line("title", &self.title, TITLE_CHARS_MAX)?,
            public_text: text::paragraphs("public_text", &self.public_text, TEXT_CHARS_MAX)?,
            guide_text: some("guide_text", &self.guide_text, TEXT_CHARS_MAX)?,
            spoken_text: some("spoken_text", &self.spoken_text, SPOKEN_CHARS_MAX)?,
        })
    }
}

/// Writes down that a crisis has begun.
///
/// # Errors
/// The title is refused; too many go on.
pub fn begin(s: &mut Session<'_>, ctx: &Context, opening: &Opening) -> Result<CrisisId, CrisisError> {
    if queries::going_on(s)?.len() >= LIVE_MAX {
        return Err(CrisisError::TooMany { what: "crises at a time", max: LIVE_MAX });
    }
    let crisis = Crisis {
        id: ctx.next_id(),
        title: text::line("title", &opening.title, TITLE_CHARS_MAX)?,
        kind: opening.kind,
        begins_at: opening.begins_at.min(ctx.now),
        ends_at: None,
        opened_at: ctx.now,
        opened_by: doer(ctx),
    };
    queries::insert_crisis(s, &crisis)?;
    record(
        s,
        ctx,
        ("crisis_opened", SUBJECT),
        crisis.id.into_untyped_uuid(),
        None,
        Some(crisis.kind.to_string()),
    )?;
    Ok(crisis.id)
}

/// Writes a new version, as a draft; or, with `message`, changes a draft. What was recorded for other words is then
/// dropped, unless the words that are spoken stay the same.
///
/// # Errors
/// A text is refused; the crisis is over; it is a draft no longer.
pub fn write_draft(
    s: &mut Session<'_>,
    ctx: &Context,
    crisis: CrisisId,
    message: Option<CrisisMessageId>,
    draft: &Draft,
) -> Result<CrisisMessageId, CrisisError> {
    let crisis = found("crisis", queries::crisis(s, crisis)?)?;
    if crisis.ends_at.is_some() {
        return Err(CrisisError::Over);
    }
    let Draft { title, public_text, guide_text, spoken_text } = draft.checked()?;
    let before = match message {
        Some(id) => Some(found("message", queries::message(s, id)?.filter(|m| m.crisis_id == crisis.id))?),
        None => None,
    };
    let message = Message {
        id: before.as_ref().map_or_else(|| ctx.next_id(), |m| m.id),
        crisis_id: crisis.id,
        version: match &before {
            Some(before) => before.version,
            None => queries::last_version(s, crisis.id)? + 1,
        },
        state: MessageState::Draft,
        revision: before.as_ref().map_or(1, |m| m.revision + 1),
        title,
        public_text,
        guide_text,
        spoken_text,
        written_by: doer(ctx),
        written_at: ctx.now,
        approved_by: None,
        approved_at: None,
        alone: false,
        ended_at: None,
        sound: None,
    };
    match before {
        Some(before) => {
            if queries::update_draft(s, &message)? == 0 {
                return Err(CrisisError::NotADraft);
            }
            if before.spoken_text != message.spoken_text && before.sound == Some(SoundSource::Spoken) {
                queries::remove_sound(s, message.id)?;
            }
        }
        None => queries::insert_message(s, &message)?,
    }
    note(s, ctx, "crisis_message_written", &message, Some(message.version.to_string()))?;
    Ok(message.id)
}

fn note(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    message: &Message,
    detail: Option<String>,
) -> Result<(), CrisisError> {
    let (crisis, about) = (message.crisis_id.into_untyped_uuid(), message.id.into_untyped_uuid());
    Ok(record(s, ctx, (kind, SUBJECT), crisis, Some(about), detail)?)
}

fn draft(s: &mut Session<'_>, id: CrisisMessageId) -> Result<Message, CrisisError> {
    let message = found("message", queries::message(s, id)?)?;
    if message.state == MessageState::Draft { Ok(message) } else { Err(CrisisError::NotADraft) }
}

/// Gives a draft its sound: a WAV file of ours ([`crate::sound`]), recorded or read by the speech command. `revision` is
/// that of the words it was made of.
///
/// # Errors
/// It is a draft no longer, or its words have changed meanwhile.
pub fn attach_sound(
    s: &mut Session<'_>,
    ctx: &Context,
    message: CrisisMessageId,
    revision: u32,
    source: SoundSource,
    wav: &[u8],
) -> Result<(), CrisisError> {
    let message = draft(s, message)?;
    if message.revision != revision {
        return Err(CrisisError::Changed);
    }
    queries::put_sound(s, message.id, source, wav, ctx.now, doer(ctx))?;
    note(s, ctx, "crisis_sound_made", &message, Some(format!("{} {source}", message.version)))
}

/// Takes the sound of a draft away.
///
/// # Errors
/// It is a draft no longer.
pub fn drop_sound(s: &mut Session<'_>, ctx: &Context, message: CrisisMessageId) -> Result<(), CrisisError> {
    let message = draft(s, message)?;
    if queries::remove_sound(s, message.id)? > 0 {
        note(s, ctx, "crisis_sound_removed", &message, Some(message.version.to_string()))?;
    }
    Ok(())
}

/// Somebody approves a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approve {
    /// Which.
    pub message: CrisisMessageId,
    /// The revision that was read.
    pub revision: u32,
    /// Whether anybody else who may approve is on duty: see [`queries::on_duty`].
    pub others_on_duty: bool,
}

/// Approves a draft, which publishes it: in place of the version before. Told twice, nothing happens the second time.
///
/// # Errors
/// Whoever wrote it is not alone; it has been changed since it was read; the crisis is over.
pub fn approve(s: &mut Session<'_>, ctx: &Context, cmd: Approve) -> Result<CrisisId, CrisisError> {
    let message = found("message", queries::message(s, cmd.message)?)?;
    if message.state == MessageState::Live && message.approved_by == doer(ctx) {
        return Ok(message.crisis_id);
    }
    let crisis = found("crisis", queries::crisis(s, message.crisis_id)?)?;
    if crisis.ends_at.is_some() {
        return Err(CrisisError::Over);
    }
    if message.state != MessageState::Draft {
        return Err(CrisisError::NotADraft);
    }
    let alone = match Approval::of(message.written_by, doer(ctx), cmd.others_on_duty) {
        Approval::Refused => return Err(CrisisError::OwnMessage),
        how => how == Approval::Alone,
    };
    if message.revision != cmd.revision {
        return Err(CrisisError::Changed);
    }
    queries::end_live(s, crisis.id, ctx.now, MessageState::Replaced)?;
    if queries::set_live(s, ctx, message.id, cmd.revision, doer(ctx), alone)? == 0 {
        return Err(CrisisError::Changed);
    }
    let detail = format!("{}{}", message.version, if alone { " alone" } else { "" });
    note(s, ctx, "crisis_message_approved", &message, Some(detail))?;
    Ok(crisis.id)
}

/// Puts a draft away.
///
/// # Errors
/// It is a draft no longer.
pub fn discard(
    s: &mut Session<'_>,
    ctx: &Context,
    message: CrisisMessageId,
) -> Result<CrisisId, CrisisError> {
    let message = draft(s, message)?;
    queries::set_state(s, message.id, MessageState::Discarded, ctx.now)?;
    note(s, ctx, "crisis_message_discarded", &message, Some(message.version.to_string()))?;
    Ok(message.crisis_id)
}

/// Ends a crisis: what is said is taken away everywhere, drafts are put away. Nothing happens if it is over.
///
/// # Errors
/// There is no such crisis.
pub fn end(s: &mut Session<'_>, ctx: &Context, crisis: CrisisId) -> Result<(), CrisisError> {
    let crisis = found("crisis", queries::crisis(s, crisis)?)?;
    // One that began this very instant has still lasted.
    let at = ctx.now.max(crisis.begins_at + vocabulary::SignedDuration::from_micros(1));
    if queries::close_crisis(s, crisis.id, at, doer(ctx))? == 0 {
        return Ok(());
    }
    queries::end_live(s, crisis.id, ctx.now, MessageState::Ended)?;
    for message in queries::messages_of(s, crisis.id)? {
        queries::set_state(s, message.id, MessageState::Discarded, ctx.now)?;
    }
    record(s, ctx, ("crisis_ended", SUBJECT), crisis.id.into_untyped_uuid(), None, None)?;
    Ok(())
}

/// Says from when until when a crisis lasted, and what it was called. What is still going on ends by [`end`] only.
///
/// # Errors
/// The title is refused; the period cannot be so.
pub fn set_period(
    s: &mut Session<'_>,
    ctx: &Context,
    crisis: CrisisId,
    title: &str,
    begins_at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<(), CrisisError> {
    let before = found("crisis", queries::crisis(s, crisis)?)?;
    let title = text::line("title", title, TITLE_CHARS_MAX)?;
    let fits = Period::fits(begins_at, ends_at)
        && begins_at <= ctx.now
        && ends_at.is_none_or(|end| end <= ctx.now)
        && ends_at.is_some() == before.ends_at.is_some();
    if !fits {
        return Err(CrisisError::Period);
    }
    if (before.begins_at, before.ends_at, before.title.as_str()) == (begins_at, ends_at, title.as_str()) {
        return Ok(());
    }
    queries::set_period(s, crisis, &title, begins_at, ends_at)?;
    record(s, ctx, ("crisis_period_changed", SUBJECT), crisis.into_untyped_uuid(), None, None)?;
    Ok(())
}

/// For the log: that callers hear the message from now on, or no longer. Told by whoever switched the queue.
///
/// # Errors
/// The database.
pub fn notice_switched(
    s: &mut Session<'_>,
    ctx: &Context,
    crisis: CrisisId,
    on: bool,
) -> Result<(), CrisisError> {
    let kind = if on { "crisis_notice_on" } else { "crisis_notice_off" };
    Ok(record(s, ctx, (kind, SUBJECT), crisis.into_untyped_uuid(), None, None)?)
}
