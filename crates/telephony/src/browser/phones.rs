//! All the browsers' telephones: who has one, and ringing it.

use super::flow::{CallEvent, CallNumber, Closed, Flow, Output};
use super::leg::BrowserLegMaker;
use crate::driver::leg::{Leg, LegMaker as _, PendingLeg};
use crate::driver::ports::PortPool;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use vocabulary::{Chance, UserId};

/// How often a flow looks at what never came.
const TICK: Duration = Duration::from_secs(1);

/// Why the browsers' telephones cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The cryptography refused.
    #[error("no certificate could be made for the browsers' sound connections")]
    Certificate,
}

/// A guide's browser telephone has come or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    /// It can ring.
    Up(UserId),
    /// It cannot any more.
    Down(UserId),
}

/// Where [`PhoneEvent`]s go. Called from the runtime: hand on, do not work.
pub type PhoneSink = Box<dyn Fn(PhoneEvent) + Send + Sync>;

/// What becomes of a call to a browser. All but the first two end it; exactly one of those comes, unless the call was
/// hung up from here first.
pub enum GuideEvent {
    /// It rings.
    Ringing,
    /// The guide has answered; this is the sound.
    Answered(Box<dyn Leg>),
    /// The guide pressed decline.
    Declined,
    /// The telephone is in a call.
    Busy,
    /// The telephone could not take it, for example without a microphone.
    Unreachable,
    /// The guide hung up.
    HungUp,
    /// The page, the browser or the network is gone.
    Vanished,
}

/// Where a call's [`GuideEvent`]s go. Called from the runtime: hand on, do not work.
pub type GuideSink = Box<dyn FnMut(GuideEvent) + Send>;

/// Why a browser's flow ended, for the closing of its WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowEnd {
    /// The browser closed it.
    Gone,
    /// The same guide has turned on the telephone somewhere else: the newest wins.
    Replaced,
    /// It neither registered nor renewed.
    Silent,
    /// It sent too much that was no SIP.
    Noise,
    /// It does not read what it is sent.
    Slow,
}

impl FlowEnd {
    /// The WebSocket's close code. The island knows 4000.
    #[must_use]
    pub const fn close_code(self) -> u16 {
        match self {
            Self::Gone => 1000,
            Self::Replaced => 4000,
            Self::Noise => 4400,
            Self::Silent => 4408,
            Self::Slow => 4429,
        }
    }

    /// One word for the close frame and the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Replaced => "replaced",
            Self::Noise => "noise",
            Self::Silent => "silent",
            Self::Slow => "slow",
        }
    }
}

impl From<Closed> for FlowEnd {
    fn from(why: Closed) -> Self {
        match why {
            Closed::Silent => Self::Silent,
            Closed::Noise => Self::Noise,
        }
    }
}

enum Wish {
    Ring { call: u64, caller: Option<String>, sink: GuideSink },
    HangUp { call: u64 },
    Replaced,
}

/// The wishes of a flow: two for each call at most, and calls are as many as the routing core offers.
type Wishes = mpsc::UnboundedSender<Wish>;

struct Attached {
    flow: u64,
    wishes: Wishes,
    up: bool,
}

struct Inner {
    maker: BrowserLegMaker,
    chance: Arc<dyn Chance>,
    tell: PhoneSink,
    flows: Mutex<BTreeMap<UserId, Attached>>,
    next: AtomicU64,
}

/// The browsers' telephones. Cheap to clone.
#[derive(Clone)]
pub struct BrowserPhones {
    inner: Arc<Inner>,
}

/// A call to a browser. Hung up (or taken back) when dropped.
pub struct BrowserCall {
    call: u64,
    wishes: Wishes,
}

impl BrowserCall {
    /// Takes the call back if it rings, hangs up if it is answered.
    pub fn hang_up(self) {}
}

impl Drop for BrowserCall {
    fn drop(&mut self) {
        // If the flow is gone, so is the call.
        self.wishes.send(Wish::HangUp { call: self.call }).ok();
    }
}

