//! The terms a department's task has been taken on with, as data a manager may change: who is asked and who instead,
//! what the department wants to know, and what happens when nobody answers.

use crate::clock::Terms;
use crate::model::CaseType;
use people::directory::Officer;
use vocabulary::OfficerId;

/// The terms of one case type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// What it is about, with its recipient, its due time and its public text.
    pub case_type: CaseType,
    /// When an answer is due, reminded of, phoned about and escalated.
    pub terms: Terms,
    /// Who is asked when the recipient is away, in order.
    pub substitutes: Vec<OfficerId>,
    /// What the guide finds out before forwarding and the officer reads.
    pub checklist: Vec<String>,
}

/// Whether somebody can be asked today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// They are there.
    There,
    /// They are away for a time.
    Away,
    /// They do not work there any more.
    Gone,
}

/// Who gets a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The one to ask.
    pub officer: Officer,
    /// Whether the assignment's own recipient is away and this is a substitute.
    pub is_substitute: bool,
    /// Whether they are away themselves, because everybody is: the case is sent all the same, so that its clock runs.
    pub is_away: bool,
}

/// Whom to ask of the recipient and the substitutes, in order: the first who is there; if nobody is, the first who is
/// only away; nobody if all are gone. Gives the place in the order and whether that one is away.
#[must_use]
pub fn choose(order: &[Presence]) -> Option<(usize, bool)> {
    let first = |wanted: Presence| order.iter().position(|presence| *presence == wanted);
    first(Presence::There).map(|at| (at, false)).or_else(|| first(Presence::Away).map(|at| (at, true)))
}

#[cfg(test)]
mod tests {
    use super::{Presence::*, *};

    #[test]
    fn the_first_who_is_there_is_asked() {
        for (order, chosen) in [
            (&[There, There][..], Some((0, false))),
            (&[Away, There], Some((1, false))),
            (&[Gone, Away, There], Some((2, false))),
            (&[Away, Away], Some((0, true))),
            (&[Gone, Away], Some((1, true))),
            (&[Gone, Gone], None),
            (&[], None),
        ] {
            assert_eq!(choose(order), chosen, "{order:?}");
        }
    }
}
