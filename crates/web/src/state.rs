//! What every page has at hand, and the small traits through which the rest of the house is plugged in.

use floor::FloorHandle;
use knowledge::Search;
use metrics_exporter_prometheus::PrometheusHandle;
use people::access::Access;
use std::{future::Future, pin::Pin, sync::Arc};
use storage::Database;
use tokio::sync::{mpsc, watch};
use vocabulary::{Actor, Chance, Clock, Context, SignedDuration, Timestamp, UserId};

/// By which names programs know the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// The municipality's four digits, as Statistics Sweden gives them: `2281`.
    pub municipality_id: String,
    /// The errands' namespace: `CONTACTCENTER`.
    pub namespace: String,
    /// Open311's name of the municipality: `vikhamn.example`.
    pub jurisdiction_id: String,
}

impl Default for Programs {
    fn default() -> Self {
        Self {
            municipality_id: "0599".to_owned(),
            namespace: "CONTACTCENTER".to_owned(),
            jurisdiction_id: "vikhamn.example".to_owned(),
        }
    }
}

/// How the web side of Lots is set up.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Where browsers reach Lots, without a trailing slash: `https://lots.vikhamn.example`.
    pub base_url: String,
    /// Whether cookies are marked `Secure` and named with `__Host-`: wherever browsers come over https.
    pub secure_cookies: bool,
    /// The town's name, shown on every page.
    pub town: String,
    /// Whether a proxy of ours stands before Lots: only then is its word on where a request comes from believed.
    pub behind_proxy: bool,
    /// By which names programs know the house.
    pub programs: Programs,
    /// The number a resident or officer is told to call when a link does not work, as people write it.
    pub public_telephone: String,
    /// Where the map's pictures come from; none draws it without.
    pub map_tiles: Option<crate::map_tiles::MapTiles>,
    /// How the public site looks, and where it may be framed.
    pub site: crate::Site,
}

/// Why a browser telephone's connection was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelephoneClosed {
    /// The WebSocket's close code.
    pub code: u16,
    /// One word for the log and the browser.
    pub reason: &'static str,
}

/// Where browsers attach their telephones. The tests need no telephony for it.
pub trait BrowserTelephones: Send + Sync {
    /// Carries text frames between the browser of `user` and the telephony until either side ends.
    fn attach(
        &self,
        user: UserId,
        from_browser: mpsc::Receiver<String>,
        to_browser: mpsc::Sender<String>,
    ) -> Pin<Box<dyn Future<Output = TelephoneClosed> + Send + '_>>;
}

/// No telephony: every attempt to attach is closed at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBrowserTelephones;

impl BrowserTelephones for NoBrowserTelephones {
    fn attach(
        &self,
        _user: UserId,
        _from_browser: mpsc::Receiver<String>,
        _to_browser: mpsc::Sender<String>,
    ) -> Pin<Box<dyn Future<Output = TelephoneClosed> + Send + '_>> {
        Box::pin(async { TelephoneClosed { code: 1013, reason: "no_telephony" } })
    }
}

/// Reads text aloud: the town's program, or none. The tests need no program for it.
pub trait Speech: Send + Sync {
    /// A WAV file of `text`, or in words why there is none.
    fn say(&self, text: String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + '_>>;
}

/// No voice: every text stays unread.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSpeech;

impl Speech for NoSpeech {
    fn say(&self, _text: String) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + '_>> {
        Box::pin(async { Err("no program that reads aloud is set up".to_owned()) })
    }
}

/// The demo's hands on its own clock.
pub trait DemoControl: Send + Sync {
    /// What the demo's clock shows.
    fn now(&self) -> Timestamp;
    /// Moves the clock forward.
    fn jump(&self, by: SignedDuration);
    /// How many times as fast as reality the clock runs.
    fn speed(&self) -> u32;
}

/// What every handler gets.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What sessions age by: the machine's clock, also in the demo.
    pub wall: Arc<dyn Clock>,
    /// Where chance comes from.
    pub chance: Arc<dyn Chance>,
    /// The way to the floor.
    pub floor: FloorHandle,
    /// Where browsers attach their telephones.
    pub phones: Arc<dyn BrowserTelephones>,
    /// What reads messages aloud for the queue.
    pub speech: Arc<dyn Speech>,
    /// What the spike detector expects.
    pub expectations: crisis::spikes::Expectations,
    /// The search over the knowledge articles.
    pub knowledge: Search,
    /// The public questions and answers as they stand, kept until something changes.
    pub shelf: crate::Shelf,
    /// What cases need to know of the house: where links lead, what signs them, the terms.
    pub cases: Arc<cases::CaseSettings>,
    /// Sign-in, sessions and keys.
    pub access: Access,
    /// How the web side is set up.
    pub config: Arc<WebConfig>,
    /// The demo's clock; its presence is what makes the outbox and the clock's buttons exist.
    pub demo: Option<Arc<dyn DemoControl>>,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Becomes true when the server shuts down, so that streams end.
    pub closing: watch::Receiver<bool>,
}

impl AppState {
    /// The circumstances of a command done by `actor` now.
    #[must_use]
    pub fn context(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, Arc::clone(&self.chance))
    }
}
