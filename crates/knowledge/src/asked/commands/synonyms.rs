use crate::KnowledgeError;
use crate::asked::queries::{self, SYNONYMS_MAX};
use crate::asked::{SynonymDraft, SynonymFault};
use crate::commands::{person_of, record};
use storage::Session;
use vocabulary::{Context, GenericUuid as _, SynonymId};

/// The timeline's word for synonyms added or changed.
pub const SYNONYMS_CHANGED: &str = "synonyms_changed";
/// The timeline's word for synonyms taken away.
pub const SYNONYMS_REMOVED: &str = "synonyms_removed";

/// Teaches the search synonyms, new or changed. Nothing happens if it already knows just these.
///
/// # Errors
/// [`KnowledgeError::Synonym`], [`KnowledgeError::NotFound`], and what the database refuses.
pub fn put_synonym(
    s: &mut Session<'_>,
    ctx: &Context,
    id: Option<SynonymId>,
    draft: &SynonymDraft,
) -> Result<SynonymId, KnowledgeError> {
    let known = queries::synonyms(s)?;
    let old = match id {
        Some(id) => {
            let old = known.iter().find(|synonym| synonym.id == id);
            Some(old.ok_or(KnowledgeError::NotFound { what: "synonym" })?)
        }
        None => None,
    };
    if old.is_none() && known.len() >= SYNONYMS_MAX {
        return Err(SynonymFault::Full.into());
    }
    // The same form sent twice: the second finds the first's work.
    let again = |checked: &crate::asked::draft::Checked| {
        known.iter().find(|synonym| synonym.words == checked.words && synonym.means == checked.means)
    };
    let checked = match draft.check(id, &known) {
        Err(SynonymFault::Taken { word, by }) if old.is_none() => {
            let alone = draft.check(None, &[])?;
            match again(&alone) {
                Some(same) => return Ok(same.id),
                None => return Err(SynonymFault::Taken { word, by }.into()),
            }
        }
        checked => checked?,
    };
    if let Some(old) = old.filter(|old| old.words == checked.words && old.means == checked.means) {
        return Ok(old.id);
    }
    let id = id.unwrap_or_else(|| ctx.next_id());
    queries::put_synonym(s, id, &checked, ctx.now, person_of(ctx))?;
    record(s, ctx, SYNONYMS_CHANGED, "synonym", id.into_untyped_uuid(), None, None)?;
    Ok(id)
}

/// Takes synonyms away. What is gone already stays gone.
///
/// # Errors
/// What the database refuses.
pub fn remove_synonym(s: &mut Session<'_>, ctx: &Context, id: SynonymId) -> Result<(), KnowledgeError> {
    if queries::delete_synonym(s, id)? > 0 {
        record(s, ctx, SYNONYMS_REMOVED, "synonym", id.into_untyped_uuid(), None, None)?;
    }
    Ok(())
}
