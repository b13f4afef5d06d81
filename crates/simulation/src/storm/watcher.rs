//! An observer that sees what goes into the core and what comes out, and nothing else. It keeps its own small picture
//! of the centre and says when something comes out that must not.

use super::report::Endings;
use routing::{CallEnding, GuideState, HangUp, Input, OfferNumber, Output, Priority, Settings, Skill};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{AnswerGroupId, AwayReason, ContactId, SignedDuration, Timestamp, UserId};

/// What must not be.
pub(super) type Complaint = String;

macro_rules! demand {
    ($what:expr, $($said:tt)+) => {
        if !$what {
            return Err(format!($($said)+));
        }
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Prompt { since: Timestamp },
    Queued,
    Ringing { offer: OfferNumber, guide: UserId, until: Timestamp },
    Talking { guide: UserId },
}

#[derive(Clone, Copy, Debug)]
struct Call {
    group: AnswerGroupId,
    priority: Priority,
    /// The order of joining the queue.
    joined: u64,
    waits_since: Timestamp,
    phase: Phase,
}

#[derive(Clone, Debug)]
struct Guide {
    skills: Vec<Skill>,
    state: GuideState,
    since: Timestamp,
    idle_since: Timestamp,
    telephone_up: bool,
}

/// What has become of an offer: the telephone may speak of it long afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    Rings(ContactId, UserId),
    CameToNothing(ContactId, UserId),
    Answered,
}

/// The observer.
#[derive(Debug)]
pub(super) struct Watcher {
    settings: Settings,
    now: Timestamp,
    open: bool,
    calls: BTreeMap<ContactId, Call>,
    guides: BTreeMap<UserId, Guide>,
    ended: BTreeSet<ContactId>,
    offers: Vec<Offer>,
    last_joined: u64,
    pub(super) arrived: u64,
    pub(super) endings: Endings,
    /// Residents who were returned to the queue.
    pub(super) returned: u64,
    // Of the step at hand:
    newcomer: Option<(ContactId, AnswerGroupId, Priority)>,
    restarting: bool,
    to_switchboard: Option<ContactId>,
    hung_up: Vec<(ContactId, HangUp)>,
    legs_withdrawn: Vec<OfferNumber>,
    owed: Option<(OfferNumber, ContactId, UserId)>,
}

