//! Calls as they happen, one scenario a rule.

mod common;
mod desk;

use common::{call, group, guide};
use desk::Desk;
use routing::{
    CallEnding, CallState, GuideState, HangUp, Input, OfferFailure, OfferNumber, Output, Priority, Skill,
};
use vocabulary::{AwayReason, SignedDuration};

fn away(reason: AwayReason) -> GuideState {
    GuideState::Away { reason }
}

#[test]
fn a_call_from_ring_to_wrap_up() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    assert_eq!(desk.arrive(1, 1), [Output::PlayPrompt { call: call(1) }]);
    assert_eq!(
        desk.after(6, Input::PromptEnded { call: call(1) }),
        [
            Output::CallQueued { call: call(1) },
            Output::PlayQueue { call: call(1), surge: false },
            Output::Offer {
                offer: OfferNumber(1),
                call: call(1),
                guide: guide(1),
                until: desk.in_seconds(20)
            },
            Output::GuideChanged {
                guide: guide(1),
                state: GuideState::Offered { offer: OfferNumber(1), call: call(1) }
            },
        ]
    );
    assert_eq!(
        desk.after(3, Input::OfferAccepted { offer: OfferNumber(1) }),
        [
            Output::Connect { call: call(1), guide: guide(1) },
            Output::GuideChanged { guide: guide(1), state: GuideState::Talking { call: call(1) } },
        ]
    );
    assert_eq!(
        desk.after(120, Input::CallerLeft { call: call(1) }),
        [
            Output::HangUp { call: call(1), who: HangUp::Guide(guide(1)) },
            Output::CallEnded { call: call(1), ending: CallEnding::Handled, guide: Some(guide(1)) },
            Output::GuideChanged { guide: guide(1), state: GuideState::WrapUp { call: call(1) } },
        ]
    );
    assert_eq!(
        desk.after(5, Input::WrapUpDone { guide: guide(1) }),
        [Output::GuideChanged { guide: guide(1), state: GuideState::Ready }]
    );
}

#[test]
fn the_guide_without_a_call_the_longest_is_rung_first() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    desk.after(10, Input::Tick);
    desk.staff(2, &[(1, 1)]);
    let offer = desk.queue(1, 1);
    assert_eq!(desk.ringing(), [(1, 1)]);
    desk.after(1, Input::OfferAccepted { offer });
    desk.queue(2, 1);
    assert_eq!(desk.ringing(), [(2, 2)]);
    desk.after(1, Input::CallerLeft { call: call(2) });
    desk.after(1, Input::GuideLeft { call: call(1), guide: guide(1) });
    desk.after(1, Input::WrapUpDone { guide: guide(1) });
    // Guide 2 was rung but did not talk, and is still the one without a call the longest.
    desk.queue(3, 1);
    assert_eq!(desk.ringing(), [(3, 2)]);
}

#[test]
fn higher_priority_goes_first_and_equals_in_order() {
    let mut desk = Desk::open();
    desk.queue(1, 1);
    desk.queue(2, 1);
    desk.after(0, Input::CallArrived { call: call(3), group: group(1), priority: Priority::High });
    desk.after(5, Input::PromptEnded { call: call(3) });
    for expected in [3_u128, 1, 2] {
        desk.staff(expected, &[(1, 1)]);
        assert_eq!(desk.ringing().last().map(|(call, _)| *call), Some(expected));
        let offer = desk.last_offer();
        desk.after(1, Input::OfferAccepted { offer });
    }
}

#[test]
fn own_group_goes_before_helping_out() {
    let mut desk = Desk::open();
    desk.queue(1, 2);
    desk.after(25, Input::Tick);
    desk.queue(2, 1);
    // The first has waited 31 s, long enough for helpers of level 2; but the second is the guide's own.
    desk.staff(1, &[(1, 1), (2, 2)]);
    assert_eq!(desk.ringing(), [(2, 1)]);
}

