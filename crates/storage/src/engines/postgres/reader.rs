//! Runs closures on snapshots.

use super::session::trouble;
use super::{Connector, PostgresSession, TRIES_MAX, words};
use crate::session::Engine;
use crate::work::Work;
use crate::{Session, StorageError};

/// One reading connection, made when it is first needed and again when it is lost.
pub(crate) struct Reader {
    connector: Connector,
    session: Option<PostgresSession>,
}

impl Reader {
    pub(crate) fn new(connector: Connector) -> Self {
        Self { connector, session: None }
    }

    /// Runs one closure, again if the connection is lost under it.
    pub(crate) fn read(&mut self, mut work: Box<dyn Work>) {
        for _ in 0..TRIES_MAX {
            match self.try_to_read(&mut *work) {
                Ok(true) => {
                    work.reply(Ok(()));
                    self.end();
                    return;
                }
                Ok(false) => self.session = None,
                Err(e) => {
                    self.session = None;
                    work.reply(Err(e));
                    return;
                }
            }
        }
        work.reply(Err(StorageError::Unreachable("the connection was lost again and again".to_owned())));
    }

    /// Whether the closure has run; false if it is worth another try on a new connection.
    fn try_to_read(&mut self, work: &mut dyn Work) -> Result<bool, StorageError> {
        let session = match &mut self.session {
            Some(session) => session,
            none => none.insert(self.connector.reconnect()?),
        };
        session.trouble = None;
        if let Err(e) = session.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            return if trouble(&e).is_some() { Ok(false) } else { Err(StorageError::Unreachable(words(&e))) };
        }
        let mut lent = Session::new(Engine::Postgres(session), false);
        work.run(&mut lent);
        let troubled = lent.trouble().is_some();
        if troubled {
            work.forget();
        }
        Ok(!troubled)
    }

    /// Ends the snapshot after the caller has its answer.
    fn end(&mut self) {
        if self.session.as_mut().is_some_and(|session| session.client.batch_execute("ROLLBACK").is_err()) {
            self.session = None;
        }
    }
}
