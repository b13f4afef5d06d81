//! What can be done with departments, officers, answer groups and telephones.

use storage::Session;
use storage::timeline::{Entry, Subject};
use vocabulary::{AnyId, Context, GenericUuid as _, OfficerId, UserId};

use super::model::{
    AnswerGroup, Department, NewAnswerGroup, NewDepartment, NewOfficer, Officer, RecipientKind, Telephone,
    sip_digests,
};
use super::queries;
use crate::secret::Token;
use crate::{PeopleError, text};

/// Fewest characters of a SIP account's password: whoever guesses it takes the guide's calls.
pub const SIP_PASSWORD_CHARS_MIN: usize = 12;

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    of: &'static str,
    id: AnyId,
) -> Result<(), PeopleError> {
    let subject = Subject { kind: of, id };
    storage::timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(())
}

/// Makes a department.
///
/// # Errors
/// A text is refused, or the code is taken.
pub fn create_department(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &NewDepartment,
) -> Result<Department, PeopleError> {
    let department = Department {
        id: ctx.next_id(),
        code: text::code("code", &cmd.code, text::CODE_CHARS_MAX)?,
        name: text::line("name", &cmd.name, text::NAME_CHARS_MAX)?,
        board: text::line("board", &cmd.board, text::NAME_CHARS_MAX)?,
        escalation_email: text::email("escalation_email", &cmd.escalation_email)?,
    };
    if queries::department_by_code(s, &department.code)?.is_some() {
        return Err(PeopleError::Taken { what: "the department's code" });
    }
    queries::insert_department(s, &department)?;
    record(s, ctx, "department_created", "department", department.id.into_untyped_uuid())?;
    Ok(department)
}

/// Makes an officer.
///
/// # Errors
/// A text is refused, the address is taken, or there is no such department.
pub fn create_officer(s: &mut Session<'_>, ctx: &Context, cmd: &NewOfficer) -> Result<Officer, PeopleError> {
    create_recipient(s, ctx, cmd, RecipientKind::Person)
}

/// Makes a function of a department that is written to like an officer, such as driften@.
///
/// # Errors
/// As [`create_officer`].
pub fn create_function(s: &mut Session<'_>, ctx: &Context, cmd: &NewOfficer) -> Result<Officer, PeopleError> {
    create_recipient(s, ctx, cmd, RecipientKind::Function)
}

fn create_recipient(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &NewOfficer,
    kind: RecipientKind,
) -> Result<Officer, PeopleError> {
    let officer = Officer {
        id: ctx.next_id(),
        department: cmd.department,
        name: text::line("name", &cmd.name, text::NAME_CHARS_MAX)?,
        title: text::line("title", &cmd.title, text::NAME_CHARS_MAX)?,
        email: text::email("email", &cmd.email)?,
        telephone: match &cmd.telephone {
            Some(typed) => Some(text::telephone("telephone", typed)?),
            None => None,
        },
        language: cmd.language,
        active: true,
        kind,
    };
    if queries::department(s, officer.department)?.is_none() {
        return Err(PeopleError::NotFound { what: "department" });
    }
    if queries::officer_by_email(s, &officer.email)?.is_some() {
        return Err(PeopleError::Taken { what: "the officer's e-mail address" });
    }
    queries::insert_officer(s, &officer)?;
    record(s, ctx, "officer_created", "officer", officer.id.into_untyped_uuid())?;
    Ok(officer)
}

/// Marks an officer as one who can be sent cases, or cannot any more.
///
/// # Errors
/// There is no such officer.
pub fn set_officer_active(
    s: &mut Session<'_>,
    ctx: &Context,
    id: OfficerId,
    active: bool,
) -> Result<(), PeopleError> {
    if queries::update_officer_active(s, id, active)? == 0 {
        return Err(PeopleError::NotFound { what: "officer" });
    }
    let kind = if active { "officer_activated" } else { "officer_deactivated" };
    record(s, ctx, kind, "officer", id.into_untyped_uuid())
}

/// Makes an answer group.
///
/// # Errors
/// A text is refused, the code or number is taken, or another group already takes what no group has.
pub fn create_answer_group(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &NewAnswerGroup,
) -> Result<AnswerGroup, PeopleError> {
    let group = AnswerGroup {
        id: ctx.next_id(),
        code: text::code("code", &cmd.code, text::CODE_CHARS_MAX)?,
        name: text::line("name", &cmd.name, text::NAME_CHARS_MAX)?,
        dialled: match &cmd.dialled {
            Some(dialled) => text::optional_line("dialled", dialled, text::TELEPHONE_CHARS_MAX)?,
            None => None,
        },
    };
    for other in queries::answer_groups(s)? {
        if other.code == group.code {
            return Err(PeopleError::Taken { what: "the answer group's code" });
        }
        if other.dialled == group.dialled {
            return Err(PeopleError::Taken {
                what: "the answer group's number (or being the group without one)",
            });
        }
    }
    queries::insert_answer_group(s, &group)?;
    record(s, ctx, "answer_group_created", "answer_group", group.id.into_untyped_uuid())?;
    Ok(group)
}

/// Gives a user a SIP account, in place of the one before. The password is not kept, only its digests for `realm`.
///
/// # Errors
/// A text is refused, the account's name is somebody else's, or there is no such user.
pub fn set_telephone(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    sip_user: &str,
    realm: &str,
    password: &str,
) -> Result<Telephone, PeopleError> {
    let sip_user = text::code("sip_user", sip_user, text::CODE_CHARS_MAX)?;
    let realm = text::line("realm", realm, text::LINE_CHARS_MAX)?;
    let password = text::line("password", password, text::LINE_CHARS_MAX)?;
    if password.chars().count() < SIP_PASSWORD_CHARS_MIN {
        return Err(PeopleError::Password(crate::password::PasswordFault::TooShort));
    }
    crate::users::queries::by_id(s, user)?.ok_or(PeopleError::NotFound { what: "user" })?;
    let before = queries::telephone_of(s, user)?;
    if queries::owner_of_sip_user(s, &sip_user)?.is_some_and(|owner| owner != user) {
        return Err(PeopleError::Taken { what: "the SIP account's name" });
    }
    let telephone = Telephone {
        id: before.map_or_else(|| ctx.next_id(), |before| before.id),
        user,
        digests: sip_digests(&sip_user, &realm, &password),
        sip_user,
    };
    queries::upsert_telephone(s, &telephone)?;
    record(s, ctx, "telephone_set", "user", user.into_untyped_uuid())?;
    Ok(telephone)
}

/// A password for a SIP account nobody has to type: 43 characters.
#[must_use]
pub fn sip_password(ctx: &Context) -> String {
    Token::make("", &*ctx.chance).reveal().to_owned()
}
