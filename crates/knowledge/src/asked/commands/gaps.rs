use crate::KnowledgeError;
use crate::asked::commands::put_synonym;
use crate::asked::gaps::{self, Gap};
use crate::asked::queries::{self, KeptGap};
use crate::asked::{Act, SynonymDraft};
use crate::commands::{person_of, record};
use crate::tasks::{self, NewTask, TaskKind};
use storage::Session;
use vocabulary::{CaseTypeId, Context, GapId, GenericUuid as _, KnowledgeTaskId, SynonymId, UserId};

/// The timeline's word for something done about a gap.
pub const GAP_ACTED: &str = "search_gap_acted";
/// The timeline's word for a gap that nothing should be done about.
pub const GAP_DISMISSED: &str = "search_gap_dismissed";
/// The timeline's word for a dismissed gap taken up again.
pub const GAP_REOPENED: &str = "search_gap_reopened";

const NOT_FOUND: KnowledgeError = KnowledgeError::NotFound { what: "gap" };

/// The gap, kept from now on.
fn known(s: &mut Session<'_>, ctx: &Context, id: GapId) -> Result<Gap, KnowledgeError> {
    let gap = gaps::gaps(s, ctx.now)?.into_iter().find(|gap| gap.id == id).ok_or(NOT_FOUND)?;
    let kept = KeptGap {
        id,
        form: gap.form.clone(),
        question: gap.question.clone(),
        kind: gap.kind,
        case_type: None,
        dismissed_at: None,
        dismissed_misses: 0,
    };
    queries::insert_gap(s, &kept, ctx.now)?;
    Ok(gap)
}

/// Remembers what was done about a gap, so that it shows whether it helped. Doing the same twice is doing it once.
///
/// # Errors
/// [`KnowledgeError::NotFound`], and what the database refuses.
pub fn acted(s: &mut Session<'_>, ctx: &Context, id: GapId, act: Act) -> Result<(), KnowledgeError> {
    if queries::kept_gap(s, id)?.is_none() {
        known(s, ctx, id)?;
    }
    if queries::insert_act(s, id, act, ctx.now, person_of(ctx))? > 0 {
        let detail = Some(act.kind().to_owned());
        record(s, ctx, GAP_ACTED, "search_gap", id.into_untyped_uuid(), Some(act.subject()), detail)?;
    }
    Ok(())
}

/// Makes a gap somebody's task, or anybody's.
///
/// # Errors
/// [`KnowledgeError::NotFound`] of the gap or the person, a note that is too long, and what the database refuses.
pub fn make_task(
    s: &mut Session<'_>,
    ctx: &Context,
    id: GapId,
    owner: Option<UserId>,
    note: &str,
) -> Result<KnowledgeTaskId, KnowledgeError> {
    let gap = known(s, ctx, id)?;
    if let Some(owner) = owner {
        let user = people::users::queries::by_id(s, owner)?.filter(|user| user.active);
        user.ok_or(KnowledgeError::NotFound { what: "user" })?;
    }
    // What was asked comes first, so that the task can be read without the gap's page.
    let note = if note.trim().is_empty() {
        gap.question.clone()
    } else {
        format!("{}\n{}", gap.question, note.trim())
    };
    // One task of a gap for each person and each time it was open: taken up again after it is done, it is another.
    let done =
        gap.acts.iter().filter(|done| matches!(done.act, Act::Task(_)) && done.works_since.is_some()).count();
    let whose = owner.map_or_else(|| "anybody".to_owned(), |owner| owner.into_untyped_uuid().to_string());
    let task = NewTask {
        kind: TaskKind::Gap,
        article: None,
        gap: Some(id.into_untyped_uuid()),
        owner,
        note,
        due: None,
        key: Some(format!("gap:{}:{whose}:{done}", id.into_untyped_uuid())),
    };
    let task = tasks::make(s, ctx, &task)?;
    acted(s, ctx, id, Act::Task(task))?;
    Ok(task)
}

/// Teaches the search synonyms because of a gap.
///
/// # Errors
/// As [`put_synonym`], and [`KnowledgeError::NotFound`] of the gap.
pub fn make_synonym(
    s: &mut Session<'_>,
    ctx: &Context,
    id: GapId,
    draft: &SynonymDraft,
) -> Result<SynonymId, KnowledgeError> {
    known(s, ctx, id)?;
    let synonym = put_synonym(s, ctx, None, draft)?;
    acted(s, ctx, id, Act::Synonym(synonym))?;
    Ok(synonym)
}

/// Says that nothing should be done about a gap. It stays away until it grows.
///
/// # Errors
/// [`KnowledgeError::NotFound`], and what the database refuses.
pub fn dismiss(s: &mut Session<'_>, ctx: &Context, id: GapId) -> Result<(), KnowledgeError> {
    let gap = known(s, ctx, id)?;
    queries::set_dismissed(s, id, Some(ctx.now), gap.misses())?;
    record(s, ctx, GAP_DISMISSED, "search_gap", id.into_untyped_uuid(), None, None)?;
    Ok(())
}

/// Takes a dismissed gap up again.
///
/// # Errors
/// [`KnowledgeError::NotFound`], and what the database refuses.
pub fn reopen(s: &mut Session<'_>, ctx: &Context, id: GapId) -> Result<(), KnowledgeError> {
    let kept = queries::kept_gap(s, id)?.ok_or(NOT_FOUND)?;
    if kept.dismissed_at.is_some() {
        queries::set_dismissed(s, id, None, 0)?;
        record(s, ctx, GAP_REOPENED, "search_gap", id.into_untyped_uuid(), None, None)?;
    }
    Ok(())
}

/// Says what a contact about a gap becomes, so that those can be counted.
///
/// # Errors
/// [`KnowledgeError::NotFound`], and what the database refuses.
pub fn set_case_type(
    s: &mut Session<'_>,
    ctx: &Context,
    id: GapId,
    case_type: Option<CaseTypeId>,
) -> Result<(), KnowledgeError> {
    known(s, ctx, id)?;
    queries::set_gap_case_type(s, id, case_type)?;
    Ok(())
}
