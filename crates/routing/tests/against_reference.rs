//! The same random inputs for the core and for a slow model of the rules; everything that comes out must be equal.

mod common;
mod reference;

use common::{call, group, guide, settings};
use proptest::prelude::*;
use reference::{At, Reference, seconds};
use routing::{CallState, GuideState, Input, OfferFailure, OfferNumber, Priority, Routing, Settings, Skill};
use vocabulary::{AwayReason, Timestamp};

/// What happens next. Offers are named by how many have been made since.
#[derive(Clone, Debug)]
enum Step {
    Of(Input),
    Accepted { offers_ago: u64 },
    Failed { offers_ago: u64, why: OfferFailure },
}

/// How much time passes before it.
#[derive(Clone, Copy, Debug)]
enum Pause {
    Seconds(i64),
    UntilNextDeadline,
}

fn pause() -> impl Strategy<Value = Pause> {
    prop_oneof![
        4 => Just(Pause::Seconds(0)),
        6 => (1_i64..8).prop_map(Pause::Seconds),
        2 => (8_i64..90).prop_map(Pause::Seconds),
        3 => Just(Pause::UntilNextDeadline),
    ]
}

fn skills() -> impl Strategy<Value = Vec<Skill>> {
    // Each group at most once, at levels that reach beyond the lowest and the highest.
    proptest::collection::btree_map(1_u128..5, 0_u8..7, 0..4)
        .prop_map(|skills| skills.into_iter().map(|(g, level)| Skill { group: group(g), level }).collect())
}

fn step() -> impl Strategy<Value = Step> {
    let calls = || (1_u128..40).prop_map(call);
    let guides = || (1_u128..6).prop_map(guide);
    let groups = || (1_u128..5).prop_map(group);
    let priority =
        prop_oneof![5 => Just(Priority::Normal), 1 => Just(Priority::High), 1 => Just(Priority::Returned)];
    let why =
        prop_oneof![Just(OfferFailure::Declined), Just(OfferFailure::Busy), Just(OfferFailure::Unreachable)];
    let reason =
        prop_oneof![Just(AwayReason::Break), Just(AwayReason::Unreachable), Just(AwayReason::NoAnswer)];
    let ago = || prop_oneof![5 => 0_u64..3, 1 => 0_u64..12];
    // What is timed from a call's own beginning stays; the rest may change under way.
    let other = (1_u128..4, 0_i64..40, 60_i64..400).prop_map(|(groups, overflow, wait)| Settings {
        groups: (1..=groups).map(group).collect(),
        overflow_after: seconds(overflow),
        wait_max: seconds(wait),
        ..settings()
    });
    let of = prop_oneof![
        12 => (calls(), groups(), priority).prop_map(|(call, group, priority)| Input::CallArrived { call, group, priority }),
        12 => calls().prop_map(|call| Input::PromptEnded { call }),
        5 => calls().prop_map(|call| Input::CallerLeft { call }),
        3 => (calls(), guides()).prop_map(|(call, guide)| Input::GuideLeft { call, guide }),
        4 => (calls(), guides()).prop_map(|(call, guide)| Input::GuideVanished { call, guide }),
        6 => guides().prop_map(|guide| Input::TelephoneUp { guide }),
        2 => guides().prop_map(|guide| Input::TelephoneDown { guide }),
        6 => (guides(), skills()).prop_map(|(guide, skills)| Input::SignedIn { guide, skills }),
        1 => guides().prop_map(|guide| Input::SignedOut { guide }),
        10 => guides().prop_map(|guide| Input::Ready { guide }),
        3 => (guides(), reason).prop_map(|(guide, reason)| Input::Away { guide, reason }),
        3 => guides().prop_map(|guide| Input::WrapUpDone { guide }),
        2 => Just(Input::Opened),
        1 => Just(Input::Closed),
        2 => (proptest::option::of(groups()), any::<bool>()).prop_map(|(group, on)| Input::SurgeNotice { group, on }),
        4 => Just(Input::Tick),
        1 => other.prop_map(|settings| Input::SettingsReplaced { settings: Box::new(settings) }),
    ];
    prop_oneof![
        80 => of.prop_map(Step::Of),
        14 => ago().prop_map(|offers_ago| Step::Accepted { offers_ago }),
        4 => (ago(), why).prop_map(|(offers_ago, why)| Step::Failed { offers_ago, why }),
        1 => Just(Step::Of(Input::Restarted)),
    ]
}

