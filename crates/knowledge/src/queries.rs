//! All SQL of articles.

mod around;
mod articles;

pub use around::*;
pub use articles::*;

use storage::{Session, StorageError, params, sql};
use vocabulary::{AnyId, ArticleId, GenericUuid as _};

/// The number of the timeline's last entry; 0 when it is empty.
pub(crate) fn last_seq(s: &mut Session<'_>) -> Result<i64, StorageError> {
    s.the_row(sql!("SELECT COALESCE(MAX(seq), 0) FROM timeline"), params![], |r| r.get(0))
}

/// Something that changes what a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// An article was published, archived or taken away.
    Article(ArticleId),
    /// The synonyms are no longer what they were.
    Synonyms,
}

/// What was touched after entry `after` that changes what a search finds, oldest first, at most `limit`.
pub(crate) fn touched(
    s: &mut Session<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Touched)>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, subject_kind, subject_id FROM timeline \
             WHERE kind IN ('article_published', 'article_archived', 'article_removed', 'synonyms_changed', \
                            'synonyms_removed') AND seq > $1 ORDER BY seq LIMIT $2"
        ),
        params![after, limit],
        |r| {
            let what = match r.get::<String>(1)?.as_str() {
                "article" => Touched::Article(ArticleId::from_untyped_uuid(r.get::<AnyId>(2)?)),
                _ => Touched::Synonyms,
            };
            Ok((r.get(0)?, what))
        },
    )
}
