//! A contact centre made of the real routing core and nothing else, with softphones around it.
#![expect(dead_code, reason = "each test binary uses its part")]
#![expect(clippy::unwrap_used, reason = "clippy knows only #[test] functions as tests")]

use futures::FutureExt as _;
use futures::future::BoxFuture;
use routing::{CallEnding, GuideState, Input, Output, Priority, Routing, Settings, Skill};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use telephony::centre::{Account, Accounts, Arrival, Centre, CentreError};
use telephony::driver::conversation::{Conversation, ConversationEvent};
use telephony::driver::media::Playlist;
use telephony::protocol::digest::Algorithm;
use telephony::protocol::g711::Sound;
use telephony::softphone::{PhoneKit, SoftPhone};
use telephony::{Telephony, TelephonyConfig};
use tokio::sync::{mpsc, oneshot, watch};
use vocabulary::{
    AnswerGroupId, Clock as _, ContactId, NewId as _, SeededChance, SignedDuration, SystemClock, UserId,
};

/// Nothing in a test takes longer.
pub const PATIENCE: Duration = Duration::from_secs(10);
pub const PROMPT_HZ: f64 = 520.0;
pub const MUSIC_HZ: f64 = 440.0;
pub const CALLER_HZ: f64 = 900.0;
pub const GUIDE_HZ: f64 = 1_300.0;
pub const PASSWORD: &str = "hemligt";

/// Waits for `what`, within reason.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} did not happen within {PATIENCE:?}"),
    }
}

/// What has come out of the core, in order, and the arrivals.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub outputs: Vec<Output>,
    pub inputs: Vec<Input>,
    pub arrivals: Vec<Arrival>,
}

enum Ask {
    Input(Input),
    Arrival(Arrival),
}

/// The floor in small: one writer around the routing core.
pub struct Floor {
    slow_arrivals: Duration,
    asks: mpsc::UnboundedSender<(Ask, oneshot::Sender<Result<(), CentreError>>)>,
}

impl Centre for Floor {
    fn call_arrived(&self, call: Arrival) -> BoxFuture<'_, Result<(), CentreError>> {
        async move {
            tokio::time::sleep(self.slow_arrivals).await;
            self.ask(Ask::Arrival(call)).await
        }
        .boxed()
    }

    fn send(&self, input: Input) -> BoxFuture<'_, Result<(), CentreError>> {
        self.ask(Ask::Input(input)).boxed()
    }
}

impl Floor {
    async fn ask(&self, ask: Ask) -> Result<(), CentreError> {
        let (reply, answer) = oneshot::channel();
        self.asks.send((ask, reply)).map_err(|_| CentreError::Closed)?;
        answer.await.map_err(|_| CentreError::Closed)?
    }
}

struct Book(Vec<(String, Account)>);

impl Accounts for Book {
    fn account(&self, sip_user: String) -> BoxFuture<'_, Option<Account>> {
        let found = self.0.iter().find(|(name, _)| *name == sip_user).map(|(_, account)| account.clone());
        futures::future::ready(found).boxed()
    }
}

/// How a test's centre is set up.
pub struct Setup {
    pub config: TelephonyConfig,
    pub ring_max: SignedDuration,
    pub wait_max: SignedDuration,
    pub open: bool,
    pub guides: usize,
    /// How long the floor takes to write a call down: the time in which it can still be cancelled.
    pub slow_arrivals: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        let config = TelephonyConfig {
            bind: "127.0.0.1:0".parse().unwrap(),
            rtp_ports: 0..=0,
            silence_max: Duration::from_millis(1_000),
            t1: Duration::from_millis(50),
            ..TelephonyConfig::default()
        };
        Self {
            config,
            ring_max: SignedDuration::from_secs(30),
            wait_max: SignedDuration::from_secs(600),
            open: true,
            guides: 2,
            slow_arrivals: Duration::ZERO,
        }
    }
}

/// A centre with its exchange, and what is needed to watch it.
pub struct House {
    pub telephony: Telephony,
    pub kit: PhoneKit,
    pub floor: Arc<Floor>,
    pub guides: Vec<UserId>,
    pub record: watch::Receiver<Record>,
}

