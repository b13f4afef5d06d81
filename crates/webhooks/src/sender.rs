//! What sends: one task a webhook at a time, so that a slow receiver holds up nobody else.

use crate::commands;
use crate::model::{Delivery, Outcome, Webhook};
use crate::queries;
use crate::sign::{Secret, signature};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use outward::{Call, Outward, OutwardError, Target};
use people::SigningKey;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, Session, StorageError};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{self, JoinSet};
use vocabulary::{Actor, Chance, Clock, Context, GenericUuid as _, SignedDuration, Timestamp, WebhookId};

/// How many deliveries of one webhook are under way at once.
const AT_ONCE_MAX: usize = 8;
/// How long a delivery may be in hand before somebody else tries it, on the clock. Far longer than a call may take.
const IN_HAND_MAX: SignedDuration = SignedDuration::from_mins(5);
/// How long the sender waits at most before it looks again, in real time.
const LOOK_AGAIN_MAX: Duration = Duration::from_secs(1);
/// How often the old log is forgotten, on the clock.
const TIDY_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A webhook that has just been disabled.
#[derive(Clone, Debug)]
pub struct Disabled {
    /// Which.
    pub webhook: Webhook,
    /// One word: `gone`, `failing`.
    pub reason: &'static str,
}

/// Tells whoever looks after a webhook that it was disabled, in the same transaction.
pub type Notify =
    Arc<dyn Fn(&mut Session<'_>, &Context, &Disabled) -> Result<(), StorageError> + Send + Sync>;

/// Sends what webhooks are to be told. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    db: Database,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    key: SigningKey,
    outward: Outward,
    notify: Notify,
}

impl Sender {
    /// A sender. `clock` says when something is due; `wall` stands in the signature, which the other side holds against
    /// its own clock: the same in production.
    #[must_use]
    pub fn new(
        db: Database,
        clock: Arc<dyn Clock>,
        wall: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        key: SigningKey,
        outward: Outward,
        notify: Notify,
    ) -> Self {
        Self { db, clock, wall, chance, key, outward, notify }
    }

