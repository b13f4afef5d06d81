//! What people read about assignments, in their language. All text lives in `locales/*/assignments.ftl`.

use crate::compare::Part;
use crate::course::Refusal;
use crate::error::{AssignmentsError, Missing};
use crate::model::{Doer, RuleKind, Theme, VersionState};
use crate::standard::{Area, Point, PointState};
use crate::steps::{StepFault, StepFaultKind};
use cases::words::Letter;
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;
use vocabulary::Language;
use vocabulary::civil::Date;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../locales"]
struct Locales;

/// The loader of `language`'s messages.
///
/// # Panics
/// Never in a correct build: the language files are compiled in, and a test loads them.
fn loader(language: Language) -> &'static FluentLanguageLoader {
    static SWEDISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    static ENGLISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    let slot = match language {
        Language::Swedish => &SWEDISH,
        Language::English => &ENGLISH,
    };
    slot.get_or_init(|| {
        let id: LanguageIdentifier = language.as_str().parse().expect("sv and en are language tags");
        let loader = FluentLanguageLoader::new("assignments", id.clone());
        loader.load_languages(&Locales, &[id]).expect("the language files are compiled in");
        // The marks around arguments are for mixed writing directions; in an e-mail they show up as rubbish.
        loader.set_use_isolating(false);
        loader
    })
}

/// Who does a step.
#[must_use]
pub fn doer(language: Language, doer: Doer) -> String {
    fl!(loader(language), "doer", doer = doer.as_str())
}

/// The end of a process map.
#[must_use]
pub fn end(language: Language) -> String {
    fl!(loader(language), "end")
}

/// Where a version stands.
#[must_use]
pub fn state(language: Language, state: VersionState) -> String {
    fl!(loader(language), "state", state = state.as_str())
}

/// Where the line goes: "Det här gör kontaktcenter".
#[must_use]
pub fn rule_kind(language: Language, kind: RuleKind) -> String {
    fl!(loader(language), "rule-kind", kind = kind.as_str())
}

/// A part of residents' lives.
#[must_use]
pub fn theme(language: Language, theme: Theme) -> String {
    fl!(loader(language), "theme", theme = theme.as_str())
}

/// A part of a basis.
#[must_use]
pub fn part(language: Language, part: Part) -> String {
    fl!(loader(language), "part", part = part.as_str())
}

/// A notice of termination: "6 månaders uppsägning".
#[must_use]
pub fn notice(language: Language, months: u16) -> String {
    fl!(loader(language), "notice", months = i64::from(months))
}

/// What is missing before a version can be sent.
#[must_use]
pub fn missing(language: Language, missing: Missing) -> String {
    fl!(loader(language), "missing", what = missing.as_str())
}

/// An area of the standard, in our own words.
#[must_use]
pub fn area(language: Language, area: Area) -> String {
    fl!(loader(language), "area", area = area.as_str())
}

/// A point of the checklist, in our own words.
#[must_use]
pub fn point(language: Language, point: Point) -> String {
    fl!(loader(language), "point", point = point.as_str())
}

/// Whether a point is in place.
#[must_use]
pub fn point_state(language: Language, state: PointState) -> String {
    fl!(loader(language), "point-state", state = state.as_str())
}

/// What the one who looks after an assignment has to do once a year.
#[must_use]
pub(crate) fn review_task(language: Language, title: &str) -> String {
    fl!(loader(language), "review-task", title = title)
}

/// What is wrong with a line of a process map, with the line's number.
#[must_use]
pub fn step_fault(language: Language, fault: &StepFault) -> String {
    let (what, detail) = match &fault.kind {
        StepFaultKind::NoDoer => ("no_doer", doers(language)),
        StepFaultKind::UnknownDoer(who) => ("unknown_doer", format!("”{who}” ({})", doers(language))),
        StepFaultKind::NoText => ("no_text", String::new()),
        StepFaultKind::WayFirst => ("way_first", String::new()),
        StepFaultKind::NoTarget => ("no_target", end(language)),
        StepFaultKind::UnknownStep(step) => ("unknown_step", step.to_string()),
        StepFaultKind::Unreachable => ("unreachable", String::new()),
        StepFaultKind::Endless => ("endless", String::new()),
        StepFaultKind::Text(_) => ("text", crate::limits::LINE_CHARS_MAX.to_string()),
        StepFaultKind::TooMany(max) => ("too_many", max.to_string()),
    };
    let line = i64::try_from(fault.line).unwrap_or(0);
    fl!(loader(language), "step-fault", what = what, detail = detail, line = line)
}

/// Everybody who does steps, as they are written.
fn doers(language: Language) -> String {
    Doer::ALL.iter().map(|one| doer(language, *one).to_lowercase()).collect::<Vec<_>>().join(", ")
}

