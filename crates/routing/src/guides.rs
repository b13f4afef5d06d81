//! A guide's day: at work, away, ready, ringing, talking, wrapping up.

use crate::deadlines::Deadline;
use crate::matching::tidy_skills;
use crate::messages::{GuideState, OfferNumber, Output, Skill};
use crate::routing::Routing;
use vocabulary::{AwayReason, ContactId, Timestamp, UserId};

/// Somebody who signs in to take calls, or whose telephone is up.
#[derive(Clone, Debug)]
pub(crate) struct Guide {
    pub(crate) skills: Vec<Skill>,
    pub(crate) doing: Doing,
    /// Since when it is so.
    pub(crate) since: Timestamp,
    /// Since when without a call.
    pub(crate) idle_since: Timestamp,
    pub(crate) telephone_up: bool,
}

/// What comes after a call and its wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Ready,
    Away(AwayReason),
    SignedOut,
}

/// What a guide does. As [`GuideState`], with what only the core needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    SignedOut,
    /// If the telephone is up no later than `back_by`, the guide is ready again by itself.
    Away {
        reason: AwayReason,
        back_by: Option<Timestamp>,
    },
    Ready,
    Offered {
        offer: OfferNumber,
        call: ContactId,
        until: Timestamp,
    },
    Talking {
        offer: OfferNumber,
        call: ContactId,
        after: After,
    },
    WrapUp {
        call: ContactId,
        until: Timestamp,
        after: After,
    },
}

impl Doing {
    pub(crate) fn state(&self) -> GuideState {
        match *self {
            Self::SignedOut => GuideState::SignedOut,
            Self::Away { reason, .. } => GuideState::Away { reason },
            Self::Ready => GuideState::Ready,
            Self::Offered { offer, call, .. } => GuideState::Offered { offer, call },
            Self::Talking { call, .. } => GuideState::Talking { call },
            Self::WrapUp { call, .. } => GuideState::WrapUp { call },
        }
    }
}

impl Routing {
    fn doing(&self, guide: UserId) -> Option<Doing> {
        self.guides.get(&guide).map(|it| it.doing)
    }

    /// The one place where a guide goes from one thing to another; keeps the indexes and deadlines in step.
    pub(crate) fn set_doing(&mut self, guide: UserId, doing: Doing) {
        let Some(before) = self.doing(guide) else { return };
        match before {
            Doing::Ready => self.unindex_ready(guide),
            Doing::Offered { offer, until, .. } => self.deadlines.remove(until, Deadline::Ring(offer)),
            Doing::WrapUp { until, .. } => self.deadlines.remove(until, Deadline::WrapUp(guide)),
            Doing::SignedOut | Doing::Away { .. } | Doing::Talking { .. } => {}
        }
        match doing {
            Doing::Offered { offer, until, .. } => self.deadlines.add(until, Deadline::Ring(offer)),
            Doing::WrapUp { until, .. } => self.deadlines.add(until, Deadline::WrapUp(guide)),
            Doing::SignedOut | Doing::Away { .. } | Doing::Ready | Doing::Talking { .. } => {}
        }
        let now = self.now;
        if let Some(it) = self.guides.get_mut(&guide) {
            it.doing = doing;
            if before.state() != doing.state() {
                it.since = now;
                self.emit(Output::GuideChanged { guide, state: doing.state() });
            }
        }
        if doing == Doing::Ready {
            self.index_ready(guide);
        }
        self.forget_if_gone(guide);
    }

    /// Nothing needs to be known of a guide who is not at work and has no telephone.
    fn forget_if_gone(&mut self, guide: UserId) {
        if self.guides.get(&guide).is_some_and(|it| it.doing == Doing::SignedOut && !it.telephone_up) {
            self.guides.remove(&guide);
        }
    }

    /// The guide's last call ended now. Not for a ready guide, who is filed under the old time.
    pub(crate) fn touch_idle(&mut self, guide: UserId) {
        let now = self.now;
        if let Some(it) = self.guides.get_mut(&guide) {
            assert!(it.doing != Doing::Ready, "a ready guide has no call to end");
            it.idle_since = now;
        }
    }

    /// Ready if the telephone is up, else away until it is.
    pub(crate) fn make_ready(&mut self, guide: UserId) {
        let back_by = self.after(self.settings.vanish_grace);
        self.make_ready_or_back_by(guide, back_by);
    }

    fn make_ready_or_back_by(&mut self, guide: UserId, back_by: Timestamp) {
        let Some(it) = self.guides.get(&guide) else { return };
        let then = if it.telephone_up {
            Doing::Ready
        } else {
            Doing::Away { reason: AwayReason::Unreachable, back_by: Some(back_by) }
        };
        self.set_doing(guide, then);
    }

    fn known(&mut self, guide: UserId) -> &mut Guide {
        let now = self.now;
        self.guides.entry(guide).or_insert_with(|| Guide {
            skills: Vec::new(),
            doing: Doing::SignedOut,
            since: now,
            idle_since: now,
            telephone_up: false,
        })
    }

