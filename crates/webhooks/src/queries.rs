//! The SQL of webhooks, their deliveries, and what they read of the timeline.

use crate::event::Event;
use crate::model::{Delivery, DeliveryState, Webhook, WebhookState};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{Timestamp, WebhookDeliveryId, WebhookId};

macro_rules! select_webhook {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, url, kinds, contact_email, state, disabled_reason, secret_version,
                    old_secret_until_at, cursor_seq, failing_since_at, created_at, changed_at
             FROM webhooks ",
            $rest
        )
    };
}

fn read_webhook(r: &Row<'_>) -> Result<Webhook, StorageError> {
    let kinds: String = r.get(3)?;
    Ok(Webhook {
        id: r.get(0)?,
        name: r.get(1)?,
        url: r.get(2)?,
        kinds: kinds.split_whitespace().map(str::to_owned).collect(),
        contact_email: r.get(4)?,
        state: r.get(5)?,
        disabled_reason: r.get(6)?,
        secret_version: r.get(7)?,
        old_secret_until_at: r.get(8)?,
        cursor_seq: r.get(9)?,
        failing_since_at: r.get(10)?,
        created_at: r.get(11)?,
        changed_at: r.get(12)?,
    })
}

/// Every webhook, the newest first.
///
/// # Errors
/// The database.
pub fn webhooks(s: &mut Session<'_>) -> Result<Vec<Webhook>, StorageError> {
    s.rows(sql!(select_webhook!("ORDER BY created_at DESC, id")), params![], read_webhook)
}

/// One webhook.
///
/// # Errors
/// The database.
pub fn webhook(s: &mut Session<'_>, id: WebhookId) -> Result<Option<Webhook>, StorageError> {
    s.row(sql!(select_webhook!("WHERE id = $1")), params![id], read_webhook)
}

pub(crate) fn active(s: &mut Session<'_>) -> Result<Vec<WebhookId>, StorageError> {
    s.rows(sql!("SELECT id FROM webhooks WHERE state = 'active' ORDER BY id"), params![], |r| r.get(0))
}

pub(crate) fn count(s: &mut Session<'_>) -> Result<usize, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM webhooks"), params![], |r| r.get(0))
}

pub(crate) fn insert(s: &mut Session<'_>, w: &Webhook) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO webhooks (id, name, url, kinds, contact_email, state, disabled_reason, secret_version,
                                   old_secret_until_at, cursor_seq, failing_since_at, created_at, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        params![
            w.id,
            &w.name,
            &w.url,
            w.kinds.join(" "),
            w.contact_email.as_deref(),
            w.state,
            w.disabled_reason.as_deref(),
            w.secret_version,
            w.old_secret_until_at,
            w.cursor_seq,
            w.failing_since_at,
            w.created_at,
            w.changed_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update(s: &mut Session<'_>, w: &Webhook) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE webhooks SET name = $2, url = $3, kinds = $4, contact_email = $5, state = $6,
                    disabled_reason = $7, secret_version = $8, old_secret_until_at = $9, cursor_seq = $10,
                    failing_since_at = $11, changed_at = $12
             WHERE id = $1"
        ),
        params![
            w.id,
            &w.name,
            &w.url,
            w.kinds.join(" "),
            w.contact_email.as_deref(),
            w.state,
            w.disabled_reason.as_deref(),
            w.secret_version,
            w.old_secret_until_at,
            w.cursor_seq,
            w.failing_since_at,
            w.changed_at
        ],
    )?;
    Ok(())
}

/// What happened after `after_seq`, in order, at most `limit` entries.
pub(crate) fn events_after(
    s: &mut Session<'_>,
    after_seq: i64,
    limit: usize,
) -> Result<Vec<Event>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, at, kind, subject_kind, subject_id, related_id, actor_kind, detail FROM timeline
             WHERE seq > $1 ORDER BY seq LIMIT $2"
        ),
        params![after_seq, limit],
        |r| {
            Ok(Event {
                seq: r.get(0)?,
                at: r.get(1)?,
                kind: r.get(2)?,
                subject_kind: r.get(3)?,
                subject_id: r.get(4)?,
                related_id: r.get(5)?,
                actor_kind: r.get(6)?,
                detail: r.get(7)?,
            })
        },
    )
}