/// Calls are looked up in what is there half of the time, so that long stories come about.
fn aim(step: Step, reference: &Reference) -> Input {
    let offers_ago = |n: u64| OfferNumber(reference.offers.saturating_sub(n));
    match step {
        Step::Accepted { offers_ago: n } => Input::OfferAccepted { offer: offers_ago(n) },
        Step::Failed { offers_ago: n, why } => Input::OfferFailed { offer: offers_ago(n), why },
        Step::Of(input) => {
            let talking = reference.calls.iter().find_map(|c| match c.at {
                At::Talking(_, guide) | At::Ringing(_, guide) => Some((c.id, guide)),
                _ => None,
            });
            match (input, talking) {
                (Input::GuideLeft { .. }, Some((call, guide))) => Input::GuideLeft { call, guide },
                (Input::GuideVanished { .. }, Some((call, guide))) => Input::GuideVanished { call, guide },
                (input, _) => input,
            }
        }
    }
}

fn same_view(routing: &Routing, reference: &Reference) -> Result<(), TestCaseError> {
    let mut guides: Vec<_> = reference.guides.iter().map(|g| (g.id, g.state, g.up, g.idle_since)).collect();
    guides.sort_by_key(|g| g.0);
    let seen: Vec<_> = routing.guides().map(|g| (g.guide, g.state, g.telephone_up, g.idle_since)).collect();
    prop_assert_eq!(seen, guides);
    let mut calls: Vec<_> = reference
        .calls
        .iter()
        .map(|c| {
            let state = match c.at {
                At::Prompt => CallState::Prompt,
                At::Queue => CallState::Waiting,
                At::Ringing(offer, guide) => CallState::Offered { offer, guide },
                At::Talking(_, guide) => CallState::Talking { guide },
            };
            (c.id, state)
        })
        .collect();
    calls.sort_by_key(|c| c.0);
    prop_assert_eq!(routing.calls().map(|c| (c.call, c.state)).collect::<Vec<_>>(), calls);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_core_does_what_the_rules_say(steps in proptest::collection::vec((pause(), step()), 1..220)) {
        let mut routing = Routing::new(settings());
        let mut reference = Reference::new(settings());
        let mut now = Timestamp::UNIX_EPOCH;
        let opened = [(Pause::Seconds(0), Step::Of(Input::Opened))];
        let came = (1..6).map(|n| {
            let skills = vec![Skill { group: group(1 + n % 3), level: 1 }, Skill { group: group(1 + (n + 1) % 3), level: 2 }];
            (Pause::Seconds(1), Step::Of(Input::SignedIn { guide: guide(n), skills }))
        });
        for (pause, step) in opened.into_iter().chain(came).chain(steps) {
            let deadline = routing.next_deadline();
            let expected = reference.next_deadline();
            prop_assert!(expected.is_none_or(|at| deadline.is_some_and(|d| d <= at)), "{deadline:?} {expected:?}");
            now = match pause {
                Pause::Seconds(n) => now + seconds(n),
                Pause::UntilNextDeadline => deadline.filter(|at| *at > now).unwrap_or(now),
            };
            let input = aim(step, &reference);
            routing.handle(now, input.clone());
            let out: Vec<_> = std::iter::from_fn(|| routing.poll()).collect();
            let expected = reference.handle(now, input.clone());
            prop_assert_eq!(out, expected, "after {:?}", input);
            same_view(&routing, &reference)?;
            routing.assert_sound();
        }
        prop_assert!(routing.guides().all(|g| g.state != GuideState::SignedOut || g.telephone_up));
    }
}
