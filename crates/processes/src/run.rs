//! One case's way through a process: a pure machine over a definition. What has been done is a list of [`Act`]s; where
//! the case stands is what they come to, so that undoing the last one is leaving it out.

mod state;

pub use state::{Booked, Call, Mark, Standing, State};

use crate::definition::{Definition, StepKind};
use crate::form::{Answers, RefusedAnswer};
use crate::limits::ACTS_MAX;
use serde::{Deserialize, Serialize};
use vocabulary::{BookingId, Timestamp};

vocabulary::words! {
    /// How somebody's identity was checked at the desk. Never a number.
    IdentityCheck, "identity check" {
        /// A Swedish or foreign passport.
        Passport = "passport",
        /// A driving licence.
        DrivingLicence = "driving_licence",
        /// A national identity card, or that of the Tax Agency.
        IdentityCard = "identity_card",
        /// A certified company or service card (SIS).
        ServiceCard = "service_card",
        /// A residence permit card.
        ResidencePermit = "residence_permit",
        /// A certificate of guardianship or power of attorney, with the bearer's own identity checked.
        Proxy = "proxy",
    }
}

/// Something that has been done. Kept for as long as the case; what was sensitive in it can be blanked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// A form was filled in.
    Completed {
        /// The step's key.
        step: String,
        /// What was answered.
        answers: Answers,
    },
    /// The step was left out.
    Skipped {
        /// The step's key.
        step: String,
        /// Why.
        reason: String,
    },
    /// A time was booked.
    Booked {
        /// The step's key.
        step: String,
        /// Which booking.
        booking: Booked,
        /// What was answered.
        answers: Answers,
    },
    /// The booked time was moved.
    Moved {
        /// The step's key.
        step: String,
        /// The new booking.
        booking: Booked,
    },
    /// The booked time was cancelled, and the step is open again.
    Cancelled {
        /// The step's key.
        step: String,
        /// Which booking.
        booking: BookingId,
    },
    /// A letter was sent.
    Sent {
        /// The step's key.
        step: String,
        /// What was answered.
        answers: Answers,
    },
    /// Something was handed out.
    HandedOut {
        /// The step's key.
        step: String,
        /// How the receiver's identity was checked.
        identity: IdentityCheck,
        /// What was answered.
        answers: Answers,
    },
    /// A contractor was told, by the house itself.
    Called {
        /// The step's key.
        step: String,
        /// The contractor's code.
        contractor: String,
    },
    /// A contractor has said that they are on their way.
    Acknowledged {
        /// The step's key.
        step: String,
        /// The contractor's code.
        contractor: String,
        /// What was answered.
        answers: Answers,
    },
    /// The last thing that a person did is undone, with what followed from it.
    Undone,
}

impl Act {
    /// The step it is about; none for [`Act::Undone`].
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Completed { step, .. }
            | Self::Skipped { step, .. }
            | Self::Booked { step, .. }
            | Self::Moved { step, .. }
            | Self::Cancelled { step, .. }
            | Self::Sent { step, .. }
            | Self::HandedOut { step, .. }
            | Self::Called { step, .. }
            | Self::Acknowledged { step, .. } => Some(step),
            Self::Undone => None,
        }
    }

    /// The word for it, for the timeline.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Completed { .. } => "completed",
            Self::Skipped { .. } => "skipped",
            Self::Booked { .. } => "booked",
            Self::Moved { .. } => "moved",
            Self::Cancelled { .. } => "cancelled",
            Self::Sent { .. } => "sent",
            Self::HandedOut { .. } => "handed_out",
            Self::Called { .. } => "called",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Undone => "undone",
        }
    }

    /// What was answered with it.
    #[must_use]
    pub fn answers(&self) -> Option<&Answers> {
        match self {
            Self::Completed { answers, .. }
            | Self::Booked { answers, .. }
            | Self::Sent { answers, .. }
            | Self::HandedOut { answers, .. }
            | Self::Acknowledged { answers, .. } => Some(answers),
            _ => None,
        }
    }

    /// What was answered with it, to be blanked.
    pub(crate) fn answers_mut(&mut self) -> Option<&mut Answers> {
        match self {
            Self::Completed { answers, .. }
            | Self::Booked { answers, .. }
            | Self::Sent { answers, .. }
            | Self::HandedOut { answers, .. }
            | Self::Acknowledged { answers, .. } => Some(answers),
            _ => None,
        }
    }

    /// Whether a person did it, and not the house.
    const fn by_hand(&self) -> bool {
        !matches!(self, Self::Called { .. })
    }

    /// Whether it can be undone. Who has been given another time is not given the old one back by a press: somebody
    /// else may have it.
    const fn undoable(&self) -> bool {
        !matches!(self, Self::Moved { .. } | Self::Cancelled { .. })
    }
}

