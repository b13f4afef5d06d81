//! The SQL of departments, officers, answer groups and telephones.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{AbsenceId, AnswerGroupId, DepartmentId, OfficerId, UserId};

use super::absences::Absence;
use super::model::{AnswerGroup, Department, Officer, SipDigests, Telephone};

fn read_department(r: &Row<'_>) -> Result<Department, StorageError> {
    Ok(Department {
        id: r.get(0)?,
        code: r.get(1)?,
        name: r.get(2)?,
        board: r.get(3)?,
        escalation_email: r.get(4)?,
    })
}

/// Every department, by name.
pub fn departments(s: &mut Session<'_>) -> Result<Vec<Department>, StorageError> {
    s.rows(
        sql!("SELECT id, code, name, board, escalation_email FROM departments ORDER BY name, code"),
        params![],
        read_department,
    )
}

/// One department.
pub fn department(s: &mut Session<'_>, id: DepartmentId) -> Result<Option<Department>, StorageError> {
    s.row(
        sql!("SELECT id, code, name, board, escalation_email FROM departments WHERE id = $1"),
        params![id],
        read_department,
    )
}

/// The department with this code.
pub fn department_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<Department>, StorageError> {
    s.row(
        sql!("SELECT id, code, name, board, escalation_email FROM departments WHERE code = $1"),
        params![code],
        read_department,
    )
}

pub(super) fn insert_department(s: &mut Session<'_>, d: &Department) -> Result<u64, StorageError> {
    s.execute(
        sql!("INSERT INTO departments (id, code, name, board, escalation_email) VALUES ($1, $2, $3, $4, $5)"),
        params![d.id, &d.code, &d.name, &d.board, &d.escalation_email],
    )
}

fn read_officer(r: &Row<'_>) -> Result<Officer, StorageError> {
    Ok(Officer {
        id: r.get(0)?,
        department: r.get(1)?,
        name: r.get(2)?,
        title: r.get(3)?,
        email: r.get(4)?,
        telephone: r.get(5)?,
        language: r.get(6)?,
        active: r.get(7)?,
        kind: r.get(8)?,
    })
}

/// One officer.
pub fn officer(s: &mut Session<'_>, id: OfficerId) -> Result<Option<Officer>, StorageError> {
    s.row(
        sql!("SELECT id, department_id, name, title, email, telephone, language, active, kind FROM officers WHERE id = $1"),
        params![id],
        read_officer,
    )
}

/// The officer with this address (lower case).
pub fn officer_by_email(s: &mut Session<'_>, email: &str) -> Result<Option<Officer>, StorageError> {
    s.row(
        sql!("SELECT id, department_id, name, title, email, telephone, language, active, kind FROM officers WHERE email = $1"),
        params![email],
        read_officer,
    )
}

/// The active officers, by name; of every department.
pub fn officers(s: &mut Session<'_>) -> Result<Vec<Officer>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, department_id, name, title, email, telephone, language, active, kind FROM officers
             WHERE active ORDER BY name, email"
        ),
        params![],
        read_officer,
    )
}

/// The active officers of one department, by name.
pub fn officers_of(s: &mut Session<'_>, department: DepartmentId) -> Result<Vec<Officer>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, department_id, name, title, email, telephone, language, active, kind FROM officers
             WHERE department_id = $1 AND active ORDER BY name, email"
        ),
        params![department],
        read_officer,
    )
}

pub(super) fn insert_officer(s: &mut Session<'_>, o: &Officer) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO officers (id, department_id, name, title, email, telephone, language, active, kind)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![o.id, o.department, &o.name, &o.title, &o.email, &o.telephone, o.language, o.active, o.kind],
    )
}

pub(super) fn update_officer_active(
    s: &mut Session<'_>,
    id: OfficerId,
    active: bool,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE officers SET active = $2 WHERE id = $1"), params![id, active])
}

fn read_answer_group(r: &Row<'_>) -> Result<AnswerGroup, StorageError> {
    Ok(AnswerGroup { id: r.get(0)?, code: r.get(1)?, name: r.get(2)?, dialled: r.get(3)? })
}

/// Every answer group, by code.
pub fn answer_groups(s: &mut Session<'_>) -> Result<Vec<AnswerGroup>, StorageError> {
    s.rows(
        sql!("SELECT id, code, name, dialled FROM answer_groups ORDER BY code"),
        params![],
        read_answer_group,
    )
}

/// One answer group.
pub fn answer_group(s: &mut Session<'_>, id: AnswerGroupId) -> Result<Option<AnswerGroup>, StorageError> {
    s.row(
        sql!("SELECT id, code, name, dialled FROM answer_groups WHERE id = $1"),
        params![id],
        read_answer_group,
    )
}

