//! What somebody has to do about what is known: a reader has said that something is wrong, a search found nothing, an
//! article must be looked at again, a question came from the public site.

use crate::KnowledgeError;
use crate::commands::{person_of, record};
use crate::model::{NOTE_CHARS_MAX, within};
use crate::queries;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{AnyId, ArticleId, Context, GenericUuid as _, KnowledgeTaskId, Timestamp, UserId};

pub use crate::queries::{
    open_tasks as open, open_tasks_about as open_about, open_tasks_of as open_for, task,
};

vocabulary::words! {
    /// What a task is about.
    TaskKind, "knowledge task" {
        /// A reader has said that an article does not help, or is wrong.
        Feedback = "feedback",
        /// Something is searched for and not found.
        Gap = "gap",
        /// An article must be looked at again.
        Review = "review",
        /// A question that the public answers did not answer.
        Question = "question",
    }
}

storage::word_value!(TaskKind);

/// A task to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What it is about.
    pub kind: TaskKind,
    /// Which article.
    pub article: Option<ArticleId>,
    /// What was searched and not found.
    pub gap: Option<AnyId>,
    /// Whose it is; none: anybody's who reviews articles.
    pub owner: Option<UserId>,
    /// What to do or what was said.
    pub note: String,
    /// When it should be done, at the latest.
    pub due: Option<Date>,
    /// Tasks with the same key are one task, also after it is done.
    pub key: Option<String>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of knowledge_tasks, explained in the migration")]
pub struct KnowledgeTask {
    pub id: KnowledgeTaskId,
    pub kind: TaskKind,
    pub article: Option<ArticleId>,
    pub gap: Option<AnyId>,
    pub owner: Option<UserId>,
    pub note: String,
    pub due: Option<Date>,
    pub made_at: Timestamp,
    pub made_by: Option<UserId>,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<UserId>,
    /// The article's name in addresses.
    pub slug: Option<String>,
    /// The article's title, in its newest version.
    pub title: Option<String>,
}

/// Makes a task, unless there is one with its key.
///
/// # Errors
/// The note is too long; the database.
pub fn make(s: &mut Session<'_>, ctx: &Context, new: &NewTask) -> Result<KnowledgeTaskId, KnowledgeError> {
    within("note", &new.note, 0, NOTE_CHARS_MAX)?;
    let id = ctx.next_id();
    let kept = queries::insert_task(s, id, new, ctx.now, person_of(ctx))?;
    if kept == id {
        let about = new.article.map(vocabulary::GenericUuid::into_untyped_uuid).or(new.gap);
        record(
            s,
            ctx,
            "knowledge_task_made",
            "knowledge_task",
            id.into_untyped_uuid(),
            about,
            Some(new.kind.as_str().to_owned()),
        )?;
    }
    Ok(kept)
}

/// Says that a task is done. A task that is done already stays as it is.
///
/// # Errors
/// There is no such task; the database.
pub fn done(s: &mut Session<'_>, ctx: &Context, id: KnowledgeTaskId) -> Result<(), KnowledgeError> {
    let task = queries::task(s, id)?.ok_or(KnowledgeError::NotFound { what: "task" })?;
    if queries::set_task_done(s, id, ctx.now, person_of(ctx))? > 0 {
        let about = task.article.map(vocabulary::GenericUuid::into_untyped_uuid).or(task.gap);
        record(s, ctx, "knowledge_task_done", "knowledge_task", id.into_untyped_uuid(), about, None)?;
    }
    Ok(())
}

/// Gives a task to somebody, or to nobody in particular.
///
/// # Errors
/// There is no such task, or it is done; there is no such person; the database.
pub fn give(
    s: &mut Session<'_>,
    ctx: &Context,
    id: KnowledgeTaskId,
    owner: Option<UserId>,
) -> Result<(), KnowledgeError> {
    let task = queries::task(s, id)?.ok_or(KnowledgeError::NotFound { what: "task" })?;
    if let Some(owner) = owner {
        let known = people::users::queries::by_id(s, owner)?.filter(|user| user.active);
        known.ok_or(KnowledgeError::NotFound { what: "user" })?;
    }
    if task.owner != owner && queries::set_task_owner(s, id, owner)? > 0 {
        let to = owner.map(vocabulary::GenericUuid::into_untyped_uuid);
        record(s, ctx, "knowledge_task_given", "knowledge_task", id.into_untyped_uuid(), to, None)?;
    }
    Ok(())
}
