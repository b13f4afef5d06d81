//! What people read about cases, in their language. All text lives in `locales/*/cases.ftl`.

use crate::clock::{TERM_WORKING_DAYS_MAX, TermsError};
use crate::error::{CasesError, LinkError};
use crate::model::{CallOutcome, FollowUpState, TaskKind};
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use people::text::TextFault;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;
use vocabulary::civil::Date;
use vocabulary::{CaseOutcome, CaseStatus, Language, SecrecyClass};

mod officer;
mod resident;

pub(crate) use officer::{Escalation, Exchange, OfficerLetter, escalation_letter, key_letter};
pub(crate) use resident::{ResidentLetter, proof_letter};

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
        let loader = FluentLanguageLoader::new("cases", id.clone());
        loader.load_languages(&Locales, &[id]).expect("the language files are compiled in");
        // The marks around arguments are for mixed writing directions; in an e-mail they show up as rubbish.
        loader.set_use_isolating(false);
        loader
    })
}

/// Where a case stands, for residents: "Hos handläggare".
#[must_use]
pub fn status_name(language: Language, status: CaseStatus) -> String {
    fl!(loader(language), "status-name", status = status.as_str())
}

/// Where a case stands, for the contact centre: "Väntar på förvaltningen".
#[must_use]
pub fn status_short(language: Language, status: CaseStatus) -> String {
    fl!(loader(language), "status-short", status = status.as_str())
}

/// Where a case stands, in plain words for the resident. Holds nothing personal and nothing internal.
#[must_use]
pub fn status_public(language: Language, status: CaseStatus) -> String {
    fl!(loader(language), "status-public", status = status.as_str())
}

/// When a resting case is taken up again.
#[must_use]
pub fn rests_until(language: Language, until: Date) -> String {
    fl!(loader(language), "status-rests-until", day = day(language, until))
}

/// When the resident should have an answer: by a day, or already late at `today`.
#[must_use]
pub fn expected(language: Language, expected_by: Date, today: Date) -> String {
    if expected_by < today {
        fl!(loader(language), "status-expected-late")
    } else {
        fl!(loader(language), "status-expected-by", day = day(language, expected_by))
    }
}

/// Where a question to an officer stands.
#[must_use]
pub fn follow_up_state(language: Language, state: FollowUpState) -> String {
    fl!(loader(language), "follow-up-state", state = state.as_str())
}

/// How an attempt to reach an officer by telephone ended.
#[must_use]
pub fn call_outcome(language: Language, outcome: CallOutcome) -> String {
    fl!(loader(language), "call-outcome", outcome = outcome.as_str())
}

/// A letter from an address we did not ask, as it is kept for the contact centre.
#[must_use]
pub(crate) fn note_from_stranger(language: Language, address: &str, text: &str) -> String {
    fl!(loader(language), "note-mail-from-stranger", address = address, text = text)
}

/// A letter without text, as it is kept for the contact centre.
#[must_use]
pub(crate) fn note_without_text(language: Language) -> String {
    fl!(loader(language), "note-mail-empty")
}

/// What is to be done.
#[must_use]
pub fn task_name(language: Language, kind: TaskKind) -> String {
    fl!(loader(language), "task-name", kind = kind.as_str())
}

/// What is to be done, in a sentence or two.
#[must_use]
pub fn task_help(language: Language, kind: TaskKind) -> String {
    fl!(loader(language), "task-help", kind = kind.as_str())
}

/// How a case ended.
#[must_use]
pub fn outcome_name(language: Language, outcome: CaseOutcome) -> String {
    fl!(loader(language), "outcome-name", outcome = outcome.as_str())
}

/// How secret a case is kept.
#[must_use]
pub fn secrecy_name(language: Language, class: SecrecyClass) -> String {
    fl!(loader(language), "secrecy-name", class = class.as_str())
}

/// What a timeline entry of that kind tells; the kind itself if it is not one about cases.
#[must_use]
pub fn timeline_entry(language: Language, kind: &str) -> String {
    fl!(loader(language), "timeline-entry", kind = kind)
}

/// A day in words: "fredag 27 november 2026".
#[must_use]
pub fn day(language: Language, day: Date) -> String {
    fl!(
        loader(language),
        "day",
        weekday = day.weekday().to_monday_one_offset(),
        day = day.day(),
        month = day.month(),
        year = day.year().to_string()
    )
}

/// A message's subject and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Lines of plain text.
    pub body: String,
}