/// The group that takes calls to `dialled`: its own, else the one without a number.
pub fn answer_group_for(s: &mut Session<'_>, dialled: &str) -> Result<Option<AnswerGroup>, StorageError> {
    let own = s.row(
        sql!("SELECT id, code, name, dialled FROM answer_groups WHERE dialled = $1"),
        params![dialled],
        read_answer_group,
    )?;
    if own.is_some() {
        return Ok(own);
    }
    // UNIQUE lets several rows be NULL; the command lets only one.
    s.row(
        sql!("SELECT id, code, name, dialled FROM answer_groups WHERE dialled IS NULL ORDER BY code LIMIT 1"),
        params![],
        read_answer_group,
    )
}

pub(super) fn insert_answer_group(s: &mut Session<'_>, g: &AnswerGroup) -> Result<u64, StorageError> {
    s.execute(
        sql!("INSERT INTO answer_groups (id, code, name, dialled) VALUES ($1, $2, $3, $4)"),
        params![g.id, &g.code, &g.name, &g.dialled],
    )
}

fn read_telephone(r: &Row<'_>) -> Result<Telephone, StorageError> {
    Ok(Telephone {
        id: r.get(0)?,
        user: r.get(1)?,
        sip_user: r.get(2)?,
        digests: SipDigests { ha1_md5: r.get(3)?, ha1_sha256: r.get(4)? },
    })
}

/// The SIP account with this name, of an active user.
pub fn telephone_by_sip_user(s: &mut Session<'_>, sip_user: &str) -> Result<Option<Telephone>, StorageError> {
    s.row(
        sql!(
            "SELECT t.id, t.user_id, t.sip_user, t.ha1_md5, t.ha1_sha256
             FROM telephones t JOIN users u ON u.id = t.user_id WHERE t.sip_user = $1 AND u.active"
        ),
        params![sip_user],
        read_telephone,
    )
}

/// Whose SIP account has this name, active or not.
pub(super) fn owner_of_sip_user(s: &mut Session<'_>, sip_user: &str) -> Result<Option<UserId>, StorageError> {
    s.row(sql!("SELECT user_id FROM telephones WHERE sip_user = $1"), params![sip_user], |r| r.get(0))
}

/// A user's SIP account.
pub fn telephone_of(s: &mut Session<'_>, user: UserId) -> Result<Option<Telephone>, StorageError> {
    s.row(
        sql!("SELECT id, user_id, sip_user, ha1_md5, ha1_sha256 FROM telephones WHERE user_id = $1"),
        params![user],
        read_telephone,
    )
}

pub(super) fn upsert_telephone(s: &mut Session<'_>, t: &Telephone) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO telephones (id, user_id, sip_user, ha1_md5, ha1_sha256) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id) DO UPDATE SET sip_user = excluded.sip_user, ha1_md5 = excluded.ha1_md5,
                 ha1_sha256 = excluded.ha1_sha256"
        ),
        params![t.id, t.user, &t.sip_user, &t.digests.ha1_md5, &t.digests.ha1_sha256],
    )
}

fn read_absence(r: &Row<'_>) -> Result<Absence, StorageError> {
    Ok(Absence { id: r.get(0)?, officer: r.get(1)?, first_day: r.get(2)?, last_day: r.get(3)? })
}

/// The absences that are not over on `day`, by officer and first day.
pub fn absences_from(s: &mut Session<'_>, day: Date) -> Result<Vec<Absence>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, officer_id, first_day, last_day FROM officer_absences
             WHERE last_day IS NULL OR last_day >= $1 ORDER BY officer_id, first_day, id"
        ),
        params![day],
        read_absence,
    )
}

/// Whether an officer is away on `day`.
pub fn is_away(s: &mut Session<'_>, officer: OfficerId, day: Date) -> Result<bool, StorageError> {
    let covering: u32 = s.the_row(
        sql!(
            "SELECT COUNT(*) FROM officer_absences
             WHERE officer_id = $1 AND first_day <= $2 AND (last_day IS NULL OR last_day >= $2)"
        ),
        params![officer, day],
        |r| r.get(0),
    )?;
    Ok(covering > 0)
}

pub(super) fn absence(s: &mut Session<'_>, id: AbsenceId) -> Result<Option<Absence>, StorageError> {
    s.row(
        sql!("SELECT id, officer_id, first_day, last_day FROM officer_absences WHERE id = $1"),
        params![id],
        read_absence,
    )
}

pub(super) fn insert_absence(s: &mut Session<'_>, a: &Absence) -> Result<u64, StorageError> {
    s.execute(
        sql!("INSERT INTO officer_absences (id, officer_id, first_day, last_day) VALUES ($1, $2, $3, $4)"),
        params![a.id, a.officer, a.first_day, a.last_day],
    )
}

pub(super) fn delete_absence(s: &mut Session<'_>, id: AbsenceId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM officer_absences WHERE id = $1"), params![id])
}