macro_rules! select_delivery {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.webhook_id, d.seq, d.kind, d.subject_id, d.body, d.state, d.attempts, d.next_at,
                    d.first_tried_at, d.created_at, d.ended_at, d.answer_status, d.problem
             FROM webhook_deliveries d ",
            $rest
        )
    };
}

fn read_delivery(r: &Row<'_>) -> Result<Delivery, StorageError> {
    Ok(Delivery {
        id: r.get(0)?,
        webhook_id: r.get(1)?,
        seq: r.get(2)?,
        kind: r.get(3)?,
        subject_id: r.get(4)?,
        body: r.get(5)?,
        state: r.get(6)?,
        attempts: r.get(7)?,
        next_at: r.get(8)?,
        first_tried_at: r.get(9)?,
        created_at: r.get(10)?,
        ended_at: r.get(11)?,
        answer_status: r.get(12)?,
        problem: r.get(13)?,
    })
}

/// One delivery.
///
/// # Errors
/// The database.
pub fn delivery(s: &mut Session<'_>, id: WebhookDeliveryId) -> Result<Option<Delivery>, StorageError> {
    s.row(sql!(select_delivery!("WHERE d.id = $1")), params![id], read_delivery)
}

/// What a webhook was told and is to be told, the newest first; from the one after `after`, the last of the page before.
///
/// # Errors
/// The database.
pub fn log(
    s: &mut Session<'_>,
    webhook: WebhookId,
    after: Option<(Timestamp, WebhookDeliveryId)>,
    lines_max: usize,
) -> Result<Vec<Delivery>, StorageError> {
    let (at, id) = after.map_or((i64::MAX, WebhookDeliveryId::max()), |(at, id)| (at.as_microsecond(), id));
    s.rows(
        sql!(select_delivery!(
            "WHERE d.webhook_id = $1 AND (d.created_at, d.id) < ($2, $3)
             ORDER BY d.created_at DESC, d.id DESC LIMIT $4"
        )),
        params![webhook, at, id, lines_max],
        read_delivery,
    )
}

/// How many deliveries of a webhook are in each state: waiting, delivered, failed.
///
/// # Errors
/// The database.
pub fn figures(s: &mut Session<'_>, webhook: WebhookId) -> Result<[u64; 3], StorageError> {
    let counted: Vec<(DeliveryState, u64)> = s.rows(
        sql!("SELECT state, COUNT(*) FROM webhook_deliveries WHERE webhook_id = $1 GROUP BY state"),
        params![webhook],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let of = |state| counted.iter().find(|(known, _)| *known == state).map_or(0, |(_, n)| *n);
    Ok([of(DeliveryState::Waiting), of(DeliveryState::Delivered), of(DeliveryState::Failed)])
}

pub(crate) fn waiting(s: &mut Session<'_>, webhook: WebhookId) -> Result<usize, StorageError> {
    s.the_row(
        sql!("SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting'"),
        params![webhook],
        |r| r.get(0),
    )
}

/// Keeps what is to be told, once for each entry of the timeline.
pub(crate) fn insert_delivery(s: &mut Session<'_>, d: &Delivery) -> Result<bool, StorageError> {
    let inserted = s.execute(
        sql!(
            "INSERT INTO webhook_deliveries
                 (id, webhook_id, seq, kind, subject_id, body, state, attempts, next_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8)
             ON CONFLICT (webhook_id, seq) DO NOTHING"
        ),
        params![d.id, d.webhook_id, d.seq, &d.kind, d.subject_id, &d.body, d.next_at, d.created_at],
    )?;
    Ok(inserted == 1)
}

/// What is due at `now` and nobody has in hand. Of what concerns the same thing only the earliest: the next waits until
/// it is taken or given up.
pub(crate) fn due(
    s: &mut Session<'_>,
    webhook: WebhookId,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<WebhookDeliveryId>, StorageError> {
    s.rows(
        sql!(
            "SELECT d.id FROM webhook_deliveries d
             WHERE d.webhook_id = $1 AND d.state = 'waiting' AND d.next_at <= $2
               AND (d.locked_until_at IS NULL OR d.locked_until_at <= $2)
               AND NOT EXISTS (
                   SELECT 1 FROM webhook_deliveries e
                   WHERE e.webhook_id = d.webhook_id AND e.subject_id = d.subject_id
                     AND e.state = 'waiting' AND e.seq < d.seq)
             ORDER BY d.next_at, d.seq NULLS FIRST, d.id LIMIT $3"
        ),
        params![webhook, now, limit],
        |r| r.get(0),
    )
}

/// Takes a delivery in hand until `until`; false if somebody else was first.
pub(crate) fn take(
    s: &mut Session<'_>,
    id: WebhookDeliveryId,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StorageError> {
    let taken = s.execute(
        sql!(
            "UPDATE webhook_deliveries
             SET locked_until_at = $3, attempts = attempts + 1, first_tried_at = COALESCE(first_tried_at, $2)
             WHERE id = $1 AND state = 'waiting' AND (locked_until_at IS NULL OR locked_until_at <= $2)"
        ),
        params![id, now, until],
    )?;
    Ok(taken == 1)
}

/// What is written down of an attempt.
pub(crate) struct Attempted<'a> {
    pub state: DeliveryState,
    pub next_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub answer_status: Option<u16>,
    pub problem: Option<&'a str>,
}

/// Writes down how the attempt with this number went; false if it has been overtaken by another.
pub(crate) fn conclude(
    s: &mut Session<'_>,
    id: WebhookDeliveryId,
    attempt: u32,
    to: &Attempted<'_>,
) -> Result<bool, StorageError> {
    let written = s.execute(
        sql!(
            "UPDATE webhook_deliveries
             SET state = $3, next_at = $4, ended_at = $5, answer_status = $6, problem = $7, locked_until_at = NULL
             WHERE id = $1 AND attempts = $2 AND state = 'waiting'"
        ),
        params![id, attempt, to.state, to.next_at, to.ended_at, to.answer_status, to.problem],
    )?;
    Ok(written == 1)
}

/// What waits is tried at once, and its days are counted anew.
pub(crate) fn begin_anew(
    s: &mut Session<'_>,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE webhook_deliveries SET next_at = $2, first_tried_at = NULL, attempts = 0
             WHERE webhook_id = $1 AND state = 'waiting'
               AND (locked_until_at IS NULL OR locked_until_at <= $2)"
        ),
        params![webhook, now],
    )
}

