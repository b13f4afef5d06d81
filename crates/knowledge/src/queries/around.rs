//! What belongs to an article besides its texts: files, comments, what readers thought, and what is to be done.

use crate::model::{ArticleFile, Comment};
use crate::reading::{Given, NewFeedback, Thought, Verdict};
use crate::tasks::{KnowledgeTask, NewTask};
use storage::{Row, Session, StorageError, blobs, params, sql};
use vocabulary::{ArticleFeedbackId, ArticleFileId, ArticleId, KnowledgeTaskId, Timestamp, UserId};

fn file_row(r: &Row<'_>) -> Result<ArticleFile, StorageError> {
    Ok(ArticleFile {
        id: r.get(0)?,
        article: r.get(1)?,
        name: r.get(2)?,
        media_type: r.get(3)?,
        digest: r.get(4)?,
        size_bytes: r.get(5)?,
        added_by: r.get(6)?,
        added_at: r.get(7)?,
    })
}

/// Every file of an article, also those no version has any longer, oldest first.
///
/// # Errors
/// When the database fails.
pub fn files_of(s: &mut Session<'_>, article: ArticleId) -> Result<Vec<ArticleFile>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, article_id, name, media_type, sha256, size_bytes, added_by, added_at
             FROM article_files WHERE article_id = $1 ORDER BY added_at, id"
        ),
        params![article],
        file_row,
    )
}

/// One file.
///
/// # Errors
/// When the database fails.
pub fn file(s: &mut Session<'_>, id: ArticleFileId) -> Result<Option<ArticleFile>, StorageError> {
    s.row(
        sql!(
            "SELECT id, article_id, name, media_type, sha256, size_bytes, added_by, added_at
             FROM article_files WHERE id = $1"
        ),
        params![id],
        file_row,
    )
}

/// A file's content.
///
/// # Errors
/// When the database fails.
pub fn file_bytes(s: &mut Session<'_>, file: &ArticleFile) -> Result<Option<Vec<u8>>, StorageError> {
    blobs::get(s, &file.digest)
}

/// Whether residents may read a file: it goes, publicly, with what is read of its article.
///
/// # Errors
/// When the database fails.
pub fn is_public_file(s: &mut Session<'_>, id: ArticleFileId) -> Result<bool, StorageError> {
    let found: Option<bool> = s.row(
        sql!(
            "SELECT f.public FROM article_version_files f
             JOIN articles a ON a.id = f.article_id AND a.live_version = f.number
             JOIN article_versions v ON v.article_id = f.article_id AND v.number = f.number
             WHERE f.file_id = $1 AND f.public AND v.public_title IS NOT NULL LIMIT 1"
        ),
        params![id],
        |r| r.get(0),
    )?;
    Ok(found.unwrap_or(false))
}

pub(crate) fn insert_file(s: &mut Session<'_>, file: &ArticleFile) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO article_files (id, article_id, name, media_type, sha256, size_bytes, added_by, added_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            file.id,
            file.article,
            file.name,
            file.media_type,
            file.digest,
            file.size_bytes,
            file.added_by,
            file.added_at
        ],
    )?;
    Ok(())
}

/// What colleagues have said about an article, oldest first.
///
/// # Errors
/// When the database fails.
pub fn comments(s: &mut Session<'_>, article: ArticleId) -> Result<Vec<Comment>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, article_id, number, author_id, text, written_at FROM article_comments
             WHERE article_id = $1 ORDER BY written_at, id"
        ),
        params![article],
        |r| {
            Ok(Comment {
                id: r.get(0)?,
                article: r.get(1)?,
                version: r.get(2)?,
                author: r.get(3)?,
                text: r.get(4)?,
                written_at: r.get(5)?,
            })
        },
    )
}

pub(crate) fn insert_comment(s: &mut Session<'_>, comment: &Comment) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO article_comments (id, article_id, number, author_id, text, written_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![
            comment.id,
            comment.article,
            comment.version,
            comment.author,
            comment.text,
            comment.written_at
        ],
    )?;
    Ok(())
}

/// What readers thought of an article, all its versions together.
///
/// # Errors
/// When the database fails.
pub fn thoughts(s: &mut Session<'_>, article: ArticleId) -> Result<Thought, StorageError> {
    let rows: Vec<(Verdict, u32)> = s.rows(
        sql!(
            "SELECT verdict, COUNT(*) FROM article_feedback WHERE article_id = $1
             GROUP BY verdict ORDER BY verdict"
        ),
        params![article],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let count = |verdict| rows.iter().find(|(other, _)| *other == verdict).map_or(0, |(_, count)| *count);
    Ok(Thought {
        helpful: count(Verdict::Helpful),
        not_helpful: count(Verdict::NotHelpful),
        wrong: count(Verdict::Wrong),
    })
}

/// What one colleague has said of one version.
///
/// # Errors
/// When the database fails.
pub fn thought_by(
    s: &mut Session<'_>,
    article: ArticleId,
    version: u32,
    user: UserId,
) -> Result<Option<Given>, StorageError> {
    s.row(
        sql!(
            "SELECT id, verdict, note, task_id FROM article_feedback
             WHERE article_id = $1 AND number = $2 AND given_by = $3"
        ),
        params![article, version, user],
        |r| Ok(Given { id: r.get(0)?, verdict: r.get(1)?, note: r.get(2)?, task: r.get(3)? }),
    )
}

pub(crate) fn insert_feedback(s: &mut Session<'_>, new: &NewFeedback<'_>) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO article_feedback (id, article_id, number, verdict, note, given_by, given_at, task_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![new.id, new.article, new.version, new.verdict, new.note, new.by, new.at, new.task],
    )?;
    Ok(())
}