/// What went wrong, for whoever it went wrong for. Faults of the house itself are not explained to them.
#[must_use]
pub fn problem(language: Language, error: &CasesError) -> String {
    let loader = loader(language);
    match error {
        CasesError::Text(text) => {
            let field = fl!(loader, "field-name", field = text.field);
            match text.fault {
                TextFault::Missing => fl!(loader, "problem-missing", field = field),
                TextFault::TooLong { chars_max } => {
                    fl!(loader, "problem-too-long", field = field, max = chars_max)
                }
                TextFault::Unprintable => fl!(loader, "problem-unprintable", field = field),
                _ => fl!(loader, "problem-not-understood", field = field),
            }
        }
        CasesError::NotFound { .. } => fl!(loader, "problem-not-found"),
        CasesError::Forbidden(step) => {
            fl!(loader, "problem-forbidden", status = status_short(language, step.from).to_lowercase())
        }
        CasesError::Link(LinkError::Forged) => fl!(loader, "problem-link-forged"),
        CasesError::Link(LinkError::Expired) => fl!(loader, "problem-link-expired"),
        CasesError::Link(LinkError::Revoked) => fl!(loader, "problem-link-revoked"),
        CasesError::AlreadyAsked => fl!(loader, "problem-already-asked"),
        CasesError::OfficerInactive => fl!(loader, "problem-officer-inactive"),
        CasesError::CaseTypeInactive => fl!(loader, "problem-case-type-inactive"),
        CasesError::AlreadyAnswered { state, .. } => {
            fl!(loader, "problem-already-answered", state = follow_up_state(language, *state).to_lowercase())
        }
        CasesError::DayOutOfRange { earliest, latest } => {
            fl!(loader, "problem-day", earliest = day(language, *earliest), latest = day(language, *latest))
        }
        CasesError::NamedTwice => fl!(loader, "problem-named-twice"),
        CasesError::Terms(error) => match error {
            TermsError::Range(_) => fl!(loader, "problem-terms-range", max = TERM_WORKING_DAYS_MAX),
            TermsError::Order => fl!(loader, "problem-terms-order"),
            TermsError::Unreadable => fl!(loader, "problem-internal"),
        },
        CasesError::TaskDone => fl!(loader, "problem-task-done"),
        CasesError::Refused(refusal) => fl!(loader, "problem-refused", refusal = refusal.as_str()),
        CasesError::TaskMismatch => fl!(loader, "problem-task-mismatch"),
        CasesError::Sealed => fl!(loader, "problem-sealed"),
        CasesError::Secret => fl!(loader, "problem-secret"),
        CasesError::TooMany { max, .. } => {
            let max: usize = *max;
            fl!(loader, "problem-too-many", max = max)
        }
        CasesError::PageMark => fl!(loader, "problem-page-mark"),
        CasesError::Payload(_) | CasesError::Contact(_) | CasesError::Storage(_) => {
            fl!(loader, "problem-internal")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use vocabulary::civil::date;

    fn keys(language: &str) -> BTreeSet<String> {
        let file = Locales::get(&format!("{language}/cases.ftl")).unwrap();
        let text = String::from_utf8(file.data.to_vec()).unwrap();
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys("sv"), keys("en"));
        assert!(keys("sv").len() > 40);
    }

    #[test]
    fn every_status_has_its_own_words_in_both_languages() {
        for language in Language::ALL {
            let texts: BTreeSet<String> =
                CaseStatus::ALL.iter().map(|status| status_public(*language, *status)).collect();
            let names: BTreeSet<String> =
                CaseStatus::ALL.iter().map(|s| status_name(*language, *s)).collect();
            assert_eq!((texts.len(), names.len()), (7, 7), "{language}");
        }
        assert_eq!(status_name(Language::Swedish, CaseStatus::WaitingForDepartment), "Hos handläggare");
    }

    #[test]
    fn days_are_written_as_people_say_them() {
        assert_eq!(day(Language::Swedish, date(2026, 11, 27)), "fredag 27 november 2026");
        assert_eq!(day(Language::English, date(2027, 3, 1)), "Monday 1 March 2027");
        assert_eq!(day(Language::Swedish, date(2027, 3, 7)), "söndag 7 mars 2027");
    }

    #[test]
    fn a_letter_keeps_its_lines_and_holds_no_stray_marks() {
        let letter = OfficerLetter {
            language: Language::Swedish,
            officer: "Åsa Öberg",
            number: "KC-26110001",
            link: "https://kc.example/o/abc",
            desk: "https://kc.example/d/def",
            by_mail: true,
            municipality: "Vikhamns kommun",
        };
        let open = letter.question(
            date(2026, 11, 27),
            Some(("Gropar i vägen", "Kan ni laga?", "Rad ett\nrad två")),
            &[],
        );
        assert_eq!(open.subject, "Ärende KC-26110001: Gropar i vägen");
        assert!(
            open.body.contains("\n\nKan ni laga?\n\nDet här har invånaren berättat:\nRad ett\nrad två\n\n")
        );
        assert!(open.body.contains("\nhttps://kc.example/o/abc\n"));
        assert!(!open.body.contains(['\u{2068}', '\u{2069}']));
        let secret = letter.question(date(2026, 11, 27), None, &[]);
        assert!(!secret.body.contains("Gropar") && !secret.subject.contains("Gropar"));
        assert!(secret.body.contains("https://kc.example/o/abc"));
    }
}
