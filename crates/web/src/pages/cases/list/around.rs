//! What a list's page needs besides the cases: what can be chosen, and the filters that are kept.

use crate::{
    AppState, components::forms::Choice, error::PageError, pages::guide::type_choices, visit::Visit,
};
use cases::CaseType;
use cases::saved::SavedFilter;
use people::directory::{AnswerGroup, Department};
use people::users::User;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, AnyId, SavedFilterId};

/// What can be chosen.
pub struct Around {
    /// Case types in use.
    pub types: Vec<CaseType>,
    /// Departments.
    pub departments: Vec<Department>,
    /// One's own groups.
    pub groups: Vec<AnswerGroup>,
    /// Who can have a case.
    pub guides: Vec<User>,
    /// One's own filters and one's groups'.
    pub saved: Vec<SavedFilter>,
    /// An id for what the page's forms make, so that a form sent twice makes one of it.
    pub fresh: AnyId,
}

/// The groups somebody belongs to, their own first.
pub fn own_groups(s: &mut Session<'_>, user: vocabulary::UserId) -> Result<Vec<AnswerGroupId>, StorageError> {
    let mut levels = people::users::queries::groups(s, user)?;
    levels.sort_by_key(|level| level.level);
    // Those one only helps out in when it is busy are not one's own; whoever is in none of their own has those.
    let own = levels.iter().filter(|level| level.level == 1).map(|level| level.group).collect::<Vec<_>>();
    Ok(if own.is_empty() { levels.into_iter().map(|level| level.group).collect() } else { own })
}

impl Around {
    /// Reads it.
    ///
    /// # Errors
    /// The database.
    pub async fn load(state: &AppState, visit: &Visit) -> Result<Self, PageError> {
        let user = visit.user_id();
        let fresh: SavedFilterId = visit.context(state).next_id();
        state
            .db
            .read(move |s| {
                let own = own_groups(s, user)?;
                let mut groups = people::directory::queries::answer_groups(s)?;
                groups.retain(|group| own.contains(&group.id));
                Ok(Self {
                    types: cases::queries::case_types(s)?,
                    departments: people::directory::queries::departments(s)?,
                    groups,
                    guides: people::users::queries::guides(s)?,
                    saved: cases::queries::saved_filters(s, user)?,
                    fresh: fresh.into_untyped_uuid(),
                })
            })
            .await
    }

    /// The case types, for a type-ahead.
    #[must_use]
    pub fn type_choices(&self) -> Vec<Choice> {
        type_choices(&self.types, &self.departments)
    }

    /// The departments.
    #[must_use]
    pub fn department_choices(&self) -> Vec<Choice> {
        self.departments.iter().map(|d| Choice::new(d.id.into_untyped_uuid(), d.name.clone())).collect()
    }

    /// One's own groups.
    #[must_use]
    pub fn group_choices(&self) -> Vec<Choice> {
        self.groups
            .iter()
            .map(|group| Choice::new(group.id.into_untyped_uuid(), group.name.clone()))
            .collect()
    }

    /// Who can have a case.
    #[must_use]
    pub fn guide_choices(&self) -> Vec<Choice> {
        self.guides
            .iter()
            .map(|guide| Choice::new(guide.id.into_untyped_uuid(), guide.name.clone()))
            .collect()
    }
}
