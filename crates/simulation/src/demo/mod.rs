//! The living demo: residents who call over real SIP and RTP, guides who answer on SIP telephones, officers who answer
//! their cases. Everything goes through the same doors as in a real town: the trunk, the registrar, the commands.
//!
//! All waiting is on the house's clock, so a fast clock gives a fast town. Sound is always as long as it is.

pub(crate) mod arrivals;
mod callers;
pub(crate) mod dice;
mod guide;
mod log;
mod looking;
mod officers;
mod ongoing;
mod pace;
mod schedule;
mod side;
mod stage;
mod survey;
mod trunk;
mod voices;
mod writers;

use crate::populate::{PopulateError, remember};
use crate::town::Town;
use cases::CaseSettings;
use floor::FloorHandle;
use stage::Stage;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use storage::{Database, StorageError};
use tokio::task::JoinSet;
use trunk::Trunk;
use vocabulary::{Actor, Chance, Clock, Context, OpeningHours, SystemChance};

/// How the demo is played.
#[derive(Clone, Debug)]
pub struct DemoConfig {
    /// The same seed gives the same residents calling at the same times about the same things.
    pub seed: u64,
    /// How many simulated guides there are at most; none for as many as the town has, 0 leaves every call to persons.
    pub guides_max: Option<usize>,
    /// How many calls an ordinary weekday has; none for [`CALLS_PER_DAY`], 0 for no calls.
    pub calls_per_day: Option<u32>,
    /// Whether simulated officers answer their cases.
    pub officers: bool,
    /// When the centre is open: guides come to work by it.
    pub opening: OpeningHours,
    /// The password of the guides' SIP accounts, as given to [`crate::populate()`].
    pub password: String,
    /// The folder with the voices; what is not there is a tone.
    pub sounds: PathBuf,
    /// The address the simulated telephones have.
    pub ip: IpAddr,
}

/// How many calls an ordinary weekday has if nothing else is said.
pub const CALLS_PER_DAY: u32 = 420;

impl Default for DemoConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            guides_max: None,
            calls_per_day: None,
            officers: true,
            opening: OpeningHours::default(),
            password: String::new(),
            sounds: PathBuf::from("sounds"),
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

/// What the demo is played in.
#[derive(Clone)]
pub struct DemoHandles {
    /// The town, as put into the database.
    pub town: Arc<Town>,
    /// The database.
    pub db: Database,
    /// The house's clock.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of the past come from. What happens later draws its own, by the seed.
    pub chance: Arc<dyn Chance>,
    /// The floor.
    pub floor: FloorHandle,
    /// Where the exchange speaks SIP.
    pub registrar: SocketAddr,
    /// The settings of cases.
    pub cases: Arc<CaseSettings>,
}

/// A demo about to begin: the telephone network outside is up, so that the exchange can be told of it.
pub struct Prepared {
    config: DemoConfig,
    trunk: Trunk,
}

impl Prepared {
    /// Where residents are rung up: the exchange's trunk.
    #[must_use]
    pub fn trunk_addr(&self) -> SocketAddr {
        self.trunk.local_addr()
    }
}

/// Makes ready what must be there before the exchange is.
///
/// # Errors
/// If no socket or thread can be had.
pub async fn prepare(config: DemoConfig) -> Result<Prepared, DemoError> {
    let trunk = Trunk::start(SocketAddr::new(config.ip, 0), Arc::new(SystemChance)).await?;
    Ok(Prepared { config, trunk })
}

/// Why the demo cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The town could not be given a past.
    #[error(transparent)]
    Past(#[from] PopulateError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No socket or thread for the simulated telephones.
    #[error("the simulated telephones: {0}")]
    Telephones(#[from] io::Error),
    /// The database does not hold the town.
    #[error("the database has no {what} {name:?}; it must hold the town before the demo begins")]
    NotPopulated {
        /// What is missing.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

/// A demo that is being played. Dropping it ends it, too, but waits for nobody.
pub struct Demo {
    tasks: JoinSet<()>,
}

impl Demo {
    /// Gives the town a past, if it has none, and lets it live.
    ///
    /// # Errors
    /// If the database does not hold the town, or no telephones can be had.
    pub async fn start(prepared: Prepared, handles: DemoHandles) -> Result<Self, DemoError> {
        let Prepared { config, trunk } = prepared;
        let ctx = Context::new(handles.clock.now(), Actor::System, handles.chance.clone());
        remember(&handles.db, &ctx, &handles.town, &handles.cases, &config.opening).await?;
        let stage = Arc::new(Stage::set(config, handles, trunk.kit().clone()).await?);
        let mut tasks = JoinSet::new();
        tasks.spawn(ongoing::follow(stage.clone()));
        for guide in stage.guides() {
            tasks.spawn(guide::work(stage.clone(), guide));
        }
        if stage.config.officers {
            tasks.spawn(officers::work(stage.clone()));
        }
        if stage.config.calls_per_day != Some(0) {
            tasks.spawn(writers::write(stage.clone()));
        }
        tasks.spawn(trunk.serve(stage));
        Ok(Self { tasks })
    }

    /// Ends it: everybody hangs up, and nobody calls or works any more.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}
