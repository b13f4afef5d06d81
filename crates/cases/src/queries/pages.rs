//! What the pages about one case show: the guide's, the officer's by link, the resident's by link.

use super::page_parts::{CaseParts, case_parts};
use super::shown::{Shown, shown_to_resident};
use super::{case, case_type, follow_up, follow_ups_of, store, store_follow_ups};
use crate::error::{CasesError, LinkError};
use crate::limits::TIMELINE_ENTRIES_MAX;
use crate::links::read_token;
use crate::model::{Case, CaseType, FollowUp, FollowUpState, Note, Task};
use crate::number::CaseNumber;
use crate::viewer::Viewer;
use people::directory::{Department, Officer};
use people::residents::Resident;
use people::{LinkKind, SigningKey};
use storage::{Session, StorageError, timeline};
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{
    AnyId, CaseId, CaseStatus, FollowUpId, LinkId, OfficerId, SecrecyClass, Timestamp, local_day,
};

/// One line of a case's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineLine {
    /// When.
    pub at: Timestamp,
    /// What was done; [`crate::words::timeline_entry`] puts it in words.
    pub kind: String,
    /// The word for who did it.
    pub actor_kind: String,
    /// Who did it, if it was somebody.
    pub actor_id: Option<AnyId>,
    /// More, in ids and words.
    pub detail: Option<String>,
}

/// A question and the officer it went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedOfficer {
    /// The question and its clock.
    pub follow_up: FollowUp,
    /// Whom it went to.
    pub officer: Officer,
}

/// Everything on a case's page for the contact centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// The case.
    pub case: Case,
    /// What it is about.
    pub case_type: CaseType,
    /// The department it is with.
    pub department: Department,
    /// Whose it is, if that is known; without name and reach if protected and not opened by who looks.
    pub resident: Option<Resident>,
    /// Notes, oldest first.
    pub notes: Vec<Note>,
    /// Questions to officers, oldest first.
    pub follow_ups: Vec<AskedOfficer>,
    /// What is to be done, oldest first.
    pub tasks: Vec<Task>,
    /// What was done, oldest first; the newest [`TIMELINE_ENTRIES_MAX`] at most.
    pub timeline: Vec<TimelineLine>,
    /// Whether the resident has a link that holds.
    pub resident_link_holds: bool,
    /// Those with a part in it, its files, its neighbours and what was merged into it.
    pub parts: CaseParts,
}

fn missing(what: &'static str) -> CasesError {
    CasesError::NotFound { what }
}

fn officer_of(s: &mut Session<'_>, id: OfficerId) -> Result<Officer, CasesError> {
    people::directory::queries::officer(s, id)?.ok_or_else(|| missing("officer"))
}

fn resident_of(s: &mut Session<'_>, case: &Case) -> Result<Option<Resident>, StorageError> {
    match case.resident_id {
        Some(id) => people::residents::queries::by_id(s, id),
        None => Ok(None),
    }
}

/// The case's resident as the viewer may see the card: a protected one whole only to who has opened it.
fn shown_resident(
    s: &mut Session<'_>,
    viewer: Viewer,
    case: &Case,
    now: Timestamp,
) -> Result<Option<Resident>, StorageError> {
    match (case.resident_id, viewer.user()) {
        (Some(id), Some(user)) => people::residents::queries::for_user(s, user, id, now),
        _ => Ok(resident_of(s, case)?.map(|resident| resident.shown())),
    }
}

