//! The writer thread: one transaction for all that has queued up, serial among all nodes, answered after the commit.

use super::session::trouble;
use super::{CHANNEL, Connector, PostgresSession, TRIES_MAX, Trouble, words};
use crate::session::Engine;
use crate::work::{Ran, Work};
use crate::{Session, StorageError};
use postgres::SimpleQueryMessage;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Begins a batch. The lock lets one node write at a time, so that the timeline's sequence is in commit order and
/// closures never meet another writer. The transaction's id is what its fate is asked by if the answer is lost.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SELECT pg_advisory_xact_lock(7020001);
    SELECT pg_current_xact_id()::text;";

/// Takes what has queued up, commits it as one transaction, and replies.
pub(crate) struct Writer {
    connector: Connector,
    session: Option<PostgresSession>,
    queue: mpsc::Receiver<Box<dyn Work>>,
    batch_max: usize,
    batch_time_max: Duration,
}

/// Where a batch has come to nothing, and what to do about it.
enum Failed {
    /// The same closures are worth another try.
    Again(Trouble),
    /// The answer to the commit of this transaction was lost.
    AnswerLost { transaction: String },
    /// Nobody's work is kept.
    Refused(StorageError),
}

impl From<postgres::Error> for Failed {
    fn from(e: postgres::Error) -> Self {
        trouble(&e).map_or_else(|| Self::Refused(StorageError::NotCommitted(words(&e))), Self::Again)
    }
}

impl Writer {
    pub(crate) fn new(
        connector: Connector,
        session: PostgresSession,
        queue: mpsc::Receiver<Box<dyn Work>>,
        batch_max: usize,
        batch_time_max: Duration,
    ) -> Self {
        Self { connector, session: Some(session), queue, batch_max, batch_time_max }
    }

    /// Runs until every sender of the queue is gone.
    pub(crate) fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            let began = Instant::now();
            let mut batch = vec![first];
            let fate = self.commit(&mut batch);
            crate::database::measure_batch(batch.len(), began.elapsed());
            for work in batch {
                work.reply(fate.clone());
            }
        }
    }

    /// Commits the batch, which grows by what queues up meanwhile, trying again where that is safe.
    fn commit(&mut self, batch: &mut Vec<Box<dyn Work>>) -> Result<(), StorageError> {
        let mut last = Trouble::Lost;
        for attempt in 0..TRIES_MAX {
            let failed = match self.try_to_commit(batch, attempt == 0) {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            // Whatever went wrong, a new connection knows nothing of the old transaction.
            self.session = None;
            last = match failed {
                Failed::Again(trouble) => trouble,
                Failed::Refused(e) => return Err(e),
                Failed::AnswerLost { transaction } => match self.was_committed(&transaction) {
                    Some(true) => return Ok(()),
                    Some(false) => Trouble::Lost,
                    None => return Err(StorageError::OutcomeUnknown),
                },
            };
            metrics::counter!("storage_batches_tried_again").increment(1);
            tracing::warn!(trouble = ?last, attempt, "a batch of writes is tried again");
        }
        Err(match last {
            Trouble::Conflict => StorageError::Conflict { attempts: TRIES_MAX },
            Trouble::Lost => StorageError::Unreachable("the connection was lost again and again".to_owned()),
        })
    }

    fn try_to_commit(&mut self, batch: &mut Vec<Box<dyn Work>>, may_grow: bool) -> Result<(), Failed> {
        let session = match &mut self.session {
            Some(session) => session,
            none => none.insert(self.connector.reconnect().map_err(Failed::Refused)?),
        };
        session.trouble = None;
        let transaction = begin(session)?;
        let began = Instant::now();
        let mut last_seq = None;
        // What ends one savepoint travels with what begins the next, to save a round trip.
        let mut ending = "";
        let mut place = 0;
        while place < batch.len() {
            session.client.batch_execute(&format!("{ending}SAVEPOINT one_closure"))?;
            let mut lent = Session::new(Engine::Postgres(session), true);
            let ran = batch[place].run(&mut lent);
            if let Some(trouble) = lent.trouble() {
                batch[place].forget();
                return Err(Failed::Again(trouble));
            }
            ending = match ran {
                Ran::Keep => "RELEASE SAVEPOINT one_closure;",
                Ran::RollBack => "ROLLBACK TO SAVEPOINT one_closure; RELEASE SAVEPOINT one_closure;",
            };
            if ran == Ran::Keep {
                last_seq = lent.announcements.last().map(|announcement| announcement.seq).or(last_seq);
            }
            place += 1;
            let room = may_grow && batch.len() < self.batch_max && began.elapsed() < self.batch_time_max;
            if room && place == batch.len() {
                batch.extend(self.queue.try_recv());
            }
        }
        let notice = last_seq.map_or_else(String::new, |seq| format!("NOTIFY {CHANNEL}, '{seq}';"));
        session.client.batch_execute(&format!("{ending}{notice}"))?;
        session.client.batch_execute("COMMIT").map_err(|e| match trouble(&e) {
            Some(Trouble::Lost) => Failed::AnswerLost { transaction },
            _ => e.into(),
        })
    }

    /// Whether a transaction whose answer was lost was committed; none if it cannot be told.
    fn was_committed(&mut self, transaction: &str) -> Option<bool> {
        let mut session = self.connector.reconnect().ok()?;
        // Behind the lock, the old transaction has ended.
        begin(&mut session).ok()?;
        let row = session.client.query_one("SELECT pg_xact_status($1::text::xid8)", &[&transaction]).ok()?;
        session.client.batch_execute("ROLLBACK").ok()?;
        self.session = Some(session);
        match row.get::<_, Option<&str>>(0) {
            Some("committed") => Some(true),
            Some("aborted") => Some(false),
            _ => None,
        }
    }
}

/// Begins a transaction that shuts other writers out, and gives its id.
fn begin(session: &mut PostgresSession) -> Result<String, Failed> {
    let answers = session.client.simple_query(BEGIN)?;
    let rows = answers.iter().filter_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    Ok(rows.last().unwrap_or_default().to_owned())
}