#[test]
fn helpers_are_asked_only_after_the_wait() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1), (2, 2)]);
    desk.staff(2, &[(1, 1), (2, 3)]);
    desk.after(60, Input::Away { guide: guide(1), reason: AwayReason::Break });
    desk.queue(1, 2);
    assert_eq!(desk.ringing(), []);
    assert_eq!(desk.routing.next_deadline(), Some(desk.in_seconds(30)));
    desk.after(30, Input::Tick);
    assert_eq!(desk.ringing(), [], "level 3 waits for the second half minute");
    desk.after(30, Input::Tick);
    assert_eq!(desk.ringing(), [(1, 2)]);
}

#[test]
fn no_answer_goes_to_the_next_and_the_guide_is_away() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    desk.after(1, Input::Tick);
    desk.staff(2, &[(1, 1)]);
    desk.queue(1, 1);
    desk.queue(2, 1);
    desk.after(1, Input::Tick);
    assert_eq!(desk.ringing(), [(1, 1), (2, 2)]);
    desk.after(1, Input::OfferAccepted { offer: OfferNumber(2) });
    let out = desk.after(18, Input::Tick);
    assert_eq!(
        out,
        [
            Output::WithdrawOffer { offer: OfferNumber(1), call: call(1), guide: guide(1) },
            Output::GuideChanged { guide: guide(1), state: away(AwayReason::NoAnswer) },
        ]
    );
    // A third call joined meanwhile; the one that rang in vain has kept its place.
    desk.queue(3, 1);
    desk.staff(3, &[(1, 1)]);
    assert_eq!(desk.ringing(), [(1, 3)]);
}

#[test]
fn why_an_offer_failed_decides_what_the_guide_is_away_for() {
    for (why, reason) in [
        (OfferFailure::Declined, AwayReason::NoAnswer),
        (OfferFailure::Busy, AwayReason::Unreachable),
        (OfferFailure::Unreachable, AwayReason::Unreachable),
    ] {
        let mut desk = Desk::open();
        desk.staff(1, &[(1, 1)]);
        let offer = desk.queue(1, 1);
        assert_eq!(
            desk.after(1, Input::OfferFailed { offer, why }),
            [Output::GuideChanged { guide: guide(1), state: away(reason) }]
        );
        desk.after(1, Input::OfferFailed { offer, why });
        // A telephone that says it is up does not undo that; the guide does.
        desk.after(1, Input::TelephoneUp { guide: guide(1) });
        assert_eq!(desk.ringing(), []);
        desk.after(1, Input::Ready { guide: guide(1) });
        assert_eq!(desk.ringing(), [(1, 1)]);
    }
}

#[test]
fn an_answer_at_the_last_instant_counts() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    let offer = desk.queue(1, 1);
    let out = desk.after(20, Input::OfferAccepted { offer });
    assert!(out.contains(&Output::Connect { call: call(1), guide: guide(1) }), "{out:?}");
}

#[test]
fn an_answer_after_the_withdrawal_is_hung_up() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    let offer = desk.queue(1, 1);
    desk.after(20, Input::Tick);
    assert_eq!(
        desk.after(1, Input::OfferAccepted { offer }),
        [Output::HangUp { call: call(1), who: HangUp::Guide(guide(1)) }]
    );
    // Rung again with the same call: now only the old offer's leg may be named.
    desk.after(1, Input::Ready { guide: guide(1) });
    let newer = desk.last_offer();
    desk.after(1, Input::OfferAccepted { offer: newer });
    assert_eq!(
        desk.after(1, Input::OfferAccepted { offer }),
        [Output::WithdrawOffer { offer, call: call(1), guide: guide(1) }]
    );
    assert_eq!(desk.after(1, Input::OfferAccepted { offer: newer }), [], "said twice");
    assert_eq!(desk.after(1, Input::OfferAccepted { offer: OfferNumber(99) }), [], "never made");
}

#[test]
fn the_caller_may_leave_at_any_moment() {
    let mut desk = Desk::open();
    desk.arrive(1, 1);
    let left = |n| Input::CallerLeft { call: call(n) };
    let ended = |n, ending| Output::CallEnded { call: call(n), ending, guide: None };
    assert_eq!(desk.after(1, left(1)), [ended(1, CallEnding::AbandonedInPrompt)]);
    desk.queue(2, 1);
    assert_eq!(desk.after(1, left(2)), [ended(2, CallEnding::Abandoned)]);
    desk.staff(1, &[(1, 1)]);
    let offer = desk.queue(3, 1);
    assert_eq!(
        desk.after(1, left(3)),
        [
            Output::WithdrawOffer { offer, call: call(3), guide: guide(1) },
            ended(3, CallEnding::Abandoned),
            Output::GuideChanged { guide: guide(1), state: GuideState::Ready },
        ]
    );
    for n in 1..=3 {
        assert_eq!(desk.after(0, left(n)), [], "said twice");
        assert_eq!(desk.arrive(n, 1), [], "a call that has ended does not begin again");
    }
    assert_eq!(desk.routing.next_deadline(), None);
}

