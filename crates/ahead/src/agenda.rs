//! What is worth talking about at a meeting with a department, found in what the house knows.

use crate::meeting::{AgendaKind, Meeting};
use crate::model::PlannedEvent;
use crate::queries::{self, EventList, TypeCount};
use cases::queries::departments::{Figures, department_view};
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{GenericUuid as _, SignedDuration, local_day};

/// How many days back figures are counted.
pub const DAYS_BACK: u16 = 30;
/// How many days ahead events are brought up.
const DAYS_AHEAD: i32 = 60;
/// Most suggestions of one kind.
const EACH_MAX: usize = 8;

/// Something to bring up. What it is called is for the page to say, in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub enum Suggestion {
    /// What the department has ahead of it.
    Event(Box<PlannedEvent>),
    /// Answers that are late: how many, of how many that wait.
    Late {
        /// Late.
        overdue: u64,
        /// All that wait.
        waiting: u64,
    },
    /// Calls and questions that were answered, of all.
    Reachability {
        /// Calls reached, of calls made.
        calls: (u64, u64),
        /// Questions answered in time, of those whose term ended.
        questions: (u64, u64),
    },
    /// What people turned to us about most.
    Common(Vec<TypeCount>),
    /// What was agreed before and is not done: what, and until when.
    Action {
        /// Its id.
        id: String,
        /// What.
        what: String,
        /// Until when.
        due: Date,
    },
    /// What another room brings up: of which kind, its id or word, and in words.
    Told {
        /// Of which kind.
        kind: AgendaKind,
        /// Its id or word.
        source: String,
        /// What it is about.
        title: String,
        /// More about it.
        detail: String,
    },
}

impl Suggestion {
    /// Where it comes from.
    #[must_use]
    pub const fn kind(&self) -> AgendaKind {
        match self {
            Self::Event(_) => AgendaKind::Event,
            Self::Late { .. } => AgendaKind::Late,
            Self::Reachability { .. } => AgendaKind::Reachability,
            Self::Common(_) => AgendaKind::Common,
            Self::Action { .. } => AgendaKind::Action,
            Self::Told { kind, .. } => *kind,
        }
    }

    /// What tells it from others of its kind at the same meeting.
    #[must_use]
    pub fn source(&self) -> String {
        match self {
            Self::Event(event) => event.id.into_untyped_uuid().to_string(),
            Self::Action { id, .. } => id.clone(),
            Self::Told { source, .. } => source.clone(),
            Self::Late { .. } | Self::Reachability { .. } | Self::Common(_) => {
                self.kind().as_str().to_owned()
            }
        }
    }
}

/// What to bring up at `meeting` that is not on its agenda yet, besides what `others` bring up.
///
/// # Errors
/// The database.
pub fn suggestions(
    s: &mut Session<'_>,
    meeting: &Meeting,
    others: Vec<Suggestion>,
    now: vocabulary::Timestamp,
) -> Result<Vec<Suggestion>, StorageError> {
    let known = queries::items(s, meeting.id)?;
    let mut all = Vec::new();
    let today = local_day(now);
    for action in queries::open_actions_with(s, meeting.department, meeting.id)?.into_iter().take(EACH_MAX) {
        let id = action.id.into_untyped_uuid().to_string();
        all.push(Suggestion::Action { id, what: action.what, due: action.due });
    }
    let coming = queries::events(s, EventList::Coming, Some(meeting.department), now)?;
    let near = |event: &PlannedEvent| (event.first_day() - today).get_days() <= DAYS_AHEAD;
    let events = coming.into_iter().filter(near).take(EACH_MAX);
    all.extend(events.map(|event| Suggestion::Event(Box::new(event))));
    let view = department_view(s, now, DAYS_BACK, Some(meeting.department))?;
    let own = |figures: &&Figures| figures.department.as_ref().is_some_and(|d| d.id == meeting.department);
    if let Some(figures) = view.departments.iter().find(own) {
        let open = &figures.open;
        if open.overdue > 0 {
            all.push(Suggestion::Late { overdue: open.overdue, waiting: open.waiting });
        }
        let (calls, questions) = (figures.calls, figures.questions);
        if calls.to + questions.to > 0 {
            all.push(Suggestion::Reachability {
                calls: (calls.answered, calls.to),
                questions: (questions.answered, questions.to),
            });
        }
    }
    let since = now.checked_sub(SignedDuration::from_hours(24 * i64::from(DAYS_BACK))).unwrap_or(now);
    let common = queries::common_types(s, meeting.department, since, 5)?;
    if !common.is_empty() {
        all.push(Suggestion::Common(common));
    }
    all.extend(others);
    all.retain(|one| known.iter().all(|item| item.kind != one.kind() || item.source != one.source()));
    Ok(all)
}
