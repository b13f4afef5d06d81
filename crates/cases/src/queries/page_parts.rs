//! What a case's page shows besides the case itself: those with a part in it, its files, its neighbours, and what has
//! been merged into it.

use super::connections::{self, Neighbour};
use super::{case, documents_of, links_of, merges_into, stakeholders_of};
use crate::model::Case;
use crate::number::CaseNumber;
use crate::parts::{CaseLinkKind, Document, Merged, Stakeholder};
use crate::viewer::{Sight, Viewer};
use people::residents::Resident;
use std::collections::BTreeMap;
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseId, Timestamp};

/// Somebody with a part in a case, and the resident they are, as the viewer may see the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeholderLine {
    /// Who, as written.
    pub stakeholder: Stakeholder,
    /// The resident they are, if they are one we know.
    pub resident: Option<Resident>,
}

/// How a neighbour stands to the case whose page it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It is the parent.
    Parent,
    /// It is a child.
    Child,
    /// Neither before the other.
    Related,
    /// The case repeats it.
    Repeats,
    /// It repeats the case.
    RepeatedBy,
}

impl Relation {
    /// Every way two cases can stand to each other.
    pub const ALL: &'static [Self] =
        &[Self::Parent, Self::Child, Self::Related, Self::Repeats, Self::RepeatedBy];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Child => "child",
            Self::Related => "related",
            Self::Repeats => "repeats",
            Self::RepeatedBy => "repeated_by",
        }
    }

    /// The kind of link it is made of.
    #[must_use]
    pub const fn kind(self) -> CaseLinkKind {
        match self {
            Self::Parent | Self::Child => CaseLinkKind::Parent,
            Self::Related => CaseLinkKind::Related,
            Self::Repeats | Self::RepeatedBy => CaseLinkKind::Duplicate,
        }
    }

    /// Whether the link points from the neighbour to the case.
    #[must_use]
    pub const fn points_here(self) -> bool {
        matches!(self, Self::Child | Self::RepeatedBy)
    }
}

/// A case that went into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedCase {
    /// The merge.
    pub merge: Merged,
    /// Its number.
    pub number: CaseNumber,
    /// Its title and what the resident told; none if the viewer may not see it.
    pub told: Option<(String, String)>,
    /// The day it was first received.
    pub arrival_day: Date,
}

/// What a case's page shows besides the case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseParts {
    /// Those with a part in it, in the order they were added.
    pub stakeholders: Vec<StakeholderLine>,
    /// Its files, in the order they came.
    pub documents: Vec<Document>,
    /// The cases it has to do with; those the viewer may not know of are left out.
    pub neighbours: Vec<(Relation, Neighbour)>,
    /// The cases that went into it.
    pub merged: Vec<MergedCase>,
    /// Which merged case what now lies here came from, by the id of the note, document, contact and so on.
    pub origins: BTreeMap<AnyId, CaseNumber>,
}

/// What `of` has besides itself, as the viewer may see it.
pub fn case_parts(
    s: &mut Session<'_>,
    viewer: Viewer,
    of: CaseId,
    now: Timestamp,
) -> Result<CaseParts, StorageError> {
    let mut parts = CaseParts { documents: documents_of(s, of)?, ..CaseParts::default() };
    for stakeholder in stakeholders_of(s, of)? {
        let resident = match (stakeholder.resident_id, viewer.user()) {
            (None, _) => None,
            (Some(id), Some(user)) => people::residents::queries::for_user(s, user, id, now)?,
            (Some(id), None) => people::residents::queries::by_id(s, id)?.map(|resident| resident.shown()),
        };
        parts
            .stakeholders
            .push(StakeholderLine { stakeholder: veiled(stakeholder, resident.as_ref()), resident });
    }
    for link in links_of(s, of)? {
        let here = link.to == of;
        let relation = match (link.kind, here) {
            (CaseLinkKind::Parent, false) => Relation::Parent,
            (CaseLinkKind::Parent, true) => Relation::Child,
            (CaseLinkKind::Related, _) => Relation::Related,
            (CaseLinkKind::Duplicate, false) => Relation::Repeats,
            (CaseLinkKind::Duplicate, true) => Relation::RepeatedBy,
        };
        let Some(other) = case(s, if here { link.from } else { link.to })? else { continue };
        if let Some(neighbour) = neighbour(s, viewer, other)? {
            parts.neighbours.push((relation, neighbour));
        }
    }
    parts.neighbours.sort_by(|a, b| (a.0, a.1.number.as_str()).cmp(&(b.0, b.1.number.as_str())));
    for merge in merges_into(s, of)? {
        let Some(other) = case(s, merge.from)? else { continue };
        let open = viewer.sight(s, &other)? == Sight::Open;
        parts.merged.push(MergedCase {
            merge,
            number: other.number,
            told: open.then_some((other.title, other.description)),
            arrival_day: other.arrival_day,
        });
    }
    // The newest merge names what it brought; an older one cannot have brought the same.
    for (row, number) in connections::origins(s, of)? {
        parts.origins.entry(row).or_insert(number);
    }
    Ok(parts)
}

/// What is written of somebody who is protected is shown to nobody who has not opened their card.
fn veiled(stakeholder: Stakeholder, resident: Option<&Resident>) -> Stakeholder {
    match resident {
        Some(resident) if resident.protected && *resident == resident.shown() => Stakeholder {
            name: None,
            organisation: None,
            telephone: None,
            email: None,
            address: None,
            ..stakeholder
        },
        _ => stakeholder,
    }
}

fn neighbour(s: &mut Session<'_>, viewer: Viewer, case: Case) -> Result<Option<Neighbour>, StorageError> {
    let title = match viewer.sight(s, &case)? {
        Sight::Open => Some(case.title),
        Sight::Sealed => None,
        Sight::Hidden => return Ok(None),
    };
    Ok(Some(Neighbour { id: case.id, number: case.number, title, status: case.status }))
}
