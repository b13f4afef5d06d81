//! The edges that reach out: text messages, webhooks and other people's calendars.

use crate::config::Config;
use cases::commands::{NewLetter, write_letter};
use outward::{Call, Limits, Outward, Reach, Target};
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

/// Largest calendar that is fetched, in bytes.
const CALENDAR_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What departments' calendars are fetched with. In the demo it also reaches this very machine.
#[must_use]
pub fn calendars(demo: bool) -> Arc<dyn ahead::jobs::Fetch> {
    let reach = if demo { Reach::PublicAndLoopback } else { Reach::Public };
    let limits = Limits { answer_bytes_max: CALENDAR_BYTES_MAX, ..Limits::default() };
    Arc::new(Calendars(Outward::new(reach).with_limits(limits)))
}

struct Calendars(Outward);

impl ahead::jobs::Fetch for Calendars {
    fn fetch<'a>(
        &'a self,
        url: &'a str,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>> {
        Box::pin(async move {
            let target = Target::read(url, self.0.reach()).map_err(|_| "address".to_owned())?;
            let call = Call {
                target,
                method: axum::http::Method::GET,
                headers: axum::http::HeaderMap::new(),
                body: axum::body::Bytes::new(),
            };
            let answer = self.0.call(call).await.map_err(|error| error.word().to_owned())?;
            match answer.status.as_u16() {
                200 if answer.cut => Err("too_large".to_owned()),
                200 => Ok(answer.body.to_vec()),
                // Redirects are not followed: where they lead has not been approved by anybody.
                300..=399 => Err("moved".to_owned()),
                401 | 403 => Err("forbidden".to_owned()),
                404 | 410 => Err("gone".to_owned()),
                _ => Err("refused".to_owned()),
            }
        })
    }
}
