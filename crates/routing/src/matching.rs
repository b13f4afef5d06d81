//! Who waits, who is ready, and who gets whom.

use crate::calls::{Queued, Stage};
use crate::guides::Doing;
use crate::messages::{OfferNumber, Output, Priority, Skill};
use crate::routing::{Routing, later};
use std::collections::BTreeSet;
use vocabulary::{AnswerGroupId, ContactId, Timestamp, UserId};

/// The highest level of a skill: how far out help is fetched.
pub const LEVEL_MAX: u8 = 5;

const LEVELS: usize = LEVEL_MAX as usize;

/// A call in a queue: by priority, then by the order in which they joined.
pub(crate) type Waiting = (Priority, u64, ContactId);

/// A ready guide: by how long without a call.
pub(crate) type Idle = (Timestamp, UserId);

/// One answer group's queue, and the guides who are ready for it. Index 0 is level 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// Whether the surge notice is on.
    pub(crate) surge: bool,
    /// Waiting calls by level they are open to. Open to one level is open to all below, so the first holds them all.
    pub(crate) waiting: [BTreeSet<Waiting>; LEVELS],
    /// Ready guides by their level.
    pub(crate) ready: [BTreeSet<Idle>; LEVELS],
}

/// The nearest level there is, as an index.
pub(crate) fn level_index(level: u8) -> usize {
    usize::from(level.clamp(1, LEVEL_MAX)) - 1
}

/// The skills in order of level and group, each group once, at its lowest level.
pub(crate) fn tidy_skills(skills: &[Skill]) -> Vec<Skill> {
    let mut tidy: Vec<Skill> = Vec::with_capacity(skills.len());
    let mut sorted: Vec<Skill> =
        skills.iter().map(|s| Skill { group: s.group, level: s.level.clamp(1, LEVEL_MAX) }).collect();
    sorted.sort_by_key(|s| (s.level, s.group));
    for skill in sorted {
        if !tidy.iter().any(|s| s.group == skill.group) {
            tidy.push(skill);
        }
    }
    tidy
}

impl Routing {
    /// Makes every pair that can be made: level by level, and within a level the first call of all first.
    pub(crate) fn match_all(&mut self) {
        for level in 0..LEVELS {
            while let Some((call, guide)) = self.next_pair(level) {
                self.offer(call, guide);
            }
        }
    }

    /// The first waiting call for which a guide of this level is ready, and the one idle longest of them.
    fn next_pair(&self, level: usize) -> Option<(ContactId, UserId)> {
        self.groups
            .values()
            .filter_map(|group| Some((group.waiting[level].first()?, group.ready[level].first()?)))
            .min()
            .map(|((_, _, call), (_, guide))| (*call, *guide))
    }

    fn offer(&mut self, call: ContactId, guide: UserId) {
        self.last_offer += 1;
        let offer = OfferNumber(self.last_offer);
        let until = self.after(self.settings.ring_max);
        let Some(queued) = self.take_from_queue(call) else {
            unreachable!("a call in a queue's index waits");
        };
        self.offers.insert(offer, (call, guide));
        self.set_stage(call, Stage::Offered { queued, offer, guide });
        self.emit(Output::Offer { offer, call, guide, until });
        self.set_doing(guide, Doing::Offered { offer, call, until });
    }

    /// How many levels a call is open to that has waited since `since`.
    pub(crate) fn levels_open(&self, since: Timestamp, priority: Priority) -> usize {
        if priority == Priority::Returned {
            return LEVELS;
        }
        (1..LEVELS).find(|levels| self.opens_next(since, *levels) > self.now).unwrap_or(LEVELS)
    }

    /// When a call that is open to `levels` levels is opened to one more.
    pub(crate) fn opens_next(&self, since: Timestamp, levels: usize) -> Timestamp {
        let times = i32::try_from(levels).unwrap_or(i32::MAX);
        later(since, self.settings.overflow_after.saturating_mul(times))
    }

    /// Enters a waiting call into the index of its group.
    pub(crate) fn index_waiting(&mut self, group: AnswerGroupId, entry: Waiting, queued: Queued) {
        if let Some(group) = self.groups.get_mut(&group) {
            for level in &mut group.waiting[..queued.levels] {
                level.insert(entry);
            }
        }
    }

    pub(crate) fn unindex_waiting(&mut self, group: AnswerGroupId, entry: Waiting, queued: Queued) {
        if let Some(group) = self.groups.get_mut(&group) {
            for level in &mut group.waiting[..queued.levels] {
                let was_there = level.remove(&entry);
                assert!(was_there, "a waiting call is in its group's queue");
            }
        }
    }

    pub(crate) fn index_ready(&mut self, guide: UserId) {
        if let Some(it) = self.guides.get(&guide) {
            for skill in &it.skills {
                if let Some(group) = self.groups.get_mut(&skill.group) {
                    group.ready[level_index(skill.level)].insert((it.idle_since, guide));
                }
            }
        }
    }

    pub(crate) fn unindex_ready(&mut self, guide: UserId) {
        if let Some(it) = self.guides.get(&guide) {
            for skill in &it.skills {
                if let Some(group) = self.groups.get_mut(&skill.group) {
                    group.ready[level_index(skill.level)].remove(&(it.idle_since, guide));
                }
            }
        }
    }

    pub(crate) fn unindex_ready_guides(&mut self) {
        for guide in self.ready_guides() {
            self.unindex_ready(guide);
        }
    }

    pub(crate) fn index_ready_guides(&mut self) {
        for guide in self.ready_guides() {
            self.index_ready(guide);
        }
    }

    fn ready_guides(&self) -> Vec<UserId> {
        self.guides.iter().filter(|(_, g)| matches!(g.doing, Doing::Ready)).map(|(id, _)| *id).collect()
    }
}
