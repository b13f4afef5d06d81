//! Those with a part in a case.

use super::steps::{load_case_for, record, touch};
use crate::error::CasesError;
use crate::limits::{ADDRESS_CHARS_MAX, STAKEHOLDERS_PER_CASE_MAX};
use crate::parts::{Stakeholder, StakeholderRole};
use crate::queries::{self, parts};
use crate::refusal::Refusal;
use people::text::{self, NAME_CHARS_MAX};
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, ResidentId, StakeholderId};

/// Somebody to be given a part in a case. Each text may be blank, but not all of them.
#[derive(Clone)]
pub struct AddStakeholder {
    /// In which case.
    pub case_id: CaseId,
    /// Which part.
    pub role: StakeholderRole,
    /// Their name.
    pub name: String,
    /// The company, association or authority.
    pub organisation: String,
    /// Their telephone, as typed.
    pub telephone: String,
    /// Their e-mail address.
    pub email: String,
    /// Their address, on one line.
    pub address: String,
    /// The resident they are, if they are one we know.
    pub resident_id: Option<ResidentId>,
}

impl AddStakeholder {
    /// Somebody of whom nothing is said yet.
    #[must_use]
    pub const fn new(case_id: CaseId, role: StakeholderRole) -> Self {
        Self {
            case_id,
            role,
            name: String::new(),
            organisation: String::new(),
            telephone: String::new(),
            email: String::new(),
            address: String::new(),
            resident_id: None,
        }
    }
}

fn blank_or<T>(
    typed: &str,
    read: impl FnOnce(&str) -> Result<T, text::TextError>,
) -> Result<Option<T>, text::TextError> {
    if typed.trim().is_empty() { Ok(None) } else { read(typed).map(Some) }
}

/// Gives somebody a part in a case. The same person in the same part again changes nothing.
///
/// # Errors
/// A text is not acceptable, nothing at all is said of who it is, or the case or the resident is not there.
pub fn add_stakeholder(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &AddStakeholder,
) -> Result<Stakeholder, CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    if let Some(id) = cmd.resident_id {
        people::residents::queries::by_id(s, id)?.ok_or(CasesError::NotFound { what: "resident" })?;
    }
    let new = Stakeholder {
        id: ctx.next_id(),
        case_id: case.id,
        role: cmd.role,
        name: text::optional_line("name", &cmd.name, NAME_CHARS_MAX)?,
        organisation: text::optional_line("organisation", &cmd.organisation, NAME_CHARS_MAX)?,
        telephone: blank_or(&cmd.telephone, |typed| text::telephone("telephone", typed))?,
        email: blank_or(&cmd.email, |typed| text::email("email", typed))?,
        address: text::optional_line("address", &cmd.address, ADDRESS_CHARS_MAX)?,
        resident_id: cmd.resident_id,
        added_at: ctx.now,
    };
    let known = new.name.is_some() || new.organisation.is_some() || new.resident_id.is_some();
    if !known && new.telephone.is_none() && new.email.is_none() {
        return Err(Refusal::StakeholderEmpty.into());
    }
    let present = queries::stakeholders_of(s, case.id)?;
    let same =
        |there: &Stakeholder| Stakeholder { id: new.id, added_at: new.added_at, ..there.clone() } == new;
    if let Some(there) = present.iter().find(|there| same(there)) {
        return Ok(there.clone());
    }
    if present.len() >= STAKEHOLDERS_PER_CASE_MAX {
        return Err(CasesError::TooMany { what: "stakeholders", max: STAKEHOLDERS_PER_CASE_MAX });
    }
    parts::insert_stakeholder(s, &new)?;
    touch(s, ctx, &mut case)?;
    record(
        s,
        ctx,
        "stakeholder_added",
        case.id,
        Some(new.id.into_untyped_uuid()),
        Some(new.role.to_string()),
    )?;
    Ok(new)
}

/// Takes somebody's part in a case away. One who has none any more is no fault.
///
/// # Errors
/// The case is not for whoever asks.
pub fn remove_stakeholder(s: &mut Session<'_>, ctx: &Context, id: StakeholderId) -> Result<(), CasesError> {
    let Some(there) = queries::stakeholder(s, id)? else { return Ok(()) };
    let mut case = load_case_for(s, ctx, there.case_id)?;
    if parts::delete_stakeholder(s, id)? > 0 {
        touch(s, ctx, &mut case)?;
        record(
            s,
            ctx,
            "stakeholder_removed",
            case.id,
            Some(id.into_untyped_uuid()),
            Some(there.role.to_string()),
        )?;
    }
    Ok(())
}
