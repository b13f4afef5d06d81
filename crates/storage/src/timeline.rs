//! Who did what to which id and when. Append-only; ids and words, never personal text.

use crate::{Row, Session, StorageError, counters, params, sql};
use uuid::Uuid;
use vocabulary::{Context, Timestamp};

/// The counter that gives the sequence.
const COUNTER: &str = "timeline";

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The glossary's word for it: `case`, `contact`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done: `case_registered`.
    pub kind: &'static str,
    /// To what.
    pub subject: Subject,
    /// What else it concerns.
    pub related: Option<Uuid>,
    /// Ids and words that tell more. Never anything personal: the timeline is never erased.
    pub detail: Option<String>,
}

/// An entry as told to the house after commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Its place in the timeline: counted from 1, without gaps, in the order of the commits.
    pub seq: i64,
    /// When it was done.
    pub at: Timestamp,
    /// What was done.
    pub kind: String,
    /// The word for what it was done to.
    pub subject_kind: String,
    /// The id of what it was done to.
    pub subject_id: Uuid,
    /// What else it concerns.
    pub related_id: Option<Uuid>,
}

/// An entry in full, for the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What was announced of it.
    pub announcement: Announcement,
    /// The word for who did it.
    pub actor_kind: String,
    /// Who did it, if it was somebody.
    pub actor_id: Option<Uuid>,
    /// More, in ids and words.
    pub detail: Option<String>,
}

/// Writes an entry, which is announced after the commit, and gives its sequence.
///
/// # Errors
/// What the engine says.
pub fn append(s: &mut Session<'_>, ctx: &Context, entry: Entry) -> Result<i64, StorageError> {
    let seq = counters::next(s, COUNTER)?;
    s.execute(
        sql!(
            "INSERT INTO timeline
                 (seq, at, kind, actor_kind, actor_id, subject_kind, subject_id, related_id, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            seq,
            ctx.now,
            entry.kind,
            ctx.actor.kind(),
            ctx.actor.id(),
            entry.subject.kind,
            entry.subject.id,
            entry.related,
            entry.detail
        ],
    )?;
    s.announcements.push(Announcement {
        seq,
        at: vocabulary::to_stored_precision(ctx.now),
        kind: entry.kind.to_owned(),
        subject_kind: entry.subject.kind.to_owned(),
        subject_id: entry.subject.id,
        related_id: entry.related,
    });
    Ok(seq)
}

fn announcement(r: &Row<'_>) -> Result<Announcement, StorageError> {
    Ok(Announcement {
        seq: r.get(0)?,
        at: r.get(1)?,
        kind: r.get(2)?,
        subject_kind: r.get(3)?,
        subject_id: r.get(4)?,
        related_id: r.get(5)?,
    })
}

/// At most `limit` entries after `after_seq`, in order.
///
/// # Errors
/// What the engine says.
pub fn read_from(s: &mut Session<'_>, after_seq: i64, limit: u32) -> Result<Vec<Announcement>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, at, kind, subject_kind, subject_id, related_id FROM timeline
             WHERE seq > $1 ORDER BY seq LIMIT $2"
        ),
        params![after_seq, limit],
        announcement,
    )
}

/// The sequence of the last entry; 0 if there is none.
///
/// # Errors
/// What the engine says.
pub fn last_seq(s: &mut Session<'_>) -> Result<i64, StorageError> {
    let last = s.row(sql!("SELECT value FROM counters WHERE name = $1"), params![COUNTER], |r| r.get(0))?;
    Ok(last.unwrap_or(0))
}

/// At most `limit` entries about `subject` in full, oldest first.
///
/// # Errors
/// What the engine says.
pub fn of_subject(s: &mut Session<'_>, subject: Uuid, limit: u32) -> Result<Vec<Recorded>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, at, kind, subject_kind, subject_id, related_id, actor_kind, actor_id, detail FROM timeline
             WHERE subject_id = $1 ORDER BY seq LIMIT $2"
        ),
        params![subject, limit],
        |r| {
            Ok(Recorded {
                announcement: announcement(r)?,
                actor_kind: r.get(6)?,
                actor_id: r.get(7)?,
                detail: r.get(8)?,
            })
        },
    )
}
