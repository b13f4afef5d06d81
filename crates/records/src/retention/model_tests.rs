use super::*;
use proptest::prelude::*;
use vocabulary::civil::date;

fn rule(keep_months: u32, counted_from: CountedFrom, action: RetentionAction) -> Rule {
    Rule {
        code: "2 år".to_owned(),
        keep_months,
        counted_from,
        action,
        basis: "KS 1".to_owned(),
        active: true,
    }
}

fn age(arrival: Date, closed: Option<Date>) -> Age {
    Age { arrival_day: arrival, closed_day: closed, held: false }
}

#[test]
fn a_case_is_kept_to_the_last_day_and_goes_the_day_after() {
    let two_years = rule(24, CountedFrom::Closed, RetentionAction::Delete);
    let closed = age(date(2024, 1, 2), Some(date(2024, 3, 10)));
    assert_eq!(verdict(Some(&two_years), closed, date(2026, 3, 10)), Err(WhyKept::NotDue));
    assert_eq!(verdict(Some(&two_years), closed, date(2026, 3, 11)), Ok(RetentionAction::Delete));
    let arrived = rule(24, CountedFrom::Arrived, RetentionAction::Anonymise);
    assert_eq!(verdict(Some(&arrived), closed, date(2026, 1, 3)), Ok(RetentionAction::Anonymise));
    let month = rule(1, CountedFrom::Closed, RetentionAction::Delete);
    let january = age(date(2024, 1, 31), Some(date(2024, 1, 31)));
    assert_eq!(month.last_day_kept(january), Some(date(2024, 2, 29)));
}

#[test]
fn nothing_goes_without_a_rule_under_a_hold_open_or_preserved() {
    let old = age(date(1999, 1, 1), Some(date(1999, 1, 2)));
    let today = date(2026, 11, 2);
    let delete = rule(0, CountedFrom::Closed, RetentionAction::Delete);
    assert_eq!(verdict(None, old, today), Err(WhyKept::NoRule));
    assert_eq!(verdict(Some(&Rule { active: false, ..delete.clone() }), old, today), Err(WhyKept::NoRule));
    assert_eq!(verdict(Some(&delete), Age { held: true, ..old }, today), Err(WhyKept::Held));
    assert_eq!(verdict(Some(&delete), Age { closed_day: None, ..old }, today), Err(WhyKept::Open));
    let preserve = rule(0, CountedFrom::Closed, RetentionAction::Preserve);
    assert_eq!(verdict(Some(&preserve), old, today), Err(WhyKept::Preserved));
}

proptest! {
    #[test]
    fn a_longer_time_never_lets_a_case_go_sooner(
        months in 0_u32..600, more in 0_u32..600, arrived in 0_i32..20_000, open_days in 0_i32..3_000, later in 0_i32..20_000
    ) {
        let day = |n: i32| date(1990, 1, 1).checked_add(Span::new().days(n)).unwrap();
        let closed = age(day(arrived), Some(day(arrived + open_days)));
        let today = day(arrived + later);
        for from in [CountedFrom::Closed, CountedFrom::Arrived] {
            let short = verdict(Some(&rule(months, from, RetentionAction::Delete)), closed, today).is_ok();
            let long = verdict(Some(&rule(months + more, from, RetentionAction::Delete)), closed, today).is_ok();
            prop_assert!(short || !long);
            prop_assert!(!short || later > open_days, "never on or before the day it is closed");
        }
    }
}
