//! What every command is told: when, by whom, and where chance comes from.

use crate::{Actor, Chance, NewId, Timestamp};
use newtype_uuid::{TypedUuid, TypedUuidKind};
use std::fmt;
use std::sync::Arc;

/// The circumstances of a command. Cheap to clone, so that it can move into a transaction.
#[derive(Clone)]
pub struct Context {
    /// When it is done.
    pub now: Timestamp,
    /// Who does it.
    pub actor: Actor,
    /// Where ids and tokens come from.
    pub chance: Arc<dyn Chance>,
}

impl Context {
    /// Puts a context together.
    #[must_use]
    pub fn new(now: Timestamp, actor: Actor, chance: Arc<dyn Chance>) -> Self {
        Self { now, actor, chance }
    }

    /// A new time-ordered id.
    #[must_use]
    pub fn next_id<K: TypedUuidKind>(&self) -> TypedUuid<K> {
        NewId::next(self.now, &*self.chance)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("now", &self.now).field("actor", &self.actor).finish_non_exhaustive()
    }
}
