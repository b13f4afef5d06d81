//! Residents, guides and telephones: what they do by themselves and in answer to what the core says. Between them and
//! the core lies a boundary at which messages are late, doubled or lost, so they do what people and telephones do:
//! look whether it took, and try again.

use super::dice::Dice;
use super::plan::{Day, Plan, call_id, group_id, guide_id, guide_index, skills};
use super::watcher::Watcher;
use routing::{GuideState, Input, OfferFailure, OfferNumber, Output, Priority};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use vocabulary::{AwayReason, ContactId, SignedDuration, Timestamp, UserId};

/// How often a leg that is gone is reported until the core has ended the call.
const END_TOLD_MAX: u8 = 10;

#[derive(Clone, Debug)]
pub(super) enum Event {
    /// Reaches the core.
    Deliver(Input),
    /// Sets out for the core.
    Send(Input),
    Arrives {
        group: usize,
    },
    GivesUp {
        call: ContactId,
    },
    Answers {
        offer: OfferNumber,
    },
    Refuses {
        offer: OfferNumber,
        why: OfferFailure,
    },
    TalkEnds {
        call: ContactId,
        talk: u32,
        by: EndedBy,
    },
    EndAgain {
        call: ContactId,
        told: u8,
    },
    Duty {
        guide: usize,
        wants: Wants,
    },
    Look {
        guide: usize,
    },
    TelephoneBack {
        guide: usize,
    },
    NetworkLoss,
    Restart,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum EndedBy {
    Resident,
    Guide,
    Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    Calls,
    Pause(AwayReason),
    Gone,
}

#[derive(Debug)]
struct GuideLife {
    wants: Wants,
    seen: GuideState,
    telephone_up: bool,
    looking: bool,
}

#[derive(Debug)]
struct CallLife {
    on_the_line: bool,
    talk: Option<(u32, UserId)>,
}

/// Everything outside the core.
#[derive(Debug)]
pub(super) struct Town {
    dice: Dice,
    plan: Plan,
    pub(super) now: Timestamp,
    events: BinaryHeap<Reverse<Queued>>,
    order: u64,
    guides: Vec<GuideLife>,
    calls: BTreeMap<ContactId, CallLife>,
    ringing: BTreeSet<OfferNumber>,
    last_call: u64,
    last_talk: u32,
    network_bad_until: Timestamp,
}

#[derive(Debug)]
struct Queued {
    at: Timestamp,
    order: u64,
    event: Event,
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl Town {
    pub(super) fn new(plan: &Plan, seed: u64) -> Self {
        let guide = || GuideLife {
            wants: Wants::Gone,
            seen: GuideState::SignedOut,
            telephone_up: false,
            looking: false,
        };
        Self {
            dice: Dice::new(seed),
            plan: plan.clone(),
            now: Timestamp::MIN,
            events: BinaryHeap::new(),
            order: 0,
            guides: (0..plan.guides).map(|_| guide()).collect(),
            calls: BTreeMap::new(),
            ringing: BTreeSet::new(),
            last_call: 0,
            last_talk: 0,
            network_bad_until: Timestamp::MIN,
        }
    }

    pub(super) fn dice(&self) -> &Dice {
        &self.dice
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.order += 1;
        self.events.push(Reverse(Queued { at, order: self.order, event }));
    }

    fn in_seconds(&mut self, from: u64, to: u64, event: Event) {
        let at = self.now + self.dice.seconds(from, to);
        self.at(at, event);
    }

    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.events.peek().map(|Reverse(queued)| queued.at)
    }

    /// The next thing that happens, with the clock set to it.
    pub(super) fn next(&mut self) -> Option<Event> {
        let Reverse(queued) = self.events.pop()?;
        self.now = self.now.max(queued.at);
        Some(queued.event)
    }

