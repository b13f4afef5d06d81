//! One browser's end of the signalling, as a pure state machine: text frames and wishes in, text frames and events out.
//!
//! The transport is reliable and in order (a WebSocket), so nothing is retransmitted here; what never comes is given up
//! by [`Flow::tick`]. The session has proved who the guide is before the first frame, so a REGISTER needs no digest, and
//! can only be for that guide.

use super::message::{self, Common, Message, Outgoing, address, parameter, user};
use rsipstack::sip::Method;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};
use vocabulary::{Chance, UserId};

/// Registrations are held to this span, in seconds.
const EXPIRES_SECONDS: std::ops::RangeInclusive<u64> = 30..=300;
/// How much later than promised a registration may be renewed: a hidden tab's timers run late.
const EXPIRES_GRACE: Duration = Duration::from_secs(60);
/// How long a browser has to register after it has connected.
const REGISTER_WITHIN: Duration = Duration::from_secs(30);
/// How soon a browser says at least that it has heard of a call. One that does not is gone, whatever its socket says.
const HEARD_WITHIN: Duration = Duration::from_secs(5);
/// How long we wait for the answer to a CANCEL or a BYE (RFC 3261, 64 T1).
const ENDING_MAX: Duration = Duration::from_secs(32);
/// How many calls one flow may have at a time: one ringing or talking, and some whose ending is still unanswered.
const CALLS_MAX: usize = 8;
/// How many frames that are no SIP a flow may send before it is closed.
const BAD_FRAMES_MAX: u32 = 10;

/// A call on a flow, counted up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CallNumber(pub u64);

/// What has become of a call. All but the first two end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallEvent {
    Ringing,
    /// With the browser's SDP.
    Answered(Vec<u8>),
    Declined,
    Busy,
    Unreachable,
    HungUp,
    /// The browser gave up the call because it heard nothing any more.
    Lost,
}

/// What the flow wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Send(String),
    Up,
    Down,
    Call(CallNumber, CallEvent),
    /// The flow is of no use any more.
    Close(Closed),
}

/// Why a flow gives itself up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// The browser did not register, or did not renew.
    Silent,
    /// Too much that was no SIP.
    Noise,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// INVITE sent. `cancel` if we want it back: CANCEL may only follow a provisional answer (RFC 3261, 9.1).
    Inviting {
        sent: Instant,
        provisional: bool,
        cancel: bool,
    },
    Talking,
    /// CANCEL or BYE sent.
    Ending {
        since: Instant,
    },
}

#[derive(Clone, Debug)]
struct Call {
    stage: Stage,
    target: String,
    branch: String,
    from: String,
    to: String,
    call_id: String,
    cseq: u32,
}

/// One browser's signalling.
pub(super) struct Flow {
    guide: UserId,
    contact: Option<String>,
    registered_until: Instant,
    calls: BTreeMap<CallNumber, Call>,
    next_call: u64,
    bad_frames: u32,
    out: VecDeque<Output>,
}

impl Flow {
    pub fn new(guide: UserId, now: Instant) -> Self {
        Self {
            guide,
            contact: None,
            registered_until: now + REGISTER_WITHIN,
            calls: BTreeMap::new(),
            next_call: 0,
            bad_frames: 0,
            out: VecDeque::new(),
        }
    }

    /// The next thing to be done; drain before the next input.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Rings the browser. None if it has not registered, or is asked for too much.
    pub fn ring(
        &mut self,
        caller: Option<&str>,
        sdp: &str,
        now: Instant,
        chance: &dyn Chance,
    ) -> Option<CallNumber> {
        let target = self.contact.clone().filter(|_| self.calls.len() < CALLS_MAX)?;
        let number = CallNumber(self.next_call);
        self.next_call += 1;
        let who = match caller {
            Some(caller) => format!("<sip:{caller}@telephone.invalid;user=phone>"),
            None => "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned(),
        };
        let call = Call {
            stage: Stage::Inviting { sent: now, provisional: false, cancel: false },
            target,
            branch: branch(chance),
            from: format!("{who};tag={}", token(chance)),
            to: format!("<sip:{}@telephone.invalid>", self.guide),
            call_id: token(chance),
            cseq: 1,
        };
        let extra = [CONTACT.to_owned(), ALLOW.to_owned()];
        self.out.push_back(Output::Send(message::request(
            &call.outgoing("INVITE", &call.branch),
            &extra,
            Some(sdp),
        )));
        self.calls.insert(number, call);
        Some(number)
    }

