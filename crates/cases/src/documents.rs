//! What files are taken in with a case, and under which name: the house's own rule, [`storage::files`], in a case's words.

use crate::refusal::Refusal;
use storage::files::FileFault;
pub use storage::files::{
    Checked, DOCUMENT_BYTES_MAX, DOCUMENT_NAME_CHARS_MAX, NewDocument, accepted, shown_inline,
};

impl From<FileFault> for Refusal {
    fn from(fault: FileFault) -> Self {
        match fault {
            FileFault::Empty => Self::DocumentEmpty,
            FileFault::TooLarge => Self::DocumentTooLarge,
            FileFault::Kind => Self::DocumentType,
            FileFault::Mismatch => Self::DocumentMismatch,
        }
    }
}

/// Looks at a file: what it is, and what it may be called.
///
/// # Errors
/// It is empty, too large, of a kind that is not taken in, or something else than it is said to be.
pub fn checked(file: &NewDocument) -> Result<Checked, Refusal> {
    storage::files::checked(file).map_err(Refusal::from)
}
