//! The telephone exchange, started and stopped as one.

use crate::browser::{BrowserError, BrowserPhones};
use crate::centre::{Accounts, Centre};
use crate::config::{SoundError, Sounds, TelephonyConfig, sound};
use crate::driver::agent::{Agent, AgentConfig};
use crate::driver::conversation::Line;
use crate::driver::media::Media;
use crate::driver::ports::PortPool;
use crate::driver::rtp_leg::RtpLegMaker;
use crate::exchange::{Event, Exchange, Mailbox, Parts};
use crate::house::Register;
use crate::protocol::g711::Sound;
use crate::survey::{SurveyOutcome, SurveyPatience, SurveyScript, survey_call};
use crate::trunk::Outbound;
use floor::FloorHandle;
use routing::Output;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use storage::Database;
use tokio::sync::{mpsc, oneshot};
use vocabulary::{Chance, Clock};

/// Why the telephones cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TelephonyError {
    /// The address for SIP cannot be used.
    #[error("SIP cannot listen on {0}: {1}")]
    Bind(SocketAddr, std::io::Error),
    /// No thread for the sound.
    #[error("no thread for the sound: {0}")]
    Thread(std::io::Error),
    /// A sound file cannot be used.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The browsers' telephones cannot be served.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

/// The running exchange. Cheap to clone; it runs until [`Telephony::stop`].
#[derive(Clone)]
pub struct Telephony {
    mailbox: Mailbox,
    browsers: BrowserPhones,
    line: Line,
    outbound: Option<Outbound>,
    sounds: Option<PathBuf>,
    clock: Arc<dyn Clock>,
}

impl Telephony {
    /// Starts the exchange of a whole house: `floor` hears what happens, accounts are those in `db`.
    ///
    /// # Errors
    /// [`TelephonyError`].
    pub async fn start(
        config: TelephonyConfig,
        floor: FloorHandle,
        outputs: mpsc::UnboundedReceiver<Output>,
        db: Database,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, TelephonyError> {
        Self::start_with(config, Arc::new(floor), Arc::new(Register(db)), outputs, clock, chance).await
    }

    /// Starts the exchange: `centre` hears what happens, `outputs` says what to do.
    ///
    /// # Errors
    /// [`TelephonyError`].
    pub async fn start_with(
        config: TelephonyConfig,
        centre: Arc<dyn Centre>,
        accounts: Arc<dyn Accounts>,
        outputs: mpsc::UnboundedReceiver<Output>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, TelephonyError> {
        let sounds = match &config.sounds {
            Some(folder) => Sounds::load(folder)?,
            None => Sounds::tones(),
        };
        let media = Media::start(config.media_threads, config.silence_max).map_err(TelephonyError::Thread)?;
        let advertised = config.public_address.unwrap_or_else(|| reachable(config.bind.ip()));
        let ports = PortPool::new(config.bind.ip(), advertised, config.rtp_ports.clone());
        let (mailbox, mail) = mpsc::unbounded_channel();
        let browsers = browsers(ports.clone(), &mailbox, chance.clone())?;
        let agent_config = AgentConfig {
            advertised: Some(advertised),
            callers: Some(config.trunk_peers.clone()),
            t1: config.t1,
            ..AgentConfig::new(config.bind)
        };
        let bind_error = |error| TelephonyError::Bind(config.bind, error);
        let (agent, arrivals) = Agent::start(agent_config, chance.clone()).await.map_err(bind_error)?;
        let legs = Arc::new(RtpLegMaker::new(ports, chance.clone()));
        let line = Line { agent: agent.clone(), media: media.clone(), legs: legs.clone() };
        let outbound = Outbound::new(&config, agent.local());
        let parts = Parts {
            agent,
            media,
            legs,
            browsers: browsers.clone(),
            centre,
            accounts,
            clock: clock.clone(),
            chance,
            sounds,
            mailbox: mailbox.clone(),
        };
        tokio::spawn(forward(arrivals, mailbox.clone()));
        tokio::spawn(Exchange::new(parts, &config, Instant::now()).run(mail, outputs));
        tracing::info!(sip = %line.agent.local(), "the telephone exchange is up");
        Ok(Self { mailbox, browsers, line, outbound, sounds: config.sounds, clock })
    }

    /// Where SIP is spoken.
    #[must_use]
    pub fn sip_addr(&self) -> SocketAddr {
        self.line.agent.local()
    }

    /// The browsers' telephones.
    #[must_use]
    pub fn browser_phones(&self) -> &BrowserPhones {
        &self.browsers
    }

    /// The sound called `name`: the town's own, else the shipped one.
    ///
    /// # Errors
    /// [`SoundError`] if there is none that can be played.
    pub fn sound(&self, name: &str) -> Result<Sound, SoundError> {
        sound(&self.sounds.clone().unwrap_or_default(), name)
    }

    /// Lets the surge notice say `samples` (8000 a second) from the next time it is played; without any, what it usually
    /// says. Returns when that is so.
    pub async fn set_surge(&self, samples: Option<&[i16]>) {
        let (taken, done) = oneshot::channel();
        if self.mailbox.send(Event::Surge(samples.map(Sound::from_samples), taken)).is_ok() {
            done.await.ok();
        }
    }

    /// Rings the resident with `number` (E.164) up and conducts `script`. [`SurveyOutcome::Unreached`] if no calls go out.
    pub async fn survey_call(&self, number: &str, script: &SurveyScript) -> SurveyOutcome {
        let Some(outbound) = &self.outbound else {
            tracing::warn!("no survey call can be made: no trunk for outgoing calls is configured");
            return SurveyOutcome::Unreached;
        };
        survey_call(&self.line, outbound.number(number), script, SurveyPatience::default(), &*self.clock)
            .await
    }

    /// Hangs up everything and ends. Takes at most a few seconds.
    pub async fn stop(&self) {
        let (stopped, done) = oneshot::channel();
        if self.mailbox.send(Event::Stop(stopped)).is_ok() {
            done.await.ok();
        }
    }
}

fn browsers(
    ports: PortPool,
    mailbox: &Mailbox,
    chance: Arc<dyn Chance>,
) -> Result<BrowserPhones, BrowserError> {
    let mailbox = mailbox.downgrade();
    let tell = Box::new(move |event| {
        if let Some(mailbox) = mailbox.upgrade() {
            mailbox.send(Event::Browser(event)).ok();
        }
    });
    BrowserPhones::new(ports, chance, tell)
}

/// The address others reach `bound` by. For a socket bound to all addresses that is the one the machine would speak to
/// the rest of the world from; nothing is sent to find out.
fn reachable(bound: IpAddr) -> IpAddr {
    const SOMEWHERE: &str = "192.0.2.1:9";
    if !bound.is_unspecified() {
        return bound;
    }
    let local = std::net::UdpSocket::bind((bound, 0)).and_then(|socket| {
        socket.connect(SOMEWHERE)?;
        socket.local_addr()
    });
    match local {
        Ok(local) => local.ip(),
        Err(error) => {
            tracing::warn!(%error, "no address to tell telephones was found; set telephony.public_address");
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        }
    }
}

async fn forward(
    mut arrivals: mpsc::UnboundedReceiver<crate::driver::agent::ServerRequest>,
    mailbox: Mailbox,
) {
    while let Some(request) = arrivals.recv().await {
        if mailbox.send(Event::Request(Box::new(request))).is_err() {
            return;
        }
    }
}
