//! Meetings with a department: standing ones and single ones, agenda, notes, decisions, what was undertaken, invitations.

use super::note;
use crate::agenda::Suggestion;
use crate::feed;
use crate::ical;
use crate::meeting::{AgendaKind, LAST, MINUTES_MAX, Meeting, MeetingState, Series, next_day};
use crate::model::EventState;
use crate::queries::{self, Action, Item};
use crate::{AheadError, note_line};
use cases::commands::{NewLetter, write_letter};
use cases::queries::LetterFile;
use jiff::civil::Weekday;
use people::text;
use storage::{Session, blobs};
use vocabulary::civil::{Date, Time};
use vocabulary::{
    Actor, Context, DepartmentId, GenericUuid as _, MeetingActionId, MeetingId, MeetingItemId,
    MeetingSeriesId, OfficerId, PlannedEventId, SignedDuration, Timestamp, UserId, local_day, time_zone,
};

/// Longest notes of a meeting or of a point of its agenda, in characters.
const NOTES_CHARS_MAX: usize = 20_000;
/// Most points of one agenda.
const ITEMS_MAX: usize = 60;
/// Most people invited.
pub const GUESTS_MAX: usize = 50;

/// A standing meeting to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Series")]
pub struct NewSeries {
    pub department: DepartmentId,
    pub nth: u8,
    pub weekday: Weekday,
    pub begins: Time,
    pub minutes: u16,
    pub place: String,
}

/// Begins a standing meeting, and plans the first one.
///
/// # Errors
/// [`AheadError::Value`] or [`AheadError::Text`], naming the field; the database.
pub fn begin_series(
    s: &mut Session<'_>,
    ctx: &Context,
    new: &NewSeries,
) -> Result<MeetingSeriesId, AheadError> {
    department(s, new.department)?;
    if !(1..=LAST).contains(&new.nth) {
        return Err(AheadError::Value { field: "nth" });
    }
    if !(1..=MINUTES_MAX).contains(&new.minutes) {
        return Err(AheadError::Value { field: "minutes" });
    }
    let series = Series {
        id: ctx.next_id(),
        department: new.department,
        nth: new.nth,
        weekday: new.weekday,
        begins: new.begins,
        minutes: new.minutes,
        place: text::optional_line("place", &new.place, text::LINE_CHARS_MAX)?.unwrap_or_default(),
        active: true,
    };
    queries::insert_series(s, &series)?;
    note(s, ctx, "meeting_series_begun", ("meeting_series", series.id.into_untyped_uuid()), None)?;
    plan_next(s, ctx, series.id)?;
    Ok(series.id)
}

/// Ends a standing meeting; what is planned stays planned.
///
/// # Errors
/// There is no such one; the database.
pub fn end_series(s: &mut Session<'_>, ctx: &Context, id: MeetingSeriesId) -> Result<(), AheadError> {
    let series = queries::series(s, id)?.ok_or(AheadError::NotFound { what: "meeting series" })?;
    if series.active {
        queries::set_series_active(s, id, false)?;
        note(s, ctx, "meeting_series_ended", ("meeting_series", id.into_untyped_uuid()), None)?;
    }
    Ok(())
}

/// When the next meeting of a series would be: from, until.
///
/// # Errors
/// The database.
pub fn proposed(
    s: &mut Session<'_>,
    series: &Series,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), AheadError> {
    let of_series = queries::meetings(s, Some(series.department))?;
    let last = of_series
        .iter()
        .filter(|m| m.series == Some(series.id) && m.state != MeetingState::Cancelled)
        .map(|m| local_day(m.begins_at))
        .max();
    let today = local_day(now);
    let after = last.map_or(today, |last| last.max(today));
    // A meeting that was moved by some days still is its month's.
    let after = if last == Some(after) { after.last_of_month() } else { after };
    let day = next_day(series.nth, series.weekday, after);
    span(day, series.begins, series.minutes)
}

fn span(day: Date, begins: Time, minutes: u16) -> Result<(Timestamp, Timestamp), AheadError> {
    let zoned = day.to_datetime(begins).to_zoned(time_zone());
    let begins_at = zoned.map_err(|_| AheadError::Value { field: "day" })?.timestamp();
    let ends_at = begins_at.checked_add(SignedDuration::from_mins(i64::from(minutes)));
    Ok((begins_at, ends_at.map_err(|_| AheadError::Value { field: "minutes" })?))
}