    /// Puts what is known of a day beforehand into the calendar.
    pub(super) fn plan_day(&mut self, day: &Day) {
        for (at, group) in &day.arrivals {
            self.at(*at, Event::Arrives { group: *group });
        }
        let (Some(opens), Some(closes)) = (day.opens, day.closes) else { return };
        // The clock that opens and closes sits beside the core; it may stammer, and does not fall silent.
        for (at, input) in [(opens, Input::Opened), (closes, Input::Closed)] {
            self.at(at, Event::Deliver(input.clone()));
            self.at(at + self.dice.seconds(0, 60), Event::Deliver(input));
        }
        for guide in 0..self.guides.len() {
            self.plan_shift(guide, opens, closes);
        }
        if day.surge {
            for (after, on) in [(5_400, true), (14_400, false)] {
                let at = opens + SignedDuration::from_secs(after);
                self.at(at, Event::Send(Input::SurgeNotice { group: None, on }));
            }
        }
        if self.dice.happens(0.05) {
            let at = opens + self.dice.seconds(0, 10 * 3600);
            self.at(at, Event::NetworkLoss);
        }
        if self.dice.happens(0.02) {
            let at = opens + self.dice.seconds(0, 10 * 3600);
            self.at(at, Event::Restart);
        }
    }

    /// Three shifts; one guide in eight is off, and on short days more.
    fn plan_shift(&mut self, guide: usize, opens: Timestamp, closes: Timestamp) {
        let short_day = opens.duration_until(closes) < SignedDuration::from_hours(8);
        if self.dice.happens(if short_day { 0.5 } else { 0.125 }) {
            return;
        }
        let shift = i64::try_from(guide % 3).unwrap_or(0);
        let late_by = if short_day { SignedDuration::ZERO } else { SignedDuration::from_hours(2 * shift) };
        let comes = opens - SignedDuration::from_mins(10) + late_by + self.dice.seconds(0, 900);
        let goes = (comes + SignedDuration::from_hours(8)).min(closes + self.dice.seconds(0, 600));
        self.at(comes, Event::Duty { guide, wants: Wants::Calls });
        for (after_mins, for_mins, reason) in
            [(120, 15, AwayReason::Break), (220, 40, AwayReason::Lunch), (360, 15, AwayReason::Admin)]
        {
            let leaves = comes + SignedDuration::from_mins(after_mins) + self.dice.seconds(0, 1_800);
            if leaves + SignedDuration::from_mins(for_mins) < goes {
                self.at(leaves, Event::Duty { guide, wants: Wants::Pause(reason) });
                let back = leaves + SignedDuration::from_mins(for_mins);
                self.at(back, Event::Duty { guide, wants: Wants::Calls });
            }
        }
        self.at(goes, Event::Duty { guide, wants: Wants::Gone });
    }

    /// Through the boundary: at once, late, twice or never.
    fn send(&mut self, input: Input) {
        let faults = self.plan.faults;
        let worse = if self.now < self.network_bad_until { 20.0 } else { 1.0 };
        if self.dice.happens(faults.doubled * worse) {
            self.in_seconds(0, 30, Event::Deliver(input.clone()));
        }
        if self.dice.happens(faults.lost * worse) {
            return;
        }
        let late = self.dice.happens(faults.late * worse);
        let at = if late { self.now + self.dice.seconds(0, 20) } else { self.now };
        self.at(at, Event::Deliver(input));
    }

    /// Lets something happen. What reaches the core is returned.
    pub(super) fn happens(&mut self, event: Event) -> Option<Input> {
        match event {
            Event::Deliver(input) => return Some(input),
            Event::Restart => {
                self.all_telephones_down();
                return Some(Input::Restarted);
            }
            Event::Send(input) => self.send(input),
            Event::Arrives { group } => self.arrives(group),
            Event::GivesUp { call } => {
                if self.calls.get(&call).is_some_and(|life| life.on_the_line && life.talk.is_none()) {
                    self.hangs_up(call);
                }
            }
            Event::Answers { offer } => {
                // Withdrawn meanwhile; some pick up at that very moment.
                if self.ringing.remove(&offer) || self.dice.happens(0.1) {
                    self.send(Input::OfferAccepted { offer });
                }
            }
            Event::Refuses { offer, why } => {
                if self.ringing.remove(&offer) || self.dice.happens(0.1) {
                    self.send(Input::OfferFailed { offer, why });
                }
            }
            Event::TalkEnds { call, talk, by } => self.talk_ends(call, talk, by),
            Event::EndAgain { call, told } => self.end_again(call, told),
            Event::Duty { guide, wants } => {
                self.guides[guide].wants = wants;
                if wants == Wants::Calls {
                    self.guides[guide].telephone_up = true;
                }
                self.look(guide);
            }
            Event::Look { guide } => {
                self.guides[guide].looking = false;
                self.look(guide);
            }
            Event::TelephoneBack { guide } => {
                self.guides[guide].telephone_up = true;
                self.send(Input::TelephoneUp { guide: guide_id(guide) });
            }
            Event::NetworkLoss => self.network_loss(),
        }
        None
    }

