//! Has this been reported already? Asked while a case is being typed in: the same place and type lately, the same
//! resident and type. A hint, never a hindrance.

use crate::limits::{DUPLICATE_DAYS, DUPLICATE_HINTS_MAX, DUPLICATE_METRES, DUPLICATE_ROWS_MAX};
use crate::queries::filtered::{Lately, lately_of_resident, lately_of_type};
use crate::viewer::Viewer;
use storage::{Session, StorageError};
use vocabulary::{CaseId, CaseTypeId, ResidentId, SignedDuration, Timestamp};

/// What has been typed so far.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// What it is about; without one there is nothing to compare with.
    pub case_type: Option<CaseTypeId>,
    /// Whose it is.
    pub resident: Option<ResidentId>,
    /// Where it is: an address, or whatever text may name one.
    pub place: String,
    /// Degrees north and east, if known.
    pub position: Option<(f64, f64)>,
    /// The title.
    pub title: String,
}

/// Why a case looks like the one being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The same resident and type.
    Resident,
    /// The same place and type.
    Place,
}

/// A case that may be the same matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The case.
    pub line: crate::queries::CaseLine,
    /// Where it lies.
    pub place: Option<String>,
    /// Why it is shown.
    pub alike: Alike,
}

/// The latest cases that may be the same matter, those of the same resident first, at most [`DUPLICATE_HINTS_MAX`].
///
/// # Errors
/// The database.
pub fn hints(
    s: &mut Session<'_>,
    viewer: Viewer,
    typed: &Typed,
    now: Timestamp,
) -> Result<Vec<Hint>, StorageError> {
    let Some(case_type) = typed.case_type else { return Ok(Vec::new()) };
    let since = now - SignedDuration::from_hours(24 * DUPLICATE_DAYS);
    let mut found: Vec<Hint> = Vec::new();
    let mut add = |lately: Lately, alike: Alike| {
        let new = |known: &Hint| known.line.id != lately.line.id;
        if found.len() < DUPLICATE_HINTS_MAX && found.iter().all(new) {
            found.push(Hint { line: lately.line, place: lately.place, alike });
        }
    };
    if let Some(resident) = typed.resident {
        for lately in lately_of_resident(s, viewer, resident, case_type, since, DUPLICATE_HINTS_MAX)? {
            add(lately, Alike::Resident);
        }
    }
    let wanted = [&typed.place, &typed.title].into_iter().filter_map(|text| street(text)).next();
    if wanted.is_some() || typed.position.is_some() {
        for lately in lately_of_type(s, viewer, case_type, since, DUPLICATE_ROWS_MAX)? {
            let written = lately.place.as_deref().and_then(street).or_else(|| street(&lately.line.title));
            let same_street = matches!((&wanted, &written), (Some(a), Some(b)) if a.is_same_as(b));
            let near = matches!((typed.position, lately.position), (Some(a), Some(b)) if metres(a, b) <= DUPLICATE_METRES);
            if same_street || near {
                add(lately, Alike::Place);
            }
        }
    }
    Ok(found)
}

/// Whether any of `hints` is `case`.
#[must_use]
pub fn holds(hints: &[Hint], case: CaseId) -> bool {
    hints.iter().any(|hint| hint.line.id == case)
}

/// A street, and perhaps a number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    name: String,
    number: Option<String>,
}

impl Street {
    /// Whether both are the same place as far as they tell: without a number, the street decides.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.name == other.name
            && match (&self.number, &other.number) {
                (Some(a), Some(b)) => a == b,
                _ => true,
            }
    }
}

/// How Swedish streets and places end; what ends so in a text is taken for one.
const ENDINGS: &[&str] = &[
    "gatan",
    "gata",
    "vägen",
    "väg",
    "gränden",
    "gränd",
    "torget",
    "torg",
    "stigen",
    "stig",
    "allén",
    "allé",
    "backen",
    "backe",
    "plan",
    "platsen",
    "plats",
    "kajen",
    "kaj",
    "leden",
    "led",
    "parken",
    "park",
    "esplanaden",
    "hamnen",
    "bron",
    "skolan",
    "rondellen",
    "slingan",
    "svängen",
    "promenaden",
    "brinken",
    "liden",
    "ringen",
];

