//! What is done with articles: written, reviewed, published, confirmed, restored, archived.
//!
//! Every deed names the version its doer had before them. If there is a newer one, nothing is done and no word is lost:
//! the answer says so, and the page shows both.

use super::{hand_of, person_of, record};
use crate::life::{ArticleState, Deed, Hand, Publishable, Refusal, after};
use crate::model::{
    Article, ArticleDraft, ArticleFile, AttachedFile, Content, NOTE_CHARS_MAX, slug_of, within,
};
use crate::queries::{self, NewVersion};
use crate::tasks::{self, TaskKind};
use crate::{KnowledgeError, reading};
use storage::files::{NewDocument, checked};
use storage::{Session, blobs};
use vocabulary::civil::Date;
use vocabulary::{Actor, AnyId, ArticleId, Context, GenericUuid as _, UserId, local_day};

/// The timeline's word for a version written.
pub const ARTICLE_WRITTEN: &str = "article_written";
/// The timeline's word for a version that is read from now on.
pub const ARTICLE_PUBLISHED: &str = "article_published";
/// The timeline's word for an article that is read no longer.
pub const ARTICLE_ARCHIVED: &str = "article_archived";

/// How many names are tried for a title before somebody must think of another title.
const SLUGS_TRIED_MAX: u32 = 1_000;

/// A version to be written.
#[derive(Clone, Debug)]
pub struct Write {
    /// Of which article. A new article's id is made by whoever asks, so that asking twice makes one.
    pub article: ArticleId,
    /// The version it was written from; 0 for a new article.
    pub base: u32,
    /// What it says. Its files are those kept of the ones that were there.
    pub content: Content,
    /// What was changed.
    pub note: String,
    /// Files that come with it, and whether residents may read each.
    pub new_files: Vec<(NewDocument, bool)>,
    /// What it came of: a case, a gap.
    pub related: Option<AnyId>,
}

/// Writes a version: the article's next, or the first of a new one. What says just what the newest version says is that
/// version; what says just what is read is published already.
///
/// # Errors
/// [`KnowledgeError::Overtaken`] if somebody has written since; what [`Content::check`] and the files' check refuse; an
/// archived article; an owner who does not sign in; the database.
pub fn write(s: &mut Session<'_>, ctx: &Context, cmd: &Write) -> Result<Article, KnowledgeError> {
    let mut content = cmd.content.clone().tidied();
    content.check()?;
    within("note", &cmd.note, 0, NOTE_CHARS_MAX)?;
    let before = queries::newest(s, cmd.article)?;
    match &before {
        None if cmd.base == 0 => {
            let slug = free_slug(s, content.title())?;
            queries::insert_article(s, cmd.article, &slug, ctx.now)?;
            content.files.clear();
        }
        None => return Err(KnowledgeError::NoArticle),
        Some(_) => keep_known_files(s, cmd.article, &mut content)?,
    }
    for (file, public) in &cmd.new_files {
        let file = keep_file(s, ctx, cmd.article, file)?.id;
        if !content.files.iter().any(|there| there.file == file) {
            content.files.push(AttachedFile { file, public: *public });
        }
    }
    content.check()?;
    if let Some(before) = before {
        if before.content == content {
            return Ok(before);
        }
        if before.newest != cmd.base {
            return Err(KnowledgeError::Overtaken { newest: before.newest });
        }
        after(before.state, Deed::Write, Hand::default())?;
        if content.owner != before.owner {
            check_owner(s, content.owner)?;
        }
    } else {
        check_owner(s, content.owner)?;
    }
    add_version(
        s,
        ctx,
        &Next {
            article: cmd.article,
            number: cmd.base + 1,
            content: &content,
            note: &cmd.note,
            restored_from: None,
            related: cmd.related,
        },
    )
}

/// A version about to be added.
struct Next<'a> {
    article: ArticleId,
    number: u32,
    content: &'a Content,
    note: &'a str,
    restored_from: Option<u32>,
    related: Option<AnyId>,
}

