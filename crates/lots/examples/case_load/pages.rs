//! How long a page takes over HTTP on loopback when 100 000 cases are there.

use crate::Fault;
use crate::centre::{Centre, PASSWORD, SIGN_IN, case, furnish, search_words};
use cases::CaseSettings;
use cases::commands::{Solve, register, solve};
use floor::{FloorError, FloorSettings};
use people::SigningKey;
use people::access::{Access, Attempt};
use people::residents::commands::find_or_create_by_telephone;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{Database, Session, StorageConfig};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use vocabulary::GenericUuid as _;
use vocabulary::{
    Actor, CaseId, CaseOutcome, Chance as _, Clock as _, Context, OpeningHours, SeededChance, SignedDuration,
    SystemClock, Timestamp,
};
use web::{AppState, NoBrowserTelephones, WebConfig};

/// How many there are unless told otherwise.
pub const CASES: usize = 100_000;
const RESIDENTS: usize = 20_000;
/// So many cases share a transaction while the year is made.
const CASES_PER_WRITE: usize = 1_000;
/// Every so many of them is still open.
const OPEN_EVERY: usize = 50;
const VISITS: usize = 300;
const WARM_UP: usize = 20;

/// A year of cases behind a running web server.
struct Filled {
    web: SocketAddr,
    cookie: String,
    csrf: String,
    cases: Vec<CaseId>,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

/// Makes the year, then asks for each page again and again, one connection after the other.
pub fn measure(runtime: &Runtime, cases: usize) -> Result<(), Fault> {
    let from = Instant::now();
    let filled = runtime.block_on(fill(cases))?;
    println!(
        "pages with {cases} cases (one in {OPEN_EVERY} open) of {RESIDENTS} residents, made in {:.0} s; {VISITS} visits each, a new \
         connection every time:",
        from.elapsed().as_secs_f64()
    );
    let get = |path: String| request("GET", &path, &filled, "");
    let chance = SeededChance::new(4);
    let any_case = || filled.cases[chance.below(filled.cases.len() as u64) as usize].into_untyped_uuid();
    time("GET /cases", |_| get("/cases".to_owned()), &filled)?;
    time("GET /cases?view=all", |_| get("/cases?view=all".to_owned()), &filled)?;
    time("POST /cases/search, two words", |n| search(&filled, &search_words(n * 131)), &filled)?;
    time("POST /cases/search, a common one", |_| search(&filled, "vid"), &filled)?;
    time("GET /cases/{id}", |_| get(format!("/cases/{}", any_case())), &filled)?;
    time("GET /guide", |_| get("/guide".to_owned()), &filled)?;
    time("GET /board", |_| get("/board".to_owned()), &filled)?;
    filled.stop.cancel();
    Ok(())
}

async fn fill(count: usize) -> Result<Filled, Fault> {
    let folder = tempfile::tempdir()?;
    let db = Database::open(&StorageConfig::Sqlite { path: folder.path().join("lots.db") })?;
    let chance = Arc::new(SeededChance::new(3));
    let now = SystemClock.now();
    let ctx = Context::new(now, Actor::System, chance.clone());
    let (centre, signing_key) = db
        .write(move |s| -> Result<_, Fault> { Ok((furnish(s, &ctx)?, SigningKey::obtain(s, &ctx)?)) })
        .await?;
    let settings = Arc::new(CaseSettings::new(
        "http://lots.example".parse()?,
        signing_key.clone(),
        "Vikhamn".to_owned(),
    ));
    let mut cases = Vec::new();
    // Two days before now, so that what is solved is not solved in the future.
    let end = now - SignedDuration::from_hours(48);
    let apart = SignedDuration::from_hours(365 * 24) / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
    for first in (0..count).step_by(CASES_PER_WRITE) {
        let (centre, settings, chance) = (centre.clone(), settings.clone(), chance.clone());
        let these = first..(first + CASES_PER_WRITE).min(count);
        let when = move |n: usize| end - apart * i32::try_from(count - n).unwrap_or(i32::MAX);
        let made = db.write(move |s| some_cases(s, when, &centre, &settings, &chance, these.clone()));
        cases.extend(made.await?);
    }
    let stop = CancellationToken::new();
    let clock = Arc::new(SystemClock);
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
    let access = Access::new(db.clone(), clock.clone(), clock.clone(), chance.clone(), signing_key);
    let attempt = Attempt {
        sign_in: SIGN_IN.to_owned(),
        password: PASSWORD.to_owned(),
        address: Ipv4Addr::LOCALHOST.into(),
    };
    let (token, signed_in) = access.sign_in(attempt).await?;
    let csrf = access.key().csrf_token(signed_in.session.id);
    let (close, closing) = tokio::sync::watch::channel(false);
    let state = AppState {
        clock: clock.clone(),
        wall: clock,
        chance,
        floor: floor.handle,
        phones: Arc::new(NoBrowserTelephones),
        knowledge: knowledge::Search::open(&db).await?,
        shelf: web::Shelf::default(),
        speech: Arc::new(web::NoSpeech),
        expectations: crisis::spikes::Expectations::default(),
        cases: settings,
        access,
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
    Ok(Filled { web, cookie: format!("lots={}", token.reveal()), csrf, cases, stop, _folder: folder })
}

/// Cases `these`, registered `when` it says; most are solved two days later.
fn some_cases(
    s: &mut Session<'_>,
    when: impl Fn(usize) -> Timestamp,
    centre: &Centre,
    settings: &CaseSettings,
    chance: &Arc<SeededChance>,
    these: Range<usize>,
) -> Result<Vec<CaseId>, Fault> {
    let ctx = |now| Context::new(now, Actor::User(centre.guide), chance.clone());
    let mut ids = Vec::new();
    for n in these {
        let number = format!("+4670{:07}", n * 7_919 % RESIDENTS);
        let resident = find_or_create_by_telephone(s, &ctx(when(n)), &number)?;
        let id = register(s, &ctx(when(n)), &case(centre, n, Some(resident)))?.case.id;
        if n % OPEN_EVERY != 0 {
            let done = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
            solve(s, &ctx(when(n) + SignedDuration::from_hours(48)), settings, &done)?;
        }
        ids.push(id);
    }
    Ok(ids)
}

fn search(filled: &Filled, typed: &str) -> String {
    let encoded: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
    request("POST", "/cases/search", filled, &format!("csrf={}&query={encoded}", filled.csrf))
}

fn request(method: &str, path: &str, filled: &Filled, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        filled.web,
        filled.cookie,
        body.len()
    )
}

/// From the connection to the last byte, the half and the slowest twentieth.
fn time(name: &str, asked: impl Fn(usize) -> String, filled: &Filled) -> Result<(), Fault> {
    for n in 0..WARM_UP {
        visit(filled.web, &asked(n))?;
    }
    let mut times = Vec::with_capacity(VISITS);
    let mut bytes = 0;
    for n in 0..VISITS {
        let request = asked(n);
        let from = Instant::now();
        bytes += visit(filled.web, &request)?;
        times.push(from.elapsed());
    }
    times.sort_unstable();
    let ms = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    println!(
        "  {name:<34} p50 {:>7.2} ms   p95 {:>7.2} ms   {:>4} KiB",
        ms(times[VISITS / 2]),
        ms(times[VISITS * 95 / 100]),
        bytes / VISITS / 1_024
    );
    Ok(())
}

/// Gives how many bytes came; what is not 200 OK is an error, since a refusal is fast.
fn visit(web: SocketAddr, request: &str) -> io::Result<usize> {
    let mut stream = TcpStream::connect(web)?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if answer.starts_with(b"HTTP/1.1 200") {
        return Ok(answer.len());
    }
    let start = String::from_utf8_lossy(&answer[..answer.len().min(300)]).into_owned();
    Err(io::Error::other(format!("{}: {start}", request.lines().next().unwrap_or_default())))
}