/// Plans the next meeting of a series, unless one is planned already; gives the one that is next.
///
/// # Errors
/// [`AheadError::Forbidden`] if the series has ended; the database.
pub fn plan_next(s: &mut Session<'_>, ctx: &Context, id: MeetingSeriesId) -> Result<MeetingId, AheadError> {
    let series = queries::series(s, id)?.ok_or(AheadError::NotFound { what: "meeting series" })?;
    if !series.active {
        return Err(AheadError::Forbidden { state: "ended" });
    }
    let planned = queries::meetings(s, Some(series.department))?
        .into_iter()
        .find(|m| m.series == Some(id) && m.state == MeetingState::Planned && m.begins_at > ctx.now);
    if let Some(planned) = planned {
        return Ok(planned.id);
    }
    let (begins_at, ends_at) = proposed(s, &series, ctx.now)?;
    insert(s, ctx, Some(id), series.department, (begins_at, ends_at), &series.place)
}

/// Plans a single meeting.
///
/// # Errors
/// [`AheadError::Value`] or [`AheadError::Text`], naming the field; the database.
pub fn plan_meeting(
    s: &mut Session<'_>,
    ctx: &Context,
    with: DepartmentId,
    (day, begins, minutes): (Date, Time, u16),
    place: &str,
) -> Result<MeetingId, AheadError> {
    department(s, with)?;
    if !(1..=MINUTES_MAX).contains(&minutes) {
        return Err(AheadError::Value { field: "minutes" });
    }
    let place = text::optional_line("place", place, text::LINE_CHARS_MAX)?.unwrap_or_default();
    insert(s, ctx, None, with, span(day, begins, minutes)?, &place)
}

fn insert(
    s: &mut Session<'_>,
    ctx: &Context,
    series: Option<MeetingSeriesId>,
    department: DepartmentId,
    (begins_at, ends_at): (Timestamp, Timestamp),
    place: &str,
) -> Result<MeetingId, AheadError> {
    let meeting = Meeting {
        id: ctx.next_id(),
        series,
        department,
        begins_at,
        ends_at,
        place: place.to_owned(),
        state: MeetingState::Planned,
        notes: String::new(),
        version: 1,
        changed_at: ctx.now,
    };
    queries::insert_meeting(s, &meeting)?;
    told(s, ctx, "meeting_planned", meeting.id)?;
    // Who came last time is asked again.
    let before = queries::meetings(s, Some(department))?
        .into_iter()
        .find(|other| other.id != meeting.id && other.state == MeetingState::Held);
    if let Some(before) = before {
        for (officer, _) in queries::guests(s, before.id)? {
            queries::insert_guest(s, meeting.id, officer)?;
        }
    }
    Ok(meeting.id)
}

/// Moves a planned meeting.
///
/// # Errors
/// [`AheadError::Forbidden`] if it is held or cancelled; what [`plan_meeting`] refuses.
pub fn move_meeting(
    s: &mut Session<'_>,
    ctx: &Context,
    id: MeetingId,
    (day, begins, minutes): (Date, Time, u16),
    place: &str,
) -> Result<(), AheadError> {
    let mut meeting = planned(s, id)?;
    if !(1..=MINUTES_MAX).contains(&minutes) {
        return Err(AheadError::Value { field: "minutes" });
    }
    let before = (meeting.begins_at, meeting.ends_at, meeting.place.clone());
    (meeting.begins_at, meeting.ends_at) = span(day, begins, minutes)?;
    meeting.place = text::optional_line("place", place, text::LINE_CHARS_MAX)?.unwrap_or_default();
    if before == (meeting.begins_at, meeting.ends_at, meeting.place.clone()) {
        return Ok(());
    }
    stepped(s, ctx, meeting, "meeting_moved")
}

