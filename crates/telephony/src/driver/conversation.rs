//! A call with its sound, for whoever leads one call at a time: a softphone, or the survey that rings residents up.

use super::agent::{Agent, NoAnswer, ServerRequest};
use super::dialog::{Call, Dialog, DialogEvent};
use super::leg::{Leg, PendingLeg as _};
use super::media::{LegId, Media, MediaEvent, Playlist};
use super::meter::{Meter, MeteredLeg};
use super::rtp_leg::{RtpHalf, RtpLegMaker};
use crate::protocol::dtmf::Digit;
use rsipstack::sip::Header;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What conversations are made of. Cheap to clone.
#[derive(Clone)]
pub struct Line {
    /// Signals.
    pub agent: Agent,
    /// Moves the sound.
    pub media: Media,
    /// Makes the connections for it.
    pub legs: Arc<RtpLegMaker>,
}

/// Whom to ring, and as whom.
#[derive(Clone, Debug)]
pub struct Number {
    /// The address to call, as `sip:+46...@host`.
    pub uri: String,
    /// Where to send it.
    pub destination: SocketAddr,
    /// The `From` header's address, such as `<sip:+46...@host>`.
    pub from: String,
    /// The user part of our contact.
    pub contact_user: String,
}

/// What becomes of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationEvent {
    /// It rings at the other end.
    Ringing,
    /// The call is up and sound flows.
    Answered,
    /// The other end pressed a key.
    Digit(Digit),
    /// What was played with this token has been played to its end.
    Played(u64),
    /// The other end asks to be connected elsewhere.
    Referred(String),
    /// It is over. The last event; asked again, it is given again.
    Ended(Ending),
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Our call was not taken, with this SIP code.
    Refused(u16),
    /// The caller gave up before we answered.
    Cancelled,
    /// The other end hung up.
    HungUp,
    /// The other end is gone without a word.
    Lost,
}

/// The line could not be used: no port, or no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call could not be placed")]
pub struct NoLine;

impl From<NoAnswer> for NoLine {
    fn from(_: NoAnswer) -> Self {
        Self
    }
}

enum Mail {
    Dialog(DialogEvent),
    Media(MediaEvent),
}

/// A call with its sound. Dropping it hangs up.
pub struct Conversation {
    line: Line,
    dialog: Option<Dialog>,
    half: Option<RtpHalf>,
    leg: Option<LegId>,
    mail: mpsc::UnboundedReceiver<Mail>,
    sender: mpsc::UnboundedSender<Mail>,
    meter: Meter,
    ended: Option<Ending>,
    plays: u64,
    /// What is waiting for the call to be up.
    play_when_up: Option<(Playlist, u64)>,
}

impl Line {
    /// Rings `number`. Follow it with [`Conversation::next`].
    ///
    /// # Errors
    /// [`NoLine`].
    pub fn place(&self, number: Number, headers: Vec<Header>) -> Result<Conversation, NoLine> {
        let half = self.legs.half().ok_or(NoLine)?;
        let (sender, mail) = mpsc::unbounded_channel();
        let events = sender.clone();
        let call = Call {
            uri: number.uri,
            destination: number.destination,
            stay: false,
            from: number.from,
            contact_user: number.contact_user,
            offer: half.offer(),
            headers,
        };
        let dialog = self.agent.call(call, Box::new(move |event| drop(events.send(Mail::Dialog(event)))))?;
        let mut conversation = Conversation::new(self.clone(), sender, mail);
        (conversation.dialog, conversation.half) = (Some(dialog), Some(half));
        Ok(conversation)
    }

    /// Takes in a call without answering it yet. None if it is no call; it has been answered then.
    #[must_use]
    pub fn take(&self, request: ServerRequest) -> Option<Conversation> {
        let (sender, mail) = mpsc::unbounded_channel();
        let events = sender.clone();
        let dialog =
            self.agent.take(request, Box::new(move |event| drop(events.send(Mail::Dialog(event)))))?;
        let mut conversation = Conversation::new(self.clone(), sender, mail);
        conversation.dialog = Some(dialog);
        Some(conversation)
    }
}

impl Conversation {
    fn new(line: Line, sender: mpsc::UnboundedSender<Mail>, mail: mpsc::UnboundedReceiver<Mail>) -> Self {
        Self {
            line,
            dialog: None,
            half: None,
            leg: None,
            mail,
            sender,
            meter: Meter::default(),
            ended: None,
            plays: 0,
            play_when_up: None,
        }
    }

    /// What happens next. Cancel-safe. Nothing goes on in a conversation that nobody follows.
    pub async fn next(&mut self) -> ConversationEvent {
        loop {
            if let Some(ending) = self.ended {
                return ConversationEvent::Ended(ending);
            }
            let event = match self.mail.recv().await {
                Some(Mail::Dialog(event)) => self.signalled(event),
                Some(Mail::Media(event)) => self.sounded(event),
                None => self.end(Ending::Lost),
            };
            if let Some(event) = event {
                return event;
            }
        }
    }

    /// Waits until the call is up. Cancel-safe.
    ///
    /// # Errors
    /// How it ended instead.
    pub async fn answered(&mut self) -> Result<(), Ending> {
        loop {
            match self.next().await {
                ConversationEvent::Answered => return Ok(()),
                ConversationEvent::Ended(ending) => return Err(ending),
                _ => {}
            }
        }
    }