/// The page of one case. Opening it for a person is [`crate::commands::open_case`], which also writes down who did.
///
/// # Errors
/// [`CasesError::NotFound`], [`CasesError::Sealed`] if the viewer may only know that it is there, or
/// [`CasesError::Secret`] if it is only for those named in it.
pub fn case_page(
    s: &mut Session<'_>,
    viewer: Viewer,
    id: CaseId,
    now: Timestamp,
) -> Result<CasePage, CasesError> {
    let case = case(s, id)?.ok_or_else(|| missing("case"))?;
    viewer.opens(s, &case)?;
    let mut follow_ups = Vec::new();
    for follow_up in follow_ups_of(s, id)? {
        let officer = officer_of(s, follow_up.officer_id)?;
        follow_ups.push(AskedOfficer { follow_up, officer });
    }
    let link = store::newest_resident_link(s, id)?;
    Ok(CasePage {
        case_type: case_type(s, case.case_type_id)?.ok_or_else(|| missing("case type"))?,
        department: people::directory::queries::department(s, case.department_id)?
            .ok_or_else(|| missing("department"))?,
        resident: shown_resident(s, viewer, &case, now)?,
        notes: store_follow_ups::notes_of(s, id)?,
        follow_ups,
        tasks: store_follow_ups::open_tasks_of(s, id)?,
        timeline: timeline_of(s, id)?,
        parts: case_parts(s, viewer, id, now)?,
        resident_link_holds: link.is_some_and(|link| link.revoked_at.is_none() && link.expires_at > now),
        case,
    })
}

fn timeline_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<TimelineLine>, StorageError> {
    let limit = u32::try_from(TIMELINE_ENTRIES_MAX).unwrap_or(u32::MAX);
    let entries = timeline::of_subject(s, case.into_untyped_uuid(), limit)?;
    let lines = entries.into_iter().map(|entry| TimelineLine {
        at: entry.announcement.at,
        kind: entry.announcement.kind,
        actor_kind: entry.actor_kind,
        actor_id: entry.actor_id,
        detail: entry.detail,
    });
    Ok(lines.collect())
}

/// The row of a token's link, if the link holds at `now`.
pub(crate) fn open_link(
    s: &mut Session<'_>,
    key: &SigningKey,
    kind: LinkKind,
    token: &str,
    now: Timestamp,
) -> Result<store::LinkRow, CasesError> {
    let id: LinkId = read_token(key, kind, token)?;
    // A link we signed and no longer know was erased with its case.
    let link = store::link(s, kind.as_str(), id)?.ok_or(LinkError::Revoked)?;
    if link.revoked_at.is_some() {
        return Err(LinkError::Revoked.into());
    }
    if link.expires_at <= now {
        return Err(LinkError::Expired.into());
    }
    Ok(link)
}

/// What an officer sees behind a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerPage {
    /// The question and its clock. When it is no longer waiting, the page says so and offers nothing to press.
    pub follow_up: FollowUp,
    /// Who is asked.
    pub officer: Officer,
    /// The case's number.
    pub number: CaseNumber,
    /// What it is about.
    pub type_name: String,
    /// How secret it is kept.
    pub secrecy_class: SecrecyClass,
    /// The day it was first received.
    pub arrival_day: Date,
    /// What is told of it; none once the officer has said to be the wrong recipient.
    pub matter: Option<Matter>,
    /// What the officer answered, if anything.
    pub answer: Option<String>,
    /// The last day the officer may ask for.
    pub more_time_latest: Date,
    /// The first day the officer may ask for.
    pub more_time_earliest: Date,
}

/// What an officer is told of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its title.
    pub title: String,
    /// What the resident told.
    pub description: String,
    /// Whose case it is, to be phoned or written to; none if unknown or protected.
    pub resident: Option<Resident>,
}

/// The officer's page behind `token`.
///
/// # Errors
/// [`CasesError::Link`] if the link does not hold.
pub fn officer_page(
    s: &mut Session<'_>,
    key: &SigningKey,
    token: &str,
    now: Timestamp,
) -> Result<OfficerPage, CasesError> {
    let link = open_link(s, key, LinkKind::Officer, token, now)?;
    let follow_up_id: FollowUpId = link.follow_up_id.ok_or(LinkError::Revoked)?;
    let follow_up = follow_up(s, follow_up_id)?.ok_or(LinkError::Revoked)?;
    let case = case(s, follow_up.case_id)?.ok_or(LinkError::Revoked)?;
    let case_type = case_type(s, case.case_type_id)?.ok_or_else(|| missing("case type"))?;
    let theirs = matches!(follow_up.state, FollowUpState::Waiting | FollowUpState::Done);
    let matter = if theirs {
        let resident = resident_of(s, &case)?.filter(|resident| !resident.protected);
        Some(Matter { title: case.title, description: case.description, resident })
    } else {
        None
    };
    let answer = if follow_up.state == FollowUpState::Waiting {
        None
    } else {
        store_follow_ups::answer_to(s, follow_up.id, case.id)?.map(|note| note.text)
    };
    Ok(OfficerPage {
        officer: officer_of(s, follow_up.officer_id)?,
        follow_up,
        number: case.number,
        type_name: case_type.name,
        secrecy_class: case.secrecy_class,
        arrival_day: case.arrival_day,
        matter,
        answer,
        more_time_latest: crate::clock::last_day_to_ask_for(now),
        more_time_earliest: local_day(now).tomorrow().unwrap_or(Date::MAX),
    })
}

