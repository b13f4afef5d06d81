//! A small centre to try things in.

use crate::common::{call, group, guide, settings};
use routing::{GuideState, Input, OfferNumber, Output, Priority, Routing, Skill};
use vocabulary::{GenericUuid, SignedDuration, Timestamp};

/// A centre with a hand on its clock.
pub struct Desk {
    pub routing: Routing,
    pub now: Timestamp,
}

impl Desk {
    /// Open, with nobody in it.
    pub fn open() -> Self {
        let mut desk = Self { routing: Routing::new(settings()), now: Timestamp::UNIX_EPOCH };
        desk.after(0, Input::Opened);
        desk
    }

    /// Lets `seconds` pass and hands in `input`; returns all that comes out. The state is checked every time.
    pub fn after(&mut self, seconds: i64, input: Input) -> Vec<Output> {
        self.now = self.in_seconds(seconds);
        self.routing.handle(self.now, input);
        self.routing.assert_sound();
        std::iter::from_fn(|| self.routing.poll()).collect()
    }

    pub fn in_seconds(&self, seconds: i64) -> Timestamp {
        self.now + SignedDuration::from_secs(seconds)
    }

    /// A guide comes, with a telephone, and is ready. Skills are (group, level).
    pub fn staff(&mut self, n: u128, skills: &[(u128, u8)]) {
        let skills = skills.iter().map(|(g, level)| Skill { group: group(*g), level: *level }).collect();
        self.after(0, Input::SignedIn { guide: guide(n), skills });
        self.after(0, Input::TelephoneUp { guide: guide(n) });
        self.after(0, Input::Ready { guide: guide(n) });
    }

    pub fn arrive(&mut self, n: u128, for_group: u128) -> Vec<Output> {
        self.after(
            0,
            Input::CallArrived { call: call(n), group: group(for_group), priority: Priority::Normal },
        )
    }

    /// A call arrives and hears its prompt of six seconds. Returns the last offer made.
    pub fn queue(&mut self, n: u128, for_group: u128) -> OfferNumber {
        self.arrive(n, for_group);
        self.after(6, Input::PromptEnded { call: call(n) });
        self.last_offer()
    }

    pub fn last_offer(&self) -> OfferNumber {
        let offers = self.routing.guides().filter_map(|g| match g.state {
            GuideState::Offered { offer, .. } => Some(offer),
            _ => None,
        });
        offers.max().unwrap_or(OfferNumber(0))
    }

    /// Which call rings at which guide.
    pub fn ringing(&self) -> Vec<(u128, u128)> {
        let ringing = self.routing.guides().filter_map(|g| match g.state {
            GuideState::Offered { call, .. } => {
                Some((call.into_untyped_uuid().as_u128(), g.guide.into_untyped_uuid().as_u128()))
            }
            _ => None,
        });
        ringing.collect()
    }

    pub fn state(&self, n: u128) -> GuideState {
        self.routing.guide(guide(n)).map_or(GuideState::SignedOut, |g| g.state)
    }
}
