//! What can be done with articles and planned events.

use crate::{ArticleDraft, KnowledgeError, PlannedEventDraft, queries};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{AnyId, ArticleId, Context, GenericUuid as _, PlannedEventId};

/// The timeline's word for an article written or changed.
pub const ARTICLE_WRITTEN: &str = "article_written";
/// The timeline's word for an article taken away.
pub const ARTICLE_REMOVED: &str = "article_removed";
/// The timeline's word for an event planned or changed.
pub const EVENT_PLANNED: &str = "event_planned";

/// Writes the article with the draft's slug, new or changed. Nothing happens if it already says just this.
///
/// # Errors
/// What [`ArticleDraft::check`] refuses, and what the database does.
pub fn write_article(
    s: &mut Session<'_>,
    ctx: &Context,
    draft: &ArticleDraft,
) -> Result<ArticleId, KnowledgeError> {
    draft.check()?;
    let id = match queries::article_by_slug(s, &draft.slug)? {
        Some(article) if draft.is_said_by(&article) => return Ok(article.id),
        Some(article) => {
            queries::update_article(s, article.id, draft, ctx.now)?;
            article.id
        }
        None => {
            let id = ctx.next_id();
            queries::insert_article(s, id, draft, ctx.now)?;
            id
        }
    };
    note(s, ctx, ARTICLE_WRITTEN, "article", id.into_untyped_uuid())?;
    Ok(id)
}

/// Takes an article away.
///
/// # Errors
/// [`KnowledgeError::NoArticle`] if there is none with this id, and what the database refuses.
pub fn remove_article(s: &mut Session<'_>, ctx: &Context, id: ArticleId) -> Result<(), KnowledgeError> {
    if queries::delete_article(s, id)? == 0 {
        return Err(KnowledgeError::NoArticle);
    }
    note(s, ctx, ARTICLE_REMOVED, "article", id.into_untyped_uuid())?;
    Ok(())
}

/// Plans an event, or changes the one with the same title and beginning.
///
/// # Errors
/// What [`PlannedEventDraft::check`] refuses, and what the database does.
pub fn plan_event(
    s: &mut Session<'_>,
    ctx: &Context,
    draft: &PlannedEventDraft,
) -> Result<PlannedEventId, KnowledgeError> {
    draft.check()?;
    let id = match queries::event_by_title(s, &draft.title, draft.begins_at)? {
        Some(event)
            if (&event.text, &event.place, event.ends_at) == (&draft.text, &draft.place, draft.ends_at) =>
        {
            return Ok(event.id);
        }
        Some(event) => {
            queries::update_event(s, event.id, draft)?;
            event.id
        }
        None => {
            let id = ctx.next_id();
            queries::insert_event(s, id, draft)?;
            id
        }
    };
    note(s, ctx, EVENT_PLANNED, "planned_event", id.into_untyped_uuid())?;
    Ok(id)
}

fn note(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    subject: &'static str,
    id: AnyId,
) -> Result<(), StorageError> {
    let subject = Subject { kind: subject, id };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(())
}
