//! Calendars in. What a calendar says becomes drafts of planned events, for a person to settle. Reading it again changes
//! the drafts; what a person has settled or written stays, and what the calendar says instead is kept beside it until
//! somebody takes it over.

use crate::AheadError;
use crate::commands::events::{approve, cancel, change, plan, take_up};
use crate::ical::{self, Fault, Occurrence, Status, When, Window};
use crate::model::{EventDraft, EventState, PLACE_CHARS_MAX, Position, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::queries::{self, Entry, Source};
use serde::{Deserialize, Serialize};
use storage::Session;
use vocabulary::{CalendarSourceId, Context, PlannedEventId, SignedDuration, Timestamp};

/// How far ahead a calendar is read, in days.
pub const AHEAD_DAYS: i64 = 400;
/// How long a time without an end is taken to last.
const LASTS: SignedDuration = SignedDuration::from_hours(1);
/// Longest name of an event in its calendar that is kept, in bytes.
const UID_BYTES_MAX: usize = 1_000;

/// What a calendar says of one event, as it becomes a draft's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of EventDraft")]
pub struct Said {
    pub title: String,
    pub text: String,
    pub place: String,
    pub position: Option<Position>,
    pub begins_at: Timestamp,
    pub ends_at: Timestamp,
    pub all_day: bool,
    pub cancelled: bool,
}

/// What became of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Drafts made.
    pub new: usize,
    /// Drafts changed.
    pub changed: usize,
    /// Settled events of which the calendar says something else now.
    pub pending: usize,
    /// Drafts taken away because the calendar has cancelled them or has them no longer.
    pub withdrawn: usize,
    /// As before.
    pub unchanged: usize,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// The time a calendar is read for: from now, so far ahead.
#[must_use]
pub fn window(now: Timestamp) -> Window {
    let to = now.checked_add(SignedDuration::from_hours(24 * AHEAD_DAYS)).unwrap_or(Timestamp::MAX);
    Window { from: now, to }
}

impl Said {
    /// What an occurrence says, cut to what is kept. An event without a title is called what the calendar is called.
    #[must_use]
    pub fn of(once: &Occurrence, calendar: &str) -> Self {
        let begins_at = once.begins.instant();
        let ends_at = once.ends.instant();
        let ends_at = if ends_at > begins_at {
            ends_at
        } else {
            begins_at.checked_add(LASTS).unwrap_or(Timestamp::MAX)
        };
        let title = line(&once.title, TITLE_CHARS_MAX);
        Self {
            title: if title.is_empty() { line(calendar, TITLE_CHARS_MAX) } else { title },
            text: cut(&clean(&once.text, true), TEXT_CHARS_MAX),
            place: line(&once.place, PLACE_CHARS_MAX),
            position: once.position.and_then(|(latitude, longitude)| Position::new(latitude, longitude)),
            begins_at,
            ends_at,
            all_day: matches!(once.begins, When::Day(_)),
            cancelled: once.status == Status::Cancelled,
        }
    }

    fn json(&self) -> Result<String, AheadError> {
        serde_json::to_string(self).map_err(|error| AheadError::Payload(error.to_string()))
    }

    /// What was kept of an entry.
    ///
    /// # Errors
    /// [`AheadError::Payload`] if it cannot be read.
    pub fn kept(json: &str) -> Result<Self, AheadError> {
        serde_json::from_str(json).map_err(|error| AheadError::Payload(error.to_string()))
    }

    fn draft(&self, source: &Source) -> EventDraft {
        EventDraft {
            position: self.position,
            all_day: self.all_day,
            department: source.department,
            ..EventDraft::new(&self.title, self.begins_at, Some(self.ends_at)).told(&self.text, &self.place)
        }
    }

    /// What the calendar says now put into a draft, but for what a person has written otherwise than it said `before`.
    fn merged(&self, before: &Self, mut draft: EventDraft) -> EventDraft {
        if draft.title == before.title {
            draft.title.clone_from(&self.title);
        }
        if draft.text == before.text {
            draft.text.clone_from(&self.text);
        }
        if draft.place == before.place {
            draft.place.clone_from(&self.place);
        }
        if draft.position == before.position {
            draft.position = self.position;
        }
        let times = (draft.begins_at, draft.ends_at, draft.all_day);
        if times == (before.begins_at, Some(before.ends_at), before.all_day) {
            (draft.begins_at, draft.ends_at, draft.all_day) =
                (self.begins_at, Some(self.ends_at), self.all_day);
        }
        draft
    }
}

/// Without signs that no text of ours may hold; a line's breaks become spaces.
fn clean(text: &str, lines: bool) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    let kept = text.chars().filter_map(|c| match c {
        '\n' if lines => Some('\n'),
        '\n' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() || turns(c) || c == '\u{FEFF}' => None,
        c => Some(c),
    });
    kept.collect::<String>().trim().to_owned()
}

