//! The database as the rest of the house sees it: closures in, results out, announcements after commit.

use crate::engines::{postgres, sqlite};
use crate::timeline::Announcement;
use crate::work::{Closure, Work};
use crate::{Session, StorageError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, mpsc};

/// How many closures may wait to write.
pub const WRITES_QUEUED_MAX: usize = 4_096;
/// How many closures may wait to read.
pub const READS_QUEUED_MAX: usize = 4_096;
/// How long a caller waits for a place in a full queue.
pub const QUEUE_WAIT_MAX: Duration = Duration::from_secs(5);
/// How many closures share one commit at most.
pub const BATCH_MAX: usize = 256;
/// How long a batch takes in new closures at most: those already in it wait for their commit.
pub const BATCH_TIME_MAX: Duration = Duration::from_millis(50);
/// How many snapshots are read at once.
pub const READERS: usize = 4;
/// How many commits an announcement receiver may lag behind before it must read the timeline instead.
pub const ANNOUNCEMENTS_KEPT_MAX: usize = 4_096;

/// Which database to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageConfig {
    /// A file, made if it is not there.
    Sqlite {
        /// Where it lies.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// Its address: `postgresql://user:password@host/database` or `key=value` pairs.
        url: String,
    },
}

/// Which of the two engines a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// Embedded SQLite.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// An open database. Cheap to clone; closes, after finishing what has queued up, when the last clone is dropped.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    config: StorageConfig,
    /// Taken when the database closes, so that the threads see the end of their queues.
    queues: Option<Queues>,
    announcements: broadcast::Sender<Arc<Vec<Announcement>>>,
    threads: Vec<JoinHandle<()>>,
    closing: Arc<AtomicBool>,
}

struct Queues {
    writes: mpsc::Sender<Box<dyn Work>>,
    reads: mpsc::Sender<Box<dyn Work>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queues = None;
        self.closing.store(true, Ordering::Release);
        for handle in self.threads.drain(..) {
            // A closure may hold the last clone; its thread cannot wait for itself.
            if handle.thread().id() != thread::current().id() {
                let _ = handle.join();
            }
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.engine()).finish()
    }
}

impl Database {
    /// Opens the database and brings it to the newest migration. Two nodes may do so at once. Blocks meanwhile.
    ///
    /// # Errors
    /// [`StorageError::Open`] if it cannot be reached, [`StorageError::Migration`] if it does not fit this program.
    pub fn open(config: &StorageConfig) -> Result<Self, StorageError> {
        let (announcements, _) = broadcast::channel(ANNOUNCEMENTS_KEPT_MAX);
        let (writes, writes_queue) = mpsc::channel(WRITES_QUEUED_MAX);
        let (reads, reads_queue) = mpsc::channel(READS_QUEUED_MAX);
        let reads_queue = SharedQueue::new(reads_queue);
        let closing = Arc::new(AtomicBool::new(false));
        let threads = match config {
            StorageConfig::Sqlite { path } => {
                open_sqlite(path, writes_queue, &reads_queue, announcements.clone())?
            }
            StorageConfig::Postgres { url } => {
                let closing = Arc::clone(&closing);
                let open = || open_postgres(url, writes_queue, &reads_queue, announcements.clone(), closing);
                // The driver must not run on an async worker, which may be where we are.
                thread::scope(|scope| scope.spawn(open).join()).unwrap_or_else(|_| {
                    Err(StorageError::Open {
                        database: "PostgreSQL".to_owned(),
                        reason: "opening it panicked".to_owned(),
                    })
                })?
            }
        };
        let queues = Some(Queues { writes, reads });
        Ok(Self(Arc::new(Inner { config: config.clone(), queues, announcements, threads, closing })))
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn engine(&self) -> EngineKind {
        match self.0.config {
            StorageConfig::Sqlite { .. } => EngineKind::Sqlite,
            StorageConfig::Postgres { .. } => EngineKind::Postgres,
        }
    }

    /// How it was opened.
    #[must_use]
    pub fn config(&self) -> &StorageConfig {
        &self.0.config
    }

    /// Runs `closure` in a transaction and returns after its commit. If it returns an error or panics, nothing of it
    /// is kept. It may be run again when another transaction is in the way, so it must only act on the session.
    ///
    /// A caller that goes away does not stop a closure that has queued up.
    ///
    /// # Errors
    /// What the closure returns, or what kept it from being committed.
    pub async fn write<F, T, E>(&self, closure: F) -> Result<T, E>
    where
        F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        self.ask(self.0.queues.as_ref().map(|queues| &queues.writes), closure).await
    }

