//! Calls to guides' telephones: SIP phones that registered, and browsers.

use super::{Event, Exchange};
use crate::browser::{BrowserCall, GuideEvent};
use crate::driver::dialog::{Call, Dialog, DialogEvent};
use crate::driver::leg::{Leg, LegMaker as _, PendingLeg};
use crate::driver::media::{LegId, MediaEvent};
use routing::{Input, OfferFailure, OfferNumber};
use vocabulary::{ContactId, UserId};

/// How a guide's telephone is spoken to.
enum Telephone {
    /// Held only to be dropped: that hangs up.
    Browser { _call: BrowserCall },
    /// With our half of the sound until the answer.
    Sip { dialog: Dialog, half: Option<Box<dyn PendingLeg>> },
}

/// A call to a guide.
pub(super) struct GuideLeg {
    pub call: ContactId,
    pub guide: UserId,
    /// There when the guide has answered.
    pub leg: Option<LegId>,
    telephone: Telephone,
}

impl Exchange {
    /// Rings the guide's telephone: the browser's if there is one, for whoever turned it on wants it there.
    pub(super) fn offer(&mut self, offer: OfferNumber, call: ContactId, guide: UserId) {
        // If the caller has just gone, the core is about to be told, and takes the offer back: the guide is not to blame.
        let Some(caller) = self.callers.get(&call) else { return };
        let number = caller.number.clone();
        let mailbox = self.parts.mailbox.clone();
        let sink = Box::new(move |event| drop(mailbox.send(Event::Guide(offer, event))));
        let browser = self
            .parts
            .browsers
            .rings(guide, number.clone(), sink)
            .map(|call| Telephone::Browser { _call: call });
        let Some(telephone) = browser.or_else(|| self.ring_sip(offer, guide, number)) else {
            return self.fail(call, offer, OfferFailure::Unreachable);
        };
        self.guides.insert(offer, GuideLeg { call, guide, leg: None, telephone });
    }

    /// Rings the guide's registered telephone.
    fn ring_sip(&mut self, offer: OfferNumber, guide: UserId, number: Option<String>) -> Option<Telephone> {
        let binding = self.registrar.binding(guide)?;
        let half = self.parts.legs.make()?;
        let local = self.parts.agent.local();
        let from = match &number {
            Some(number) => format!("<sip:{number}@{local}>"),
            None => "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned(),
        };
        let call = Call {
            uri: binding.contact.clone(),
            destination: binding.flow,
            stay: true,
            from,
            contact_user: "lots".to_owned(),
            offer: half.offer(),
            headers: Vec::new(),
        };
        let mailbox = self.parts.mailbox.clone();
        let sink = Box::new(move |event| drop(mailbox.send(Event::GuideDialog(offer, event))));
        let dialog = self.parts.agent.call(call, sink).ok()?;
        Some(Telephone::Sip { dialog, half: Some(half) })
    }

    fn fail(&self, call: ContactId, offer: OfferNumber, why: OfferFailure) {
        self.lanes.send(call, Input::OfferFailed { offer, why });
    }

    /// Stops ringing, or hangs up if it has been answered in this moment.
    pub(super) fn withdraw(&mut self, offer: OfferNumber) {
        self.let_go(offer);
    }

    fn let_go(&mut self, offer: OfferNumber) -> Option<GuideLeg> {
        let guide = self.guides.remove(&offer)?;
        if let Some(leg) = guide.leg {
            self.parts.media.remove(leg);
        }
        if let Some(caller) = self.callers.get_mut(&guide.call)
            && caller.with == Some(offer)
        {
            caller.with = None;
        }
        Some(guide)
    }

    /// Hangs up on a guide, in this call and no other.
    pub(super) fn drop_guide(&mut self, call: ContactId, guide: UserId) {
        let of_call = |leg: &GuideLeg| leg.call == call && leg.guide == guide && leg.leg.is_some();
        let found: Vec<OfferNumber> =
            self.guides.iter().filter(|(_, leg)| of_call(leg)).map(|(o, _)| *o).collect();
        for offer in found {
            self.let_go(offer);
        }
    }

