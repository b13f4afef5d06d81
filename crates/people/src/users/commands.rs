//! What can be done with users.

use storage::Session;
use storage::timeline::{Entry, Subject};
use vocabulary::{Context, GenericUuid as _, Language, Role, UserId};

use super::model::{CreateUser, GROUPS_PER_USER_MAX, GroupLevel, LEVEL_MAX, User, folded};
use super::queries;
use crate::PeopleError;
use crate::password::PasswordHash;
use crate::text;

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    user: UserId,
    detail: Option<String>,
) -> Result<(), PeopleError> {
    let subject = Subject { kind: "user", id: user.into_untyped_uuid() };
    storage::timeline::append(s, ctx, Entry { kind, subject, related: None, detail })?;
    Ok(())
}

/// Makes a user.
///
/// # Errors
/// A text is refused, or the sign-in name is taken.
pub fn create(s: &mut Session<'_>, ctx: &Context, cmd: &CreateUser) -> Result<User, PeopleError> {
    let sign_in = folded(&text::line("sign_in", &cmd.sign_in, text::SIGN_IN_CHARS_MAX)?);
    let user = User {
        id: ctx.next_id(),
        name: text::line("name", &cmd.name, text::NAME_CHARS_MAX)?,
        role: cmd.role,
        language: cmd.language,
        hourly: cmd.hourly,
        active: true,
        created_at: ctx.now,
        sign_in,
    };
    if queries::by_sign_in(s, &user.sign_in)?.is_some() {
        return Err(PeopleError::Taken { what: "the sign-in name" });
    }
    queries::insert(s, &user, cmd.password.as_str())?;
    record(s, ctx, "user_created", user.id, Some(user.role.to_string()))?;
    Ok(user)
}

/// Sets a new password and revokes every session but `keep` (the one it is changed from).
///
/// # Errors
/// There is no such user.
pub fn set_password(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    password: &PasswordHash,
    keep: Option<vocabulary::SessionId>,
) -> Result<(), PeopleError> {
    if queries::update_password(s, user, password.as_str())? == 0 {
        return Err(PeopleError::NotFound { what: "user" });
    }
    crate::access::commands::revoke_sessions(s, ctx, user, keep)?;
    record(s, ctx, "password_changed", user, None)
}

/// Changes the name as shown and the language of the pages.
///
/// # Errors
/// The name is refused, or there is no such user.
pub fn change_account(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    name: &str,
    language: Language,
) -> Result<(), PeopleError> {
    let name = text::line("name", name, text::NAME_CHARS_MAX)?;
    if queries::update_account(s, user, &name, language)? == 0 {
        return Err(PeopleError::NotFound { what: "user" });
    }
    record(s, ctx, "user_changed", user, None)
}

/// Gives a user another role. It holds from the user's next request.
///
/// # Errors
/// There is no such user, or it would leave no administrator.
pub fn set_role(s: &mut Session<'_>, ctx: &Context, user: UserId, role: Role) -> Result<(), PeopleError> {
    let before = queries::by_id(s, user)?.ok_or(PeopleError::NotFound { what: "user" })?;
    if before.role == role {
        return Ok(());
    }
    guard_last_administrator(s, &before)?;
    queries::update_role(s, user, role)?;
    record(s, ctx, "user_role_changed", user, Some(role.to_string()))
}

/// Lets a user in again, or shuts them out: then every session is revoked at once.
///
/// # Errors
/// There is no such user, or it would leave no administrator.
pub fn set_active(s: &mut Session<'_>, ctx: &Context, user: UserId, active: bool) -> Result<(), PeopleError> {
    let before = queries::by_id(s, user)?.ok_or(PeopleError::NotFound { what: "user" })?;
    if before.active == active {
        return Ok(());
    }
    if !active {
        guard_last_administrator(s, &before)?;
        crate::access::commands::revoke_sessions(s, ctx, user, None)?;
    }
    queries::update_active(s, user, active)?;
    record(s, ctx, if active { "user_activated" } else { "user_deactivated" }, user, None)
}

fn guard_last_administrator(s: &mut Session<'_>, user: &User) -> Result<(), PeopleError> {
    let administers = user.active && user.role == Role::Administrator;
    if administers && queries::active_with_role(s, Role::Administrator)? <= 1 {
        return Err(PeopleError::LastAdministrator);
    }
    Ok(())
}

/// Sets which groups' calls a guide takes, in place of those before.
///
/// # Errors
/// Too many groups, a level out of bounds, no such user, or (from the database) no such group.
pub fn set_groups(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    groups: &[GroupLevel],
) -> Result<(), PeopleError> {
    if groups.len() > GROUPS_PER_USER_MAX {
        return Err(PeopleError::TooMany { what: "groups of a user", max: GROUPS_PER_USER_MAX });
    }
    if groups.iter().any(|g| g.level == 0 || g.level > LEVEL_MAX) {
        return Err(PeopleError::TooMany {
            what: "levels of helping out, counted from 1",
            max: usize::from(LEVEL_MAX),
        });
    }
    queries::by_id(s, user)?.ok_or(PeopleError::NotFound { what: "user" })?;
    queries::delete_groups(s, user)?;
    for group in groups {
        queries::upsert_group(s, user, *group)?;
    }
    record(s, ctx, "user_groups_changed", user, None)
}