fn add_version(s: &mut Session<'_>, ctx: &Context, next: &Next<'_>) -> Result<Article, KnowledgeError> {
    let version = NewVersion {
        article: next.article,
        number: next.number,
        content: next.content,
        note: next.note.trim(),
        restored_from: next.restored_from,
        written_at: ctx.now,
        written_by: person_of(ctx),
    };
    queries::insert_version(s, &version)?;
    queries::set_standing(s, next.article, ArticleState::Draft, next.number, false, ctx.now)?;
    note(s, ctx, ARTICLE_WRITTEN, next.article, next.related, next.number)?;
    let read = queries::article(s, next.article)?;
    if let Some(publishable) =
        read.filter(|read| read.content == *next.content).and(Publishable::of(next.content).ok())
    {
        // Nothing new is said, so there is nothing to review.
        queries::set_published(s, next.article, next.number, &publishable, ctx.now, person_of(ctx))?;
        note(s, ctx, ARTICLE_PUBLISHED, next.article, None, next.number)?;
    }
    queries::newest(s, next.article)?.ok_or(KnowledgeError::NoArticle)
}

/// Puts a whole article in, in the state it is to have, unless there is one with its slug, which is left alone. For
/// towns' files and other imports; a published one may be overdue already, but has owner and review day.
///
/// # Errors
/// What [`ArticleDraft::check`] refuses, [`Refusal::NoOwner`] or [`Refusal::NoReviewDay`], or the database.
pub fn import_article(
    s: &mut Session<'_>,
    ctx: &Context,
    draft: &ArticleDraft,
    state: ArticleState,
) -> Result<ArticleId, KnowledgeError> {
    if let Some(id) = queries::id_of_slug(s, &draft.slug)? {
        return Ok(id);
    }
    let draft = ArticleDraft { slug: draft.slug.clone(), content: draft.content.clone().tidied() };
    draft.check()?;
    let publishable = match state {
        ArticleState::Published => Some(Publishable::of(&draft.content)?),
        _ => None,
    };
    let id: ArticleId = ctx.next_id();
    queries::insert_article(s, id, &draft.slug, ctx.now)?;
    let next = Next {
        article: id,
        number: 1,
        content: &draft.content,
        note: "",
        restored_from: None,
        related: None,
    };
    add_version(s, ctx, &next)?;
    if matches!(state, ArticleState::Reviewed | ArticleState::Published) {
        queries::set_reviewed(s, id, 1, ctx.now, person_of(ctx))?;
        queries::set_standing(s, id, ArticleState::Reviewed, 1, false, ctx.now)?;
    }
    if let Some(publishable) = publishable {
        queries::set_published(s, id, 1, &publishable, ctx.now, person_of(ctx))?;
        note(s, ctx, ARTICLE_PUBLISHED, id, None, 1)?;
    }
    if state == ArticleState::Archived {
        queries::set_archived(s, id, ctx.now)?;
        note(s, ctx, ARTICLE_ARCHIVED, id, None, 1)?;
    }
    Ok(id)
}

/// Asks for somebody to review the newest version.
///
/// # Errors
/// It is no draft; there is a newer version; the database.
pub fn ask_review(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    after(article.state, Deed::AskReview, Hand::default())?;
    if !article.review_wanted {
        queries::set_standing(s, id, ArticleState::Draft, version, true, ctx.now)?;
        note(s, ctx, "article_review_asked", id, None, version)?;
    }
    again(s, id)
}

/// Says that the newest version is right, as somebody else than who wrote it where there is somebody else.
///
/// # Errors
/// [`Refusal::OwnWords`], [`Refusal::NotYours`] or [`Refusal::NotDraft`]; there is a newer version; the database.
pub fn review(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    if article.state == ArticleState::Reviewed {
        return Ok(article);
    }
    let hand = hand_of(s, ctx, &article)?;
    let state = after(article.state, Deed::Review, hand)?;
    queries::set_reviewed(s, id, version, ctx.now, person_of(ctx))?;
    queries::set_standing(s, id, state, version, false, ctx.now)?;
    note(s, ctx, "article_reviewed", id, None, version)?;
    again(s, id)
}