    /// Takes a call back, or hangs it up. No event follows.
    pub fn hang_up(&mut self, number: CallNumber, now: Instant, chance: &dyn Chance) {
        let Some(call) = self.calls.get_mut(&number) else { return };
        match &mut call.stage {
            Stage::Inviting { provisional: false, cancel, .. } => *cancel = true,
            Stage::Inviting { provisional: true, .. } => call.cancel(now, &mut self.out),
            Stage::Talking => call.bye(now, &mut self.out, chance),
            Stage::Ending { .. } => {}
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Instant) {
        self.calls.retain(|_, call| match call.stage {
            Stage::Ending { since } => now.saturating_duration_since(since) < ENDING_MAX,
            Stage::Inviting { .. } | Stage::Talking => true,
        });
        let deaf = |call: &Call| match call.stage {
            Stage::Inviting { sent, provisional: false, .. } => {
                now.saturating_duration_since(sent) > HEARD_WITHIN
            }
            _ => false,
        };
        let unheard: Vec<CallNumber> =
            self.calls.iter().filter(|(_, call)| deaf(call)).map(|(number, _)| *number).collect();
        if !unheard.is_empty() {
            for number in unheard {
                self.end(number, CallEvent::Unreachable);
            }
            self.out.push_back(Output::Close(Closed::Silent));
        }
        if now > self.registered_until && self.calls.values().all(|call| call.stage != Stage::Talking) {
            self.out.push_back(Output::Close(Closed::Silent));
        }
    }

    /// A text frame from the browser.
    pub fn receive(&mut self, text: &str, now: Instant, chance: &dyn Chance) {
        // RFC 5626: a ping is two line ends, its answer one.
        if text.trim_matches(['\r', '\n']).is_empty() {
            if text == "\r\n\r\n" {
                self.out.push_back(Output::Send("\r\n".to_owned()));
            }
            return;
        }
        match message::read(text) {
            Ok(Message::Request(request)) => self.request(&request, now, chance),
            Ok(Message::Response(code, response)) => self.response(code, &response, now, chance),
            Err(refused) => {
                metrics::counter!("browser_frames_refused_total").increment(1);
                self.out.extend(refused.answer.map(Output::Send));
                self.bad_frames += 1;
                if self.bad_frames > BAD_FRAMES_MAX {
                    self.out.push_back(Output::Close(Closed::Noise));
                }
            }
        }
    }

    fn request(&mut self, request: &Common, now: Instant, chance: &dyn Chance) {
        let mut answer = |code, reason: &str, extra: &[String]| {
            let text = message::response(request, code, reason, &token(chance), extra);
            self.out.push_back(Output::Send(text));
        };
        match request.method {
            Method::Register => self.register(request, now, chance),
            Method::Ack => {}
            Method::Options => answer(200, "OK", &[ALLOW.to_owned()]),
            Method::Bye => {
                let found = self
                    .calls
                    .iter()
                    .find(|(_, call)| call.call_id == request.call_id && call.stage == Stage::Talking);
                match found.map(|(number, _)| *number) {
                    Some(number) => {
                        answer(200, "OK", &[]);
                        let lost = request.reason.as_deref().is_some_and(says_timeout);
                        self.end(number, if lost { CallEvent::Lost } else { CallEvent::HungUp });
                    }
                    None => answer(481, "Call/Transaction Does Not Exist", &[]),
                }
            }
            // Guides are rung; they do not ring from here, nor change what was agreed.
            Method::Invite if request.to_tag().is_none() => answer(403, "Forbidden", &[]),
            Method::Invite | Method::Update => answer(488, "Not Acceptable Here", &[]),
            Method::Cancel => answer(481, "Call/Transaction Does Not Exist", &[]),
            _ => answer(405, "Method Not Allowed", &[ALLOW.to_owned()]),
        }
    }

    fn register(&mut self, request: &Common, now: Instant, chance: &dyn Chance) {
        let mut answer = |code, reason: &str, extra: &[String]| {
            let text = message::response(request, code, reason, &token(chance), extra);
            self.out.push_back(Output::Send(text));
        };
        if user(address(&request.to)) != Some(self.guide.to_string().as_str()) {
            return answer(403, "Forbidden", &[]);
        }
        let Some(contact) = request.contact.as_deref() else {
            // A question about what is registered (RFC 3261, 10.2.3).
            let known =
                self.contact.iter().map(|contact| format!("Contact: <{contact}>")).collect::<Vec<_>>();
            return answer(200, "OK", &known);
        };
        let asked = parameter(contact, "expires").or(request.expires.as_deref());
        let seconds = asked.map_or(Some(*EXPIRES_SECONDS.end()), |word| word.trim().parse::<u64>().ok());
        let uri = address(contact);
        match seconds {
            None => answer(400, "Bad Expires", &[]),
            Some(0) => {
                answer(200, "OK", &[]);
                if self.contact.take().is_some() {
                    self.out.push_back(Output::Down);
                }
                self.registered_until = now + REGISTER_WITHIN;
            }
            Some(_) if user(uri).is_none() => answer(400, "Bad Contact", &[]),
            Some(seconds) => {
                let seconds = seconds.clamp(*EXPIRES_SECONDS.start(), *EXPIRES_SECONDS.end());
                answer(200, "OK", &[format!("Contact: <{uri}>;expires={seconds}")]);
                self.registered_until = now + Duration::from_secs(seconds) + EXPIRES_GRACE;
                if self.contact.replace(uri.to_owned()).is_none() {
                    self.out.push_back(Output::Up);
                }
            }
        }
    }

    fn response(&mut self, code: u16, response: &Common, now: Instant, chance: &dyn Chance) {
        let found = self.calls.iter_mut().find(|(_, call)| call.call_id == response.call_id);
        let Some((&number, call)) = found else { return };
        match (&response.method, code) {
            (Method::Invite, 100..=199) => {
                let Stage::Inviting { provisional, cancel, .. } = &mut call.stage else { return };
                *provisional = true;
                if *cancel {
                    call.cancel(now, &mut self.out);
                } else if code != 100 {
                    self.out.push_back(Output::Call(number, CallEvent::Ringing));
                }
            }
            (Method::Invite, 200..=299) => self.answered(number, response, now, chance),
            (Method::Invite, _) => {
                call.to.clone_from(&response.to);
                let ack = message::request(&call.outgoing("ACK", &call.branch), &[], None);
                self.out.push_back(Output::Send(ack));
                match call.stage {
                    Stage::Inviting { cancel: false, .. } => {
                        let event = match code {
                            603 => CallEvent::Declined,
                            486 | 600 => CallEvent::Busy,
                            _ => CallEvent::Unreachable,
                        };
                        self.end(number, event);
                    }
                    Stage::Inviting { .. } | Stage::Ending { .. } => drop(self.calls.remove(&number)),
                    Stage::Talking => {}
                }
            }
            (Method::Bye, 200..) => drop(self.calls.remove(&number)),
            _ => {}
        }
    }

    /// The browser has answered (or says so again, until it has our ACK).
    fn answered(&mut self, number: CallNumber, response: &Common, now: Instant, chance: &dyn Chance) {
        let Some(call) = self.calls.get_mut(&number) else { return };
        call.to.clone_from(&response.to);
        if let Some(contact) = &response.contact {
            address(contact).clone_into(&mut call.target);
        }
        let ack = message::request(&Outgoing { cseq: 1, ..call.outgoing("ACK", &branch(chance)) }, &[], None);
        self.out.push_back(Output::Send(ack));
        match call.stage {
            Stage::Inviting { cancel: false, .. } => {
                call.stage = Stage::Talking;
                self.out.push_back(Output::Call(number, CallEvent::Answered(response.body.clone())));
            }
            // It answered while our CANCEL was on its way, or before one could be sent: hang up.
            Stage::Inviting { cancel: true, .. } | Stage::Ending { .. } if call.cseq == 1 => {
                call.bye(now, &mut self.out, chance);
            }
            _ => {}
        }
    }

    fn end(&mut self, number: CallNumber, event: CallEvent) {
        let taken_back =
            |call: &Call| matches!(call.stage, Stage::Inviting { cancel: true, .. } | Stage::Ending { .. });
        if self.calls.remove(&number).is_some_and(|call| !taken_back(&call)) {
            self.out.push_back(Output::Call(number, event));
        }
    }
}

/// Whether a `Reason` (RFC 3326) says 408, which is how JsSIP ends a call whose connection for the sound has failed. The
/// guide has not hung up then, and the resident must not be lost.
fn says_timeout(reason: &str) -> bool {
    parameter(reason, "cause") == Some("408")
}

const CONTACT: &str = "Contact: <sip:lots@lots.invalid;transport=ws>";
const ALLOW: &str = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER";

impl Call {
    fn outgoing<'a>(&'a self, method: &'a str, branch: &'a str) -> Outgoing<'a> {
        Outgoing {
            method,
            uri: &self.target,
            branch,
            from: &self.from,
            to: &self.to,
            call_id: &self.call_id,
            cseq: self.cseq,
        }
    }

    fn cancel(&mut self, now: Instant, out: &mut VecDeque<Output>) {
        out.push_back(Output::Send(message::request(&self.outgoing("CANCEL", &self.branch), &[], None)));
        self.stage = Stage::Ending { since: now };
    }

    fn bye(&mut self, now: Instant, out: &mut VecDeque<Output>, chance: &dyn Chance) {
        self.cseq += 1;
        out.push_back(Output::Send(message::request(&self.outgoing("BYE", &branch(chance)), &[], None)));
        self.stage = Stage::Ending { since: now };
    }
}

fn token(chance: &dyn Chance) -> String {
    let mut bytes = [0; 12];
    chance.fill(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn branch(chance: &dyn Chance) -> String {
    format!("z9hG4bK{}", token(chance))
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
