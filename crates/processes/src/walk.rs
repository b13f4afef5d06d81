//! Walks a process through every way it can go, with every answer that makes a difference: proves that each step and
//! end is come to, and that nothing gets stuck.

use crate::condition::Condition;
use crate::definition::{Definition, StepKind};
use crate::form::{Answer, Answers, Field, FieldKind};
use crate::run::{Act, Booked, IdentityCheck, Mark, State};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use vocabulary::civil::Date;
use vocabulary::{BookingId, GenericUuid as _, SignedDuration, Timestamp};

/// Different states looked at, at most. The eight of the demo have at most a few thousand.
pub const STATES_MAX: usize = 20_000;
/// Combinations of answers tried in one step.
const COMBINATIONS_MAX: usize = 64;

/// What the walk came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Different states looked at.
    pub states: usize,
    /// The steps that were never open, by their places.
    pub steps_missed: Vec<usize>,
    /// The ends that were never come to, by their places.
    pub ends_missed: Vec<usize>,
    /// Whether there were more states than [`STATES_MAX`], so that what was missed says nothing.
    pub gave_up: bool,
    /// States that had neither come to an end nor had anything to do. Always zero.
    pub stuck: usize,
}

/// Walks through `definition`, beginning at `at`.
#[must_use]
pub fn walk(definition: &Definition, at: Timestamp) -> Walk {
    let asked = values_asked_for(definition);
    let mut walk = Walk::default();
    let (mut steps, mut ends) = (BTreeSet::new(), BTreeSet::new());
    let first = State::begin(definition, at);
    let mut seen = BTreeSet::from([outline(&first, &asked)]);
    let mut queue = VecDeque::from([first]);
    while let Some(state) = queue.pop_front() {
        walk.states += 1;
        if walk.states > STATES_MAX {
            walk.gave_up = true;
            break;
        }
        steps.extend(state.open());
        match state.end {
            Some((end, _)) => drop(ends.insert(end)),
            None if state.open().next().is_none() => walk.stuck += 1,
            None => {}
        }
        for place in state.open() {
            for act in acts(definition, place, &asked, at) {
                if let Ok(next) = state.after(definition, &act, at)
                    && seen.insert(outline(&next, &asked))
                {
                    queue.push_back(next);
                }
            }
        }
    }
    walk.steps_missed = (0..definition.steps.len()).filter(|place| !steps.contains(place)).collect();
    walk.ends_missed = (0..definition.ends.len()).filter(|place| !ends.contains(place)).collect();
    walk
}

/// Everything that can be done with a step, with each combination of answers that makes a difference.
#[must_use]
pub fn acts(definition: &Definition, place: usize, asked: &Asked, at: Timestamp) -> Vec<Act> {
    let step = &definition.steps[place];
    let key = || step.key.clone();
    let booking = Booked {
        booking: BookingId::from_untyped_uuid(uuid_of(place)),
        starts_at: at,
        ends_at: at.checked_add(SignedDuration::from_mins(30)).unwrap_or(at),
    };
    let mut acts: Vec<Act> = combinations(&step.fields, asked)
        .into_iter()
        .map(|answers| match &step.kind {
            StepKind::Form => Act::Completed { step: key(), answers },
            StepKind::Booking { .. } => Act::Booked { step: key(), booking, answers },
            StepKind::Letter(_) => Act::Sent { step: key(), answers },
            StepKind::HandOut { .. } => {
                Act::HandedOut { step: key(), identity: IdentityCheck::Passport, answers }
            }
            StepKind::CallOut { contractors, .. } => Act::Acknowledged {
                step: key(),
                contractor: contractors.first().cloned().unwrap_or_default(),
                answers,
            },
        })
        .collect();
    if step.skippable {
        acts.push(Act::Skipped { step: key(), reason: "-".to_owned() });
    }
    acts
}

fn uuid_of(place: usize) -> vocabulary::AnyId {
    vocabulary::AnyId::from_u128(u128::try_from(place).unwrap_or(0) + 1)
}

