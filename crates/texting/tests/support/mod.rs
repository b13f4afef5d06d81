//! A house with messages to send, and gateways to send them to.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use storage::jobs::JobError;
use storage::testing::{TestDatabase, sqlite};
use storage::{StorageError, params, sql};
use texting::{Receipt, Texter, TextingConfig, deliver, take_receipt};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout, Command};
use tokio_util::sync::CancellationToken;
use vocabulary::{Actor, Chance, Clock as _, Context, ManualClock, MessageId, SeededChance, SignedDuration};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub struct House {
    db: TestDatabase,
    clock: Arc<ManualClock>,
    chance: Arc<dyn Chance>,
    shutdown: CancellationToken,
}

impl House {
    pub fn new() -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        Self {
            db: sqlite(),
            clock,
            chance: Arc::new(SeededChance::new(3)),
            shutdown: CancellationToken::new(),
        }
    }

    fn ctx(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, self.chance.clone())
    }

    pub fn texter(&self, config: &TextingConfig) -> Texter {
        let (db, ctx) = (self.db.database(), self.ctx());
        let take = move |receipt: Receipt| {
            let (db, ctx) = (db.clone(), ctx.clone());
            async move {
                for _ in 0..40 {
                    let (ctx, receipt) = (ctx.clone(), receipt.clone());
                    if db.write(move |s| take_receipt(s, &ctx, &receipt)).await.unwrap() {
                        return true;
                    }
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                false
            }
        };
        Texter::start(config, take, self.shutdown.clone()).unwrap()
    }

    pub async fn message(&self, to: &str, text: &str) -> MessageId {
        let ctx = self.ctx();
        let (id, to, text): (MessageId, _, _) = (ctx.next_id(), to.to_owned(), text.to_owned());
        self.db
            .write(move |s| {
                s.execute(
                    sql!(
                        "INSERT INTO messages (id, channel, recipient, subject, body, created_at, state)
                         VALUES ($1, 'sms', $2, '', $3, $4, 'waiting')"
                    ),
                    params![id, &to, &text, ctx.now],
                )
            })
            .await
            .unwrap();
        id
    }

    pub async fn deliver(&self, texter: &Texter, id: MessageId) -> Result<(), JobError> {
        deliver(&self.db, texter, &self.ctx(), id).await
    }

    /// As the job does: again and again, until it is settled.
    pub async fn deliver_patiently(&self, texter: &Texter, id: MessageId) {
        let settled = async {
            while self.deliver(texter, id).await.is_err() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.expect("the message is settled");
    }

    async fn row(&self, id: MessageId) -> (String, bool) {
        let read = self.db.read(move |s| {
            s.the_row(
                sql!("SELECT state, delivered_at IS NOT NULL FROM messages WHERE id = $1"),
                params![id],
                |r| Ok::<_, StorageError>((r.get(0)?, r.get(1)?)),
            )
        });
        read.await.unwrap()
    }

    pub async fn state(&self, id: MessageId) -> String {
        self.row(id).await.0
    }

    pub async fn becomes(&self, id: MessageId, state: &str) {
        let there = async {
            while self.state(id).await != state {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("never {state}"));
    }

    pub async fn arrives(&self, id: MessageId) {
        let there = async {
            while !self.row(id).await.1 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.expect("the message arrives");
    }

    pub fn a_day_passes(&self) {
        self.clock.advance(SignedDuration::from_hours(24));
    }

    pub fn stop(&self) {
        self.shutdown.cancel();
    }
}

/// An HTTP gateway that gives its answers in order.
pub struct Gateway {
    port: u16,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Gateway {
    /// Each answer is a status and a body.
    pub async fn start(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let heard = Arc::clone(&asked);
        let answers: Vec<&'static str> = answers.to_vec();
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = Vec::new();
                let request = loop {
                    let mut some = [0; 4096];
                    let n = stream.read(&mut some).await.unwrap();
                    bytes.extend_from_slice(&some[..n]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    if let Some((head, body)) = text.split_once("\r\n\r\n") {
                        let length = head.lines().find_map(|line| {
                            line.to_ascii_lowercase()
                                .strip_prefix("content-length: ")
                                .and_then(|n| n.parse().ok())
                        });
                        if body.len() >= length.unwrap_or(0) {
                            break (format!("{head}\r\n"), body.to_owned());
                        }
                    }
                    assert!(n > 0, "the caller broke off");
                };
                heard.lock().unwrap().push(request);
                let (status, body) = answer.split_once(' ').unwrap();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { port, asked }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/send", self.port)
    }

    pub fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap().clone()
    }
}

/// An operator's end of SMPP.
pub struct Smsc {
    pub port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Smsc {
    /// None, said aloud, where Node or its packages are not there.
    pub async fn start(arguments: &[&str]) -> Option<Self> {
        let e2e = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
        if !e2e.join("node_modules/smpp").is_dir() {
            #[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
            {
                eprintln!("SKIPPED: SMPP against another implementation; `npm ci` in e2e lets this test run");
            }
            return None;
        }
        let spawned = Command::new("node")
            .arg(e2e.join("sms/smsc.mjs"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = spawned.expect("node, beside its packages");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut smsc = Self { port: 0, lines, _child: child };
        smsc.port = u16::try_from(smsc.line("port").await["port"].as_u64().unwrap()).unwrap();
        Some(smsc)
    }

    /// The next line that says something of this kind.
    pub async fn line(&mut self, kind: &str) -> serde_json::Value {
        let next = async {
            loop {
                let line = self.lines.next_line().await.unwrap().expect("the operator's end goes on");
                let line: serde_json::Value = serde_json::from_str(&line).unwrap();
                if line.get(kind).is_some() {
                    return line;
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.unwrap_or_else(|_| panic!("nothing said of {kind}"))
    }
}
