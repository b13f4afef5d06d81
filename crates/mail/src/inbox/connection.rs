//! A connection to an IMAP server, signed in.

use super::config::{InboxConfig, SignIn};
use super::token::access_token;
use crate::config::{MailConfigError, Protection};
use async_imap::extensions::idle::IdleResponse;
use async_imap::types::{Mailbox, UnsolicitedResponse};
use async_imap::{Authenticator, Client, Session};
use futures::TryStreamExt as _;
use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_util::sync::CancellationToken;

/// How long a server may take for a step that brings no letters.
const STEP_MAX: Duration = Duration::from_secs(60);
/// How long it may take to hand over a batch of letters.
const FETCH_MAX: Duration = Duration::from_secs(600);
/// How long is waited in one IDLE: servers may hang up after 30 minutes (RFC 2177).
const IDLE_MAX: Duration = Duration::from_secs(27 * 60);

/// What can go wrong with a mailbox.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// No connection.
    #[error("no connection: {0}")]
    Connect(std::io::Error),
    /// The server does not greet, or says something else than it should.
    #[error("the server: {0}")]
    Server(#[from] async_imap::error::Error),
    /// It does not let us in. What it says may name the account, so it stays out of the log.
    #[error("the server does not let us in")]
    NotLetIn,
    /// No access token.
    #[error("no access token: {0}")]
    Token(String),
    /// It takes too long.
    #[error("the server takes too long")]
    Timeout,
    /// What was read cannot be kept.
    #[error("the database: {0}")]
    Storage(#[from] storage::StorageError),
    /// The folder has no number for its numbering, so that nothing in it can be known again.
    #[error("the folder has no UIDVALIDITY")]
    NoValidity,
}

/// What goes over the wire, open or in TLS.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}
type AnyWire = Box<dyn Wire>;

/// Where the server is and whom we trust to vouch for it.
pub(super) struct Server {
    host: String,
    port: u16,
    protection: Protection,
    tls: TlsConnector,
    name: Option<ServerName<'static>>,
}

impl Server {
    pub fn new(config: &InboxConfig) -> Result<Self, MailConfigError> {
        let tls = outward::connector(config.authority_file.as_deref()).map_err(|error| {
            MailConfigError::Mailbox {
                address: config.address.clone(),
                reason: format!("authority_file: {error}"),
            }
        })?;
        let refused = |reason: &str| MailConfigError::Mailbox {
            address: config.address.clone(),
            reason: reason.to_owned(),
        };
        let name = ServerName::try_from(config.host.clone()).ok();
        if config.protection == Protection::None && !crate::mailer::this_machine(&config.host) {
            return Err(refused(
                "protection: a password is only sent unprotected to this very machine; use start_tls or tls",
            ));
        }
        if config.protection != Protection::None && name.is_none() {
            return Err(refused("host: is no name or address"));
        }
        Ok(Self { host: config.host.clone(), port: config.port, protection: config.protection, tls, name })
    }

    async fn connect(&self) -> Result<Client<AnyWire>, ImapError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(ImapError::Connect)?;
        stream.set_nodelay(true).map_err(ImapError::Connect)?;
        match self.protection {
            Protection::None => greeted(Client::new(Box::new(stream) as AnyWire)).await,
            Protection::Tls => greeted(Client::new(self.protected(stream).await?)).await,
            Protection::StartTls => {
                let mut open = greeted(Client::new(stream)).await?;
                open.run_command_and_check_ok("STARTTLS", None).await?;
                // What the open part has buffered is dropped with it: nothing said in the open counts inside.
                Ok(Client::new(self.protected(open.into_inner()).await?))
            }
        }
    }

    async fn protected(&self, stream: TcpStream) -> Result<AnyWire, ImapError> {
        let name =
            self.name.clone().ok_or_else(|| ImapError::Connect(std::io::ErrorKind::InvalidInput.into()))?;
        Ok(Box::new(self.tls.connect(name, stream).await.map_err(ImapError::Connect)?))
    }
}

async fn greeted<T: Wire>(mut client: Client<T>) -> Result<Client<T>, ImapError> {
    let greeting = client.read_response().await.map_err(ImapError::Connect)?;
    match greeting {
        Some(_) => Ok(client),
        None => Err(ImapError::Connect(std::io::ErrorKind::ConnectionAborted.into())),
    }
}

/// `user=…^Aauth=Bearer …^A^A`, and an empty line when the server explains why not.
struct XOAuth2 {
    first: Option<String>,
}

impl Authenticator for XOAuth2 {
    type Response = String;

