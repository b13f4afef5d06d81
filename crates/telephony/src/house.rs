//! The exchange's view of the real house: the floor, and the accounts in the store.

use crate::centre::{Account, Accounts, Arrival, Centre, CentreError};
use floor::{CallArrived, FloorError, FloorHandle};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use routing::Input;
use storage::{Database, StorageError};

impl From<FloorError> for CentreError {
    fn from(error: FloorError) -> Self {
        match error {
            FloorError::UnknownNumber => Self::UnknownNumber,
            // Said by everything that is still under way when the house closes: not worth a line each.
            FloorError::Closed => Self::Closed,
            error => {
                tracing::error!(%error, "the floor did not take in what happened on the telephones");
                Self::Closed
            }
        }
    }
}

impl Centre for FloorHandle {
    fn call_arrived(&self, call: Arrival) -> BoxFuture<'_, Result<(), CentreError>> {
        let Arrival { contact, dialled, caller_number } = call;
        let arrived = CallArrived { contact, dialled, caller_number };
        async move { Ok(FloorHandle::call_arrived(self, arrived).await?) }.boxed()
    }

    fn send(&self, input: Input) -> BoxFuture<'_, Result<(), CentreError>> {
        async move { Ok(FloorHandle::send(self, input).await?) }.boxed()
    }
}

/// The SIP accounts in the store.
pub(crate) struct Register(pub Database);

impl Accounts for Register {
    fn account(&self, sip_user: String) -> BoxFuture<'_, Option<Account>> {
        let look_up = move |s: &mut storage::Session<'_>| -> Result<_, StorageError> {
            people::directory::queries::telephone_by_sip_user(s, &sip_user)
        };
        async move {
            match self.0.read(look_up).await {
                Ok(found) => found.map(|telephone| Account {
                    user: telephone.user,
                    ha1_md5: telephone.digests.ha1_md5,
                    ha1_sha256: telephone.digests.ha1_sha256,
                }),
                Err(error) => {
                    tracing::error!(%error, "a telephone's account could not be looked up");
                    None
                }
            }
        }
        .boxed()
    }
}
