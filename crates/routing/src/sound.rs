//! What must always be true, checked from the inside.

use crate::calls::{Call, Stage};
use crate::deadlines::Deadline;
use crate::guides::{Doing, Guide};
use crate::matching::level_index;
use crate::routing::Routing;
use vocabulary::{ContactId, UserId};

/// In debug builds the whole state is checked once in so many offers and queued calls: it takes time in the number of
/// calls.
#[cfg(debug_assertions)]
const SOUND_EVERY: u64 = 64;

impl Routing {
    #[cfg(debug_assertions)]
    pub(crate) fn assert_sound_now_and_then(&self) {
        if (self.last_offer + self.last_place).is_multiple_of(SOUND_EVERY) {
            self.assert_sound();
        }
    }

    /// Checks that calls, guides, indexes and deadlines agree, and that no pair that could be made is left. For tests:
    /// takes time in the number of calls and guides.
    ///
    /// # Panics
    /// If they do not agree.
    pub fn assert_sound(&self) {
        let mut deadlines = 0;
        let mut waiting = 0;
        for (call, it) in &self.calls {
            deadlines += self.assert_call(*call, it);
            waiting += usize::from(matches!(it.stage, Stage::Waiting { .. }));
        }
        let mut ready = 0;
        for (guide, it) in &self.guides {
            deadlines += self.assert_guide(*guide, it);
            if it.doing == Doing::Ready {
                ready += it.skills.iter().filter(|skill| self.groups.contains_key(&skill.group)).count();
            }
        }
        assert_eq!(deadlines, self.deadlines.len(), "every deadline is somebody's");
        assert_eq!(
            waiting,
            self.groups.values().map(|g| g.waiting[0].len()).sum::<usize>(),
            "every entry waits"
        );
        let filed: usize =
            self.groups.values().flat_map(|g| &g.ready).map(std::collections::BTreeSet::len).sum();
        assert_eq!(ready, filed, "every entry is a ready guide");
        for (offer, (call, guide)) in &self.offers {
            let call = self.calls.get(call).map(|it| it.stage);
            assert!(
                matches!(call, Some(Stage::Offered { offer: o, guide: g, .. }) if o == *offer && g == *guide)
            );
        }
        for group in self.groups.values() {
            for (waiting, ready) in group.waiting.iter().zip(&group.ready) {
                assert!(waiting.is_empty() || ready.is_empty(), "whoever can be helped is being helped");
            }
        }
    }

    /// Checks one call and returns how many deadlines it has.
    fn assert_call(&self, call: ContactId, it: &Call) -> usize {
        assert!(!self.ended_calls.contains(&call), "a call that has ended is not in the centre");
        match it.stage {
            Stage::Prompt { until } => {
                assert!(self.deadlines.contains(until, Deadline::Prompt(call)));
                1
            }
            Stage::Waiting { queued } => {
                let group = self.groups.get(&it.group).expect("a call waits for a group there is");
                for (index, level) in group.waiting.iter().enumerate() {
                    assert_eq!(level.contains(&(it.priority, queued.place, call)), index < queued.levels);
                }
                assert_eq!(queued.levels, self.levels_open(queued.since, it.priority));
                assert!(self.deadlines.contains(self.waits_until(queued), Deadline::Wait(call)));
                let opens = self.opens_next(queued.since, queued.levels);
                1 + usize::from(self.deadlines.contains(opens, Deadline::Overflow(call)))
            }
            Stage::Offered { offer, guide, .. } => {
                assert_eq!(self.offers.get(&offer), Some(&(call, guide)));
                let doing = self.guides.get(&guide).map(|it| it.doing);
                assert!(
                    matches!(doing, Some(Doing::Offered { offer: o, call: c, .. }) if o == offer && c == call)
                );
                0
            }
            Stage::Talking { offer, guide, .. } => {
                let doing = self.guides.get(&guide).map(|it| it.doing);
                assert!(
                    matches!(doing, Some(Doing::Talking { offer: o, call: c, .. }) if o == offer && c == call)
                );
                0
            }
        }
    }

    /// Checks one guide and returns how many deadlines he or she has.
    fn assert_guide(&self, guide: UserId, it: &Guide) -> usize {
        match it.doing {
            Doing::SignedOut => {
                assert!(it.telephone_up, "nobody who is gone is remembered");
                0
            }
            Doing::Away { .. } => 0,
            Doing::Ready => {
                assert!(it.telephone_up, "a ready guide can be rung");
                for skill in &it.skills {
                    if let Some(group) = self.groups.get(&skill.group) {
                        assert!(group.ready[level_index(skill.level)].contains(&(it.idle_since, guide)));
                    }
                }
                0
            }
            Doing::Offered { offer, call, until } => {
                assert_eq!(self.offers.get(&offer), Some(&(call, guide)));
                assert!(self.deadlines.contains(until, Deadline::Ring(offer)));
                1
            }
            Doing::Talking { call, .. } => {
                let stage = self.calls.get(&call).map(|it| it.stage);
                assert!(matches!(stage, Some(Stage::Talking { guide: g, .. }) if g == guide));
                0
            }
            Doing::WrapUp { until, .. } => {
                assert!(self.deadlines.contains(until, Deadline::WrapUp(guide)));
                1
            }
        }
    }
}
