//! Calling hourly staff in.

use super::{CALL_IN_SUBJECT, doer, found, record};
use crate::limits::{AVAILABILITY_CHARS_MAX, LINK_HOLDS, PEOPLE_MAX, TITLE_CHARS_MAX};
use crate::queries;
use crate::{CallIn, CallInPerson, CallInState, CrisisError};
use cases::{CaseSettings, LinkError, MessageChannel};
use people::{LinkKind, SignedLink, text};
use storage::Session;
use vocabulary::{
    CallInId, CallInPersonId, Context, CrisisId, GenericUuid as _, LinkId, MessageId, NewId as _,
    SignedDuration, Timestamp, UserId,
};

/// Who says to come at a time further away than this has mistaken the day.
const COMING_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// Somebody as they are to stand on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of CallInPerson")]
pub struct PutPerson {
    pub user_id: Option<UserId>,
    pub name: String,
    pub telephone: String,
    pub place: u32,
    pub availability: String,
    pub active: bool,
}

impl PutPerson {
    fn checked(&self, id: CallInPersonId) -> Result<CallInPerson, CrisisError> {
        Ok(CallInPerson {
            id,
            user_id: self.user_id,
            name: text::line("name", &self.name, text::NAME_CHARS_MAX)?,
            telephone: text::telephone("telephone", &self.telephone)?,
            place: self.place.clamp(1, u32::try_from(PEOPLE_MAX).unwrap_or(u32::MAX)),
            availability: text::optional_line("availability", &self.availability, AVAILABILITY_CHARS_MAX)?
                .unwrap_or_default(),
            active: self.active,
        })
    }
}

/// Puts somebody on the list; those from their place on are asked one later.
///
/// # Errors
/// A text is refused; the list is full.
pub fn add_person(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutPerson,
) -> Result<CallInPersonId, CrisisError> {
    if queries::count_people(s)? >= PEOPLE_MAX {
        return Err(CrisisError::TooMany { what: "people on the call-in list", max: PEOPLE_MAX });
    }
    let person = cmd.checked(ctx.next_id())?;
    queries::move_people(s, person.place)?;
    queries::insert_person(s, &person)?;
    person_changed(s, ctx, person.id, "added")?;
    Ok(person.id)
}

/// Changes how somebody stands on the list.
///
/// # Errors
/// A text is refused; there is nobody by that id.
pub fn change_person(
    s: &mut Session<'_>,
    ctx: &Context,
    id: CallInPersonId,
    cmd: &PutPerson,
) -> Result<(), CrisisError> {
    let before = found("person", queries::person(s, id)?)?;
    let person = cmd.checked(id)?;
    if person == before {
        return Ok(());
    }
    if person.place != before.place {
        queries::move_people(s, person.place)?;
    }
    queries::update_person(s, &person)?;
    person_changed(s, ctx, id, if person.active { "changed" } else { "inactive" })
}

fn person_changed(
    s: &mut Session<'_>,
    ctx: &Context,
    id: CallInPersonId,
    how: &str,
) -> Result<(), CrisisError> {
    let id = id.into_untyped_uuid();
    let kind = ("call_in_person_changed", CALL_IN_SUBJECT);
    Ok(record(s, ctx, kind, id, Some(id), Some(how.to_owned()))?)
}

/// Begins to call people in: everybody who is asked now, in the list's order. One round at a time: while one goes on,
/// that one is given.
///
/// # Errors
/// The reason is refused; nobody is on the list.
pub fn open_call_in(
    s: &mut Session<'_>,
    ctx: &Context,
    crisis: Option<CrisisId>,
    reason: &str,
) -> Result<CallInId, CrisisError> {
    if let Some(open) = queries::open_call_in(s)? {
        return Ok(open.id);
    }
    let round = CallIn {
        id: ctx.next_id(),
        crisis_id: crisis,
        reason: text::line("reason", reason, TITLE_CHARS_MAX)?,
        opened_at: ctx.now,
        texted_at: None,
        closed_at: None,
        answers: Vec::new(),
    };
    let asked: Vec<CallInPerson> = queries::people(s)?.into_iter().filter(|person| person.active).collect();
    if asked.is_empty() {
        return Err(CrisisError::NotFound { what: "person who is asked" });
    }
    queries::insert_round(s, &round, doer(ctx))?;
    for person in &asked {
        // The link tells nothing of when it was made or who was asked before whom.
        let link = LinkId::untimed(&*ctx.chance);
        queries::insert_answer(s, round.id, person.id, link, ctx.now)?;
    }
    note(s, ctx, "call_in_opened", round.id, None, Some(asked.len().to_string()))?;
    Ok(round.id)
}

fn note(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    round: CallInId,
    person: Option<CallInPersonId>,
    detail: Option<String>,
) -> Result<(), CrisisError> {
    let person = person.map(|id| id.into_untyped_uuid());
    Ok(record(s, ctx, (kind, CALL_IN_SUBJECT), round.into_untyped_uuid(), person, detail)?)
}

