//! A town with many answers, behind a running server.

use crate::Fault;
use cases::CaseSettings;
use floor::{FloorError, FloorSettings};
use knowledge::{ArticleDraft, ArticleState, Content, Wording, commands::import_article};
use people::SigningKey;
use people::access::Access;
use people::directory::{NewDepartment, commands::create_department};
use people::users::CreateUser;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use storage::{Database, Session, StorageConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vocabulary::{
    Actor, Clock as _, Context, Language, OpeningHours, Role, SeededChance, SignedDuration, SystemClock,
    local_day,
};
use web::{AppState, NoBrowserTelephones, WebConfig};

pub const MATTERS: [&str; 10] = [
    "sophamtning",
    "bygglov",
    "forskola",
    "fardtjanst",
    "snorojning",
    "parkering",
    "bidrag",
    "vatten",
    "lekplats",
    "bibliotek",
];
pub const PLACES: [&str; 12] = [
    "centrum",
    "hamnen",
    "backen",
    "skogen",
    "torget",
    "viken",
    "bruket",
    "stationen",
    "stranden",
    "lunden",
    "kvarnen",
    "kullen",
];

/// A site that answers.
pub struct Site {
    pub web: SocketAddr,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Site {
    pub fn close(&self) {
        self.stop.cancel();
    }
}

/// The name of article `n` in addresses.
pub fn slug(n: usize) -> String {
    format!("fraga-{n}")
}

fn write_articles(s: &mut Session<'_>, ctx: &Context, count: usize) -> Result<(), Fault> {
    let department = NewDepartment {
        code: "tek".into(),
        name: "Teknik".into(),
        board: "Tekniska nämnden".into(),
        escalation_email: "teknik@example.se".into(),
    };
    let department = create_department(s, ctx, &department)?.id;
    let owner = CreateUser {
        sign_in: "agare".into(),
        name: "En ägare".into(),
        role: Role::Manager,
        password: people::password::hash_new("agare", "tall fyr vid havet", &*ctx.chance)?,
        language: Language::Swedish,
        hourly: false,
    };
    let owner = people::users::commands::create(s, ctx, &owner)?.id;
    for n in 0..count {
        let (matter, place) = (MATTERS[n % MATTERS.len()], PLACES[n / MATTERS.len() % PLACES.len()]);
        let wording = Wording {
            title: format!("Hur fungerar {matter} vid {place}, fråga {n}?"),
            answer: format!("Kommunen ordnar {matter} vid {place} varje vecka. Ring om något inte stämmer."),
            body: format!(
                "## Så går det till\n\n1. Titta på schemat för {place}.\n2. Anmäl senast dagen före.\n3. Vänta på besked.\n\n\
                 **Tänk på** att {matter} kan ta längre tid vid helger. {}",
                "Mer finns att läsa i reglerna för området. ".repeat(8)
            ),
        };
        let content = Content {
            public: Some(wording),
            keywords: format!("{matter}, {place}, nummer {n}"),
            department: Some(department),
            owner: Some(owner),
            review_day: Some(local_day(ctx.now).saturating_add(jiff::Span::new().days(200))),
            ..Content::default()
        };
        import_article(s, ctx, &ArticleDraft { slug: slug(n), content }, ArticleState::Published)?;
    }
    Ok(())
}

/// Makes the articles and opens the doors.
pub async fn open(count: usize) -> Result<Site, Fault> {
    let folder = tempfile::tempdir()?;
    let db = Database::open(&StorageConfig::Sqlite { path: folder.path().join("lots.db") })?;
    let chance = Arc::new(SeededChance::new(5));
    let clock = Arc::new(SystemClock);
    let ctx = Context::new(clock.now(), Actor::System, chance.clone());
    let key = db
        .write(move |s| -> Result<_, Fault> {
            write_articles(s, &ctx, count)?;
            Ok(SigningKey::obtain(s, &ctx)?)
        })
        .await?;
    let stop = CancellationToken::new();
    let floor = FloorSettings {
        routing: routing::Settings {
            ring_max: SignedDuration::from_secs(20),
            wrap_up_max: SignedDuration::from_secs(120),
            prompt_max: SignedDuration::from_secs(30),
            overflow_after: SignedDuration::from_secs(30),
            wait_max: SignedDuration::from_secs(3_600),
            calls_max: 500,
            groups: Vec::new(),
            vanish_grace: SignedDuration::from_secs(60),
        },
        opening: OpeningHours::default(),
        after_call: Arc::new(|_: &mut Session<'_>, _: &Context, _| Ok::<(), FloorError>(())),
    };
    let floor = floor::start(db.clone(), clock.clone(), chance.clone(), floor, stop.clone()).await?;
    let (close, closing) = tokio::sync::watch::channel(false);
    let state = AppState {
        access: Access::new(db.clone(), clock.clone(), clock.clone(), chance.clone(), key.clone()),
        cases: Arc::new(CaseSettings::new("http://lots.example".parse()?, key, "Vikhamn".to_owned())),
        clock: clock.clone(),
        wall: clock,
        chance,
        floor: floor.handle,
        phones: Arc::new(NoBrowserTelephones),
        knowledge: knowledge::Search::open(&db).await?,
        shelf: web::Shelf::default(),
        speech: Arc::new(web::NoSpeech),
        expectations: crisis::spikes::Expectations::default(),
        config: Arc::new(WebConfig {
            base_url: "http://lots.example".to_owned(),
            secure_cookies: false,
            town: "Vikhamn".to_owned(),
            behind_proxy: false,
            public_telephone: "0123-45 60 00".to_owned(),
            map_tiles: None,
            site: web::Site::default(),
            programs: web::Programs::default(),
        }),
        demo: None,
        metrics: metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle(),
        closing,
        db,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let web = listener.local_addr()?;
    let app = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let (stopped, outputs) = (stop.clone(), floor.outputs);
    tokio::spawn(async move {
        let _kept = (outputs, close);
        let _ = axum::serve(listener, app).with_graceful_shutdown(stopped.cancelled_owned()).await;
    });
    Ok(Site { web, stop, _folder: folder })
}
