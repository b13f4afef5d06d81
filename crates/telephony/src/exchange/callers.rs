//! Residents' calls: from the INVITE of the trunk to the end.

use super::{Event, Exchange, arrival};
use crate::centre::CentreError;
use crate::driver::agent::ServerRequest;
use crate::driver::dialog::{Dialog, DialogEvent};
use crate::driver::leg::{Leg, PendingLeg as _};
use crate::driver::media::{LegId, MediaEvent, Playlist};
use crate::driver::rtp_leg::RtpHalf;
use crate::trunk::Presented;
use routing::{HangUp, Input, OfferNumber};
use rsipstack::sip::{Header, headers::untyped};
use std::time::Instant;
use vocabulary::{ContactId, NewId as _, UserId};

/// Marks the end of the prompt among what is played.
const PROMPT: u64 = 1;
/// Marks the end of the announcement after which we hang up.
const FAREWELL: u64 = 2;
/// Marks what plays in the queue; its end means nothing.
const QUEUE: u64 = 3;

/// A resident's call.
pub(super) struct Caller {
    pub dialog: Dialog,
    pub leg: Option<LegId>,
    pub number: Option<String>,
    /// What the caller offered, until we answer.
    offer: Vec<u8>,
    answered: bool,
    /// Our half, if our answer held the offer, until the caller's answer comes.
    half: Option<RtpHalf>,
    /// What is to be played as soon as there is sound.
    wanted: Option<(Playlist, u64)>,
    /// The guide's leg this caller talks with.
    pub with: Option<OfferNumber>,
    /// The core is done with this call: it hears a last announcement, or is being passed on.
    leaving: bool,
}

impl Exchange {
    /// An INVITE that begins a call.
    pub(super) async fn invited(&mut self, request: ServerRequest) {
        let presented = match self.trunk.admit(&request, self.callers.len(), Instant::now()) {
            Ok(presented) => presented,
            Err(refusal) => {
                let headers = match refusal.0 {
                    420 => vec![Header::Unsupported(untyped::Unsupported::new(
                        request.header("Require").unwrap_or_default(),
                    ))],
                    415 => vec![Header::Accept(untyped::Accept::new("application/sdp"))],
                    503 => vec![Header::RetryAfter(untyped::RetryAfter::new("5"))],
                    _ => Vec::new(),
                };
                return request.reply(refusal.0, headers).await;
            }
        };
        let Presented { dialled, caller_number, offer } = presented;
        let call = ContactId::next(self.parts.clock.now(), &*self.parts.chance);
        let mailbox = self.parts.mailbox.clone();
        let sink = Box::new(move |event| drop(mailbox.send(Event::Caller(call, event))));
        let Some(dialog) = self.parts.agent.take(request, sink) else { return };
        let caller = Caller {
            dialog,
            leg: None,
            number: caller_number.clone(),
            offer,
            answered: false,
            half: None,
            wanted: None,
            with: None,
            leaving: false,
        };
        self.callers.insert(call, caller);
        self.lanes.arrived(arrival(call, dialled, caller_number));
    }

    pub(super) fn arrived(&mut self, call: ContactId, result: Result<(), CentreError>) {
        let code = match result {
            Ok(()) => return,
            Err(CentreError::UnknownNumber) => 404,
            Err(CentreError::Closed) => 503,
        };
        if let Some(caller) = self.callers.remove(&call) {
            caller.dialog.refuse(code, Vec::new());
        }
    }

    /// Answers, and plays the prompt. On a fast clock the prompt is cut to its length there.
    pub(super) fn play_prompt(&mut self, call: ContactId) {
        let prompt = self.parts.sounds.prompt.clone();
        let length = vocabulary::SignedDuration::try_from(prompt.duration()).unwrap_or_default();
        let cut_after = Some(self.parts.clock.real(length));
        self.play(call, Playlist { cut_after, ..Playlist::once(prompt) }, PROMPT);
    }

