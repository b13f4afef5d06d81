//! What lies on a guide's desk: read in one go, shown in three panes.

use crate::{AppState, components::forms::Choice, error::PageError, visit::Visit};
use ahead::queries::Today;
use cases::{CaseType, queries::CaseLine};
use contacts::ContactLine;
use crisis::LiveMessage;
use floor::{GuideView, Snapshot};
use people::{directory, residents::Resident};
use routing::GuideState;
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, ContactId, PlannedEventId, ResidentId, Timestamp};

/// How many earlier contacts are shown.
const EARLIER_MAX: u32 = 12;
/// How many cases are shown.
const CASES_MAX: usize = 12;
/// How many contacts that wait to be logged are shown.
const UNLOGGED_MAX: u32 = 8;

/// A contact with whom it is about.
#[derive(Clone, Debug)]
pub struct WithResident {
    /// The contact.
    pub line: ContactLine,
    /// Whose it is, if known.
    pub resident: Option<Resident>,
    /// The resident's earlier contacts, newest first, without this one.
    pub earlier: Vec<ContactLine>,
    /// The resident's cases, newest first.
    pub cases: Vec<CaseLine>,
}

/// What the contact's body depends on: which contact, and whether it is logged.
pub type BodyKey = (Option<ContactId>, bool);

/// What the resident's card depends on: which contact, whose, how many cases, and what is on the card.
pub type CardKey = (Option<ContactId>, Option<ResidentId>, usize, Option<Resident>);

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The floor as it stands.
    pub snapshot: Arc<Snapshot>,
    /// The guide on it, if at work.
    pub own: Option<GuideView>,
    /// When this was read.
    pub now: Timestamp,
    /// The answer groups' names.
    pub groups: BTreeMap<AnswerGroupId, String>,
    /// The call that rings.
    pub ringing: Option<WithResident>,
    /// The contact to work with: talked with, wrapped up, or not logged yet.
    pub at_hand: Option<WithResident>,
    /// Contacts that wait to be logged, newest first.
    pub unlogged: Vec<ContactLine>,
    /// Whether that contact is marked as outside every assignment.
    pub outside: bool,
    /// What can be logged.
    pub case_types: Vec<CaseType>,
    /// Departments' names.
    pub departments: Vec<directory::Department>,
    /// Who can be sent cases.
    pub officers: Vec<directory::Officer>,
    /// What happens today.
    pub events: Vec<Today>,
    /// Which of them wait for the guide to confirm having read them.
    pub awaited: Vec<PlannedEventId>,
    /// What everybody is told in a crisis.
    pub crises: Vec<LiveMessage>,
}

impl Desk {
    /// Reads the desk of the visitor.
    ///
    /// # Errors
    /// The database.
    pub async fn load(state: &AppState, visit: &Visit, chosen: Option<ContactId>) -> Result<Self, PageError> {
        let snapshot = state.floor.snapshot();
        let (guide, now) = (visit.user_id(), state.clock.now());
        let viewer = super::super::cases::viewer(visit);
        let own = snapshot.guide(guide).cloned();
        let (ringing, busy) = match own.as_ref().map(|own| own.state) {
            Some(GuideState::Offered { call, .. }) => (Some(call), None),
            Some(GuideState::Talking { call } | GuideState::WrapUp { call }) => (None, Some(call)),
            _ => (None, None),
        };
        state
            .db
            .read(move |s| {
                let unlogged = contacts::queries::unlogged_of(s, guide, UNLOGGED_MAX)?;
                let newest = unlogged.first().map(|line| line.contact.id);
                let own_choice = chosen.filter(|id| unlogged.iter().any(|line| line.contact.id == *id));
                let groups =
                    directory::queries::answer_groups(s)?.into_iter().map(|g| (g.id, g.name)).collect();
                let at_hand = with_resident(s, viewer, busy.or(own_choice).or(newest), now)?;
                let outside = match &at_hand {
                    Some(at_hand) => {
                        let id = at_hand.line.contact.id.into_untyped_uuid();
                        crate::pages::assignments::is_marked(s, id)?
                    }
                    None => false,
                };
                Ok(Self {
                    snapshot: Arc::clone(&snapshot),
                    own: own.clone(),
                    now,
                    groups,
                    ringing: with_resident(s, viewer, ringing, now)?,
                    at_hand,
                    outside,
                    unlogged,
                    case_types: cases::queries::case_types(s)?,
                    departments: directory::queries::departments(s)?,
                    officers: directory::queries::officers(s)?,
                    events: ahead::queries::today(s, now)?,
                    awaited: ahead::queries::awaiting(s, guide, now)?,
                    crises: crisis::queries::live(s, now)?,
                })
            })
            .await
    }

