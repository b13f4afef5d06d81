//! Who looks at cases, and how much of one they see.
//!
//! A case of class open is seen by everybody whose role opens cases. A restricted one is seen by those named in it (who
//! registered it, to whom it is assigned) and those with a grant for its board; the others get a sealed stub, so that
//! they can hand a message over. A strict one is seen by those named in it and is not there for anybody else. That a
//! role opens cases at all is for the policy, which is asked first.
//!
//! Lists, searches and counts hold only what the viewer may open: a title, a type or a place searched for would tell of
//! a sealed case what the seal is to hide. A sealed case is reached by its number, which whoever calls about it has.

use crate::error::CasesError;
use crate::model::Case;
pub use people::boards::Sight;
use people::boards::sight;
use storage::{Session, StorageError};
use vocabulary::{Actor, AnyId, GenericUuid as _, SecrecyClass, UserId};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    actor: Actor,
    sees_all: bool,
}

impl Viewer {
    /// A user or a key: sees by name and grant. Whoever came by a link, and the house itself, is let in to the one case
    /// they came for by what let them in, and sees no others by this.
    #[must_use]
    pub const fn of(actor: Actor) -> Self {
        Self { actor, sees_all: false }
    }

    /// The house itself, which counts, sends and deletes whatever the class. Never for what a person is shown.
    #[must_use]
    pub const fn house() -> Self {
        Self { actor: Actor::System, sees_all: true }
    }

    /// Who looks.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// The user who looks, if it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User(id) => Some(id),
            _ => None,
        }
    }

    /// Whether everything is seen: the first parameter of [`seen_sql!`](crate::seen_sql).
    #[must_use]
    pub const fn sees_all(&self) -> bool {
        self.sees_all
    }

    /// The id grants are held by: the second parameter of [`seen_sql!`](crate::seen_sql). Nil, which no row has, for who
    /// is neither a user nor a key.
    #[must_use]
    pub fn holder(&self) -> AnyId {
        match self.actor {
            Actor::User(id) => id.into_untyped_uuid(),
            Actor::ApiKey(id) => id.into_untyped_uuid(),
            _ => AnyId::nil(),
        }
    }

    /// How much of `case` is seen, by today's grants.
    pub fn sight(self, s: &mut Session<'_>, case: &Case) -> Result<Sight, StorageError> {
        let named = self.sees_all || self.user().is_some_and(|user| case.names(user));
        let asked = !named && case.secrecy_class == SecrecyClass::Restricted;
        let granted = asked && people::boards::queries::granted(s, self.holder(), &case.board)?;
        Ok(sight(case.secrecy_class, named, granted))
    }

    /// Sees to it that the viewer may do what stands on the contact centre's list about `case`: they see it in full, or
    /// hold a grant for its board. The house itself always may.
    ///
    /// # Errors
    /// [`CasesError::Sealed`] or [`CasesError::Secret`].
    pub fn takes_tasks(self, s: &mut Session<'_>, case: &Case) -> Result<(), CasesError> {
        let house = self.actor == Actor::System;
        if house || people::boards::queries::granted(s, self.holder(), &case.board)? {
            return Ok(());
        }
        self.opens(s, case)
    }

    /// Sees to it that `case` is seen in full.
    ///
    /// # Errors
    /// [`CasesError::Sealed`] or [`CasesError::Secret`].
    pub fn opens(self, s: &mut Session<'_>, case: &Case) -> Result<(), CasesError> {
        match self.sight(s, case)? {
            Sight::Open => Ok(()),
            Sight::Sealed => Err(CasesError::Sealed),
            Sight::Hidden => Err(CasesError::Secret),
        }
    }
}

/// The condition by which a query over `cases c` holds only what the viewer may open. `$1` and `$2` are always
/// [`Viewer::sees_all`] and [`Viewer::holder`]:
///
/// ```ignore
/// sql!(concat!("SELECT c.number FROM cases c WHERE ", cases::seen_sql!(), " AND c.board = $3"))
/// params![viewer.sees_all(), viewer.holder(), board]
/// ```
///
/// It says the same as [`Viewer::sight`] gives [`Sight::Open`]; a test holds the two against each other. It is never
/// null.
#[macro_export]
macro_rules! seen_sql {
    () => {
        "(c.secrecy_class = 'open' OR $1 OR COALESCE(c.registered_by = $2, FALSE) OR COALESCE(c.assignee_id = $2, FALSE)
          OR (c.secrecy_class = 'restricted'
              AND EXISTS (SELECT 1 FROM board_access g WHERE g.holder_id = $2 AND g.board = c.board)))"
    };
}
