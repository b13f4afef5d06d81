//! A telephone in software: residents and guides of the simulation and of the tests, over real SIP and RTP.

use crate::driver::agent::{Agent, AgentConfig, ServerRequest};
use crate::driver::conversation::{Conversation, Line, NoLine, Number};
use crate::driver::media::Media;
use crate::driver::ports::PortPool;
use crate::driver::rtp_leg::RtpLegMaker;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, Method, headers::untyped};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use vocabulary::Chance;

/// What softphones share: threads for the sound, ports for it, and chance. Cheap to clone.
#[derive(Clone)]
pub struct PhoneKit {
    media: Media,
    ports: PortPool,
    chance: Arc<dyn Chance>,
    t1: Duration,
}

impl PhoneKit {
    /// A kit whose sound goes from `ip` through `threads` threads.
    ///
    /// # Errors
    /// If no thread can be had.
    pub fn new(ip: std::net::IpAddr, threads: usize, chance: Arc<dyn Chance>) -> io::Result<Self> {
        /// Softphones leave it to the exchange to notice silence.
        const LOST_AFTER: Duration = Duration::from_secs(3600);
        let media = Media::start(threads, LOST_AFTER)?;
        Ok(Self { media, ports: PortPool::new(ip, ip, 0..=0), chance, t1: Duration::from_millis(500) })
    }

    /// The same with another T1 (tests that wait for what never comes).
    #[must_use]
    pub fn with_t1(mut self, t1: Duration) -> Self {
        self.t1 = t1;
        self
    }
}

/// Why a telephone could not register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The registrar said no, with this SIP code.
    #[error("the registrar refused with {0}")]
    Refused(u16),
    /// Nobody answered.
    #[error("the registrar does not answer")]
    NoAnswer,
}

/// A telephone. Dropping it pulls the plug: nothing is said to anybody.
pub struct SoftPhone {
    line: Line,
    arrivals: mpsc::UnboundedReceiver<ServerRequest>,
    registration: Option<Registration>,
}

struct Registration {
    registrar: SocketAddr,
    user: String,
    password: String,
    renewal: JoinHandle<()>,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// How long a softphone registers for; it renews at half of it.
const EXPIRES_SECONDS: u32 = 120;

impl SoftPhone {
    /// A telephone on `bind` (port 0: any).
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub async fn start(bind: SocketAddr, kit: &PhoneKit) -> io::Result<Self> {
        let config = AgentConfig { name: "Lots softphone".to_owned(), t1: kit.t1, ..AgentConfig::new(bind) };
        let (agent, arrivals) = Agent::start(config, kit.chance.clone()).await?;
        let legs = Arc::new(RtpLegMaker::new(kit.ports.clone(), kit.chance.clone()));
        Ok(Self { line: Line { agent, media: kit.media.clone(), legs }, arrivals, registration: None })
    }

    /// Where it is reached.
    #[must_use]
    pub fn local(&self) -> SocketAddr {
        self.line.agent.local()
    }

    /// Registers as `user`, and renews it for as long as the telephone lives.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn register(
        &mut self,
        registrar: SocketAddr,
        user: &str,
        password: &str,
    ) -> Result<(), RegisterError> {
        register(&self.line.agent, registrar, user, password, EXPIRES_SECONDS).await?;
        let (agent, user, password) = (self.line.agent.clone(), user.to_owned(), password.to_owned());
        let renewal = {
            let (user, password) = (user.clone(), password.clone());
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(Duration::from_secs(u64::from(EXPIRES_SECONDS) / 2)).await;
                    if let Err(error) = register(&agent, registrar, &user, &password, EXPIRES_SECONDS).await {
                        tracing::debug!(%error, "a softphone could not renew its registration");
                    }
                }
            })
        };
        self.registration = Some(Registration { registrar, user, password, renewal });
        Ok(())
    }

    /// Takes the registration back.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn unregister(&mut self) -> Result<(), RegisterError> {
        let Some(registration) = self.registration.take() else { return Ok(()) };
        register(&self.line.agent, registration.registrar, &registration.user, &registration.password, 0)
            .await
    }

    /// Rings `dialled` by way of `exchange`, as `from` (a number; none withholds it).
    ///
    /// # Errors
    /// [`NoLine`] if it cannot even be tried.
    pub fn place(
        &self,
        exchange: SocketAddr,
        dialled: &str,
        from: Option<&str>,
    ) -> Result<Conversation, NoLine> {
        let local = self.local();
        let from_uri = from.map_or_else(
            || "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned(),
            |number| format!("<sip:{number}@{}>", local.ip()),
        );
        let number = Number {
            uri: format!("sip:{dialled}@{exchange}"),
            destination: exchange,
            from: from_uri,
            contact_user: "resident".to_owned(),
        };
        let privacy = || Header::Privacy(untyped::Privacy::new("id"));
        self.line.place(number, from.is_none().then(privacy).into_iter().collect())
    }

    /// The next call to this telephone; none when it is stopped. Cancel-safe.
    pub async fn incoming(&mut self) -> Option<IncomingCall> {
        loop {
            let request = self.arrivals.recv().await?;
            match request.method() {
                Method::Invite => {
                    let offer = request.request().body.clone();
                    let from = request.request().from_header().ok().and_then(|from| from.uri().ok());
                    let caller = from.and_then(|uri| uri.user().map(str::to_owned)).unwrap_or_default();
                    let dialled = request.dialled();
                    if let Some(conversation) = self.line.take(request) {
                        return Some(IncomingCall { conversation, offer, caller, dialled });
                    }
                }
                Method::Options => request.reply(200, Vec::new()).await,
                _ => request.reply(405, Vec::new()).await,
            }
        }
    }
}

impl Drop for SoftPhone {
    fn drop(&mut self) {
        self.line.agent.stop();
    }
}

async fn register(
    agent: &Agent,
    registrar: SocketAddr,
    user: &str,
    password: &str,
    expires_seconds: u32,
) -> Result<(), RegisterError> {
    match agent.register(registrar, user, password, expires_seconds).await {
        Ok(200) => Ok(()),
        Ok(code) => Err(RegisterError::Refused(code)),
        Err(_) => Err(RegisterError::NoAnswer),
    }
}

/// A call that has come in. Dropping it declines with 480; letting it ring is done by following it.
pub struct IncomingCall {
    conversation: Conversation,
    offer: Vec<u8>,
    caller: String,
    dialled: String,
}

impl IncomingCall {
    /// The user part of the caller's address: a number, or `anonymous`.
    #[must_use]
    pub fn from_user(&self) -> &str {
        &self.caller
    }

    /// The user part of the address that was called.
    #[must_use]
    pub fn to_user(&self) -> &str {
        &self.dialled
    }

    /// Tells the caller that it rings.
    pub fn ring(&self) {
        self.conversation.ring();
    }

    /// Picks up. None if the caller has given up, or the offer is none we can use.
    #[must_use]
    pub fn answer(mut self) -> Option<Conversation> {
        self.conversation.answer(&self.offer).then_some(self.conversation)
    }

    /// Presses decline (603).
    pub fn decline(mut self) {
        self.conversation.refuse(603);
    }

    /// Is busy (486).
    pub fn busy(mut self) {
        self.conversation.refuse(486);
    }

    /// Lets it ring until the caller gives up. Cancel-safe.
    pub async fn cancelled(&mut self) {
        self.conversation.ended().await;
    }
}
