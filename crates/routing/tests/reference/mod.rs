//! The routing rules written down a second time, in the plainest way: lists that are searched from end to end, no
//! index, no set of deadlines. Slow, and easy to read beside the rules in the crate's documentation.

use routing::{
    CallEnding, GuideState, HangUp, Input, LEVEL_MAX, OfferFailure, OfferNumber, Output, Priority, Settings,
    Skill,
};
use vocabulary::{AnswerGroupId, AwayReason, ContactId, SignedDuration, Timestamp, UserId};

#[derive(Clone, Debug)]
pub struct Guide {
    pub id: UserId,
    pub state: GuideState,
    pub idle_since: Timestamp,
    pub up: bool,
    skills: Vec<Skill>,
    /// When the present state began to count: the start of ringing or wrapping up.
    began: Timestamp,
    /// Until when a telephone that comes up makes ready.
    back_by: Option<Timestamp>,
    /// What is wanted once the call at hand is over; ready, if nothing.
    then: Option<GuideState>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum At {
    Prompt,
    Queue,
    Ringing(OfferNumber, UserId),
    Talking(OfferNumber, UserId),
}

#[derive(Clone, Debug)]
pub struct Call {
    pub id: ContactId,
    pub at: At,
    group: AnswerGroupId,
    priority: Priority,
    arrived: Timestamp,
    place: u64,
    waits_since: Timestamp,
}

/// The whole centre.
pub struct Reference {
    settings: Settings,
    now: Timestamp,
    open: bool,
    surge: Vec<AnswerGroupId>,
    pub guides: Vec<Guide>,
    pub calls: Vec<Call>,
    ended: Vec<ContactId>,
    over: Vec<(OfferNumber, ContactId, UserId)>,
    places: u64,
    pub offers: u64,
    out: Vec<Output>,
}

impl Reference {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            now: Timestamp::MIN,
            open: false,
            surge: vec![],
            guides: vec![],
            calls: vec![],
            ended: vec![],
            over: vec![],
            places: 0,
            offers: 0,
            out: vec![],
        }
    }

    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        self.now = self.now.max(now);
        self.take_in(input);
        while let Some((_, due)) = self.deadlines().into_iter().filter(|(at, _)| *at <= self.now).min() {
            self.due(due);
        }
        while let Some((call, guide)) = self.best_pair() {
            self.ring(call, guide);
        }
        self.guides.retain(|g| g.up || g.state != GuideState::SignedOut);
        std::mem::take(&mut self.out)
    }

    /// The earliest moment at which a wait, a prompt, a ringing or a wrap-up runs out. (Opening to helpers is not a
    /// deadline here: `best_pair` looks at the clock.)
    fn deadlines(&self) -> Vec<(Timestamp, Due)> {
        let calls = self.calls.iter().filter_map(|c| match c.at {
            At::Prompt => Some((c.arrived + self.settings.prompt_max, Due::Prompt(c.id))),
            At::Queue => Some((c.waits_since + self.settings.wait_max, Due::Wait(c.id))),
            _ => None,
        });
        let guides = self.guides.iter().filter_map(|g| match g.state {
            GuideState::Offered { offer, .. } => Some((g.began + self.settings.ring_max, Due::Ring(offer))),
            GuideState::WrapUp { .. } => Some((g.began + self.settings.wrap_up_max, Due::WrapUp(g.id))),
            _ => None,
        });
        calls.chain(guides).collect()
    }

    fn due(&mut self, due: Due) {
        match due {
            Due::Prompt(call) => self.take_in(Input::PromptEnded { call }),
            Due::Ring(offer) => self.stop_ringing(offer, away(AwayReason::NoAnswer), None, true),
            Due::WrapUp(guide) => self.take_in(Input::WrapUpDone { guide }),
            Due::Wait(call) => {
                self.out.push(Output::ToSwitchboard { call });
                self.end(call, CallEnding::ToSwitchboard, None);
            }
        }
    }

    /// Of all pairs that may be made: the lowest level, then the most urgent, then the first in the queue, then the
    /// guide longest without a call.
    fn best_pair(&self) -> Option<(ContactId, UserId)> {
        let mut pairs = vec![];
        for c in self.calls.iter().filter(|c| c.at == At::Queue) {
            for g in self.guides.iter().filter(|g| g.state == GuideState::Ready) {
                for s in g.skills.iter().filter(|s| s.group == c.group) {
                    let wait = self.settings.overflow_after * i32::from(s.level - 1);
                    if c.priority == Priority::Returned || self.now >= c.waits_since + wait {
                        pairs.push((s.level, c.priority, c.place, g.idle_since, g.id, c.id));
                    }
                }
            }
        }
        pairs.into_iter().min().map(|(.., guide, call)| (call, guide))
    }

    fn ring(&mut self, call: ContactId, guide: UserId) {
        self.offers += 1;
        let offer = OfferNumber(self.offers);
        self.the_call(call).at = At::Ringing(offer, guide);
        self.out.push(Output::Offer { offer, call, guide, until: self.now + self.settings.ring_max });
        self.becomes(guide, GuideState::Offered { offer, call });
    }

    fn call(&mut self, id: ContactId) -> Option<&mut Call> {
        self.calls.iter_mut().find(|c| c.id == id)
    }

    fn guide(&mut self, id: UserId) -> Option<&mut Guide> {
        self.guides.iter_mut().find(|g| g.id == id)
    }

    fn the_call(&mut self, id: ContactId) -> &mut Call {
        self.call(id).expect("the call is in the centre")
    }

    fn the_guide(&mut self, id: UserId) -> &mut Guide {
        self.guide(id).expect("the guide is known")
    }

    fn state(&mut self, id: UserId) -> GuideState {
        self.guide(id).map_or(GuideState::SignedOut, |g| g.state)
    }

    fn becomes(&mut self, guide: UserId, state: GuideState) {
        let now = self.now;
        let g = self.the_guide(guide);
        g.back_by = None;
        if g.state != state {
            g.state = state;
            g.began = now;
            self.out.push(Output::GuideChanged { guide, state });
        }
    }

    fn becomes_ready(&mut self, guide: UserId, back_by: Timestamp) {
        if self.the_guide(guide).up {
            self.becomes(guide, GuideState::Ready);
        } else {
            self.becomes(guide, away(AwayReason::Unreachable));
            self.the_guide(guide).back_by = Some(back_by);
        }
    }

    fn grace(&self) -> Timestamp {
        self.now + self.settings.vanish_grace
    }

    fn end(&mut self, call: ContactId, ending: CallEnding, guide: Option<UserId>) {
        self.calls.retain(|c| c.id != call);
        self.ended.push(call);
        self.out.push(Output::CallEnded { call, ending, guide });
    }

    /// A call that is to wait for a group there is not goes to the switchboard.
    fn can_wait(&mut self, call: ContactId) -> bool {
        let group = self.the_call(call).group;
        let can = self.settings.groups.contains(&group);
        if !can {
            self.out.push(Output::ToSwitchboard { call });
            self.end(call, CallEnding::ToSwitchboard, None);
        }
        can
    }

    fn other_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.surge.retain(|group| self.settings.groups.contains(group));
        let mut waiting: Vec<ContactId> =
            self.calls.iter().filter(|c| c.at == At::Queue).map(|c| c.id).collect();
        waiting.sort();
        for call in waiting {
            self.can_wait(call);
        }
    }

    fn queue(&mut self, call: ContactId) {
        if !self.can_wait(call) {
            return;
        }
        let group = self.the_call(call).group;
        self.out.push(Output::CallQueued { call });
        self.out.push(Output::PlayQueue { call, surge: self.surge.contains(&group) });
    }

    /// The offer is over without a talk: the call waits again, the guide does something else.
    fn stop_ringing(
        &mut self,
        offer: OfferNumber,
        then: GuideState,
        back_by: Option<Timestamp>,
        withdraw: bool,
    ) {
        let Some(c) = self.calls.iter_mut().find(|c| matches!(c.at, At::Ringing(o, _) if o == offer)) else {
            return;
        };
        let At::Ringing(_, guide) = c.at else { return };
        c.at = At::Queue;
        let call = c.id;
        self.over.push((offer, call, guide));
        if withdraw {
            self.out.push(Output::WithdrawOffer { offer, call, guide });
        }
        self.can_wait(call);
        self.becomes(guide, then);
        self.the_guide(guide).back_by = back_by;
    }

    fn talk_over(&mut self, offer: OfferNumber, call: ContactId, guide: UserId) {
        self.over.push((offer, call, guide));
        self.the_guide(guide).idle_since = self.now;
        self.becomes(guide, GuideState::WrapUp { call });
    }

    fn hang_up(&mut self, call: ContactId, who: HangUp) {
        self.out.push(Output::HangUp { call, who });
    }

    fn take_in(&mut self, input: Input) {
        match input {
            Input::CallArrived { .. }
            | Input::PromptEnded { .. }
            | Input::CallerLeft { .. }
            | Input::GuideLeft { .. }
            | Input::GuideVanished { .. } => self.of_a_call(input),
            Input::OfferAccepted { offer } => self.accepted(offer),
            Input::OfferFailed { offer, why } => {
                let reason = if why == OfferFailure::Declined {
                    AwayReason::NoAnswer
                } else {
                    AwayReason::Unreachable
                };
                self.stop_ringing(offer, away(reason), None, false);
            }
            Input::Opened => self.open = true,
            Input::Closed => self.open = false,
            Input::SurgeNotice { group, on } => self.surge_notice(group, on),
            Input::Restarted => self.restarted(),
            Input::SettingsReplaced { settings } => self.other_settings(*settings),
            Input::Tick => {}
            _ => self.of_a_guide(input),
        }
    }

    fn of_a_call(&mut self, input: Input) {
        let now = self.now;
        match input {
            Input::CallArrived { call, group, priority } => {
                if self.call(call).is_some() || self.ended.contains(&call) {
                    return;
                }
                let full = self.calls.len() >= self.settings.calls_max;
                if !self.open || full || !self.settings.groups.contains(&group) {
                    self.out.push(Output::ToSwitchboard { call });
                    self.end(call, CallEnding::ToSwitchboard, None);
                    return;
                }
                let (at, arrived) = (At::Prompt, now);
                self.calls.push(Call { id: call, at, group, priority, arrived, place: 0, waits_since: now });
                self.out.push(Output::PlayPrompt { call });
            }
            Input::PromptEnded { call } => {
                let place = self.places + 1;
                if let Some(c) = self.call(call).filter(|c| c.at == At::Prompt) {
                    (c.at, c.place, c.waits_since) = (At::Queue, place, now);
                    self.places = place;
                    self.queue(call);
                }
            }
            Input::CallerLeft { call } => match self.call(call).map(|c| c.at.clone()) {
                None => {}
                Some(At::Prompt) => self.end(call, CallEnding::AbandonedInPrompt, None),
                Some(At::Queue) => self.end(call, CallEnding::Abandoned, None),
                Some(At::Ringing(offer, guide)) => {
                    self.out.push(Output::WithdrawOffer { offer, call, guide });
                    self.over.push((offer, call, guide));
                    self.end(call, CallEnding::Abandoned, None);
                    self.becomes_ready(guide, now);
                }
                Some(At::Talking(offer, guide)) => {
                    self.hang_up(call, HangUp::Guide(guide));
                    self.end(call, CallEnding::Handled, Some(guide));
                    self.talk_over(offer, call, guide);
                }
            },
            Input::GuideLeft { call, guide } => match self.call(call).map(|c| c.at.clone()) {
                Some(At::Talking(offer, g)) if g == guide => {
                    self.hang_up(call, HangUp::Caller);
                    self.end(call, CallEnding::Handled, Some(guide));
                    self.talk_over(offer, call, guide);
                }
                Some(At::Ringing(offer, g)) if g == guide => {
                    self.stop_ringing(offer, away(AwayReason::NoAnswer), None, false);
                }
                _ => {}
            },
            Input::GuideVanished { call, guide } => self.vanished(call, guide),
            _ => unreachable!(),
        }
    }

    fn vanished(&mut self, call: ContactId, guide: UserId) {
        let (now, grace) = (self.now, self.grace());
        match self.call(call).map(|c| c.at.clone()) {
            Some(At::Talking(offer, g)) if g == guide => {
                self.over.push((offer, call, guide));
                self.hang_up(call, HangUp::Guide(guide));
                let c = self.the_call(call);
                (c.at, c.priority, c.waits_since) = (At::Queue, Priority::Returned, now);
                self.queue(call);
                let g = self.the_guide(guide);
                g.idle_since = now;
                let then = g.then.take();
                let state =
                    then.filter(|s| *s == GuideState::SignedOut).unwrap_or(away(AwayReason::Unreachable));
                self.becomes(guide, state);
                self.the_guide(guide).back_by = then.is_none().then_some(grace);
            }
            Some(At::Ringing(offer, g)) if g == guide => {
                self.stop_ringing(offer, away(AwayReason::Unreachable), Some(grace), true);
            }
            _ => {}
        }
    }

    fn accepted(&mut self, offer: OfferNumber) {
        if let Some(c) = self.calls.iter_mut().find(|c| matches!(c.at, At::Ringing(o, _) if o == offer)) {
            let At::Ringing(_, guide) = c.at else { return };
            let call = c.id;
            c.at = At::Talking(offer, guide);
            self.out.push(Output::Connect { call, guide });
            self.the_guide(guide).then = None;
            self.becomes(guide, GuideState::Talking { call });
        } else if let Some((_, call, guide)) = self.over.iter().find(|(o, ..)| *o == offer).copied() {
            let at_hand = match self.state(guide) {
                GuideState::Offered { call, .. } | GuideState::Talking { call } => Some(call),
                _ => None,
            };
            if at_hand == Some(call) {
                self.out.push(Output::WithdrawOffer { offer, call, guide });
            } else {
                self.hang_up(call, HangUp::Guide(guide));
            }
        }
    }

    fn known(&mut self, id: UserId) -> &mut Guide {
        if self.guide(id).is_none() {
            let (idle_since, began) = (self.now, self.now);
            let state = GuideState::SignedOut;
            let skills = vec![];
            self.guides.push(Guide {
                id,
                state,
                idle_since,
                up: false,
                skills,
                began,
                back_by: None,
                then: None,
            });
        }
        self.the_guide(id)
    }

    /// Ready, away or signed out is wanted: at once, or after the call.
    fn wants(&mut self, guide: UserId, wanted: GuideState) {
        match self.state(guide) {
            GuideState::SignedOut => {}
            GuideState::Talking { .. } => {
                self.the_guide(guide).then = Some(wanted).filter(|w| *w != GuideState::Ready);
            }
            GuideState::Offered { .. } | GuideState::Ready if wanted == GuideState::Ready => {}
            GuideState::Offered { offer, .. } => self.stop_ringing(offer, wanted, None, true),
            _ if wanted == GuideState::Ready => self.becomes_ready(guide, Timestamp::MAX),
            _ => self.becomes(guide, wanted),
        }
    }

    fn of_a_guide(&mut self, input: Input) {
        let (now, grace) = (self.now, self.grace());
        match input {
            Input::SignedIn { guide, skills } => {
                let g = self.known(guide);
                g.skills = skills;
                for s in &mut g.skills {
                    s.level = s.level.clamp(1, LEVEL_MAX);
                }
                g.then = g.then.filter(|then| *then != GuideState::SignedOut);
                if g.state == GuideState::SignedOut {
                    g.idle_since = now;
                    self.becomes(guide, away(AwayReason::Admin));
                }
            }
            Input::SignedOut { guide } => self.wants(guide, GuideState::SignedOut),
            Input::Ready { guide } => self.wants(guide, GuideState::Ready),
            Input::Away { guide, reason } => self.wants(guide, away(reason)),
            Input::WrapUpDone { guide } => {
                if matches!(self.state(guide), GuideState::WrapUp { .. }) {
                    match self.the_guide(guide).then.take() {
                        Some(then) => self.becomes(guide, then),
                        None => self.becomes_ready(guide, grace),
                    }
                }
            }
            Input::TelephoneUp { guide } => {
                let g = self.known(guide);
                g.up = true;
                if g.back_by.is_some_and(|by| now <= by) {
                    self.becomes(guide, GuideState::Ready);
                }
            }
            Input::TelephoneDown { guide } => {
                let Some(g) = self.guide(guide) else { return };
                g.up = false;
                match g.state {
                    GuideState::Ready => self.becomes_ready(guide, grace),
                    GuideState::Offered { offer, .. } => {
                        self.stop_ringing(offer, away(AwayReason::Unreachable), Some(grace), true);
                    }
                    _ => {}
                }
            }
            _ => unreachable!(),
        }
    }

    fn surge_notice(&mut self, group: Option<AnswerGroupId>, on: bool) {
        let changed: Vec<AnswerGroupId> = self
            .settings
            .groups
            .iter()
            .copied()
            .filter(|g| group.is_none_or(|group| group == *g) && self.surge.contains(g) != on)
            .collect();
        if changed.is_empty() {
            return;
        }
        self.out.push(Output::SurgeChanged { group, on });
        if on {
            self.surge.extend(&changed);
        } else {
            self.surge.retain(|g| !changed.contains(g));
        }
        self.calls.sort_by_key(|c| c.id);
        for c in &self.calls {
            if on && changed.contains(&c.group) && matches!(c.at, At::Queue | At::Ringing(..)) {
                self.out.push(Output::PlayQueue { call: c.id, surge: true });
            }
        }
    }

    fn restarted(&mut self) {
        self.calls.sort_by_key(|c| c.id);
        for c in self.calls.clone() {
            if let At::Ringing(offer, guide) | At::Talking(offer, guide) = c.at {
                self.over.push((offer, c.id, guide));
            }
            let guide = if let At::Talking(_, guide) = c.at { Some(guide) } else { None };
            self.end(c.id, CallEnding::Failed, guide);
        }
        self.guides.sort_by_key(|g| g.id);
        for g in self.guides.clone() {
            self.the_guide(g.id).up = false;
            match g.state {
                GuideState::Ready | GuideState::Offered { .. } => self.becomes_ready(g.id, Timestamp::MAX),
                GuideState::Talking { call } => {
                    self.the_guide(g.id).idle_since = self.now;
                    self.becomes(g.id, GuideState::WrapUp { call });
                }
                _ => {}
            }
        }
    }

    /// The next moment at which this model would do something by itself, helpers aside.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadlines().into_iter().map(|(at, _)| at).min()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Prompt(ContactId),
    Ring(OfferNumber),
    WrapUp(UserId),
    Wait(ContactId),
}

fn away(reason: AwayReason) -> GuideState {
    GuideState::Away { reason }
}

/// Kept here so that both sides read a duration the same way.
pub fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}
