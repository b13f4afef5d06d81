//! A call's way through the centre until a guide answers it.

use crate::deadlines::Deadline;
use crate::messages::{CallEnding, HangUp, OfferNumber, Output, Priority};
use crate::routing::{Routing, later};
use std::mem;
use vocabulary::{AnswerGroupId, ContactId, Timestamp, UserId};

/// A call that is in the centre.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) group: AnswerGroupId,
    pub(crate) priority: Priority,
    pub(crate) arrived_at: Timestamp,
    /// When it first joined the queue.
    pub(crate) queued_at: Option<Timestamp>,
    /// When a guide first answered it.
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) stage: Stage,
}

/// A call's place in its queue; kept while it rings and while it is talked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Queued {
    /// The order of joining: lower goes first.
    pub(crate) place: u64,
    /// Since when it waits.
    pub(crate) since: Timestamp,
    /// How many levels it is open to, at least one.
    pub(crate) levels: usize,
}

/// Where a call is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    /// Hears the prompt.
    Prompt { until: Timestamp },
    /// Waits in its group's queue.
    Waiting { queued: Queued },
    /// Rings at a guide.
    Offered { queued: Queued, offer: OfferNumber, guide: UserId },
    /// Is talked.
    Talking { queued: Queued, offer: OfferNumber, guide: UserId },
}

impl Routing {
    pub(crate) fn call_arrived(&mut self, call: ContactId, group: AnswerGroupId, priority: Priority) {
        if self.calls.contains_key(&call) || self.ended_calls.contains(&call) {
            return;
        }
        if !self.open || self.calls.len() >= self.settings.calls_max || !self.groups.contains_key(&group) {
            self.emit(Output::ToSwitchboard { call });
            self.record_end(call, CallEnding::ToSwitchboard, None);
            return;
        }
        let until = self.after(self.settings.prompt_max);
        let stage = Stage::Prompt { until };
        let arrived_at = self.now;
        self.calls
            .insert(call, Call { group, priority, arrived_at, queued_at: None, answered_at: None, stage });
        self.deadlines.add(until, Deadline::Prompt(call));
        self.emit(Output::PlayPrompt { call });
    }

    /// The prompt is over, by itself or by its deadline: the call joins the queue.
    pub(crate) fn prompt_ended(&mut self, call: ContactId) {
        let Some(it) = self.calls.get_mut(&call) else { return };
        let Stage::Prompt { until } = it.stage else { return };
        it.queued_at = Some(self.now);
        self.deadlines.remove(until, Deadline::Prompt(call));
        self.last_place += 1;
        let queued = Queued { place: self.last_place, since: self.now, levels: 1 };
        self.put_in_queue(call, queued);
        self.tell_of_queue(call);
    }

    /// Says that the call waits, and lets the resident hear it. Nothing if the call went to the switchboard instead.
    pub(crate) fn tell_of_queue(&mut self, call: ContactId) {
        if let Some(it) = self.calls.get(&call) {
            let surge = self.groups.get(&it.group).is_some_and(|group| group.surge);
            self.emit(Output::CallQueued { call });
            self.emit(Output::PlayQueue { call, surge });
        }
    }

    /// Puts a call into its queue at the place it has. Without a queue to wait in it goes to the switchboard.
    pub(crate) fn put_in_queue(&mut self, call: ContactId, queued: Queued) {
        let Some(it) = self.calls.get_mut(&call) else { return };
        let (group, priority) = (it.group, it.priority);
        if !self.groups.contains_key(&group) {
            self.pass_to_switchboard(call);
            return;
        }
        let queued = Queued { levels: self.levels_open(queued.since, priority), ..queued };
        self.set_stage(call, Stage::Waiting { queued });
        self.index_waiting(group, (priority, queued.place, call), queued);
        self.deadlines.add(self.waits_until(queued), Deadline::Wait(call));
        if queued.levels < usize::from(crate::LEVEL_MAX) {
            self.deadlines.add(self.opens_next(queued.since, queued.levels), Deadline::Overflow(call));
        }
    }

    /// Takes a waiting call out of its queue. It has its place still, and must be given its next stage.
    pub(crate) fn take_from_queue(&mut self, call: ContactId) -> Option<Queued> {
        let it = self.calls.get(&call)?;
        let Stage::Waiting { queued } = it.stage else { return None };
        let (group, priority) = (it.group, it.priority);
        self.unindex_waiting(group, (priority, queued.place, call), queued);
        self.deadlines.remove(self.waits_until(queued), Deadline::Wait(call));
        self.deadlines.remove(self.opens_next(queued.since, queued.levels), Deadline::Overflow(call));
        Some(queued)
    }