/// The round with this id, if people are still called in.
///
/// # Errors
/// There is no such round, or it is over.
pub fn call_in_open(s: &mut Session<'_>, round: CallInId) -> Result<CallIn, CrisisError> {
    let round = found("call-in", queries::call_in(s, round)?)?;
    if round.closed_at.is_none() { Ok(round) } else { Err(CrisisError::Closed) }
}

/// Sends a text message to everybody who has not been asked yet: `words`, and the link by which they answer. Told twice,
/// only those who have been added meanwhile get one. Tells how many were sent.
///
/// # Errors
/// The words are refused; the round is over.
pub fn text_everybody(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    round: CallInId,
    words: &str,
) -> Result<usize, CrisisError> {
    let words = text::line("words", words, TITLE_CHARS_MAX)?;
    let round = call_in_open(s, round)?;
    let mut sent = 0;
    for answer in round.answers.iter().filter(|a| a.state == CallInState::Waiting && a.message_id.is_none()) {
        let way_in = settings.public_base.address(&settings.signing_key, LinkKind::CallIn, answer.link_id);
        let message: MessageId = ctx.next_id();
        queries::insert_text(s, message, &answer.person.telephone, &format!("{words} {way_in}"), ctx.now)?;
        cases::resident_access::send_later(s, ctx, MessageChannel::Sms, message)?;
        let key = (round.id, answer.person.id);
        queries::set_message(s, key, message)?;
        queries::set_answer(s, key, CallInState::Texted, None, ctx.now, doer(ctx))?;
        sent += 1;
    }
    if sent > 0 {
        queries::set_texted(s, round.id, ctx.now)?;
        note(s, ctx, "call_in_texted", round.id, None, Some(sent.to_string()))?;
    }
    Ok(sent)
}

/// A leader notes how it stands with somebody.
///
/// # Errors
/// The round is over; they are not in it; the time is out of reach.
pub fn note_answer(
    s: &mut Session<'_>,
    ctx: &Context,
    round: CallInId,
    person: CallInPersonId,
    state: CallInState,
    coming_at: Option<Timestamp>,
) -> Result<(), CrisisError> {
    let round = call_in_open(s, round)?;
    let before = found("person", round.answers.iter().find(|answer| answer.person.id == person))?;
    let coming_at = coming_at.filter(|_| state == CallInState::Yes);
    within_reach(ctx, coming_at)?;
    if (before.state, before.coming_at) == (state, coming_at) {
        return Ok(());
    }
    queries::set_answer(s, (round.id, person), state, coming_at, ctx.now, doer(ctx))?;
    note(s, ctx, "call_in_noted", round.id, Some(person), Some(state.to_string()))
}

fn within_reach(ctx: &Context, coming_at: Option<Timestamp>) -> Result<(), CrisisError> {
    let fits = coming_at.is_none_or(|at| {
        let ahead = at.duration_since(ctx.now);
        ahead <= COMING_WITHIN && ahead >= -COMING_WITHIN
    });
    if fits { Ok(()) } else { Err(CrisisError::Period) }
}

/// What somebody answers by the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerByLink {
    /// Whether they come.
    pub comes: bool,
    /// When, if they do.
    pub coming_at: Option<Timestamp>,
}

/// Somebody answers by their link. They may change their mind for as long as the round goes on.
///
/// # Errors
/// The link does not hold; the round is over; the time is out of reach.
pub fn answer_by_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
    answer: &AnswerByLink,
) -> Result<(), CrisisError> {
    let (round, person) = behind(s, settings, token, ctx.now)?;
    let coming_at = answer.coming_at.filter(|_| answer.comes);
    within_reach(ctx, coming_at)?;
    let state = if answer.comes { CallInState::Yes } else { CallInState::No };
    let before = round.answers.iter().find(|one| one.person.id == person);
    if before.is_some_and(|one| one.state == state && one.coming_at == coming_at) {
        return Ok(());
    }
    queries::set_answer(s, (round.id, person), state, coming_at, ctx.now, None)?;
    note(s, ctx, "call_in_answered", round.id, Some(person), Some(state.to_string()))
}

/// The round and the person behind a link, if it holds.
///
/// # Errors
/// As [`answer_by_link`].
pub fn behind(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<(CallIn, CallInPersonId), CrisisError> {
    let link = SignedLink::verify(&settings.signing_key, LinkKind::CallIn, token).ok_or(LinkError::Forged)?;
    let (round, person) = queries::answer_by_link(s, link)?.ok_or(LinkError::Revoked)?;
    let round = call_in_open(s, round).map_err(|error| match error {
        CrisisError::Closed => LinkError::Revoked.into(),
        other => other,
    })?;
    if now.duration_since(round.opened_at) > LINK_HOLDS {
        return Err(LinkError::Expired.into());
    }
    Ok((round, person))
}

/// Ends a round: the links no longer hold. Nothing happens if it is over.
///
/// # Errors
/// There is no such round.
pub fn close_call_in(s: &mut Session<'_>, ctx: &Context, round: CallInId) -> Result<(), CrisisError> {
    found("call-in", queries::call_in(s, round)?)?;
    if queries::close_round(s, round, ctx.now)? > 0 {
        note(s, ctx, "call_in_closed", round, None, None)?;
    }
    Ok(())
}