    pub(crate) fn signed_in(&mut self, guide: UserId, skills: &[Skill]) {
        let doing = self.known(guide).doing;
        if doing == Doing::Ready {
            self.unindex_ready(guide);
        }
        self.known(guide).skills = tidy_skills(skills);
        match doing {
            Doing::SignedOut => {
                self.touch_idle(guide);
                self.set_doing(guide, Doing::Away { reason: AwayReason::Admin, back_by: None });
            }
            Doing::Ready => self.index_ready(guide),
            Doing::Talking { after: After::SignedOut, .. }
            | Doing::WrapUp { after: After::SignedOut, .. } => {
                self.set_after(guide, After::Ready);
            }
            Doing::Away { .. } | Doing::Offered { .. } | Doing::Talking { .. } | Doing::WrapUp { .. } => {}
        }
    }

    pub(crate) fn signed_out(&mut self, guide: UserId) {
        match self.doing(guide) {
            None | Some(Doing::SignedOut) => {}
            Some(Doing::Away { .. } | Doing::Ready | Doing::WrapUp { .. }) => {
                self.set_doing(guide, Doing::SignedOut);
            }
            Some(Doing::Offered { offer, .. }) => self.withdraw(offer, Doing::SignedOut),
            Some(Doing::Talking { .. }) => self.set_after(guide, After::SignedOut),
        }
    }

    pub(crate) fn wants_calls(&mut self, guide: UserId) {
        match self.doing(guide) {
            None | Some(Doing::SignedOut | Doing::Ready | Doing::Offered { .. }) => {}
            // Pressed by a person: good for as long as the telephone takes.
            Some(Doing::Away { .. } | Doing::WrapUp { .. }) => {
                self.make_ready_or_back_by(guide, Timestamp::MAX)
            }
            Some(Doing::Talking { .. }) => self.set_after(guide, After::Ready),
        }
    }

    pub(crate) fn wants_none(&mut self, guide: UserId, reason: AwayReason) {
        let away = Doing::Away { reason, back_by: None };
        match self.doing(guide) {
            None | Some(Doing::SignedOut) => {}
            Some(Doing::Away { .. } | Doing::Ready | Doing::WrapUp { .. }) => self.set_doing(guide, away),
            Some(Doing::Offered { offer, .. }) => self.withdraw(offer, away),
            Some(Doing::Talking { .. }) => self.set_after(guide, After::Away(reason)),
        }
    }

    fn set_after(&mut self, guide: UserId, then: After) {
        if let Some(Guide { doing: Doing::Talking { after, .. } | Doing::WrapUp { after, .. }, .. }) =
            self.guides.get_mut(&guide)
        {
            *after = then;
        }
    }

    /// The wrap-up is over, by the guide or by its deadline.
    pub(crate) fn wrap_up_done(&mut self, guide: UserId) {
        let Some(Doing::WrapUp { after, .. }) = self.doing(guide) else { return };
        match after {
            After::Ready => self.make_ready(guide),
            After::Away(reason) => self.set_doing(guide, Doing::Away { reason, back_by: None }),
            After::SignedOut => self.set_doing(guide, Doing::SignedOut),
        }
    }

    pub(crate) fn telephone_up(&mut self, guide: UserId) {
        let now = self.now;
        let it = self.known(guide);
        it.telephone_up = true;
        if let Doing::Away { reason: AwayReason::Unreachable, back_by: Some(back_by) } = it.doing
            && now <= back_by
        {
            self.set_doing(guide, Doing::Ready);
        }
    }

    /// In a call this says nothing of the call: a registration may run out while the talk goes on.
    pub(crate) fn telephone_down(&mut self, guide: UserId) {
        let Some(it) = self.guides.get_mut(&guide) else { return };
        it.telephone_up = false;
        match it.doing {
            Doing::Ready => self.make_ready(guide),
            Doing::Offered { offer, .. } => {
                let back_by = Some(self.after(self.settings.vanish_grace));
                self.withdraw(offer, Doing::Away { reason: AwayReason::Unreachable, back_by });
            }
            Doing::SignedOut | Doing::Away { .. } | Doing::Talking { .. } | Doing::WrapUp { .. } => {
                self.forget_if_gone(guide);
            }
        }
    }

    /// After a restart, when all calls have been ended: it was not the guides' doing, so whoever was ready or about to
    /// talk is ready again as soon as the telephone is, however long that takes.
    pub(crate) fn lose_all_telephones(&mut self) {
        let all: Vec<UserId> = self.guides.keys().copied().collect();
        for guide in all {
            let it = self.known(guide);
            it.telephone_up = false;
            match it.doing {
                Doing::Ready | Doing::Offered { .. } => self.make_ready_or_back_by(guide, Timestamp::MAX),
                Doing::Talking { call, .. } => self.wrap_up(call, guide),
                Doing::SignedOut | Doing::Away { .. } | Doing::WrapUp { .. } => self.forget_if_gone(guide),
            }
        }
    }
}
