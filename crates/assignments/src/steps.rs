//! A process map as people write it: a step a line, who does it before the colon, and under a step the ways on from it.
//!
//! ```text
//! invånare: Ringer om en oplogad gata
//! kontaktcenter: Tar reda på plats och om någon är i fara
//! - någon är i fara: 4
//! - annars: 3
//! kontaktcenter: Registrerar ärendet
//! handläggare: Skickar ut en plogbil
//! - slut
//! ```
//!
//! A step without ways leads to the next; the last one to the end. Who does a step may be written in either language, in
//! any inflection that begins so.

use crate::limits::{FAULTS_MAX, LINE_CHARS_MAX, STEPS_MAX, WAYS_MAX};
use crate::model::Doer;
use people::text;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use vocabulary::Language;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who does it.
    pub who: Doer,
    /// What is done.
    pub text: String,
    /// The ways on. None leads to the next step, or from the last to the end.
    #[serde(default)]
    pub ways: Vec<Way>,
}

/// A way on from a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// When it is taken; empty if always.
    pub when: String,
    /// To which step, counted from 0; none is the end.
    pub to: Option<usize>,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFault {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: StepFaultKind,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepFaultKind {
    /// Nobody is named before a colon.
    NoDoer,
    /// Somebody is named who is none of those that do steps.
    UnknownDoer(String),
    /// Nothing is said to be done.
    NoText,
    /// A way on stands before the first step.
    WayFirst,
    /// A way on does not say where it leads.
    NoTarget,
    /// A way on leads to a step that is not there.
    UnknownStep(usize),
    /// No way leads to the step.
    Unreachable,
    /// No way leads from the step to the end.
    Endless,
    /// Too long, or not to be shown.
    Text(text::TextFault),
    /// More than there is room for.
    TooMany(usize),
}

/// The ways on from a step, with the one that is not written out.
#[must_use]
pub fn ways(steps: &[Step], place: usize) -> Vec<Way> {
    let next = Some(place + 1).filter(|next| *next < steps.len());
    match steps.get(place) {
        Some(step) if !step.ways.is_empty() => step.ways.clone(),
        _ => vec![Way { when: String::new(), to: next }],
    }
}

/// Reads a process map.
///
/// # Errors
/// What is wrong with it, line by line; [`FAULTS_MAX`] at most.
pub fn read(source: &str) -> Result<Vec<Step>, Vec<StepFault>> {
    let mut steps: Vec<Step> = Vec::new();
    // The lines the steps and their ways stand on, to tell of what only shows in the whole.
    let mut lines: Vec<usize> = Vec::new();
    let mut targets: Vec<(usize, usize)> = Vec::new();
    let mut faults = Vec::new();
    for (line, written) in (1..).zip(source.lines()) {
        let written = written.trim();
        let read = match written.strip_prefix(['-', '*', '–', '→']) {
            _ if written.is_empty() => continue,
            Some(way) => read_way(way.trim(), &mut steps, |to| targets.push((line, to))),
            None => read_step(written).map(|step| {
                steps.push(step);
                lines.push(line);
            }),
        };
        faults.extend(read.err().map(|kind| StepFault { line, kind }));
    }
    if steps.len() > STEPS_MAX {
        faults.push(StepFault { line: lines[STEPS_MAX], kind: StepFaultKind::TooMany(STEPS_MAX) });
    }
    let unknown = targets.iter().filter(|(_, to)| *to >= steps.len());
    faults.extend(
        unknown.map(|(line, to)| StepFault { line: *line, kind: StepFaultKind::UnknownStep(to + 1) }),
    );
    if faults.is_empty() {
        faults.extend(lost(&steps).into_iter().map(|(step, kind)| StepFault { line: lines[step], kind }));
    }
    faults.truncate(FAULTS_MAX);
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

fn read_step(written: &str) -> Result<Step, StepFaultKind> {
    // "3. " and "3) " are how people number; the order numbers already.
    let numbered = written.trim_start_matches(|c: char| c.is_ascii_digit());
    let written = match numbered.strip_prefix(['.', ')']) {
        Some(rest) if numbered.len() < written.len() => rest.trim_start(),
        _ => written,
    };
    let (who, text) = written.split_once(':').ok_or(StepFaultKind::NoDoer)?;
    let who = who.trim();
    if who.is_empty() {
        return Err(StepFaultKind::NoDoer);
    }
    let who = doer(who).ok_or_else(|| StepFaultKind::UnknownDoer(who.to_owned()))?;
    let text = line(text)?;
    if text.is_empty() { Err(StepFaultKind::NoText) } else { Ok(Step { who, text, ways: Vec::new() }) }
}

fn read_way(written: &str, steps: &mut [Step], mut target: impl FnMut(usize)) -> Result<(), StepFaultKind> {
    let step = steps.last_mut().ok_or(StepFaultKind::WayFirst)?;
    let cut = written.rfind([':', '→']).map(|at| {
        let width = written[at..].chars().next().map_or(1, char::len_utf8);
        (&written[..at], written[at + width..].trim())
    });
    let (when, to) = cut.unwrap_or(("", written));
    let to = to.trim_end_matches('.');
    let to = match to.parse::<usize>() {
        Ok(number) => {
            let place = number.checked_sub(1).ok_or(StepFaultKind::UnknownStep(number))?;
            target(place);
            Some(place)
        }
        Err(_) if is_end(to) => None,
        Err(_) => return Err(StepFaultKind::NoTarget),
    };
    if step.ways.len() == WAYS_MAX {
        return Err(StepFaultKind::TooMany(WAYS_MAX));
    }
    step.ways.push(Way { when: line(when)?, to });
    Ok(())
}

fn line(written: &str) -> Result<String, StepFaultKind> {
    let read = text::optional_line("steps", written, LINE_CHARS_MAX);
    read.map(Option::unwrap_or_default).map_err(|error| StepFaultKind::Text(error.fault))
}

/// Whether a word means the end, in either language.
fn is_end(word: &str) -> bool {
    let word = word.to_lowercase();
    [Language::Swedish, Language::English]
        .into_iter()
        .any(|language| crate::words::end(language).to_lowercase() == word)
}

/// Letters that must be alike before a word is taken for another form of a name.
const ALIKE_CHARS_MIN: usize = 4;
/// Letters at a name's end that its other forms may have otherwise: "kontaktcentret" is "kontaktcenter".
const ENDING_CHARS_MAX: usize = 2;

/// Who is meant: a name in either language, in any form of it, or broken off ("handl").
fn doer(typed: &str) -> Option<Doer> {
    let typed: Vec<char> = typed.to_lowercase().chars().collect();
    let known = Doer::ALL.iter().flat_map(|doer| {
        let names =
            [Language::Swedish, Language::English].map(|language| crate::words::doer(language, *doer));
        names.into_iter().chain([doer.as_str().to_owned()]).map(|name| (name, *doer))
    });
    let mut best: Option<(usize, Doer)> = None;
    for (name, doer) in known {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let alike = typed.iter().zip(&name).take_while(|(a, b)| a == b).count();
        let same = alike == name.len() && alike == typed.len();
        let form =
            alike >= ALIKE_CHARS_MIN && (alike == typed.len() || alike + ENDING_CHARS_MAX >= name.len());
        if (same || form) && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, doer));
        }
    }
    best.map(|(_, doer)| doer)
}

