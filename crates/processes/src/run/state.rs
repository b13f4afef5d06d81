//! Where a case stands in its process, and what an act makes of it.

use super::{Act, Refusal};
use crate::definition::{Arrow, Definition, Node, Step, StepKind, Who};
use crate::form::{AnswerFault, Answers, RefusedAnswer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{BookingId, Timestamp};

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Its turn has not come, and perhaps never does.
    NotReached,
    /// It has been reached and waits for what is done side by side with it.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// It is to be done.
    Open {
        /// Since when.
        since: Timestamp,
    },
    /// It is done.
    Done {
        /// Since when.
        at: Timestamp,
    },
    /// It was left out.
    Skipped {
        /// Since when.
        at: Timestamp,
    },
    /// The process came to an end before it was done.
    BrokenOff {
        /// Since when.
        at: Timestamp,
    },
}

impl Mark {
    /// Whether it is to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    const fn is_under_way(self) -> bool {
        matches!(self, Self::Open { .. } | Self::Waiting { .. })
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotReached => "not_reached",
            Self::Waiting { .. } => "waiting",
            Self::Open { .. } => "open",
            Self::Done { .. } => "done",
            Self::Skipped { .. } => "skipped",
            Self::BrokenOff { .. } => "broken_off",
        }
    }
}

/// A booked time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// Which booking.
    pub booking: BookingId,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it is over.
    pub ends_at: Timestamp,
}

/// A contractor who has been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The contractor's code.
    pub contractor: String,
    /// When they were told.
    pub at: Timestamp,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The resident's alone.
    Resident,
    /// A department's, and no guide's.
    Department,
    /// A guide's.
    Guide,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// How each step stands, in the definition's order.
    pub marks: Vec<Mark>,
    /// What has been answered.
    pub answers: Answers,
    /// The booked times, by their steps.
    pub bookings: BTreeMap<usize, Booked>,
    /// The contractors who have been told, by the steps that call them, in order.
    pub calls: BTreeMap<usize, Vec<Call>>,
    /// How often ways with a count have been taken, by step and arrow.
    taken: BTreeMap<(usize, usize), u8>,
    /// The end that was come to, and when.
    pub end: Option<(usize, Timestamp)>,
}

impl State {
    /// The beginning.
    #[must_use]
    pub fn begin(definition: &Definition, at: Timestamp) -> Self {
        let mut state = Self {
            marks: vec![Mark::NotReached; definition.steps.len()],
            answers: Answers::new(),
            bookings: BTreeMap::new(),
            calls: BTreeMap::new(),
            taken: BTreeMap::new(),
            end: None,
        };
        state.reach(definition, Node::Step(0), at);
        state.settle(definition, at);
        state
    }

