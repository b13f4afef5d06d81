//! How many calls the exchange takes: `cargo run --release -p telephony --example call_load -- [calls] [seconds]`.
//!
//! The exchange, with the real floor journalling into SQLite, runs in a process of its own; this process plays the trunk
//! and the guides' telephones with softphones over loopback. Measured are
//! 1. calls a second: INVITE, answer, ACK, prompt, BYE, arrival and end journalled;
//! 2. with `calls` calls up at a time, each bridged to a guide with sound both ways for `seconds`: the exchange's
//!    memory and processor time, and how much of the sound arrives.
#![expect(clippy::print_stdout, reason = "the figures are what it is run for")]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use telephony::driver::conversation::Conversation;
use telephony::driver::media::Playlist;
use telephony::protocol::g711::Sound;
use telephony::softphone::{PhoneKit, SoftPhone};
use telephony::{Telephony, TelephonyConfig};
use vocabulary::{
    Actor, Chance, Clock, Context, Language, Role, ScaledClock, SignedDuration, SystemChance, UserId,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const PASSWORD: &str = "bara for matning";
const LOOPBACK: &str = "127.0.0.1:0";
/// Callers that call again as soon as they have hung up.
const WORKERS: usize = 64;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, otherwise: usize| arguments.get(at).and_then(|a| a.parse().ok()).unwrap_or(otherwise);
    let runtime = tokio::runtime::Runtime::new()?;
    if arguments.first().is_some_and(|a| a == "exchange") {
        return runtime.block_on(exchange(number(1, 200)));
    }
    let (calls, seconds) = (number(0, 200), number(1, 20));
    let mut child = Command::new(std::env::current_exe()?)
        .args(["exchange", &calls.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let result = runtime.block_on(load(&mut child, calls, Duration::from_secs(seconds as u64)));
    drop(child.stdin.take());
    child.wait()?;
    result
}

/// The process under load: prints its address, serves until its input ends.
async fn exchange(guides: usize) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let db =
        storage::Database::open(&storage::StorageConfig::Sqlite { path: folder.path().join("lots.db") })?;
    // A Monday at ten, when the centre is open.
    let clock: Arc<dyn Clock> = Arc::new(ScaledClock::new("2026-11-02T09:00:00Z".parse()?, 1));
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    let users = people_in(&db, Context::new(clock.now(), Actor::System, chance.clone()), guides).await?;
    let settings = floor::FloorSettings {
        routing: routing::Settings {
            ring_max: SignedDuration::from_secs(30),
            wrap_up_max: SignedDuration::from_secs(1),
            prompt_max: SignedDuration::from_secs(30),
            overflow_after: SignedDuration::from_secs(30),
            wait_max: SignedDuration::from_hours(1),
            calls_max: 10_000,
            groups: Vec::new(),
            vanish_grace: SignedDuration::ZERO,
        },
        opening: vocabulary::OpeningHours::default(),
        after_call: Arc::new(|_, _, _| Ok(())),
    };
    let stop = tokio_util::sync::CancellationToken::new();
    let floor = floor::start(db.clone(), clock.clone(), chance.clone(), settings, stop.clone()).await?;
    for user in users {
        floor.handle.sign_in(user).await?;
        floor.handle.send(routing::Input::Ready { guide: user }).await?;
    }
    let config = TelephonyConfig {
        bind: LOOPBACK.parse()?,
        rtp_ports: 0..=0,
        calls_max: 10_000,
        calls_per_second_max: 100_000,
        ..TelephonyConfig::default()
    };
    let telephony = Telephony::start(config, floor.handle, floor.outputs, db, clock, chance).await?;
    println!("{}", telephony.sip_addr());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    telephony.stop().await;
    stop.cancel();
    Ok(())
}

async fn people_in(db: &storage::Database, ctx: Context, guides: usize) -> Outcome<Vec<UserId>> {
    let hash = people::password::hash_new("guide", "ett langt losenord", &*ctx.chance)?;
    let made = db.write(move |s| -> Result<Vec<UserId>, people::PeopleError> {
        use people::directory::{NewAnswerGroup, commands as directory};
        let new = NewAnswerGroup { code: "all".to_owned(), name: "All".to_owned(), dialled: None };
        let group = directory::create_answer_group(s, &ctx, &new)?.id;
        let mut users = Vec::new();
        for n in 0..guides {
            let new = people::users::CreateUser {
                sign_in: format!("guide{n}"),
                name: format!("Guide {n}"),
                role: Role::Guide,
                password: hash.clone(),
                language: Language::Swedish,
                hourly: false,
            };
            let user = people::users::commands::create(s, &ctx, &new)?.id;
            people::users::commands::set_groups(
                s,
                &ctx,
                user,
                &[people::users::GroupLevel { group, level: 1 }],
            )?;
            directory::set_telephone(s, &ctx, user, &format!("guide{n}"), "lots", PASSWORD)?;
            users.push(user);
        }
        Ok(users)
    });
    Ok(made.await?)
}

/// What a process has used.
struct Used {
    memory_mb: f64,
    processor: Duration,
}

fn used(pid: u32) -> Outcome<Used> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = resident.trim().trim_end_matches("kB").trim().parse()?;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(')').next().ok_or("no stat")?.split_whitespace().collect();
    // Fields 14 and 15 of proc(5), counted after the name: user and system time in ticks of 10 ms.
    let ticks = |at: usize| -> Outcome<u64> { Ok(fields.get(at).ok_or("a short stat")?.parse()?) };
    let processor = Duration::from_millis((ticks(11)? + ticks(12)?) * 10);
    Ok(Used { memory_mb: kilobytes / 1024.0, processor })
}