/// The values that conditions ask for, by field.
pub type Asked = BTreeMap<String, Vec<Answer>>;

/// For each field that a condition asks about: answers on either side of everything it is compared with.
#[must_use]
pub fn values_asked_for(definition: &Definition) -> Asked {
    let mut asked = Asked::new();
    for arrow in definition.steps.iter().flat_map(|step| &step.arrows) {
        if let Some(condition) = &arrow.when {
            collect(condition, &mut asked);
        }
    }
    for (key, values) in &mut asked {
        if let Some(field) = definition.field(key) {
            match &field.kind {
                FieldKind::Choice(choices) => {
                    *values = choices.iter().map(|choice| Answer::Choice(choice.key.clone())).collect();
                }
                FieldKind::YesNo => *values = vec![Answer::YesNo(true), Answer::YesNo(false)],
                _ => values.retain(|value| field.takes(value)),
            }
        }
        let mut once = Vec::new();
        for value in values.drain(..) {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        *values = once;
    }
    asked
}

fn collect(condition: &Condition, asked: &mut Asked) {
    match condition {
        Condition::Is(field, _, value) => asked.entry(field.clone()).or_default().extend(around(value)),
        Condition::In(field, values) => {
            asked.entry(field.clone()).or_default().extend(values.iter().flat_map(around));
        }
        Condition::And(a, b) | Condition::Or(a, b) => {
            collect(a, asked);
            collect(b, asked);
        }
        Condition::Not(a) => collect(a, asked),
    }
}

fn around(value: &Answer) -> Vec<Answer> {
    match value {
        Answer::Number(n) => [n.saturating_sub(1), *n, n.saturating_add(1)].map(Answer::Number).to_vec(),
        Answer::Date(day) => {
            let near = [day.yesterday().unwrap_or(*day), *day, day.tomorrow().unwrap_or(*day)];
            near.map(Answer::Date).to_vec()
        }
        Answer::Text(text) => vec![Answer::Text(text.clone()), Answer::Text(String::from("-"))],
        other => vec![other.clone()],
    }
}

/// An answer that `field` takes, for one nobody asks about.
#[must_use]
pub fn any_answer(field: &Field) -> Answer {
    match &field.kind {
        FieldKind::Text { .. } => Answer::Text("x".to_owned()),
        FieldKind::Choice(choices) => {
            Answer::Choice(choices.first().map_or_else(String::new, |c| c.key.clone()))
        }
        FieldKind::Date => Answer::Date(Date::constant(2026, 11, 3)),
        FieldKind::Number { min, .. } => Answer::Number(*min),
        FieldKind::YesNo => Answer::YesNo(true),
    }
}

fn combinations(fields: &[Field], asked: &Asked) -> Vec<Answers> {
    let mut all = vec![Answers::new()];
    for field in fields {
        let values: Vec<Option<Answer>> = match asked.get(&field.key) {
            Some(values) => {
                let left_out = (!field.required).then_some(None);
                values.iter().cloned().map(Some).chain(left_out).collect()
            }
            None if field.required => vec![Some(any_answer(field))],
            None => vec![None],
        };
        all = all
            .into_iter()
            .flat_map(|answers| {
                values.iter().map(move |value| {
                    let mut answers = answers.clone();
                    answers.extend(value.clone().map(|value| (field.key.clone(), value)));
                    answers
                })
            })
            .take(COMBINATIONS_MAX)
            .collect();
    }
    all
}

/// What of a state decides how it can go on: two states with the same outline have the same future.
fn outline(state: &State, asked: &Asked) -> String {
    let marks: Vec<&str> = state.marks.iter().map(|mark: &Mark| mark.word()).collect();
    let answers: Vec<String> = asked.keys().map(|key| format!("{:?}", state.answers.get(key))).collect();
    format!("{marks:?} {answers:?} {:?} {:?}", state.counts(), state.end.map(|(end, _)| end))
}
