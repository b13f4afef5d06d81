//! Assignments and their versions.

use crate::course::Standing;
use crate::error::AssignmentsError;
use crate::model::{Agreed, Answered, Assignment, Basis, InForce, Version, VersionState};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{AssignmentId, AssignmentVersionId, CaseTypeId, Context, DepartmentId, Timestamp, UserId};

fn read_assignment(r: &Row<'_>) -> Result<Assignment, StorageError> {
    Ok(Assignment {
        id: r.get(0)?,
        code: r.get(1)?,
        department: r.get(2)?,
        owner: r.get(3)?,
        review_day: r.get(4)?,
        created_at: r.get(5)?,
        ended_at: r.get(6)?,
    })
}

macro_rules! select_assignment {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.code, a.department_id, a.owner_id, a.review_day, a.created_at, a.ended_at
             FROM assignments a ",
            $rest
        )
    };
}

macro_rules! select_version {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.assignment_id, v.version, v.state, v.revision, v.basis, v.agreed, v.changed_at, v.changed_by,
                 v.sent_at, v.answered_at, v.answered_by, v.answered_email, v.reason, v.in_force_at, v.out_of_force_at
             FROM assignment_versions v ",
            $rest
        )
    };
}

/// A version as stored, its JSON not read yet.
struct Stored {
    version: Version,
    basis: String,
    agreed: Option<String>,
}

fn read_stored(r: &Row<'_>) -> Result<Stored, StorageError> {
    let answered_at: Option<Timestamp> = r.get(10)?;
    let by: Option<String> = r.get(11)?;
    let email: Option<String> = r.get(12)?;
    let reason = r.get(13)?;
    Ok(Stored {
        version: Version {
            id: r.get(0)?,
            assignment: r.get(1)?,
            number: r.get(2)?,
            state: r.get(3)?,
            revision: r.get(4)?,
            basis: Basis::empty(),
            agreed: None,
            changed_at: r.get(7)?,
            changed_by: r.get(8)?,
            sent_at: r.get(9)?,
            answer: answered_at.map(|at| Answered {
                at,
                by: by.unwrap_or_default(),
                email: email.unwrap_or_default(),
                reason,
            }),
            in_force_at: r.get(14)?,
            out_of_force_at: r.get(15)?,
        },
        basis: r.get(5)?,
        agreed: r.get(6)?,
    })
}

