//! The whole house, wired: storage, floor, telephones, jobs, pages.

use crate::config::{Config, MailMode};
use crate::{crises, edges, mailboxes, operator, telephones};
use cases::{CaseSettings, PublicBase};
use floor::{AfterCall, FloorError, FloorHandle, FloorSettings};
use knowledge::Search;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use people::SigningKey;
use people::access::Access;
use serde::Serialize;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use storage::jobs::Runner;
use surveys::{SurveyRules, SurveysError};
use telephony::Telephony;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vocabulary::{Actor, Chance, Clock, Context, SystemChance, SystemClock};
use web::{AppState, DemoControl, WebConfig};

/// How long the parts may take to end before they are left behind.
const STOP_MAX: Duration = Duration::from_secs(10);

/// What the house is built of.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The database, migrated.
    pub db: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub chance: Arc<dyn Chance>,
    /// The demo's hand on its clock; none in production.
    pub demo: Option<Arc<dyn DemoControl>>,
}

/// A running house.
pub struct House {
    /// Where the pages listen.
    pub web: SocketAddr,
    /// How the world reaches them.
    pub public_url: String,
    /// Where SIP listens.
    pub sip: SocketAddr,
    /// The way to the floor.
    pub floor: FloorHandle,
    /// What cases need to know; the demo's officers use it, too.
    pub cases: Arc<CaseSettings>,
    shutdown: CancellationToken,
    telephony: Telephony,
    tasks: Vec<JoinHandle<()>>,
}

/// What a script that starts Lots wants to know.
#[derive(Debug, Serialize)]
pub struct Ready<'a> {
    /// Where the pages are.
    pub web: String,
    /// Where SIP listens.
    pub sip: String,
    /// Names to sign in with, in the demo.
    pub sign_ins: Vec<&'a str>,
    /// Their password, in the demo.
    pub password: Option<&'a str>,
}

/// Runs the contact centre until it is told to stop.
///
/// # Errors
/// When a part cannot be started.
pub fn serve(config: Config, ready_file: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    log("info");
    let db = operator::open(&config)?;
    let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
    runtime()?.block_on(async {
        let house = House::build(Parts { config, db, clock, chance, demo: None }).await?;
        tracing::info!(web = %house.public_url, sip = %house.sip, "Lots is open");
        if let Some(file) = ready_file {
            let web = format!("http://{}", house.web);
            write_ready(&file, &Ready { web, sip: house.sip.to_string(), sign_ins: vec![], password: None })?;
        }
        told_to_stop().await;
        house.stop().await;
        Ok(())
    })
}

/// Writes `ready` so that whoever waits for the file never reads half of it.
///
/// # Errors
/// When the file cannot be written.
pub fn write_ready(file: &Path, ready: &Ready<'_>) -> Result<(), Box<dyn Error>> {
    let half = file.with_extension("half");
    std::fs::write(&half, serde_json::to_string_pretty(ready)?)?;
    std::fs::rename(&half, file)?;
    Ok(())
}