pub(crate) fn update_feedback(
    s: &mut Session<'_>,
    id: ArticleFeedbackId,
    new: &NewFeedback<'_>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE article_feedback SET verdict = $2, note = $3, given_at = $4, task_id = $5 WHERE id = $1"
        ),
        params![id, new.verdict, new.note, new.at, new.task],
    )?;
    Ok(())
}

macro_rules! select_task {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.kind, t.article_id, t.gap_id, t.owner_id, t.note, t.due_day, t.made_at, t.made_by,
                    t.done_at, t.done_by, a.slug, COALESCE(v.internal_title, v.public_title)
             FROM knowledge_tasks t LEFT JOIN articles a ON a.id = t.article_id
             LEFT JOIN article_versions v ON v.article_id = a.id AND v.number = a.version ",
            $rest
        )
    };
}

fn task_row(r: &Row<'_>) -> Result<KnowledgeTask, StorageError> {
    Ok(KnowledgeTask {
        id: r.get(0)?,
        kind: r.get(1)?,
        article: r.get(2)?,
        gap: r.get(3)?,
        owner: r.get(4)?,
        note: r.get(5)?,
        due: r.get(6)?,
        made_at: r.get(7)?,
        made_by: r.get(8)?,
        done_at: r.get(9)?,
        done_by: r.get(10)?,
        slug: r.get(11)?,
        title: r.get(12)?,
    })
}

/// Every task that is not done, what is due first, then the oldest.
///
/// # Errors
/// When the database fails.
pub fn open_tasks(s: &mut Session<'_>) -> Result<Vec<KnowledgeTask>, StorageError> {
    s.rows(
        sql!(select_task!("WHERE t.done_at IS NULL ORDER BY t.due_day NULLS LAST, t.made_at, t.id")),
        params![],
        task_row,
    )
}

/// The open tasks of one person, what is due first, then the oldest.
///
/// # Errors
/// When the database fails.
pub fn open_tasks_of(s: &mut Session<'_>, user: UserId) -> Result<Vec<KnowledgeTask>, StorageError> {
    s.rows(
        sql!(select_task!(
            "WHERE t.done_at IS NULL AND t.owner_id = $1 ORDER BY t.due_day NULLS LAST, t.made_at, t.id"
        )),
        params![user],
        task_row,
    )
}

/// The open tasks about one article, oldest first.
///
/// # Errors
/// When the database fails.
pub fn open_tasks_about(s: &mut Session<'_>, article: ArticleId) -> Result<Vec<KnowledgeTask>, StorageError> {
    s.rows(
        sql!(select_task!("WHERE t.done_at IS NULL AND t.article_id = $1 ORDER BY t.made_at, t.id")),
        params![article],
        task_row,
    )
}

/// One task.
///
/// # Errors
/// When the database fails.
pub fn task(s: &mut Session<'_>, id: KnowledgeTaskId) -> Result<Option<KnowledgeTask>, StorageError> {
    s.row(sql!(select_task!("WHERE t.id = $1")), params![id], task_row)
}

/// Puts a task in, unless there is one with its key, and gives the id of the one that is there.
pub(crate) fn insert_task(
    s: &mut Session<'_>,
    id: KnowledgeTaskId,
    new: &NewTask,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<KnowledgeTaskId, StorageError> {
    let inserted = s.execute(
        sql!(
            "INSERT INTO knowledge_tasks
                 (id, kind, article_id, gap_id, owner_id, note, due_day, made_at, made_by, task_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
        ),
        params![id, new.kind, new.article, new.gap, new.owner, new.note, new.due, at, by, new.key],
    )?;
    if inserted == 1 {
        return Ok(id);
    }
    s.the_row(sql!("SELECT id FROM knowledge_tasks WHERE task_key = $1"), params![new.key], |r| r.get(0))
}

pub(crate) fn set_task_done(
    s: &mut Session<'_>,
    id: KnowledgeTaskId,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE knowledge_tasks SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL"),
        params![id, at, by],
    )
}

pub(crate) fn set_task_owner(
    s: &mut Session<'_>,
    id: KnowledgeTaskId,
    owner: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE knowledge_tasks SET owner_id = $2 WHERE id = $1 AND done_at IS NULL"),
        params![id, owner],
    )
}
