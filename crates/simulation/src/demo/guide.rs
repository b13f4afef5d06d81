//! A simulated guide: comes to work, answers, talks, logs, has lunch and goes home.

use super::dice::Dice;
use super::schedule::{self, Doing};
use super::stage::{SimulatedGuide, Stage};
use super::{log, looking, pace, side};
use crate::residents;
use floor::FloorError;
use routing::{GuideState, Input};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use telephony::driver::conversation::Conversation;
use telephony::softphone::{IncomingCall, SoftPhone};
use vocabulary::civil::{Date, DateTime};
use vocabulary::{AwayReason, ContactId, SignedDuration, Timestamp, time_zone};

/// How often, on the clock, a guide looks at the schedule and the own state.
const LOOK_UP_EVERY: SignedDuration = SignedDuration::from_secs(20);
/// How long, in reality, it may take the floor to show what the telephone says.
const FLOOR_REAL_MAX: Duration = Duration::from_secs(5);
/// How long, in reality, a telephone's good-bye to the registrar may take.
const GOOD_BYE_REAL_MAX: Duration = Duration::from_secs(2);

/// One guide, day after day. Never ends by itself.
pub(crate) async fn work(stage: Arc<Stage>, who: SimulatedGuide) {
    let (dice, looks) = (stage.guide_dice(&who), stage.looking_dice(&who));
    let mut guide =
        Guide { stage, who, dice, looks, phone: None, plan: (Date::MIN, Vec::new()), side_work_at: None };
    loop {
        let doing = guide.now_doing();
        if let Err(error) = guide.reconcile(doing).await {
            tracing::debug!(%error, guide = guide.who.sign_in, "a simulated guide could not do as planned");
        }
        guide.side_work(doing).await;
        let clock = guide.stage.handles.clock.clone();
        tokio::select! {
            call = incoming(&mut guide.phone) => match call {
                Some(call) => guide.take(call).await,
                None => guide.phone = None,
            },
            () = pace::sleep(&*clock, LOOK_UP_EVERY) => {}
        }
    }
}

async fn incoming(phone: &mut Option<SoftPhone>) -> Option<IncomingCall> {
    match phone {
        Some(phone) => phone.incoming().await,
        None => std::future::pending().await,
    }
}

struct Guide {
    stage: Arc<Stage>,
    who: SimulatedGuide,
    dice: Dice,
    /// For what is looked up: dice of their own, so that the rest of the day goes as it would.
    looks: Dice,
    /// There while at work.
    phone: Option<SoftPhone>,
    /// The day that is planned, and its plan.
    plan: (Date, Vec<(DateTime, Doing)>),
    /// When the next e-mail is answered or visitor served; none while on the telephone.
    side_work_at: Option<Timestamp>,
}

impl Guide {
    fn now_doing(&mut self) -> Doing {
        let now = self.stage.handles.clock.now().to_zoned(time_zone()).datetime();
        if self.plan.0 != now.date() {
            let config = &self.stage.config;
            self.plan =
                (now.date(), schedule::day(self.who.worker, now.date(), &config.opening, config.seed));
        }
        schedule::at(&self.plan.1, now)
    }

    fn state(&self) -> GuideState {
        self.stage
            .handles
            .floor
            .snapshot()
            .guide(self.who.id)
            .map_or(GuideState::SignedOut, |view| view.state)
    }

    async fn tell(&self, input: Input) -> Result<(), FloorError> {
        self.stage.handles.floor.send(input).await
    }

    /// Makes what the floor knows of the guide what the plan says. Not called while a call is up.
    async fn reconcile(&mut self, doing: Doing) -> Result<(), FloorError> {
        let guide = self.who.id;
        if doing == Doing::Home {
            return self.go_home().await;
        }
        if self.phone.is_none() {
            self.phone = self.telephone().await;
        }
        if self.state() == GuideState::SignedOut {
            self.stage.handles.floor.sign_in(guide).await?;
        }
        match (doing, self.state()) {
            (_, GuideState::WrapUp { .. }) => self.tell(Input::WrapUpDone { guide }).await,
            (Doing::Phone, GuideState::Away { .. }) => self.tell(Input::Ready { guide }).await,
            (Doing::Away(reason), GuideState::Away { reason: now }) if reason == now => Ok(()),
            (Doing::Away(reason), GuideState::Ready | GuideState::Away { .. }) => {
                self.tell(Input::Away { guide, reason }).await
            }
            _ => Ok(()),
        }
    }

