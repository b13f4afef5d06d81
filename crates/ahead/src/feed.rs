//! Calendars out: what calendar programs fetch, and the addresses they fetch it from.

use crate::ical::{Calendar, Entry, EntryStatus};
use crate::meeting::{Meeting, MeetingState};
use crate::model::{EventState, PlannedEvent};
use crate::queries::{self, Feed};
use crate::{AheadError, EventKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use people::SigningKey;
use storage::{Session, StorageError};
use subtle::ConstantTimeEq as _;
use vocabulary::{CalendarFeedId, DepartmentId, GenericUuid as _, Role, SignedDuration, Timestamp};

const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 16;
/// Characters of a feed's token.
pub const TOKEN_CHARS: usize = 43;
/// How long what is over stays in a calendar, in days.
const KEPT_DAYS: i64 = 60;
/// How far ahead meetings are told, in days.
const AHEAD_DAYS: i64 = 730;

/// The signed part of a feed's address. The same feed always has the same one; whether it still holds is for its row to
/// say.
#[must_use]
pub fn token(key: &SigningKey, id: CalendarFeedId) -> String {
    let mut bytes = id.into_untyped_uuid().as_bytes().to_vec();
    bytes.extend_from_slice(&mac(key, &bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The feed a token is for, if this key made it.
#[must_use]
pub fn verified(key: &SigningKey, token: &str) -> Option<CalendarFeedId> {
    if token.len() != TOKEN_CHARS {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, given) = bytes.split_first_chunk::<ID_BYTES>()?;
    bool::from(mac(key, id).ct_eq(given)).then(|| CalendarFeedId::from_bytes(*id))
}

fn mac(key: &SigningKey, id: &[u8]) -> [u8; MAC_BYTES] {
    let full = key.derived("calendar feed", &[id]);
    let mut first = [0; MAC_BYTES];
    first.copy_from_slice(&full[..MAC_BYTES]);
    first
}

/// What people read in a calendar, in the reader's language.
pub struct Names<'n> {
    /// What the calendar is called.
    pub calendar: String,
    /// What kinds of events are called.
    pub kind: &'n dyn Fn(EventKind) -> String,
    /// What a meeting with a department is called, by the department's name.
    pub meeting: &'n dyn Fn(&str) -> String,
    /// Said of an event without an end.
    pub until_further_notice: String,
}

/// A feed that holds, with whether meetings are its reader's to see.
///
/// # Errors
/// [`AheadError::NotFound`] if it has been taken back, or its reader cannot sign in any longer; the database.
pub fn holding(
    s: &mut Session<'_>,
    id: CalendarFeedId,
) -> Result<(Feed, people::users::User, bool), AheadError> {
    let gone = || AheadError::NotFound { what: "calendar" };
    let feed = queries::feed(s, id)?.filter(|feed| feed.revoked_at.is_none()).ok_or_else(gone)?;
    let user = people::users::queries::by_id(s, feed.user)?.filter(|user| user.active).ok_or_else(gone)?;
    let sees = |action| people::allowed(&people::Who::User { id: user.id, role: user.role }, action);
    if !sees(people::Action::SeeAhead) {
        return Err(gone());
    }
    let leads = sees(people::Action::LeadMeetings);
    Ok((feed, user, leads))
}

/// What a calendar program fetches: what is planned or cancelled, and the meetings if they are the reader's to see.
///
/// # Errors
/// The database.
pub fn calendar(
    s: &mut Session<'_>,
    department: Option<DepartmentId>,
    meetings: bool,
    base_url: &str,
    names: &Names<'_>,
    now: Timestamp,
) -> Result<Calendar, StorageError> {
    let days = |n: i64| SignedDuration::from_hours(24 * n);
    let from = now.checked_sub(days(KEPT_DAYS)).unwrap_or(now);
    let mut entries: Vec<Entry> = queries::events_for_calendar(s, department, from)?
        .into_iter()
        .map(|event| of_event(&event, base_url, names))
        .collect();
    if meetings {
        let to = now.checked_add(days(AHEAD_DAYS)).unwrap_or(now);
        let departments = people::directory::queries::departments(s)?;
        for meeting in queries::meetings_between(s, department, from, to)? {
            let name =
                departments.iter().find(|d| d.id == meeting.department).map_or("", |d| d.name.as_str());
            entries.push(of_meeting(&meeting, &(names.meeting)(name), base_url));
        }
    }
    Ok(Calendar { name: names.calendar.clone(), method: "PUBLISH", entries })
}

fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("lots")
}

fn of_event(event: &PlannedEvent, base_url: &str, names: &Names<'_>) -> Entry {
    let mut text = event.text.clone();
    if event.ends_at.is_none() {
        text = [text.as_str(), &names.until_further_notice].join("\n\n").trim().to_owned();
    }
    Entry {
        uid: format!("{}@{}", event.id.into_untyped_uuid(), host(base_url)),
        title: event.title.clone(),
        text,
        place: event.place.clone(),
        position: event.position,
        begins_at: event.begins_at,
        ends_at: event.ends_at,
        all_day: event.all_day,
        status: if event.state == EventState::Cancelled {
            EntryStatus::Cancelled
        } else {
            EntryStatus::Confirmed
        },
        sequence: event.version - 1,
        changed_at: event.changed_at,
        category: (names.kind)(event.kind),
        url: Some(format!("{base_url}/ahead/events/{}", event.id.into_untyped_uuid())),
        organizer: None,
        guests: Vec::new(),
    }
}

/// A meeting as an entry. The same name in feeds and invitations, so that a program that has both shows one.
#[must_use]
pub fn of_meeting(meeting: &Meeting, title: &str, base_url: &str) -> Entry {
    Entry {
        uid: format!("{}@{}", meeting.id.into_untyped_uuid(), host(base_url)),
        title: title.to_owned(),
        text: String::new(),
        place: meeting.place.clone(),
        position: None,
        begins_at: meeting.begins_at,
        ends_at: Some(meeting.ends_at),
        all_day: false,
        status: match meeting.state {
            MeetingState::Cancelled => EntryStatus::Cancelled,
            MeetingState::Planned | MeetingState::Held => EntryStatus::Confirmed,
        },
        sequence: meeting.version - 1,
        changed_at: meeting.changed_at,
        category: String::new(),
        url: None,
        organizer: None,
        guests: Vec::new(),
    }
}

/// Whether a role's reader sees meetings in a calendar; for showing what a feed will hold.
#[must_use]
pub fn sees_meetings(role: Role) -> bool {
    let nobody = vocabulary::UserId::nil();
    people::allowed(&people::Who::User { id: nobody, role }, people::Action::LeadMeetings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_feed_and_no_other() {
        let key = SigningKey::from_bytes([7; 32]);
        let id = CalendarFeedId::from_u128(42);
        let made = token(&key, id);
        assert_eq!(made.len(), TOKEN_CHARS);
        assert_eq!(verified(&key, &made), Some(id));
        assert_eq!(verified(&SigningKey::from_bytes([8; 32]), &made), None);
        for at in 0..made.len() {
            let other = if made.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &made[..at], &made[at + 1..]);
            assert_eq!(verified(&key, &changed), None, "{changed}");
        }
    }

    #[test]
    fn a_name_is_of_the_host_alone() {
        assert_eq!(host("https://lots.vikhamn.example:8443/x"), "lots.vikhamn.example");
        assert_eq!(host(""), "lots");
    }
}