/// Why something about an assignment was not done, in words that help.
#[must_use]
pub fn problem(language: Language, error: &AssignmentsError) -> String {
    let (what, detail) = match error {
        AssignmentsError::NotFound { .. } => ("not_found", String::new()),
        AssignmentsError::Refused(refusal) => refusal_word(*refusal),
        AssignmentsError::CodeTaken => ("code_taken", String::new()),
        AssignmentsError::Incomplete(all) => {
            let all: Vec<String> = all.iter().map(|one| missing(language, *one)).collect();
            ("incomplete", all.join(", "))
        }
        AssignmentsError::Steps(faults) => {
            let all: Vec<String> = faults.iter().map(|fault| step_fault(language, fault)).collect();
            ("steps", all.join(" "))
        }
        AssignmentsError::Overtaken => ("overtaken", String::new()),
        AssignmentsError::NotAContactPerson => ("not_a_contact_person", String::new()),
        AssignmentsError::Day { .. } => ("day", String::new()),
        AssignmentsError::TooMany { max, .. } => ("too_many", max.to_string()),
        AssignmentsError::Url => ("url", String::new()),
        AssignmentsError::NoSuchPoint => ("not_found", String::new()),
        AssignmentsError::Link(_) => ("link", String::new()),
        AssignmentsError::Cases(error) => return cases::words::problem(language, error),
        AssignmentsError::Text(_) | AssignmentsError::Payload(_) | AssignmentsError::Storage(_) => {
            ("other", String::new())
        }
    };
    fl!(loader(language), "problem", what = what, detail = detail)
}

fn refusal_word(refusal: Refusal) -> (&'static str, String) {
    match refusal {
        Refusal::NoSuchVersion => ("not_found", String::new()),
        Refusal::NotADraft => ("not_a_draft", String::new()),
        Refusal::DraftThere { version } => ("draft_there", version.to_string()),
        Refusal::NotSent => ("not_sent", String::new()),
        Refusal::Withdrawn => ("withdrawn", String::new()),
        Refusal::AnsweredOtherwise => ("answered_otherwise", String::new()),
        Refusal::NotApproved => ("not_approved", String::new()),
        Refusal::NotInForce => ("not_in_force", String::new()),
        Refusal::Over => ("over", String::new()),
    }
}

/// What a letter to a department's contact person tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DepartmentLetter<'a> {
    pub language: Language,
    pub name: &'a str,
    pub title: &'a str,
    pub version: u32,
    pub municipality: &'a str,
}

impl DepartmentLetter<'_> {
    /// Asks the department to approve, behind a link that holds until `until`.
    pub fn approval(&self, link: &str, until: Date, again: bool) -> Letter {
        let loader = loader(self.language);
        Letter {
            subject: fl!(loader, "approval-subject", title = self.title, again = again_word(again)),
            body: fl!(
                loader,
                "approval-body",
                name = self.name,
                title = self.title,
                version = i64::from(self.version),
                link = link,
                until = cases::words::day(self.language, until),
                municipality = self.municipality,
                again = again_word(again)
            ),
        }
    }

    /// Tells that it is time to go through what holds, by `by`; or that it should have been done by then.
    pub fn review(&self, by: Date, overdue: bool) -> Letter {
        let loader = loader(self.language);
        let overdue = if overdue { "yes" } else { "no" };
        Letter {
            subject: fl!(loader, "review-subject", title = self.title, overdue = overdue),
            body: fl!(
                loader,
                "review-body",
                name = self.name,
                title = self.title,
                by = cases::words::day(self.language, by),
                municipality = self.municipality,
                overdue = overdue
            ),
        }
    }
}

fn again_word(again: bool) -> &'static str {
    if again { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(language: &str) -> BTreeSet<String> {
        let file = Locales::get(&format!("{language}/assignments.ftl")).unwrap();
        let text = String::from_utf8(file.data.to_vec()).unwrap();
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys("sv"), keys("en"));
        assert!(keys("sv").len() > 15);
    }

    /// Every word has its own text in both languages: none falls into the last branch of its message.
    #[test]
    fn every_word_is_told_apart() {
        for language in [Language::Swedish, Language::English] {
            let distinct = |all: Vec<String>| {
                let set: BTreeSet<&String> = all.iter().collect();
                assert_eq!(set.len(), all.len(), "{language}: {all:?}");
            };
            distinct(Doer::ALL.iter().map(|one| doer(language, *one)).collect());
            distinct(VersionState::ALL.iter().map(|one| state(language, *one)).collect());
            distinct(RuleKind::ALL.iter().map(|one| rule_kind(language, *one)).collect());
            distinct(Theme::ALL.iter().map(|one| theme(language, *one)).collect());
            distinct(Part::ALL.iter().map(|one| part(language, *one)).collect());
            distinct(Area::ALL.iter().map(|one| area(language, *one)).collect());
            distinct(Point::ALL.iter().map(|one| point(language, *one)).collect());
            distinct(PointState::ALL.iter().map(|one| point_state(language, *one)).collect());
        }
    }
}
