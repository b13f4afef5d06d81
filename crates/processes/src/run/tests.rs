use super::*;
use crate::definition::tests::{shipped, vikhamn};
use crate::walk::{acts, values_asked_for};
use proptest::prelude::*;
use vocabulary::SignedDuration;

fn at(minutes: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-02T09:00:00Z".parse().unwrap();
    begin + SignedDuration::from_mins(minutes)
}

fn definitions() -> &'static [Definition] {
    static READ: std::sync::OnceLock<Vec<Definition>> = std::sync::OnceLock::new();
    READ.get_or_init(|| {
        let known = vikhamn();
        shipped().iter().map(|(_, text)| crate::definition::read(text, Some(&known)).unwrap()).collect()
    })
}

/// Something that can be done: chosen by numbers, so that a failure shrinks.
#[derive(Clone, Copy, Debug)]
enum Move {
    Do { step: usize, how: usize },
    Undo,
    Cancel { which: usize },
    Rebook { which: usize },
    Nonsense { step: usize },
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        6 => (0_usize..8, 0_usize..64).prop_map(|(step, how)| Move::Do { step, how }),
        2 => Just(Move::Undo),
        1 => (0_usize..3).prop_map(|which| Move::Cancel { which }),
        1 => (0_usize..3).prop_map(|which| Move::Rebook { which }),
        1 => (0_usize..60).prop_map(|step| Move::Nonsense { step }),
    ]
}

fn act_of(
    definition: &Definition,
    state: &State,
    asked: &crate::walk::Asked,
    chosen: Move,
    now: Timestamp,
) -> Option<Act> {
    let booked = |which: usize| state.bookings.iter().nth(which).map(|(place, booked)| (*place, *booked));
    Some(match chosen {
        Move::Do { step, how } => {
            let open: Vec<usize> = state.open().collect();
            let place = *open.get(step % open.len().max(1))?;
            let mut all = acts(definition, place, asked, now);
            if all.is_empty() {
                return None;
            }
            let mut act = all.swap_remove(how % all.len());
            if let Act::Booked { booking, .. } = &mut act {
                booking.booking = BookingId::from_u128(u128::try_from(now.as_microsecond()).unwrap());
            }
            act
        }
        Move::Undo => Act::Undone,
        Move::Cancel { which } => {
            let (place, booked) = booked(which)?;
            Act::Cancelled { step: definition.steps[place].key.clone(), booking: booked.booking }
        }
        Move::Rebook { which } => {
            let (place, booked) = booked(which)?;
            let moved = Booked { starts_at: booked.starts_at + SignedDuration::from_hours(1), ..booked };
            Act::Moved { step: definition.steps[place].key.clone(), booking: moved }
        }
        Move::Nonsense { step } => {
            let step = definition.steps.get(step % definition.steps.len())?;
            Act::Completed {
                step: step.key.clone(),
                answers: Answers::from([("x".to_owned(), crate::form::Answer::YesNo(true))]),
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(250) })]

    /// Whatever is done in whatever order: nothing is stuck, undoing gives back what was, and what is kept comes to the
    /// same again.
    #[test]
    fn nothing_sticks_and_undo_is_the_inverse(which in 0_usize..8, moves in proptest::collection::vec(any_move(), 1..40)) {
        let definition = &definitions()[which];
        let asked = values_asked_for(definition);
        let mut run = Run::new(at(0));
        for (step, chosen) in moves.into_iter().enumerate() {
            let now = at(1 + i64::try_from(step).unwrap());
            let before = run.state(definition);
            let Some(act) = act_of(definition, &before, &asked, chosen, now) else { continue };
            let taken = run.take(definition, act.clone(), now);
            if matches!(chosen, Move::Nonsense { .. }) {
                prop_assert!(taken.is_err());
            }
            let Ok((next, state)) = taken else { continue };
            prop_assert_eq!(&next.state(definition), &state, "what is kept comes to the same");
            prop_assert!(state.end.is_some() || state.open().next().is_some(), "stuck after {:?}", act);
            if act != Act::Undone && act.undoable() {
                let (undone, back) = next.take(definition, Act::Undone, now).unwrap();
                prop_assert_eq!(&back, &before);
                prop_assert_eq!(undone.standing(), run.standing());
            }
            if state.end.is_some() {
                prop_assert!(state.open().next().is_none());
            }
            run = next;
        }
        // Kept as JSON and read again, it is the same.
        for done in &run.log {
            let text = serde_json::to_string(&done.act).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Act>(&text).unwrap(), &done.act);
        }
    }
}

fn by_code(code: &str) -> Definition {
    definitions().iter().find(|definition| definition.code == code).unwrap().clone()
}

fn answers(given: &[(&str, crate::form::Answer)]) -> Answers {
    given.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect()
}