    /// Plays music, after the surge notice if there is one. Whoever plays is no longer joined to a guide.
    pub(super) fn play_queue(&mut self, call: ContactId, surge: bool) {
        let sounds = &self.parts.sounds;
        let mut playlist = Playlist::looped(sounds.music.clone());
        if surge {
            let notice = self.surge.as_ref().unwrap_or(&sounds.surge);
            let length = vocabulary::SignedDuration::try_from(notice.duration()).unwrap_or_default();
            playlist.cut_after = Some(self.parts.clock.real(length));
            playlist.once.push(notice.clone());
        }
        self.play(call, playlist, QUEUE);
    }

    /// Answers the call if it has not been, and plays.
    fn play(&mut self, call: ContactId, playlist: Playlist, token: u64) {
        let Some(caller) = self.callers.get_mut(&call) else { return };
        caller.with = None;
        match caller.leg {
            Some(leg) => return self.parts.media.play(leg, playlist, token),
            None => caller.wanted = Some((playlist, token)),
        }
        if !std::mem::replace(&mut caller.answered, true) && !self.answer(call) {
            self.lose(call, Some(488));
        }
    }

    /// Answers the call. False if no sound connection can be made.
    fn answer(&mut self, call: ContactId) -> bool {
        let Some(caller) = self.callers.get_mut(&call) else { return true };
        let Some(half) = self.parts.legs.half() else { return false };
        if caller.offer.is_empty() {
            caller.dialog.answer(half.offer());
            caller.half = Some(half);
            return true;
        }
        let Some((leg, answer)) = half.accept(&std::mem::take(&mut caller.offer)) else { return false };
        caller.dialog.answer(answer);
        self.sound(call, Box::new(leg));
        true
    }

    /// The caller's sound connection is there.
    fn sound(&mut self, call: ContactId, leg: Box<dyn Leg>) {
        let Some(caller) = self.callers.get_mut(&call) else { return };
        let mailbox = self.parts.mailbox.clone();
        let sink = Box::new(move |event| drop(mailbox.send(Event::CallerSound(call, event))));
        let leg = self.parts.media.add(leg, None, sink);
        caller.leg = Some(leg);
        if let Some((playlist, token)) = caller.wanted.take() {
            self.parts.media.play(leg, playlist, token);
        }
    }

    pub(super) fn caller(&mut self, call: ContactId, event: DialogEvent) {
        let Some(caller) = self.callers.get_mut(&call) else { return };
        match event {
            DialogEvent::Cancelled | DialogEvent::HungUp | DialogEvent::Failed | DialogEvent::Refused(_) => {
                self.lose(call, None);
            }
            DialogEvent::Confirmed(answer) => {
                if let Some(half) = caller.half.take() {
                    match Box::new(half).answered(&answer) {
                        Some(leg) => self.sound(call, leg),
                        None => self.lose(call, None),
                    }
                }
            }
            DialogEvent::Reoffered(offer) => match caller.leg {
                Some(leg) => self.parts.media.renegotiate(leg, offer, 0),
                None => caller.dialog.reanswer(None),
            },
            DialogEvent::Digit(digit) => self.pass_on(call, digit),
            // Passed on to the switchboard, or it would not have us: either way we have nothing more to say.
            DialogEvent::ReferDone(done) => {
                metrics::counter!("calls_referred_total", "result" => if done { "done" } else { "refused" })
                    .increment(1);
                self.drop_caller(call);
            }
            DialogEvent::Ringing | DialogEvent::Answered(_) | DialogEvent::Referred(_) => {}
        }
    }

