//! The users' SQL.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{Language, Role, UserId};

use super::model::{GroupLevel, User};

fn user(r: &Row<'_>) -> Result<User, StorageError> {
    Ok(User {
        id: r.get(0)?,
        sign_in: r.get(1)?,
        name: r.get(2)?,
        role: r.get(3)?,
        language: r.get(4)?,
        hourly: r.get(5)?,
        active: r.get(6)?,
        created_at: r.get(7)?,
    })
}

/// The user with this id.
pub fn by_id(s: &mut Session<'_>, id: UserId) -> Result<Option<User>, StorageError> {
    s.row(
        sql!("SELECT id, sign_in, name, role, language, hourly, active, created_at FROM users WHERE id = $1"),
        params![id],
        user,
    )
}

/// The user with this sign-in name (folded).
pub fn by_sign_in(s: &mut Session<'_>, sign_in: &str) -> Result<Option<User>, StorageError> {
    s.row(
        sql!("SELECT id, sign_in, name, role, language, hourly, active, created_at FROM users WHERE sign_in = $1"),
        params![sign_in],
        user,
    )
}

/// Every user, active ones first, by name. There are as many as there are employees, so no paging.
pub fn all(s: &mut Session<'_>) -> Result<Vec<User>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, sign_in, name, role, language, hourly, active, created_at FROM users
             ORDER BY active DESC, name, sign_in"
        ),
        params![],
        user,
    )
}

/// The active users who may sit in the queue: guides and traffic leaders, by name.
pub fn guides(s: &mut Session<'_>) -> Result<Vec<User>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, sign_in, name, role, language, hourly, active, created_at FROM users
             WHERE active AND role IN ($1, $2) ORDER BY name, sign_in"
        ),
        params![Role::Guide, Role::TrafficLeader],
        user,
    )
}

/// The id and password hash of an active user.
pub fn credentials(s: &mut Session<'_>, sign_in: &str) -> Result<Option<(UserId, String)>, StorageError> {
    s.row(sql!("SELECT id, password_hash FROM users WHERE sign_in = $1 AND active"), params![sign_in], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })
}

/// The password hash of a user.
pub fn password_hash(s: &mut Session<'_>, id: UserId) -> Result<Option<String>, StorageError> {
    s.row(sql!("SELECT password_hash FROM users WHERE id = $1"), params![id], |r| r.get(0))
}

/// How many active users have `role`.
pub fn active_with_role(s: &mut Session<'_>, role: Role) -> Result<u64, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM users WHERE active AND role = $1"), params![role], |r| r.get(0))
}

/// The groups a guide serves, own group first.
pub fn groups(s: &mut Session<'_>, id: UserId) -> Result<Vec<GroupLevel>, StorageError> {
    s.rows(
        sql!(
            "SELECT answer_group_id, level FROM user_groups WHERE user_id = $1
             ORDER BY level, answer_group_id"
        ),
        params![id],
        |r| Ok(GroupLevel { group: r.get(0)?, level: r.get(1)? }),
    )
}

pub(super) fn insert(s: &mut Session<'_>, user: &User, password_hash: &str) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO users (id, sign_in, name, role, password_hash, language, hourly, active, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            user.id,
            &user.sign_in,
            &user.name,
            user.role,
            password_hash,
            user.language,
            user.hourly,
            user.active,
            user.created_at
        ],
    )?;
    Ok(())
}

pub(super) fn update_password(s: &mut Session<'_>, id: UserId, hash: &str) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE users SET password_hash = $2 WHERE id = $1"), params![id, hash])
}

pub(super) fn update_account(
    s: &mut Session<'_>,
    id: UserId,
    name: &str,
    language: Language,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE users SET name = $2, language = $3 WHERE id = $1"), params![id, name, language])
}

pub(super) fn update_role(s: &mut Session<'_>, id: UserId, role: Role) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE users SET role = $2 WHERE id = $1"), params![id, role])
}

pub(super) fn update_active(s: &mut Session<'_>, id: UserId, active: bool) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE users SET active = $2 WHERE id = $1"), params![id, active])
}

pub(super) fn delete_groups(s: &mut Session<'_>, id: UserId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM user_groups WHERE user_id = $1"), params![id])
}

pub(super) fn upsert_group(s: &mut Session<'_>, id: UserId, group: GroupLevel) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO user_groups (user_id, answer_group_id, level) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, answer_group_id) DO UPDATE SET level = excluded.level"
        ),
        params![id, group.group, group.level],
    )
}
