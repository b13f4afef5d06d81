//! What a resident sees of their own case once they have proven who they are.

use super::model::ToldBy;
use super::{channels, queries as own};
use crate::commands::may_reopen;
use crate::error::CasesError;
use crate::model::{CaseSettings, Note};
use crate::parts::Document;
use crate::queries::{ResidentPage, resident_page_of, shown_to_resident};
use crate::resident_access::Masked;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{Actor, CaseId, CaseStatus, Channel, Context, local_day};

/// Who wrote something, as the resident is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryAuthor {
    /// The resident.
    You,
    /// The contact centre.
    Centre,
    /// A department's officer.
    Officer,
}

/// Something written by the resident or to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The day it was written.
    pub day: Date,
    /// By whom.
    pub author: EntryAuthor,
    /// What was written.
    pub text: String,
}

/// The resident's own case. Holds nothing internal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPage {
    /// How it stands.
    pub standing: ResidentPage,
    /// What the resident wrote when the case began, if it came in writing. What a guide wrote down is the guide's.
    pub began_with: Option<String>,
    /// What has been written since, oldest first.
    pub entries: Vec<Entry>,
    /// Files the resident sent, or may read.
    pub documents: Vec<Document>,
    /// How the resident wants to be told, if they have said.
    pub told_by: Option<ToldBy>,
    /// The ways in which they can be told, masked.
    pub ways: Vec<Masked>,
    /// Whether what they add opens the case again.
    pub may_reopen: bool,
    /// Who acts when they act.
    pub actor: Actor,
}

fn author(note: &Note) -> EntryAuthor {
    match note.author_kind.as_str() {
        "resident" => EntryAuthor::You,
        "officer" => EntryAuthor::Officer,
        _ => EntryAuthor::Centre,
    }
}

/// The page of a resident's own case, for a session that is proven.
///
/// # Errors
/// The case is not there.
pub fn own_page(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    id: CaseId,
) -> Result<OwnPage, CasesError> {
    let shown = shown_to_resident(s, id)?.ok_or(CasesError::NotFound { what: "case" })?;
    let own_case = &shown.own;
    let in_writing = matches!(own_case.channel, Channel::Web | Channel::Email);
    let began_with = Some(own_case.description.clone()).filter(|text| in_writing && !text.is_empty());
    let entries = shown
        .notes
        .iter()
        .map(|note| Entry { day: local_day(note.written_at), author: author(note), text: note.text.clone() })
        .collect();
    let kept = &shown.kept;
    Ok(OwnPage {
        began_with,
        entries,
        documents: shown.documents.clone(),
        told_by: own::told_by(s, id)?,
        ways: channels(s, settings, id)?,
        may_reopen: kept.status == CaseStatus::Solved && may_reopen(ctx, settings, kept),
        actor: own_case.resident_id.map_or(Actor::System, Actor::Resident),
        standing: resident_page_of(s, shown)?,
    })
}
