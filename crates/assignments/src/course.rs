//! The course of an assignment, as a pure machine over its versions: from draft over the department's approval into
//! force, through its reviews to its end.
//!
//! What the machine promises, and a test holds it to: nothing comes into force that was not approved; what has been sent
//! is never changed; at most one version is being written, one waits for the department, and one holds. A newer version
//! leaves the older one in force until its own day has come.

use crate::model::VersionState::{self, *};

/// Where one version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its number, from 1.
    pub version: u32,
    /// Where it stands.
    pub state: VersionState,
}

/// What is done with an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new version is begun.
    Revise,
    /// The draft is rewritten.
    Edit(u32),
    /// The draft is given up.
    Discard(u32),
    /// The draft goes to the department. What lies there unanswered is withdrawn.
    Send(u32),
    /// What lies with the department is taken back.
    TakeBack(u32),
    /// The department approves.
    Approve(u32),
    /// The department does not approve.
    Refuse(u32),
    /// The day of an approved version has come.
    PutInForce(u32),
    /// What holds is gone through.
    BeginReview,
    /// What holds has been gone through, and goes on as it is.
    Reviewed,
    /// The assignment is over.
    End,
}

/// A version that stands elsewhere now, or is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which version.
    pub version: u32,
    /// Where it stands now.
    pub to: VersionState,
}

/// Why something cannot be done with an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such version.
    #[error("there is no such version")]
    NoSuchVersion,
    /// What has been sent is not changed: a new version is.
    #[error("a version that has been sent is never changed; write a new one")]
    NotADraft,
    /// A draft is there already.
    #[error("version {version} is a draft already; go on with that one")]
    DraftThere {
        /// Its number.
        version: u32,
    },
    /// It has not been sent.
    #[error("the version has not been sent to the department")]
    NotSent,
    /// It was taken back.
    #[error("the version was taken back; a newer one is on its way")]
    Withdrawn,
    /// The department has answered, and otherwise.
    #[error("the version has been answered already, and otherwise")]
    AnsweredOtherwise,
    /// It has not been approved.
    #[error("the version has not been approved by the department")]
    NotApproved,
    /// Nothing holds.
    #[error("no version is in force")]
    NotInForce,
    /// The assignment is over.
    #[error("the assignment has ended")]
    Over,
}

/// What `act` changes in a book of versions. What has been done before changes nothing.
///
/// # Errors
/// [`Refusal`] if it cannot be done as things stand.
pub fn after(book: &[Standing], act: Act) -> Result<Vec<Change>, Refusal> {
    match act {
        Act::Revise => revise(book),
        Act::Edit(version) => draft(book, version).map(|()| Vec::new()),
        Act::Discard(version) => match state(book, version)? {
            Draft => Ok(vec![Change { version, to: Withdrawn }]),
            Withdrawn => Ok(Vec::new()),
            _ => Err(Refusal::NotADraft),
        },
        Act::Send(version) => send(book, version),
        Act::TakeBack(version) => match state(book, version)? {
            Sent => Ok(vec![Change { version, to: Withdrawn }]),
            Withdrawn => Ok(Vec::new()),
            Draft => Err(Refusal::NotSent),
            _ => Err(Refusal::AnsweredOtherwise),
        },
        Act::Approve(version) => approve(book, version),
        Act::Refuse(version) => match state(book, version)? {
            Sent => Ok(vec![Change { version, to: Refused }]),
            Refused => Ok(Vec::new()),
            Draft => Err(Refusal::NotSent),
            Withdrawn => Err(Refusal::Withdrawn),
            Approved | InForce | UnderReview | Replaced | Ended => Err(Refusal::AnsweredOtherwise),
        },
        Act::PutInForce(version) => put_in_force(book, version),
        Act::BeginReview => match holding(book).ok_or_else(|| nothing_holds(book))? {
            Standing { state: UnderReview, .. } => Ok(Vec::new()),
            Standing { version, .. } => Ok(vec![Change { version, to: UnderReview }]),
        },
        Act::Reviewed => match holding(book).ok_or_else(|| nothing_holds(book))? {
            Standing { version, state: UnderReview } => Ok(vec![Change { version, to: InForce }]),
            Standing { .. } => Ok(Vec::new()),
        },
        Act::End => Ok(ended(book)),
    }
}

