//! The state machine as a whole: what goes in, what comes out, and in which order things are done.

use crate::calls::Call;
use crate::deadlines::{Deadline, Deadlines};
use crate::guides::Guide;
use crate::matching::Group;
use crate::messages::{Input, OfferNumber, Output, Settings};
use crate::recent::Recent;
use std::collections::{BTreeMap, VecDeque};
use vocabulary::{AnswerGroupId, ContactId, SignedDuration, Timestamp, UserId};

/// How many ended calls are remembered, so that a message about one that comes late is known for what it is.
const ENDED_CALLS_MAX: usize = 4096;

/// How many offers that came to nothing are remembered, so that a telephone that answers too late is hung up.
const PAST_OFFERS_MAX: usize = 4096;

/// The routing of one contact centre: every guide, every call, and what is to happen when.
///
/// Begins closed, with nobody at work.
#[derive(Clone, Debug)]
pub struct Routing {
    pub(crate) settings: Settings,
    pub(crate) now: Timestamp,
    pub(crate) open: bool,
    pub(crate) guides: BTreeMap<UserId, Guide>,
    pub(crate) calls: BTreeMap<ContactId, Call>,
    pub(crate) groups: BTreeMap<AnswerGroupId, Group>,
    /// Offers that ring.
    pub(crate) offers: BTreeMap<OfferNumber, (ContactId, UserId)>,
    pub(crate) deadlines: Deadlines,
    pub(crate) ended_calls: Recent<ContactId, ()>,
    pub(crate) past_offers: Recent<OfferNumber, (ContactId, UserId)>,
    pub(crate) last_offer: u64,
    pub(crate) last_place: u64,
    outputs: VecDeque<Output>,
}

impl Routing {
    /// A centre that is closed and empty.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let groups = settings.groups.iter().map(|group| (*group, Group::default())).collect();
        Self {
            settings,
            now: Timestamp::MIN,
            open: false,
            guides: BTreeMap::new(),
            calls: BTreeMap::new(),
            groups,
            offers: BTreeMap::new(),
            deadlines: Deadlines::default(),
            ended_calls: Recent::new(ENDED_CALLS_MAX),
            past_offers: Recent::new(PAST_OFFERS_MAX),
            last_offer: 0,
            last_place: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes in what has happened at `now`, and does what is due by then. A `now` before an earlier one is taken as
    /// the earlier one: time does not run backwards. Then [`poll`](Self::poll) until there is nothing left.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        self.now = self.now.max(now);
        self.apply(input);
        self.expire();
        self.match_all();
        #[cfg(debug_assertions)]
        self.assert_sound_now_and_then();
    }

    /// What the edges are to do next. They obey in this order.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Tick`] is to be handed in at the latest, if nothing else happens before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(at, _)| at)
    }

    fn apply(&mut self, input: Input) {
        match input {
            Input::CallArrived { call, group, priority } => self.call_arrived(call, group, priority),
            Input::PromptEnded { call } => self.prompt_ended(call),
            Input::CallerLeft { call } => self.caller_left(call),
            Input::OfferAccepted { offer } => self.offer_accepted(offer),
            Input::OfferFailed { offer, why } => self.offer_failed(offer, why),
            Input::GuideLeft { call, guide } => self.guide_left(call, guide),
            Input::GuideVanished { call, guide } => self.guide_vanished(call, guide),
            Input::TelephoneUp { guide } => self.telephone_up(guide),
            Input::TelephoneDown { guide } => self.telephone_down(guide),
            Input::SignedIn { guide, skills } => self.signed_in(guide, &skills),
            Input::SignedOut { guide } => self.signed_out(guide),
            Input::Ready { guide } => self.wants_calls(guide),
            Input::Away { guide, reason } => self.wants_none(guide, reason),
            Input::WrapUpDone { guide } => self.wrap_up_done(guide),
            Input::Opened => self.open = true,
            Input::Closed => self.open = false,
            Input::SurgeNotice { group, on } => self.surge_notice(group, on),
            Input::Restarted => self.restarted(),
            Input::SettingsReplaced { settings } => self.replace_settings(*settings),
            Input::Tick => {}
        }
    }

    /// Does everything that is due. Ends, for what a deadline sets in motion is never an earlier state of the same
    /// call or guide: a prompt becomes a wait, a wait ends, a ringing guide is away, a wrap-up ends.
    fn expire(&mut self) {
        while let Some(deadline) = self.deadlines.take_due(self.now) {
            match deadline {
                Deadline::Prompt(call) => self.prompt_ended(call),
                Deadline::Overflow(call) => self.open_to_next_level(call),
                Deadline::Wait(call) => self.waited_too_long(call),
                Deadline::Ring(offer) => self.rang_out(offer),
                Deadline::WrapUp(guide) => self.wrap_up_done(guide),
            }
        }
    }

    fn restarted(&mut self) {
        self.fail_all_calls();
        self.lose_all_telephones();
    }

    fn replace_settings(&mut self, settings: Settings) {
        // Queue entries and their deadlines are derived from the settings: taken out by the old, put in by the new.
        let waiting = self.take_all_waiting();
        self.unindex_ready_guides();
        let surging: Vec<AnswerGroupId> =
            self.groups.iter().filter(|(_, group)| group.surge).map(|(id, _)| *id).collect();
        self.groups = settings
            .groups
            .iter()
            .map(|id| (*id, Group { surge: surging.contains(id), ..Group::default() }))
            .collect();
        self.settings = settings;
        self.index_ready_guides();
        for (call, queued) in waiting {
            self.put_in_queue(call, queued);
        }
    }

    pub(crate) fn emit(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// `by` after now. Negative settings count as zero, endless ones end with the calendar.
    pub(crate) fn after(&self, by: SignedDuration) -> Timestamp {
        later(self.now, by)
    }
}

/// `by` after `at`, within the calendar; never before `at`.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by.max(SignedDuration::ZERO)).unwrap_or(Timestamp::MAX)
}