/// Cancels a planned meeting. Twice is as once.
///
/// # Errors
/// [`AheadError::Forbidden`] if it has been held; the database.
pub fn cancel_meeting(s: &mut Session<'_>, ctx: &Context, id: MeetingId) -> Result<(), AheadError> {
    let mut meeting = found(s, id)?;
    match meeting.state {
        MeetingState::Cancelled => Ok(()),
        MeetingState::Held => Err(AheadError::Forbidden { state: "held" }),
        MeetingState::Planned => {
            meeting.state = MeetingState::Cancelled;
            stepped(s, ctx, meeting, "meeting_cancelled")
        }
    }
}

/// Closes a meeting: it has been held. The next one of its series is planned; it is given, if there is one.
///
/// # Errors
/// [`AheadError::Forbidden`] if it is cancelled; the database.
pub fn close_meeting(
    s: &mut Session<'_>,
    ctx: &Context,
    id: MeetingId,
) -> Result<Option<MeetingId>, AheadError> {
    let mut meeting = found(s, id)?;
    match meeting.state {
        MeetingState::Cancelled => return Err(AheadError::Forbidden { state: "cancelled" }),
        MeetingState::Held => {}
        MeetingState::Planned => {
            meeting.state = MeetingState::Held;
            queries::update_meeting(s, &meeting)?;
            told(s, ctx, "meeting_held", id)?;
        }
    }
    let Some(of) = meeting.series else { return Ok(None) };
    match queries::series(s, of)? {
        Some(series) if series.active => plan_next(s, ctx, of).map(Some),
        _ => Ok(None),
    }
}

/// Writes the meeting's own notes.
///
/// # Errors
/// [`AheadError::Text`]; there is no such meeting; the database.
pub fn write_notes(s: &mut Session<'_>, ctx: &Context, id: MeetingId, notes: &str) -> Result<(), AheadError> {
    let mut meeting = found(s, id)?;
    meeting.notes = text::optional_paragraphs("notes", notes, NOTES_CHARS_MAX)?.unwrap_or_default();
    queries::update_meeting(s, &meeting)?;
    Ok(told(s, ctx, "meeting_written", id)?)
}

/// Puts a point of one's own on the agenda.
///
/// # Errors
/// [`AheadError::Text`]; [`AheadError::TooMany`]; the database.
pub fn add_item(
    s: &mut Session<'_>,
    ctx: &Context,
    meeting: MeetingId,
    title: &str,
) -> Result<MeetingItemId, AheadError> {
    let title = text::line("title", title, text::LINE_CHARS_MAX)?;
    put_item(s, ctx, meeting, AgendaKind::Own, String::new(), title, String::new())
}

/// Puts what was suggested on the agenda, in the words the page has for it. Twice is as once.
///
/// # Errors
/// [`AheadError::Text`]; [`AheadError::TooMany`]; the database.
pub fn take_suggestion(
    s: &mut Session<'_>,
    ctx: &Context,
    meeting: MeetingId,
    suggestion: &Suggestion,
    (title, detail): (&str, &str),
) -> Result<MeetingItemId, AheadError> {
    let (kind, source) = (suggestion.kind(), suggestion.source());
    let same = queries::items(s, meeting)?.into_iter().find(|i| i.kind == kind && i.source == source);
    if let Some(same) = same {
        return Ok(same.id);
    }
    let title: String = title.chars().take(text::LINE_CHARS_MAX).collect();
    let title = text::line("title", &title, text::LINE_CHARS_MAX)?;
    let detail = text::optional_paragraphs("detail", detail, text::PARAGRAPHS_CHARS_MAX)?.unwrap_or_default();
    put_item(s, ctx, meeting, kind, source, title, detail)
}

fn put_item(
    s: &mut Session<'_>,
    ctx: &Context,
    meeting: MeetingId,
    kind: AgendaKind,
    source: String,
    title: String,
    detail: String,
) -> Result<MeetingItemId, AheadError> {
    found(s, meeting)?;
    let items = queries::items(s, meeting)?;
    if items.len() >= ITEMS_MAX {
        return Err(AheadError::TooMany { field: "title", max: ITEMS_MAX });
    }
    let place = items.last().map_or(0, |last| last.place + 1);
    let id = ctx.next_id();
    let (notes, decision) = (String::new(), String::new());
    queries::insert_item(s, &Item { id, meeting, place, kind, source, title, detail, notes, decision })?;
    told(s, ctx, "meeting_written", meeting)?;
    Ok(id)
}