async fn load(child: &mut Child, calls: usize, length: Duration) -> Outcome<()> {
    let pid = child.id();
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let exchange: SocketAddr = line.trim().parse()?;
    let kit = PhoneKit::new([127, 0, 0, 1].into(), 1, Arc::new(SystemChance))?;
    let trunk = Arc::new(SoftPhone::start(LOOPBACK.parse()?, &kit).await?);
    println!("memory at rest: {:.1} MB", used(pid)?.memory_mb);
    calls_a_second(&trunk, exchange, pid).await?;
    println!("memory after it: {:.1} MB", used(pid)?.memory_mb);

    let began = Instant::now();
    let mut telephones = Vec::new();
    for n in 0..calls {
        let mut phone = SoftPhone::start(LOOPBACK.parse()?, &kit).await?;
        phone.register(exchange, &format!("guide{n}"), PASSWORD).await?;
        telephones.push(phone);
    }
    println!("{calls} telephones registered in {:.2} s", began.elapsed().as_secs_f64());
    talk(telephones, &trunk, exchange, pid, length).await
}

/// Short calls, one after the other on each of the workers.
async fn calls_a_second(trunk: &Arc<SoftPhone>, exchange: SocketAddr, pid: u32) -> Outcome<()> {
    const LENGTH: Duration = Duration::from_secs(10);
    let (done, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (began, before) = (Instant::now(), used(pid)?);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let (trunk, done, failed) = (trunk.clone(), done.clone(), failed.clone());
        workers.spawn(async move {
            while began.elapsed() < LENGTH {
                let Ok(mut call) = trunk.place(exchange, "0123456000", Some("+46701740605")) else {
                    continue;
                };
                let counter = if call.answered().await.is_ok() { &done } else { &failed };
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let processor = (used(pid)?.processor - before.processor).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "counts of seconds")]
    let (done, failed) = (done.load(Ordering::Relaxed) as f64, failed.load(Ordering::Relaxed));
    println!(
        "calls a second: {:.0} ({done:.0} calls in {seconds:.1} s, {failed} failed; {:.2} ms of processor a call)",
        done / seconds,
        processor * 1000.0 / done
    );
    Ok(())
}

/// All guides talk at the same time.
async fn talk(
    telephones: Vec<SoftPhone>,
    trunk: &SoftPhone,
    exchange: SocketAddr,
    pid: u32,
    length: Duration,
) -> Outcome<()> {
    let tone = Sound::tone(400.0, 1_000);
    let mut guides = tokio::task::JoinSet::new();
    let calls = telephones.len();
    for mut phone in telephones {
        let tone = tone.clone();
        guides.spawn(async move {
            let incoming = phone.incoming().await?;
            let mut call = incoming.answer()?;
            call.play(Playlist::looped(tone));
            let meter = call.meter().clone();
            let led = tokio::spawn(async move { call.ended().await });
            Some((phone, meter, led))
        });
    }
    let began = Instant::now();
    let mut callers: Vec<Conversation> = Vec::new();
    for _ in 0..calls {
        let mut call = trunk.place(exchange, "0123456000", Some("+46701740605"))?;
        call.play(Playlist::looped(tone.clone()));
        call.answered().await.map_err(|e| format!("a call was not answered: {e:?}"))?;
        callers.push(call);
    }
    let mut talking = Vec::new();
    while let Some(guide) = guides.join_next().await {
        talking.push(guide?.ok_or("a guide could not answer")?);
    }
    println!("{calls} calls up and with a guide in {:.2} s", began.elapsed().as_secs_f64());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let heard = || -> u64 {
        let by_guides = talking.iter().map(|(_, meter, _)| meter.loud_frames()).sum::<u64>();
        callers.iter().map(|c| c.meter().loud_frames()).sum::<u64>() + by_guides
    };
    let (before, frames_before, from) = (used(pid)?, heard(), Instant::now());
    tokio::time::sleep(length).await;
    let (after, frames_after, seconds) = (used(pid)?, heard(), from.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "counts of seconds")]
    let share = (frames_after - frames_before) as f64 / (seconds * 50.0 * 2.0 * calls as f64);
    println!("{calls} calls with sound both ways for {seconds:.0} s:");
    println!("  memory: {:.1} MB", after.memory_mb);
    println!(
        "  processor: {:.0} % of one core",
        (after.processor - before.processor).as_secs_f64() / seconds * 100.0
    );
    println!("  sound that arrived and was not silence: {:.2} %", share * 100.0);
    Ok(())
}