/// The first street or place named in a text: "Stor grop vid Ångbåtsgatan 7 b" gives Ångbåtsgatan, 7b. Abbreviations
/// ("Ångbåtsg. 7") are written out.
#[must_use]
pub fn street(text: &str) -> Option<Street> {
    let folded = text.to_lowercase();
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | ':'))
        .map(|word| word.trim_end_matches(['-', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let full = written_out(word);
        let ending = ENDINGS.iter().find(|ending| full.ends_with(**ending))?;
        // "Stora vägen" has its name in the word before; "en väg" has none.
        let name = if full.len() > ending.len() {
            full.clone()
        } else {
            let before = at.checked_sub(1).and_then(|before| words.get(before))?;
            if before.chars().count() < 3 || NO_NAMES.contains(before) {
                return None;
            }
            format!("{before} {full}")
        };
        let mut number = words
            .get(at + 1)
            .filter(|next| next.starts_with(|c: char| c.is_ascii_digit()))
            .map(|next| next.trim_end_matches('.').to_owned());
        // "7 b" is "7b".
        if let Some(number) = number.as_mut().filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
            && let Some(letter) = words.get(at + 2).filter(|letter| letter.chars().count() == 1)
            && letter.chars().all(|c| ('a'..='h').contains(&c))
        {
            number.push_str(letter);
        }
        Some(Street { name, number })
    })
}

/// What stands before "vägen" without naming it.
const NO_NAMES: &[&str] = &[
    "vid", "hela", "över", "längs", "nära", "hos", "utanför", "från", "till", "denna", "samma", "mitt",
    "under",
];

/// "storg." is "storgatan", "strandv." is "strandvägen".
fn written_out(word: &str) -> String {
    let Some(short) = word.strip_suffix('.') else { return word.to_owned() };
    for (abbreviation, ending) in [("g", "gatan"), ("v", "vägen")] {
        if let Some(stem) = short.strip_suffix(abbreviation).filter(|stem| stem.chars().count() >= 3) {
            return format!("{stem}{ending}");
        }
    }
    short.to_owned()
}

/// How far apart two positions are, in metres, on a ball of the Earth's mean radius (haversine formula).
#[must_use]
pub fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH_RADIUS_METRES: f64 = 6_371_008.8;
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (across, along) = (((lat_b - lat_a) / 2.0).sin(), ((b.1 - a.1).to_radians() / 2.0).sin());
    let h = across * across + lat_a.cos() * lat_b.cos() * along * along;
    2.0 * EARTH_RADIUS_METRES * h.sqrt().clamp(0.0, 1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        matches!((street(a), street(b)), (Some(a), Some(b)) if a.is_same_as(&b))
    }

    #[test]
    fn a_place_is_known_again_however_it_is_written() {
        assert!(same("Stor grop på Ångbåtsgatan 7", "ÅNGBÅTSGATAN 7, Vikhamn"));
        assert!(same("Ångbåtsg. 7", "grop utanför ångbåtsgatan 7"));
        assert!(same("Strandv. 12 B", "Strandvägen 12b"));
        assert!(same("Strandvägen", "lampan vid Strandvägen 40"), "without a number the street decides");
        assert!(same("Stora torget 1", "stora Torget"));
        assert!(same("Släckt vid S:t Eriks torg", "Eriks torg"));
    }

    #[test]
    fn other_places_and_no_places_are_not_the_same() {
        assert!(!same("Ångbåtsgatan 7", "Ångbåtsgatan 9"));
        assert!(!same("Ångbåtsgatan 7", "Ångbåtsvägen 7"));
        assert!(!same("Strandvägen 7", "Norra strandgatan 7"));
        for nothing in ["", "Det är halt", "vid vägen", "en väg", "på väg", "...", "7", "gatan", "å. 7"]
        {
            assert_eq!(street(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        assert!((metres((59.0, 18.0), (60.0, 18.0)) - 111_195.0).abs() < 5.0);
        assert!((metres((60.0, 18.0), (60.0, 19.0)) - 55_597.0).abs() < 5.0);
        assert_eq!(metres((59.5, 18.5), (59.5, 18.5)), 0.0);
        assert!(metres((90.0, 0.0), (-90.0, 0.0)).is_finite());
    }
}