    fn context(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, Arc::clone(&self.chance))
    }

    /// Sends until `shutdown` is done. What is under way then is in nobody's hand after a while and is sent again.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut announcements = self.db.announcements();
        let mut rounds = Rounds::default();
        let mut tidied_at = Timestamp::MIN;
        loop {
            if let Err(error) = self.begin_rounds(&mut rounds).await {
                tracing::warn!(%error, "cannot look for what webhooks are to be told");
            }
            let now = self.clock.now();
            if now.duration_since(tidied_at) >= TIDY_EVERY {
                tidied_at = now;
                if let Err(error) = self.db.write(move |s| commands::tidy(s, now)).await {
                    tracing::warn!(%error, "the webhooks' old log is still there");
                }
            }
            let wait = self.until_next().await;
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(wait) => {}
                Some(ended) = rounds.tasks.join_next_with_id() => rounds.ended(ended),
                heard = announcements.recv() => {
                    if matches!(heard, Err(RecvError::Closed)) {
                        return;
                    }
                }
            }
            while announcements.try_recv().is_ok() {}
        }
    }

    async fn until_next(&self) -> Duration {
        let next = self.db.read(queries::next_due_at).await.unwrap_or_default();
        let left = next.map_or(SignedDuration::MAX, |at| at.duration_since(self.clock.now()));
        let left = left.clamp(SignedDuration::from_millis(20), SignedDuration::from_hours(1));
        self.clock.real(left).clamp(Duration::from_millis(20), LOOK_AGAIN_MAX)
    }

    async fn begin_rounds(&self, rounds: &mut Rounds) -> Result<(), StorageError> {
        for webhook in self.db.read(queries::active).await? {
            if rounds.holds(webhook) {
                continue;
            }
            let sender = self.clone();
            let task = rounds.tasks.spawn(async move {
                if let Err(error) = sender.round(webhook).await {
                    tracing::warn!(webhook = %webhook, %error, "a webhook's round was not finished");
                }
            });
            rounds.ids.insert(task.id(), webhook);
        }
        Ok(())
    }

    /// Everything that is due for every active webhook, until nothing is. For tests and for a command that is to leave
    /// nothing behind. Gives how many attempts were made.
    ///
    /// # Errors
    /// The database.
    pub async fn run_due(&self) -> Result<usize, StorageError> {
        let mut attempts = 0;
        for webhook in self.db.read(queries::active).await? {
            attempts += self.round(webhook).await?;
        }
        Ok(attempts)
    }

    /// Reads on for one webhook and sends what is due, until nothing is.
    async fn round(&self, webhook: WebhookId) -> Result<usize, StorageError> {
        let mut attempts = 0;
        loop {
            let ctx = self.context();
            let read = self.db.write(move |s| commands::read_on(s, &ctx, webhook)).await?;
            let sent = self.send_some(webhook).await?;
            attempts += sent;
            if sent == 0 && read < commands::READ_AT_ONCE {
                return Ok(attempts);
            }
        }
    }

    async fn send_some(&self, webhook: WebhookId) -> Result<usize, StorageError> {
        let now = self.clock.now();
        let until = now.saturating_add(IN_HAND_MAX).unwrap_or(Timestamp::MAX);
        let due = self.db.read(move |s| queries::due(s, webhook, now, 1)).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let taken = self.db.write(move |s| commands::take_due(s, now, until, webhook, AT_ONCE_MAX)).await?;
        let Some((webhook, deliveries)) = taken else { return Ok(0) };
        let mut under_way = JoinSet::new();
        for delivery in deliveries {
            let (sender, webhook) = (self.clone(), webhook.clone());
            under_way.spawn(async move { sender.attempt(&webhook, delivery).await });
        }
        let mut sent = 0;
        while let Some(ended) = under_way.join_next().await {
            ended.unwrap_or_else(|error| {
                tracing::error!(%error, "a delivery panicked; it is tried again");
                Ok(())
            })?;
            sent += 1;
        }
        Ok(sent)
    }

    async fn attempt(&self, webhook: &Webhook, delivery: Delivery) -> Result<(), StorageError> {
        let outcome = match self.call(webhook, &delivery) {
            Ok(call) => read_answer(self.outward.call(call).await),
            Err(problem) => Outcome::Failed { status: None, problem, retry_after: None },
        };
        let word = match &outcome {
            Outcome::Delivered { .. } => "delivered",
            Outcome::Gone => "gone",
            Outcome::Failed { problem, .. } => problem,
        };
        metrics::counter!("lots_webhook_attempts_total", "outcome" => word).increment(1);
        tracing::debug!(webhook = %webhook.id, delivery = %delivery.id, word, "a webhook was called");
        let (ctx, notify) = (self.context(), Arc::clone(&self.notify));
        self.db.write(move |s| commands::conclude(s, &ctx, &notify, &delivery, &outcome)).await
    }

    fn call(&self, webhook: &Webhook, delivery: &Delivery) -> Result<Call, &'static str> {
        let target = Target::read(&webhook.url, self.outward.reach()).map_err(|_| "address")?;
        let id = delivery.id.into_untyped_uuid().to_string();
        let at = self.wall.now();
        let secrets: Vec<Secret> = webhook
            .secret_versions(self.clock.now())
            .into_iter()
            .map(|version| Secret::of(&self.key, webhook.id, version))
            .collect();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [
            ("webhook-signature", signature(&secrets, &id, at.as_second(), &delivery.body)),
            ("webhook-timestamp", at.as_second().to_string()),
            ("webhook-id", id),
        ] {
            let value = HeaderValue::try_from(value).map_err(|_| "header")?;
            headers.insert(HeaderName::from_static(name), value);
        }
        let body = Bytes::from(delivery.body.clone());
        Ok(Call { target, method: Method::POST, headers, body })
    }
}

/// What an answer means. Redirects are failures like any other: the new address is to be entered, not followed.
fn read_answer(answer: Result<outward::Answer, OutwardError>) -> Outcome {
    match answer {
        Ok(answer) if answer.status.is_success() => Outcome::Delivered { status: answer.status.as_u16() },
        Ok(answer) if answer.status == StatusCode::GONE => Outcome::Gone,
        Ok(answer) => {
            let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let retry_after = asked.and_then(|text| text.trim().parse().ok()).map(SignedDuration::from_secs);
            let problem = if answer.status.is_redirection() { "redirect" } else { "status" };
            Outcome::Failed { status: Some(answer.status.as_u16()), problem, retry_after }
        }
        Err(error) => Outcome::Failed { status: None, problem: error.word(), retry_after: None },
    }
}

/// The rounds under way, one a webhook at most.
#[derive(Default)]
struct Rounds {
    tasks: JoinSet<()>,
    ids: HashMap<task::Id, WebhookId>,
}

impl Rounds {
    fn holds(&self, webhook: WebhookId) -> bool {
        self.ids.values().any(|held| *held == webhook)
    }

    fn ended(&mut self, ended: Result<(task::Id, ()), task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => error.id(),
        };
        self.ids.remove(&id);
    }
}