#[test]
fn a_resident_whose_guide_vanished_is_first_in_the_queue() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    let offer = desk.queue(1, 1);
    desk.after(1, Input::OfferAccepted { offer });
    desk.queue(2, 1);
    desk.after(0, Input::CallArrived { call: call(3), group: group(1), priority: Priority::High });
    desk.after(5, Input::PromptEnded { call: call(3) });
    assert_eq!(
        desk.after(9, Input::GuideVanished { call: call(1), guide: guide(1) }),
        [
            Output::HangUp { call: call(1), who: HangUp::Guide(guide(1)) },
            Output::CallQueued { call: call(1) },
            Output::PlayQueue { call: call(1), surge: false },
            Output::GuideChanged { guide: guide(1), state: away(AwayReason::Unreachable) },
        ]
    );
    assert_eq!(desk.after(0, Input::GuideVanished { call: call(1), guide: guide(1) }), [], "said twice");
    // A helper of the highest level may take it at once.
    desk.staff(2, &[(1, 5)]);
    assert_eq!(desk.ringing(), [(1, 2)]);
    let offer = desk.last_offer();
    desk.after(1, Input::OfferAccepted { offer });
    assert_eq!(
        desk.after(30, Input::CallerLeft { call: call(1) }).get(1),
        Some(&Output::CallEnded { call: call(1), ending: CallEnding::Handled, guide: Some(guide(2)) })
    );
}

#[test]
fn a_guide_who_is_back_in_time_is_ready_by_itself() {
    for (back_after, state) in [(10, GuideState::Ready), (11, away(AwayReason::Unreachable))] {
        let mut desk = Desk::open();
        desk.staff(1, &[(1, 1)]);
        desk.after(5, Input::TelephoneDown { guide: guide(1) });
        assert_eq!(desk.state(1), away(AwayReason::Unreachable));
        desk.after(back_after, Input::TelephoneUp { guide: guide(1) });
        assert_eq!(desk.state(1), state);
    }
}

#[test]
fn it_does_not_matter_whether_ready_or_the_telephone_comes_first() {
    let mut desk = Desk::open();
    desk.after(0, Input::SignedIn { guide: guide(1), skills: vec![Skill { group: group(1), level: 1 }] });
    assert_eq!(desk.state(1), away(AwayReason::Admin));
    desk.after(1, Input::Ready { guide: guide(1) });
    assert_eq!(desk.state(1), away(AwayReason::Unreachable));
    desk.after(600, Input::TelephoneUp { guide: guide(1) });
    assert_eq!(desk.state(1), GuideState::Ready);
}

#[test]
fn a_telephone_that_goes_down_while_it_rings_fails_the_offer() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    let offer = desk.queue(1, 1);
    assert_eq!(
        desk.after(1, Input::TelephoneDown { guide: guide(1) }),
        [
            Output::WithdrawOffer { offer, call: call(1), guide: guide(1) },
            Output::GuideChanged { guide: guide(1), state: away(AwayReason::Unreachable) },
        ]
    );
    assert_eq!(desk.routing.call(call(1)).map(|c| c.state), Some(CallState::Waiting));
}

#[test]
fn going_home_or_away_in_a_call_waits_for_its_end() {
    for (input, state) in [
        (Input::SignedOut { guide: guide(1) }, GuideState::SignedOut),
        (Input::Away { guide: guide(1), reason: AwayReason::Lunch }, away(AwayReason::Lunch)),
    ] {
        let mut desk = Desk::open();
        desk.staff(1, &[(1, 1)]);
        let offer = desk.queue(1, 1);
        desk.after(1, Input::OfferAccepted { offer });
        assert_eq!(desk.after(1, input), []);
        desk.after(60, Input::GuideLeft { call: call(1), guide: guide(1) });
        assert_eq!(desk.state(1), GuideState::WrapUp { call: call(1) });
        desk.after(60, Input::Tick);
        assert_eq!(desk.state(1), state);
    }
}

