//! Cases that have to do with each other.

use super::steps::{load_case_for, record, touch};
use crate::error::CasesError;
use crate::parts::{CaseLink, CaseLinkKind};
use crate::queries::{self, connections};
use crate::refusal::Refusal;
use std::collections::BTreeSet;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context};

/// How far a chain of parents or duplicates is followed, in cases looked at.
const CHAIN_MAX: usize = 1_000;

/// Two cases to be linked, or parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkCases {
    /// The one: the child, the one that repeats the other, or either of two related ones.
    pub case_id: CaseId,
    /// The other: the parent, the one that is repeated, or the other of two related ones.
    pub other_id: CaseId,
    /// How they hang together.
    pub kind: CaseLinkKind,
}

impl LinkCases {
    /// From where to where it is kept: of two related ones, the lesser points.
    fn ends(&self) -> (CaseId, CaseId) {
        match self.kind {
            CaseLinkKind::Related => (self.case_id.min(self.other_id), self.case_id.max(self.other_id)),
            CaseLinkKind::Parent | CaseLinkKind::Duplicate => (self.case_id, self.other_id),
        }
    }
}

/// Links two cases. The same link again changes nothing.
///
/// # Errors
/// [`CasesError::Refused`] if it is one and the same case, a case would become its own ancestor or duplicate, or has a
/// parent already; a case is not there, or not for whoever asks.
pub fn link_cases(s: &mut Session<'_>, ctx: &Context, cmd: LinkCases) -> Result<CaseLink, CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    let other = load_case_for(s, ctx, cmd.other_id)?;
    // What was merged stands for the case that goes on.
    let cmd = LinkCases { case_id: case.id, other_id: other.id, ..cmd };
    if case.id == other.id {
        return Err(Refusal::Itself.into());
    }
    let (from, to) = cmd.ends();
    let present = queries::links_of(s, case.id)?;
    if let Some(there) = present.iter().find(|link| (link.from, link.to, link.kind) == (from, to, cmd.kind)) {
        return Ok(*there);
    }
    let max = connections::LINKS_PER_CASE_MAX;
    if present.len() >= max || queries::links_of(s, other.id)?.len() >= max {
        return Err(CasesError::TooMany { what: "links", max });
    }
    if cmd.kind == CaseLinkKind::Parent && !connections::links_from(s, from, cmd.kind)?.is_empty() {
        return Err(Refusal::OneParent.into());
    }
    if cmd.kind != CaseLinkKind::Related && leads_to(s, to, from, cmd.kind)? {
        return Err(Refusal::LinkCycle.into());
    }
    let link = CaseLink { from, to, kind: cmd.kind, linked_at: ctx.now };
    connections::insert_case_link(s, &link)?;
    touch(s, ctx, &mut case)?;
    record(s, ctx, "case_linked", case.id, Some(other.id.into_untyped_uuid()), Some(cmd.kind.to_string()))?;
    record(s, ctx, "case_linked", other.id, Some(case.id.into_untyped_uuid()), Some(cmd.kind.to_string()))?;
    Ok(link)
}

/// Whether `from` leads to `to` by links of that kind.
fn leads_to(s: &mut Session<'_>, from: CaseId, to: CaseId, kind: CaseLinkKind) -> Result<bool, StorageError> {
    let mut seen = BTreeSet::new();
    let mut ahead = vec![from];
    while let Some(case) = ahead.pop() {
        if case == to {
            return Ok(true);
        }
        if seen.len() >= CHAIN_MAX {
            // Further than anybody can follow: rather refused than believed.
            return Ok(true);
        }
        if seen.insert(case) {
            ahead.extend(connections::links_from(s, case, kind)?);
        }
    }
    Ok(false)
}

/// Parts two linked cases. Parting what is not linked is no fault.
///
/// # Errors
/// A case is not there, or not for whoever asks.
pub fn unlink_cases(s: &mut Session<'_>, ctx: &Context, cmd: LinkCases) -> Result<(), CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    if connections::delete_case_link(s, cmd.ends(), cmd.kind)? > 0 {
        touch(s, ctx, &mut case)?;
        let other = cmd.other_id.into_untyped_uuid();
        record(s, ctx, "case_unlinked", case.id, Some(other), Some(cmd.kind.to_string()))?;
        let this = case.id.into_untyped_uuid();
        record(s, ctx, "case_unlinked", cmd.other_id, Some(this), Some(cmd.kind.to_string()))?;
    }
    Ok(())
}
