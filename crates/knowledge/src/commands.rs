//! What can be done with articles and planned events.

mod articles;

pub use crate::reading::{Feedback, comment, give_feedback};
pub use articles::{
    ARTICLE_ARCHIVED, ARTICLE_PUBLISHED, ARTICLE_WRITTEN, Write, archive, ask_review, confirm,
    import_article, publish, publish_by_clock, reopen, restore, review, send_back, write,
};

use crate::life::{Hand, leaves_to_another};
use crate::{Article, KnowledgeError, PlannedEventDraft, queries};
use people::{Action, Who, allowed};
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Actor, AnyId, Context, GenericUuid as _, PlannedEventId, UserId};

/// The timeline's word for an event planned or changed.
pub const EVENT_PLANNED: &str = "event_planned";

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
    record(s, ctx, EVENT_PLANNED, "planned_event", id.into_untyped_uuid(), None, None)?;
    Ok(id)
}

/// Writes down in the timeline what was done.
pub(crate) fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    subject: &'static str,
    id: AnyId,
    related: Option<AnyId>,
    detail: Option<String>,
) -> Result<(), KnowledgeError> {
    let subject = Subject { kind: subject, id };
    timeline::append(s, ctx, Entry { kind, subject, related, detail })?;
    Ok(())
}

/// The person who does it, if it is one who signs in.
pub(crate) fn person_of(ctx: &Context) -> Option<UserId> {
    match ctx.actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

/// Whoever does something, as the article sees them: by their role, as its owner, and as a writer of it.
///
/// # Errors
/// The database.
pub fn hand_of(s: &mut Session<'_>, ctx: &Context, article: &Article) -> Result<Hand, KnowledgeError> {
    let id = match ctx.actor {
        Actor::System => return Ok(Hand::HOUSE),
        Actor::User(id) => id,
        _ => return Ok(Hand::default()),
    };
    let users = people::users::queries::all(s)?;
    let reviewers: Vec<UserId> =
        users.iter().filter(|user| user.active && reviews(user.id, user.role)).map(|user| user.id).collect();
    let authors = queries::authors_since_live(s, article.id)?;
    Ok(Hand {
        reviews: reviewers.contains(&id),
        owns: article.owner == Some(id),
        leaves: leaves_to_another(id, &authors, &reviewers),
    })
}

fn reviews(id: UserId, role: vocabulary::Role) -> bool {
    allowed(&Who::User { id, role }, Action::ReviewArticles)
}