#[test]
fn going_away_while_it_rings_passes_the_call_on() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    desk.after(1, Input::Tick);
    desk.staff(2, &[(1, 1)]);
    desk.queue(1, 1);
    desk.after(1, Input::SignedOut { guide: guide(1) });
    assert_eq!(desk.state(1), GuideState::SignedOut);
    assert_eq!(desk.ringing(), [(1, 2)]);
}

#[test]
fn wrap_up_ends_by_itself_by_done_or_by_ready() {
    for (seconds, input) in
        [(60, Input::Tick), (3, Input::WrapUpDone { guide: guide(1) }), (3, Input::Ready { guide: guide(1) })]
    {
        let mut desk = Desk::open();
        desk.staff(1, &[(1, 1)]);
        let offer = desk.queue(1, 1);
        desk.after(1, Input::OfferAccepted { offer });
        desk.after(1, Input::CallerLeft { call: call(1) });
        let talk_ended = desk.now;
        desk.after(2, Input::Tick);
        assert_eq!(desk.state(1), GuideState::WrapUp { call: call(1) });
        desk.after(seconds - 2, input);
        assert_eq!(desk.state(1), GuideState::Ready);
        assert_eq!(desk.routing.guide(guide(1)).map(|g| g.idle_since), Some(talk_ended));
    }
}

#[test]
fn a_prompt_whose_end_is_never_told_ends_by_its_deadline() {
    let mut desk = Desk::open();
    desk.arrive(1, 1);
    desk.after(10, Input::Tick);
    assert_eq!(desk.routing.call(call(1)).map(|c| c.state), Some(CallState::Waiting));
    assert_eq!(desk.after(1, Input::PromptEnded { call: call(1) }), []);
}

#[test]
fn too_long_too_many_closed_or_unknown_go_to_the_switchboard() {
    let to_switchboard = |n| {
        [
            Output::ToSwitchboard { call: call(n) },
            Output::CallEnded { call: call(n), ending: CallEnding::ToSwitchboard, guide: None },
        ]
    };
    let mut desk = Desk::open();
    desk.queue(1, 1);
    desk.after(299, Input::Tick);
    assert_eq!(desk.after(1, Input::Tick), to_switchboard(1));
    for n in 11..=18 {
        desk.arrive(n, 1);
    }
    assert_eq!(desk.arrive(19, 1), to_switchboard(19), "the centre holds eight");
    desk.after(1, Input::CallerLeft { call: call(11) });
    assert_eq!(desk.arrive(20, 9), to_switchboard(20), "a group there is not");
    desk.after(1, Input::Closed);
    assert_eq!(desk.arrive(21, 1), to_switchboard(21));
    // Who waits is served after closing.
    desk.after(6, Input::PromptEnded { call: call(12) });
    desk.staff(1, &[(1, 1)]);
    assert_eq!(desk.ringing(), [(12, 1)]);
}

#[test]
fn ringing_is_not_cut_off_by_the_longest_wait() {
    let mut desk = Desk::open();
    desk.queue(1, 1);
    desk.after(290, Input::Tick);
    desk.staff(1, &[(1, 1)]);
    desk.after(15, Input::Tick);
    assert_eq!(desk.ringing(), [(1, 1)]);
    let out = desk.after(5, Input::Tick);
    assert!(
        out.contains(&Output::ToSwitchboard { call: call(1) }),
        "nobody answered, and the wait is over: {out:?}"
    );
}