/// An act, and when it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// Why an act cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The process has come to an end.
    #[error("the process has come to its end")]
    Ended,
    /// There is no such step.
    #[error("there is no such step")]
    NoSuchStep,
    /// The step is not open: it is done, or its turn has not come.
    #[error("the step is not open")]
    NotOpen,
    /// A step of that kind is not done in that way.
    #[error("a step of that kind is not done in that way")]
    WrongKind,
    /// The step may not be left out.
    #[error("the step may not be left out")]
    NotSkippable,
    /// The answers are not acceptable.
    #[error("the answers are not acceptable")]
    Answers(Vec<RefusedAnswer>),
    /// No such time is booked.
    #[error("no such time is booked")]
    NotBooked,
    /// The contractor is not one of the step's.
    #[error("the contractor is not one of the step's")]
    NoSuchContractor,
    /// Nothing has been done that could be undone.
    #[error("nothing has been done that could be undone")]
    NothingToUndo,
    /// What was done last cannot be undone.
    #[error("what was done last cannot be undone")]
    CannotUndo,
    /// More than ever happens.
    #[error("at most {ACTS_MAX} things are done in one process")]
    TooManyActs,
}

/// One case's process: where it began, and what has been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub started_at: Timestamp,
    /// What has been done, oldest first; also what has been undone since.
    pub log: Vec<Done>,
}

impl Run {
    /// A process that begins.
    #[must_use]
    pub const fn new(started_at: Timestamp) -> Self {
        Self { started_at, log: Vec::new() }
    }

    /// What has been done and not undone.
    #[must_use]
    pub fn standing(&self) -> Vec<&Done> {
        let mut stack: Vec<&Done> = Vec::new();
        for done in &self.log {
            if done.act == Act::Undone {
                let last = stack.iter().rposition(|done| done.act.by_hand()).unwrap_or(0);
                stack.truncate(last);
            } else {
                stack.push(done);
            }
        }
        stack
    }

    /// Where the case stands.
    #[must_use]
    pub fn state(&self, definition: &Definition) -> State {
        let mut state = State::begin(definition, self.started_at);
        for done in self.standing() {
            // What has been accepted once is accepted again: the definition of a version never changes. Were it not,
            // leaving the act out is the best that can be done.
            if let Ok(next) = state.after(definition, &done.act, done.at) {
                state = next;
            }
        }
        state
    }

    /// The act that would be undone.
    ///
    /// # Errors
    /// [`Refusal::NothingToUndo`], or [`Refusal::CannotUndo`].
    pub fn last(&self) -> Result<&Act, Refusal> {
        let standing = self.standing();
        let last = standing.iter().rev().find(|done| done.act.by_hand()).ok_or(Refusal::NothingToUndo)?;
        if last.act.undoable() { Ok(&last.act) } else { Err(Refusal::CannotUndo) }
    }

    /// Does something: the run with it, and where the case stands then.
    ///
    /// # Errors
    /// It cannot be done from where the case stands.
    pub fn take(&self, definition: &Definition, act: Act, at: Timestamp) -> Result<(Self, State), Refusal> {
        if self.log.len() >= ACTS_MAX {
            return Err(Refusal::TooManyActs);
        }
        let mut next = self.clone();
        if act == Act::Undone {
            self.last()?;
            next.log.push(Done { at, act });
            let state = next.state(definition);
            return Ok((next, state));
        }
        let state = self.state(definition).after(definition, &act, at)?;
        next.log.push(Done { at, act });
        Ok((next, state))
    }

    /// Whether `act` is what was done last: the same thing sent twice.
    #[must_use]
    pub fn is_last(&self, act: &Act) -> bool {
        self.standing().last().is_some_and(|done| done.act == *act)
    }
}

/// What an act has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The steps that have opened, or opened anew.
    pub opened: Vec<usize>,
    /// The steps that are open no longer.
    pub closed: Vec<usize>,
    /// The end that was come to.
    pub ended: Option<usize>,
    /// Whether an end that was come to has been undone.
    pub resumed: bool,
}

/// What is different between two states of the same process.
#[must_use]
pub fn changes(before: Option<&State>, after: &State) -> Changes {
    let mut changes = Changes::default();
    for (place, mark) in after.marks.iter().enumerate() {
        let was = before.map(|before| before.marks[place]);
        let (was_open, is_open) = (was.is_some_and(Mark::is_open), mark.is_open());
        if is_open && was != Some(*mark) {
            changes.opened.push(place);
        }
        if was_open && (!is_open || was != Some(*mark)) {
            changes.closed.push(place);
        }
    }
    let ended = before.and_then(|before| before.end);
    changes.ended = after.end.filter(|end| Some(*end) != ended).map(|(place, _)| place);
    changes.resumed = ended.is_some() && after.end.is_none();
    changes
}

/// The act that does a step of `kind`, where nothing more than answers is needed for it.
#[must_use]
pub fn plain_act(kind: &StepKind, step: String, answers: Answers) -> Option<Act> {
    match kind {
        StepKind::Form => Some(Act::Completed { step, answers }),
        StepKind::Letter(_) => Some(Act::Sent { step, answers }),
        StepKind::Booking { .. } | StepKind::HandOut { .. } | StepKind::CallOut { .. } => None,
    }
}

#[cfg(test)]
mod tests;
