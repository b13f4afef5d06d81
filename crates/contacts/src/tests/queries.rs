use proptest::prelude::*;
use storage::testing::{both, sqlite};
use storage::{Session, params, sql};
use vocabulary::{
    Actor, Channel, ContactId, GenericUuid as _, NewId as _, SeededChance, SignedDuration, Timestamp,
};

use super::{at, call, centre, monday};
use crate::model::{Contact, Cursor, Ending};
use crate::{ContactsError, figures, queries};

#[test]
fn pages_follow_each_other_without_gap_or_double() {
    for db in both() {
        db.write_blocking(|s| {
            centre(s);
            // Some arrive in the same microsecond: then the id decides.
            let mut all: Vec<(Timestamp, ContactId)> = (0..23_u64)
                .map(|n| {
                    let seconds = i64::try_from(n / 4).unwrap();
                    (at(seconds, Actor::System).now, call(s, n, seconds, None))
                })
                .collect();
            all.sort();
            all.reverse();
            for limit in [1, 4, 7, 23, 100] {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let page = queries::list(s, Actor::System, after, limit)?;
                    assert!(page.items.len() <= usize::try_from(limit).unwrap());
                    seen.extend(page.items.iter().map(|l| (l.contact.arrived_at, l.contact.id)));
                    // As the API hands it out and takes it back.
                    after = page.next.map(|next| next.to_string().parse().unwrap());
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, all, "limit {limit}");
            }
            assert_eq!(queries::list(s, Actor::System, None, 0)?.items.len(), 1);
            Ok::<_, ContactsError>(())
        })
        .unwrap();
    }
}

proptest! {
    #[test]
    fn a_cursor_reads_back(micros in -2_000_000_000_000_000_i64..4_000_000_000_000_000, id in any::<u128>()) {
        let cursor = Cursor {
            arrived_at: Timestamp::from_microsecond(micros).unwrap(),
            id: ContactId::from_untyped_uuid(uuid::Uuid::from_u128(id)),
        };
        prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn rubbish_is_no_cursor(text in "\\PC{0,60}") {
        prop_assume!(!text.contains('_'));
        prop_assert!(text.parse::<Cursor>().is_err());
    }
}

fn many(s: &mut Session<'_>, c: super::Centre, n: u64) -> Result<(), ContactsError> {
    let chance = SeededChance::new(5);
    for i in 0..n {
        // 1 000 a day, the last today.
        let arrived_at = monday() - SignedDuration::from_secs(i64::try_from((n - i) * 86).unwrap());
        let contact = Contact {
            id: ContactId::next(arrived_at, &chance),
            channel: Channel::Call,
            resident: None,
            caller_number: None,
            group: Some(c.groups[usize::from(i % 2 == 0)]),
            arrived_at,
            queued_at: Some(arrived_at),
            answered_at: Some(arrived_at + SignedDuration::from_secs(20)),
            ended_at: Some(arrived_at + SignedDuration::from_secs(200)),
            ending: Some(Ending::Handled),
            guide: Some(if i % 3 == 0 { c.anna } else { c.bo }),
            logged_at: (i % 10_000 != 0).then_some(arrived_at + SignedDuration::from_secs(210)),
            case_type: Some(c.case_type),
            outcome: None,
            note: None,
            case: None,
        };
        queries::insert(s, &contact)?;
    }
    s.execute(sql!("ANALYZE"), params![])?;
    Ok(())
}

/// `cargo test -p contacts -- --ignored --nocapture million`: every list within 20 ms with a million contacts.
#[test]
#[ignore = "fills a database with a million contacts: half a minute"]
fn lists_stay_quick_with_a_million_contacts() {
    let db = sqlite();
    let c = db.write_blocking(|s| Ok::<_, ContactsError>(centre(s))).unwrap();
    db.write_blocking(move |s| many(s, c, 1_000_000)).unwrap();
    db.read_blocking(move |s| {
        let today = vocabulary::local_day(monday());
        let middle =
            Cursor { arrived_at: monday() - SignedDuration::from_hours(24 * 400), id: ContactId::nil() };
        let mut timed = |name: &str, run: &mut dyn FnMut(&mut Session<'_>)| {
            let began = std::time::Instant::now();
            run(s);
            let took = began.elapsed();
            println!("{name}: {took:?}");
            assert!(took.as_millis() < 20, "{name} took {took:?}");
        };
        timed("unlogged", &mut |s| assert_eq!(queries::unlogged_of(s, c.anna, 20).unwrap().len(), 20));
        timed("first page", &mut |s| {
            assert_eq!(queries::list(s, Actor::System, None, 50).unwrap().items.len(), 50)
        });
        timed("page in the middle", &mut |s| {
            assert_eq!(queries::list(s, Actor::System, Some(middle), 50).unwrap().items.len(), 50)
        });
        timed("calls under way", &mut |s| assert_eq!(queries::calls_under_way(s).unwrap(), []));
        timed("figures of the day", &mut |s| assert_eq!(figures::day_figures(s, today).unwrap().len(), 2));
        Ok::<_, ContactsError>(())
    })
    .unwrap();
}
