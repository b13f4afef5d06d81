//! Definitions as published.

use crate::definition::Known;
use crate::error::ProcessesError;
use crate::model::Version;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseTypeId, ProcessVersionId};

macro_rules! select_version {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.code, v.version, v.case_type_id, v.name, v.source, v.published_at, v.published_by
             FROM process_versions v ",
            $rest
        )
    };
}

fn read_version(r: &Row<'_>) -> Result<Version, StorageError> {
    Ok(Version {
        id: r.get(0)?,
        code: r.get(1)?,
        version: r.get(2)?,
        case_type_id: r.get(3)?,
        name: r.get(4)?,
        source: r.get(5)?,
        published_at: r.get(6)?,
        published_by: r.get(7)?,
    })
}

/// One version.
pub fn version(s: &mut Session<'_>, id: ProcessVersionId) -> Result<Option<Version>, StorageError> {
    s.row(sql!(select_version!("WHERE v.id = $1")), params![id], read_version)
}

/// One version of a process by its number.
pub fn version_by_number(
    s: &mut Session<'_>,
    code: &str,
    number: u32,
) -> Result<Option<Version>, StorageError> {
    s.row(sql!(select_version!("WHERE v.code = $1 AND v.version = $2")), params![code, number], read_version)
}

/// Every version of a process, newest first.
pub fn versions(s: &mut Session<'_>, code: &str) -> Result<Vec<Version>, StorageError> {
    s.rows(sql!(select_version!("WHERE v.code = $1 ORDER BY v.version DESC")), params![code], read_version)
}

/// A process with the version that new cases begin, and how many run through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The version.
    pub version: Version,
    /// Whether new cases of the type begin it.
    pub active: bool,
    /// Cases under way, in any version.
    pub running: u32,
}

/// Every process, by name.
pub fn in_force(s: &mut Session<'_>) -> Result<Vec<InForce>, StorageError> {
    let found = s.rows(
        sql!(
            "SELECT v.id, v.code, v.version, v.case_type_id, v.name, v.source, v.published_at, v.published_by, t.active,
                    (SELECT COUNT(*) FROM processes p JOIN process_versions w ON w.id = p.version_id
                     WHERE w.code = t.code AND p.ended_at IS NULL)
             FROM process_types t JOIN process_versions v ON v.id = t.version_id ORDER BY v.name, v.code"
        ),
        params![],
        |r| Ok(InForce { version: read_version(r)?, active: r.get(8)?, running: r.get(9)? }),
    )?;
    Ok(found)
}

/// The version that new cases of a type begin, if the type has a process in use.
pub fn in_force_for_type(s: &mut Session<'_>, id: CaseTypeId) -> Result<Option<Version>, StorageError> {
    s.row(
        sql!(select_version!(
            "JOIN process_types t ON t.version_id = v.id WHERE t.case_type_id = $1 AND t.active"
        )),
        params![id],
        read_version,
    )
}

pub(crate) fn insert_version(s: &mut Session<'_>, v: &Version) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO process_versions (id, code, version, case_type_id, name, source, published_at, published_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![v.id, v.code, v.version, v.case_type_id, v.name, v.source, v.published_at, v.published_by],
    )?;
    Ok(())
}

/// Lets the type's new cases begin this version from now on.
pub(crate) fn put_in_force(s: &mut Session<'_>, v: &Version) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM process_types WHERE code = $1"), params![v.code])?;
    s.execute(
        sql!("INSERT INTO process_types (case_type_id, code, version_id, active) VALUES ($1, $2, $3, TRUE)"),
        params![v.case_type_id, v.code, v.id],
    )?;
    Ok(())
}

pub(crate) fn set_active(s: &mut Session<'_>, code: &str, active: bool) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE process_types SET active = $2 WHERE code = $1 AND active <> $2"),
        params![code, active],
    )
}

/// What a definition may point to.
pub fn known(s: &mut Session<'_>) -> Result<Known, ProcessesError> {
    let officers = people::directory::queries::officers(s)?.into_iter().filter(|officer| officer.active);
    let officers = officers.map(|officer| officer.email).collect();
    let departments = people::directory::queries::departments(s)?.into_iter().map(|d| d.code).collect();
    let case_types = cases::queries::case_types(s)?.into_iter().map(|case_type| case_type.code).collect();
    let resources = super::resources(s)?.into_iter().filter(|r| r.active).map(|r| r.code).collect();
    let contractors = super::contractors(s)?.into_iter().filter(|c| c.active).map(|c| c.code).collect();
    Ok(Known { case_types, departments, officers, resources, contractors })
}
