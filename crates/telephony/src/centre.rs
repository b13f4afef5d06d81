//! What the exchange needs of the rest of the house, so small that a test can stand in for it.

use futures::future::BoxFuture;
use routing::Input;
use vocabulary::{ContactId, UserId};

/// A call has come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The id it has been given.
    pub contact: ContactId,
    /// What was dialled, as the trunk presents it.
    pub dialled: String,
    /// The caller's number in E.164; none if withheld.
    pub caller_number: Option<String>,
}

/// Why the centre did not take something in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CentreError {
    /// Nobody answers the dialled number.
    #[error("nobody answers the dialled number")]
    UnknownNumber,
    /// It is closed for good, or could not write down what happened.
    #[error("the centre takes nothing in")]
    Closed,
}

/// The contact centre, as seen from the telephone exchange. What it wants done comes back as [`routing::Output`]s.
pub trait Centre: Send + Sync + 'static {
    /// A call has come in. Returns when that is durable.
    fn call_arrived(&self, call: Arrival) -> BoxFuture<'_, Result<(), CentreError>>;

    /// Something has happened. Returns when that is durable.
    fn send(&self, input: Input) -> BoxFuture<'_, Result<(), CentreError>>;
}

/// A guide's SIP account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub user: UserId,
    /// H(user:realm:password) with MD5, in hexadecimal.
    pub ha1_md5: String,
    /// The same with SHA-256.
    pub ha1_sha256: String,
}

/// Who has a SIP account.
pub trait Accounts: Send + Sync + 'static {
    /// The account called `sip_user`; none if there is none, or it cannot be looked up now.
    fn account(&self, sip_user: String) -> BoxFuture<'_, Option<Account>>;
}