#[test]
fn those_who_wait_hear_a_surge_notice_that_is_turned_on() {
    let mut desk = Desk::open();
    desk.queue(1, 1);
    desk.queue(2, 2);
    assert_eq!(
        desk.after(1, Input::SurgeNotice { group: Some(group(1)), on: true }),
        [
            Output::SurgeChanged { group: Some(group(1)), on: true },
            Output::PlayQueue { call: call(1), surge: true },
        ]
    );
    assert_eq!(desk.after(1, Input::SurgeNotice { group: Some(group(1)), on: true }), []);
    assert_eq!(
        desk.after(1, Input::SurgeNotice { group: None, on: true }),
        [Output::SurgeChanged { group: None, on: true }, Output::PlayQueue { call: call(2), surge: true }]
    );
    desk.arrive(3, 1);
    let out = desk.after(6, Input::PromptEnded { call: call(3) });
    assert_eq!(out.last(), Some(&Output::PlayQueue { call: call(3), surge: true }));
    assert_eq!(
        desk.after(1, Input::SurgeNotice { group: None, on: false }),
        [Output::SurgeChanged { group: None, on: false }]
    );
    assert!(!desk.routing.surge(group(1)));
}

#[test]
fn a_restart_ends_all_calls_and_the_guides_come_back_with_their_telephones() {
    let mut desk = Desk::open();
    for n in 1..=3 {
        desk.staff(n, &[(1, 1)]);
        desk.after(1, Input::Tick);
    }
    let offer = desk.queue(1, 1);
    desk.after(1, Input::OfferAccepted { offer });
    desk.queue(2, 1);
    desk.queue(3, 2);
    desk.arrive(4, 1);
    let out = desk.after(1, Input::Restarted);
    let failed = |n, guide| Output::CallEnded { call: call(n), ending: CallEnding::Failed, guide };
    assert_eq!(out[..4], [failed(1, Some(guide(1))), failed(2, None), failed(3, None), failed(4, None)]);
    assert_eq!(desk.routing.calls().count(), 0);
    assert_eq!(desk.state(1), GuideState::WrapUp { call: call(1) });
    for n in [2, 3] {
        assert_eq!(desk.state(n), away(AwayReason::Unreachable));
        desk.after(300, Input::TelephoneUp { guide: guide(n) });
        assert_eq!(desk.state(n), GuideState::Ready);
    }
    assert_eq!(desk.after(1, Input::CallerLeft { call: call(2) }), []);
}

#[test]
fn settings_can_be_replaced_while_calls_wait() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 2)]);
    desk.queue(1, 1);
    desk.queue(2, 2);
    let mut settings = desk.routing.settings().clone();
    settings.groups = vec![group(1)];
    settings.overflow_after = SignedDuration::from_secs(3);
    let out = desk.after(5, Input::SettingsReplaced { settings: Box::new(settings) });
    assert_eq!(out[0], Output::ToSwitchboard { call: call(2) });
    assert_eq!(desk.ringing(), [(1, 1)], "eleven seconds are enough for level 2 now");
}

#[test]
fn an_accept_that_got_lost_before_the_guide_hung_up_fails_the_offer() {
    let mut desk = Desk::open();
    desk.staff(1, &[(1, 1)]);
    desk.queue(1, 1);
    desk.after(1, Input::GuideLeft { call: call(1), guide: guide(1) });
    assert_eq!(desk.state(1), away(AwayReason::NoAnswer));
    assert_eq!(desk.routing.call(call(1)).map(|c| c.state), Some(CallState::Waiting));
}

#[test]
fn time_does_not_run_backwards() {
    let mut desk = Desk::open();
    desk.arrive(1, 1);
    let before = desk.now;
    desk.now = before - SignedDuration::from_hours(1);
    desk.after(0, Input::CallArrived { call: call(2), group: group(1), priority: Priority::Normal });
    assert_eq!(desk.routing.call(call(2)).map(|c| c.arrived_at), Some(before));
}

#[test]
fn inputs_read_back_from_the_journal() {
    for input in [
        Input::CallArrived { call: call(1), group: group(1), priority: Priority::Returned },
        Input::OfferFailed { offer: OfferNumber(7), why: OfferFailure::Busy },
        Input::SignedIn { guide: guide(1), skills: vec![Skill { group: group(1), level: 2 }] },
        Input::Away { guide: guide(1), reason: AwayReason::NoAnswer },
        Input::SettingsReplaced { settings: Box::new(common::settings()) },
        Input::Restarted,
    ] {
        let text = serde_json::to_string(&input).unwrap();
        assert_eq!(serde_json::from_str::<Input>(&text).unwrap(), input, "{text}");
    }
}