pub async fn house(setup: Setup) -> House {
    let chance = Arc::new(SeededChance::new(7));
    let now = SystemClock.now();
    let group = AnswerGroupId::next(now, &*chance);
    let guides: Vec<UserId> = (0..setup.guides).map(|_| UserId::next(now, &*chance)).collect();
    let settings = Settings {
        ring_max: setup.ring_max,
        wrap_up_max: SignedDuration::from_secs(600),
        prompt_max: SignedDuration::from_secs(30),
        overflow_after: SignedDuration::from_secs(60),
        wait_max: setup.wait_max,
        calls_max: 400,
        groups: vec![group],
        vanish_grace: SignedDuration::ZERO,
    };
    let (asks, inbox) = mpsc::unbounded_channel();
    let (outputs, to_exchange) = mpsc::unbounded_channel();
    let (record, watch) = watch::channel(Record::default());
    tokio::spawn(write(Routing::new(settings), inbox, outputs, record, group));
    let floor = Arc::new(Floor { slow_arrivals: setup.slow_arrivals, asks });
    let book = guides.iter().enumerate().map(|(n, user)| {
        let name = format!("guide{n}");
        let ha1 = |algorithm: Algorithm| algorithm.ha1(&name, "lots", PASSWORD);
        let account =
            Account { user: *user, ha1_md5: ha1(Algorithm::Md5), ha1_sha256: ha1(Algorithm::Sha256) };
        (name, account)
    });
    let book = Arc::new(Book(book.collect()));
    let clock = Arc::new(SystemClock);
    let started =
        Telephony::start_with(setup.config, floor.clone(), book, to_exchange, clock, chance.clone()).await;
    let telephony = started.unwrap();
    if setup.open {
        floor.send(Input::Opened).await.unwrap();
    }
    for guide in &guides {
        let skills = vec![Skill { group, level: 1 }];
        floor.send(Input::SignedIn { guide: *guide, skills }).await.unwrap();
        floor.send(Input::Ready { guide: *guide }).await.unwrap();
    }
    let kit = PhoneKit::new([127, 0, 0, 1].into(), 1, chance).unwrap().with_t1(Duration::from_millis(50));
    House { telephony, kit, floor, guides, record: watch }
}

/// One writer: drains all outputs before the next input, and keeps the core's deadlines.
async fn write(
    mut routing: Routing,
    mut inbox: mpsc::UnboundedReceiver<(Ask, oneshot::Sender<Result<(), CentreError>>)>,
    outputs: mpsc::UnboundedSender<Output>,
    record: watch::Sender<Record>,
    group: AnswerGroupId,
) {
    loop {
        let now = SystemClock.now();
        let until =
            routing.next_deadline().map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
        let asked = tokio::select! {
            asked = inbox.recv() => match asked {
                Some(asked) => Some(asked),
                None => return,
            },
            () = tokio::time::sleep(until.unwrap_or(PATIENCE)) => None,
        };
        let now = SystemClock.now();
        let (input, reply) = match asked {
            None => (Input::Tick, None),
            Some((Ask::Input(input), reply)) => (input, Some(reply)),
            Some((Ask::Arrival(arrival), reply)) => {
                record.send_modify(|record| record.arrivals.push(arrival.clone()));
                if arrival.dialled == "unknown" {
                    reply.send(Err(CentreError::UnknownNumber)).ok();
                    continue;
                }
                (Input::CallArrived { call: arrival.contact, group, priority: Priority::Normal }, Some(reply))
            }
        };
        record.send_modify(|record| record.inputs.push(input.clone()));
        routing.handle(now, input);
        while let Some(output) = routing.poll() {
            outputs.send(output.clone()).ok();
            record.send_modify(|record| record.outputs.push(output));
        }
        if let Some(reply) = reply {
            reply.send(Ok(())).ok();
        }
    }
}

impl House {
    /// Waits until what the core has put out fulfils `found`.
    pub async fn until<T>(&self, what: &str, found: impl Fn(&Record) -> Option<T>) -> T {
        let mut record = self.record.clone();
        soon(what, async move {
            loop {
                if let Some(value) = found(&record.borrow_and_update()) {
                    return value;
                }
                record.changed().await.expect("the floor lives");
            }
        })
        .await
    }

    pub async fn until_output(&self, what: &str, found: impl Fn(&Output) -> bool) {
        self.until(what, |record| record.outputs.iter().any(&found).then_some(())).await;
    }

    /// How the `n`th call (from 0) ended.
    pub async fn ending(&self, n: usize) -> CallEnding {
        let ended = |record: &Record| {
            let call = record.arrivals.get(n)?.contact;
            record.outputs.iter().find_map(|output| match output {
                Output::CallEnded { call: ended, ending, .. } if *ended == call => Some(*ending),
                _ => None,
            })
        };
        self.until("the end of the call", ended).await
    }

