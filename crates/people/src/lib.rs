//! Who is who, and who may what: users and their sign-in, officers and departments, answer groups and telephones,
//! residents; one policy, signed links, and the record of who opened what.
//!
//! Each room has its `model` (types and pure rules), `commands` (what can be done) and `queries` (all its SQL).
//! Commands are synchronous and run inside the caller's transaction; only [`access::Access`] is async, because a
//! password is verified outside any transaction.

pub mod access;
pub mod audit;
pub mod boards;
pub mod directory;
mod error;
pub mod link;
pub mod password;
pub mod policy;
pub mod queries;
pub mod residents;
pub mod secret;
pub mod shortcuts;
#[cfg(test)]
mod testing;
pub mod text;
pub mod users;

pub use error::PeopleError;
pub use link::{LinkKind, ReplyToken, SignedLink};
pub use policy::{Action, Who, allowed};
pub use secret::SigningKey;
