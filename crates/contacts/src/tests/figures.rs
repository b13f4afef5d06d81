use proptest::prelude::*;
use quality::AbandonedInTime;
use storage::Session;
use storage::testing::{both, sqlite};
use vocabulary::{
    Actor, AnswerGroupId, Channel, NewId as _, SeededChance, SignedDuration, civil, local_day, start_of_day,
};

use super::{at, call, centre, handled, monday};
use crate::commands::{mark_answered, mark_ended, mark_queued};
use crate::figures::{CallFigures, day_figures, hour_figures};
use crate::model::{Contact, Ending, SERVICE_THRESHOLD};
use crate::{ContactsError, queries};
use routing::CallEnding;

fn of(s: &mut Session<'_>, group: Option<AnswerGroupId>) -> CallFigures {
    let days = day_figures(s, local_day(monday())).unwrap();
    days.into_iter().find(|day| day.group == group).map(|day| day.calls).unwrap_or_default()
}

#[test]
fn each_call_is_counted_where_it_belongs() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let [bygg, skola] = c.groups;
            handled(s, 1, 0, 10, bygg, c.anna);
            handled(s, 2, 100, 60, bygg, c.anna);
            handled(s, 3, 200, 61, bygg, c.anna);
            for (n, ending) in [
                (4, CallEnding::AbandonedInPrompt),
                (5, CallEnding::Abandoned),
                (6, CallEnding::ToSwitchboard),
                (7, CallEnding::Failed),
            ] {
                let id = call(s, n, 300, Some(bygg));
                mark_ended(s, &at(310, Actor::System), id, ending, None)?;
            }
            // Answered, and lost by our fault in the talk: it was answered.
            let id = call(s, 8, 400, Some(bygg));
            mark_answered(s, &at(405, Actor::System), id, c.anna)?;
            mark_ended(s, &at(500, Actor::System), id, CallEnding::Failed, None)?;
            // Answered, the guide vanished, and the resident gave up: abandoned.
            let id = call(s, 9, 500, Some(bygg));
            mark_answered(s, &at(505, Actor::System), id, c.anna)?;
            mark_queued(s, &at(510, Actor::System), id)?;
            mark_ended(s, &at(600, Actor::System), id, CallEnding::Abandoned, None)?;
            // Waiting, and talking.
            call(s, 10, 600, Some(bygg));
            let id = call(s, 11, 600, Some(bygg));
            mark_answered(s, &at(620, Actor::System), id, c.bo)?;
            // Waited until it was too long, and went to the switchboard.
            let id = call(s, 16, 700, Some(bygg));
            mark_queued(s, &at(705, Actor::System), id)?;
            mark_ended(s, &at(1_000, Actor::System), id, CallEnding::ToSwitchboard, None)?;
            // Other groups, other days, other channels.
            handled(s, 12, 0, 5, skola, c.bo);
            handled(s, 13, -9 * 3600 - 1, 5, bygg, c.bo);
            handled(s, 14, 15 * 3600, 5, bygg, c.bo);
            call(s, 15, 0, None);
            let seconds = SignedDuration::from_secs;
            let expected = CallFigures {
                offered: 12,
                answered: 5,
                answered_in_time: 4,
                abandoned_in_prompt: 1,
                abandoned: 2,
                abandoned_in_time: 1,
                to_switchboard: 2,
                to_switchboard_after_waiting: 1,
                failed: 1,
                waiting: 1,
                wait_sum: seconds(10 + 60 + 61 + 5 + 20),
                wait_max: seconds(61),
            };
            assert_eq!(of(s, Some(bygg)), expected);
            assert_eq!(expected.wait_mean(), Some(SignedDuration::from_micros(31_200_000)));
            // Four of the nine who waited to the end; the one who gave up soon left out.
            let level = |variant| expected.service().unwrap().service_level(variant);
            assert_eq!(level(AbandonedInTime::CountedAgainst), Some(4.0 / 9.0));
            assert_eq!(level(AbandonedInTime::Excluded), Some(0.5));
            assert_eq!(of(s, Some(skola)).answered, 1);
            assert_eq!(of(s, None).waiting, 1);
            assert_eq!(CallFigures::default().wait_mean(), None);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_day_has_the_hours_it_has() {
    // Winter time begins on 25 October 2026: that day has 25 hours.
    for db in both() {
        db.write_blocking(|s| {
            centre(s);
            let long: civil::Date = "2026-10-25".parse().unwrap();
            let begin = start_of_day(long);
            for hour in [0, 2, 3, 24, 25] {
                let seconds = (begin - monday()).get_seconds() + i64::from(hour) * 3600 + 1;
                call(s, u64::try_from(hour).unwrap(), seconds, None);
            }
            let hours: Vec<_> =
                hour_figures(s, long)?.iter().map(|h| (h.began_at - begin).get_seconds() / 3600).collect();
            assert_eq!(hours, [0, 2, 3, 24]);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

/// One call as told in words.
#[derive(Clone, Copy, Debug)]
struct Told {
    group: Option<bool>,
    second: i64,
    wait: Option<i64>,
    stay: i64,
    queued: bool,
    ending: Option<Ending>,
}

fn told() -> impl Strategy<Value = Told> {
    (
        prop::option::of(any::<bool>()),
        0..86_400_i64,
        prop::option::of(0..300_i64),
        300..400_i64,
        any::<bool>(),
        prop::option::of(prop::sample::select(Ending::ALL)),
    )
        .prop_map(|(group, second, wait, stay, queued, ending)| Told {
            group,
            second,
            wait,
            stay: if wait.is_none() { stay - 300 } else { stay },
            queued,
            ending,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// The SQL counts what a straightforward count over the same calls does, and every call exactly once.
    #[test]
    fn the_database_counts_as_one_counts_by_hand(calls in prop::collection::vec(told(), 0..60)) {
        let db = sqlite();
        db.write_blocking(move |s| {
            let c = centre(s);
            let day = local_day(monday());
            let mut expected = CallFigures::default();
            for (n, told) in calls.iter().enumerate() {
                let arrived_at = start_of_day(day) + SignedDuration::from_secs(told.second);
                let wait = told.wait.map(SignedDuration::from_secs);
                let stay = SignedDuration::from_secs(told.stay);
                let contact = Contact {
                    id: vocabulary::ContactId::next(arrived_at, &SeededChance::new(n.try_into().unwrap())),
                    channel: Channel::Call,
                    resident: None,
                    caller_number: None,
                    group: told.group.map(|first| c.groups[usize::from(first)]),
                    arrived_at,
                    queued_at: told.queued.then_some(arrived_at),
                    answered_at: wait.map(|wait| arrived_at + wait),
                    ended_at: told.ending.map(|_| arrived_at + stay),
                    ending: told.ending,
                    guide: None,
                    logged_at: None,
                    case_type: None,
                    outcome: None,
                    note: None,
                    case: None,
                };
                queries::insert(s, &contact)?;
                expected.offered += 1;
                match (told.ending, wait) {
                    (None | Some(Ending::Handled | Ending::Failed), Some(wait)) => {
                        expected.answered += 1;
                        expected.answered_in_time += u64::from(wait <= SERVICE_THRESHOLD);
                        expected.wait_sum += wait;
                        expected.wait_max = expected.wait_max.max(wait);
                    }
                    (None, None) => expected.waiting += 1,
                    (Some(Ending::Failed), None) => expected.failed += 1,
                    (Some(Ending::Abandoned), _) => {
                        expected.abandoned += 1;
                        expected.abandoned_in_time += u64::from(stay <= SERVICE_THRESHOLD);
                    }
                    (Some(Ending::AbandonedInPrompt), _) => expected.abandoned_in_prompt += 1,
                    (Some(Ending::ToSwitchboard), _) => {
                        expected.to_switchboard += 1;
                        expected.to_switchboard_after_waiting += u64::from(told.queued);
                    }
                    // Never written by the commands: who was handled was answered.
                    (Some(Ending::Handled), None) => {}
                }
            }
            let by_group: CallFigures = day_figures(s, day)?.into_iter().map(|g| g.calls).sum();
            let by_hour: CallFigures = hour_figures(s, day)?.into_iter().map(|h| h.calls).sum();
            assert!(by_group.service().is_ok());
            assert_eq!(by_group, expected);
            assert_eq!(by_hour, expected);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}
