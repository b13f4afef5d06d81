//! From an offer to the end of the talk.

use crate::calls::{Queued, Stage};
use crate::guides::{After, Doing};
use crate::messages::{CallEnding, HangUp, OfferFailure, OfferNumber, Output, Priority};
use crate::routing::Routing;
use vocabulary::{AwayReason, ContactId, UserId};

impl Routing {
    pub(crate) fn offer_accepted(&mut self, offer: OfferNumber) {
        let Some((call, guide)) = self.offers.remove(&offer) else {
            self.answered_too_late(offer);
            return;
        };
        let now = self.now;
        let Some(it) = self.calls.get_mut(&call) else { unreachable!("an offer that rings has a call") };
        let Stage::Offered { queued, .. } = it.stage else {
            unreachable!("an offer that rings is its call's")
        };
        it.stage = Stage::Talking { queued, offer, guide };
        it.answered_at.get_or_insert(now);
        self.emit(Output::Connect { call, guide });
        self.set_doing(guide, Doing::Talking { offer, call, after: After::Ready });
    }

    /// A telephone took an offer that is no more: its leg must not stay. The guide may have the same call on a newer
    /// offer; then only this offer's leg is named.
    fn answered_too_late(&mut self, offer: OfferNumber) {
        let Some((call, guide)) = self.past_offers.get(&offer).copied() else { return };
        match self.guides.get(&guide).map(|it| &it.doing) {
            Some(
                Doing::Talking { offer: newer, call: at_hand, .. }
                | Doing::Offered { offer: newer, call: at_hand, .. },
            ) if *at_hand == call => {
                debug_assert_ne!(*newer, offer, "an offer that is over is nobody's");
                self.emit(Output::WithdrawOffer { offer, call, guide });
            }
            _ => self.emit(Output::HangUp { call, who: HangUp::Guide(guide) }),
        }
    }

    pub(crate) fn offer_failed(&mut self, offer: OfferNumber, why: OfferFailure) {
        let reason = match why {
            OfferFailure::Declined => AwayReason::NoAnswer,
            OfferFailure::Busy | OfferFailure::Unreachable => AwayReason::Unreachable,
        };
        if let Some((_, guide)) = self.call_back_from(offer) {
            self.set_doing(guide, Doing::Away { reason, back_by: None });
        }
    }

    /// The ringing time is over: on to the next, and this guide is away until he or she says otherwise.
    pub(crate) fn rang_out(&mut self, offer: OfferNumber) {
        self.withdraw(offer, Doing::Away { reason: AwayReason::NoAnswer, back_by: None });
    }

    /// Stops the ringing, puts the call back in its place, and gives the guide something else to do.
    pub(crate) fn withdraw(&mut self, offer: OfferNumber, then: Doing) {
        if let Some((call, guide)) = self.offers.get(&offer).copied() {
            self.emit(Output::WithdrawOffer { offer, call, guide });
            self.call_back_from(offer);
            self.set_doing(guide, then);
        }
    }

    /// Puts the call of an offer that rings back in its place. The guide must be given something else to do.
    fn call_back_from(&mut self, offer: OfferNumber) -> Option<(ContactId, UserId)> {
        let (call, guide) = self.forget_offer(offer)?;
        let Some(Stage::Offered { queued, .. }) = self.calls.get(&call).map(|it| it.stage) else {
            unreachable!("an offer that rings is its call's");
        };
        self.put_in_queue(call, queued);
        Some((call, guide))
    }

    /// The offer rings no more, and came to nothing.
    pub(crate) fn forget_offer(&mut self, offer: OfferNumber) -> Option<(ContactId, UserId)> {
        let (call, guide) = self.offers.remove(&offer)?;
        self.past_offers.remember(offer, (call, guide));
        Some((call, guide))
    }

    pub(crate) fn guide_left(&mut self, call: ContactId, guide: UserId) {
        match self.calls.get(&call).map(|it| it.stage) {
            Some(Stage::Talking { guide: talks, .. }) if talks == guide => {
                self.emit(Output::HangUp { call, who: HangUp::Caller });
                self.end_talk(call, guide);
            }
            // It was answered and hung up, and the word of the answer got lost: the resident has met nobody.
            Some(Stage::Offered { offer, guide: rings, .. }) if rings == guide => {
                self.offer_failed(offer, OfferFailure::Declined);
            }
            _ => {}
        }
    }

    pub(crate) fn guide_vanished(&mut self, call: ContactId, guide: UserId) {
        match self.calls.get(&call).map(|it| it.stage) {
            Some(Stage::Talking { guide: talks, offer, queued }) if talks == guide => {
                self.past_offers.remember(offer, (call, guide));
                self.emit(Output::HangUp { call, who: HangUp::Guide(guide) });
                self.return_to_queue(call, queued);
                self.touch_idle(guide);
                self.lost_in_talk(guide);
            }
            Some(Stage::Offered { guide: rings, offer, .. }) if rings == guide => {
                let back_by = Some(self.after(self.settings.vanish_grace));
                self.withdraw(offer, Doing::Away { reason: AwayReason::Unreachable, back_by });
            }
            _ => {}
        }
    }

    /// The resident was cut off by us: back in the queue before all others.
    fn return_to_queue(&mut self, call: ContactId, queued: Queued) {
        let since = self.now;
        if let Some(it) = self.calls.get_mut(&call) {
            it.priority = Priority::Returned;
        }
        self.put_in_queue(call, Queued { since, ..queued });
        self.tell_of_queue(call);
    }

    fn lost_in_talk(&mut self, guide: UserId) {
        let away = |back_by| Doing::Away { reason: AwayReason::Unreachable, back_by };
        let then = match self.after_talk(guide) {
            After::Ready => away(Some(self.after(self.settings.vanish_grace))),
            After::Away(_) => away(None),
            After::SignedOut => Doing::SignedOut,
        };
        self.set_doing(guide, then);
    }

    /// The talk is over and the guide wraps up. The caller of this has told the edges whom to hang up on.
    pub(crate) fn end_talk(&mut self, call: ContactId, guide: UserId) {
        if let Some(Stage::Talking { offer, .. }) = self.calls.get(&call).map(|it| it.stage) {
            self.past_offers.remember(offer, (call, guide));
        }
        self.end_call(call, CallEnding::Handled, Some(guide));
        self.wrap_up(call, guide);
    }

    /// The guide's call is over: from now on without one.
    pub(crate) fn wrap_up(&mut self, call: ContactId, guide: UserId) {
        self.touch_idle(guide);
        let until = self.after(self.settings.wrap_up_max);
        let after = self.after_talk(guide);
        self.set_doing(guide, Doing::WrapUp { call, until, after });
    }

    fn after_talk(&self, guide: UserId) -> After {
        match self.guides.get(&guide).map(|it| &it.doing) {
            Some(Doing::Talking { after, .. }) => *after,
            _ => After::Ready,
        }
    }
}