fn line(text: &str, chars_max: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&clean(&words.join(" "), false), chars_max)
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().nth(chars_max).is_none() {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(chars_max - 1).collect();
    kept.push('…');
    kept
}

/// Takes in a file of a source, and writes down with the source how it went.
///
/// # Errors
/// [`AheadError::Calendar`] if the file as a whole cannot be read, but not for fetched sources, where that stands with the
/// source; the database.
pub fn take_in_file(
    s: &mut Session<'_>,
    ctx: &Context,
    id: CalendarSourceId,
    file: &[u8],
) -> Result<Outcome, AheadError> {
    let source = queries::source(s, id)?.ok_or(AheadError::NotFound { what: "calendar" })?;
    let json = |faults: &[Fault]| serde_json::to_string(faults).unwrap_or_else(|_| "[]".to_owned());
    match ical::read(file, window(ctx.now)) {
        Ok(reading) => {
            let outcome = take_in(s, ctx, &source, &reading)?;
            queries::source_tried(s, id, ctx.now, None, &json(&outcome.faults))?;
            Ok(outcome)
        }
        Err(fault) if source.url.is_some() => {
            queries::source_tried(
                s,
                id,
                ctx.now,
                Some(fault.kind.as_str()),
                &json(std::slice::from_ref(&fault)),
            )?;
            Ok(Outcome { faults: vec![fault], ..Outcome::default() })
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Takes in what a calendar says. What a fetched calendar has no longer is taken as cancelled; a file that somebody uploads
/// may hold but a part, and so may one in which something could not be read.
///
/// # Errors
/// The database.
pub fn take_in(
    s: &mut Session<'_>,
    ctx: &Context,
    source: &Source,
    reading: &ical::Reading,
) -> Result<Outcome, AheadError> {
    let mut outcome = Outcome { faults: reading.faults.clone(), ..Outcome::default() };
    let calendar = reading.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&source.name);
    for once in reading.occurrences.iter().filter(|once| once.uid.len() <= UID_BYTES_MAX) {
        one(s, ctx, source, once, calendar, &mut outcome)?;
    }
    if source.url.is_some() && reading.faults.is_empty() {
        let Window { from, to } = window(ctx.now);
        for entry in queries::entries_between(s, source.id, from, to)? {
            let still = reading
                .occurrences
                .iter()
                .any(|once| once.uid == entry.uid && once.recurrence == entry.recurrence);
            if !still {
                let said = Said { cancelled: true, ..Said::kept(&entry.said)? };
                again(s, ctx, &entry, said, entry.sequence, &mut outcome)?;
            }
        }
    }
    Ok(outcome)
}

fn one(
    s: &mut Session<'_>,
    ctx: &Context,
    source: &Source,
    once: &Occurrence,
    calendar: &str,
    outcome: &mut Outcome,
) -> Result<(), AheadError> {
    let said = Said::of(once, calendar);
    match queries::entry(s, source.id, &once.uid, &once.recurrence)? {
        // An older telling than the one that is known: a file from last week.
        Some(entry) if once.sequence < entry.sequence => outcome.unchanged += 1,
        Some(entry) => again(s, ctx, &entry, said, once.sequence, outcome)?,
        None if said.cancelled => outcome.unchanged += 1,
        None => {
            let event = plan(s, ctx, &said.draft(source), EventState::Draft)?;
            let entry = Entry {
                source: source.id,
                uid: once.uid.clone(),
                recurrence: once.recurrence.clone(),
                event,
                sequence: once.sequence,
                said: said.json()?,
                pending: None,
                begins_at: said.begins_at,
            };
            queries::put_entry(s, &entry)?;
            outcome.new += 1;
        }
    }
    Ok(())
}

/// What is known is told again.
fn again(
    s: &mut Session<'_>,
    ctx: &Context,
    entry: &Entry,
    said: Said,
    sequence: i64,
    outcome: &mut Outcome,
) -> Result<(), AheadError> {
    let before = Said::kept(&entry.said)?;
    let whole = queries::whole(s, entry.event)?.ok_or(AheadError::NotFound { what: "event" })?;
    let mut next = Entry { sequence, begins_at: said.begins_at, pending: None, ..entry.clone() };
    if said == before {
        if next != *entry {
            // It says again what was taken over: what was pending is not any longer.
            queries::put_entry(s, &next)?;
        }
        outcome.unchanged += 1;
        return Ok(());
    }
    match whole.event.state {
        EventState::Draft if said.cancelled => {
            cancel(s, ctx, entry.event)?;
            outcome.withdrawn += 1;
        }
        EventState::Draft => {
            let draft = said.merged(&before, whole.draft());
            change(s, ctx, entry.event, whole.event.version, &draft)?;
            outcome.changed += 1;
        }
        EventState::Dropped if before.cancelled && !said.cancelled => {
            take_up(s, ctx, entry.event)?;
            let taken_up = queries::whole(s, entry.event)?.ok_or(AheadError::NotFound { what: "event" })?;
            let draft = said.merged(&before, taken_up.draft());
            change(s, ctx, entry.event, taken_up.event.version, &draft)?;
            outcome.changed += 1;
        }
        // What somebody has dropped stays dropped.
        EventState::Dropped => outcome.unchanged += 1,
        EventState::Planned if says_all_of_it(&said, &whole.draft()) => outcome.unchanged += 1,
        EventState::Cancelled if said.cancelled => outcome.unchanged += 1,
        EventState::Planned | EventState::Cancelled => {
            next.said.clone_from(&entry.said);
            next.pending = Some(said.json()?);
            queries::put_entry(s, &next)?;
            outcome.pending += 1;
            return Ok(());
        }
    }
    next.said = said.json()?;
    queries::put_entry(s, &next)?;
    Ok(())
}

fn says_all_of_it(said: &Said, draft: &EventDraft) -> bool {
    !said.cancelled
        && (&draft.title, &draft.text, &draft.place) == (&said.title, &said.text, &said.place)
        && (draft.begins_at, draft.ends_at, draft.all_day)
            == (said.begins_at, Some(said.ends_at), said.all_day)
}

/// Takes over what the calendar says of a settled event, or leaves the event as it is; either way it is not asked again
/// until the calendar says something new.
///
/// # Errors
/// [`AheadError::NotFound`] if nothing is pending; what the event refuses; the database.
pub(crate) fn resolve(
    s: &mut Session<'_>,
    ctx: &Context,
    event: PlannedEventId,
    take: bool,
) -> Result<(), AheadError> {
    let entry = queries::entry_of(s, event)?.ok_or(AheadError::NotFound { what: "entry" })?;
    let pending = entry.pending.clone().ok_or(AheadError::NotFound { what: "entry" })?;
    let (said, before) = (Said::kept(&pending)?, Said::kept(&entry.said)?);
    if take {
        let whole = queries::whole(s, event)?.ok_or(AheadError::NotFound { what: "event" })?;
        if said.cancelled {
            cancel(s, ctx, event)?;
        } else if whole.event.state == EventState::Planned {
            change(s, ctx, event, whole.event.version, &said.merged(&before, whole.draft()))?;
        } else {
            // It was called off and is on again: a new event would lose what was said of it.
            crate::commands::events::reinstate(s, ctx, event)?;
            let whole = queries::whole(s, event)?.ok_or(AheadError::NotFound { what: "event" })?;
            change(s, ctx, event, whole.event.version, &said.merged(&before, whole.draft()))?;
            approve(s, ctx, event)?;
        }
    }
    queries::put_entry(s, &Entry { said: pending, pending: None, ..entry }).map_err(AheadError::from)
}
