//! The town's residents: who has which number, and what they call about.

use crate::demo::dice::Dice;
use crate::town::{CaseType, NumberRange, Town};
use cases::{Place, Position};
use vocabulary::SignedDuration;

/// One in this many has a number the contact centre has not seen before.
const UNKNOWN_ONE_IN: usize = 3;
/// Of a hundred who call, so many do so to the town's main number whatever it is about.
const MAIN_NUMBER_PERCENT: u32 = 15;
/// Of a hundred who call, so many withhold their number.
const WITHHELD_PERCENT: u32 = 6;

/// A resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resident {
    /// E.164.
    pub number: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Whether the contact centre knows the name from the beginning.
    pub known: bool,
}

/// Everybody who may call, the same at each start.
pub(crate) fn residents(town: &Town) -> Vec<Resident> {
    // Steps that share no factor with the lists' lengths would repeat no pair early; these are primes.
    const GIVEN_STEP: usize = 31;
    const FAMILY_STEP: usize = 17;
    let r = &town.residents;
    let name_at =
        |names: &[String], index: usize| names.get(index % names.len().max(1)).cloned().unwrap_or_default();
    r.numbers
        .iter()
        .flat_map(NumberRange::each)
        .enumerate()
        .map(|(i, number)| {
            let (given, family) = (name_at(&r.given, i * GIVEN_STEP), name_at(&r.family, i * FAMILY_STEP));
            let address = format!("{}.{}{}", plain(&given), plain(&family), i % 100);
            Resident {
                number,
                name: format!("{given} {family}"),
                email: format!("{address}@post.example"),
                known: !(i + 1).is_multiple_of(UNKNOWN_ONE_IN),
            }
        })
        .collect()
}

/// A name as it stands in an e-mail address.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'å' | 'ä' => Some('a'),
            'ö' => Some('o'),
            'é' => Some('e'),
            'č' | 'ć' => Some('c'),
            c if c.is_ascii_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// What a resident calls about, and how it will go.
#[derive(Clone, Debug)]
pub(crate) struct Matter {
    /// The code of the case type it is.
    pub case_type: String,
    /// What the resident tells.
    pub story: String,
    /// Where it is, if it is out in the town.
    pub place: Option<Place>,
    /// Whether a guide can solve it directly.
    pub solved: bool,
    /// How long it is talked about.
    pub talk: SignedDuration,
    /// The number the resident dials.
    pub dialled: String,
    /// Whether the resident withholds the own number.
    pub withheld: bool,
}

/// Draws what somebody calls about.
pub(crate) fn matter(town: &Town, dice: &Dice) -> Option<Matter> {
    let index = dice.weighted(town.case_types.iter().map(|c| c.calls))?;
    town.case_types.get(index).map(|case_type| matter_of(town, case_type, dice))
}

/// What somebody calls about who calls about `case_type`.
pub(crate) fn matter_of(town: &Town, case_type: &CaseType, dice: &Dice) -> Matter {
    let solved = dice.percent(case_type.solved);
    // What is sent on is also written down in words.
    let median = SignedDuration::from_secs(if solved { 165 } else { 255 });
    let own_number = town.group_of(&case_type.department).and_then(|group| group.dialled.clone());
    let dialled = own_number.filter(|_| !dice.percent(MAIN_NUMBER_PERCENT));
    let story = story(town, case_type, dice);
    Matter {
        case_type: case_type.code.clone(),
        // What anybody may report is what anybody can see.
        place: case_type.open311.then(|| place(town, &story)).flatten(),
        story,
        solved,
        talk: dice.around(median, 0.55).clamp(SignedDuration::from_secs(25), SignedDuration::from_mins(20)),
        dialled: dialled.unwrap_or_else(|| town.main_number.clone()),
        withheld: dice.percent(WITHHELD_PERCENT),
    }
}

/// One of the case type's stories, with an address in it.
pub(crate) fn story(town: &Town, case_type: &CaseType, dice: &Dice) -> String {
    let street = dice.pick(&town.residents.streets).map_or("Storgatan", String::as_str);
    let number = dice.between(1, 48).to_string();
    let told = dice.pick(&case_type.stories).map_or("", String::as_str);
    told.replace("{street}", street).replace("{n}", &number)
}

/// The harbour of Vikhamn, which is on no map but this one's.
const HARBOUR: (f64, f64) = (58.75, 17.01);
/// How far the town reaches from there, in degrees north and east: some three kilometres.
const REACH: (f64, f64) = (0.026, 0.05);

/// The address a story tells, and where it lies: the streets run out from the harbour like spokes.
fn place(town: &Town, story: &str) -> Option<Place> {
    let streets = &town.residents.streets;
    let (spoke, street) = streets.iter().enumerate().find(|(_, street)| story.contains(street.as_str()))?;
    let after = story.split(street.as_str()).nth(1).unwrap_or_default().trim_start();
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().unwrap_or(1);
    let angle = spoke as f64 / streets.len() as f64 * std::f64::consts::TAU;
    let out = 0.15 + 0.85 * f64::from(number.min(60)) / 60.0;
    let position =
        Position::new(HARBOUR.0 + REACH.0 * out * angle.sin(), HARBOUR.1 + REACH.1 * out * angle.cos()).ok();
    Place::new(format!("{street} {digits}").trim(), position).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everybody_has_a_number_and_an_address_of_their_own() {
        let town = Town::vikhamn().unwrap();
        let all = residents(&town);
        let distinct = |of: fn(&Resident) -> &String| all.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!((all.len(), distinct(|r| &r.number), distinct(|r| &r.email)), (295, 295, 295));
        assert!(distinct(|r| &r.name) > 280);
        assert!(all.iter().all(|r| people::text::email("email", &r.email).is_ok()));
    }

    #[test]
    fn matters_are_told_in_full_and_dialled_to_numbers_there_are() {
        let town = Town::vikhamn().unwrap();
        let dice = Dice::new(1, 1);
        let matters: Vec<Matter> = (0..2_000).filter_map(|_| matter(&town, &dice)).collect();
        assert_eq!(matters.len(), 2_000);
        assert!(matters.iter().all(|m| !m.story.contains('{') && !m.story.is_empty()));
        let dialled: BTreeSet<&String> = matters.iter().map(|m| &m.dialled).collect();
        assert_eq!(dialled.len(), 3);
        assert!(matters.iter().any(|m| m.place.as_ref().is_some_and(|place| place.position().is_some())));
        let solved = matters.iter().filter(|m| m.solved).count();
        assert!((1_100..1_500).contains(&solved), "between a half and three of four: {solved}");
    }
}