/// One that was given up is tried once more.
pub(crate) fn revive(
    s: &mut Session<'_>,
    id: WebhookDeliveryId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let revived = s.execute(
        sql!(
            "UPDATE webhook_deliveries
             SET state = 'waiting', next_at = $2, first_tried_at = NULL, attempts = 0, ended_at = NULL
             WHERE id = $1 AND state = 'failed' AND seq IS NOT NULL"
        ),
        params![id, now],
    )?;
    Ok(revived == 1)
}

pub(crate) fn set_failing_since(
    s: &mut Session<'_>,
    webhook: WebhookId,
    since: Option<Timestamp>,
) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE webhooks SET failing_since_at = $2 WHERE id = $1"), params![webhook, since])?;
    Ok(())
}

pub(crate) fn set_state(
    s: &mut Session<'_>,
    webhook: WebhookId,
    state: WebhookState,
    reason: Option<&str>,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE webhooks SET state = $2, disabled_reason = $3, changed_at = $4 WHERE id = $1"),
        params![webhook, state, reason, at],
    )?;
    Ok(())
}

pub(crate) fn move_cursor(s: &mut Session<'_>, webhook: WebhookId, to: i64) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE webhooks SET cursor_seq = $2 WHERE id = $1 AND cursor_seq < $2"),
        params![webhook, to],
    )?;
    Ok(())
}

/// Forgets what ended before `before`.
pub(crate) fn forget(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("DELETE FROM webhook_deliveries WHERE ended_at IS NOT NULL AND ended_at < $1"),
        params![before],
    )
}

/// When the earliest of what waits for any active webhook is due, or its holder's time is up.
pub(crate) fn next_due_at(s: &mut Session<'_>) -> Result<Option<Timestamp>, StorageError> {
    let first = s.row(
        sql!(
            "SELECT d.next_at FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
             WHERE d.state = 'waiting' AND w.state = 'active' AND d.locked_until_at IS NULL
             ORDER BY d.next_at LIMIT 1"
        ),
        params![],
        |r| r.get(0),
    )?;
    Ok(first)
}
