//! What can be done with webhooks.

use crate::error::WebhooksError;
use crate::event::{self, EVENTS, EVERYTHING};
use crate::model::{
    Delivery, DeliveryState, NAME_CHARS_MAX, OLD_SECRET_HOLDS, Outcome, Verdict, WEBHOOKS_MAX, Webhook,
    WebhookState, judge,
};
use crate::queries::{self, Attempted};
use crate::sender::{Disabled, Notify};
use crate::sign::Secret;
use outward::{Reach, Target};
use people::{SigningKey, text};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{AnyId, Context, GenericUuid as _, Timestamp, WebhookDeliveryId, WebhookId};

/// How many entries of the timeline are looked at in one transaction.
pub const READ_AT_ONCE: usize = 200;
/// How many deliveries of one webhook may wait; until there are fewer its cursor stands still.
pub const WAITING_MAX: usize = 1_000;

/// A webhook as asked for.
#[derive(Clone, Debug)]
pub struct PutWebhook {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told of: words of [`EVENTS`], or [`EVERYTHING`].
    pub kinds: Vec<String>,
    /// Who is told when it is disabled; blank for nobody.
    pub contact_email: String,
}

struct Checked {
    name: String,
    url: String,
    kinds: Vec<String>,
    contact_email: Option<String>,
}

fn check(cmd: &PutWebhook, reach: Reach) -> Result<Checked, WebhooksError> {
    let name = text::line("name", &cmd.name, NAME_CHARS_MAX)?;
    let url = text::line("url", &cmd.url, 2_000)?;
    Target::read(&url, reach)?;
    let known = |kind: &String| kind == EVERYTHING || EVENTS.contains(&kind.as_str());
    if cmd.kinds.is_empty() || !cmd.kinds.iter().all(known) {
        return Err(WebhooksError::Events);
    }
    let mut kinds = cmd.kinds.clone();
    kinds.sort();
    kinds.dedup();
    let contact_email = match cmd.contact_email.trim() {
        "" => None,
        typed => Some(text::email("contact_email", typed)?),
    };
    Ok(Checked { name, url, kinds, contact_email })
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    webhook: WebhookId,
    detail: Option<&str>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "webhook", id: webhook.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: detail.map(str::to_owned) })
        .map(drop)
}

fn load(s: &mut Session<'_>, id: WebhookId) -> Result<Webhook, WebhooksError> {
    queries::webhook(s, id)?.ok_or(WebhooksError::NotFound)
}

/// Makes a webhook, which is told of what happens from now on, and gives its secret, which is not shown again.
///
/// # Errors
/// A text or the address is not acceptable, or there are too many.
pub fn create(
    s: &mut Session<'_>,
    ctx: &Context,
    key: &SigningKey,
    reach: Reach,
    cmd: &PutWebhook,
) -> Result<(Webhook, Secret), WebhooksError> {
    let checked = check(cmd, reach)?;
    if queries::count(s)? >= WEBHOOKS_MAX {
        return Err(WebhooksError::TooMany { max: WEBHOOKS_MAX });
    }
    let webhook = Webhook {
        id: ctx.next_id(),
        name: checked.name,
        url: checked.url,
        kinds: checked.kinds,
        contact_email: checked.contact_email,
        state: WebhookState::Active,
        disabled_reason: None,
        secret_version: 1,
        old_secret_until_at: None,
        cursor_seq: timeline::last_seq(s)?,
        failing_since_at: None,
        created_at: ctx.now,
        changed_at: ctx.now,
    };
    queries::insert(s, &webhook)?;
    record(s, ctx, "webhook_created", webhook.id, None)?;
    let secret = Secret::of(key, webhook.id, webhook.secret_version);
    Ok((webhook, secret))
}

/// Changes a webhook. What already waits is sent to the new address.
///
/// # Errors
/// A text or the address is not acceptable, or it is not there.
pub fn change(
    s: &mut Session<'_>,
    ctx: &Context,
    reach: Reach,
    id: WebhookId,
    cmd: &PutWebhook,
) -> Result<Webhook, WebhooksError> {
    let checked = check(cmd, reach)?;
    let before = load(s, id)?;
    let webhook = Webhook {
        name: checked.name,
        url: checked.url,
        kinds: checked.kinds,
        contact_email: checked.contact_email,
        ..before.clone()
    };
    if webhook == before {
        return Ok(webhook);
    }
    let webhook = Webhook { changed_at: ctx.now, ..webhook };
    queries::update(s, &webhook)?;
    record(s, ctx, "webhook_changed", id, None)?;
    Ok(webhook)
}