/// The steps nobody comes to, and those nobody comes to an end from.
fn lost(steps: &[Step]) -> Vec<(usize, StepFaultKind)> {
    let ways: Vec<Vec<Way>> = (0..steps.len()).map(|place| ways(steps, place)).collect();
    let mut reached = vec![false; steps.len()];
    let mut next: Vec<usize> = if steps.is_empty() { Vec::new() } else { vec![0] };
    while let Some(place) = next.pop() {
        if !std::mem::replace(&mut reached[place], true) {
            next.extend(ways[place].iter().filter_map(|way| way.to));
        }
    }
    let mut ends = vec![false; steps.len()];
    // Each turn comes at least one step further back from the end, so as many turns as there are steps are enough.
    for _ in 0..steps.len() {
        for place in 0..steps.len() {
            ends[place] |= ways[place].iter().any(|way| way.to.is_none_or(|to| ends[to]));
        }
    }
    (0..steps.len())
        .filter_map(|place| match (reached[place], ends[place]) {
            (false, _) => Some((place, StepFaultKind::Unreachable)),
            (true, false) => Some((place, StepFaultKind::Endless)),
            (true, true) => None,
        })
        .collect()
}

/// The steps as they are written, in `language`; what [`read`] reads as the same steps.
#[must_use]
pub fn write(language: Language, steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let who = crate::words::doer(language, step.who);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{who}: {}", step.text);
        for way in &step.ways {
            let to = way.to.map_or_else(|| crate::words::end(language), |to| (to + 1).to_string());
            let _ = match way.when.as_str() {
                "" => writeln!(text, "- {to}"),
                when => writeln!(text, "- {when}: {to}"),
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SNOW: &str = "invånare: Ringer om en oplogad gata

        2. Kontaktcentret: Tar reda på plats: gata och nummer
        - någon är i fara: 4
        - annars → 3
        kontaktcenter: Registrerar ärendet
        - 5
        kontaktcenter: Ringer driftens jour
        handläggare: Skickar ut en plogbil
        - slut";

    #[test]
    fn a_map_is_read_as_people_write_it() {
        let steps = read(SNOW).unwrap();
        assert_eq!(steps.len(), 5);
        assert_eq!(steps[1].who, Doer::Centre);
        assert_eq!(steps[1].text, "Tar reda på plats: gata och nummer");
        assert_eq!(steps[1].ways[0], Way { when: "någon är i fara".to_owned(), to: Some(3) });
        assert_eq!(steps[1].ways[1], Way { when: "annars".to_owned(), to: Some(2) });
        assert_eq!(ways(&steps, 3), [Way { when: String::new(), to: Some(4) }]);
        assert_eq!(ways(&steps, 4), [Way { when: String::new(), to: None }]);
        for language in [Language::Swedish, Language::English] {
            assert_eq!(read(&write(language, &steps)).unwrap(), steps, "{language}");
        }
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let faults = |text: &str| {
            read(text).unwrap_err().into_iter().map(|fault| (fault.line, fault.kind)).collect::<Vec<_>>()
        };
        assert_eq!(
            faults("- 1\nRinger\nkommunen: Svarar\nsystem:\n"),
            [
                (1, StepFaultKind::WayFirst),
                (2, StepFaultKind::NoDoer),
                (3, StepFaultKind::UnknownDoer("kommunen".to_owned())),
                (4, StepFaultKind::NoText),
            ]
        );
        assert_eq!(
            faults("system: A\n- sedan\n- om: 9\n- 0"),
            [
                (2, StepFaultKind::NoTarget),
                (4, StepFaultKind::UnknownStep(0)),
                (3, StepFaultKind::UnknownStep(9))
            ]
        );
        assert_eq!(
            faults("system: A\n- 3\nsystem: B\nsystem: C\n- 1"),
            [(1, StepFaultKind::Endless), (3, StepFaultKind::Unreachable), (4, StepFaultKind::Endless)]
        );
        assert_eq!(read("").unwrap(), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn nothing_that_is_typed_is_too_much(source in "([a-zåäö:→\\- 0-9.]{0,20}\n){0,12}") {
            if let Ok(steps) = read(&source) {
                prop_assert_eq!(read(&write(Language::Swedish, &steps)).unwrap(), steps);
            }
        }
    }
}
