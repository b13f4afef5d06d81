use proptest::prelude::*;
use routing::CallEnding;
use storage::testing::{both, sqlite};
use vocabulary::{Actor, Channel, ContactOutcome, Language, SignedDuration};

use super::{at, call, centre, contact_id, handled, kinds, monday};
use crate::commands::{
    arrive, attach_case, end_orphans, log, mark_answered, mark_ended, mark_queued, register, set_resident,
};
use crate::model::{Arrive, Ending, Log, NOTE_CHARS_MAX, Register};
use crate::{ContactsError, queries};

#[test]
fn a_call_leaves_one_row_and_four_entries_however_often_it_is_told() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let id = contact_id(1);
            let cmd = Arrive {
                contact: id,
                resident: None,
                caller_number: Some("+46701234567".to_owned()),
                group: Some(c.groups[0]),
            };
            for n in 0..2_i64 {
                let told = |seconds| at(seconds + n * 1_000, Actor::System);
                assert_eq!(arrive(s, &told(0), &cmd)?, n == 0);
                assert_eq!(mark_queued(s, &told(6), id)?, n == 0);
                assert_eq!(mark_answered(s, &told(30), id, c.anna)?, n == 0);
                assert_eq!(mark_ended(s, &told(90), id, CallEnding::Handled, Some(c.anna))?, n == 0);
            }
            let stored = queries::by_id(s, id)?.unwrap();
            let after = |seconds| Some(monday() + SignedDuration::from_secs(seconds));
            assert_eq!(stored.queued_at, after(6));
            assert_eq!(stored.answered_at, after(30));
            assert_eq!(stored.ended_at, after(90));
            assert_eq!((stored.ending, stored.guide), (Some(Ending::Handled), Some(c.anna)));
            assert_eq!(
                kinds(s, id),
                ["contact_arrived", "contact_queued", "contact_answered", "contact_ended"]
            );
            // The first ending holds.
            assert!(!mark_ended(s, &at(99, Actor::System), id, CallEnding::Failed, None)?);
            // What nobody has heard of changes nothing.
            let unknown = contact_id(2);
            assert!(!mark_queued(s, &at(0, Actor::System), unknown)?);
            assert!(!mark_answered(s, &at(0, Actor::System), unknown, c.anna)?);
            assert!(!mark_ended(s, &at(0, Actor::System), unknown, CallEnding::Abandoned, None)?);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_call_that_comes_back_is_nobodys_until_answered_again() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let id = call(s, 1, 0, Some(c.groups[0]));
            mark_queued(s, &at(5, Actor::System), id)?;
            mark_answered(s, &at(20, Actor::System), id, c.anna)?;
            assert!(mark_queued(s, &at(40, Actor::System), id)?);
            assert_eq!(queries::by_id(s, id)?.unwrap().guide, None);
            assert!(mark_answered(s, &at(50, Actor::System), id, c.bo)?);
            mark_ended(s, &at(80, Actor::System), id, CallEnding::Handled, Some(c.bo))?;
            let stored = queries::by_id(s, id)?.unwrap();
            assert_eq!(stored.guide, Some(c.bo));
            assert_eq!(stored.answered_at, Some(monday() + SignedDuration::from_secs(20)));
            assert_eq!(queries::unlogged_of(s, c.anna, 10)?, []);
            assert_eq!(queries::unlogged_of(s, c.bo, 10)?.len(), 1);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn calls_under_way_when_the_process_stopped_end_as_failed() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let over = handled(s, 1, 0, 10, c.groups[0], c.anna);
            let waiting = call(s, 2, 100, Some(c.groups[0]));
            let talking = call(s, 3, 200, Some(c.groups[0]));
            mark_answered(s, &at(210, Actor::System), talking, c.anna)?;
            assert_eq!(end_orphans(s, &at(300, Actor::System))?, [waiting, talking]);
            assert_eq!(end_orphans(s, &at(301, Actor::System))?, []);
            let ending = |s: &mut storage::Session<'_>, id| queries::by_id(s, id).unwrap().unwrap().ending;
            assert_eq!(ending(s, over), Some(Ending::Handled));
            assert_eq!(ending(s, waiting), Some(Ending::Failed));
            assert_eq!(ending(s, talking), Some(Ending::Failed));
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn a_guide_logs_the_own_contact_and_may_mend_it() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let id = handled(s, 1, 0, 10, c.groups[0], c.anna);
            let entry = |outcome, note: &str| Log {
                contact: id,
                case_type: c.case_type,
                outcome,
                note: note.to_owned(),
            };
            let by = |seconds, guide| at(seconds, Actor::User(guide));

            let refused = log(s, &by(100, c.bo), &entry(ContactOutcome::Solved, ""));
            assert!(matches!(refused, Err(ContactsError::NotYours)), "{refused:?}");
            log(s, &by(100, c.anna), &entry(ContactOutcome::Solved, "  "))?;
            let mended = log(
                s,
                &by(200, c.anna),
                &entry(ContactOutcome::Referred, " Hänvisad\r\ntill Trafikverket "),
            )?;
            let stored = queries::by_id(s, id)?.unwrap();
            assert_eq!(mended, stored);
            assert_eq!(stored.outcome, Some(ContactOutcome::Referred));
            assert_eq!(stored.note.as_deref(), Some("Hänvisad\ntill Trafikverket"));
            assert_eq!(stored.logged_at, Some(by(100, c.anna).now));
            assert_eq!(kinds(s, id)[4..], ["contact_logged", "contact_log_changed"]);
            assert_eq!(queries::unlogged_of(s, c.anna, 10)?, []);

            let long =
                log(s, &by(300, c.anna), &entry(ContactOutcome::Solved, &"å".repeat(NOTE_CHARS_MAX + 1)));
            assert!(matches!(long, Err(ContactsError::Text(_))), "{long:?}");
            let nothing = Log { case_type: by(1, c.anna).next_id(), ..entry(ContactOutcome::Solved, "") };
            assert!(matches!(log(s, &by(300, c.anna), &nothing), Err(ContactsError::NotFound { .. })));
            let nowhere = Log { contact: contact_id(9), ..entry(ContactOutcome::Solved, "") };
            assert!(matches!(log(s, &by(300, c.anna), &nowhere), Err(ContactsError::NotFound { .. })));
            let unanswered = Log { contact: call(s, 2, 400, None), ..entry(ContactOutcome::Solved, "") };
            assert!(matches!(log(s, &by(500, c.anna), &unanswered), Err(ContactsError::NotAnswered)));
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn the_unlogged_are_the_guides_own_newest_first() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let first = handled(s, 1, 0, 10, c.groups[0], c.anna);
            let second = handled(s, 2, 100, 10, c.groups[0], c.anna);
            handled(s, 3, 200, 10, c.groups[0], c.bo);
            let talking = call(s, 4, 300, Some(c.groups[0]));
            mark_answered(s, &at(310, Actor::System), talking, c.anna)?;
            let unlogged = queries::unlogged_of(s, c.anna, 10)?;
            assert_eq!(unlogged.iter().map(|l| l.contact.id).collect::<Vec<_>>(), [second, first]);
            assert_eq!(queries::unlogged_of(s, c.anna, 1)?.len(), 1);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn other_channels_are_registered_as_over() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let ctx = at(0, Actor::User(c.anna));
            let reach = people::residents::Reach { telephone: None, email: Some("asa@x.se".to_owned()) };
            let asa =
                people::residents::find_or_create(s, &ctx, &reach, Some("Åsa"), Language::Swedish).unwrap();
            let mail = Register {
                channel: Channel::Email,
                resident: Some(asa.id),
                group: Some(c.groups[0]),
                guide: Some(c.anna),
                arrived_at: Some(ctx.now - SignedDuration::from_hours(2)),
                logged: Some((c.case_type, ContactOutcome::Solved)),
                note: "Svarat".to_owned(),
            };
            let stored = register(s, &ctx, &mail)?;
            assert_eq!(queries::by_id(s, stored.id)?.as_ref(), Some(&stored));
            assert_eq!(stored.ending, Some(Ending::Handled));
            let lines = queries::of_resident(s, Actor::System, asa.id, 10)?;
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].case_type_name.as_deref(), Some("Hål i gatan"));
            assert_eq!(
                (lines[0].guide_name.as_deref(), lines[0].resident_name.as_deref()),
                (Some("anna"), Some("Åsa"))
            );
            assert_eq!(kinds(s, stored.id), ["contact_registered", "contact_logged"]);
            let protect = people::residents::ChangeResident { protected: Some(true), ..Default::default() };
            people::residents::change(s, &ctx, asa.id, &protect).unwrap();
            let line = queries::line_by_id(s, Actor::System, stored.id)?.unwrap();
            assert_eq!((line.resident_name, line.resident_protected), (None, true));

            // Not logged yet: it waits among the guide's unlogged.
            register(s, &ctx, &Register { logged: None, ..mail.clone() })?;
            assert_eq!(queries::unlogged_of(s, c.anna, 10)?.len(), 1);

            let call = Register { channel: Channel::Call, ..mail.clone() };
            assert!(matches!(register(s, &ctx, &call), Err(ContactsError::Channel(Channel::Call))));
            let early = Register { arrived_at: Some(ctx.now + SignedDuration::from_secs(1)), ..mail.clone() };
            assert!(matches!(register(s, &ctx, &early), Err(ContactsError::InTheFuture)));
            for nobody in [
                Register { resident: Some(ctx.next_id()), ..mail.clone() },
                Register { group: Some(ctx.next_id()), ..mail.clone() },
                Register { guide: Some(ctx.next_id()), ..mail.clone() },
                Register { logged: Some((ctx.next_id(), ContactOutcome::Solved)), ..mail.clone() },
            ] {
                assert!(matches!(register(s, &ctx, &nobody), Err(ContactsError::NotFound { .. })));
            }
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[test]
fn whose_a_contact_is_can_be_said_afterwards_by_its_guide() {
    for db in both() {
        db.write_blocking(|s| {
            let c = centre(s);
            let id = handled(s, 1, 0, 10, c.groups[0], c.anna);
            let ctx = at(100, Actor::User(c.anna));
            let asa = people::residents::find_or_create_by_telephone(s, &ctx, "0701234567").unwrap();
            assert!(matches!(
                set_resident(s, &at(100, Actor::User(c.bo)), id, asa),
                Err(ContactsError::NotYours)
            ));
            set_resident(s, &ctx, id, asa)?;
            set_resident(s, &ctx, id, asa)?;
            assert_eq!(queries::of_resident(s, Actor::System, asa, 10)?.len(), 1);
            assert_eq!(kinds(s, id).iter().filter(|kind| *kind == "contact_resident_set").count(), 1);
            assert!(matches!(set_resident(s, &ctx, id, ctx.next_id()), Err(ContactsError::NotFound { .. })));
            assert!(matches!(
                attach_case(s, &ctx, contact_id(9), ctx.next_id()),
                Err(ContactsError::NotFound { .. })
            ));
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

#[derive(Clone, Copy, Debug)]
enum Told {
    Arrived,
    Queued,
    Answered(bool),
    Ended(CallEnding),
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        Just(Told::Arrived),
        Just(Told::Queued),
        any::<bool>().prop_map(Told::Answered),
        prop::sample::select(vec![
            CallEnding::Handled,
            CallEnding::AbandonedInPrompt,
            CallEnding::Abandoned,
            CallEnding::ToSwitchboard,
            CallEnding::Failed
        ])
        .prop_map(Told::Ended),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever comes late, doubled or never: a call ends at most once, nothing moves after that, the times are in
    /// order, and the timeline has one entry for each change.
    #[test]
    fn whatever_is_told_in_whatever_order_a_call_ends_once(story in prop::collection::vec(told(), 1..30)) {
        let db = sqlite();
        db.write_blocking(move |s| {
            let c = centre(s);
            let id = contact_id(1);
            let (mut changes, mut endings) = (0, 0);
            let mut frozen = None;
            for (step, told) in story.iter().enumerate() {
                let ctx = at(i64::try_from(step).unwrap(), Actor::System);
                let changed = match *told {
                    Told::Arrived => {
                        let cmd = Arrive { contact: id, resident: None, caller_number: None, group: Some(c.groups[0]) };
                        arrive(s, &ctx, &cmd)?
                    }
                    Told::Queued => mark_queued(s, &ctx, id)?,
                    Told::Answered(anna) => mark_answered(s, &ctx, id, if anna { c.anna } else { c.bo })?,
                    Told::Ended(ending) => mark_ended(s, &ctx, id, ending, None)?,
                };
                changes += usize::from(changed);
                endings += usize::from(changed && matches!(told, Told::Ended(_)));
                let now = queries::by_id(s, id)?;
                if let Some(frozen) = &frozen {
                    assert_eq!(now.as_ref(), Some(frozen));
                }
                if let Some(contact) = now {
                    assert_eq!(contact.ended_at.is_some(), contact.ending.is_some());
                    let end = contact.ended_at.unwrap_or(ctx.now);
                    let in_order = [contact.queued_at, contact.answered_at];
                    assert!(in_order.iter().flatten().all(|t| (contact.arrived_at..=end).contains(t)));
                    if contact.ending == Some(Ending::Handled) {
                        assert!(contact.answered_at.is_some());
                    }
                    frozen = contact.ended_at.is_some().then_some(contact);
                }
            }
            assert!(endings <= 1);
            assert_eq!(kinds(s, id).len(), changes);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}
