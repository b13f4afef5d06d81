//! Runs what is due.

use super::queries::{self, Taken};
use super::{ATTEMPTS_MAX, JobError, KEPT, LEASE, back_off};
use crate::{Database, StorageError};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{self, JoinError, JoinSet};
use vocabulary::{Actor, Chance, Clock, Context, JobId, SignedDuration, Timestamp};

/// How long a runner waits at most before it looks again, in real time. The demo's clock may have been moved.
const LOOK_AGAIN_MAX: Duration = Duration::from_millis(250);
/// How long a runner that has heard of something waits for more, in real time, so that a busy house is not asked after
/// each commit.
const LOOK_SOON: Duration = Duration::from_millis(20);
/// How many jobs run at once unless said otherwise.
const AT_ONCE_MAX: usize = 8;
/// How many due jobs of a kind are looked at in one go.
const LOOKED_AT_MAX: usize = 64;
/// How long a runner that is to stop waits for what runs, in real time. What is cut off then runs again later.
const STOPPING_MAX: Duration = Duration::from_secs(10);
/// How long one attempt may take, in real time.
const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(15 * 60);
/// How often what is done long ago is forgotten, on the clock.
const FORGETTING_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How much of an error's text is kept with the job.
const ERROR_KEPT_CHARS_MAX: usize = 500;

/// What a handler is told beside the payload.
#[derive(Clone, Debug)]
pub struct JobInfo {
    /// The job.
    pub id: JobId,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
    /// Whether the job is given up if this attempt fails.
    pub last: bool,
    /// When it was due.
    pub run_at: Timestamp,
    /// The circumstances for commands: now, done by the system.
    pub ctx: Context,
}

type Done = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(serde_json::Value, JobInfo) -> Done + Send + Sync>;

/// Runs jobs of the kinds it has handlers for. Several runners, also in several processes, share the work.
pub struct Runner {
    shared: Arc<Shared>,
    handlers: BTreeMap<&'static str, Handler>,
    at_once_max: usize,
}

/// What a running job needs of its runner.
struct Shared {
    db: Database,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

/// The jobs a runner has in hand.
#[derive(Default)]
struct InHand {
    tasks: JoinSet<()>,
    ids: HashMap<task::Id, JobId>,
}

impl InHand {
    fn holds(&self, id: JobId) -> bool {
        self.ids.values().any(|held| *held == id)
    }

    fn ended(&mut self, task: Result<(task::Id, ()), JoinError>) {
        let id = match task {
            Ok((id, ())) => id,
            Err(e) => {
                tracing::error!(error = %e, "a job's bookkeeping panicked; its lease will run out");
                e.id()
            }
        };
        self.ids.remove(&id);
    }
}

impl Runner {
    /// A runner without handlers.
    #[must_use]
    pub fn new(db: Database, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        let shared = Arc::new(Shared { db, clock, chance });
        Self { shared, handlers: BTreeMap::new(), at_once_max: AT_ONCE_MAX }
    }