    fn process(&mut self, challenge: &[u8]) -> String {
        if challenge.is_empty() { self.first.take().unwrap_or_default() } else { String::new() }
    }
}

async fn within<T, E: Into<ImapError>>(
    limit: Duration,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, ImapError> {
    timeout(limit, step).await.map_err(|_| ImapError::Timeout)?.map_err(Into::into)
}

/// What a server can do that makes a difference.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Can {
    pub idle: bool,
    pub moves: bool,
    pub uid_plus: bool,
}

/// A connection that is signed in.
pub(super) struct Connection {
    /// Away only while it waits in IDLE.
    session: Option<Session<AnyWire>>,
    pub can: Can,
}

/// Why waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something may have come.
    Perhaps,
    /// We are to end.
    Stop,
}

impl Connection {
    pub async fn open(server: &Server, config: &InboxConfig) -> Result<Self, ImapError> {
        let client = within(STEP_MAX, server.connect()).await?;
        let mut session = within(STEP_MAX, sign_in(client, config)).await?;
        let told = within(STEP_MAX, session.capabilities()).await?;
        let can = Can {
            idle: told.has_str("IDLE"),
            moves: told.has_str("MOVE"),
            uid_plus: told.has_str("UIDPLUS"),
        };
        Ok(Self { session: Some(session), can })
    }

    fn session(&mut self) -> Result<&mut Session<AnyWire>, ImapError> {
        self.session.as_mut().ok_or(ImapError::Server(async_imap::error::Error::ConnectionLost))
    }

    pub async fn select(&mut self, folder: &str) -> Result<Mailbox, ImapError> {
        let session = self.session()?;
        within(STEP_MAX, session.select(folder)).await
    }

    /// The numbers of the letters from `first` to `last`, ascending.
    pub async fn numbers(&mut self, first: u32, last: Option<u32>) -> Result<BTreeSet<u32>, ImapError> {
        let session = self.session()?;
        let to = last.map_or_else(|| "*".to_owned(), |last| last.to_string());
        let found = within(STEP_MAX, session.uid_search(format!("UID {first}:{to}"))).await?;
        // `n:*` always names the last letter, even if its number is lower than n (RFC 3501, section 6.4.8).
        Ok(found.into_iter().filter(|uid| *uid >= first && last.is_none_or(|last| *uid <= last)).collect())
    }

    /// How large letters are, in bytes.
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<(u32, u32)>, ImapError> {
        let session = self.session()?;
        within(FETCH_MAX, async {
            let mut answers = session.uid_fetch(set(uids), "(UID RFC822.SIZE)").await?;
            let mut sizes = Vec::with_capacity(uids.len());
            while let Some(answer) = answers.try_next().await? {
                if let (Some(uid), Some(size)) = (answer.uid, answer.size) {
                    sizes.push((uid, size));
                }
            }
            Ok::<_, async_imap::error::Error>(sizes)
        })
        .await
    }

    /// The letters themselves, of each at most `bytes_max`, without marking them as read.
    pub async fn letters(
        &mut self,
        uids: &[u32],
        bytes_max: Option<usize>,
    ) -> Result<Vec<(u32, Vec<u8>)>, ImapError> {
        let session = self.session()?;
        let part = bytes_max.map_or_else(String::new, |max| format!("<0.{max}>"));
        within(FETCH_MAX, async {
            let mut answers = session.uid_fetch(set(uids), format!("(UID BODY.PEEK[]{part})")).await?;
            let mut letters = Vec::with_capacity(uids.len());
            while let Some(answer) = answers.try_next().await? {
                if let (Some(uid), Some(body)) = (answer.uid, answer.body()) {
                    letters.push((uid, body.to_vec()));
                }
            }
            letters.sort_by_key(|(uid, _)| *uid);
            // A server may tell of other letters in between.
            letters.dedup_by_key(|(uid, _)| *uid);
            letters.retain(|(uid, _)| uids.contains(uid));
            Ok::<_, async_imap::error::Error>(letters)
        })
        .await
    }

    /// Marks letters as read.
    pub async fn mark_read(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        self.store(uids, "+FLAGS.SILENT (\\Seen)").await
    }

    async fn store(&mut self, uids: &[u32], change: &str) -> Result<(), ImapError> {
        let session = self.session()?;
        within(STEP_MAX, async {
            let answers = session.uid_store(set(uids), change).await?;
            answers.try_for_each(|_| async { Ok(()) }).await
        })
        .await
    }

