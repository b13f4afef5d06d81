//! The resident's link: made, replaced, taken back.

use super::steps::{days_ahead, load_case_for, record};
use crate::error::CasesError;
use crate::limits::RESIDENT_LINK_DAYS;
use crate::model::CaseSettings;
use crate::queries::store;
use crate::resident_access;
use people::LinkKind;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, LinkId, Timestamp};

/// A link to be given to the resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLink {
    /// Where it leads.
    pub address: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

fn shared(settings: &CaseSettings, id: LinkId, expires_at: Timestamp) -> SharedLink {
    let address = settings.public_base.address(&settings.signing_key, LinkKind::Resident, id);
    SharedLink { address, expires_at }
}

fn make(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<store::LinkRow, StorageError> {
    let link = store::LinkRow {
        id: ctx.next_id(),
        case_id: case,
        follow_up_id: None,
        expires_at: days_ahead(ctx, RESIDENT_LINK_DAYS),
        revoked_at: None,
    };
    store::insert_link(s, LinkKind::Resident.as_str(), &link, ctx.now)?;
    record(s, ctx, "resident_link_created", case, Some(link.id.into_untyped_uuid()), None)?;
    Ok(link)
}

/// The resident's link to a case: the one that holds, else a new one.
///
/// # Errors
/// The case is not there.
pub fn share_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<SharedLink, CasesError> {
    load_case_for(s, ctx, case)?;
    holding_or_new(s, ctx, settings, case)
}

fn holding_or_new(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<SharedLink, CasesError> {
    let holding = store::newest_resident_link(s, case)?
        .filter(|link| link.revoked_at.is_none() && link.expires_at > ctx.now);
    let link = match holding {
        Some(link) => link,
        None => make(s, ctx, case)?,
    };
    Ok(shared(settings, link.id, link.expires_at))
}

/// Takes back every link a resident has to a case, and tells how many held. Letters go without a link from then on,
/// until somebody shares one again.
///
/// # Errors
/// The case is not there.
pub fn revoke_links(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<u64, CasesError> {
    load_case_for(s, ctx, case)?;
    let revoked = store::revoke_resident_links(s, case, ctx.now)?;
    resident_access::revoke_all(s, ctx, case)?;
    if revoked > 0 {
        record(s, ctx, "resident_link_revoked", case, None, Some(revoked.to_string()))?;
    }
    Ok(revoked)
}

/// Takes back the links that are out and makes a new one.
///
/// # Errors
/// The case is not there.
pub fn replace_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<SharedLink, CasesError> {
    revoke_links(s, ctx, case)?;
    let link = make(s, ctx, case)?;
    Ok(shared(settings, link.id, link.expires_at))
}

/// The address for a letter: the link that holds, a new one if there never was one or its time is up, and none if it
/// was taken back, since somebody had a reason to.
pub(super) fn for_letter(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<Option<String>, CasesError> {
    let newest = store::newest_resident_link(s, case)?;
    if newest.as_ref().is_some_and(|link| link.revoked_at.is_some()) {
        return Ok(None);
    }
    holding_or_new(s, ctx, settings, case).map(|link| Some(link.address))
}
