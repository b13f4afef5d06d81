//! Keeping the search up with the database: it is filled at start, and then follows the timeline with its own cursor.
//! An announcement only says that it is time to read on; one that is missed is made good by the next. What a crash takes
//! is the index in memory, never a change: the next start reads all of it from the store.

use crate::queries::{self, Touched};
use crate::{KnowledgeError, Search};
use finding::{Analyser, SynonymSet};
use storage::timeline::Announcement;
use storage::{Database, Session, StorageError};
use tokio::sync::broadcast::error::RecvError;
use vocabulary::ArticleId;

/// How many changes are read in one go.
const BATCH_MAX: i64 = 500;

impl Search {
    /// A search over all published articles in the database, without a dictionary.
    ///
    /// # Errors
    /// When the database or the index fails.
    pub async fn open(db: &Database) -> Result<Self, KnowledgeError> {
        Self::open_with(db, &Analyser::default()).await
    }

    /// A search over all published articles in the database.
    ///
    /// # Errors
    /// When the database or the index fails.
    pub async fn open_with(db: &Database, analyser: &Analyser) -> Result<Self, KnowledgeError> {
        let (articles, synonyms, cursor) = db
            .read(|s| {
                let cursor = queries::last_seq(s)?;
                Ok::<_, KnowledgeError>((queries::articles(s)?, taught(s)?, cursor))
            })
            .await?;
        let search = Self::with(analyser)?;
        search.set_synonyms(synonyms);
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
            let (last, articles, synonyms) = db
                .read(move |s| {
                    let touched = queries::touched(s, cursor, BATCH_MAX)?;
                    let mut ids: Vec<ArticleId> = touched
                        .iter()
                        .filter_map(|(_, what)| match what {
                            Touched::Article(id) => Some(*id),
                            Touched::Synonyms => None,
                        })
                        .collect();
                    ids.sort_unstable();
                    ids.dedup();
                    let mut articles = Vec::with_capacity(ids.len());
                    for id in ids {
                        articles.push((id, queries::article(s, id)?));
                    }
                    let renewed = touched.iter().any(|(_, what)| *what == Touched::Synonyms);
                    let synonyms = if renewed { Some(taught(s)?) } else { None };
                    Ok::<_, KnowledgeError>((touched.last().map(|(seq, _)| *seq), articles, synonyms))
                })
                .await?;
            let Some(last) = last else { return Ok(touched_total) };
            touched_total += articles.len();
            if let Some(synonyms) = synonyms {
                self.set_synonyms(synonyms);
            }
            let removed: Vec<ArticleId> =
                articles.iter().filter(|(_, article)| article.is_none()).map(|(id, _)| *id).collect();
            self.apply(articles.into_iter().filter_map(|(_, article)| article).collect(), &removed, last)?;
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
                    Ok(batch) if batch.iter().any(concerns_search) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }
}

/// What people have taught the search.
fn taught(s: &mut Session<'_>) -> Result<Vec<SynonymSet>, StorageError> {
    let sets = crate::asked::queries::synonyms(s)?;
    Ok(sets.into_iter().map(|set| SynonymSet { words: set.words, means: set.means }).collect())
}

fn concerns_search(announcement: &Announcement) -> bool {
    matches!(announcement.subject_kind.as_str(), "article" | "synonym")
}
