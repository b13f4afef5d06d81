//! The exchange: one task that obeys the routing core's outputs and reports what happens, and knows only which dialog
//! and which leg belong to which call. Whatever there is to decide about a call, the core decides.

mod callers;
mod guides;
mod lanes;
mod phones;

use crate::browser::{BrowserPhones, GuideEvent, PhoneEvent};
use crate::centre::{Account, Accounts, Arrival, Centre, CentreError};
use crate::config::{Sounds, TelephonyConfig};
use crate::driver::agent::{Agent, ServerRequest};
use crate::driver::dialog::DialogEvent;
use crate::driver::media::{Media, MediaEvent};
use crate::driver::rtp_leg::RtpLegMaker;
use crate::protocol::digest::Credentials;
use crate::protocol::g711::Sound;
use crate::protocol::gate::ALLOW;
use crate::registrar::Registrar;
use crate::trunk::Trunk;
use callers::Caller;
use guides::GuideLeg;
use lanes::Lanes;
use routing::{OfferNumber, Output};
use rsipstack::sip::{Header, Method, headers::untyped};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use vocabulary::{Chance, Clock, ContactId, UserId};

/// How often registrations that have run out are looked for.
const TICK: Duration = Duration::from_secs(1);
/// How long the last BYEs may take when the exchange stops.
const STOP_MAX: Duration = Duration::from_secs(2);

/// Everything that reaches the exchange, from wherever.
pub(crate) enum Event {
    /// A request that begins something.
    Request(Box<ServerRequest>),
    /// The account of a telephone that wants to register has been looked up.
    Account(Box<ServerRequest>, Credentials, Option<Account>),
    /// The centre has, or has not, taken in a call.
    Arrived(ContactId, Result<(), CentreError>),
    /// Of a caller's dialog.
    Caller(ContactId, DialogEvent),
    /// Of a caller's sound.
    CallerSound(ContactId, MediaEvent),
    /// Of a call to a guide.
    Guide(OfferNumber, GuideEvent),
    /// Of the dialog with a guide's SIP telephone.
    GuideDialog(OfferNumber, DialogEvent),
    /// Of a guide's sound.
    GuideSound(OfferNumber, MediaEvent),
    /// A browser's telephone has come or gone.
    Browser(PhoneEvent),
    /// What the surge notice says from now on; none: what it says otherwise.
    Surge(Option<Sound>, oneshot::Sender<()>),
    /// Hang up everything and end.
    Stop(oneshot::Sender<()>),
}

/// Where [`Event`]s go.
pub(crate) type Mailbox = mpsc::UnboundedSender<Event>;

/// What the exchange works with.
pub(crate) struct Parts {
    pub agent: Agent,
    pub media: Media,
    pub legs: Arc<RtpLegMaker>,
    pub browsers: BrowserPhones,
    pub centre: Arc<dyn Centre>,
    pub accounts: Arc<dyn Accounts>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub sounds: Sounds,
    pub mailbox: Mailbox,
}

/// The exchange's state.
pub(crate) struct Exchange {
    parts: Parts,
    switchboard: Option<String>,
    lanes: Lanes,
    trunk: Trunk,
    registrar: Registrar,
    callers: BTreeMap<ContactId, Caller>,
    guides: BTreeMap<OfferNumber, GuideLeg>,
    /// The guides the core believes to have a telephone.
    up: BTreeSet<UserId>,
    /// What the surge notice says, if it is something else than usual.
    surge: Option<Sound>,
}

impl Exchange {
    /// An exchange in which nothing happens yet.
    pub fn new(parts: Parts, config: &TelephonyConfig, now: Instant) -> Self {
        Self {
            switchboard: config.switchboard.clone(),
            lanes: Lanes::start(&parts.centre, &parts.mailbox),
            trunk: Trunk::new(config, now),
            registrar: Registrar::new(&config.realm),
            callers: BTreeMap::new(),
            guides: BTreeMap::new(),
            up: BTreeSet::new(),
            surge: None,
            parts,
        }
    }

