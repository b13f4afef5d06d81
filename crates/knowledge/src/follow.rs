//! Keeping the search up with the database: it is filled at start, and then follows the timeline with its own cursor.
//! An announcement only says that it is time to read on; one that is missed is made good by the next.

use crate::{KnowledgeError, Search, queries};
use storage::Database;
use storage::timeline::Announcement;
use tokio::sync::broadcast::error::RecvError;
use vocabulary::ArticleId;

/// How many changes are read in one go.
const BATCH_MAX: i64 = 500;

impl Search {
    /// A search over all articles in the database.
    ///
    /// # Errors
    /// When the database or the index fails.
    pub async fn open(db: &Database) -> Result<Self, KnowledgeError> {
        let (articles, cursor) = db
            .read(|s| {
                let cursor = queries::last_seq(s)?;
                Ok::<_, KnowledgeError>((queries::articles(s)?, cursor))
            })
            .await?;
        let search = Self::empty()?;
        search.apply(articles, &[], cursor)?;
        Ok(search)
    }

    /// Takes in what has been written since last. Returns how many articles were touched.
    ///
    /// # Errors
    /// When the database or the index fails; what was not taken in is taken in by the next call.
    pub async fn catch_up(&self, db: &Database) -> Result<usize, KnowledgeError> {
        let mut touched_total = 0;
        loop {
            let cursor = self.cursor();
            let (touched, articles) = db
                .read(move |s| {
                    let touched = queries::touched_articles(s, cursor, BATCH_MAX)?;
                    let mut ids: Vec<ArticleId> = touched.iter().map(|(_, id)| *id).collect();
                    ids.sort_unstable();
                    ids.dedup();
                    let mut articles = Vec::with_capacity(ids.len());
                    for id in ids {
                        articles.push((id, queries::article(s, id)?));
                    }
                    Ok::<_, KnowledgeError>((touched, articles))
                })
                .await?;
            let Some((last, _)) = touched.last() else { return Ok(touched_total) };
            touched_total += articles.len();
            let removed: Vec<ArticleId> =
                articles.iter().filter(|(_, article)| article.is_none()).map(|(id, _)| *id).collect();
            self.apply(articles.into_iter().filter_map(|(_, article)| article).collect(), &removed, *last)?;
        }
    }

    /// Follows the database until it is closed. Run it as a task of its own.
    pub async fn follow(self, db: Database) {
        let mut announcements = db.announcements();
        loop {
            if let Err(error) = self.catch_up(&db).await {
                tracing::warn!(%error, "the knowledge search lags behind; it tries again at the next change");
            }
            loop {
                match announcements.recv().await {
                    Ok(batch) if batch.iter().any(is_of_article) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }
}

fn is_of_article(announcement: &Announcement) -> bool {
    announcement.subject_kind == "article"
}