    /// Hands jobs of `kind` to `handler`, which must bear being called twice for the same job.
    #[must_use]
    pub fn on<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(serde_json::Value, JobInfo) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |payload, info| Box::pin(handler(payload, info))));
        self
    }

    /// Runs at most `jobs_max` jobs at once (8 unless said otherwise).
    #[must_use]
    pub fn at_once(mut self, jobs_max: usize) -> Self {
        self.at_once_max = jobs_max.max(1);
        self
    }

    /// Runs what is due, one after the other in the order it became due, until nothing is; gives how many were run.
    /// For tests, and for a command that is to leave nothing behind.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run_due(&self) -> Result<usize, StorageError> {
        let mut run = 0;
        loop {
            let (due, _) = self.look().await?;
            let Some(id) = due.first() else { return Ok(run) };
            if let Some((handler, job)) = self.take(*id).await? {
                self.shared.run(handler, job).await?;
                run += 1;
            }
        }
    }

    /// Runs what becomes due until `shutdown` is done, then waits a little for what runs.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut announcements = self.shared.db.announcements();
        let mut in_hand = InHand::default();
        let mut forgotten_at = Timestamp::MIN;
        loop {
            let wait = self.start_due(&mut in_hand).await.unwrap_or_else(|e| {
                tracing::warn!(error = %e, "cannot look for jobs");
                LOOK_AGAIN_MAX
            });
            self.forget_now_and_then(&mut forgotten_at).await;
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep(wait) => {}
                Some(task) = in_hand.tasks.join_next_with_id() => in_hand.ended(task),
                heard = announcements.recv() => {
                    if matches!(heard, Err(RecvError::Closed)) {
                        break;
                    }
                    tokio::time::sleep(LOOK_SOON).await;
                }
            }
            // What was heard meanwhile calls for one look, not for one each.
            while announcements.try_recv().is_ok() {}
            while let Some(task) = in_hand.tasks.try_join_next_with_id() {
                in_hand.ended(task);
            }
        }
        let tasks = &mut in_hand.tasks;
        if tokio::time::timeout(STOPPING_MAX, async { while tasks.join_next().await.is_some() {} })
            .await
            .is_err()
        {
            tracing::warn!(jobs = tasks.len(), "jobs are cut off and will be run again");
        }
    }

    /// Starts what is due and there is room for; gives how long to wait, in real time, before looking again.
    async fn start_due(&self, in_hand: &mut InHand) -> Result<Duration, StorageError> {
        if in_hand.tasks.len() >= self.at_once_max {
            return Ok(LOOK_AGAIN_MAX);
        }
        let (due, next_at) = self.look().await?;
        for id in due {
            if in_hand.tasks.len() >= self.at_once_max {
                break;
            }
            // A clock that is moved forward lets leases run out under jobs that are alive and in hand.
            if in_hand.holds(id) {
                continue;
            }
            if let Some((handler, job)) = self.take(id).await? {
                let (shared, id) = (Arc::clone(&self.shared), job.id);
                let task = in_hand.tasks.spawn(async move {
                    if let Err(e) = shared.run(handler, job).await {
                        tracing::warn!(job = %id, error = %e, "how a job ended cannot be kept; it will be run again");
                    }
                });
                in_hand.ids.insert(task.id(), id);
            }
        }
        let until_next = next_at.map_or(LOOK_AGAIN_MAX, |at| {
            let left = at.duration_since(self.shared.clock.now()).max(SignedDuration::from_millis(1));
            self.shared.clock.real(left)
        });
        Ok(until_next.clamp(Duration::from_millis(1), LOOK_AGAIN_MAX))
    }

    /// The jobs that are due, in order, and when the next one will be.
    async fn look(&self) -> Result<(Vec<JobId>, Option<Timestamp>), StorageError> {
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        let now = self.shared.clock.now();
        let looked = self.shared.db.read(move |s| {
            let mut due = Vec::new();
            let mut next_at = None;
            for kind in &kinds {
                due.extend(queries::due(s, kind, now, LOOKED_AT_MAX)?);
                let at = queries::next_due_at(s, kind, now)?;
                next_at = [next_at, at].into_iter().flatten().min();
            }
            Ok::<_, StorageError>((due, next_at))
        });
        let (mut due, next_at) = looked.await?;
        due.sort_by_key(|job| (job.run_at, job.id));
        Ok((due.into_iter().map(|job| job.id).collect(), next_at))
    }

    /// Takes a job, unless somebody else was first.
    async fn take(&self, id: JobId) -> Result<Option<(Handler, Taken)>, StorageError> {
        let now = self.shared.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let taken = self.shared.db.write(move |s| queries::take(s, id, now, until)).await?;
        Ok(taken
            .and_then(|job| self.handlers.get(job.kind.as_str()).map(|handler| (Arc::clone(handler), job))))
    }

    async fn forget_now_and_then(&self, forgotten_at: &mut Timestamp) {
        let now = self.shared.clock.now();
        if now.duration_since(*forgotten_at) < FORGETTING_EVERY {
            return;
        }
        *forgotten_at = now;
        let before = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        if let Err(e) = self.shared.db.write(move |s| queries::forget_done(s, before)).await {
            tracing::warn!(error = %e, "jobs done long ago are still there");
        }
    }
}