    /// Serves until told to stop, or until the core is gone.
    pub async fn run(
        mut self,
        mut mail: mpsc::UnboundedReceiver<Event>,
        mut outputs: mpsc::UnboundedReceiver<Output>,
    ) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let stopped = loop {
            tokio::select! {
                // What the core wants comes before what the world reports: it was decided earlier.
                biased;
                output = outputs.recv() => match output {
                    Some(output) => self.obey(output),
                    None => break None,
                },
                event = mail.recv() => match event {
                    Some(Event::Stop(stopped)) => break Some(stopped),
                    Some(event) => self.take_in(event).await,
                    None => break None,
                },
                _ = tick.tick() => self.tick(),
            }
            #[expect(clippy::cast_precision_loss, reason = "at most some hundreds")]
            metrics::gauge!("calls_live").set(self.callers.len() as f64);
        };
        self.stop().await;
        if let Some(stopped) = stopped {
            stopped.send(()).ok();
        }
    }

    /// Hangs up everything, and gives the last messages time to get through.
    async fn stop(&mut self) {
        let calls: Vec<ContactId> = self.callers.keys().copied().collect();
        let offers: Vec<OfferNumber> = self.guides.keys().copied().collect();
        calls.into_iter().for_each(|call| self.drop_caller(call));
        offers.into_iter().for_each(|offer| self.withdraw(offer));
        metrics::gauge!("calls_live").set(0.0);
        let agent = &self.parts.agent;
        let all_quiet = async {
            while agent.dialogs() > 0 || agent.is_sending() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(STOP_MAX, all_quiet).await.is_err() {
            tracing::info!("some telephones did not confirm that the call is over");
        }
        agent.stop();
    }

    async fn take_in(&mut self, event: Event) {
        match event {
            Event::Request(request) => self.requested(*request).await,
            Event::Account(request, credentials, account) => {
                self.proved(*request, &credentials, account.as_ref()).await;
            }
            Event::Arrived(call, result) => self.arrived(call, result),
            Event::Caller(call, event) => self.caller(call, event),
            Event::CallerSound(call, event) => self.caller_sound(call, event),
            Event::Guide(offer, event) => self.guide(offer, event),
            Event::GuideDialog(offer, event) => self.guide_dialog(offer, event),
            Event::GuideSound(offer, event) => self.guide_sound(offer, event),
            Event::Browser(PhoneEvent::Up(guide) | PhoneEvent::Down(guide)) => self.telephones_of(guide),
            Event::Surge(sound, taken) => {
                self.surge = sound;
                taken.send(()).ok();
            }
            Event::Stop(_) => {}
        }
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::PlayPrompt { call } => self.play_prompt(call),
            Output::PlayQueue { call, surge } => self.play_queue(call, surge),
            Output::Offer { offer, call, guide, .. } => self.offer(offer, call, guide),
            Output::WithdrawOffer { offer, .. } => self.withdraw(offer),
            Output::Connect { call, guide } => self.connect(call, guide),
            Output::HangUp { call, who } => self.hang_up(call, who),
            Output::ToSwitchboard { call } => self.pass_to_switchboard(call),
            Output::CallEnded { call, .. } => self.ended(call),
            Output::CallQueued { .. } | Output::GuideChanged { .. } | Output::SurgeChanged { .. } => {}
        }
    }

    /// A request outside any dialog.
    async fn requested(&mut self, request: ServerRequest) {
        match request.method() {
            Method::Invite => self.invited(request).await,
            Method::Register => self.registering(request).await,
            Method::Options => {
                let accept = Header::Accept(untyped::Accept::new("application/sdp"));
                request.reply(200, vec![allow(), accept]).await;
            }
            // These belong into dialogs, and there is none.
            Method::Bye | Method::Update | Method::Info | Method::Refer | Method::Notify | Method::PRack => {
                request.reply(481, Vec::new()).await;
            }
            _ => request.reply(405, vec![allow()]).await,
        }
    }

    fn tick(&mut self) {
        for guide in self.registrar.expire(Instant::now()) {
            self.telephones_of(guide);
        }
    }
}

fn allow() -> Header {
    Header::Allow(untyped::Allow::new(ALLOW))
}

/// Wraps the mailbox for a call, as the layers below want it.
fn arrival(call: ContactId, dialled: String, caller_number: Option<String>) -> Arrival {
    Arrival { contact: call, dialled, caller_number }
}
