//! The calls that simulated residents have placed, joined with the contacts they have become. A resident hears music
//! and then a person; the demo sees on the floor which is which, since it does not listen.

use super::stage::Stage;
use crate::residents::Matter;
use contacts::Contact;
use floor::{CallState, Snapshot};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use vocabulary::{AnswerGroupId, ContactId};

/// Where a resident's call is, as far as the resident cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// A prompt, music, ringing.
    Waits,
    /// A guide is there.
    Talks,
}

/// Marks one placed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

struct Placed {
    ticket: Ticket,
    /// None if withheld.
    number: Option<String>,
    group: AnswerGroupId,
    matter: Arc<Matter>,
    contact: Option<ContactId>,
    progress: watch::Sender<Progress>,
}

/// The calls that are up.
pub(crate) struct Ongoing {
    /// Each group's number; the one without takes the rest.
    numbers: Vec<(Option<String>, AnswerGroupId)>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tickets: u64,
    placed: Vec<Placed>,
    /// What was called about, kept until it is logged; a person's calls are logged by the person.
    matters: BTreeMap<ContactId, Arc<Matter>>,
}

/// How many matters are remembered; more than there are calls at a time.
const MATTERS_MAX: usize = 2_000;

impl Ongoing {
    pub fn new(numbers: Vec<(Option<String>, AnswerGroupId)>) -> Self {
        Self { numbers, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call that is being placed. None if the number is on the telephone already, or nobody takes the call.
    pub fn place(
        &self,
        number: Option<String>,
        matter: Arc<Matter>,
    ) -> Option<(Ticket, watch::Receiver<Progress>)> {
        let dialled = |code: &Option<String>| code.as_ref() == Some(&matter.dialled);
        let own = self.numbers.iter().find(|(code, _)| dialled(code));
        let group = own.or_else(|| self.numbers.iter().find(|(code, _)| code.is_none()))?.1;
        let mut state = self.state();
        if number.is_some() && state.placed.iter().any(|placed| placed.number == number) {
            return None;
        }
        state.tickets += 1;
        let ticket = Ticket(state.tickets);
        let (progress, follow) = watch::channel(Progress::Waits);
        state.placed.push(Placed { ticket, number, group, matter, contact: None, progress });
        Some((ticket, follow))
    }

    /// The resident's telephone is down again.
    pub fn gone(&self, ticket: Ticket) {
        self.state().placed.retain(|placed| placed.ticket != ticket);
    }

    /// What a contact is about, if it is one of ours. Given once.
    pub fn take_matter(&self, contact: ContactId) -> Option<Arc<Matter>> {
        self.state().matters.remove(&contact)
    }

    /// The contacts on the floor that are not joined with a call yet.
    fn strangers(&self, snapshot: &Snapshot) -> Vec<ContactId> {
        let state = self.state();
        let known = |id: ContactId| state.placed.iter().any(|placed| placed.contact == Some(id));
        snapshot.calls.iter().map(|call| call.call).filter(|id| !known(*id)).collect()
    }

    /// Joins a contact with the call it is: that of its number, or the oldest withheld one to its group.
    fn join(&self, contact: &Contact) {
        let mut state = self.state();
        let fits = |placed: &&mut Placed| {
            placed.contact.is_none()
                && placed.number == contact.caller_number
                && (placed.number.is_some() || Some(placed.group) == contact.group)
        };
        let Some(matter) = state.placed.iter_mut().find(fits).map(|placed| {
            placed.contact = Some(contact.id);
            placed.matter.clone()
        }) else {
            return;
        };
        state.matters.insert(contact.id, matter);
        while state.matters.len() > MATTERS_MAX {
            // Ids are in the order of time: the first is the oldest.
            state.matters.pop_first();
        }
    }

    /// Tells the residents whom a guide has answered, or who wait again.
    fn tell(&self, snapshot: &Snapshot) {
        for placed in &self.state().placed {
            let Some(view) = placed.contact.and_then(|id| snapshot.call(id)) else { continue };
            let now = if matches!(view.state, CallState::Talking { .. }) {
                Progress::Talks
            } else {
                Progress::Waits
            };
            placed.progress.send_if_modified(|progress| std::mem::replace(progress, now) != now);
        }
    }
}

/// Follows the floor and keeps the calls joined. Never ends by itself.
pub(crate) async fn follow(stage: Arc<Stage>) {
    let mut floor = stage.handles.floor.watch();
    let mut others: Vec<ContactId> = Vec::new();
    while floor.changed().await.is_ok() {
        let snapshot = floor.borrow_and_update().clone();
        others.retain(|id| snapshot.call(*id).is_some());
        for id in stage.ongoing.strangers(&snapshot) {
            if others.contains(&id) {
                continue;
            }
            match stage.handles.db.read(move |s| contacts::queries::by_id(s, id)).await {
                Ok(Some(contact)) => {
                    stage.ongoing.join(&contact);
                    others.push(id);
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the demo cannot see who calls"),
            }
        }
        stage.ongoing.tell(&snapshot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Channel, NewId as _, SeededChance, SignedDuration, Timestamp};

    fn matter(dialled: &str) -> Arc<Matter> {
        Arc::new(Matter {
            place: None,
            case_type: "sno".into(),
            story: "Inte plogat.".into(),
            solved: true,
            talk: SignedDuration::from_secs(60),
            dialled: dialled.into(),
            withheld: false,
        })
    }

    fn contact(n: u64, group: AnswerGroupId, number: Option<&str>) -> Contact {
        Contact {
            id: ContactId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(n)),
            channel: Channel::Call,
            resident: None,
            caller_number: number.map(str::to_owned),
            group: Some(group),
            arrived_at: Timestamp::UNIX_EPOCH,
            queued_at: None,
            answered_at: None,
            ended_at: None,
            ending: None,
            guide: None,
            logged_at: None,
            case_type: None,
            outcome: None,
            note: None,
            case: None,
        }
    }

    #[test]
    fn a_contact_is_the_call_of_its_number_and_a_withheld_one_the_oldest_to_its_group() {
        let (main, care) =
            (AnswerGroupId::untimed(&SeededChance::new(1)), AnswerGroupId::untimed(&SeededChance::new(2)));
        let ongoing = Ongoing::new(vec![(None, main), (Some("+46980319210".into()), care)]);
        let place = |number: Option<&str>, about: &Arc<Matter>| {
            ongoing.place(number.map(str::to_owned), about.clone()).map(|(ticket, _)| ticket)
        };
        let (known, first, second, cared) = (matter("1"), matter("2"), matter("3"), matter("+46980319210"));
        let ticket = place(Some("+46701740605"), &known).unwrap();
        assert!(place(Some("+46701740605"), &known).is_none(), "the number is on the telephone");
        place(None, &cared).unwrap();
        place(None, &first).unwrap();
        place(None, &second).unwrap();
        let calls = [
            contact(1, main, None),
            contact(2, care, None),
            contact(3, main, Some("+46701740605")),
            contact(4, main, None),
            contact(5, main, Some("+46313900600")),
        ];
        calls.iter().for_each(|call| ongoing.join(call));
        for (call, about) in calls.iter().zip([Some(&first), Some(&cared), Some(&known), Some(&second), None])
        {
            let found = ongoing.take_matter(call.id);
            assert!(found.as_ref().map(Arc::as_ptr) == about.map(Arc::as_ptr), "{call:?}");
            assert!(ongoing.take_matter(call.id).is_none(), "given once");
        }
        ongoing.gone(ticket);
        assert!(place(Some("+46701740605"), &known).is_some());
    }
}