/// The book after `changes`.
#[must_use]
pub fn applied(book: &[Standing], changes: &[Change]) -> Vec<Standing> {
    let mut book = book.to_vec();
    for change in changes {
        match book.iter_mut().find(|standing| standing.version == change.version) {
            Some(standing) => standing.state = change.to,
            None => book.push(Standing { version: change.version, state: change.to }),
        }
    }
    book
}

/// What holds, if anything does.
#[must_use]
pub fn holding(book: &[Standing]) -> Option<Standing> {
    book.iter().copied().find(|standing| standing.state.holds())
}

fn is_over(book: &[Standing]) -> bool {
    book.iter().any(|standing| standing.state == Ended)
}

fn nothing_holds(book: &[Standing]) -> Refusal {
    if is_over(book) { Refusal::Over } else { Refusal::NotInForce }
}

fn state(book: &[Standing], version: u32) -> Result<VersionState, Refusal> {
    book.iter().find(|standing| standing.version == version).map(|s| s.state).ok_or(Refusal::NoSuchVersion)
}

fn draft(book: &[Standing], version: u32) -> Result<(), Refusal> {
    if state(book, version)? == Draft { Ok(()) } else { Err(Refusal::NotADraft) }
}

fn revise(book: &[Standing]) -> Result<Vec<Change>, Refusal> {
    if is_over(book) {
        return Err(Refusal::Over);
    }
    if let Some(there) = book.iter().find(|standing| standing.state == Draft) {
        return Err(Refusal::DraftThere { version: there.version });
    }
    let newest = book.iter().map(|standing| standing.version).max().unwrap_or(0);
    Ok(vec![Change { version: newest + 1, to: Draft }])
}

fn send(book: &[Standing], version: u32) -> Result<Vec<Change>, Refusal> {
    match state(book, version)? {
        Sent => return Ok(Vec::new()),
        Draft => {}
        _ => return Err(Refusal::NotADraft),
    }
    // The department has one question to answer, and it is about the newest words.
    let others = book.iter().filter(|standing| standing.state == Sent);
    let mut changes: Vec<Change> =
        others.map(|standing| Change { version: standing.version, to: Withdrawn }).collect();
    changes.push(Change { version, to: Sent });
    Ok(changes)
}

fn approve(book: &[Standing], version: u32) -> Result<Vec<Change>, Refusal> {
    match state(book, version)? {
        Sent => {}
        Approved | InForce | UnderReview | Replaced | Ended => return Ok(Vec::new()),
        Refused => return Err(Refusal::AnsweredOtherwise),
        Draft => return Err(Refusal::NotSent),
        Withdrawn => return Err(Refusal::Withdrawn),
    }
    // An older one that waited for its day never gets it: the department has said yes to newer words.
    let waiting = book.iter().filter(|standing| standing.state == Approved);
    let mut changes: Vec<Change> =
        waiting.map(|standing| Change { version: standing.version, to: Withdrawn }).collect();
    changes.push(Change { version, to: Approved });
    Ok(changes)
}

fn put_in_force(book: &[Standing], version: u32) -> Result<Vec<Change>, Refusal> {
    match state(book, version)? {
        Approved => {}
        InForce | UnderReview | Replaced | Ended => return Ok(Vec::new()),
        Draft | Sent | Refused | Withdrawn => return Err(Refusal::NotApproved),
    }
    let mut changes: Vec<Change> =
        holding(book).map(|held| Change { version: held.version, to: Replaced }).into_iter().collect();
    changes.push(Change { version, to: InForce });
    Ok(changes)
}

