//! What readers say: whether an article helped, and what colleagues have to say to each other about it.

use crate::commands::{person_of, record};
use crate::life::Refusal;
use crate::model::{Comment, NOTE_CHARS_MAX, within};
use crate::tasks::{self, NewTask, TaskKind};
use crate::{KnowledgeError, queries};
use storage::Session;
use vocabulary::{
    ArticleFeedbackId, ArticleId, Context, GenericUuid as _, KnowledgeTaskId, Timestamp, UserId,
};

vocabulary::words! {
    /// What a reader thought of an article.
    Verdict, "verdict" {
        /// It answered the question.
        Helpful = "helpful",
        /// It did not.
        NotHelpful = "not_helpful",
        /// Something in it is wrong.
        Wrong = "wrong",
    }
}

storage::word_value!(Verdict);

/// How many readers thought what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thought {
    /// It answered the question.
    pub helpful: u32,
    /// It did not.
    pub not_helpful: u32,
    /// Something in it was wrong.
    pub wrong: u32,
}

/// What a colleague has said of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its id.
    pub id: ArticleFeedbackId,
    /// What they thought.
    pub verdict: Verdict,
    /// In their words.
    pub note: String,
    /// The task it became.
    pub task: Option<KnowledgeTaskId>,
}

/// What a reader says of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Of which article.
    pub article: ArticleId,
    /// Which version they had before them.
    pub version: u32,
    /// What they thought.
    pub verdict: Verdict,
    /// In their words; what is wrong is said.
    pub note: String,
}

/// Feedback on its way in.
pub(crate) struct NewFeedback<'a> {
    pub id: ArticleFeedbackId,
    pub article: ArticleId,
    pub version: u32,
    pub verdict: Verdict,
    pub note: &'a str,
    pub by: Option<UserId>,
    pub at: Timestamp,
    pub task: Option<KnowledgeTaskId>,
}

/// Keeps what a reader says. What did not help or is wrong, and is said in words, becomes a task for the article's owner.
/// A colleague has one say about each version, and may change it; whoever is not known (a resident) has many.
///
/// # Errors
/// [`Refusal::NoteMissing`] if something is wrong and it is not said what; there is no such article or version; the
/// database.
pub fn give_feedback(s: &mut Session<'_>, ctx: &Context, said: &Feedback) -> Result<(), KnowledgeError> {
    let note = said.note.trim();
    within("note", note, 0, NOTE_CHARS_MAX)?;
    if said.verdict == Verdict::Wrong && note.is_empty() {
        return Err(Refusal::NoteMissing.into());
    }
    let article = queries::at_version(s, said.article, said.version)?.ok_or(KnowledgeError::NoArticle)?;
    let by = person_of(ctx);
    let before = match by {
        Some(user) => queries::thought_by(s, article.id, said.version, user)?,
        None => None,
    };
    if before.as_ref().is_some_and(|before| before.verdict == said.verdict && before.note == note) {
        return Ok(());
    }
    let asks = said.verdict != Verdict::Helpful && !note.is_empty();
    let task = if asks { Some(task_of_note(s, ctx, article.id, note)?) } else { None };
    let new = NewFeedback {
        id: before.as_ref().map_or_else(|| ctx.next_id(), |before| before.id),
        article: article.id,
        version: said.version,
        verdict: said.verdict,
        note,
        by,
        at: ctx.now,
        task: task.or_else(|| before.as_ref().and_then(|before| before.task)),
    };
    match before {
        Some(before) => queries::update_feedback(s, before.id, &new)?,
        None => queries::insert_feedback(s, &new)?,
    }
    let word = Some(said.verdict.as_str().to_owned());
    let id = new.id.into_untyped_uuid();
    record(s, ctx, "article_feedback_given", "article", article.id.into_untyped_uuid(), Some(id), word)?;
    Ok(())
}

fn task_of_note(
    s: &mut Session<'_>,
    ctx: &Context,
    article: ArticleId,
    note: &str,
) -> Result<KnowledgeTaskId, KnowledgeError> {
    let task = NewTask {
        kind: TaskKind::Feedback,
        article: Some(article),
        gap: None,
        owner: owner_of(s, article)?,
        note: note.to_owned(),
        due: None,
        key: None,
    };
    tasks::make(s, ctx, &task)
}

/// The owner of what is read, or else of what is being written, if they still sign in.
fn owner_of(s: &mut Session<'_>, id: ArticleId) -> Result<Option<UserId>, KnowledgeError> {
    let read = queries::article(s, id)?.and_then(|article| article.owner);
    let owner = match read {
        Some(owner) => Some(owner),
        None => queries::newest(s, id)?.and_then(|article| article.owner),
    };
    let Some(owner) = owner else { return Ok(None) };
    Ok(people::users::queries::by_id(s, owner)?.filter(|user| user.active).map(|user| user.id))
}

/// Says something about an article to one's colleagues. The same again, right after, is the same comment.
///
/// # Errors
/// The comment is empty or too long; there is no such article; the database.
pub fn comment(
    s: &mut Session<'_>,
    ctx: &Context,
    article: ArticleId,
    version: u32,
    text: &str,
) -> Result<Comment, KnowledgeError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    within("comment", &text, 1, NOTE_CHARS_MAX)?;
    queries::at_version(s, article, version)?.ok_or(KnowledgeError::NoArticle)?;
    let author = person_of(ctx);
    let last = queries::comments(s, article)?.pop();
    if let Some(last) = last.filter(|last| last.author == author && last.text == text) {
        return Ok(last);
    }
    let comment = Comment { id: ctx.next_id(), article, version, author, text, written_at: ctx.now };
    queries::insert_comment(s, &comment)?;
    let id = comment.id.into_untyped_uuid();
    record(s, ctx, "article_commented", "article", article.into_untyped_uuid(), Some(id), None)?;
    Ok(comment)
}