/// Lets a webhook rest; its cursor stands still meanwhile.
///
/// # Errors
/// It is not there.
pub fn pause(s: &mut Session<'_>, ctx: &Context, id: WebhookId) -> Result<(), WebhooksError> {
    if load(s, id)?.state == WebhookState::Active {
        queries::set_state(s, id, WebhookState::Paused, None, ctx.now)?;
        record(s, ctx, "webhook_paused", id, None)?;
    }
    Ok(())
}

/// Sets a webhook going again. It goes on where it stopped, or, with `from_now`, without what happened meanwhile.
///
/// # Errors
/// It is not there.
pub fn activate(
    s: &mut Session<'_>,
    ctx: &Context,
    id: WebhookId,
    from_now: bool,
) -> Result<(), WebhooksError> {
    if load(s, id)?.state == WebhookState::Active {
        return Ok(());
    }
    if from_now {
        let last = timeline::last_seq(s)?;
        queries::move_cursor(s, id, last)?;
    }
    queries::set_state(s, id, WebhookState::Active, None, ctx.now)?;
    queries::set_failing_since(s, id, None)?;
    queries::begin_anew(s, id, ctx.now)?;
    record(
        s,
        ctx,
        "webhook_activated",
        id,
        Some(if from_now { "from_now" } else { "from_where_it_stopped" }),
    )?;
    Ok(())
}

/// Renews the secret and gives it, which is not shown again. The old one signs beside it for a day, so that the other
/// side can change without losing anything.
///
/// # Errors
/// It is not there.
pub fn rotate_secret(
    s: &mut Session<'_>,
    ctx: &Context,
    key: &SigningKey,
    id: WebhookId,
) -> Result<Secret, WebhooksError> {
    let before = load(s, id)?;
    let webhook = Webhook {
        secret_version: before.secret_version + 1,
        old_secret_until_at: ctx.now.saturating_add(OLD_SECRET_HOLDS).ok(),
        changed_at: ctx.now,
        ..before
    };
    queries::update(s, &webhook)?;
    record(s, ctx, "webhook_secret_rotated", id, None)?;
    Ok(Secret::of(key, id, webhook.secret_version))
}

/// Puts a test in line; it is tried once.
///
/// # Errors
/// It is not there.
pub fn ping(s: &mut Session<'_>, ctx: &Context, id: WebhookId) -> Result<WebhookDeliveryId, WebhooksError> {
    load(s, id)?;
    let delivery = new_delivery(ctx, id, None, event::PING, None, event::ping_body(ctx.now));
    queries::insert_delivery(s, &delivery)?;
    Ok(delivery.id)
}

/// Tries once more what was given up.
///
/// # Errors
/// The database.
pub fn retry(s: &mut Session<'_>, ctx: &Context, id: WebhookDeliveryId) -> Result<bool, WebhooksError> {
    Ok(queries::revive(s, id, ctx.now)?)
}

fn new_delivery(
    ctx: &Context,
    webhook_id: WebhookId,
    seq: Option<i64>,
    kind: &str,
    subject_id: Option<AnyId>,
    body: String,
) -> Delivery {
    Delivery {
        id: ctx.next_id(),
        webhook_id,
        seq,
        kind: kind.to_owned(),
        subject_id,
        body,
        state: DeliveryState::Waiting,
        attempts: 0,
        next_at: ctx.now,
        first_tried_at: None,
        created_at: ctx.now,
        ended_at: None,
        answer_status: None,
        problem: None,
    }
}