    /// The steps that are to be done, in the definition's order.
    pub fn open(&self) -> impl Iterator<Item = usize> + '_ {
        self.marks.iter().enumerate().filter(|(_, mark)| mark.is_open()).map(|(place, _)| place)
    }

    /// When an open step is due; none if it has no term or is not open.
    #[must_use]
    pub fn due_at(&self, definition: &Definition, place: usize) -> Option<Timestamp> {
        let Mark::Open { since } = self.marks[place] else { return None };
        let due = definition.steps[place].due.as_ref()?;
        let booked = due
            .after
            .as_deref()
            .and_then(|key| definition.step(key))
            .and_then(|from| self.bookings.get(&from));
        Some(due.at(booked.map_or(since, |booked| booked.ends_at)))
    }

    /// Whose turn it is; none when the process has come to an end.
    #[must_use]
    pub fn standing(&self, definition: &Definition) -> Option<Standing> {
        let whose = |place: usize| match definition.steps[place].who {
            Who::Guide => Standing::Guide,
            Who::Department(_) => Standing::Department,
            Who::Resident => Standing::Resident,
        };
        self.open().map(whose).max()
    }

    /// What the resident reads: of the end, or of each step that is to be done.
    #[must_use]
    pub fn public<'d>(&self, definition: &'d Definition) -> Vec<&'d str> {
        match self.end {
            Some((end, _)) => definition.ends[end].public.as_deref().into_iter().collect(),
            None => self.open().filter_map(|place| definition.steps[place].public.as_deref()).collect(),
        }
    }

    /// How often ways with a count have been taken, by step and arrow.
    pub(crate) const fn counts(&self) -> &BTreeMap<(usize, usize), u8> {
        &self.taken
    }

    /// Where the case stands after `act`.
    ///
    /// # Errors
    /// It cannot be done from here.
    pub fn after(&self, definition: &Definition, act: &Act, at: Timestamp) -> Result<Self, Refusal> {
        let place = act.step().and_then(|key| definition.step(key)).ok_or(Refusal::NoSuchStep)?;
        let step = &definition.steps[place];
        let mut next = self.clone();
        // What is booked can be moved and cancelled whether the step is open or not, and also when all is over.
        match act {
            Act::Moved { booking, .. } => {
                let held = next.bookings.get_mut(&place).ok_or(Refusal::NotBooked)?;
                *held = *booking;
                return Ok(next);
            }
            Act::Cancelled { booking, .. } => {
                if next.bookings.get(&place).is_none_or(|held| held.booking != *booking) {
                    return Err(Refusal::NotBooked);
                }
                next.bookings.remove(&place);
                if next.end.is_none() {
                    next.go_back_to(definition, place, at);
                }
                return Ok(next);
            }
            _ => {}
        }
        if self.end.is_some() {
            return Err(Refusal::Ended);
        }
        if !self.marks[place].is_open() {
            return Err(Refusal::NotOpen);
        }
        next.do_open(definition, place, act, at)?;
        debug_assert!(
            next.end.is_some() || next.open().next().is_some(),
            "a case is never stuck at {}",
            step.key
        );
        Ok(next)
    }

    /// Does an open step.
    fn do_open(
        &mut self,
        definition: &Definition,
        place: usize,
        act: &Act,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let step = &definition.steps[place];
        match (act, &step.kind) {
            (Act::Completed { .. }, StepKind::Form)
            | (Act::Sent { .. }, StepKind::Letter(_))
            | (Act::HandedOut { .. }, StepKind::HandOut { .. }) => {}
            (Act::Skipped { .. }, _) => {
                if !step.skippable {
                    return Err(Refusal::NotSkippable);
                }
                self.forget(step);
                self.marks[place] = Mark::Skipped { at };
                self.go_on(definition, place, at);
                return Ok(());
            }
            (Act::Booked { booking, .. }, StepKind::Booking { .. }) => {
                self.bookings.insert(place, *booking);
            }
            (Act::Called { contractor, .. }, StepKind::CallOut { contractors, .. }) => {
                if !contractors.contains(contractor) {
                    return Err(Refusal::NoSuchContractor);
                }
                self.calls.entry(place).or_default().push(Call { contractor: contractor.clone(), at });
                return Ok(());
            }
            (Act::Acknowledged { contractor, .. }, StepKind::CallOut { contractors, .. }) => {
                if !contractors.contains(contractor) {
                    return Err(Refusal::NoSuchContractor);
                }
            }
            _ => return Err(Refusal::WrongKind),
        }
        let answers = act.answers().ok_or(Refusal::WrongKind)?;
        acceptable(step, answers)?;
        self.forget(step);
        self.answers.extend(answers.clone());
        self.marks[place] = Mark::Done { at };
        self.go_on(definition, place, at);
        Ok(())
    }

    /// A step that is done anew asks anew.
    fn forget(&mut self, step: &Step) {
        for field in &step.fields {
            self.answers.remove(&field.key);
        }
    }

    /// Takes the first way on that applies.
    fn go_on(&mut self, definition: &Definition, place: usize, at: Timestamp) {
        let step = &definition.steps[place];
        let (answers, taken) = (&self.answers, &self.taken);
        // A way whose count is used up is passed over; the last has neither count nor condition.
        let applies = |(arrow, way): &(usize, &Arrow)| {
            let used = taken.get(&(place, *arrow)).copied().unwrap_or(0);
            way.at_most.is_none_or(|most| used < most)
                && way.when.as_ref().is_none_or(|when| when.holds(answers))
        };
        let from =
            step.arrows.iter().enumerate().find(applies).map_or(step.arrows.len() - 1, |(arrow, _)| arrow);
        if step.arrows[from].at_most.is_some() {
            *self.taken.entry((place, from)).or_default() += 1;
        }
        for node in &step.arrows[from].to {
            self.reach(definition, *node, at);
        }
        self.settle(definition, at);
    }

    fn reach(&mut self, definition: &Definition, node: Node, at: Timestamp) {
        match node {
            Node::End(place) => {
                self.end.get_or_insert((place, at));
            }
            Node::Step(place) if self.marks[place].is_under_way() => {}
            Node::Step(place) => {
                drop(self.calls.remove(&place));
                self.marks[place] = if definition.steps[place].gather {
                    Mark::Waiting { since: at }
                } else {
                    Mark::Open { since: at }
                };
            }
        }
    }

    /// Opens what need not wait any more, and breaks off what an end leaves behind.
    fn settle(&mut self, definition: &Definition, at: Timestamp) {
        if self.end.is_some() {
            for mark in self.marks.iter_mut().filter(|mark| mark.is_under_way()) {
                *mark = Mark::BrokenOff { at };
            }
            return;
        }
        let under_way: Vec<usize> =
            (0..self.marks.len()).filter(|place| self.marks[*place].is_under_way()).collect();
        for place in 0..self.marks.len() {
            let awaited = |other: &usize| *other != place && definition.leads(*other, place);
            if matches!(self.marks[place], Mark::Waiting { .. }) && !under_way.iter().any(awaited) {
                self.marks[place] = Mark::Open { since: at };
            }
        }
    }

    /// Opens a step again that was done, and takes back what followed from it.
    fn go_back_to(&mut self, definition: &Definition, place: usize, at: Timestamp) {
        for other in (0..self.marks.len()).filter(|other| definition.leads(place, *other)) {
            let mark = &mut self.marks[other];
            if definition.steps[other].gather {
                // What was done side by side has come here, and must not be lost.
                if *mark != Mark::NotReached {
                    *mark = Mark::Waiting { since: at };
                }
            } else if mark.is_open() {
                *mark = Mark::NotReached;
            }
        }
        self.marks[place] = Mark::Open { since: at };
        self.settle(definition, at);
    }
}

fn acceptable(step: &Step, answers: &Answers) -> Result<(), Refusal> {
    let mut refused: Vec<RefusedAnswer> = step
        .fields
        .iter()
        .filter_map(|field| {
            let fault = match answers.get(&field.key) {
                None if field.required => Some(AnswerFault::Missing),
                Some(answer) if !field.takes(answer) => Some(AnswerFault::NotAChoice),
                _ => None,
            };
            fault.map(|fault| RefusedAnswer { field: field.key.clone(), fault })
        })
        .collect();
    let asked = |key: &&String| !step.fields.iter().any(|field| field.key == **key);
    refused.extend(
        answers
            .keys()
            .filter(asked)
            .map(|key| RefusedAnswer { field: key.clone(), fault: AnswerFault::NotAChoice }),
    );
    if refused.is_empty() { Ok(()) } else { Err(Refusal::Answers(refused)) }
}
