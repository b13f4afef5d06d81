//! Routing through years of days with late, doubled and lost messages. More: `cargo xtask simulate --seeds N`.

use simulation::storm::{Faults, Plan, run, run_many};

/// So many years are driven of a centre of Helsingborg's size.
const SEEDS: u64 = 200;

#[test]
fn two_hundred_years_break_no_invariant() {
    let report = run_many(&Plan::helsingborg(), 0, SEEDS).unwrap_or_else(|breach| panic!("{breach}"));
    assert_eq!(report.endings.sum(), report.calls, "every call ends once");
    // That the storm blew: every ending and every fault has come about, and most residents met somebody.
    assert!(report.calls > SEEDS * 50_000, "{report:?}");
    assert!(report.endings.handled * 10 > report.calls * 8, "{report:?}");
    for seldom in [
        report.endings.abandoned,
        report.endings.abandoned_in_prompt,
        report.endings.to_switchboard,
        report.endings.failed,
        report.returned,
    ] {
        assert!(seldom > SEEDS, "{report:?}");
    }
}

#[test]
fn long_queues_break_no_invariant() {
    let report = run_many(&Plan::lidingo(), 500, 8).unwrap_or_else(|breach| panic!("{breach}"));
    assert_eq!(report.endings.sum(), report.calls, "every call ends once");
    assert!(report.endings.abandoned * 20 > report.calls, "the queues were long: {report:?}");
}

#[test]
fn a_bad_month_breaks_no_invariant() {
    let faults = Faults { lost: 0.1, doubled: 0.2, late: 0.2 };
    let plan = Plan { days: 30, faults, ..Plan::helsingborg() };
    let report = run_many(&plan, 1_000, 4).unwrap_or_else(|breach| panic!("{breach}"));
    assert!(report.endings.handled * 2 > report.calls, "{report:?}");
}

#[test]
fn a_seed_repeats_itself() {
    let plan = Plan { days: 20, ..Plan::lidingo() };
    let twice = [7, 7].map(|seed| run(&plan, seed).unwrap_or_else(|breach| panic!("{breach}")));
    assert_eq!(twice[0].steps, twice[1].steps);
    assert_eq!(twice[0].endings, twice[1].endings);
}