    fn arrives(&mut self, group: usize) {
        self.last_call += 1;
        let call = call_id(self.last_call);
        let priority = if self.dice.happens(0.04) { Priority::High } else { Priority::Normal };
        self.calls.insert(call, CallLife { on_the_line: true, talk: None });
        self.send(Input::CallArrived { call, group: group_id(group), priority });
        let patience =
            if self.dice.happens(0.02) { self.dice.seconds(0, 8) } else { self.dice.log_normal(300.0, 0.9) };
        self.at(self.now + patience, Event::GivesUp { call });
    }

    /// The resident hangs up: told until the core has heard it.
    fn hangs_up(&mut self, call: ContactId) {
        if let Some(life) = self.calls.get_mut(&call) {
            life.on_the_line = false;
            self.end_again(call, 0);
        }
    }

    fn end_again(&mut self, call: ContactId, told: u8) {
        if !self.calls.contains_key(&call) {
            return;
        }
        if told == END_TOLD_MAX {
            // Never got as far as the core.
            self.calls.remove(&call);
            return;
        }
        self.send(Input::CallerLeft { call });
        self.in_seconds(20, 60, Event::EndAgain { call, told: told + 1 });
    }

    fn talk_ends(&mut self, call: ContactId, talk: u32, by: EndedBy) {
        let Some(life) = self.calls.get(&call) else { return };
        let Some((at_hand, guide)) = life.talk else { return };
        if at_hand != talk {
            return;
        }
        match by {
            EndedBy::Resident => self.hangs_up(call),
            EndedBy::Guide => {
                self.send(Input::GuideLeft { call, guide });
                // Hears the line go dead and hangs up too, if the core has not done it.
                self.in_seconds(1, 5, Event::TalkEnds { call, talk, by: EndedBy::Resident });
            }
            EndedBy::Fault => {
                self.telephone_lost(guide_index(guide));
                self.in_seconds(60, 120, Event::TalkEnds { call, talk, by: EndedBy::Resident });
            }
        }
    }

    /// The guide's telephone is gone, with the call it may have had.
    fn telephone_lost(&mut self, guide: usize) {
        let id = guide_id(guide);
        let talks = self.calls.iter().find(|(_, life)| life.talk.is_some_and(|(_, talks)| talks == id));
        if let Some(call) = talks.map(|(call, _)| *call) {
            self.send(Input::GuideVanished { call, guide: id });
        }
        self.guides[guide].telephone_up = false;
        self.send(Input::TelephoneDown { guide: id });
        self.in_seconds(2, 90, Event::TelephoneBack { guide });
    }

    fn network_loss(&mut self) {
        self.network_bad_until = self.now + self.dice.seconds(30, 180);
        for guide in 0..self.guides.len() {
            if self.guides[guide].wants != Wants::Gone && self.dice.happens(0.4) {
                self.telephone_lost(guide);
            }
        }
    }

    fn all_telephones_down(&mut self) {
        self.ringing.clear();
        for guide in 0..self.guides.len() {
            if self.guides[guide].telephone_up {
                self.guides[guide].telephone_up = false;
                self.in_seconds(1, 60, Event::TelephoneBack { guide });
            }
        }
    }

    /// The guide looks at the screen: is it as wanted? If not, something is pressed, and looked at again soon.
    fn look(&mut self, guide: usize) {
        let id = guide_id(guide);
        let GuideLife { wants, seen, telephone_up, .. } = self.guides[guide];
        match (wants, seen) {
            (Wants::Calls, GuideState::SignedOut) => {
                self.send(Input::SignedIn { guide: id, skills: skills(guide) });
            }
            (Wants::Calls, GuideState::Away { .. }) => {
                if telephone_up {
                    self.send(Input::TelephoneUp { guide: id });
                }
                self.send(Input::Ready { guide: id });
            }
            (Wants::Calls, _) | (Wants::Pause(_), GuideState::SignedOut) => return,
            (Wants::Pause(reason), GuideState::Away { reason: is }) if reason == is => return,
            (Wants::Pause(reason), _) => self.send(Input::Away { guide: id, reason }),
            (Wants::Gone, GuideState::SignedOut) => {
                if telephone_up {
                    self.guides[guide].telephone_up = false;
                    self.send(Input::TelephoneDown { guide: id });
                }
                return;
            }
            (Wants::Gone, _) => self.send(Input::SignedOut { guide: id }),
        }
        self.look_in(guide, 2, 20);
    }