    /// What a SIP telephone says, in the words of [`GuideEvent`].
    pub(super) fn guide_dialog(&mut self, offer: OfferNumber, event: DialogEvent) {
        let Some(guide) = self.guides.get_mut(&offer) else { return };
        let leg = guide.leg;
        let Telephone::Sip { dialog, half } = &mut guide.telephone else { return };
        let event = match event {
            DialogEvent::Ringing => GuideEvent::Ringing,
            DialogEvent::Answered(answer) => match half.take().and_then(|half| half.answered(&answer)) {
                Some(leg) => GuideEvent::Answered(leg),
                None => GuideEvent::Unreachable,
            },
            DialogEvent::Refused(603) => GuideEvent::Declined,
            DialogEvent::Refused(486 | 600) => GuideEvent::Busy,
            DialogEvent::Refused(_) => GuideEvent::Unreachable,
            DialogEvent::HungUp => GuideEvent::HungUp,
            DialogEvent::Failed | DialogEvent::Cancelled => GuideEvent::Vanished,
            DialogEvent::Reoffered(offer) => {
                return match leg {
                    Some(leg) => self.parts.media.renegotiate(leg, offer, 0),
                    None => dialog.reanswer(None),
                };
            }
            DialogEvent::Digit(digit) => return self.guide_digit(offer, digit),
            DialogEvent::Confirmed(_) | DialogEvent::Referred(_) | DialogEvent::ReferDone(_) => return,
        };
        self.guide(offer, event);
    }

    pub(super) fn guide(&mut self, offer: OfferNumber, event: GuideEvent) {
        match event {
            GuideEvent::Ringing => {}
            GuideEvent::Answered(leg) => self.answered(offer, leg),
            GuideEvent::Declined => self.guide_gone(offer, Some(OfferFailure::Declined), false),
            GuideEvent::Busy => self.guide_gone(offer, Some(OfferFailure::Busy), false),
            GuideEvent::Unreachable => self.guide_gone(offer, Some(OfferFailure::Unreachable), true),
            GuideEvent::HungUp => self.guide_gone(offer, None, false),
            GuideEvent::Vanished => self.guide_gone(offer, None, true),
        }
    }

    fn answered(&mut self, offer: OfferNumber, leg: Box<dyn Leg>) {
        let Some(guide) = self.guides.get_mut(&offer) else { return };
        let call = guide.call;
        let near = self.callers.get(&call).and_then(|caller| caller.leg);
        let mailbox = self.parts.mailbox.clone();
        let sink = Box::new(move |event| drop(mailbox.send(Event::GuideSound(offer, event))));
        guide.leg = Some(self.parts.media.add(leg, near, sink));
        self.lanes.send(call, Input::OfferAccepted { offer });
    }

    /// The guide's end of the call is over. Before the answer that is a failed offer; after it the guide has left, or is
    /// `lost` without a word.
    fn guide_gone(&mut self, offer: OfferNumber, why: Option<OfferFailure>, lost: bool) {
        let Some(gone) = self.let_go(offer) else { return };
        let GuideLeg { call, guide, leg, .. } = gone;
        let input = match (leg, lost) {
            (None, _) => Input::OfferFailed { offer, why: why.unwrap_or(OfferFailure::Unreachable) },
            (Some(_), false) => Input::GuideLeft { call, guide },
            (Some(_), true) => Input::GuideVanished { call, guide },
        };
        self.lanes.send(call, input);
    }

    pub(super) fn guide_sound(&mut self, offer: OfferNumber, event: MediaEvent) {
        let Some(guide) = self.guides.get(&offer) else { return };
        match event {
            MediaEvent::Digit(digit) => self.guide_digit(offer, digit),
            MediaEvent::Lost => {
                metrics::counter!("legs_lost_total", "who" => "guide").increment(1);
                let (user, by_sip) = (guide.guide, matches!(guide.telephone, Telephone::Sip { .. }));
                self.guide_gone(offer, None, true);
                // A SIP telephone that fell silent is believed to be there again when it registers anew.
                if by_sip && self.registrar.forget(user) {
                    self.telephones_of(user);
                }
            }
            MediaEvent::Renegotiated { answer, .. } => {
                if let Telephone::Sip { dialog, .. } = &guide.telephone {
                    dialog.reanswer(answer);
                }
            }
            MediaEvent::Played { .. } | MediaEvent::Removed(_) => {}
        }
    }

    /// A key the guide presses goes to the other end: a warm transfer may lead through somebody's menu.
    fn guide_digit(&self, offer: OfferNumber, digit: crate::protocol::dtmf::Digit) {
        let Some(guide) = self.guides.get(&offer) else { return };
        let caller = self.callers.get(&guide.call).filter(|caller| caller.with == Some(offer));
        if let Some(leg) = caller.and_then(|caller| caller.leg) {
            self.parts.media.press(leg, digit);
        }
    }
}
