//! What can go wrong among people.

use crate::password::PasswordFault;
use crate::text::TextError;
use storage::StorageError;

/// Why a command about people was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A new password is not acceptable.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// Somebody else has what must be one's own.
    #[error("{what} is already taken")]
    Taken {
        /// What is taken, for example "the sign-in name".
        what: &'static str,
    },
    /// There is nobody and nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// The card is protected and has not been opened for a stated reason, or the change is one that needs a reason of
    /// its own.
    #[error("the personal data are protected; open the card first and say why")]
    Protected,
    /// The current password that was given to change it is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// The change would leave nobody who can administer users.
    #[error("this is the last active administrator; make somebody else administrator first")]
    LastAdministrator,
    /// A list is longer than anything sensible.
    #[error("{what}: at most {max}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many are allowed.
        max: usize,
    },
    /// The stored signing key cannot be read: every link and form would be refused.
    #[error("the stored signing key is damaged: expected 64 hexadecimal digits in the setting {name:?}")]
    SigningKey {
        /// The setting's name.
        name: &'static str,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
