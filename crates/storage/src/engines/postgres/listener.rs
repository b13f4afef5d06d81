//! Hears from all nodes how far the timeline has come, reads it forward and announces each entry once, in order.

use super::{CHANNEL, Connector, PostgresSession, words};
use crate::session::Engine;
use crate::timeline::{self, Announcement};
use crate::{Session, StorageError};
use postgres::fallible_iterator::FallibleIterator as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long to wait for a notice before looking whether the database closes.
const NOTICE_WAIT_MAX: Duration = Duration::from_millis(100);
/// How often the timeline is read although no notice came. A lost notice is repaired by the next, or by this.
const READ_ANYWAY_EVERY: Duration = Duration::from_secs(2);
/// How many entries are read and announced in one go.
const ENTRIES_MAX: u32 = 500;

/// Announces what any node has committed.
pub(crate) struct Listener {
    connector: Connector,
    /// The last entry announced.
    seq: i64,
    announce: Box<dyn Fn(Vec<Announcement>) + Send>,
    closing: Arc<AtomicBool>,
}

impl Listener {
    /// A listener that announces what comes after now, and its connection, which already listens.
    pub(crate) fn open(
        connector: Connector,
        announce: Box<dyn Fn(Vec<Announcement>) + Send>,
        closing: Arc<AtomicBool>,
    ) -> Result<(Self, PostgresSession), StorageError> {
        let mut session = connect(&connector)?;
        let seq = timeline::last_seq(&mut Session::new(Engine::Postgres(&mut session), false))?;
        Ok((Self { connector, seq, announce, closing }, session))
    }

    /// Runs until the database closes.
    pub(crate) fn run(mut self, session: PostgresSession) {
        let mut session = Some(session);
        while !self.closing.load(Ordering::Acquire) {
            let listened = match &mut session {
                Some(session) => self.listen(session),
                none => self.connect_again().map(|connected| *none = Some(connected)),
            };
            if let Err(e) = listened {
                tracing::warn!(error = %e, "cannot hear of new entries in the timeline");
                session = None;
            }
        }
    }

    /// Announces what is there, then waits for more until the connection or the database closes.
    fn listen(&mut self, session: &mut PostgresSession) -> Result<(), StorageError> {
        loop {
            self.announce_new(session)?;
            let read_at = Instant::now();
            loop {
                let heard = session.client.notifications().timeout_iter(NOTICE_WAIT_MAX).next();
                let heard = heard.map_err(|e| StorageError::Unreachable(words(&e)))?;
                if self.closing.load(Ordering::Acquire) {
                    return Ok(());
                }
                if session.client.is_closed() {
                    return Err(StorageError::Unreachable("the connection was closed".to_owned()));
                }
                if heard.is_some() || read_at.elapsed() > READ_ANYWAY_EVERY {
                    break;
                }
            }
            // One look answers all notices that are here.
            while session.client.notifications().iter().next().is_ok_and(|more| more.is_some()) {}
        }
    }

    fn announce_new(&mut self, session: &mut PostgresSession) -> Result<(), StorageError> {
        loop {
            let mut lent = Session::new(Engine::Postgres(session), false);
            let new = timeline::read_from(&mut lent, self.seq, ENTRIES_MAX)?;
            let Some(last) = new.last() else { return Ok(()) };
            self.seq = last.seq;
            (self.announce)(new);
        }
    }

    /// One attempt; the caller comes back.
    fn connect_again(&self) -> Result<PostgresSession, StorageError> {
        std::thread::sleep(NOTICE_WAIT_MAX);
        connect(&self.connector)
    }
}

fn connect(connector: &Connector) -> Result<PostgresSession, StorageError> {
    let mut session = connector.connect()?;
    let listening = session.client.batch_execute(&format!("LISTEN {CHANNEL}"));
    listening.map_err(|e| StorageError::Unreachable(words(&e)))?;
    Ok(session)
}