/// A runtime for the edges.
///
/// # Errors
/// When the machine has no threads to give.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Logs to standard error: what `LOTS_LOG` says, or else `level` of our own and warnings of what we use.
///
/// The SIP stack is never let through, whatever `LOTS_LOG` says: it logs whole messages, with callers' numbers in them.
pub fn log(level: &str) {
    use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
    use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
    use tracing_subscriber::util::SubscriberInitExt as _;
    let wanted = EnvFilter::try_from_env("LOTS_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("{level},str0m=warn,is=warn,tantivy=warn")));
    let impersonal = filter_fn(|event| !event.target().starts_with("rsipstack"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // A second call (a test in the same process) keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(lines.with_filter(wanted.and(impersonal))).try_init();
}

/// Returns when the process is told to stop: Ctrl-C or SIGTERM.
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}

fn metrics() -> Result<PrometheusHandle, Box<dyn Error>> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // A second house in one process (tests) writes to the first recorder; its own handle stays empty.
    let _ = metrics::set_global_recorder(recorder);
    Ok(handle)
}

/// Invites to the survey when a call was handled.
fn survey_after_call(rules: SurveyRules) -> AfterCall {
    Arc::new(move |s, context, call| match surveys::commands::invite_after(s, context, &rules, call) {
        Ok(_) => Ok(()),
        Err(SurveysError::Storage(error)) => Err(FloorError::Storage(error)),
        Err(other) => Err(FloorError::AfterCall(other.to_string())),
    })
}

impl House {
    /// Starts every part. What fails stops the start; nothing is left running then but threads that end themselves.
    ///
    /// # Errors
    /// When a part cannot be started: a port that is taken, sounds that are not there, a folder that cannot be read.
    pub async fn build(parts: Parts) -> Result<Self, Box<dyn Error>> {
        let Parts { config, db, clock, chance, demo } = parts;
        let shutdown = CancellationToken::new();
        let metrics = metrics()?;
        let listener = TcpListener::bind(config.web.bind)
            .await
            .map_err(|e| format!("web.bind: {} cannot be listened on: {e}", config.web.bind))?;
        let web = listener.local_addr()?;
        let public_url = config.public_url(web);
        let context = Context::new(clock.now(), Actor::System, chance.clone());
        let signing_key = db.write(move |s| SigningKey::obtain(s, &context)).await?;
        let rules = config.survey_rules();
        let floor = floor::start(
            db.clone(),
            clock.clone(),
            chance.clone(),
            FloorSettings {
                routing: config.routing_settings(),
                opening: config.opening.clone(),
                after_call: survey_after_call(rules.clone()),
            },
            shutdown.clone(),
        )
        .await?;
        let telephony = Telephony::start(
            telephones::config(&config),
            floor.handle.clone(),
            floor.outputs,
            db.clone(),
            clock.clone(),
            chance.clone(),
        )
        .await?;
        let mut cases = CaseSettings::new(
            public_url.parse::<PublicBase>()?,
            signing_key.clone(),
            config.town.name.clone(),
        );
        cases.reply_domain.clone_from(&config.mail.reply_domain);
        cases.texting = config.texting.sends();
        let cases = Arc::new(cases);
        let mut tasks = vec![floor.task];
        let runner = Runner::new(db.clone(), clock.clone(), chance.clone());
        let runner = cases::jobs::wire(runner, &db, cases.clone());
        let runner = processes::jobs::wire(runner, &db, cases.clone());
        let runner = assignments::jobs::wire(runner, &db, cases.clone());
        let runner = records::retention::jobs::wire(runner, &db);
        let runner = ahead::jobs::wire(runner, &db, edges::calendars(demo.is_some()));
        let runner = knowledge::jobs::wire(runner, &db);
        let runner = knowledge::asked::jobs::wire(runner, &db);
        let night = Context::new(clock.now(), Actor::System, chance.clone());
        db.write(move |s| {
            knowledge::jobs::wind(s, &night)?;
            knowledge::asked::jobs::wind(s, &night)?;
            ahead::jobs::wind_all(s, &night)?;
            records::retention::jobs::wind(s, &night)
        })
        .await?;
        let runner = mail::wire(runner, &db, Arc::new(config.mail.mailer()?));
        let texter = edges::texter(&config, &db, &clock, &chance, shutdown.clone())?;
        let runner = texting::wire(runner, &db, Arc::new(texter));
        let runner = telephones::wire_surveys(runner, &db, &telephony, rules, clock.clone(), chance.clone());
        let stop = shutdown.clone();
        tasks.push(tokio::spawn(async move { runner.run_until(stop.cancelled()).await }));
        for inbox in mailboxes::inboxes(&config, &db, &clock, &chance, &cases).await? {
            tasks.push(tokio::spawn(inbox.run(shutdown.clone())));
        }
        let around = crises::Around { db: db.clone(), clock: clock.clone(), chance: chance.clone() };
        let heard = crises::speak(around.clone(), telephony.clone(), floor.handle.clone());
        tasks.push(tokio::spawn(until(shutdown.clone(), heard)));
        let expectations = crisis::spikes::Expectations::default();
        tasks.push(tokio::spawn(until(shutdown.clone(), crises::watch(around, expectations.clone()))));
        let analyser = crate::search::analyser(&config.knowledge);
        let search = Search::open_with(&db, &analyser).await?;
        tasks.push(tokio::spawn(until(shutdown.clone(), search.clone().follow(db.clone()))));
        let boost = crate::search::boost(search.clone(), db.clone(), clock.clone());
        tasks.push(tokio::spawn(until(shutdown.clone(), boost)));
        tasks.push(tokio::spawn(until(shutdown.clone(), tidy(db.clone()))));

        let wall: Arc<dyn Clock> = if demo.is_some() { Arc::new(SystemClock) } else { clock.clone() };
        let names = (public_url.clone(), config.town.name.clone());
        let clocks = (clock.clone(), wall.clone());
        let sender = edges::webhooks(&db, clocks, &chance, signing_key.clone(), demo.is_some(), names);
        let stop = shutdown.clone();
        tasks.push(tokio::spawn(async move { sender.run(stop.cancelled()).await }));
        let (close, closing) = watch::channel(false);
        let state = AppState {
            access: Access::new(db.clone(), clock.clone(), wall.clone(), chance.clone(), signing_key),
            cases: cases.clone(),
            wall,
            db,
            clock,
            chance,
            floor: floor.handle.clone(),
            phones: Arc::new(telephones::Browsers(telephony.browser_phones().clone())),
            speech: Arc::new(telephones::speaker(&config)),
            expectations,
            knowledge: search,
            shelf: web::Shelf::default(),
            config: Arc::new(WebConfig {
                secure_cookies: public_url.starts_with("https://"),
                base_url: public_url.clone(),
                town: config.town.name.clone(),
                public_telephone: config.town.telephone.clone(),
                behind_proxy: config.web.behind_proxy,
                programs: web::Programs {
                    municipality_id: config.town.municipality_id.clone(),
                    namespace: config.town.errands_namespace.clone(),
                    jurisdiction_id: config.town.jurisdiction_id.clone(),
                },
                site: web::Site::read(&config.site)?,
                map_tiles: config.web.map_tiles.as_deref().map(str::parse).transpose()?,
            }),
            demo,
            metrics,
            closing,
        };
        let stop = shutdown.clone();
        let app = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
        tasks.push(tokio::spawn(async move {
            let stopped = async move {
                stop.cancelled().await;
                close.send_replace(true);
            };
            if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "the pages are down");
            }
        }));
        if config.mail.mode == MailMode::Keep {
            tracing::info!("messages are kept and shown on the outbox page; nothing is sent");
        }
        Ok(Self {
            web,
            public_url,
            sip: telephony.sip_addr(),
            floor: floor.handle,
            cases,
            shutdown,
            telephony,
            tasks,
        })
    }

    /// Ends every part: says goodbye on the telephones, lets requests finish, writes what has queued up.
    pub async fn stop(self) {
        let ended = async {
            self.telephony.stop().await;
            self.shutdown.cancel();
            for task in self.tasks {
                let _ = task.await;
            }
        };
        if tokio::time::timeout(STOP_MAX, ended).await.is_err() {
            tracing::warn!("some parts did not end in time and were left");
        }
    }
}

async fn until(shutdown: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = work => {}
    }
}

/// Forgets sessions and throttles that have run out, once an hour of reality.
async fn tidy(db: Database) {
    const EVERY: Duration = Duration::from_secs(3_600);
    loop {
        tokio::time::sleep(EVERY).await;
        let now = SystemClock.now();
        if let Err(error) = db.write(move |s| people::access::commands::tidy(s, now)).await {
            tracing::warn!(%error, "old sessions could not be forgotten");
        }
    }
}