    /// Answers an e-mail or serves a visitor, now and then while the plan has time for it.
    async fn side_work(&mut self, doing: Doing) {
        let Doing::Away(reason @ (AwayReason::Admin | AwayReason::Desk)) = doing else {
            self.side_work_at = None;
            return;
        };
        let now = self.stage.handles.clock.now();
        if self.side_work_at.is_some_and(|at| at <= now) {
            side::work(&self.stage, &self.dice, self.who.id, reason).await;
            self.side_work_at = None;
        }
        if self.side_work_at.is_none() {
            self.side_work_at = now.checked_add(side::takes(&self.dice)).ok();
        }
    }

    async fn go_home(&mut self) -> Result<(), FloorError> {
        if self.state() != GuideState::SignedOut {
            self.tell(Input::SignedOut { guide: self.who.id }).await?;
        }
        if let Some(mut phone) = self.phone.take() {
            // If nobody answers, the registration runs out by itself.
            let _ = tokio::time::timeout(GOOD_BYE_REAL_MAX, phone.unregister()).await;
        }
        Ok(())
    }

    /// A telephone that is registered; none if that did not go, to be tried again.
    async fn telephone(&self) -> Option<SoftPhone> {
        let exchange = self.stage.handles.registrar;
        let registered = async {
            let mut phone =
                SoftPhone::start(SocketAddr::new(exchange.ip(), 0), &self.stage.kit).await.ok()?;
            let password = &self.stage.config.password;
            match phone.register(exchange, &self.who.sign_in, password).await {
                Ok(()) => Some(phone),
                Err(error) => {
                    tracing::warn!(%error, guide = self.who.sign_in, "a simulated guide's telephone");
                    None
                }
            }
        };
        registered.await
    }

    /// A call rings: answers after a moment, talks, hangs up and logs it.
    async fn take(&mut self, mut call: IncomingCall) {
        let clock = self.stage.handles.clock.clone();
        call.ring();
        tokio::select! {
            () = call.cancelled() => return,
            () = pace::sleep(&*clock, self.dice.seconds(2, 6)) => {}
        }
        let Some(mut conversation) = call.answer() else { return };
        conversation.play(self.stage.voices.guide());
        let Some(contact) = self.connected(&mut conversation).await else { return };
        let drawn = || residents::matter(&self.stage.handles.town, &self.dice).map(Arc::new);
        let Some(matter) = self.stage.ongoing.take_matter(contact).or_else(drawn) else { return };
        looking::up(&self.stage, &self.looks, self.who.id, &matter).await;
        tokio::select! {
            _ = conversation.ended() => {}
            () = pace::sleep(&*clock, matter.talk) => {}
        }
        conversation.hang_up();
        self.wait_while(|state| matches!(state, GuideState::Talking { .. })).await;
        pace::sleep(&*clock, self.dice.seconds(8, 40)).await;
        log::after_contact(&self.stage, &self.dice, self.who.id, contact, &matter).await;
        if let Err(error) = self.tell(Input::WrapUpDone { guide: self.who.id }).await {
            tracing::debug!(%error, "a simulated guide could not end the wrap-up");
        }
    }

    /// Which call it is, when the floor has joined both ends; none if the other end is gone before that.
    async fn connected(&self, conversation: &mut Conversation) -> Option<ContactId> {
        let talking = self.wait_while(|state| !matches!(state, GuideState::Talking { .. }));
        tokio::select! {
            () = talking => match self.state() {
                GuideState::Talking { call } => Some(call),
                _ => None,
            },
            _ = conversation.ended() => None,
        }
    }

    /// Waits while the guide's state on the floor is such, but no longer than the floor may take.
    async fn wait_while(&self, such: impl Fn(GuideState) -> bool) {
        let mut floor = self.stage.handles.floor.watch();
        let mut changed = async || {
            while such(self.state()) {
                if floor.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(FLOOR_REAL_MAX, changed()).await;
    }
}