    /// Runs `closure` on a snapshot that it cannot change.
    ///
    /// # Errors
    /// What the closure returns, or what kept it from being run.
    pub async fn read<F, T, E>(&self, closure: F) -> Result<T, E>
    where
        F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        self.ask(self.0.queues.as_ref().map(|queues| &queues.reads), closure).await
    }

    /// [`Database::write`] for callers that are not async. Must not be called on an async worker thread.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_blocking<F, T, E>(&self, closure: F) -> Result<T, E>
    where
        F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        ask_blocking(self.0.queues.as_ref().map(|queues| &queues.writes), closure)
    }

    /// [`Database::read`] for callers that are not async. Must not be called on an async worker thread.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub fn read_blocking<F, T, E>(&self, closure: F) -> Result<T, E>
    where
        F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        ask_blocking(self.0.queues.as_ref().map(|queues| &queues.reads), closure)
    }

    /// What is committed from now on, in order of sequence, each once. A receiver that lags more than
    /// [`ANNOUNCEMENTS_KEPT_MAX`] commits behind is told so, and reads on with [`crate::timeline::read_from`].
    #[must_use]
    pub fn announcements(&self) -> broadcast::Receiver<Arc<Vec<Announcement>>> {
        self.0.announcements.subscribe()
    }

    async fn ask<F, T, E>(&self, queue: Option<&mpsc::Sender<Box<dyn Work>>>, closure: F) -> Result<T, E>
    where
        F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let queue = queue.ok_or(StorageError::Closed)?;
        let place = match queue.try_reserve() {
            Ok(place) => place,
            Err(mpsc::error::TrySendError::Closed(())) => return Err(StorageError::Closed.into()),
            Err(mpsc::error::TrySendError::Full(())) => {
                metrics::counter!("storage_queue_full").increment(1);
                let waited = tokio::time::timeout(QUEUE_WAIT_MAX, queue.reserve()).await;
                waited.map_err(|_| StorageError::QueueFull)?.map_err(|_| StorageError::Closed)?
            }
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        place.send(Closure::boxed(closure, move |answer| drop(tell.send(answer))));
        told.await.unwrap_or_else(|_| Err(StorageError::Closed.into()))
    }
}

fn ask_blocking<F, T, E>(queue: Option<&mpsc::Sender<Box<dyn Work>>>, closure: F) -> Result<T, E>
where
    F: FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    const WAIT_STEP: Duration = Duration::from_millis(1);
    let queue = queue.ok_or(StorageError::Closed)?;
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let mut work = Closure::boxed(closure, move |answer| drop(tell.send(answer)));
    let began = Instant::now();
    while let Err(refused) = queue.try_send(work) {
        work = match refused {
            mpsc::error::TrySendError::Closed(_) => return Err(StorageError::Closed.into()),
            mpsc::error::TrySendError::Full(_) if began.elapsed() > QUEUE_WAIT_MAX => {
                metrics::counter!("storage_queue_full").increment(1);
                return Err(StorageError::QueueFull.into());
            }
            mpsc::error::TrySendError::Full(work) => work,
        };
        thread::sleep(WAIT_STEP);
    }
    told.recv().unwrap_or_else(|_| Err(StorageError::Closed.into()))
}

/// A queue that several threads take from.
#[derive(Clone)]
pub(crate) struct SharedQueue(Arc<Mutex<mpsc::Receiver<Box<dyn Work>>>>);

impl SharedQueue {
    fn new(queue: mpsc::Receiver<Box<dyn Work>>) -> Self {
        Self(Arc::new(Mutex::new(queue)))
    }

    /// The next closure, or none when the database closes. Whoever holds the lock waits, the others wait for it.
    pub(crate) fn take(&self) -> Option<Box<dyn Work>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
    }
}

pub(crate) fn measure_batch(closures: usize, took: Duration) {
    metrics::histogram!("storage_commit_seconds").record(took.as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "at most BATCH_MAX")]
    metrics::histogram!("storage_batch_size").record(closures as f64);
}

pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StorageError> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(run);
    spawned.map_err(|e| StorageError::Open { database: "a thread for it".to_owned(), reason: e.to_string() })
}

fn open_sqlite(
    path: &std::path::Path,
    queue: mpsc::Receiver<Box<dyn Work>>,
    reads: &SharedQueue,
    announcements: broadcast::Sender<Arc<Vec<Announcement>>>,
) -> Result<Vec<JoinHandle<()>>, StorageError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| StorageError::Open {
            database: path.display().to_string(),
            reason: format!("its folder cannot be made: {e}"),
        })?;
    }
    let connection = sqlite::open_writer(path)?;
    crate::migrations::migrate_sqlite(&connection, crate::migrations::ALL)?;
    let writer = sqlite::Writer {
        connection,
        queue,
        announce: Box::new(move |batch| drop(announcements.send(Arc::new(batch)))),
        batch_max: BATCH_MAX,
        batch_time_max: BATCH_TIME_MAX,
    };
    let mut threads = vec![spawn("storage-writer", move || writer.run())?];
    for number in 1..=READERS {
        let reader = sqlite::open_reader(path)?;
        let reads = reads.clone();
        threads.push(spawn(&format!("storage-reader-{number}"), move || {
            while let Some(work) = reads.take() {
                sqlite::read(&reader, work);
            }
        })?);
    }
    Ok(threads)
}

fn open_postgres(
    url: &str,
    queue: mpsc::Receiver<Box<dyn Work>>,
    reads: &SharedQueue,
    announcements: broadcast::Sender<Arc<Vec<Announcement>>>,
    closing: Arc<AtomicBool>,
) -> Result<Vec<JoinHandle<()>>, StorageError> {
    let connector = postgres::Connector::new(url)?;
    let mut session = connector.open()?;
    crate::migrations::migrate_postgres(&mut session.client, crate::migrations::ALL)?;
    let announce = Box::new(move |batch| drop(announcements.send(Arc::new(batch))));
    let (listener, listening) = postgres::Listener::open(connector.clone(), announce, closing)?;
    let writer = postgres::Writer::new(connector.clone(), session, queue, BATCH_MAX, BATCH_TIME_MAX);
    let mut threads = vec![
        spawn("storage-writer", move || writer.run())?,
        spawn("storage-listener", move || listener.run(listening))?,
    ];
    for number in 1..=READERS {
        let mut reader = postgres::Reader::new(connector.clone());
        let reads = reads.clone();
        threads.push(spawn(&format!("storage-reader-{number}"), move || {
            while let Some(work) = reads.take() {
                reader.read(work);
            }
        })?);
    }
    Ok(threads)
}