impl Watcher {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            now: Timestamp::MIN,
            open: false,
            calls: BTreeMap::new(),
            guides: BTreeMap::new(),
            ended: BTreeSet::new(),
            offers: Vec::new(),
            last_joined: 0,
            arrived: 0,
            endings: Endings::default(),
            returned: 0,
            newcomer: None,
            restarting: false,
            to_switchboard: None,
            hung_up: Vec::new(),
            legs_withdrawn: Vec::new(),
            owed: None,
        }
    }

    fn guide(&mut self, guide: UserId) -> &mut Guide {
        let now = self.now;
        self.guides.entry(guide).or_insert_with(|| Guide {
            skills: Vec::new(),
            state: GuideState::SignedOut,
            since: now,
            idle_since: now,
            telephone_up: false,
        })
    }

    /// Before an input goes in.
    pub(super) fn goes_in(&mut self, now: Timestamp, input: &Input) {
        self.now = now;
        self.newcomer = None;
        self.restarting = false;
        self.to_switchboard = None;
        self.hung_up.clear();
        self.legs_withdrawn.clear();
        self.owed = None;
        match input {
            Input::CallArrived { call, group, priority }
                if !self.calls.contains_key(call) && !self.ended.contains(call) =>
            {
                self.arrived += 1;
                self.newcomer = Some((*call, *group, *priority));
            }
            Input::OfferAccepted { offer } => match self.offer(*offer) {
                Some(Offer::CameToNothing(call, guide)) => self.owed = Some((*offer, call, guide)),
                Some(Offer::Rings(..) | Offer::Answered) | None => {}
            },
            Input::SignedIn { guide, skills } => {
                let skills = skills.clone();
                let now = self.now;
                let it = self.guide(*guide);
                it.skills = skills;
                if it.state == GuideState::SignedOut {
                    it.idle_since = now;
                }
            }
            Input::TelephoneUp { guide } => self.guide(*guide).telephone_up = true,
            Input::TelephoneDown { guide } => self.guide(*guide).telephone_up = false,
            Input::Opened => self.open = true,
            Input::Closed => self.open = false,
            Input::Restarted => {
                self.restarting = true;
                for guide in self.guides.values_mut() {
                    guide.telephone_up = false;
                }
            }
            _ => {}
        }
    }

    fn offer(&self, offer: OfferNumber) -> Option<Offer> {
        self.offers.get(usize::try_from(offer.0).ok()?.checked_sub(1)?).copied()
    }

    fn set_offer(&mut self, offer: OfferNumber, is: Offer) {
        if let Some(slot) = usize::try_from(offer.0).ok().and_then(|n| self.offers.get_mut(n.checked_sub(1)?))
        {
            *slot = is;
        }
    }

    /// Something comes out.
    pub(super) fn comes_out(&mut self, output: &Output) -> Result<(), Complaint> {
        match *output {
            Output::PlayPrompt { call } => self.prompt(call),
            Output::CallQueued { call } => self.queued(call),
            Output::Offer { offer, call, guide, until } => self.offered(offer, call, guide, until),
            Output::WithdrawOffer { offer, call, guide } => self.withdrawn(offer, call, guide),
            Output::Connect { call, guide } => self.connected(call, guide),
            Output::HangUp { call, who } => {
                self.hung_up.push((call, who));
                Ok(())
            }
            Output::ToSwitchboard { call } => {
                self.to_switchboard = Some(call);
                Ok(())
            }
            Output::CallEnded { call, ending, guide } => self.call_ended(call, ending, guide),
            Output::GuideChanged { guide, state } => self.guide_changed(guide, state),
            Output::PlayQueue { call, .. } => {
                let waits = self
                    .calls
                    .get(&call)
                    .is_some_and(|c| matches!(c.phase, Phase::Queued | Phase::Ringing { .. }));
                demand!(waits, "{call} hears music and does not wait");
                Ok(())
            }
            Output::SurgeChanged { .. } => Ok(()),
        }
    }

    fn prompt(&mut self, call: ContactId) -> Result<(), Complaint> {
        let Some((newcomer, group, priority)) = self.newcomer else {
            return Err(format!("a prompt for {call}, which has not just arrived"));
        };
        demand!(newcomer == call, "a prompt for {call}, but {newcomer} arrived");
        demand!(self.open, "{call} was taken in while closed");
        demand!(self.calls.len() < self.settings.calls_max, "{call} was taken in though the centre is full");
        let phase = Phase::Prompt { since: self.now };
        self.calls.insert(call, Call { group, priority, joined: 0, waits_since: self.now, phase });
        Ok(())
    }

    fn queued(&mut self, call: ContactId) -> Result<(), Complaint> {
        let now = self.now;
        let joins = self.last_joined + 1;
        let Some(it) = self.calls.get_mut(&call) else {
            return Err(format!("{call} is queued and not in the centre"));
        };
        it.waits_since = now;
        match it.phase {
            Phase::Prompt { .. } => {
                it.joined = joins;
                it.phase = Phase::Queued;
                self.last_joined = joins;
            }
            Phase::Talking { guide } => {
                it.priority = Priority::Returned;
                it.phase = Phase::Queued;
                self.returned += 1;
                self.guide(guide).idle_since = now;
            }
            phase => return Err(format!("{call} joins the queue out of {phase:?}")),
        }
        Ok(())
    }

    /// The level at which `guide` may be given `call` now, if at all.
    fn level(&self, call: &Call, guide: &Guide) -> Option<u8> {
        let level = guide.skills.iter().find(|skill| skill.group == call.group)?.level;
        let waited = call.waits_since.duration_until(self.now);
        let open = call.priority == Priority::Returned
            || waited >= self.settings.overflow_after.saturating_mul(i32::from(level) - 1);
        open.then_some(level)
    }

    fn offered(
        &mut self,
        offer: OfferNumber,
        call: ContactId,
        guide: UserId,
        until: Timestamp,
    ) -> Result<(), Complaint> {
        let Some(it) = self.calls.get(&call) else { return Err(format!("{call} is offered and not here")) };
        let Some(at) = self.guides.get(&guide) else { return Err(format!("{guide} is offered and unknown")) };
        demand!(it.phase == Phase::Queued, "{call} is offered out of {:?}", it.phase);
        demand!(at.state == GuideState::Ready, "{guide} is offered a call while {:?}", at.state);
        demand!(at.telephone_up, "{guide} is offered a call without a telephone");
        let Some(level) = self.level(it, at) else {
            return Err(format!("{guide} may not be offered {call} yet, or ever"));
        };
        for (other, other_call) in &self.calls {
            if other_call.phase != Phase::Queued {
                continue;
            }
            if let Some(other_level) = self.level(other_call, at) {
                demand!(
                    (level, it.priority, it.joined) <= (other_level, other_call.priority, other_call.joined),
                    "{call} passes {other}, which {guide} could take"
                );
            }
        }
        for (other, other_guide) in &self.guides {
            if other_guide.state != GuideState::Ready {
                continue;
            }
            if let Some(other_level) = self.level(it, other_guide) {
                demand!(
                    (level, at.idle_since) <= (other_level, other_guide.idle_since),
                    "{guide} is offered {call} before {other}, who has been without a call longer"
                );
            }
        }
        demand!(until == self.now + self.settings.ring_max, "{offer:?} rings until {until}");
        self.offers.push(Offer::Rings(call, guide));
        demand!(offer.0 == self.offers.len() as u64, "{offer:?} does not follow the one before");
        self.set_phase(call, Phase::Ringing { offer, guide, until });
        Ok(())
    }

    fn set_phase(&mut self, call: ContactId, phase: Phase) {
        if let Some(it) = self.calls.get_mut(&call) {
            it.phase = phase;
        }
    }

    fn withdrawn(&mut self, offer: OfferNumber, call: ContactId, guide: UserId) -> Result<(), Complaint> {
        self.legs_withdrawn.push(offer);
        match self.offer(offer) {
            Some(Offer::Rings(c, g)) => {
                demand!(c == call && g == guide, "{offer:?} is withdrawn under another name");
                self.came_to_nothing(offer, call, guide);
                Ok(())
            }
            // A leg that was answered after its offer was over.
            Some(Offer::CameToNothing(c, g)) if c == call && g == guide => Ok(()),
            other => Err(format!("{offer:?} is withdrawn, but is {other:?}")),
        }
    }

    fn came_to_nothing(&mut self, offer: OfferNumber, call: ContactId, guide: UserId) {
        self.set_offer(offer, Offer::CameToNothing(call, guide));
        self.set_phase(call, Phase::Queued);
    }

    fn connected(&mut self, call: ContactId, guide: UserId) -> Result<(), Complaint> {
        let phase = self.calls.get(&call).map(|it| it.phase);
        let Some(Phase::Ringing { offer, guide: rings, .. }) = phase else {
            return Err(format!("{call} is joined with {guide} out of {phase:?}"));
        };
        demand!(rings == guide, "{call} rings at {rings} and is joined with {guide}");
        for (other, it) in &self.calls {
            demand!(it.phase != Phase::Talking { guide }, "{guide} is in two calls: {other} and {call}");
        }
        self.set_offer(offer, Offer::Answered);
        self.set_phase(call, Phase::Talking { guide });
        Ok(())
    }

    fn call_ended(
        &mut self,
        call: ContactId,
        ending: CallEnding,
        guide: Option<UserId>,
    ) -> Result<(), Complaint> {
        let phase = self.calls.remove(&call).map(|it| it.phase);
        let fits = match (phase, ending) {
            (None, CallEnding::ToSwitchboard) => self.newcomer.is_some_and(|(newcomer, ..)| newcomer == call),
            (Some(Phase::Queued), CallEnding::ToSwitchboard | CallEnding::Abandoned)
            | (Some(Phase::Prompt { .. }), CallEnding::AbandonedInPrompt) => guide.is_none(),
            (Some(Phase::Talking { guide: talks }), CallEnding::Handled) => {
                guide == Some(talks) && self.hung_up.iter().any(|(c, _)| *c == call)
            }
            (Some(_), CallEnding::Failed) => self.restarting,
            _ => false,
        };
        demand!(fits, "{call} ends {ending:?} with {guide:?} out of {phase:?}");
        let passed_on = self.to_switchboard.take() == Some(call);
        demand!(
            passed_on == (ending == CallEnding::ToSwitchboard),
            "{call} ends {ending:?}; passed on: {passed_on}"
        );
        demand!(self.ended.insert(call), "{call} ends twice");
        self.endings.add(ending);
        match phase {
            Some(Phase::Talking { guide }) => {
                let now = self.now;
                self.guide(guide).idle_since = now;
            }
            Some(Phase::Ringing { offer, guide, .. }) => {
                self.set_offer(offer, Offer::CameToNothing(call, guide));
            }
            _ => {}
        }
        Ok(())
    }

    fn guide_changed(&mut self, guide: UserId, state: GuideState) -> Result<(), Complaint> {
        let now = self.now;
        let it = self.guide(guide);
        let before = std::mem::replace(&mut it.state, state);
        it.since = now;
        demand!(before != state, "{guide} changes from {before:?} to the same");
        // An offer that failed at the telephone is not withdrawn; that the guide does something else tells of it.
        if let (GuideState::Offered { offer, call }, true) =
            (before, !matches!(state, GuideState::Talking { .. }))
            && self.offer(offer) == Some(Offer::Rings(call, guide))
        {
            self.came_to_nothing(offer, call, guide);
        }
        Ok(())
    }

    /// After the last output of an input.
    pub(super) fn settled(&mut self) -> Result<(), Complaint> {
        demand!(self.to_switchboard.is_none(), "passed on, and not ended");
        if let Some((offer, call, guide)) = self.owed {
            let hung_up = self.hung_up.contains(&(call, HangUp::Guide(guide)));
            demand!(
                hung_up || self.legs_withdrawn.contains(&offer),
                "the leg of {offer:?} at {guide} stays up"
            );
        }
        if let Some((call, ..)) = self.newcomer {
            demand!(
                self.calls.contains_key(&call) || self.ended.contains(&call),
                "{call} arrived, and nothing was done"
            );
        }
        self.calls_settled()?;
        self.guides_settled()
    }

    fn overdue(&self, since: Timestamp, max: SignedDuration) -> bool {
        since + max <= self.now
    }

    fn calls_settled(&self) -> Result<(), Complaint> {
        for (call, it) in &self.calls {
            match it.phase {
                Phase::Prompt { since } => {
                    demand!(
                        !self.overdue(since, self.settings.prompt_max),
                        "{call} hears its prompt for ever"
                    );
                }
                Phase::Queued => {
                    demand!(!self.overdue(it.waits_since, self.settings.wait_max), "{call} waits for ever");
                    for (guide, at) in &self.guides {
                        let could = at.state == GuideState::Ready && self.level(it, at).is_some();
                        demand!(!could, "{call} waits while {guide} is ready");
                    }
                }
                Phase::Ringing { offer, guide, until } => {
                    demand!(until > self.now, "{offer:?} rings for ever");
                    let state = self.guides.get(&guide).map(|at| at.state);
                    demand!(
                        state == Some(GuideState::Offered { offer, call: *call }),
                        "{call} rings at {guide}, who is {state:?}"
                    );
                }
                Phase::Talking { guide } => {
                    let state = self.guides.get(&guide).map(|at| at.state);
                    demand!(
                        state == Some(GuideState::Talking { call: *call }),
                        "{call} is talked with {guide}, who is {state:?}"
                    );
                }
            }
        }
        Ok(())
    }

    fn guides_settled(&self) -> Result<(), Complaint> {
        for (guide, it) in &self.guides {
            let phase = |call| self.calls.get(&call).map(|c| c.phase);
            match it.state {
                GuideState::Talking { call } => {
                    let phase = phase(call);
                    demand!(
                        phase == Some(Phase::Talking { guide: *guide }),
                        "{guide} is stuck talking; the call is {phase:?}"
                    );
                }
                GuideState::Offered { offer, call } => {
                    let rings = matches!(phase(call), Some(Phase::Ringing { offer: o, .. }) if o == offer);
                    demand!(rings, "{guide} is stuck ringing");
                }
                GuideState::WrapUp { .. } => {
                    demand!(!self.overdue(it.since, self.settings.wrap_up_max), "{guide} wraps up for ever");
                }
                GuideState::Ready => demand!(it.telephone_up, "{guide} is ready without a telephone"),
                GuideState::SignedOut | GuideState::Away { .. } => {}
            }
        }
        Ok(())
    }

    /// At night, when the last call has ended and everybody has gone home.
    pub(super) fn night(&mut self) -> Result<(), Complaint> {
        demand!(self.calls.is_empty(), "left at night: {:?}", self.calls);
        for (guide, it) in &self.guides {
            demand!(it.state == GuideState::SignedOut, "{guide} is {:?} at night", it.state);
        }
        demand!(
            self.endings.sum() == self.arrived,
            "{} calls came and {:?} ended",
            self.arrived,
            self.endings
        );
        Ok(())
    }

    /// Whether a guide is away for a reason that Lots gave.
    pub(super) fn was_set_away(state: GuideState) -> bool {
        matches!(state, GuideState::Away { reason: AwayReason::NoAnswer | AwayReason::Unreachable })
    }
}
