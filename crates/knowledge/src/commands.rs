//! What can be done with articles.

mod articles;

pub use crate::reading::{Feedback, comment, give_feedback};
pub use articles::{
    ARTICLE_ARCHIVED, ARTICLE_PUBLISHED, ARTICLE_WRITTEN, Write, archive, ask_review, confirm,
    import_article, publish, publish_by_clock, reopen, restore, review, send_back, write,
};

use crate::life::{Hand, leaves_to_another};
use crate::{Article, KnowledgeError, queries};
use people::{Action, Who, allowed};
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Actor, AnyId, Context, UserId};

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