    /// A registered telephone of guide `n`, whose guide is ready.
    pub async fn guide_phone(&self, n: usize) -> SoftPhone {
        let mut phone = SoftPhone::start("127.0.0.1:0".parse().unwrap(), &self.kit).await.unwrap();
        let registered = phone.register(self.sip(), &format!("guide{n}"), PASSWORD).await;
        registered.expect("the telephone registers");
        let guide = self.guides[n];
        let up = move |record: &Record| record.inputs.contains(&Input::TelephoneUp { guide }).then_some(());
        self.until("the telephone is up", up).await;
        phone
    }

    pub async fn trunk_phone(&self) -> SoftPhone {
        SoftPhone::start("127.0.0.1:0".parse().unwrap(), &self.kit).await.unwrap()
    }

    pub async fn floor_send(&self, input: Input) {
        self.floor.send(input).await.unwrap();
    }

    pub fn sip(&self) -> SocketAddr {
        self.telephony.sip_addr()
    }

    pub async fn state(&self, n: usize, what: &str, wanted: impl Fn(&GuideState) -> bool) {
        let guide = self.guides[n];
        let is = move |record: &Record| {
            let last = record.outputs.iter().rev().find_map(|output| match output {
                Output::GuideChanged { guide: changed, state } if *changed == guide => Some(*state),
                _ => None,
            });
            last.filter(|state| wanted(state)).map(|_| ())
        };
        self.until(what, is).await;
    }
}

/// A conversation led on the side, so that the test can watch from outside.
pub struct Led {
    pub meter: telephony::driver::meter::Meter,
    pub events: mpsc::UnboundedReceiver<ConversationEvent>,
    stop: Option<oneshot::Sender<Goodbye>>,
    press: mpsc::UnboundedSender<char>,
    pub log: Arc<Mutex<Vec<ConversationEvent>>>,
}

enum Goodbye {
    HangUp,
    CutSound,
}

/// Leads `conversation`: plays `hz` to the other end and notes what happens.
pub fn lead(mut conversation: Conversation, hz: f64) -> Led {
    conversation.play(Playlist::looped(Sound::tone(hz, 2_000)));
    let meter = conversation.meter().clone();
    let (sender, events) = mpsc::unbounded_channel();
    let (stop, mut stopped) = oneshot::channel();
    let (press, mut presses) = mpsc::unbounded_channel();
    let log = Arc::new(Mutex::new(Vec::new()));
    let written = log.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                event = conversation.next() => {
                    written.lock().unwrap().push(event.clone());
                    let over = matches!(event, ConversationEvent::Ended(_));
                    sender.send(event).ok();
                    if over { return; }
                }
                Some(digit) = presses.recv() => {
                    conversation.press(telephony::protocol::dtmf::Digit::from_char(digit).unwrap());
                }
                goodbye = &mut stopped => match goodbye {
                    Ok(Goodbye::HangUp) | Err(_) => return conversation.hang_up(),
                    Ok(Goodbye::CutSound) => {
                        conversation.cut_sound();
                        std::future::pending::<()>().await;
                    }
                },
            }
        }
    });
    Led { meter, events, stop: Some(stop), press, log }
}

impl Led {
    pub fn hang_up(mut self) {
        self.stop.take().unwrap().send(Goodbye::HangUp).ok();
    }

    /// The network is cut: no more sound, and nobody says goodbye.
    pub fn cut(&mut self) {
        self.stop.take().unwrap().send(Goodbye::CutSound).ok();
    }

    pub fn press(&self, digit: char) {
        self.press.send(digit).unwrap();
    }

    /// Waits for an event.
    pub async fn event(
        &mut self,
        what: &str,
        wanted: impl Fn(&ConversationEvent) -> bool,
    ) -> ConversationEvent {
        soon(what, async {
            loop {
                let event = self.events.recv().await.expect("the conversation is led");
                if wanted(&event) {
                    return event;
                }
            }
        })
        .await
    }

    pub async fn ended(&mut self) -> ConversationEvent {
        self.event("the end of the conversation", |event| matches!(event, ConversationEvent::Ended(_))).await
    }

    /// Waits until a tone is heard.
    pub async fn hears(&self, what: &str, hz: f64) {
        soon(what, async {
            while self.meter.tone(hz) < 0.5 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }
}

/// The id of the first call.
pub fn first_call(record: &Record) -> Option<ContactId> {
    record.arrivals.first().map(|arrival| arrival.contact)
}
