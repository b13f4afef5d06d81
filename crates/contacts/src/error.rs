//! What can go wrong with contacts.

use people::text::TextError;
use storage::StorageError;
use vocabulary::Channel;

/// Why a command about a contact was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ContactsError {
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Only the guide who had the contact logs it.
    #[error("the contact was another guide's")]
    NotYours,
    /// The contact has not reached anybody yet, or never did.
    #[error("the contact has not been answered")]
    NotAnswered,
    /// Calls come in by telephone and nowhere else.
    #[error("a contact by {0} is not registered by hand")]
    Channel(Channel),
    /// It cannot have come in after now.
    #[error("a contact cannot have arrived in the future")]
    InTheFuture,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