/// Something that was written to the resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAnswer {
    /// The day it was written.
    pub day: Date,
    /// Whether a department's officer wrote it; otherwise the contact centre did.
    pub from_officer: bool,
    /// What was written.
    pub text: String,
}

/// What a resident sees behind a link: how the case stands, and what has been written to them and by them. No name, no title, no
/// description, nothing internal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentPage {
    /// The case's number.
    pub number: CaseNumber,
    /// The number of the case the link was made for, if that has been merged into this one since.
    pub merged_from: Option<CaseNumber>,
    /// What happens now, in the words of its process; filled in by who knows processes.
    pub now: Vec<String>,
    /// What it is about, by its type; none if that alone would tell too much.
    pub about: Option<CaseAbout>,
    /// The day it was first received.
    pub arrival_day: Date,
    /// Where it stands; [`crate::words::status_public`] puts it in words.
    pub status: CaseStatus,
    /// The day it last changed.
    pub changed_day: Date,
    /// When an answer is to be expected, if an officer has been asked.
    pub expected_day: Option<Date>,
    /// Until when it rests, if it does.
    pub rests_until_day: Option<Date>,
    /// What has been written to the resident, oldest first.
    pub answers: Vec<PublicAnswer>,
}

/// What a case is about, as residents are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAbout {
    /// The case type's name.
    pub name: String,
    /// What happens with such cases.
    pub public_text: String,
}

/// The resident's page behind `token`.
///
/// # Errors
/// [`CasesError::Link`] if the link does not hold.
pub fn resident_page(
    s: &mut Session<'_>,
    key: &SigningKey,
    token: &str,
    now: Timestamp,
) -> Result<ResidentPage, CasesError> {
    let link = open_link(s, key, LinkKind::Resident, token, now)?;
    let shown = shown_to_resident(s, link.case_id)?.ok_or(LinkError::Revoked)?;
    resident_page_of(s, shown)
}

/// How a case stands, as its resident sees it.
///
/// # Errors
/// The database.
pub(crate) fn resident_page_of(s: &mut Session<'_>, shown: Shown) -> Result<ResidentPage, CasesError> {
    let (own, case) = (shown.own, shown.kept);
    let case_type = case_type(s, case.case_type_id)?.ok_or_else(|| missing("case type"))?;
    let about = (case.secrecy_class == SecrecyClass::Open)
        .then_some(CaseAbout { name: case_type.name, public_text: case_type.public_text });
    let expected_day = follow_ups_of(s, case.id)?
        .into_iter()
        .filter(|f| f.state == FollowUpState::Waiting && f.clock.paused_at.is_none())
        .map(|f| f.clock.due_day)
        .max();
    let answers = shown.notes.into_iter().filter(|note| note.author_kind != "resident");
    Ok(ResidentPage {
        now: Vec::new(),
        merged_from: (own.id != case.id).then_some(own.number),
        number: case.number,
        about,
        arrival_day: own.arrival_day,
        status: case.status,
        changed_day: local_day(case.changed_at),
        expected_day,
        rests_until_day: case.rests_until_day,
        answers: answers
            .map(|note| PublicAnswer {
                day: local_day(note.written_at),
                from_officer: note.follow_up_id.is_some(),
                text: note.text,
            })
            .collect(),
    })
}