/// Gives the newest version back to be written on; `why` becomes a comment.
///
/// # Errors
/// [`Refusal`]; the comment is too long; there is a newer version; the database.
pub fn send_back(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
    why: &str,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    let hand = hand_of(s, ctx, &article)?;
    let state = after(article.state, Deed::SendBack, hand)?;
    if !why.trim().is_empty() {
        reading::comment(s, ctx, id, version, why)?;
    }
    if article.state != state || article.review_wanted {
        queries::set_standing(s, id, state, version, false, ctx.now)?;
        note(s, ctx, "article_sent_back", id, None, version)?;
    }
    again(s, id)
}

/// Lets the newest version be read, instead of the one that was.
///
/// # Errors
/// [`Refusal`]: nobody has reviewed it, it has no owner who signs in or no review day ahead, or it is not for whoever asks;
/// there is a newer version; the database.
pub fn publish(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    let hand = hand_of(s, ctx, &article)?;
    after(article.state, Deed::Publish, hand)?;
    if article.state == ArticleState::Published {
        return Ok(article);
    }
    let publishable = Publishable::ahead(&article.content, local_day(ctx.now))?;
    check_owner(s, Some(publishable.owner()))?;
    queries::set_published(s, id, version, &publishable, ctx.now, person_of(ctx))?;
    note(s, ctx, ARTICLE_PUBLISHED, id, None, version)?;
    close_reviews(s, ctx, id)?;
    again(s, id)
}

/// Publishes the newest version when its time has come, as the house: a person has reviewed it before. What is published
/// already stays so.
///
/// # Errors
/// As [`publish`].
pub fn publish_by_clock(s: &mut Session<'_>, ctx: &Context, id: ArticleId) -> Result<(), KnowledgeError> {
    let newest = queries::newest(s, id)?.ok_or(KnowledgeError::NoArticle)?;
    let ctx = Context { actor: Actor::System, ..ctx.clone() };
    publish(s, &ctx, id, newest.version).map(drop)
}

/// Says that what is read is still right, until `review_day`: a version with another review day and no other word.
///
/// # Errors
/// [`Refusal`]: it is not published, the day is not ahead, or it is not for whoever asks; there is a newer version; the
/// database.
pub fn confirm(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
    review_day: Date,
) -> Result<Article, KnowledgeError> {
    let newest = queries::newest(s, id)?.ok_or(KnowledgeError::NoArticle)?;
    if newest.state == ArticleState::Published && newest.review_day == Some(review_day) {
        close_reviews(s, ctx, id)?;
        return Ok(newest);
    }
    let article = at(s, id, version)?;
    let hand = hand_of(s, ctx, &article)?;
    after(article.state, Deed::Confirm, hand)?;
    let owner = article.owner.or_else(|| person_of(ctx));
    let content = Content { review_day: Some(review_day), owner, ..article.content };
    let publishable = Publishable::ahead(&content, local_day(ctx.now))?;
    check_owner(s, Some(publishable.owner()))?;
    let number = version + 1;
    let next = Next { article: id, number, content: &content, note: "", restored_from: None, related: None };
    add_version(s, ctx, &next)?;
    queries::set_reviewed(s, id, number, ctx.now, person_of(ctx))?;
    queries::set_published(s, id, number, &publishable, ctx.now, person_of(ctx))?;
    note(s, ctx, ARTICLE_PUBLISHED, id, None, number)?;
    close_reviews(s, ctx, id)?;
    again(s, id)
}

/// Writes a version that says what an earlier one said. Owner and review day stay as they are: they are about now.
///
/// # Errors
/// There is no such version, or a newer one than `base`; the database.
pub fn restore(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    base: u32,
    number: u32,
) -> Result<Article, KnowledgeError> {
    let newest = queries::newest(s, id)?.ok_or(KnowledgeError::NoArticle)?;
    let old = queries::at_version(s, id, number)?.ok_or(KnowledgeError::NotFound { what: "version" })?;
    let content = Content {
        owner: newest.owner.or(old.owner),
        review_day: newest.review_day.or(old.review_day),
        ..old.content
    };
    if newest.content == content && newest.state != ArticleState::Archived {
        return Ok(newest);
    }
    if newest.newest != base {
        return Err(KnowledgeError::Overtaken { newest: newest.newest });
    }
    let next = Next {
        article: id,
        number: base + 1,
        content: &content,
        note: "",
        restored_from: Some(number),
        related: None,
    };
    add_version(s, ctx, &next)
}