    /// Makes a folder, if it is not there.
    pub async fn make(&mut self, folder: &str) -> Result<(), ImapError> {
        let session = self.session()?;
        match within(STEP_MAX, session.create(folder)).await {
            // There already, most of the time; if not, moving says so.
            Ok(()) | Err(ImapError::Server(async_imap::error::Error::No(_))) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Moves letters to another folder.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<(), ImapError> {
        let can = self.can;
        let session = self.session()?;
        if can.moves {
            return within(STEP_MAX, session.uid_mv(set(uids), folder)).await;
        }
        within(STEP_MAX, session.uid_copy(set(uids), folder)).await?;
        self.store(uids, "+FLAGS.SILENT (\\Deleted)").await?;
        // Without UIDPLUS everything that anybody has marked would go; then they stay, marked, and the cursor knows.
        if can.uid_plus {
            let session = self.session()?;
            within(STEP_MAX, async {
                let gone = session.uid_expunge(set(uids)).await?;
                gone.try_for_each(|_| async { Ok(()) }).await
            })
            .await?;
        }
        Ok(())
    }

    /// Waits until something may have come: by IDLE, or for `poll`.
    pub async fn wait(&mut self, poll: Duration, stop: &CancellationToken) -> Result<Woken, ImapError> {
        if !self.can.idle {
            tokio::select! {
                () = tokio::time::sleep(poll) => {}
                () = stop.cancelled() => return Ok(Woken::Stop),
            }
            let session = self.session()?;
            within(STEP_MAX, session.noop()).await?;
            return Ok(Woken::Perhaps);
        }
        let session =
            self.session.take().ok_or(ImapError::Server(async_imap::error::Error::ConnectionLost))?;
        let said = session.unsolicited_responses.clone();
        let mut idle = session.idle();
        within(STEP_MAX, idle.init()).await?;
        // What came between the last look and this is said before the waiting begins.
        let mut woken = std::iter::from_fn(|| said.try_recv().ok())
            .any(|said| matches!(said, UnsolicitedResponse::Exists(_)))
            .then_some(Woken::Perhaps);
        if woken.is_none() {
            let (news, _interrupt) = idle.wait_with_timeout(IDLE_MAX);
            woken = Some(tokio::select! {
                // Responses that keep the line open must not keep it open for ever.
                news = timeout(IDLE_MAX, news) => match news {
                    Ok(Ok(IdleResponse::ManualInterrupt)) => {
                        return Err(ImapError::Server(async_imap::error::Error::ConnectionLost));
                    }
                    Ok(Ok(_)) | Err(_) => Woken::Perhaps,
                    Ok(Err(error)) => return Err(error.into()),
                },
                () = stop.cancelled() => Woken::Stop,
            });
        }
        self.session = Some(within(STEP_MAX, idle.done()).await?);
        Ok(woken.unwrap_or(Woken::Perhaps))
    }

    /// Forgets what the server said by itself, so that an old word wakes nobody.
    pub fn hear_nothing(&mut self) {
        if let Some(session) = &self.session {
            while session.unsolicited_responses.try_recv().is_ok() {}
        }
    }

    pub async fn close(mut self) {
        if let Some(session) = &mut self.session {
            let _ = timeout(Duration::from_secs(2), session.logout()).await;
        }
    }
}

async fn sign_in(client: Client<AnyWire>, config: &InboxConfig) -> Result<Session<AnyWire>, ImapError> {
    let refused = |error: async_imap::error::Error| match error {
        async_imap::error::Error::No(_) | async_imap::error::Error::Bad(_) => ImapError::NotLetIn,
        other => ImapError::Server(other),
    };
    match &config.sign_in {
        SignIn::Password(password) => {
            client.login(&config.user, password.reveal()).await.map_err(|(error, _)| refused(error))
        }
        SignIn::Token(from) => {
            let token = access_token(from).await?;
            let first = format!("user={}\x01auth=Bearer {token}\x01\x01", config.user);
            let signed_in = client.authenticate("XOAUTH2", XOAuth2 { first: Some(first) }).await;
            signed_in.map_err(|(error, _)| refused(error))
        }
    }
}

/// Numbers as a server reads them: runs as ranges.
fn set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *uid => *last = *uid,
            _ => runs.push((*uid, *uid)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}:{last}") })
        .collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_ranges() {
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(set(&[4]), "4");
    }

    #[test]
    fn a_refusal_by_xoauth2_is_answered_with_an_empty_line() {
        let mut sasl = XOAuth2 { first: Some("user=a".to_owned()) };
        assert_eq!(sasl.process(b""), "user=a");
        assert_eq!(sasl.process(br#"{"status":"401"}"#), "");
    }
}
