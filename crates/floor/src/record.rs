//! What a step leaves behind: its input in the journal, the calls' rows, the timeline, the survey's invitation.

use crate::{AfterCall, CallArrived, FloorError, journal};
use contacts::Arrive;
use routing::{CallEnding, GuideState, Input, Output};
use storage::timeline::{Entry, Subject};
use storage::{Session, timeline};
use vocabulary::{Context, GenericUuid as _, Timestamp, UserId};

/// One input and what the core made of it.
#[derive(Clone, Debug)]
pub struct Step {
    pub at: Timestamp,
    pub input: Input,
    pub call: Option<CallArrived>,
    pub outputs: Vec<Output>,
}

/// Writes `steps` in order.
pub fn record(
    s: &mut Session<'_>,
    context: &Context,
    after_call: &AfterCall,
    steps: &[Step],
) -> Result<(), FloorError> {
    for step in steps {
        let context = Context { now: step.at, ..context.clone() };
        journal::append(s, step.at, &step.input)?;
        if let Some(call) = &step.call {
            arrive(s, &context, call, &step.input)?;
        }
        for output in &step.outputs {
            record_output(s, &context, after_call, output)?;
        }
    }
    Ok(())
}

/// Writes the inputs of `steps` and nothing else: what is left to do when the rows cannot be written.
pub fn record_inputs_only(s: &mut Session<'_>, steps: &[Step]) -> Result<(), FloorError> {
    for step in steps {
        journal::append(s, step.at, &step.input)?;
    }
    Ok(())
}

fn arrive(
    s: &mut Session<'_>,
    context: &Context,
    call: &CallArrived,
    input: &Input,
) -> Result<(), FloorError> {
    // A number that cannot be one (a trunk may send anything) counts as withheld: the call is taken all the same.
    let number = call
        .caller_number
        .as_deref()
        .and_then(|number| people::text::telephone("caller_number", number).ok());
    let resident = match &number {
        Some(number) => Some(people::residents::find_or_create_by_telephone(s, context, number)?),
        None => None,
    };
    let group = if let Input::CallArrived { group, .. } = input { Some(*group) } else { None };
    let arrival = Arrive { contact: call.contact, resident, caller_number: number, group };
    contacts::commands::arrive(s, context, &arrival)?;
    Ok(())
}

fn record_output(
    s: &mut Session<'_>,
    context: &Context,
    after_call: &AfterCall,
    output: &Output,
) -> Result<(), FloorError> {
    match output {
        Output::CallQueued { call } => {
            contacts::commands::mark_queued(s, context, *call)?;
        }
        Output::Connect { call, guide } => {
            contacts::commands::mark_answered(s, context, *call, *guide)?;
        }
        Output::CallEnded { call, ending, guide } => {
            contacts::commands::mark_ended(s, context, *call, *ending, *guide)?;
            if *ending == CallEnding::Handled {
                after_call(s, context, *call)?;
            }
        }
        Output::GuideChanged { guide, state } => guide_changed(s, context, *guide, *state)?,
        Output::PlayPrompt { .. }
        | Output::PlayQueue { .. }
        | Output::Offer { .. }
        | Output::WithdrawOffer { .. }
        | Output::HangUp { .. }
        | Output::ToSwitchboard { .. }
        | Output::SurgeChanged { .. } => {}
    }
    Ok(())
}

fn guide_changed(
    s: &mut Session<'_>,
    context: &Context,
    guide: UserId,
    state: GuideState,
) -> Result<(), FloorError> {
    let (word, call) = match state {
        GuideState::SignedOut => ("signed_out", None),
        GuideState::Away { reason } => (reason.as_str(), None),
        GuideState::Ready => ("ready", None),
        GuideState::Offered { call, .. } => ("offered", Some(call)),
        GuideState::Talking { call } => ("talking", Some(call)),
        GuideState::WrapUp { call } => ("wrap_up", Some(call)),
    };
    let subject = Subject { kind: "user", id: guide.into_untyped_uuid() };
    let related = call.map(vocabulary::GenericUuid::into_untyped_uuid);
    let entry = Entry { kind: "guide_state", subject, related, detail: Some(word.to_owned()) };
    timeline::append(s, context, entry)?;
    Ok(())
}