/// Takes an article out of use. It is kept, with all its versions.
///
/// # Errors
/// [`Refusal::NotYours`]; there is a newer version; the database.
pub fn archive(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    let hand = hand_of(s, ctx, &article)?;
    after(article.state, Deed::Archive, hand)?;
    if article.state != ArticleState::Archived {
        queries::set_archived(s, id, ctx.now)?;
        note(s, ctx, ARTICLE_ARCHIVED, id, None, version)?;
        close_reviews(s, ctx, id)?;
    }
    again(s, id)
}

/// Takes an archived article into use again, as a draft.
///
/// # Errors
/// [`Refusal::NotArchived`]; there is a newer version; the database.
pub fn reopen(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ArticleId,
    version: u32,
) -> Result<Article, KnowledgeError> {
    let article = at(s, id, version)?;
    let state = after(article.state, Deed::Reopen, Hand::default())?;
    queries::set_standing(s, id, state, version, false, ctx.now)?;
    note(s, ctx, "article_reopened", id, None, version)?;
    again(s, id)
}

/// The article, if `version` is still its newest.
fn at(s: &mut Session<'_>, id: ArticleId, version: u32) -> Result<Article, KnowledgeError> {
    let article = queries::newest(s, id)?.ok_or(KnowledgeError::NoArticle)?;
    if article.version == version {
        Ok(article)
    } else {
        Err(KnowledgeError::Overtaken { newest: article.newest })
    }
}

fn again(s: &mut Session<'_>, id: ArticleId) -> Result<Article, KnowledgeError> {
    queries::newest(s, id)?.ok_or(KnowledgeError::NoArticle)
}

fn check_owner(s: &mut Session<'_>, owner: Option<UserId>) -> Result<(), KnowledgeError> {
    let Some(owner) = owner else { return Ok(()) };
    let signs_in = people::users::queries::by_id(s, owner)?.is_some_and(|user| user.active);
    if signs_in { Ok(()) } else { Err(Refusal::OwnerGone.into()) }
}

/// What had to be looked at has been looked at.
fn close_reviews(s: &mut Session<'_>, ctx: &Context, id: ArticleId) -> Result<(), KnowledgeError> {
    for task in queries::open_tasks_about(s, id)? {
        if task.kind == TaskKind::Review {
            tasks::done(s, ctx, task.id)?;
        }
    }
    Ok(())
}

fn free_slug(s: &mut Session<'_>, title: &str) -> Result<String, KnowledgeError> {
    for nth in 1..=SLUGS_TRIED_MAX {
        let slug = slug_of(title, nth);
        if queries::id_of_slug(s, &slug)?.is_none() {
            return Ok(slug);
        }
    }
    Err(KnowledgeError::Slug(slug_of(title, 1)))
}

/// Of the files a version is said to have, those that are the article's own.
fn keep_known_files(s: &mut Session<'_>, id: ArticleId, content: &mut Content) -> Result<(), KnowledgeError> {
    let known = queries::files_of(s, id)?;
    content.files.retain(|kept| known.iter().any(|file| file.id == kept.file));
    Ok(())
}

/// Keeps a file with an article. The same file under the same name again is the one that is there.
fn keep_file(
    s: &mut Session<'_>,
    ctx: &Context,
    article: ArticleId,
    file: &NewDocument,
) -> Result<ArticleFile, KnowledgeError> {
    let looked_at = checked(file)?;
    let digest = blobs::Digest::of(&file.bytes);
    let present = queries::files_of(s, article)?;
    if let Some(there) =
        present.into_iter().find(|there| there.digest == digest && there.name == looked_at.name)
    {
        return Ok(there);
    }
    let kept = ArticleFile {
        id: ctx.next_id(),
        article,
        name: looked_at.name,
        media_type: looked_at.media_type.to_owned(),
        digest: blobs::put(s, &file.bytes)?,
        size_bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        added_by: person_of(ctx),
        added_at: ctx.now,
    };
    queries::insert_file(s, &kept)?;
    Ok(kept)
}

fn note(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    id: ArticleId,
    related: Option<AnyId>,
    version: u32,
) -> Result<(), KnowledgeError> {
    record(s, ctx, kind, "article", id.into_untyped_uuid(), related, Some(version.to_string()))
}