    /// Takes every waiting call out, in no order that matters: each has its place.
    pub(crate) fn take_all_waiting(&mut self) -> Vec<(ContactId, Queued)> {
        let calls: Vec<ContactId> = self.calls.keys().copied().collect();
        calls.into_iter().filter_map(|call| Some((call, self.take_from_queue(call)?))).collect()
    }

    pub(crate) fn waits_until(&self, queued: Queued) -> Timestamp {
        later(queued.since, self.settings.wait_max)
    }

    /// The call has waited long enough for helpers of the next level.
    pub(crate) fn open_to_next_level(&mut self, call: ContactId) {
        if let Some(queued) = self.take_from_queue(call) {
            self.put_in_queue(call, queued);
        }
    }

    pub(crate) fn waited_too_long(&mut self, call: ContactId) {
        if self.take_from_queue(call).is_some() {
            self.pass_to_switchboard(call);
        }
    }

    /// For a call that is in no index: waits no more, or never did.
    fn pass_to_switchboard(&mut self, call: ContactId) {
        self.emit(Output::ToSwitchboard { call });
        self.end_call(call, CallEnding::ToSwitchboard, None);
    }

    /// The resident hung up, at whatever stage.
    pub(crate) fn caller_left(&mut self, call: ContactId) {
        let Some(it) = self.calls.get(&call) else { return };
        match it.stage {
            Stage::Prompt { until } => {
                self.deadlines.remove(until, Deadline::Prompt(call));
                self.end_call(call, CallEnding::AbandonedInPrompt, None);
            }
            Stage::Waiting { .. } => {
                self.take_from_queue(call);
                self.end_call(call, CallEnding::Abandoned, None);
            }
            Stage::Offered { offer, guide, .. } => {
                self.emit(Output::WithdrawOffer { offer, call, guide });
                self.forget_offer(offer);
                self.end_call(call, CallEnding::Abandoned, None);
                self.make_ready(guide);
            }
            Stage::Talking { guide, .. } => {
                self.emit(Output::HangUp { call, who: HangUp::Guide(guide) });
                self.end_talk(call, guide);
            }
        }
    }

    /// Ends a call that is in no index and has no offer.
    pub(crate) fn end_call(&mut self, call: ContactId, ending: CallEnding, guide: Option<UserId>) {
        let was_there = self.calls.remove(&call).is_some();
        assert!(was_there, "a call ends once");
        self.record_end(call, ending, guide);
    }

    fn record_end(&mut self, call: ContactId, ending: CallEnding, guide: Option<UserId>) {
        self.ended_calls.remember(call, ());
        self.emit(Output::CallEnded { call, ending, guide });
    }

    pub(crate) fn set_stage(&mut self, call: ContactId, stage: Stage) {
        if let Some(it) = self.calls.get_mut(&call) {
            it.stage = stage;
        }
    }

    /// After a restart: no call is up any more. The edges that could be told to hang up are new themselves.
    pub(crate) fn fail_all_calls(&mut self) {
        self.take_all_waiting();
        for (call, it) in mem::take(&mut self.calls) {
            let guide = match it.stage {
                Stage::Prompt { until } => {
                    self.deadlines.remove(until, Deadline::Prompt(call));
                    None
                }
                Stage::Waiting { .. } => None,
                Stage::Offered { offer, .. } => {
                    self.forget_offer(offer);
                    None
                }
                Stage::Talking { guide, offer, .. } => {
                    self.past_offers.remember(offer, (call, guide));
                    Some(guide)
                }
            };
            self.record_end(call, CallEnding::Failed, guide);
        }
    }

    /// Turns the surge notice on or off. Those who wait hear it when it is turned on.
    pub(crate) fn surge_notice(&mut self, group: Option<AnswerGroupId>, on: bool) {
        let mut changed = Vec::new();
        for (id, it) in &mut self.groups {
            if group.is_none_or(|group| group == *id) && it.surge != on {
                it.surge = on;
                changed.push(*id);
            }
        }
        if changed.is_empty() {
            return;
        }
        self.emit(Output::SurgeChanged { group, on });
        if !on {
            return;
        }
        let hear: Vec<ContactId> = self
            .calls
            .iter()
            .filter(|(_, it)| matches!(it.stage, Stage::Waiting { .. } | Stage::Offered { .. }))
            .filter(|(_, it)| changed.contains(&it.group))
            .map(|(call, _)| *call)
            .collect();
        for call in hear {
            self.emit(Output::PlayQueue { call, surge: true });
        }
    }
}