/// What was only on its way is withdrawn, what held has ended.
fn ended(book: &[Standing]) -> Vec<Change> {
    book.iter()
        .filter_map(|standing| match standing.state {
            Draft | Sent | Approved => Some(Change { version: standing.version, to: Withdrawn }),
            InForce | UnderReview => Some(Change { version: standing.version, to: Ended }),
            Refused | Withdrawn | Replaced | Ended => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    const FIRST: &[Standing] = &[Standing { version: 1, state: Draft }];

    fn run(acts: &[Act]) -> Result<Vec<Standing>, Refusal> {
        acts.iter().try_fold(FIRST.to_vec(), |book, act| Ok(applied(&book, &after(&book, *act)?)))
    }

    #[test]
    fn a_change_leaves_the_old_in_force_until_its_own_day() {
        let acts = [Act::Send(1), Act::Approve(1), Act::PutInForce(1), Act::Revise, Act::Send(2)];
        let states = |acts: &[Act]| run(acts).unwrap().iter().map(|s| s.state).collect::<Vec<_>>();
        assert_eq!(states(&acts), [InForce, Sent]);
        assert_eq!(states(&[&acts[..], &[Act::Approve(2)]].concat()), [InForce, Approved]);
        assert_eq!(
            states(&[&acts[..], &[Act::Approve(2), Act::PutInForce(2)]].concat()),
            [Replaced, InForce]
        );
        assert_eq!(
            states(&[&acts[..], &[Act::Refuse(2), Act::BeginReview]].concat()),
            [UnderReview, Refused]
        );
        assert_eq!(states(&[&acts[..], &[Act::End]].concat()), [Ended, Withdrawn]);
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        for (acts, refusal) in [
            (&[Act::PutInForce(1)][..], Refusal::NotApproved),
            (&[Act::Approve(1)], Refusal::NotSent),
            (&[Act::Send(1), Act::Edit(1)], Refusal::NotADraft),
            (&[Act::Send(1), Act::Refuse(1), Act::Approve(1)], Refusal::AnsweredOtherwise),
            (&[Act::Send(1), Act::Revise, Act::Send(2), Act::Approve(1)], Refusal::Withdrawn),
            (&[Act::Revise], Refusal::DraftThere { version: 1 }),
            (&[Act::BeginReview], Refusal::NotInForce),
            (&[Act::Send(1), Act::Approve(1), Act::PutInForce(1), Act::End, Act::Revise], Refusal::Over),
            (&[Act::Edit(7)], Refusal::NoSuchVersion),
        ] {
            assert_eq!(run(acts), Err(refusal), "{acts:?}");
        }
    }

    fn any_act() -> impl Strategy<Value = Act> {
        let version = 1_u32..6;
        prop_oneof![
            Just(Act::Revise),
            version.clone().prop_map(Act::Edit),
            version.clone().prop_map(Act::Discard),
            version.clone().prop_map(Act::Send),
            version.clone().prop_map(Act::TakeBack),
            version.clone().prop_map(Act::Approve),
            version.clone().prop_map(Act::Refuse),
            version.prop_map(Act::PutInForce),
            Just(Act::BeginReview),
            Just(Act::Reviewed),
            Just(Act::End),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        /// Whatever is done in whatever order, and however often: nothing is in force that the department has not said yes
        /// to, and what it said yes to reads as it did then.
        #[test]
        fn nothing_comes_into_force_unapproved_and_what_was_sent_never_changes(
            acts in proptest::collection::vec(any_act(), 0..40)
        ) {
            let mut book = FIRST.to_vec();
            // A version's words, as a count of how often they were written.
            let mut words: BTreeMap<u32, u32> = BTreeMap::from([(1, 0)]);
            let mut sent: BTreeMap<u32, u32> = BTreeMap::new();
            let mut approved: BTreeSet<u32> = BTreeSet::new();
            for act in acts {
                let before = book.clone();
                let Ok(changes) = after(&book, act) else { continue };
                book = applied(&book, &changes);
                // The same again changes nothing more.
                if !matches!(act, Act::Revise) {
                    prop_assert_eq!(after(&book, act).map(|again| again.len()).unwrap_or(0), 0, "{:?} twice", act);
                }
                if let Act::Edit(version) = act {
                    *words.get_mut(&version).unwrap() += 1;
                }
                for change in &changes {
                    let was = before.iter().find(|s| s.version == change.version).map(|s| s.state);
                    match change.to {
                        Draft => prop_assert_eq!(was, None),
                        Sent => drop(sent.insert(change.version, words[&change.version])),
                        Approved => {
                            prop_assert_eq!(was, Some(Sent));
                            approved.insert(change.version);
                        }
                        InForce => prop_assert!(matches!(was, Some(Approved | UnderReview))),
                        _ => {}
                    }
                    words.entry(change.version).or_insert(0);
                }
                for standing in &book {
                    prop_assert!(!standing.state.was_in_force() || approved.contains(&standing.version));
                }
                for (version, at_sending) in &sent {
                    prop_assert_eq!(words[version], *at_sending, "version {} was rewritten", version);
                }
                for single in [&[Draft][..], &[Sent], &[Approved], &[InForce, UnderReview]] {
                    prop_assert!(book.iter().filter(|s| single.contains(&s.state)).count() <= 1);
                }
                prop_assert!(!is_over(&book) || holding(&book).is_none());
            }
        }
    }
}