impl Shared {
    /// Runs one attempt of a job and writes down how it ended.
    async fn run(&self, handler: Handler, job: Taken) -> Result<(), StorageError> {
        let info = JobInfo {
            id: job.id,
            attempt: job.attempt,
            last: job.attempt >= ATTEMPTS_MAX,
            run_at: job.run_at,
            ctx: Context::new(self.clock.now(), Actor::System, Arc::clone(&self.chance)),
        };
        let outcome = match serde_json::from_str(&job.payload) {
            _ if job.attempt > ATTEMPTS_MAX => {
                Err(JobError::GiveUp("its runner vanished every time it was tried".to_owned()))
            }
            Ok(payload) => {
                self.while_renewing(&job, caught(Box::pin(async move { handler(payload, info).await }))).await
            }
            Err(e) => Err(JobError::GiveUp(format!("its payload cannot be read: {e}"))),
        };
        self.end(job, outcome).await
    }

    /// Waits for a handler and renews its lease meanwhile.
    async fn while_renewing(
        &self,
        job: &Taken,
        handler: impl Future<Output = Result<(), JobError>>,
    ) -> Result<(), JobError> {
        let mut handler = pin!(tokio::time::timeout(ATTEMPT_TIME_MAX, handler));
        loop {
            let renewal = self.clock.real(LEASE / 3);
            tokio::select! {
                outcome = &mut handler => {
                    return outcome.unwrap_or_else(|_| Err(JobError::Retry("it did not end in time".to_owned())));
                }
                () = tokio::time::sleep(renewal) => {
                    let (held, until) = (job.clone(), self.clock.now().saturating_add(LEASE).unwrap_or(Timestamp::MAX));
                    if let Err(e) = self.db.write(move |s| queries::renew(s, &held, until)).await {
                        tracing::warn!(job = %job.id, error = %e, "a job's lease cannot be renewed");
                    }
                }
            }
        }
    }

    async fn end(&self, job: Taken, outcome: Result<(), JobError>) -> Result<(), StorageError> {
        let now = self.clock.now();
        let outcome = match outcome {
            Err(JobError::Retry(text)) if job.attempt >= ATTEMPTS_MAX => Err(JobError::GiveUp(text)),
            other => other,
        };
        let (kind, id, attempt) = (job.kind.clone(), job.id, job.attempt);
        match &outcome {
            Ok(()) | Err(JobError::Later(_)) => {}
            Err(JobError::Retry(error)) => {
                tracing::warn!(kind, job = %id, attempt, error, "a job will be tried again")
            }
            Err(JobError::GiveUp(error)) => {
                tracing::error!(kind, job = %id, attempt, error, "a job is given up")
            }
        }
        let word = match &outcome {
            Ok(()) => "done",
            Err(JobError::Later(_)) => "later",
            Err(JobError::Retry(_)) => "retry",
            Err(JobError::GiveUp(_)) => "failed",
        };
        metrics::counter!("jobs_ended", "kind" => kind, "how" => word).increment(1);
        let again_at = now.saturating_add(back_off(attempt, &*self.chance)).unwrap_or(Timestamp::MAX);
        let ours = self.db.write(move |s| match &outcome {
            Ok(()) => queries::finish(s, &job, "done", None, now),
            Err(JobError::GiveUp(error)) => queries::finish(s, &job, "failed", Some(&kept(error)), now),
            Err(JobError::Later(at)) => queries::put_back(s, &job, attempt - 1, None, *at),
            Err(JobError::Retry(error)) => queries::put_back(s, &job, attempt, Some(&kept(error)), again_at),
        });
        if !ours.await? {
            tracing::warn!(job = %id, attempt, "a job's lease ran out before it ended; somebody else has taken it over");
        }
        Ok(())
    }
}

/// What is kept of an error's text: a bounded part, without the NUL that no column holds.
fn kept(error: &str) -> String {
    error.chars().filter(|c| *c != '\0').take(ERROR_KEPT_CHARS_MAX).collect()
}

/// A panic in a handler is an attempt that failed.
async fn caught(mut handler: Done) -> Result<(), JobError> {
    std::future::poll_fn(move |cx| {
        catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))).unwrap_or_else(|panic| {
            Poll::Ready(Err(JobError::Retry(format!(
                "the handler panicked: {}",
                crate::work::panic_text(&*panic)
            ))))
        })
    })
    .await
}