impl Stored {
    fn read(self) -> Result<Version, AssignmentsError> {
        let basis = serde_json::from_str(&self.basis).map_err(payload)?;
        let agreed: Option<Vec<Agreed>> =
            self.agreed.map(|text| serde_json::from_str(&text)).transpose().map_err(payload)?;
        Ok(Version { basis, agreed, ..self.version })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn payload(error: serde_json::Error) -> AssignmentsError {
    AssignmentsError::Payload(error.to_string())
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, AssignmentsError> {
    serde_json::to_string(value).map_err(payload)
}

/// One assignment.
///
/// # Errors
/// The database.
pub fn assignment(s: &mut Session<'_>, id: AssignmentId) -> Result<Option<Assignment>, StorageError> {
    s.row(sql!(select_assignment!("WHERE a.id = $1")), params![id], read_assignment)
}

/// One assignment by its code.
///
/// # Errors
/// The database.
pub fn assignment_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<Assignment>, StorageError> {
    s.row(sql!(select_assignment!("WHERE a.code = $1")), params![code], read_assignment)
}

/// Every version of an assignment, newest first.
///
/// # Errors
/// The database, or what is kept cannot be read.
pub fn versions(s: &mut Session<'_>, id: AssignmentId) -> Result<Vec<Version>, AssignmentsError> {
    let stored = s.rows(
        sql!(select_version!("WHERE v.assignment_id = $1 ORDER BY v.version DESC")),
        params![id],
        read_stored,
    )?;
    stored.into_iter().map(Stored::read).collect()
}

/// One version.
///
/// # Errors
/// The database, or what is kept cannot be read.
pub fn version(s: &mut Session<'_>, id: AssignmentVersionId) -> Result<Option<Version>, AssignmentsError> {
    let stored = s.row(sql!(select_version!("WHERE v.id = $1")), params![id], read_stored)?;
    stored.map(Stored::read).transpose()
}

/// Every assignment that holds, with what holds, by title.
///
/// # Errors
/// The database, or what is kept cannot be read.
pub fn in_force(s: &mut Session<'_>) -> Result<Vec<InForce>, AssignmentsError> {
    let stored = s.rows(
        sql!(select_version!(
            "WHERE v.state = 'in_force' OR v.state = 'under_review' ORDER BY v.title, v.id"
        )),
        params![],
        read_stored,
    )?;
    let mut found = Vec::new();
    for stored in stored {
        let version = stored.read()?;
        let assignment = assignment(s, version.assignment)?;
        let assignment = assignment.ok_or(AssignmentsError::NotFound { what: "assignment" })?;
        found.push(InForce { assignment, version });
    }
    Ok(found)
}

/// The assignments in force that a case type belongs to.
///
/// # Errors
/// The database, or what is kept cannot be read.
pub fn by_case_type(s: &mut Session<'_>, id: CaseTypeId) -> Result<Vec<InForce>, AssignmentsError> {
    Ok(in_force(s)?.into_iter().filter(|one| one.version.basis.case_types.contains(&id)).collect())
}

/// An assignment as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The assignment.
    pub assignment: Assignment,
    /// The title of what holds, or of the newest version.
    pub title: String,
    /// Where each version stands, newest first.
    pub standings: Vec<Standing>,
    /// When the newest version was last changed or moved on.
    pub changed_at: Timestamp,
    /// Why the newest version was not approved, if it was not.
    pub reason: Option<String>,
    /// When what lies with the department was sent.
    pub sent_at: Option<Timestamp>,
}

impl Line {
    /// Where what holds stands, or else the newest version.
    #[must_use]
    pub fn state(&self) -> Option<VersionState> {
        let held = crate::course::holding(&self.standings);
        held.or_else(|| self.standings.first().copied()).map(|standing| standing.state)
    }

    /// Whether its review day has passed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.assignment.review_day.is_some_and(|day| day < today)
    }
}

/// A version as the list needs it.
struct Brief {
    assignment: AssignmentId,
    standing: Standing,
    title: String,
    changed_at: Timestamp,
    reason: Option<String>,
    sent_at: Option<Timestamp>,
}

fn read_brief(r: &Row<'_>) -> Result<Brief, StorageError> {
    Ok(Brief {
        assignment: r.get(0)?,
        standing: Standing { version: r.get(1)?, state: r.get(2)? },
        title: r.get(3)?,
        changed_at: r.get(4)?,
        reason: r.get(5)?,
        sent_at: r.get(6)?,
    })
}

/// Every assignment, by title.
///
/// # Errors
/// The database.
pub fn lines(s: &mut Session<'_>) -> Result<Vec<Line>, StorageError> {
    let assignments =
        s.rows(sql!(select_assignment!("ORDER BY a.department_id, a.code")), params![], read_assignment)?;
    let versions = s.rows(
        sql!(
            "SELECT assignment_id, version, state, title, changed_at, reason, sent_at FROM assignment_versions
             ORDER BY assignment_id, version DESC"
        ),
        params![],
        read_brief,
    )?;
    let mut lines = Vec::new();
    for assignment in assignments {
        let own: Vec<&Brief> = versions.iter().filter(|brief| brief.assignment == assignment.id).collect();
        let Some(newest) = own.first() else { continue };
        let held = own.iter().find(|brief| brief.standing.state.holds()).unwrap_or(newest);
        let refused = newest.standing.state == VersionState::Refused;
        let sent = own.iter().find(|brief| brief.standing.state == VersionState::Sent);
        lines.push(Line {
            title: held.title.clone(),
            standings: own.iter().map(|brief| brief.standing).collect(),
            changed_at: newest.changed_at,
            reason: newest.reason.clone().filter(|_| refused),
            sent_at: sent.and_then(|brief| brief.sent_at),
            assignment,
        });
    }
    lines.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(lines)
}

pub(crate) fn insert_assignment(s: &mut Session<'_>, a: &Assignment) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO assignments (id, code, department_id, owner_id, review_day, created_at, ended_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![a.id, &a.code, a.department, a.owner, a.review_day, a.created_at, a.ended_at],
    )?;
    Ok(())
}

