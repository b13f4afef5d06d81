//! A hundred guides at work, each with their page open: they open, list, search and save, and think in between.

use crate::Fault;
use crate::centre::search_words;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Chance as _, SeededChance};

/// How many guides are at work.
pub const GUIDES: usize = 100;
/// Their password.
pub const PASSWORD: &str = "fyren blinkar i natt";
/// How long they work.
const WORK: Duration = Duration::from_secs(120);
/// How long a guide thinks between two pages, on average. In a centre it is longer.
const THINK_MS: u64 = 2_000;

/// What the `n`th guide signs in as.
pub fn sign_in_name(n: usize) -> String {
    format!("guide{n}")
}

/// The things that are timed, with their limits in milliseconds for the slowest twentieth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Open,
    List,
    Search,
    Save,
}

const DEEDS: [(Deed, &str, f64); 4] = [
    (Deed::Open, "open a case", 150.0),
    (Deed::List, "list", 200.0),
    (Deed::Search, "search, two words", 100.0),
    (Deed::Save, "save (a note on a case)", 50.0),
];

struct Guide {
    web: SocketAddr,
    cookie: String,
    csrf: String,
    chance: SeededChance,
}

/// Lets the guides work, and tells how long they waited.
pub async fn work(web: SocketAddr, cases: Vec<CaseId>) -> Result<(), Fault> {
    let cases = Arc::new(cases);
    let mut guides = Vec::new();
    for n in 0..GUIDES {
        guides.push(sign_in(web, n).await?);
    }
    let mut tasks = JoinSet::new();
    let end = Instant::now() + WORK;
    for guide in guides {
        let cases = cases.clone();
        tasks.spawn(async move { one(guide, &cases, end).await });
    }
    let mut waits: Vec<(Deed, f64)> = Vec::new();
    while let Some(done) = tasks.join_next().await {
        waits.extend(done??);
    }
    println!(
        "  {GUIDES} guides for {} s, each with the live page open, {:.0} pages/s:",
        WORK.as_secs(),
        waits.len() as f64 / WORK.as_secs_f64()
    );
    for (deed, name, limit) in DEEDS {
        let mut ms: Vec<f64> = waits.iter().filter(|(d, _)| *d == deed).map(|(_, ms)| *ms).collect();
        ms.sort_by(f64::total_cmp);
        let at = |share: f64| ms[((ms.len() - 1) as f64 * share) as usize];
        println!(
            "    {name:26} n {:5}   p50 {:7.2} ms   p95 {:7.2} ms   p99 {:7.2} ms   limit {limit:3.0} ms, p95 is {:.3} of it",
            ms.len(),
            at(0.5),
            at(0.95),
            at(0.99),
            at(0.95) / limit
        );
    }
    Ok(())
}

async fn one(guide: Guide, cases: &[CaseId], end: Instant) -> Result<Vec<(Deed, f64)>, Fault> {
    // The live page stays open as long as the guide is at work.
    let mut live = TcpStream::connect(guide.web).await?;
    live.write_all(
        guide
            .request("GET", "/guide/live", "")
            .replace("Connection: close", "Connection: keep-alive")
            .as_bytes(),
    )
    .await?;
    let listening = tokio::spawn(async move {
        let mut heard = [0_u8; 4_096];
        while live.read(&mut heard).await.is_ok_and(|n| n > 0) {}
    });
    let mut waits = Vec::new();
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(guide.chance.below(2 * THINK_MS))).await;
        let case = cases[guide.chance.below(cases.len() as u64) as usize].into_untyped_uuid();
        let (deed, request) = match guide.chance.below(100) {
            0..30 => (Deed::Open, guide.request("GET", &format!("/cases/{case}"), "")),
            30..40 => (Deed::List, guide.request("GET", "/cases", "")),
            40..50 => (Deed::List, guide.request("GET", "/cases?view=all", "")),
            50..75 => {
                let words = search_words(guide.chance.below(1_000_000) as usize);
                (Deed::Search, guide.form("/cases/search", &[("query", &words)]))
            }
            _ => {
                let text = "Ringde igen och undrar. Lovade höra av oss i morgon.";
                (Deed::Save, guide.form(&format!("/cases/{case}/notes"), &[("note", text)]))
            }
        };
        let (status, ms, _) = visit(guide.web, &request).await?;
        let wanted = if deed == Deed::Save { 303 } else { 200 };
        if status != wanted {
            return Err(format!("{}: {status}", request.lines().next().unwrap_or_default()).into());
        }
        waits.push((deed, ms));
    }
    listening.abort();
    Ok(waits)
}

async fn sign_in(web: SocketAddr, n: usize) -> Result<Guide, Fault> {
    let mut guide =
        Guide { web, cookie: String::new(), csrf: String::new(), chance: SeededChance::new(100 + n as u64) };
    let request = guide.form("/sign-in", &[("sign_in", &sign_in_name(n)), ("password", PASSWORD)]);
    let (status, _, answer) = visit(web, &request).await?;
    let cookie = answer
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .and_then(|(_, value)| value.split(';').next())
        .ok_or_else(|| format!("{} was not let in: {status}", sign_in_name(n)))?;
    guide.cookie = cookie.to_owned();
    let (_, _, page) = visit(web, &guide.request("GET", "/cases", "")).await?;
    let from = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    guide.csrf = from.ok_or("no form on the page of cases")?.to_owned();
    Ok(guide)
}

impl Guide {
    fn form(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let mut body = format!("csrf={}", encoded(&self.csrf));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        self.request("POST", path, &body)
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {web}\r\nOrigin: http://{web}\r\nConnection: close\r\nCookie: {}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len(),
            web = self.web
        )
    }
}

/// Asks, and gives the status, the time from the connection to the last byte in milliseconds, and the answer.
async fn visit(web: SocketAddr, request: &str) -> Result<(u16, f64, String), Fault> {
    let from = Instant::now();
    let mut stream = TcpStream::connect(web).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(64 * 1_024);
    stream.read_to_end(&mut answer).await?;
    let ms = from.elapsed().as_secs_f64() * 1_000.0;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Ok((status, ms, answer))
}
