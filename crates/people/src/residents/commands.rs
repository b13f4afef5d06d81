//! What can be done with residents.

use storage::Session;
use storage::timeline::{Entry, Subject};
use vocabulary::{Context, GenericUuid as _, Language, ResidentId};

use super::model::{ChangeResident, Reach, Resident};
use super::queries;
use crate::text::{self, TextError, TextFault};
use crate::{PeopleError, residents::model::folded_name};

pub(super) fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    id: ResidentId,
) -> Result<(), PeopleError> {
    let subject = Subject { kind: "resident", id: id.into_untyped_uuid() };
    storage::timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(())
}

/// The resident who is reached so; made if there is none yet.
///
/// A telephone number decides alone where there is one: an address in a web form must never lead a stranger's number
/// to somebody else's card. Where several share an e-mail address it is the one known longest.
///
/// # Errors
/// Neither is given, or one is not what it should be.
pub fn find_or_create(
    s: &mut Session<'_>,
    ctx: &Context,
    reach: &Reach,
    name: Option<&str>,
    language: Language,
) -> Result<Resident, PeopleError> {
    let telephone = given("telephone", reach.telephone.as_deref(), text::telephone)?;
    let email = given("email", reach.email.as_deref(), text::email)?;
    let found = match (&telephone, &email) {
        (Some(telephone), _) => queries::by_telephone(s, telephone)?,
        (None, Some(email)) => queries::by_email(s, email)?,
        (None, None) => return Err(TextError { field: "telephone", fault: TextFault::Missing }.into()),
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let resident = Resident {
        id: ctx.next_id(),
        name: text::optional_line("name", name.unwrap_or_default(), text::NAME_CHARS_MAX)?,
        telephone,
        email,
        language,
        protected: false,
        survey_opt_out: false,
        created_at: ctx.now,
    };
    queries::insert(s, &resident, resident.name.as_deref().map(folded_name).as_deref())?;
    record(s, ctx, "resident_created", resident.id)?;
    Ok(resident)
}

/// The id of the resident with this number (E.164, from a call); made if there is none yet.
///
/// # Errors
/// It is not a number.
pub fn find_or_create_by_telephone(
    s: &mut Session<'_>,
    ctx: &Context,
    number: &str,
) -> Result<ResidentId, PeopleError> {
    let reach = Reach { telephone: Some(number.to_owned()), email: None };
    Ok(find_or_create(s, ctx, &reach, None, Language::Swedish)?.id)
}

fn given(
    field: &'static str,
    typed: Option<&str>,
    check: fn(&'static str, &str) -> Result<String, TextError>,
) -> Result<Option<String>, TextError> {
    match typed.map(str::trim) {
        Some(typed) if !typed.is_empty() => check(field, typed).map(Some),
        _ => Ok(None),
    }
}

/// Changes a resident's card, and gives it as it now is.
///
/// # Errors
/// A text is refused, the number is another resident's, or there is no such resident.
pub fn change(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ResidentId,
    cmd: &ChangeResident,
) -> Result<Resident, PeopleError> {
    let mut resident = queries::by_id(s, id)?.ok_or(PeopleError::NotFound { what: "resident" })?;
    let before = resident.clone();
    if before.protected {
        super::protection::may_change(s, ctx, &before, cmd)?;
    }
    if let Some(name) = &cmd.name {
        resident.name = text::optional_line("name", name, text::NAME_CHARS_MAX)?;
    }
    if let Some(telephone) = &cmd.telephone {
        resident.telephone = given("telephone", Some(telephone), text::telephone)?;
    }
    if let Some(email) = &cmd.email {
        resident.email = given("email", Some(email), text::email)?;
    }
    resident.language = cmd.language.unwrap_or(resident.language);
    resident.protected = cmd.protected.unwrap_or(resident.protected);
    resident.survey_opt_out = cmd.survey_opt_out.unwrap_or(resident.survey_opt_out);
    if resident == before {
        return Ok(resident);
    }
    if let Some(telephone) = &resident.telephone
        && queries::telephone_taken(s, telephone, id)?
    {
        return Err(PeopleError::Taken { what: "the telephone number (another resident has it)" });
    }
    queries::update(s, &resident, resident.name.as_deref().map(folded_name).as_deref())?;
    record(s, ctx, "resident_changed", id)?;
    // Said by name, since both change how a resident is treated and by whom that was decided must be found.
    if resident.protected != before.protected {
        record(s, ctx, if resident.protected { "resident_protected" } else { "resident_unprotected" }, id)?;
    }
    if resident.survey_opt_out != before.survey_opt_out {
        record(s, ctx, if resident.survey_opt_out { "survey_opted_out" } else { "survey_opted_in" }, id)?;
    }
    Ok(resident)
}
