//! What waits for one officer: in numbers and days at the desk, in full with the key.

use super::{store, store_follow_ups};
use crate::commands::{officer_behind, token_of};
use crate::error::CasesError;
use crate::model::{CaseSettings, FollowUp};
use crate::number::CaseNumber;
use people::LinkKind;
use people::directory::Officer;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{CaseStatus, FollowUpId, LinkId, OfficerId, SecrecyClass, Timestamp};

/// Questions shown of one officer; nobody works off more from a list.
pub const DESK_LINES_MAX: usize = 200;

/// One question that waits, as whoever holds a letter may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskLine {
    /// The case's number.
    pub number: CaseNumber,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// By when an answer is needed.
    pub due_day: Date,
    /// Whether the clock stands still: the case rests, or waits for the resident.
    pub paused: bool,
}

/// The desk: how much waits for an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerDesk {
    /// The officer's name.
    pub officer: Officer,
    /// What waits, the most urgent first.
    pub lines: Vec<DeskLine>,
}

/// One question that waits, as its officer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkLine {
    /// The question.
    pub follow_up_id: FollowUpId,
    /// What anybody with a letter may see of it.
    pub line: DeskLine,
    /// What the case is about.
    pub type_name: String,
    /// Its title; none if the case is secret.
    pub title: Option<String>,
    /// Where the case stands.
    pub status: CaseStatus,
    /// Reminders sent since the clock was last set.
    pub reminders_sent: u32,
    /// Whether the officer has asked the resident something and awaits the answer.
    pub asked_resident: bool,
    /// The token of the question's own link, while it holds.
    pub token: Option<String>,
}

/// All that waits for an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerWork {
    /// Who.
    pub officer: Officer,
    /// What waits, the most urgent first.
    pub lines: Vec<WorkLine>,
}

/// The desk behind `token`.
///
/// # Errors
/// [`CasesError::Link`] if the link does not hold.
pub fn officer_desk(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<OfficerDesk, CasesError> {
    let officer = officer_behind(s, &settings.signing_key, LinkKind::OfficerDesk, token, now)?;
    let lines = waiting(s, officer.id)?.into_iter().map(|line| line.line).collect();
    Ok(OfficerDesk { officer, lines })
}

/// All that waits for the officer whose key `token` is.
///
/// # Errors
/// [`CasesError::Link`] if the key does not open.
pub fn officer_work(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<OfficerWork, CasesError> {
    let officer = officer_behind(s, &settings.signing_key, LinkKind::OfficerKey, token, now)?;
    let mut lines = waiting(s, officer.id)?;
    for line in &mut lines {
        let link = store::officer_link(s, line.follow_up_id)?
            .filter(|link| link.revoked_at.is_none() && link.expires_at > now);
        line.token = link.map(|link| token_of(settings, LinkKind::Officer, link.id));
    }
    Ok(OfficerWork { officer, lines })
}

fn waiting(s: &mut Session<'_>, officer: OfficerId) -> Result<Vec<WorkLine>, StorageError> {
    s.rows(
        sql!(
            "SELECT f.id, c.number, f.sent_at, f.due_day, f.paused_at, t.name, c.title, c.secrecy_class, c.status,
                    f.reminders_sent, f.asked_resident_at
             FROM follow_ups f
             JOIN cases c ON c.id = f.case_id
             JOIN case_types t ON t.id = c.case_type_id
             WHERE f.officer_id = $1 AND f.state = 'waiting'
             ORDER BY f.due_day, f.sent_at, f.id LIMIT $2"
        ),
        params![officer, DESK_LINES_MAX],
        |r: &Row<'_>| {
            let secrecy: SecrecyClass = r.get(7)?;
            Ok(WorkLine {
                follow_up_id: r.get(0)?,
                line: DeskLine {
                    number: r.get(1)?,
                    sent_at: r.get(2)?,
                    due_day: r.get(3)?,
                    paused: r.get::<Option<Timestamp>>(4)?.is_some(),
                },
                type_name: r.get(5)?,
                title: r.get::<Option<String>>(6)?.filter(|_| secrecy == SecrecyClass::Open),
                status: r.get(8)?,
                reminders_sent: r.get(9)?,
                asked_resident: r.get::<Option<Timestamp>>(10)?.is_some(),
                token: None,
            })
        },
    )
}

/// What an officer and the resident have written to each other about a question, and what the department wants to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficerSide {
    /// The assignment's checklist.
    pub checklist: Vec<String>,
    /// What was written, oldest first.
    pub exchange: Vec<Written>,
}

/// Something that the officer or the resident wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// When.
    pub at: Timestamp,
    /// Whether the resident wrote it; otherwise the officer did.
    pub by_resident: bool,
    /// What was written.
    pub text: String,
}

/// What stands beside a question on its officer's page. Whoever opens it has been let in by the question's link.
///
/// # Errors
/// The case is not there; the database.
pub fn officer_side(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    question: &FollowUp,
) -> Result<OfficerSide, CasesError> {
    let case = super::case(s, question.case_id)?.ok_or(CasesError::NotFound { what: "case" })?;
    let checklist = super::assignment(s, case.case_type_id, settings.terms)?.checklist;
    let exchange = store_follow_ups::notes_of(s, case.id)?
        .into_iter()
        .filter_map(|note| {
            let by_resident = note.author_kind == "resident" && note.written_at >= question.sent_at;
            let own = note.public && note.follow_up_id == Some(question.id);
            (by_resident || own).then_some(Written { at: note.written_at, by_resident, text: note.text })
        })
        .collect();
    Ok(OfficerSide { checklist, exchange })
}

/// A way to an officer's own page as stored.
pub(crate) struct OfficerLinkRow {
    pub id: LinkId,
    pub officer_id: OfficerId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

fn read_link(r: &Row<'_>) -> Result<OfficerLinkRow, StorageError> {
    Ok(OfficerLinkRow {
        id: r.get(0)?,
        officer_id: r.get(1)?,
        created_at: r.get(2)?,
        expires_at: r.get(3)?,
        revoked_at: r.get(4)?,
    })
}

pub(crate) fn insert(s: &mut Session<'_>, kind: &str, link: &OfficerLinkRow) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO officer_links (id, officer_id, kind, created_at, expires_at, revoked_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![link.id, link.officer_id, kind, link.created_at, link.expires_at, link.revoked_at],
    )?;
    Ok(())
}

pub(crate) fn link(
    s: &mut Session<'_>,
    id: LinkId,
    kind: &str,
) -> Result<Option<OfficerLinkRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, officer_id, created_at, expires_at, revoked_at FROM officer_links
             WHERE id = $1 AND kind = $2"
        ),
        params![id, kind],
        read_link,
    )
}

/// The newest link of that kind that an officer has.
pub(crate) fn newest(
    s: &mut Session<'_>,
    officer: OfficerId,
    kind: &str,
) -> Result<Option<OfficerLinkRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, officer_id, created_at, expires_at, revoked_at FROM officer_links
             WHERE officer_id = $1 AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT 1"
        ),
        params![officer, kind],
        read_link,
    )
}
