//! Times: booked once, moved, cancelled, told and reminded of.

use super::{World, choice, each};
use crate::commands::{book, booking_by_link, cancel_booking, cancel_by_link, move_booking, undo};
use crate::form::Answers;
use crate::queries;
use crate::{ProcessesError, Running};
use std::thread;
use vocabulary::{Actor, CaseId, SignedDuration, Timestamp};

const FIRST: &str = "2026-11-06T12:00:00Z";

/// A wedding whose papers are in order.
fn ready(world: &World) -> CaseId {
    let case = world.case("vig").id;
    world.does(case, "anmalan", &[("plats", choice("stadshuset"))]).unwrap();
    world.does(case, "hinder", &[("hindersprovning", choice("inget_hinder"))]).unwrap();
    case
}

fn books(world: &World, case: CaseId, at: &str) -> Result<Running, ProcessesError> {
    let at: Timestamp = at.parse().unwrap();
    world.by_guide(move |s, ctx, settings| book(s, ctx, settings, case, "boka_tid", at, Answers::new()))
}

fn held(world: &World) -> usize {
    world
        .db
        .read_blocking(|s| {
            let resource = queries::resource_by_code(s, "vigselrum")?.unwrap();
            let end = "2027-12-31T00:00:00Z".parse().unwrap();
            Ok::<_, ProcessesError>(queries::taken(s, resource.id, Timestamp::UNIX_EPOCH, end)?.len())
        })
        .unwrap()
}

#[test]
fn a_time_is_had_by_one_and_told_to_them() {
    each(|world| {
        let (first, second) = (ready(world), ready(world));
        let before = world.letters();
        books(world, first, FIRST).unwrap();
        books(world, first, FIRST).unwrap();
        let new: Vec<_> = world.letters().into_iter().filter(|letter| !before.contains(letter)).collect();
        assert_eq!(new.len(), 1, "told once, however often the form is sent: {new:#?}");
        assert!(
            new[0].3.contains("fredag 6 november 2026 kl. 13:00") && new[0].3.contains("Platsen vigselrum"),
            "{new:#?}"
        );
        assert!(matches!(books(world, second, FIRST), Err(ProcessesError::TimeTaken)));
        assert!(matches!(books(world, second, "2026-11-06T12:05:00Z"), Err(ProcessesError::TimeNotOffered)));
        assert!(matches!(books(world, second, "2026-11-02T09:30:00Z"), Err(ProcessesError::TimeNotOffered)));
        assert_eq!(world.open(second), ["boka_tid"]);
        assert_eq!(held(world), 1);
    });
}

#[test]
fn a_time_is_moved_cancelled_and_undone() {
    each(|world| {
        let case = ready(world);
        books(world, case, FIRST).unwrap();
        let to: Timestamp = "2026-11-06T12:30:00Z".parse().unwrap();
        world.by_guide(move |s, ctx, st| move_booking(s, ctx, st, case, "boka_tid", to)).unwrap();
        assert_eq!(held(world), 1);
        let other = ready(world);
        books(world, other, FIRST).unwrap();
        assert!(world.letters().last().unwrap().2.starts_with("Bokad tid"));
        world.by_guide(move |s, ctx, st| cancel_booking(s, ctx, st, case, "boka_tid")).unwrap();
        assert_eq!((held(world), world.open(case)), (1, vec!["boka_tid".to_owned()]));
        let refused = world.by_guide(move |s, ctx, st| cancel_booking(s, ctx, st, case, "boka_tid"));
        assert!(refused.is_err());
        // What was booked last is undone with its seat.
        let seen = world.running(other).run.log.len();
        world.by_guide(move |s, ctx, st| undo(s, ctx, st, other, seen)).unwrap();
        assert_eq!((held(world), world.open(other)), (0, vec!["boka_tid".to_owned()]));
    });
}

#[test]
fn residents_are_reminded_and_cancel_by_their_link() {
    each(|world| {
        let case = ready(world);
        books(world, case, FIRST).unwrap();
        let before = world.letters().len();
        world.pass_to("2026-11-03T08:30:00Z");
        let reminders: Vec<_> =
            world.letters().split_off(before).into_iter().filter(|l| l.2.starts_with("Påminnelse")).collect();
        assert_eq!(reminders.len(), 1, "three days before");
        let body = &reminders[0].3;
        let token = body.split("/s/booking/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let (now, settings, asked) = (world.ctx(Actor::System), world.settings.clone(), token.clone());
        let seen = world.db.read_blocking(move |s| booking_by_link(s, &settings, &asked, now.now)).unwrap();
        assert!(seen.can_cancel);
        let (ctx, settings, asked) = (world.ctx(Actor::System), world.settings.clone(), token.clone());
        world.db.write_blocking(move |s| cancel_by_link(s, &ctx, &settings, &asked)).unwrap();
        assert_eq!((held(world), world.open(case)), (0, vec!["boka_tid".to_owned()]));
        let (ctx, settings) = (world.ctx(Actor::System), world.settings.clone());
        assert!(world.db.write_blocking(move |s| cancel_by_link(s, &ctx, &settings, &token)).is_err());
        // The officer's key does not open a resident's page, nor a made-up one.
        let settings = world.settings.clone();
        let now = world.ctx(Actor::System).now;
        assert!(
            world.db.read_blocking(move |s| booking_by_link(s, &settings, &"A".repeat(43), now)).is_err()
        );
    });
}

#[test]
fn many_who_want_the_same_times_at_once_get_one_each() {
    each(|world| {
        const COUPLES: usize = 12;
        const TIMES: usize = 4;
        let cases: Vec<CaseId> = (0..COUPLES).map(|_| ready(world)).collect();
        let outcomes: Vec<bool> = thread::scope(|scope| {
            let each = cases.iter().enumerate().map(|(n, case)| {
                let case = *case;
                scope.spawn(move || {
                    let first: Timestamp = FIRST.parse().unwrap();
                    let at = first + SignedDuration::from_mins(30 * i64::try_from(n % TIMES).unwrap());
                    let (ctx, settings) = (world.ctx(Actor::User(world.guide)), world.settings.clone());
                    let booked = world.db.write_blocking(move |s| {
                        book(s, &ctx, &settings, case, "boka_tid", at, Answers::new())
                    });
                    match booked {
                        Ok(_) => true,
                        Err(ProcessesError::TimeTaken) => false,
                        Err(other) => panic!("{other}"),
                    }
                })
            });
            each.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|booked| **booked).count(), TIMES);
        assert_eq!(held(world), TIMES);
        let waiting = cases.iter().filter(|case| world.open(**case) == ["boka_tid"]).count();
        assert_eq!(waiting, COUPLES - TIMES, "who got none is asked again");
    });
}
