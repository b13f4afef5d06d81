//! Writing drafts.

use super::{Loaded, load, record};
use crate::basis::writer;
use crate::course::{self, Act};
use crate::error::AssignmentsError;
use crate::limits::VERSIONS_MAX;
use crate::model::{Assignment, Basis, Version, VersionState};
use crate::queries;
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{AssignmentId, Context, DepartmentId, GenericUuid as _, UserId};

/// Words that stand where a code does in addresses, for pages of their own.
const RESERVED: &[&str] = &["new", "outside", "standard", "terms"];

/// A new assignment.
#[derive(Clone, Debug)]
pub struct Create {
    /// Short code, unique.
    pub code: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// Who in the contact centre looks after it.
    pub owner: Option<UserId>,
    /// What its first draft says.
    pub basis: Basis,
}

/// Begins an assignment with a draft.
///
/// # Errors
/// [`AssignmentsError::CodeTaken`]; a text is not acceptable; the department or the owner is not there.
pub fn create(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &Create,
) -> Result<(Assignment, Version), AssignmentsError> {
    let code = text::code("code", &cmd.code, text::CODE_CHARS_MAX)?;
    if RESERVED.contains(&code.as_str()) || queries::assignment_by_code(s, &code)?.is_some() {
        return Err(AssignmentsError::CodeTaken);
    }
    known(s, cmd.department, cmd.owner)?;
    let basis = checked(s, cmd.basis.clone())?;
    let assignment = Assignment {
        id: ctx.next_id(),
        code,
        department: cmd.department,
        owner: cmd.owner,
        review_day: None,
        created_at: ctx.now,
        ended_at: None,
    };
    queries::insert_assignment(s, &assignment)?;
    let version = draft(ctx, assignment.id, 1, basis);
    queries::insert_version(s, &version)?;
    record(s, ctx, "assignment_drafted", &version, Some("1".to_owned()))?;
    Ok((assignment, version))
}

fn draft(ctx: &Context, assignment: AssignmentId, number: u32, basis: Basis) -> Version {
    Version {
        id: ctx.next_id(),
        assignment,
        number,
        state: VersionState::Draft,
        revision: 0,
        basis,
        agreed: None,
        changed_at: ctx.now,
        changed_by: writer(ctx),
        sent_at: None,
        answer: None,
        in_force_at: None,
        out_of_force_at: None,
    }
}

fn known(
    s: &mut Session<'_>,
    department: DepartmentId,
    owner: Option<UserId>,
) -> Result<(), AssignmentsError> {
    people::directory::queries::department(s, department)?
        .ok_or(AssignmentsError::NotFound { what: "department" })?;
    if let Some(owner) = owner {
        people::users::queries::by_id(s, owner)?.ok_or(AssignmentsError::NotFound { what: "user" })?;
    }
    Ok(())
}

/// What a draft says, if it can be said and what it names is there.
fn checked(s: &mut Session<'_>, basis: Basis) -> Result<Basis, AssignmentsError> {
    let basis = basis.checked()?;
    for id in &basis.case_types {
        cases::queries::case_type(s, *id)?.ok_or(AssignmentsError::NotFound { what: "case type" })?;
    }
    for id in &basis.groups {
        people::directory::queries::answer_group(s, *id)?
            .ok_or(AssignmentsError::NotFound { what: "answer group" })?;
    }
    Ok(basis)
}

/// A draft as it is to be.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Of which assignment.
    pub assignment: AssignmentId,
    /// Which version.
    pub version: u32,
    /// The draft's revision when it was opened.
    pub revision: u32,
    /// What it says from now on.
    pub basis: Basis,
}

/// Rewrites a draft. The same words again change nothing.
///
/// # Errors
/// It is no draft; [`AssignmentsError::Overtaken`] if somebody else has rewritten it since it was opened; a text is not
/// acceptable.
pub fn edit(s: &mut Session<'_>, ctx: &Context, cmd: &Edit) -> Result<(), AssignmentsError> {
    let loaded = load(s, cmd.assignment)?;
    course::after(&loaded.book(), Act::Edit(cmd.version))?;
    let version = loaded.version(cmd.version)?;
    let basis = checked(s, cmd.basis.clone())?;
    if version.basis == basis {
        return Ok(());
    }
    if !queries::update_basis(s, ctx, version.id, cmd.revision, &basis, writer(ctx))? {
        return Err(AssignmentsError::Overtaken);
    }
    record(s, ctx, "assignment_rewritten", version, Some(cmd.version.to_string()))
}

/// Begins a new version with the words of the newest that was not given up. What holds goes on holding.
///
/// # Errors
/// A draft is there already, or the assignment is over.
pub fn revise(s: &mut Session<'_>, ctx: &Context, id: AssignmentId) -> Result<Version, AssignmentsError> {
    let loaded = load(s, id)?;
    let changes = course::after(&loaded.book(), Act::Revise)?;
    let number = changes.first().map_or(1, |change| change.version);
    if number > VERSIONS_MAX {
        let max = usize::try_from(VERSIONS_MAX).unwrap_or(usize::MAX);
        return Err(AssignmentsError::TooMany { what: "versions", max });
    }
    let version = draft(ctx, id, number, words_to_go_on_from(&loaded));
    queries::insert_version(s, &version)?;
    record(s, ctx, "assignment_drafted", &version, Some(number.to_string()))?;
    Ok(version)
}

/// The newest words: of what waits, was refused or holds, before what was given up.
fn words_to_go_on_from(loaded: &Loaded) -> Basis {
    let kept = loaded.versions.iter().find(|version| version.state != VersionState::Withdrawn);
    kept.or_else(|| loaded.versions.first()).map_or_else(Basis::empty, |version| version.basis.clone())
}

/// Says who in the contact centre looks after an assignment, and whose it is.
///
/// # Errors
/// The assignment, the owner or the department is not there.
pub fn set_owner(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentId,
    owner: Option<UserId>,
    department: DepartmentId,
) -> Result<(), AssignmentsError> {
    let assignment = queries::assignment(s, id)?.ok_or(AssignmentsError::NotFound { what: "assignment" })?;
    known(s, department, owner)?;
    if (assignment.owner, assignment.department) == (owner, department) {
        return Ok(());
    }
    queries::set_owner(s, id, owner, department)?;
    let subject = Subject { kind: "assignment", id: id.into_untyped_uuid() };
    let related = owner.map(vocabulary::GenericUuid::into_untyped_uuid);
    timeline::append(s, ctx, Entry { kind: "assignment_owner_set", subject, related, detail: None })?;
    Ok(())
}
