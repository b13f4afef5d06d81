//! Registering a case.

use super::steps::{acting_user, known_group, known_user, record};
use crate::error::CasesError;
use crate::limits::{
    ARRIVAL_DAYS_BACK_MAX, DESCRIPTION_CHARS_MAX, IDEMPOTENCY_KEY_CHARS_MAX, TITLE_CHARS_MAX,
};
use crate::model::Case;
use crate::number::{CaseNumber, counter_name};
use crate::place::Place;
use crate::queries::{self, store};
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, CaseStatus, CaseTypeId, Channel, ContactId, Context, Priority, ResidentId, SecrecyClass,
    SignedDuration, UserId, add_working_days, local_day,
};

/// Where a case comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A contact in the contact centre: gives the channel, the resident and the day of first receipt.
    Contact(ContactId),
    /// Received otherwise.
    Direct {
        /// How it came in.
        channel: Channel,
        /// The day it was first received in any channel; today if not given.
        arrival_day: Option<Date>,
    },
}

/// A case to be registered.
#[derive(Clone, Debug)]
pub struct RegisterCase {
    /// What it is about. Gives department, board, secrecy and retention.
    pub case_type_id: CaseTypeId,
    /// Its title; blank takes the case type's name.
    pub title: String,
    /// What the resident told; may be blank.
    pub description: String,
    /// Whose it is; none takes the contact's resident, if it has one.
    pub resident_id: Option<ResidentId>,
    /// Where it comes from.
    pub origin: Origin,
    /// More secrecy than the case type asks for; less is not given.
    pub secrecy_class: Option<SecrecyClass>,
    /// How soon it should be taken up.
    pub priority: Priority,
    /// Where it is, if it is somewhere.
    pub place: Option<Place>,
    /// The guide who has it from the beginning.
    pub assignee_id: Option<UserId>,
    /// The group that has it from the beginning.
    pub answer_group_id: Option<AnswerGroupId>,
    /// The client's own key: the same client's same key always gives the same case.
    pub idempotency_key: Option<String>,
}

impl RegisterCase {
    /// A case of that type from there, with nothing more said of it.
    #[must_use]
    pub const fn new(case_type_id: CaseTypeId, origin: Origin) -> Self {
        Self {
            case_type_id,
            title: String::new(),
            description: String::new(),
            resident_id: None,
            origin,
            secrecy_class: None,
            priority: Priority::Normal,
            place: None,
            assignee_id: None,
            answer_group_id: None,
            idempotency_key: None,
        }
    }
}

/// A case that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The case.
    pub case: Case,
    /// Whether it had been registered before, with the same key.
    pub already: bool,
}

/// Registers a case under the next number of the month.
///
/// # Errors
/// A text or day is not acceptable, or the case type, contact or resident is not there.
pub fn register(s: &mut Session<'_>, ctx: &Context, cmd: &RegisterCase) -> Result<Registered, CasesError> {
    let key = idempotency_key(ctx, cmd)?;
    if let Some(key) = &key
        && let Some(case) = store::case_by_idempotency_key(s, key)?
    {
        return Ok(Registered { case, already: true });
    }
    let case_type =
        queries::case_type(s, cmd.case_type_id)?.ok_or(CasesError::NotFound { what: "case type" })?;
    if !case_type.active {
        return Err(CasesError::CaseTypeInactive);
    }
    let title = text::optional_line("title", &cmd.title, TITLE_CHARS_MAX)?.unwrap_or(case_type.name);
    let description = text::optional_paragraphs("description", &cmd.description, DESCRIPTION_CHARS_MAX)?
        .unwrap_or_default();
    let (channel, resident_id, arrival_day) = origin_of(s, ctx, cmd)?;
    let today = local_day(ctx.now);
    let running = storage::counters::next(s, &counter_name(today))?;
    let case = Case {
        id: ctx.next_id(),
        number: CaseNumber::new(today, u64::try_from(running).unwrap_or(0)),
        case_type_id: case_type.id,
        title,
        description,
        resident_id,
        channel,
        arrival_day,
        board: case_type.board,
        secrecy_class: cmd
            .secrecy_class
            .map_or(case_type.secrecy_class, |asked| asked.max(case_type.secrecy_class)),
        retention_rule: case_type.retention_rule,
        status: CaseStatus::New,
        outcome: None,
        department_id: case_type.department_id,
        officer_id: None,
        registered_by: acting_user(ctx),
        registered_at: ctx.now,
        changed_at: ctx.now,
        closed_at: None,
        rests_until_day: None,
        priority: cmd.priority,
        assignee_id: known_user(s, cmd.assignee_id)?,
        answer_group_id: known_group(s, cmd.answer_group_id)?,
        place: cmd.place.clone(),
        due_day: Some(add_working_days(today, case_type.due_working_days)),
        merged_into_id: None,
        revision: 1,
    };
    store::insert_case(s, &case, key.as_deref())?;
    let contact = match cmd.origin {
        Origin::Contact(id) => {
            // A contact that leads to two cases stays with the first.
            let joined = contacts::queries::by_id(s, id)?.is_some_and(|contact| contact.case.is_some());
            if !joined {
                contacts::commands::attach_case(s, ctx, id, case.id)?;
            }
            Some(id.into_untyped_uuid())
        }
        Origin::Direct { .. } => None,
    };
    record(s, ctx, "case_registered", case.id, contact, Some(channel.to_string()))?;
    Ok(Registered { case, already: false })
}

/// The key as stored: with whose it is, since two clients may think of the same.
fn idempotency_key(ctx: &Context, cmd: &RegisterCase) -> Result<Option<String>, CasesError> {
    let Some(key) = &cmd.idempotency_key else { return Ok(None) };
    let key = text::line("idempotency_key", key, IDEMPOTENCY_KEY_CHARS_MAX)?;
    let who = ctx.actor.id().unwrap_or_default();
    Ok(Some(format!("{}:{who}:{key}", ctx.actor.kind())))
}

fn origin_of(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &RegisterCase,
) -> Result<(Channel, Option<ResidentId>, Date), CasesError> {
    if let Some(id) = cmd.resident_id {
        people::residents::queries::by_id(s, id)?.ok_or(CasesError::NotFound { what: "resident" })?;
    }
    match cmd.origin {
        Origin::Contact(id) => {
            let contact = contacts::queries::by_id(s, id)?.ok_or(CasesError::NotFound { what: "contact" })?;
            let resident = cmd.resident_id.or(contact.resident);
            Ok((contact.channel, resident, local_day(contact.arrived_at)))
        }
        Origin::Direct { channel, arrival_day } => {
            let latest = local_day(ctx.now);
            let earliest = latest
                .checked_sub(SignedDuration::from_hours(24 * ARRIVAL_DAYS_BACK_MAX))
                .unwrap_or(Date::MIN);
            let day = arrival_day.unwrap_or(latest);
            if (earliest..=latest).contains(&day) {
                Ok((channel, cmd.resident_id, day))
            } else {
                Err(CasesError::DayOutOfRange { earliest, latest })
            }
        }
    }
}
