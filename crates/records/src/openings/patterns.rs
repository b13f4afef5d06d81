//! What is worth asking about in who opened what. Pure: the same openings give the same counts.

use std::collections::BTreeMap;
use vocabulary::{AnyId, Timestamp, is_working_day, local_day, time_zone};

use super::Opening;

/// Openings without anything that bears them out are told of from this many on.
pub const WITHOUT_CONTACT_MIN: u32 = 10;
/// And only when they are this many times as many as is usual.
pub const TIMES_THE_USUAL: u32 = 3;
/// Outside these hours of the day, Swedish time, and on days that are no working days, an opening is out of hours.
pub const HOURS: std::ops::Range<i8> = 6..20;

/// Something to ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Many openings without a contact or anything else done, against what is usual.
    ManyWithoutContact {
        /// How many.
        openings: u32,
        /// The median of all who opened something.
        usual: u32,
    },
    /// Cards or cases of residents with the same family name, without a contact.
    SameFamilyName {
        /// How many.
        openings: u32,
    },
    /// Out of hours, without a contact.
    OutOfHours {
        /// How many.
        openings: u32,
    },
}

/// One person's openings, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSummary {
    /// Who.
    pub by: AnyId,
    /// Their name, if they are still there.
    pub name: Option<String>,
    /// All openings.
    pub openings: u32,
    /// Those that nothing bears out.
    pub without_contact: u32,
    /// Of cards with protected data.
    pub protected: u32,
    /// What is worth asking about.
    pub patterns: Vec<Pattern>,
}

/// Whether an instant is outside the hours people usually work.
#[must_use]
pub fn out_of_hours(at: Timestamp) -> bool {
    let local = at.to_zoned(time_zone());
    !is_working_day(local_day(at)) || !HOURS.contains(&local.hour())
}

#[derive(Default)]
struct Counted {
    name: Option<String>,
    openings: u32,
    without: u32,
    protected: u32,
    same_name: u32,
    out_of_hours: u32,
}

/// Everybody's openings, counted; those with something to ask about first, then by name.
#[must_use]
pub fn summaries(openings: &[Opening]) -> Vec<PersonSummary> {
    let mut people: BTreeMap<AnyId, Counted> = BTreeMap::new();
    for opening in openings {
        let Some(by) = opening.by else { continue };
        let person = people.entry(by).or_default();
        if person.name.is_none() {
            person.name.clone_from(&opening.by_name);
        }
        person.openings += 1;
        person.protected += u32::from(opening.protected);
        // A stub tells nothing that could be misused.
        if opening.related || opening.sealed {
            continue;
        }
        person.without += 1;
        person.same_name += u32::from(opening.same_family_name);
        person.out_of_hours += u32::from(out_of_hours(opening.at));
    }
    let usual = median(people.values().map(|person| person.without).collect());
    let mut summaries: Vec<PersonSummary> =
        people.into_iter().map(|(by, person)| summary(by, person, usual)).collect();
    summaries.sort_by(|a, b| {
        b.patterns.len().cmp(&a.patterns.len()).then_with(|| a.name.cmp(&b.name)).then(a.by.cmp(&b.by))
    });
    summaries
}

fn summary(by: AnyId, person: Counted, usual: u32) -> PersonSummary {
    let mut patterns = Vec::new();
    if person.without >= WITHOUT_CONTACT_MIN && person.without > usual.saturating_mul(TIMES_THE_USUAL) {
        patterns.push(Pattern::ManyWithoutContact { openings: person.without, usual });
    }
    if person.same_name > 0 {
        patterns.push(Pattern::SameFamilyName { openings: person.same_name });
    }
    if person.out_of_hours > 0 {
        patterns.push(Pattern::OutOfHours { openings: person.out_of_hours });
    }
    PersonSummary {
        by,
        name: person.name,
        openings: person.openings,
        without_contact: person.without,
        protected: person.protected,
        patterns,
    }
}

/// The lower median: with two people, what the quieter one does is usual.
fn median(mut counts: Vec<u32>) -> u32 {
    counts.sort_unstable();
    counts.get(counts.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::same_family_name;
    use super::*;

    fn opening(by: u128, at: &str, related: bool) -> Opening {
        Opening {
            at: at.parse().unwrap(),
            by_kind: "user".to_owned(),
            by: Some(AnyId::from_u128(by)),
            by_name: Some(format!("Guide {by}")),
            what: "case".to_owned(),
            subject: AnyId::from_u128(99),
            case_number: None,
            resident: None,
            sealed: false,
            protected: false,
            related,
            same_family_name: false,
        }
    }

    const TUESDAY: &str = "2026-11-03T09:00:00Z";

    #[test]
    fn many_is_told_against_what_is_usual() {
        let mut all = Vec::new();
        for (by, without) in [(1, 3), (2, 4), (3, 5), (4, 13)] {
            all.extend((0..without).map(|_| opening(by, TUESDAY, false)));
            all.extend((0..40).map(|_| opening(by, TUESDAY, true)));
        }
        let told = summaries(&all);
        assert_eq!(told[0].by, AnyId::from_u128(4));
        assert_eq!(told[0].patterns, [Pattern::ManyWithoutContact { openings: 13, usual: 4 }]);
        assert!(told[1..].iter().all(|person| person.patterns.is_empty()));
        assert_eq!(told[0].openings, 53);
        // Where everybody does much without a contact, nobody stands out.
        let busy: Vec<Opening> =
            (1..6).flat_map(|by| (0..30).map(move |_| opening(by, TUESDAY, false))).collect();
        assert!(summaries(&busy).iter().all(|person| person.patterns.is_empty()));
    }

    #[test]
    fn what_a_contact_bears_out_and_a_stub_is_no_pattern() {
        let night = "2026-11-03T22:00:00Z";
        let borne_out = Opening { same_family_name: true, ..opening(1, night, true) };
        let stub = Opening { sealed: true, same_family_name: true, ..opening(1, night, false) };
        assert!(summaries(&[borne_out, stub])[0].patterns.is_empty());
        let bare = Opening { same_family_name: true, ..opening(1, night, false) };
        assert_eq!(
            summaries(&[bare])[0].patterns,
            [Pattern::SameFamilyName { openings: 1 }, Pattern::OutOfHours { openings: 1 }]
        );
        assert!(summaries(&[]).is_empty());
    }

    #[test]
    fn hours_are_swedish_and_red_days_are_out() {
        for (at, out) in [
            ("2026-11-03T05:00:00Z", false), // six in winter
            ("2026-11-03T04:59:59Z", true),
            ("2026-07-07T04:00:00Z", false), // six in summer
            ("2026-11-03T18:59:59Z", false),
            ("2026-11-03T19:00:00Z", true),
            ("2026-11-01T10:00:00Z", true), // a Sunday
            ("2026-01-06T10:00:00Z", true), // Epiphany, a Tuesday
        ] {
            assert_eq!(out_of_hours(at.parse().unwrap()), out, "{at}");
        }
    }

    #[test]
    fn a_family_name_is_the_last_word_of_several() {
        assert!(same_family_name("Anna Lindqvist", "Bo LINDQVIST"));
        assert!(same_family_name("Åsa Öberg", "Ola ÖBERG"));
        for (one, other) in [("Anna", "Anna"), ("Anna Ek", "Bo Ek"), ("Anna Berg", "Bo Bergman"), ("", "")] {
            assert!(!same_family_name(one, other), "{one} {other}");
        }
    }
}
