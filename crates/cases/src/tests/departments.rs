//! The department view, counted by hand.

use super::{World, each};
use crate::CallOutcome;
use crate::commands::{Change, OfficerAnswer, change_status, log_officer_call, withdraw};
use crate::queries::departments::{DepartmentView, department_view};
use vocabulary::Clock as _;
use vocabulary::civil::date;

fn view(world: &World, days: u16) -> DepartmentView {
    let now = world.clock.now();
    world.read(move |s| Ok(department_view(s, now, days, None)?)).unwrap()
}

#[test]
fn what_is_open_how_old_and_whether_anybody_answers() {
    each(|world| {
        let done = || OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true };
        // Sent on Monday the 2nd, term the 9th. Three answered in time, one late, one not, one taken back.
        let asked: Vec<_> = (0..6).map(|_| world.forwarded()).collect();
        world.pass_to("2026-11-04T09:00:00Z");
        for (_, asked) in &asked[..3] {
            world.answer(&asked.token, done()).unwrap();
        }
        // More time promised and kept is late all the same: the term was the term.
        let later = OfficerAnswer::MoreTime { until: date(2026, 11, 13), reason: String::new() };
        world.answer(&asked[3].1.token, later).unwrap();
        let taken_back = asked[5].1.follow_up.id;
        world.by_guide(move |s, ctx, settings| withdraw(s, ctx, settings, taken_back)).unwrap();
        world.pass_to("2026-11-12T09:00:00Z");
        world.answer(&asked[3].1.token, done()).unwrap();
        let unanswered = asked[4].1.follow_up.id;
        for outcome in [CallOutcome::NoAnswer, CallOutcome::Busy, CallOutcome::Reached] {
            world.by_guide(move |s, ctx, _| log_officer_call(s, ctx, unanswered, outcome)).unwrap();
        }
        // A new one, and one that waits for its resident.
        world.forwarded();
        let (resting, _) = world.forwarded();
        let id = resting.id;
        world
            .by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, Change::WaitForResident))
            .unwrap();
        world.pass_to("2026-11-13T09:00:00Z");

        let view = view(world, 30);
        assert_eq!(view.departments.len(), 1);
        let roads = &view.departments[0];
        assert_eq!((roads.questions.answered, roads.questions.to), (3, 5));
        assert_eq!((roads.calls.answered, roads.calls.to), (1, 3));
        assert_eq!(roads.reachability.calls, None, "three calls say nothing");
        let index = roads.reachability.index.unwrap();
        assert_eq!((index.share, index.of), (0.5, 8));
        assert_eq!((roads.median_days, roads.answered), (Some(2.0), 4), "2, 2, 2 and 8 working days");
        assert_eq!((roads.open.waiting, roads.open.paused, roads.open.overdue), (3, 1, 1));
        assert_eq!(roads.open.bands, [1, 0, 1, 0], "one day old, and nine");
        assert_eq!(roads.open.median_age, Some(5.0));
        assert_eq!(view.all.questions, roads.questions);
        assert_eq!(view.trend.len(), 12);
        assert_eq!(view.trend[11].first_day, date(2026, 11, 1));
        assert_eq!(view.trend[11].reachability.index, roads.reachability.index);
        assert!(view.trend[10].reachability.index.is_none());
    });
}

#[test]
fn an_empty_house_has_no_figures() {
    each(|world| {
        let view = view(world, 90);
        assert_eq!(
            (view.all.open.waiting, view.all.median_days, view.all.reachability.index),
            (0, None, None)
        );
    });
}
