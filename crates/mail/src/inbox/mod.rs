//! Letters coming in: one task a mailbox, which connects, files what is there, and waits for more.
//!
//! **Nothing is lost and nothing doubled.** A letter is filed in one transaction; only after its commit is it marked or
//! moved at the server, and only then does the mailbox's cursor (validity and number) pass it. Whatever is killed at any
//! moment, the letter is either not past the cursor, and comes again, or it is filed; one that comes again is known by its
//! place and its bytes. A server that numbers its letters anew is read from the start: the bytes tell.
//!
//! **Nothing is in the way of what comes after it.** A letter that cannot be read is filed as it came, for a person to look
//! at ([`filing`]).
//!
//! A connection that is lost is made anew, after a while that grows. An open one waits by IDLE, or asks every
//! `poll_seconds` where the server has none.

mod config;
mod connection;
mod cursor;
mod filing;
mod round;
mod token;

pub use config::{AfterFiling, InboxConfig, SignIn, TokenFrom};
pub use filing::{Filer, LETTERS_PER_HOUR_MAX};

use crate::config::MailConfigError;
use connection::{Connection, ImapError};
use round::Watch;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The shortest wait before a connection is made anew.
const BACK_OFF_MIN: Duration = Duration::from_secs(1);
/// The longest.
const BACK_OFF_MAX: Duration = Duration::from_secs(300);

/// One mailbox that is watched.
pub struct Inbox {
    watch: Arc<Watch>,
}

impl Inbox {
    /// A mailbox as configured. Does not connect.
    ///
    /// # Errors
    /// The configuration cannot be used; says which key and what is allowed.
    pub fn new(config: InboxConfig, filer: Filer) -> Result<Self, MailConfigError> {
        let server = connection::Server::new(&config)?;
        Ok(Self { watch: Arc::new(Watch { server, config, filer }) })
    }

    /// Watches the mailbox until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut wait = BACK_OFF_MIN;
        while !stop.is_cancelled() {
            // A task of its own: what panics in there (a server that says what nobody foresaw) is one lost connection.
            let (watch, inner) = (self.watch.clone(), stop.child_token());
            let mut task = tokio::spawn(async move { watch.connected(&inner).await });
            let ended = tokio::select! {
                ended = &mut task => ended,
                () = stop.cancelled() => {
                    // It looks at the token itself between two letters.
                    let _ = tokio::time::timeout(Duration::from_secs(5), &mut task).await;
                    task.abort();
                    return;
                }
            };
            let was_well = match ended {
                Ok(Ok(())) => true,
                Ok(Err(lost)) => {
                    let address = &self.watch.config.address;
                    tracing::warn!(mailbox = %address, error = %lost.error, "the mailbox is out of reach");
                    lost.was_open
                }
                Err(error) => {
                    tracing::error!(mailbox = %self.watch.config.address, %error, "reading the mailbox ended");
                    false
                }
            };
            metrics::counter!("lots_mailbox_connections_lost_total").increment(1);
            wait = if was_well { BACK_OFF_MIN } else { (wait * 2).min(BACK_OFF_MAX) };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Whether the server can be reached and lets us in: for a check of the configuration.
    ///
    /// # Errors
    /// What the server said.
    pub async fn reach(&self) -> Result<(), String> {
        let mut connection = Connection::open(&self.watch.server, &self.watch.config)
            .await
            .map_err(|error| error.to_string())?;
        connection.select(&self.watch.config.folder).await.map_err(|error| error.to_string())?;
        connection.close().await;
        Ok(())
    }
}

/// A connection that ended.
struct Lost {
    error: ImapError,
    /// Whether it had been open: then the next one is tried at once.
    was_open: bool,
}
