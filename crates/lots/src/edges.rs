//! The edges that reach out: text messages and webhooks.

use crate::config::Config;
use cases::commands::{NewLetter, write_letter};
use outward::{Outward, Reach};
use people::SigningKey;
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use texting::{Receipt, Texter, TextingConfigError, take_receipt};
use tokio_util::sync::CancellationToken;
use vocabulary::{Actor, Chance, Clock, Context};
use webhooks::{Disabled, Notify, Sender};

/// How often a receipt is held against what has been written down: it may come before the message it is about is.
const RECEIPT_TRIES_MAX: u32 = 10;
/// The wait between two of them.
const RECEIPT_WAIT: Duration = Duration::from_millis(300);

/// What text messages are sent with.
///
/// # Errors
/// The configuration cannot be used.
pub fn texter(
    config: &Config,
    db: &Database,
    clock: &Arc<dyn Clock>,
    chance: &Arc<dyn Chance>,
    shutdown: CancellationToken,
) -> Result<Texter, TextingConfigError> {
    let (db, clock, chance) = (db.clone(), clock.clone(), chance.clone());
    let take = move |receipt: Receipt| {
        let (db, clock, chance) = (db.clone(), clock.clone(), chance.clone());
        async move { keep_receipt(&db, &*clock, &chance, receipt).await }
    };
    Texter::start(&config.texting, take, shutdown)
}

/// Keeps what the operator reports; false if it could not be kept and is to be reported again. What is about a message
/// that nobody knows is let go: another of the town's systems has sent it.
async fn keep_receipt(db: &Database, clock: &dyn Clock, chance: &Arc<dyn Chance>, receipt: Receipt) -> bool {
    for _ in 0..RECEIPT_TRIES_MAX {
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let reported = receipt.clone();
        match db.write(move |s| take_receipt(s, &ctx, &reported)).await {
            Ok(true) => return true,
            Ok(false) => tokio::time::sleep(RECEIPT_WAIT).await,
            Err(error) => {
                tracing::warn!(%error, "a report on a text message could not be kept");
                return false;
            }
        }
    }
    true
}

/// What webhooks are sent with. In the demo they also reach this very machine.
pub fn webhooks(
    db: &Database,
    clocks: (Arc<dyn Clock>, Arc<dyn Clock>),
    chance: &Arc<dyn Chance>,
    key: SigningKey,
    demo: bool,
    (base_url, town): (String, String),
) -> Sender {
    let reach = if demo { Reach::PublicAndLoopback } else { Reach::Public };
    let notify: Notify = Arc::new(move |s, ctx, disabled: &Disabled| {
        let Some(recipient) = disabled.webhook.contact_email.clone() else { return Ok(()) };
        let name = &disabled.webhook.name;
        let (subject, body) = web::pages::admin::webhooks::notice(name, disabled.reason, &base_url, &town);
        let letter = NewLetter { recipient, subject, body, auto: true, ..NewLetter::default() };
        write_letter(s, ctx, &letter).map(drop)
    });
    let (clock, wall) = clocks;
    Sender::new(db.clone(), clock, wall, chance.clone(), key, Outward::new(reach), notify)
}