/// Takes a point off the agenda, if nothing has been written under it.
///
/// # Errors
/// [`AheadError::Forbidden`] if something has; there is no such point; the database.
pub fn remove_item(s: &mut Session<'_>, ctx: &Context, id: MeetingItemId) -> Result<(), AheadError> {
    let item = item(s, id)?;
    if !item.notes.is_empty() || !item.decision.is_empty() {
        return Err(AheadError::Forbidden { state: "written" });
    }
    queries::delete_item(s, id)?;
    Ok(told(s, ctx, "meeting_written", item.meeting)?)
}

/// Writes what was said and decided under a point.
///
/// # Errors
/// [`AheadError::Text`]; there is no such point; the database.
pub fn write_item(
    s: &mut Session<'_>,
    ctx: &Context,
    id: MeetingItemId,
    notes: &str,
    decision: &str,
) -> Result<(), AheadError> {
    let item = item(s, id)?;
    let notes = text::optional_paragraphs("notes", notes, NOTES_CHARS_MAX)?.unwrap_or_default();
    let decision = text::optional_paragraphs("decision", decision, NOTES_CHARS_MAX)?.unwrap_or_default();
    queries::update_item(s, &Item { notes, decision, ..item.clone() })?;
    Ok(told(s, ctx, "meeting_written", item.meeting)?)
}

/// Makes a draft of a planned event of a line of notes: in one step, with the days and times the line tells and the
/// meeting's department. The draft is there to be looked at and settled.
///
/// # Errors
/// [`AheadError::Text`] if the line is empty; the database.
pub fn event_of_line(
    s: &mut Session<'_>,
    ctx: &Context,
    meeting: MeetingId,
    line: &str,
) -> Result<PlannedEventId, AheadError> {
    let meeting = found(s, meeting)?;
    let mut draft = note_line::draft(line, ctx.now);
    draft.department = Some(meeting.department);
    draft.meeting = Some(meeting.id);
    super::plan(s, ctx, &draft, EventState::Draft)
}

/// Writes down what somebody has undertaken: it is a task of theirs until it is done.
///
/// # Errors
/// [`AheadError::Text`]; [`AheadError::NotFound`] if there is no such user who can sign in; the database.
pub fn undertake(
    s: &mut Session<'_>,
    ctx: &Context,
    meeting: MeetingId,
    item: Option<MeetingItemId>,
    what: &str,
    (owner, due): (UserId, Date),
) -> Result<MeetingActionId, AheadError> {
    found(s, meeting)?;
    let what = text::line("what", what, text::LINE_CHARS_MAX)?;
    let owner = people::users::queries::by_id(s, owner)?
        .filter(|user| user.active)
        .ok_or(AheadError::NotFound { what: "owner" })?
        .id;
    let item = item.filter(|id| queries::item(s, *id).is_ok_and(|i| i.is_some_and(|i| i.meeting == meeting)));
    let id = ctx.next_id();
    queries::insert_action(s, &Action { id, meeting, item, what, owner, due, done_at: None }, ctx.now)?;
    note(s, ctx, "meeting_action_made", ("meeting_action", id.into_untyped_uuid()), None)?;
    Ok(id)
}

/// Ticks off what somebody has undertaken. Twice is as once.
///
/// # Errors
/// There is no such thing; the database.
pub fn complete(s: &mut Session<'_>, ctx: &Context, id: MeetingActionId) -> Result<(), AheadError> {
    queries::action(s, id)?.ok_or(AheadError::NotFound { what: "action" })?;
    let by = match ctx.actor {
        Actor::User(user) => Some(user),
        _ => None,
    };
    if queries::complete_action(s, id, by, ctx.now)? > 0 {
        note(s, ctx, "meeting_action_done", ("meeting_action", id.into_untyped_uuid()), None)?;
    }
    Ok(())
}

/// What an invitation says, in its reader's language.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The letter's subject, and the meeting's name in calendars.
    pub title: String,
    /// The letter.
    pub body: String,
    /// Who invites: name and e-mail address, if the house has one that is answered.
    pub organizer: Option<(String, String)>,
    /// Where the house is, for the meeting's name.
    pub base_url: String,
}