    /// Waits until the call is over. Cancel-safe.
    pub async fn ended(&mut self) -> Ending {
        loop {
            if let ConversationEvent::Ended(ending) = self.next().await {
                return ending;
            }
        }
    }

    /// Takes in what has already happened; true if the call is over.
    fn is_over(&mut self) -> bool {
        while self.ended.is_none()
            && let Ok(mail) = self.mail.try_recv()
        {
            match mail {
                Mail::Dialog(event) => self.signalled(event),
                Mail::Media(event) => self.sounded(event),
            };
        }
        self.ended.is_some()
    }

    fn end(&mut self, ending: Ending) -> Option<ConversationEvent> {
        self.ended = Some(ending);
        self.release();
        Some(ConversationEvent::Ended(ending))
    }

    fn signalled(&mut self, event: DialogEvent) -> Option<ConversationEvent> {
        match event {
            DialogEvent::Ringing => Some(ConversationEvent::Ringing),
            DialogEvent::Answered(answer) => {
                match self.half.take().and_then(|half| Box::new(half).answered(&answer)) {
                    Some(leg) => self.up(leg),
                    None => self.end(Ending::Refused(488)),
                }
            }
            DialogEvent::Confirmed(_) => None,
            DialogEvent::Reoffered(offer) => {
                match (self.leg, &self.dialog) {
                    (Some(leg), _) => self.line.media.renegotiate(leg, offer, 0),
                    (None, Some(dialog)) => dialog.reanswer(None),
                    (None, None) => {}
                }
                None
            }
            DialogEvent::Digit(digit) => Some(ConversationEvent::Digit(digit)),
            DialogEvent::Referred(to) => Some(ConversationEvent::Referred(to)),
            DialogEvent::ReferDone(_) => None,
            DialogEvent::Cancelled => self.end(Ending::Cancelled),
            DialogEvent::Refused(code) => self.end(Ending::Refused(code)),
            DialogEvent::HungUp => self.end(Ending::HungUp),
            DialogEvent::Failed => self.end(Ending::Lost),
        }
    }

    fn sounded(&mut self, event: MediaEvent) -> Option<ConversationEvent> {
        match event {
            MediaEvent::Played { token } => Some(ConversationEvent::Played(token)),
            MediaEvent::Digit(digit) => Some(ConversationEvent::Digit(digit)),
            MediaEvent::Lost => self.end(Ending::Lost),
            MediaEvent::Renegotiated { answer, .. } => {
                if let Some(dialog) = &self.dialog {
                    dialog.reanswer(answer);
                }
                None
            }
            MediaEvent::Removed(_) => None,
        }
    }

    fn up(&mut self, leg: Box<dyn Leg>) -> Option<ConversationEvent> {
        let events = self.sender.clone();
        let metered = Box::new(MeteredLeg::new(leg, self.meter.clone()));
        let leg =
            self.line.media.add(metered, None, Box::new(move |event| drop(events.send(Mail::Media(event)))));
        self.leg = Some(leg);
        if let Some((playlist, token)) = self.play_when_up.take() {
            self.line.media.play(leg, playlist, token);
        }
        Some(ConversationEvent::Answered)
    }

    /// Tells the caller that it rings here.
    pub fn ring(&self) {
        if let Some(dialog) = &self.dialog {
            dialog.ring();
        }
    }

    /// Answers a call to us that carried `offer`. False if the caller has given up, or if there is nothing in it that we
    /// can use; it is refused then.
    pub fn answer(&mut self, offer: &[u8]) -> bool {
        if self.is_over() {
            return false;
        }
        let accepted = self.line.legs.half().and_then(|half| half.accept(offer));
        match (accepted, &self.dialog) {
            (Some((leg, answer)), Some(dialog)) => {
                dialog.answer(answer);
                self.up(Box::new(leg));
                true
            }
            _ => {
                self.refuse(488);
                false
            }
        }
    }

    /// Does not take a call to us.
    pub fn refuse(&mut self, code: u16) {
        if let Some(dialog) = self.dialog.take() {
            dialog.refuse(code, Vec::new());
        }
        self.ended.get_or_insert(Ending::Refused(code));
    }

    /// Plays to the other end, from when the call is up. Gives the token of [`ConversationEvent::Played`].
    pub fn play(&mut self, playlist: Playlist) -> u64 {
        self.plays += 1;
        match self.leg {
            Some(leg) => self.line.media.play(leg, playlist, self.plays),
            None => self.play_when_up = Some((playlist, self.plays)),
        }
        self.plays
    }

    /// Presses a key.
    pub fn press(&self, digit: Digit) {
        if let Some(leg) = self.leg {
            self.line.media.press(leg, digit);
        }
    }

    /// What is heard.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Hangs up, or takes the call back if it has not been answered.
    pub fn hang_up(mut self) {
        self.release();
    }

    /// Drops the sound but not the signalling, as when the network is cut: nothing is sent any more, and nothing said.
    pub fn cut_sound(&mut self) {
        if let Some(leg) = self.leg.take() {
            self.line.media.remove(leg);
        }
    }

    fn release(&mut self) {
        self.dialog = None;
        self.half = None;
        self.cut_sound();
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.release();
    }
}