/// Reads on in the timeline for one webhook: writes down what it is to be told and moves its cursor, in the transaction
/// this runs in. Gives how many entries were read; fewer than [`READ_AT_ONCE`] means that it has caught up, or that so
/// much waits that it must be sent first.
///
/// # Errors
/// The database.
pub fn read_on(s: &mut Session<'_>, ctx: &Context, id: WebhookId) -> Result<usize, StorageError> {
    let Some(webhook) = queries::webhook(s, id)?.filter(|w| w.state == WebhookState::Active) else {
        return Ok(0);
    };
    if queries::waiting(s, id)? >= WAITING_MAX {
        return Ok(0);
    }
    let events = queries::events_after(s, webhook.cursor_seq, READ_AT_ONCE)?;
    let Some(last) = events.last().map(|event| event.seq) else { return Ok(0) };
    for event in events.iter().filter(|event| webhook.wants(&event.kind)) {
        let body = event.body();
        let delivery = new_delivery(ctx, id, Some(event.seq), &event.kind, Some(event.subject_id), body);
        queries::insert_delivery(s, &delivery)?;
    }
    queries::move_cursor(s, id, last)?;
    Ok(events.len())
}

/// Takes what is due for a webhook in hand, at most `at_once`, until `until`.
///
/// # Errors
/// The database.
pub fn take_due(
    s: &mut Session<'_>,
    now: Timestamp,
    until: Timestamp,
    id: WebhookId,
    at_once: usize,
) -> Result<Option<(Webhook, Vec<Delivery>)>, StorageError> {
    let Some(webhook) = queries::webhook(s, id)?.filter(|w| w.state == WebhookState::Active) else {
        return Ok(None);
    };
    let mut taken = Vec::new();
    for delivery in queries::due(s, id, now, at_once)? {
        if queries::take(s, delivery, now, until)? {
            taken.extend(queries::delivery(s, delivery)?);
        }
    }
    Ok(Some((webhook, taken)))
}

/// Writes down how an attempt went, and disables the webhook if that is what it means. An attempt that was overtaken by
/// another (its holder was away for too long) changes nothing.
///
/// # Errors
/// The database.
pub fn conclude(
    s: &mut Session<'_>,
    ctx: &Context,
    notify: &Notify,
    delivery: &Delivery,
    outcome: &Outcome,
) -> Result<(), StorageError> {
    let Some(webhook) = queries::webhook(s, delivery.webhook_id)? else { return Ok(()) };
    let verdict = judge(&webhook, delivery, outcome, ctx.now, &*ctx.chance);
    let (status, problem) = match outcome {
        Outcome::Delivered { status } => (Some(*status), None),
        Outcome::Gone => (Some(410), Some("gone")),
        Outcome::Failed { status, problem, .. } => (*status, Some(*problem)),
    };
    let (state, next_at) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, delivery.next_at),
        Verdict::GiveUp => (DeliveryState::Failed, delivery.next_at),
        Verdict::Again(at) => (DeliveryState::Waiting, at),
        Verdict::Disable(_) => (DeliveryState::Waiting, ctx.now),
    };
    let ended_at = (state != DeliveryState::Waiting).then_some(ctx.now);
    let attempted = Attempted { state, next_at, ended_at, answer_status: status, problem };
    if !queries::conclude(s, delivery.id, delivery.attempts, &attempted)? {
        return Ok(());
    }
    // A test says nothing of how the webhook fares with what it is for.
    if delivery.seq.is_some() {
        let since = match outcome {
            Outcome::Delivered { .. } => None,
            _ => webhook.failing_since_at.or(Some(ctx.now)),
        };
        if since != webhook.failing_since_at {
            queries::set_failing_since(s, webhook.id, since)?;
        }
    }
    match verdict {
        Verdict::Disable(reason) if webhook.state == WebhookState::Active => {
            queries::set_state(s, webhook.id, WebhookState::Disabled, Some(reason), ctx.now)?;
            record(s, ctx, "webhook_disabled", webhook.id, Some(reason))?;
            notify(s, ctx, &Disabled { webhook, reason })
        }
        Verdict::GiveUp if delivery.seq.is_some() => {
            record(s, ctx, "webhook_delivery_failed", webhook.id, problem)
        }
        _ => Ok(()),
    }
}

/// Forgets the log of what ended long ago.
///
/// # Errors
/// The database.
pub fn tidy(s: &mut Session<'_>, now: Timestamp) -> Result<u64, StorageError> {
    queries::forget(s, now.saturating_sub(crate::model::LOG_KEPT).unwrap_or(Timestamp::MIN))
}