    fn look_in(&mut self, guide: usize, from: u64, to: u64) {
        if !self.guides[guide].looking {
            self.guides[guide].looking = true;
            self.in_seconds(from, to, Event::Look { guide });
        }
    }

    /// The edges obey what the core says.
    pub(super) fn obey(&mut self, output: &Output) {
        match *output {
            Output::PlayPrompt { call } => self.in_seconds(6, 7, Event::Send(Input::PromptEnded { call })),
            Output::CallQueued { call } => {
                if let Some(life) = self.calls.get_mut(&call)
                    && life.talk.take().is_some()
                {
                    let patience = self.dice.log_normal(120.0, 0.9);
                    self.at(self.now + patience, Event::GivesUp { call });
                }
            }
            Output::Offer { offer, guide, until, .. } => self.rings(offer, guide_index(guide), until),
            Output::WithdrawOffer { offer, .. } => {
                self.ringing.remove(&offer);
            }
            Output::Connect { call, guide } => self.talk_begins(call, guide),
            Output::CallEnded { call, .. } => {
                self.calls.remove(&call);
            }
            Output::GuideChanged { guide, state } => self.sees(guide_index(guide), state),
            Output::PlayQueue { .. }
            | Output::HangUp { .. }
            | Output::ToSwitchboard { .. }
            | Output::SurgeChanged { .. } => {}
        }
    }

    fn rings(&mut self, offer: OfferNumber, guide: usize, until: Timestamp) {
        self.ringing.insert(offer);
        match self.dice.between(0, 1000) {
            0..900 => self.in_seconds(1, 10, Event::Answers { offer }),
            // At the very last instant, or just after.
            900..910 => self.at(until, Event::Answers { offer }),
            910..920 => self.at(until + self.dice.seconds(0, 1), Event::Answers { offer }),
            920..940 => self.in_seconds(1, 8, Event::Refuses { offer, why: OfferFailure::Declined }),
            940..950 => self.in_seconds(0, 2, Event::Refuses { offer, why: OfferFailure::Busy }),
            950..960 => self.in_seconds(0, 5, Event::Refuses { offer, why: OfferFailure::Unreachable }),
            960..970 => self.telephone_lost(guide),
            // Not at the desk.
            _ => {}
        }
    }

    fn talk_begins(&mut self, call: ContactId, guide: UserId) {
        self.last_talk += 1;
        let talk = self.last_talk;
        let Some(life) = self.calls.get_mut(&call) else { return };
        life.talk = Some((talk, guide));
        if !life.on_the_line {
            self.in_seconds(3, 8, Event::TalkEnds { call, talk, by: EndedBy::Guide });
            return;
        }
        let talks = self.dice.log_normal(170.0, 0.8);
        let by = match self.dice.between(0, 1000) {
            0..600 => EndedBy::Resident,
            600..990 => EndedBy::Guide,
            _ => EndedBy::Fault,
        };
        self.at(self.now + talks, Event::TalkEnds { call, talk, by });
    }

    fn sees(&mut self, guide: usize, state: GuideState) {
        let id = guide_id(guide);
        self.guides[guide].seen = state;
        match state {
            GuideState::WrapUp { .. } => {
                let after = self.now + self.dice.log_normal(35.0, 0.6);
                match self.dice.between(0, 100) {
                    0..85 => self.at(after, Event::Send(Input::WrapUpDone { guide: id })),
                    85..92 => self.at(after, Event::Send(Input::Ready { guide: id })),
                    _ => {}
                }
            }
            GuideState::Talking { .. } | GuideState::Offered { .. } => {}
            state if Watcher::was_set_away(state) => self.look_in(guide, 10, 240),
            _ => self.look_in(guide, 1, 15),
        }
    }
}
