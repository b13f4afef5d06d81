//! Connecting, and connecting again.

use super::{PostgresSession, words};
use crate::StorageError;
use postgres::{Config, NoTls};
use std::thread;
use std::time::{Duration, Instant};

/// How long one attempt to connect may take, unless the address says otherwise.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// How long to go on trying for one piece of work.
const RECONNECT_MAX: Duration = Duration::from_secs(10);
/// The wait between the first two attempts; it doubles with each.
const BACK_OFF_FIRST: Duration = Duration::from_millis(50);
/// The longest wait between two attempts.
const BACK_OFF_MAX: Duration = Duration::from_secs(1);
/// The oldest server that has what is used here (`pg_current_xact_id`).
const SERVER_VERSION_MIN: i32 = 130_000;

/// What every connection is set to. The time limits keep a node that hangs from holding up the others for ever.
const SET_UP: &str = "
    SET client_min_messages = warning;
    SET synchronous_commit = on;
    SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '30s';";

/// Makes connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
}

impl Connector {
    /// A connector for an address.
    pub(crate) fn new(url: &str) -> Result<Self, StorageError> {
        let mut config: Config = url.parse().map_err(|e: postgres::Error| StorageError::Open {
            // Not the address itself: it may hold a password.
            database: "PostgreSQL".to_owned(),
            reason: format!("its address cannot be read: {}", words(&e)),
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_MAX);
        }
        if config.get_application_name().is_none() {
            config.application_name("lots");
        }
        config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(15));
        Ok(Self { config })
    }

    /// The address without the password.
    pub(crate) fn name(&self) -> String {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            postgres::config::Host::Tcp(name) => name.clone(),
            postgres::config::Host::Unix(path) => path.display().to_string(),
        });
        let hosts: Vec<String> = hosts.collect();
        format!("PostgreSQL {}/{}", hosts.join(","), self.config.get_dbname().unwrap_or_default())
    }

    /// Connects once.
    pub(crate) fn connect(&self) -> Result<PostgresSession, StorageError> {
        let connected = self.config.connect(NoTls).and_then(|mut client| {
            client.batch_execute(SET_UP)?;
            Ok(client)
        });
        connected
            .map(PostgresSession::new)
            .map_err(|e| StorageError::Unreachable(format!("{}: {}", self.name(), words(&e))))
    }

    /// Connects for the first time, and looks whether the server will do.
    pub(crate) fn open(&self) -> Result<PostgresSession, StorageError> {
        let refused = |reason: String| StorageError::Open { database: self.name(), reason };
        let mut session = self.connect().map_err(|e| refused(e.to_string()))?;
        let row = session
            .client
            .query_one(
                "SELECT current_setting('server_version_num')::int4, current_setting('server_encoding')",
                &[],
            )
            .map_err(|e| refused(words(&e)))?;
        let (version, encoding): (i32, String) = (row.get(0), row.get(1));
        if version < SERVER_VERSION_MIN {
            return Err(refused(format!("version 13 or newer is needed, this is {}", version / 10_000)));
        }
        if encoding != "UTF8" {
            return Err(refused(format!("its encoding must be UTF8, not {encoding}")));
        }
        Ok(session)
    }

    /// Connects, trying again for a while with growing waits.
    pub(crate) fn reconnect(&self) -> Result<PostgresSession, StorageError> {
        let began = Instant::now();
        let mut wait = BACK_OFF_FIRST;
        loop {
            match self.connect() {
                Ok(session) => return Ok(session),
                Err(e) if began.elapsed() + wait > RECONNECT_MAX => return Err(e),
                Err(_) => thread::sleep(wait),
            }
            wait = (wait * 2).min(BACK_OFF_MAX);
        }
    }
}