    pub(super) fn caller_sound(&mut self, call: ContactId, event: MediaEvent) {
        let Some(caller) = self.callers.get(&call) else { return };
        match event {
            MediaEvent::Played { token: PROMPT } => self.lanes.send(call, Input::PromptEnded { call }),
            MediaEvent::Played { token: FAREWELL } => self.drop_caller(call),
            MediaEvent::Played { .. } | MediaEvent::Removed(_) => {}
            MediaEvent::Digit(digit) => self.pass_on(call, digit),
            MediaEvent::Lost => {
                metrics::counter!("legs_lost_total", "who" => "caller").increment(1);
                self.lose(call, None);
            }
            MediaEvent::Renegotiated { answer, .. } => caller.dialog.reanswer(answer),
        }
    }

    /// A key the resident presses goes to the guide, whose equipment may want it.
    fn pass_on(&self, call: ContactId, digit: crate::protocol::dtmf::Digit) {
        let with = self.callers.get(&call).and_then(|caller| caller.with);
        if let Some(leg) = with.and_then(|offer| self.guides.get(&offer)).and_then(|guide| guide.leg) {
            self.parts.media.press(leg, digit);
        }
    }

    /// The caller is gone (or is refused with `code`): lets go of the leg and reports it, unless the core is done anyway.
    fn lose(&mut self, call: ContactId, code: Option<u16>) {
        let Some(caller) = self.callers.remove(&call) else { return };
        if let Some(leg) = caller.leg {
            self.parts.media.remove(leg);
        }
        if let Some(code) = code {
            caller.dialog.refuse(code, Vec::new());
        }
        if !caller.leaving {
            self.lanes.send(call, Input::CallerLeft { call });
        }
    }

    /// Hangs up on the caller without reporting it: the core wanted it, or is done with the call.
    pub(super) fn drop_caller(&mut self, call: ContactId) {
        if let Some(caller) = self.callers.remove(&call)
            && let Some(leg) = caller.leg
        {
            self.parts.media.remove(leg);
        }
    }

    pub(super) fn hang_up(&mut self, call: ContactId, who: HangUp) {
        match who {
            HangUp::Caller => self.drop_caller(call),
            HangUp::Guide(guide) => self.drop_guide(call, guide),
        }
    }

    /// Passes the call on to the switchboard; without one, says so and hangs up.
    pub(super) fn pass_to_switchboard(&mut self, call: ContactId) {
        let Some(caller) = self.callers.get_mut(&call) else { return };
        caller.leaving = true;
        match (&self.switchboard, caller.answered) {
            (Some(uri), false) => {
                let contact = Header::Contact(untyped::Contact::new(format!("<{uri}>")));
                if let Some(caller) = self.callers.remove(&call) {
                    caller.dialog.refuse(302, vec![contact]);
                }
            }
            (Some(uri), true) => caller.dialog.refer(uri),
            (None, _) => match self.parts.sounds.closed.clone() {
                Some(closed) => {
                    let length = vocabulary::SignedDuration::try_from(closed.duration()).unwrap_or_default();
                    let cut_after = Some(self.parts.clock.real(length));
                    self.play(call, Playlist { cut_after, ..Playlist::once(closed) }, FAREWELL);
                }
                None => self.drop_caller(call),
            },
        }
    }

    /// The core is done with the call: nothing of it may be left, unless it is on its way out.
    pub(super) fn ended(&mut self, call: ContactId) {
        if self.callers.get(&call).is_some_and(|caller| !caller.leaving) {
            self.drop_caller(call);
        }
        let left: Vec<OfferNumber> =
            self.guides.iter().filter(|(_, leg)| leg.call == call).map(|(o, _)| *o).collect();
        for offer in left {
            self.withdraw(offer);
        }
    }

    /// Joins the caller and the guide.
    pub(super) fn connect(&mut self, call: ContactId, guide: UserId) {
        let found =
            self.guides.iter().find(|(_, leg)| leg.call == call && leg.guide == guide && leg.leg.is_some());
        let (Some(caller), Some((offer, guide_leg))) = (self.callers.get_mut(&call), found) else { return };
        if let (Some(one), Some(other)) = (caller.leg, guide_leg.leg) {
            caller.with = Some(*offer);
            self.parts.media.bridge(one, other);
        }
    }
}