impl BrowserPhones {
    /// Prepares for browsers. Their sound goes through `ports`, which must be bound to and advertise an address that
    /// browsers reach, not the unspecified one. `tell` hears of telephones that come and go.
    ///
    /// # Errors
    /// [`BrowserError::Certificate`] when the cryptography gives none.
    pub fn new(ports: PortPool, chance: Arc<dyn Chance>, tell: PhoneSink) -> Result<Self, BrowserError> {
        let maker = BrowserLegMaker::new(ports, chance.clone()).ok_or(BrowserError::Certificate)?;
        let inner = Inner { maker, chance, tell, flows: Mutex::default(), next: AtomicU64::new(0) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Serves one browser's WebSocket, whose session belongs to `guide`, until it ends. Text frames come from
    /// `from_browser` and go to `to_browser`. A flow of the same guide that is still open is ended: the newest wins.
    pub async fn attach(
        &self,
        guide: UserId,
        mut from_browser: mpsc::Receiver<String>,
        to_browser: mpsc::Sender<String>,
    ) -> FlowEnd {
        let (wishes, inbox) = mpsc::unbounded_channel();
        let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
        self.enter(guide, Attached { flow: number, wishes, up: false });
        let mut served = Served {
            phones: self.clone(),
            guide,
            number,
            flow: Flow::new(guide, Instant::now()),
            calls: BTreeMap::new(),
            inbox,
            to_browser,
        };
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                frame = from_browser.recv() => match frame {
                    Some(text) => served.flow.receive(&text, Instant::now(), &*self.inner.chance),
                    None => return FlowEnd::Gone,
                },
                wish = served.inbox.recv() => match wish {
                    Some(Wish::Ring { call, caller, sink }) => served.ring(call, caller.as_deref(), sink),
                    Some(Wish::HangUp { call }) => served.hang_up(call),
                    // Without an entry in the register nobody can wish anything any more.
                    Some(Wish::Replaced) | None => return FlowEnd::Replaced,
                },
                _ = tick.tick() => served.flow.tick(Instant::now()),
            }
            if let Err(end) = served.drain() {
                return end;
            }
        }
    }

    /// Whether `guide` has a browser telephone that can ring.
    #[must_use]
    pub fn has(&self, guide: UserId) -> bool {
        self.flows().get(&guide).is_some_and(|attached| attached.up)
    }

    /// Rings the browser of `guide`, presenting `caller` (E.164, none if withheld). None if there is no telephone.
    #[must_use]
    pub fn rings(&self, guide: UserId, caller: Option<String>, sink: GuideSink) -> Option<BrowserCall> {
        let wishes = self.flows().get(&guide).filter(|attached| attached.up)?.wishes.clone();
        let call = self.inner.next.fetch_add(1, Ordering::Relaxed);
        wishes.send(Wish::Ring { call, caller, sink }).ok()?;
        Some(BrowserCall { call, wishes })
    }

    fn flows(&self) -> std::sync::MutexGuard<'_, BTreeMap<UserId, Attached>> {
        self.inner.flows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, guide: UserId, attached: Attached) {
        let old = self.flows().insert(guide, attached);
        if let Some(old) = old {
            old.wishes.send(Wish::Replaced).ok();
            if old.up {
                metrics::gauge!("browser_telephones").decrement(1.0);
                (self.inner.tell)(PhoneEvent::Down(guide));
            }
        }
    }

    /// Notes that flow `number` can ring or cannot; tells if that is news. A replaced flow has no say any more.
    fn set_up(&self, guide: UserId, number: u64, up: bool) {
        let changed = match self.flows().get_mut(&guide).filter(|attached| attached.flow == number) {
            Some(attached) => std::mem::replace(&mut attached.up, up) != up,
            None => false,
        };
        if changed {
            metrics::gauge!("browser_telephones").increment(if up { 1.0 } else { -1.0 });
            (self.inner.tell)(if up { PhoneEvent::Up(guide) } else { PhoneEvent::Down(guide) });
        }
    }

    fn leave(&self, guide: UserId, number: u64) {
        self.set_up(guide, number, false);
        let mut flows = self.flows();
        if flows.get(&guide).is_some_and(|attached| attached.flow == number) {
            flows.remove(&guide);
        }
    }
}