/// Sends the invitation, with the meeting as a calendar file, to those who have not had it as it is now; gives to how
/// many. A cancelled meeting is called off to those who were invited.
///
/// # Errors
/// [`AheadError::Forbidden`] if the meeting has been held; the database.
pub fn invite(
    s: &mut Session<'_>,
    ctx: &Context,
    id: MeetingId,
    officers: &[OfficerId],
    invitation: &Invitation,
) -> Result<usize, AheadError> {
    let meeting = found(s, id)?;
    if meeting.state == MeetingState::Held {
        return Err(AheadError::Forbidden { state: "held" });
    }
    if officers.len() > GUESTS_MAX {
        return Err(AheadError::TooMany { field: "officers", max: GUESTS_MAX });
    }
    for officer in officers {
        queries::insert_guest(s, id, *officer)?;
    }
    let mut sent = 0;
    for (officer, last) in queries::guests(s, id)? {
        let called_off = meeting.state == MeetingState::Cancelled;
        if last >= meeting.version || (called_off && last == 0) {
            continue;
        }
        let Some(officer) = people::directory::queries::officer(s, officer)?.filter(|o| o.active) else {
            continue;
        };
        let mut entry = feed::of_meeting(&meeting, &invitation.title, &invitation.base_url);
        entry.organizer.clone_from(&invitation.organizer);
        entry.guests = vec![(officer.name.clone(), officer.email.clone())];
        // Without an organizer it cannot be answered, and is something to put in one's calendar.
        let method = match (&invitation.organizer, called_off) {
            (None, _) => "PUBLISH",
            (Some(_), false) => "REQUEST",
            (Some(_), true) => "CANCEL",
        };
        if invitation.organizer.is_none() {
            entry.guests.clear();
        }
        let file =
            ical::write(&ical::Calendar { name: invitation.title.clone(), method, entries: vec![entry] });
        let digest = blobs::put(s, file.as_bytes())?;
        let letter = NewLetter {
            recipient: officer.email,
            subject: invitation.title.clone(),
            body: invitation.body.clone(),
            auto: false,
            files: vec![LetterFile {
                name: "invite.ics".to_owned(),
                media_type: "text/calendar".to_owned(),
                digest: *digest.as_bytes(),
            }],
            ..NewLetter::default()
        };
        write_letter(s, ctx, &letter)?;
        queries::invited(s, id, officer.id, meeting.version)?;
        sent += 1;
    }
    if sent > 0 {
        told(s, ctx, "meeting_invited", id)?;
    }
    Ok(sent)
}

fn department(s: &mut Session<'_>, id: DepartmentId) -> Result<(), AheadError> {
    people::directory::queries::department(s, id)?
        .map(drop)
        .ok_or(AheadError::NotFound { what: "department" })
}

fn found(s: &mut Session<'_>, id: MeetingId) -> Result<Meeting, AheadError> {
    queries::meeting(s, id)?.ok_or(AheadError::NotFound { what: "meeting" })
}

fn planned(s: &mut Session<'_>, id: MeetingId) -> Result<Meeting, AheadError> {
    let meeting = found(s, id)?;
    match meeting.state {
        MeetingState::Planned => Ok(meeting),
        other => Err(AheadError::Forbidden { state: other.as_str() }),
    }
}

fn item(s: &mut Session<'_>, id: MeetingItemId) -> Result<Item, AheadError> {
    queries::item(s, id)?.ok_or(AheadError::NotFound { what: "agenda item" })
}

fn stepped(
    s: &mut Session<'_>,
    ctx: &Context,
    mut meeting: Meeting,
    word: &'static str,
) -> Result<(), AheadError> {
    meeting.version += 1;
    meeting.changed_at = ctx.now;
    queries::update_meeting(s, &meeting)?;
    Ok(told(s, ctx, word, meeting.id)?)
}

fn told(
    s: &mut Session<'_>,
    ctx: &Context,
    word: &'static str,
    id: MeetingId,
) -> Result<(), storage::StorageError> {
    note(s, ctx, word, ("meeting", id.into_untyped_uuid()), None)
}
