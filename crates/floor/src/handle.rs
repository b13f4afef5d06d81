//! How the edges speak to the floor.

use crate::Snapshot;
use routing::{Input, Skill};
use std::sync::Arc;
use storage::{Database, StorageError};
use tokio::sync::{mpsc, oneshot, watch};
use vocabulary::{ContactId, UserId};

/// A call that has come in from the trunk.
#[derive(Clone, Debug)]
pub struct CallArrived {
    /// The id the edge has given it.
    pub contact: ContactId,
    /// The number that was dialled: it decides the answer group.
    pub dialled: String,
    /// The caller's number in E.164, unless withheld.
    pub caller_number: Option<String>,
}

/// Why the floor could not take something.
#[derive(Debug, thiserror::Error)]
pub enum FloorError {
    /// The floor is shutting down or has failed.
    #[error("the floor is closed")]
    Closed,
    /// Nobody answers the dialled number: no group has it, and none takes the rest.
    #[error("no answer group takes calls to the dialled number")]
    UnknownNumber,
    /// What was asked for has happened, but could not be made durable.
    #[error("the floor could not make durable what happened")]
    NotDurable,
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A contact could not be written.
    #[error(transparent)]
    Contacts(#[from] contacts::ContactsError),
    /// What follows a handled call could not be written.
    #[error("what follows a call could not be written: {0}")]
    AfterCall(String),
    /// Somebody's skills could not be read.
    #[error(transparent)]
    People(#[from] people::PeopleError),
}

/// What is asked of the writer.
#[derive(Debug)]
pub(crate) enum Request {
    Input { input: Input, reply: oneshot::Sender<Result<(), FloorError>> },
    Call { call: CallArrived, reply: oneshot::Sender<Result<(), FloorError>> },
    GroupsChanged { reply: oneshot::Sender<Result<(), FloorError>> },
}

/// A way to the floor. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FloorHandle {
    pub(crate) requests: mpsc::Sender<Request>,
    pub(crate) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(crate) db: Database,
}

impl FloorHandle {
    /// Tells the core what has happened; returns when it is journalled.
    ///
    /// # Errors
    /// [`FloorError::Closed`] when the floor has shut down.
    pub async fn send(&self, input: Input) -> Result<(), FloorError> {
        self.ask(|reply| Request::Input { input, reply }).await
    }

    /// Takes in a call: finds or makes the resident, writes the contact, and hands it to the core.
    ///
    /// # Errors
    /// [`FloorError::UnknownNumber`] when no group takes the dialled number; [`FloorError::Closed`].
    pub async fn call_arrived(&self, call: CallArrived) -> Result<(), FloorError> {
        self.ask(|reply| Request::Call { call, reply }).await
    }

    /// Signs a guide in at the floor with the skills that stand in the register.
    ///
    /// # Errors
    /// When the skills cannot be read, or the floor has shut down.
    pub async fn sign_in(&self, guide: UserId) -> Result<(), FloorError> {
        let skills = self.db.read(move |s| people::queries::skills(s, guide)).await?;
        let skills = skills.into_iter().map(|(group, level)| Skill { group, level }).collect();
        self.send(Input::SignedIn { guide, skills }).await
    }

    /// Makes the floor read the answer groups anew.
    ///
    /// # Errors
    /// [`FloorError::Closed`] when the floor has shut down.
    pub async fn groups_changed(&self) -> Result<(), FloorError> {
        self.ask(|reply| Request::GroupsChanged { reply }).await
    }

    /// The floor as it stands.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshots.borrow().clone()
    }

    /// Follows the floor: changes with every input that changed something.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    async fn ask(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<(), FloorError>>) -> Request,
    ) -> Result<(), FloorError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| FloorError::Closed)?;
        answer.await.map_err(|_| FloorError::Closed)?
    }
}
