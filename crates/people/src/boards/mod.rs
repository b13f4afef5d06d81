//! Which boards' restricted cases somebody may open. Boards (nämnder) are authorities of their own: what one of them
//! keeps secret is secret to the others too, and to a guide who does not work for it.
//!
//! A grant is given and taken back by the manager, who answers for what the centre reads; never by an administrator,
//! who looks after accounts and could otherwise let themselves in. Every change is written to the timeline.

pub mod commands;
pub mod queries;

#[cfg(test)]
mod tests;

use vocabulary::{AnyId, Role, SecrecyClass, Timestamp};

/// Somebody who may hold grants: a user or a key for the API, whose role opens cases at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The user's or key's id.
    pub id: AnyId,
    /// Whether it is a key for the API.
    pub key: bool,
    /// The user's name, or the key's.
    pub name: String,
    /// With which role.
    pub role: Role,
    /// The boards granted, by name.
    pub boards: Vec<String>,
}

/// A change of somebody's grants, as the timeline has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantChange {
    /// When.
    pub at: Timestamp,
    /// Whose grants.
    pub holder_id: AnyId,
    /// Which board.
    pub board: String,
    /// Given, or taken back.
    pub granted: bool,
    /// Who did it; none when the house itself did.
    pub by: Option<AnyId>,
}

/// The timeline's kind when a grant is given.
pub const GRANTED: &str = "board_access_granted";
/// The timeline's kind when a grant is taken back.
pub const REVOKED: &str = "board_access_revoked";

/// Whether somebody with this role opens cases at all, so that a grant means something.
#[must_use]
pub const fn opens_cases(role: Role) -> bool {
    matches!(role, Role::Guide | Role::TrafficLeader | Role::Manager)
}

/// How much of a case somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Nothing, not even that it is there.
    Hidden,
    /// That it is there: number, department, status, days. A message can be handed over.
    Sealed,
    /// All of it.
    Open,
}

/// How much is seen of a case of that class by somebody who is named in it or not, and holds a grant for its board or
/// not.
#[must_use]
pub const fn sight(class: SecrecyClass, named: bool, granted: bool) -> Sight {
    match class {
        SecrecyClass::Open => Sight::Open,
        _ if named => Sight::Open,
        SecrecyClass::Restricted if granted => Sight::Open,
        SecrecyClass::Restricted => Sight::Sealed,
        SecrecyClass::Strict => Sight::Hidden,
    }
}
