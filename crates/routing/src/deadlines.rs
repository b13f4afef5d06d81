//! What is to happen when.

use crate::messages::OfferNumber;
use std::collections::BTreeSet;
use vocabulary::{ContactId, Timestamp, UserId};

/// What is due. Of deadlines at the same instant, the first named here goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deadline {
    /// The prompt has played long enough.
    Prompt(ContactId),
    /// The offer has rung long enough.
    Ring(OfferNumber),
    /// The guide has wrapped up long enough.
    WrapUp(UserId),
    /// The call has waited long enough for the level it is open to.
    Overflow(ContactId),
    /// The call has waited long enough altogether.
    Wait(ContactId),
}

/// All deadlines in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deadlines(BTreeSet<(Timestamp, Deadline)>);

impl Deadlines {
    pub(crate) fn add(&mut self, at: Timestamp, deadline: Deadline) {
        self.0.insert((at, deadline));
    }

    /// Takes a deadline away. One that has been taken as due is not there any more, and that is right.
    pub(crate) fn remove(&mut self, at: Timestamp, deadline: Deadline) {
        self.0.remove(&(at, deadline));
    }

    pub(crate) fn first(&self) -> Option<(Timestamp, Deadline)> {
        self.0.first().copied()
    }

    /// The first deadline not after `now`, taken out.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Deadline> {
        let (at, deadline) = self.first()?;
        if at > now {
            return None;
        }
        self.0.pop_first();
        Some(deadline)
    }

    pub(crate) fn contains(&self, at: Timestamp, deadline: Deadline) -> bool {
        self.0.contains(&(at, deadline))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
