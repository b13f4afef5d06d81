//! The desk's queue.

use super::{World, each};
use crate::commands::{call_next, call_visit, come, end_visit, put_desk_queue};
use crate::queries;
use crate::{CorrespondenceError, DeskQueue, Visit, VisitState};
use vocabulary::{ContactOutcome, local_day};

fn queue(w: &World, letter: &str) {
    let cmd = DeskQueue {
        letter: letter.to_owned(),
        name: "Allmänt".to_owned(),
        answer_group_id: None,
        active: true,
    };
    w.by(w.anna, move |s, _, _| put_desk_queue(s, &cmd)).unwrap();
}

fn comes(w: &World, letter: &'static str) -> Visit {
    w.by(w.anna, move |s, ctx, _| Ok(come(s, ctx, letter, None)?.visit)).unwrap()
}

#[test]
fn numbers_have_no_gaps_and_begin_anew_each_day_and_letter() {
    each(|w| {
        queue(w, "a");
        queue(w, "B");
        let tickets: Vec<String> =
            ["A", "A", "B", "A"].into_iter().map(|letter| comes(w, letter).ticket()).collect();
        assert_eq!(tickets, ["A1", "A2", "B1", "A3"]);
        let lost = w.by(w.anna, |s, ctx, _| -> Result<(), CorrespondenceError> {
            come(s, ctx, "A", None)?;
            Err(CorrespondenceError::NobodyWaits)
        });
        assert!(lost.is_err());
        assert_eq!(comes(w, "A").ticket(), "A4", "what came to nothing takes no number");
        w.at("2026-11-03T09:00:00Z");
        assert_eq!(comes(w, "A").ticket(), "A1");
        assert!(w.by(w.anna, |s, ctx, _| come(s, ctx, "C", None)).is_err());
        for bad in ["", "AB", "Å", "1"] {
            let cmd = DeskQueue {
                letter: bad.to_owned(),
                name: "x".to_owned(),
                answer_group_id: None,
                active: true,
            };
            assert!(w.by(w.anna, move |s, _, _| put_desk_queue(s, &cmd)).is_err(), "{bad}");
        }
    });
}

#[test]
fn who_has_waited_longest_is_called_and_logged_like_a_call() {
    each(|w| {
        queue(w, "A");
        queue(w, "B");
        let (first, second) = (comes(w, "A"), comes(w, "B"));
        let (anna, pothole) = (w.anna, w.pothole);
        let called = w.by(anna, |s, ctx, _| call_next(s, ctx, None, "2")).unwrap();
        assert_eq!(
            (called.id, called.state, called.desk.as_deref()),
            (first.id, VisitState::Called, Some("2"))
        );
        let screen = w.read(|s| queries::on_screen(s, "2026-11-02".parse().unwrap()));
        assert_eq!(screen.iter().map(Visit::ticket).collect::<Vec<_>>(), ["A1"]);
        assert!(matches!(
            w.by(anna, |s, ctx, _| call_next(s, ctx, Some("A"), "2")),
            Err(CorrespondenceError::NobodyWaits)
        ));
        w.by(anna, move |s, ctx, _| end_visit(s, ctx, first.id, true)).unwrap();
        let contact = first.contact_id;
        w.by(anna, move |s, ctx, _| {
            let log = contacts::Log {
                contact,
                case_type: pothole,
                outcome: ContactOutcome::Solved,
                note: String::new(),
            };
            Ok(contacts::commands::log(s, ctx, &log)?)
        })
        .unwrap();
        let gone = w.by(w.bo, move |s, ctx, _| end_visit(s, ctx, second.id, false)).unwrap();
        assert_eq!(gone.state, VisitState::Gone);
        assert!(w.by(w.bo, move |s, ctx, _| call_visit(s, ctx, second.id, "1")).is_err(), "gone is gone");
        let again = w.by(w.bo, move |s, ctx, _| end_visit(s, ctx, second.id, true)).unwrap_err();
        assert!(matches!(again, CorrespondenceError::NotFound { .. }), "{again}");
        let day = local_day(w.ctx(vocabulary::Actor::System).now);
        let lines = w.read(move |s| queries::visits_of_day(s, day));
        assert_eq!(lines.iter().map(|line| line.logged).collect::<Vec<_>>(), [true, false]);
    });
}