#[test]
fn side_by_side_steps_are_gathered_and_a_cancelled_time_takes_back_what_followed() {
    use crate::form::Answer::{Choice, Text, YesNo};
    let definition = by_code("vigsel");
    let text = |t: &str| Text(t.to_owned());
    let choice = |c: &str| Choice(c.to_owned());
    let place = |key: &str| definition.step(key).unwrap();
    let mut run = Run::new(at(0));
    let mut state = run.state(&definition);
    let mut take = |act: Act, minute: i64| {
        let (next, after) = run.take(&definition, act, at(minute)).unwrap();
        run = next;
        after
    };
    let first = answers(&[
        ("namn_1", text("A")),
        ("namn_2", text("B")),
        ("adress", text("C")),
        ("postort", text("D")),
        ("ceremoni", choice("kort")),
        ("sprak", YesNo(false)),
        ("plats", choice("stadshuset")),
    ]);
    assert_eq!(state.open().collect::<Vec<_>>(), [place("anmalan")]);
    state = take(Act::Completed { step: "anmalan".to_owned(), answers: first }, 1);
    assert_eq!(state.standing(&definition), Some(Standing::Resident));
    take(
        Act::Completed {
            step: "hinder".to_owned(),
            answers: answers(&[("hindersprovning", choice("inget_hinder"))]),
        },
        2,
    );
    let booking = Booked { booking: BookingId::from_u128(1), starts_at: at(9_000), ends_at: at(9_030) };
    state = take(Act::Booked { step: "boka_tid".to_owned(), booking, answers: Answers::new() }, 3);
    assert_eq!(state.open().collect::<Vec<_>>(), [place("bekrafta"), place("vittnen")]);
    state = take(Act::Sent { step: "bekrafta".to_owned(), answers: Answers::new() }, 4);
    assert!(
        matches!(state.marks[place("forbered")], Mark::Waiting { .. }),
        "the witnesses are not arranged yet"
    );
    let cancelled = take(Act::Cancelled { step: "boka_tid".to_owned(), booking: booking.booking }, 5);
    assert_eq!(cancelled.open().collect::<Vec<_>>(), [place("boka_tid")]);
    assert!(cancelled.bookings.is_empty());
    let again = Booked { booking: BookingId::from_u128(2), ..booking };
    state = take(Act::Booked { step: "boka_tid".to_owned(), booking: again, answers: Answers::new() }, 6);
    assert_eq!(state.open().collect::<Vec<_>>(), [place("bekrafta"), place("vittnen")]);
    take(Act::Sent { step: "bekrafta".to_owned(), answers: Answers::new() }, 7);
    let witnesses = answers(&[("vittne_kommer_fran", choice("egna")), ("vittnen_klara", YesNo(true))]);
    state = take(Act::Completed { step: "vittnen".to_owned(), answers: witnesses }, 8);
    assert_eq!(state.open().collect::<Vec<_>>(), [place("forbered")]);
    state = take(Act::Completed { step: "forbered".to_owned(), answers: Answers::new() }, 9);
    assert_eq!(state.open().collect::<Vec<_>>(), [place("vigsel")]);
    let due = state.due_at(&definition, place("vigsel")).unwrap();
    assert!(due > again.ends_at, "counted from the booked time");
    let moved = Booked { starts_at: at(20_000), ends_at: at(20_030), ..again };
    state = take(Act::Moved { step: "boka_tid".to_owned(), booking: moved }, 10);
    assert!(state.due_at(&definition, place("vigsel")).unwrap() > moved.ends_at, "and moves with it");
}

#[test]
fn what_cannot_be_done_is_refused() {
    let definition = by_code("utryckning");
    let run = Run::new(at(0));
    let refused = |act: Act| run.take(&definition, act, at(1)).unwrap_err();
    let completed = |step: &str| Act::Completed { step: step.to_owned(), answers: Answers::new() };
    assert_eq!(refused(completed("finns_inte")), Refusal::NoSuchStep);
    assert_eq!(refused(completed("utfort")), Refusal::NotOpen);
    assert!(matches!(refused(completed("larm")), Refusal::Answers(missing) if missing.len() == 3));
    assert_eq!(refused(Act::Sent { step: "larm".to_owned(), answers: Answers::new() }), Refusal::WrongKind);
    assert_eq!(
        refused(Act::Skipped { step: "larm".to_owned(), reason: "x".to_owned() }),
        Refusal::NotSkippable
    );
    assert_eq!(refused(Act::Undone), Refusal::NothingToUndo);
    let held = BookingId::from_u128(1);
    assert_eq!(refused(Act::Cancelled { step: "larm".to_owned(), booking: held }), Refusal::NotBooked);
}

#[test]
fn undoing_what_a_person_did_takes_the_houses_calls_with_it() {
    use crate::form::Answer::{Choice, Text, YesNo};
    let definition = by_code("utryckning");
    let run = Run::new(at(0));
    let given = answers(&[
        ("akut_vad", Choice("oplogad".to_owned())),
        ("akut_plats", Text("Vändplanen".to_owned())),
        ("akut", YesNo(true)),
    ]);
    let (run, _) =
        run.take(&definition, Act::Completed { step: "larm".to_owned(), answers: given }, at(1)).unwrap();
    let called = Act::Called { step: "larma".to_owned(), contractor: "snojour_norr".to_owned() };
    let (run, state) = run.take(&definition, called, at(1)).unwrap();
    assert_eq!(state.calls[&definition.step("larma").unwrap()].len(), 1);
    let (run, state) = run.take(&definition, Act::Undone, at(2)).unwrap();
    assert_eq!(state, Run::new(at(0)).state(&definition));
    assert_eq!(run.log.len(), 3, "what was done stays written down");
}
