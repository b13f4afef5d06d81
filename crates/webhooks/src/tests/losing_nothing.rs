//! Whatever happens in whatever order, and wherever the sender stops dead: everything is told at least once, and what
//! concerns one case in order.

use super::World;
use crate::Outcome;
use crate::commands::{conclude, read_on, take_due};
use crate::model::Delivery;
use proptest::prelude::*;
use std::collections::BTreeMap;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{AnyId, Clock as _, SignedDuration, WebhookId};

const IN_HAND: SignedDuration = SignedDuration::from_mins(5);

#[derive(Clone, Debug)]
enum Step {
    /// Something happens to one of three cases.
    Happens(u128),
    /// The cursor moves.
    ReadOn,
    /// Deliveries are taken in hand.
    Take(usize),
    /// One in hand reaches the receiver; the sender lives to write down how it went, or does not.
    Send { which: usize, taken: bool, written: bool },
    /// The sender stops dead: what was in hand is in nobody's.
    Crash,
    /// Time passes.
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u128..3).prop_map(Step::Happens),
        2 => Just(Step::ReadOn),
        3 => (1_usize..4).prop_map(Step::Take),
        5 => (0_usize..4, any::<bool>(), any::<bool>())
            .prop_map(|(which, taken, written)| Step::Send { which, taken, written }),
        1 => Just(Step::Crash),
        2 => (1_i64..900).prop_map(Step::Wait),
    ]
}

/// The house and what the receiver has heard, in the order it heard it.
struct Run {
    world: World,
    webhook: WebhookId,
    happened: Vec<(u128, i64)>,
    in_hand: Vec<Delivery>,
    heard: Vec<i64>,
}

impl Run {
    fn happens(&mut self, case: u128) {
        let ctx = self.world.ctx();
        let entry = move || Entry {
            kind: "case_registered",
            subject: Subject { kind: "case", id: AnyId::from_u128(case) },
            related: None,
            detail: None,
        };
        let seq = self.world.db.write_blocking(move |s| timeline::append(s, &ctx, entry())).unwrap();
        self.happened.push((case, seq));
    }

    fn read_on(&self) {
        let (ctx, webhook) = (self.world.ctx(), self.webhook);
        self.world.db.write_blocking(move |s| read_on(s, &ctx, webhook)).unwrap();
    }

    fn take(&mut self, at_once: usize) -> usize {
        let (now, webhook) = (self.world.clock.now(), self.webhook);
        let taken = self.world.db.write_blocking(move |s| take_due(s, now, now + IN_HAND, webhook, at_once));
        let deliveries = taken.unwrap().map(|(_, deliveries)| deliveries).unwrap_or_default();
        let count = deliveries.len();
        self.in_hand.extend(deliveries);
        count
    }

    fn send(&mut self, which: usize, taken: bool, written: bool) {
        if self.in_hand.is_empty() {
            return;
        }
        let delivery = self.in_hand.remove(which % self.in_hand.len());
        let outcome = if taken {
            self.heard.extend(delivery.seq);
            Outcome::Delivered { status: 200 }
        } else {
            Outcome::Failed { status: Some(503), problem: "status", retry_after: None }
        };
        if written {
            let (ctx, notify) = (self.world.ctx(), self.world.notify());
            self.world.db.write_blocking(move |s| conclude(s, &ctx, &notify, &delivery, &outcome)).unwrap();
        }
    }

    fn drain(&mut self) {
        self.in_hand.clear();
        for _ in 0..200 {
            self.world.clock.advance(SignedDuration::from_mins(30));
            self.read_on();
            if self.take(8) == 0 {
                return;
            }
            while !self.in_hand.is_empty() {
                self.send(0, true, true);
            }
        }
        panic!("it never ends");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_each_case_is_told_in_order(steps in prop::collection::vec(step(), 1..60)) {
        let world = World::sqlite();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (webhook, _) = runtime.block_on(world.webhook("http://127.0.0.1:9/"));
        let mut run =
            Run { world, webhook: webhook.id, happened: Vec::new(), in_hand: Vec::new(), heard: Vec::new() };
        for step in steps {
            match step {
                Step::Happens(case) => run.happens(case),
                Step::ReadOn => run.read_on(),
                Step::Take(n) => {
                    run.take(n);
                }
                Step::Send { which, taken, written } => run.send(which, taken, written),
                Step::Crash => run.in_hand.clear(),
                Step::Wait(seconds) => run.world.clock.advance(SignedDuration::from_secs(seconds)),
            }
        }
        run.drain();
        let mut first_heard: BTreeMap<i64, usize> = BTreeMap::new();
        for (place, seq) in run.heard.iter().enumerate() {
            first_heard.entry(*seq).or_insert(place);
        }
        for (case, seq) in &run.happened {
            prop_assert!(first_heard.contains_key(seq), "{seq} was never told");
            for (other_case, later) in &run.happened {
                if case == other_case && seq < later {
                    prop_assert!(first_heard[seq] < first_heard[later], "{later} was told before {seq}");
                }
            }
        }
    }
}
