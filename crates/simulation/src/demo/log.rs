//! What a simulated guide writes after a contact: what it was about, what came of it, and a case if somebody else must
//! answer.

use super::dice::Dice;
use super::stage::Stage;
use crate::residents::Matter;
use cases::commands::{Forward, Origin, RegisterCase};
use cases::{CaseSettings, CasesError};
use contacts::ContactsError;
use contacts::Log;
use people::PeopleError;
use people::residents::ChangeResident;
use storage::{Session, StorageError};
use vocabulary::{Actor, CaseTypeId, ContactId, ContactOutcome, Context, UserId};

/// Of a hundred forwarded cases, so many wait in the contact centre before anybody is asked.
const KEPT_PERCENT: u32 = 8;
/// Of a hundred residents without a name, so many give it.
const NAMED_PERCENT: u32 = 60;

/// Why a simulated guide could not log a call.
#[derive(Debug, thiserror::Error)]
enum LogError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Contacts(#[from] ContactsError),
    #[error(transparent)]
    Cases(#[from] CasesError),
}

/// What is written.
#[derive(Clone)]
struct Written {
    contact: ContactId,
    case_type: CaseTypeId,
    outcome: ContactOutcome,
    story: String,
    place: Option<cases::Place>,
    /// Name and address, if the resident gives them.
    presents: Option<(String, String)>,
    /// Whether an officer is asked at once.
    forwards: bool,
}

/// Logs a contact; what cannot be logged is left to be seen as unlogged.
pub(crate) async fn after_contact(
    stage: &Stage,
    dice: &Dice,
    guide: UserId,
    contact: ContactId,
    matter: &Matter,
) {
    let Some(case_type) = stage.case_types.get(&matter.case_type).copied() else { return };
    let outcome = if matter.solved {
        let solved = [
            ContactOutcome::Solved,
            ContactOutcome::SelfService,
            ContactOutcome::Referred,
            ContactOutcome::Connected,
        ];
        dice.weighted([70, 18, 8, 4].into_iter()).and_then(|index| solved.get(index).copied())
    } else {
        Some(ContactOutcome::Forwarded)
    };
    let written = Written {
        contact,
        case_type,
        outcome: outcome.unwrap_or(ContactOutcome::Solved),
        story: matter.story.clone(),
        place: matter.place.clone(),
        presents: presentation(stage, dice, contact).await,
        forwards: !dice.percent(KEPT_PERCENT),
    };
    let (context, settings) = (stage.context(Actor::User(guide), dice), stage.handles.cases.clone());
    let logged = stage.handles.db.write(move |s| write(s, &context, &settings, &written)).await;
    if let Err(error) = logged {
        tracing::warn!(%error, "a simulated guide could not log a call");
    }
}

/// The name and address of whoever calls, if the contact centre does not know them and they are given.
async fn presentation(stage: &Stage, dice: &Dice, contact: ContactId) -> Option<(String, String)> {
    let line = stage
        .handles
        .db
        .read(move |s| contacts::queries::line_by_id(s, vocabulary::Actor::System, contact))
        .await
        .ok()??;
    if line.resident_name.is_some() || !dice.percent(NAMED_PERCENT) {
        return None;
    }
    let number = line.contact.caller_number?;
    let resident = stage.residents.iter().find(|resident| resident.number == number)?;
    Some((resident.name.clone(), resident.email.clone()))
}

fn write(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    written: &Written,
) -> Result<(), LogError> {
    let log = Log {
        contact: written.contact,
        case_type: written.case_type,
        outcome: written.outcome,
        note: String::new(),
    };
    let contact = contacts::commands::log(s, ctx, &log)?;
    if let (Some((name, email)), Some(resident)) = (&written.presents, contact.resident) {
        let change = ChangeResident {
            name: Some(name.clone()),
            email: Some(email.clone()),
            ..ChangeResident::default()
        };
        people::residents::change(s, ctx, resident, &change)?;
    }
    if written.outcome != ContactOutcome::Forwarded {
        return Ok(());
    }
    let cmd = RegisterCase {
        description: written.story.clone(),
        place: written.place.clone(),
        ..RegisterCase::new(written.case_type, Origin::Contact(written.contact))
    };
    let case = processes::commands::register(s, ctx, settings, &cmd)?.case;
    if written.forwards {
        let ask =
            Forward { case_id: case.id, officer_id: None, message: String::new(), due_working_days: None };
        cases::commands::forward(s, ctx, settings, &ask)?;
    }
    Ok(())
}
