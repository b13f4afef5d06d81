//! Rings a resident up over the trunk and conducts the survey: the thin part, with the telephone in its hand.

use super::protocol::{Input, Output, Part, Survey, SurveyOutcome, SurveyScript};
use crate::driver::agent::Agent;
use crate::driver::dialog::{Call, Dialog, DialogEvent};
use crate::driver::leg::{LegMaker, PendingLeg};
use crate::driver::media::{LegId, Media, MediaEvent, Playlist};
use crate::protocol::g711::Sound;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use vocabulary::{Clock, SignedDuration};

/// However fast the clock runs, a person (or the simulation's) needs this long to press a key.
const ANSWER_WAIT_REAL_MIN: Duration = Duration::from_secs(2);
/// However fast the clock runs, this long it rings.
const RING_REAL_MIN: Duration = Duration::from_secs(3);

/// Where survey calls go out, and their patience.
#[derive(Clone, Debug)]
pub struct SurveyLine {
    /// The trunk that takes our calls.
    pub trunk: SocketAddr,
    /// The `From` header without its tag: the number residents see, so that they know who calls and can call back.
    pub from: String,
    /// How long it rings.
    pub ring_max: SignedDuration,
    /// How long an answer is waited for after the question.
    pub answer_wait: SignedDuration,
}

/// Makes survey calls. Each call is independent; whoever calls decides how many at a time.
#[derive(Clone)]
pub struct SurveyCaller {
    /// What signals.
    pub agent: Agent,
    /// What moves sound.
    pub media: Media,
    /// What makes our half of the sound.
    pub legs: Arc<dyn LegMaker>,
    /// Where to, and with how much patience.
    pub line: SurveyLine,
    /// Whose seconds they are.
    pub clock: Arc<dyn Clock>,
}

/// What a call is told by its dialog and its leg.
enum Told {
    Dialog(DialogEvent),
    Media(MediaEvent),
}

/// A call under way.
struct Conversation<'a> {
    caller: &'a SurveyCaller,
    script: &'a SurveyScript,
    survey: Survey,
    dialog: Option<Dialog>,
    pending: Option<Box<dyn PendingLeg>>,
    leg: Option<LegId>,
    tell: mpsc::UnboundedSender<Told>,
    /// When what is rung or waited for is given up, and the token it has then.
    deadline: Option<(Instant, u64)>,
}

impl SurveyCaller {
    /// Rings `number` (E.164) up and asks. Returns when the call is over; dropping the future hangs up.
    pub async fn call(&self, number: &str, script: &SurveyScript) -> SurveyOutcome {
        let (tell, mut told) = mpsc::unbounded_channel();
        let Some((dialog, pending)) = self.ring(number, &tell) else { return SurveyOutcome::Unreached };
        let ring_max = self.clock.real(self.line.ring_max).max(RING_REAL_MIN);
        let mut conversation = Conversation {
            caller: self,
            script,
            survey: Survey::new(script.questions.iter().map(|(parameter, _)| *parameter).collect()),
            dialog: Some(dialog),
            pending: Some(pending),
            leg: None,
            tell,
            deadline: Some((Instant::now() + ring_max, 0)),
        };
        loop {
            let deadline = conversation.deadline;
            let input = tokio::select! {
                // We hold a sender ourselves: this never ends.
                told = told.recv() => told.and_then(|told| conversation.hear(told)),
                () = tokio::time::sleep_until(deadline.map_or_else(Instant::now, |(at, _)| at)), if deadline.is_some() => {
                    conversation.deadline = None;
                    let token = deadline.map_or(0, |(_, token)| token);
                    Some(if conversation.leg.is_some() { Input::TimedOut(token) } else { Input::NotTaken })
                }
            };
            if let Some(outcome) = input.and_then(|input| conversation.step(input)) {
                return outcome;
            }
        }
    }

    fn ring(
        &self,
        number: &str,
        tell: &mpsc::UnboundedSender<Told>,
    ) -> Option<(Dialog, Box<dyn PendingLeg>)> {
        let pending = self.legs.make()?;
        let call = Call {
            uri: format!("sip:{number}@{}", self.line.trunk),
            destination: self.line.trunk,
            stay: true,
            from: self.line.from.clone(),
            contact_user: "survey".to_owned(),
            offer: pending.offer(),
            headers: Vec::new(),
        };
        let tell = tell.clone();
        let dialog =
            self.agent.call(call, Box::new(move |event| drop(tell.send(Told::Dialog(event))))).ok()?;
        Some((dialog, pending))
    }
}

impl Conversation<'_> {
    fn hear(&mut self, told: Told) -> Option<Input> {
        match told {
            Told::Dialog(DialogEvent::Answered(sdp)) => {
                let Some(leg) = self.pending.take().and_then(|pending| pending.answered(&sdp)) else {
                    self.dialog = None;
                    return Some(Input::NotTaken);
                };
                let tell = self.tell.clone();
                let sink = Box::new(move |event| drop(tell.send(Told::Media(event))));
                self.leg = Some(self.caller.media.add(leg, None, sink));
                self.deadline = None;
                Some(Input::Taken)
            }
            Told::Dialog(DialogEvent::Reoffered(_)) => {
                // A survey has nothing to renegotiate; everything stays as it was.
                self.dialog.iter().for_each(|dialog| dialog.reanswer(None));
                None
            }
            Told::Dialog(DialogEvent::Digit(digit)) | Told::Media(MediaEvent::Digit(digit)) => {
                Some(Input::Key(digit))
            }
            Told::Dialog(event) if event.ends() => {
                Some(if self.leg.is_some() { Input::HungUp } else { Input::NotTaken })
            }
            Told::Media(MediaEvent::Played { token }) => Some(Input::Played(token)),
            Told::Media(MediaEvent::Lost) => Some(Input::HungUp),
            Told::Dialog(_) | Told::Media(_) => None,
        }
    }

    /// Takes in what has happened and does what is to be done; the outcome when it is over.
    fn step(&mut self, input: Input) -> Option<SurveyOutcome> {
        self.survey.handle(input);
        while let Some(output) = self.survey.poll() {
            match output {
                Output::Play { token, parts } => self.play(token, &parts),
                Output::Wait { token } => {
                    let wait = self.caller.clock.real(self.caller.line.answer_wait).max(ANSWER_WAIT_REAL_MIN);
                    self.deadline = Some((Instant::now() + wait, token));
                }
                Output::HangUp => drop(self.dialog.take()),
                Output::Finished(outcome) => return Some(outcome),
            }
        }
        None
    }

    fn play(&mut self, token: u64, parts: &[Part]) {
        self.deadline = None;
        let once: Vec<Sound> = parts.iter().filter_map(|part| self.sound(*part)).collect();
        let length: Duration = once.iter().map(Sound::duration).sum();
        let cut_after = SignedDuration::try_from(length).ok().map(|length| self.caller.clock.real(length));
        if let Some(leg) = self.leg {
            self.caller.media.play(leg, Playlist { once, looped: None, cut_after }, token);
        }
    }

    fn sound(&self, part: Part) -> Option<Sound> {
        match part {
            Part::Intro => Some(self.script.intro.clone()),
            Part::Question(index) => self.script.questions.get(index).map(|(_, sound)| sound.clone()),
            Part::Repeat => Some(self.script.repeat.clone()),
            Part::Thanks => Some(self.script.thanks.clone()),
        }
    }
}

impl Drop for Conversation<'_> {
    /// However the conversation ends, its leg goes with it; its dialog hangs up when it is dropped.
    fn drop(&mut self) {
        if let Some(leg) = self.leg {
            self.caller.media.remove(leg);
        }
    }
}