    /// Where the guide is with the contact, as one word; the script moves focus when it becomes `wrap_up`.
    #[must_use]
    pub fn phase_word(&self) -> &'static str {
        match self.own.as_ref().map(|own| own.state) {
            Some(GuideState::Offered { .. }) => "offered",
            Some(GuideState::Talking { .. }) => "talking",
            Some(GuideState::WrapUp { .. }) => "wrap_up",
            _ if self.at_hand.is_some() => "unlogged",
            _ => "none",
        }
    }

    /// Whose card is shown: who rings, else who is at hand.
    #[must_use]
    pub fn shown(&self) -> Option<&WithResident> {
        self.ringing.as_ref().or(self.at_hand.as_ref())
    }

    /// What the contact's body depends on: while it stays the same, what the guide has typed is left alone.
    #[must_use]
    pub fn body_key(&self) -> BodyKey {
        let line = self.at_hand.as_ref().map(|at_hand| &at_hand.line.contact);
        (line.map(|contact| contact.id), line.is_some_and(|contact| contact.logged_at.is_some()))
    }

    /// What the resident's card depends on.
    #[must_use]
    pub fn card_key(&self) -> CardKey {
        let shown = self.shown();
        (
            shown.map(|shown| shown.line.contact.id),
            shown.and_then(|shown| shown.line.contact.resident),
            shown.map_or(0, |shown| shown.cases.len()),
            shown.and_then(|shown| shown.resident.clone()),
        )
    }

    /// The case types as choices of a type-ahead, with the department beside each.
    #[must_use]
    pub fn type_choices(&self) -> Vec<Choice> {
        type_choices(&self.case_types, &self.departments)
    }
}

/// The case types in use as choices of a type-ahead.
#[must_use]
pub fn type_choices(types: &[CaseType], departments: &[directory::Department]) -> Vec<Choice> {
    let department = |id| departments.iter().find(|d| d.id == id).map(|d| d.name.clone()).unwrap_or_default();
    types
        .iter()
        .filter(|case_type| case_type.active)
        .map(|case_type| Choice {
            value: case_type.id.into_untyped_uuid().to_string(),
            name: case_type.name.clone(),
            keywords: case_type.keywords.clone(),
            aside: department(case_type.department_id),
            group: None,
        })
        .collect()
}

fn with_resident(
    s: &mut Session<'_>,
    viewer: cases::Viewer,
    contact: Option<ContactId>,
    now: Timestamp,
) -> Result<Option<WithResident>, PageError> {
    let Some(id) = contact else { return Ok(None) };
    let Some(line) = contacts::queries::line_by_id(s, viewer.actor(), id)? else { return Ok(None) };
    let Some(resident) = line.contact.resident else {
        return Ok(Some(WithResident { line, resident: None, earlier: Vec::new(), cases: Vec::new() }));
    };
    let mut earlier = contacts::queries::of_resident(s, viewer.actor(), resident, EARLIER_MAX + 1)?;
    earlier.retain(|line| line.contact.id != id);
    let of_resident = cases::queries::CaseList::Resident(resident);
    let cases = cases::queries::list(s, viewer, of_resident, now, None, CASES_MAX)?.lines;
    let resident = match viewer.user() {
        Some(user) => people::residents::queries::for_user(s, user, resident, now)?,
        None => people::residents::queries::by_id(s, resident)?.map(|resident| resident.shown()),
    };
    Ok(Some(WithResident { line, resident, earlier, cases }))
}