/// A call in the care of a flow.
struct Ringing {
    call: u64,
    sink: GuideSink,
    /// Our half of the sound, until the answer.
    pending: Option<Box<dyn PendingLeg>>,
}

/// A flow with what belongs to it.
struct Served {
    phones: BrowserPhones,
    guide: UserId,
    number: u64,
    flow: Flow,
    calls: BTreeMap<CallNumber, Ringing>,
    inbox: mpsc::UnboundedReceiver<Wish>,
    to_browser: mpsc::Sender<String>,
}

impl Served {
    fn ring(&mut self, call: u64, caller: Option<&str>, mut sink: GuideSink) {
        // What is not a number is not presented: it would be text of a stranger's choosing in our headers.
        let caller =
            caller.filter(|n| n.strip_prefix('+').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())));
        let Some(pending) = self.phones.inner.maker.make() else {
            tracing::warn!("no port is left for a browser's sound connection");
            return sink(GuideEvent::Unreachable);
        };
        match self.flow.ring(caller, &pending.offer(), Instant::now(), &*self.phones.inner.chance) {
            Some(number) => {
                self.calls.insert(number, Ringing { call, sink, pending: Some(pending) });
            }
            None => sink(GuideEvent::Unreachable),
        }
    }

    fn hang_up(&mut self, call: u64) {
        let found = self.calls.iter().find(|(_, ringing)| ringing.call == call).map(|(number, _)| *number);
        if let Some(number) = found {
            self.calls.remove(&number);
            self.flow.hang_up(number, Instant::now(), &*self.phones.inner.chance);
        }
    }

    fn drain(&mut self) -> Result<(), FlowEnd> {
        while let Some(output) = self.flow.poll() {
            match output {
                Output::Send(text) => self.to_browser.try_send(text).map_err(|why| match why {
                    mpsc::error::TrySendError::Full(_) => FlowEnd::Slow,
                    mpsc::error::TrySendError::Closed(_) => FlowEnd::Gone,
                })?,
                Output::Up => self.phones.set_up(self.guide, self.number, true),
                Output::Down => self.phones.set_up(self.guide, self.number, false),
                Output::Call(number, event) => self.tell(number, event),
                Output::Close(why) => return Err(why.into()),
            }
        }
        Ok(())
    }

    fn tell(&mut self, number: CallNumber, event: CallEvent) {
        let Some(ringing) = self.calls.get_mut(&number) else { return };
        let event = match event {
            CallEvent::Ringing => return (ringing.sink)(GuideEvent::Ringing),
            CallEvent::Answered(sdp) => {
                match ringing.pending.take().and_then(|pending| pending.answered(&sdp)) {
                    Some(leg) => return (ringing.sink)(GuideEvent::Answered(leg)),
                    None => {
                        self.flow.hang_up(number, Instant::now(), &*self.phones.inner.chance);
                        GuideEvent::Unreachable
                    }
                }
            }
            CallEvent::Declined => GuideEvent::Declined,
            CallEvent::Busy => GuideEvent::Busy,
            CallEvent::Unreachable => GuideEvent::Unreachable,
            CallEvent::HungUp => GuideEvent::HungUp,
            CallEvent::Lost => GuideEvent::Vanished,
        };
        if let Some(mut ringing) = self.calls.remove(&number) {
            (ringing.sink)(event);
        }
    }
}

impl Drop for Served {
    /// However the flow ends, also when whoever waits for it stops waiting, nobody is left believing in it.
    fn drop(&mut self) {
        // First the telephone, then its calls: nothing new is rung where something has just vanished.
        self.phones.leave(self.guide, self.number);
        for (_, mut ringing) in std::mem::take(&mut self.calls) {
            (ringing.sink)(GuideEvent::Vanished);
        }
        self.inbox.close();
        while let Ok(wish) = self.inbox.try_recv() {
            if let Wish::Ring { mut sink, .. } = wish {
                sink(GuideEvent::Unreachable);
            }
        }
    }
}
