//! What administrators do: users and keys.

pub mod api_keys;
pub mod terms;
pub mod users;
pub mod webhooks;
