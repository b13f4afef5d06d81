//! How residents get at their own case without an account.
//!
//! Two steps. A link, or the case's number with its code, shows how the case stands and nothing personal; it begins a
//! short session. A code sent by text message or e-mail to the address we already know proves the session: only then is
//! what has been written and sent shown, and may anything be added. Of residents with protected personal data not even
//! the existence of an address is told: they are asked to call.

mod code;
mod commands;
mod model;
mod page;
mod proof;
mod queries;
mod telling;

pub use code::{CODE_CHARS, ResidentCode};
pub use commands::{begin_by_code, begin_by_link, choose, end, forget_old, give_code, session};
pub(crate) use commands::{first_code, revoke_all, told_by};
pub use model::{
    Begun, CHALLENGE_HOLDS, Masked, NumberAndCode, PROOF_TRIES_MAX, Proof, ResidentSession, SESSION_HOLDS,
    Sent, ToldBy, can_be_texted,
};
pub use page::{Entry, EntryAuthor, OwnPage, own_page};
pub use proof::{channels, prove, send_challenge, send_later};
pub(crate) use queries::{OutMessage, blank_secret, insert_message};
pub(crate) use telling::{Way, way_of_telling};

/// Sends a text message; the room `texting` does it. Payload: `{"message": id}`.
pub const SEND_TEXT: &str = "send_text";