pub(crate) fn insert_version(s: &mut Session<'_>, v: &Version) -> Result<(), AssignmentsError> {
    s.execute(
        sql!(
            "INSERT INTO assignment_versions (id, assignment_id, version, state, revision, title, basis, changed_at,
                 changed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            v.id,
            v.assignment,
            v.number,
            v.state,
            v.revision,
            &v.basis.title,
            written(&v.basis)?,
            v.changed_at,
            v.changed_by
        ],
    )?;
    Ok(())
}

/// Rewrites a draft, if it still is one and nobody has rewritten it since `revision`. Gives whether it was.
pub(crate) fn update_basis(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentVersionId,
    revision: u32,
    basis: &Basis,
    by: Option<UserId>,
) -> Result<bool, AssignmentsError> {
    let changed = s.execute(
        sql!(
            "UPDATE assignment_versions SET title = $3, basis = $4, revision = revision + 1, changed_at = $5,
                 changed_by = $6
             WHERE id = $1 AND revision = $2 AND state = 'draft'"
        ),
        params![id, revision, &basis.title, written(basis)?, ctx.now, by],
    )?;
    Ok(changed > 0)
}

/// Where a version stands from now on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewState {
    pub id: AssignmentVersionId,
    pub to: VersionState,
    pub at: Timestamp,
}

pub(crate) fn set_state(s: &mut Session<'_>, new: NewState) -> Result<(), StorageError> {
    let out = matches!(new.to, VersionState::Replaced | VersionState::Ended).then_some(new.at);
    s.execute(
        sql!(
            "UPDATE assignment_versions SET state = $2, changed_at = $3,
                 out_of_force_at = COALESCE(out_of_force_at, CAST($4 AS BIGINT))
             WHERE id = $1"
        ),
        params![new.id, new.to, new.at, out],
    )?;
    Ok(())
}

pub(crate) fn set_sent(
    s: &mut Session<'_>,
    id: AssignmentVersionId,
    agreed: &[Agreed],
    at: Timestamp,
) -> Result<(), AssignmentsError> {
    s.execute(
        sql!("UPDATE assignment_versions SET sent_at = $2, agreed = $3 WHERE id = $1"),
        params![id, at, written(&agreed)?],
    )?;
    Ok(())
}

pub(crate) fn set_answer(
    s: &mut Session<'_>,
    id: AssignmentVersionId,
    answer: &Answered,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE assignment_versions SET answered_at = $2, answered_by = $3, answered_email = $4, reason = $5
             WHERE id = $1 AND answered_at IS NULL"
        ),
        params![id, answer.at, &answer.by, &answer.email, &answer.reason],
    )?;
    Ok(())
}

pub(crate) fn set_in_force(
    s: &mut Session<'_>,
    id: AssignmentVersionId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE assignment_versions SET in_force_at = $2 WHERE id = $1 AND in_force_at IS NULL"),
        params![id, at],
    )?;
    Ok(())
}

pub(crate) fn set_review_day(
    s: &mut Session<'_>,
    id: AssignmentId,
    day: Option<Date>,
) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE assignments SET review_day = $2 WHERE id = $1"), params![id, day])?;
    Ok(())
}

pub(crate) fn set_owner(
    s: &mut Session<'_>,
    id: AssignmentId,
    owner: Option<UserId>,
    department: DepartmentId,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE assignments SET owner_id = $2, department_id = $3 WHERE id = $1"),
        params![id, owner, department],
    )?;
    Ok(())
}

pub(crate) fn set_ended(s: &mut Session<'_>, id: AssignmentId, at: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE assignments SET ended_at = $2, review_day = NULL WHERE id = $1 AND ended_at IS NULL"),
        params![id, at],
    )?;
    Ok(())
}

pub(crate) fn open_coverage(
    s: &mut Session<'_>,
    id: AssignmentVersionId,
    case_types: &[CaseTypeId],
    from: Timestamp,
) -> Result<(), StorageError> {
    for case_type in case_types {
        s.execute(
            sql!(
                "INSERT INTO assignment_coverage (version_id, case_type_id, from_at) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING"
            ),
            params![id, *case_type, from],
        )?;
    }
    Ok(())
}

pub(crate) fn close_coverage(
    s: &mut Session<'_>,
    id: AssignmentVersionId,
    to: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE assignment_coverage SET to_at = $2 WHERE version_id = $1 AND to_at IS NULL"),
        params![id, to],
    )?;
    Ok(())
}
