//! What can go wrong with webhooks.

use outward::TargetError;
use people::text::TextError;
use storage::StorageError;

/// Why a command about webhooks was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum WebhooksError {
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The address is not one that is called.
    #[error("the address {0}")]
    Target(#[from] TargetError),
    /// Nothing was chosen to be told of, or something nobody is told of.
    #[error("choose at least one of the events there are")]
    Events,
    /// There is none with that id.
    #[error("there is no such webhook")]
    NotFound,
    /// More than anything sensible.
    #[error("at most {max} webhooks")]
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
