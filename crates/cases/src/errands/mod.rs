//! Cases as programs know them that speak the Sundsvall errand model. A case is the truth for what it has a place for;
//! what else a client says is kept beside it as it came, so that it can be given back without loss.

mod queries;

pub use queries::{
    Asked, Order, Page, fields, list, messages, note_fields, put_fields, put_note_fields, stakeholders,
};

use crate::commands::{load_case, record};
use crate::error::CasesError;
use crate::limits::STAKEHOLDERS_PER_CASE_MAX;
use crate::parts::{Stakeholder, StakeholderRole};
use crate::queries::parts;
use storage::Session;
use vocabulary::{CaseId, Context, GenericUuid as _};

/// Most errands one page holds.
pub const PAGE_MAX: usize = 100;
/// How far errands are counted and paged; beyond that a filter says more than a page.
pub const COUNT_MAX: usize = 10_000;

/// Somebody with a part in a case as a client says it: how the case shows them, and what the client said, as JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// Which part.
    pub role: StakeholderRole,
    /// The name.
    pub name: Option<String>,
    /// The organisation.
    pub organisation: Option<String>,
    /// The telephone, E.164.
    pub telephone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The address, on one line.
    pub address: Option<String>,
    /// What the client said, as JSON.
    pub fields: String,
}

/// Puts the stakeholders a client names in the place of those that are there. Those that are there and named again stay
/// the same.
///
/// # Errors
/// There are too many, or the case is not there.
pub fn replace_stakeholders(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    told: &[Told],
) -> Result<(), CasesError> {
    if told.len() > STAKEHOLDERS_PER_CASE_MAX {
        return Err(CasesError::TooMany { what: "stakeholders", max: STAKEHOLDERS_PER_CASE_MAX });
    }
    let case = load_case(s, case)?;
    let present = stakeholders(s, case.id)?;
    let as_told = |there: &(Stakeholder, Option<String>), one: &Told| {
        there.1.as_deref() == Some(one.fields.as_str()) && shown_as(&there.0, one)
    };
    let same =
        present.len() == told.len() && present.iter().zip(told).all(|(there, one)| as_told(there, one));
    if same {
        return Ok(());
    }
    for (there, _) in present {
        parts::delete_stakeholder(s, there.id)?;
    }
    for (place, one) in told.iter().enumerate() {
        let row = Stakeholder {
            id: ctx.next_id(),
            case_id: case.id,
            role: one.role,
            name: one.name.clone(),
            organisation: one.organisation.clone(),
            telephone: one.telephone.clone(),
            email: one.email.clone(),
            address: one.address.clone(),
            resident_id: None,
            added_at: ctx.now,
        };
        parts::insert_stakeholder(s, &row)?;
        queries::insert_stakeholder_fields(s, row.id, place, &one.fields)?;
        let id = Some(row.id.into_untyped_uuid());
        record(s, ctx, "stakeholder_added", case.id, id, Some(one.role.to_string()))?;
    }
    Ok(())
}

/// Whether a stakeholder still is as the client said; a guide may have changed who it is since.
#[must_use]
pub fn shown_as(there: &Stakeholder, told: &Told) -> bool {
    there.role == told.role
        && there.name == told.name
        && there.organisation == told.organisation
        && there.telephone == told.telephone
        && there.email == told.email
        && there.address == told.address
}
