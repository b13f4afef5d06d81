//! Faults and refusals, in words that help.

use super::loader;
use crate::condition::ConditionFault;
use crate::definition::FaultKind;
use crate::error::ProcessesError;
use crate::form::AnswerFault;
use crate::run::Refusal;
use i18n_embed_fl::fl;
use vocabulary::Language;

fn meant(language: Language, near: Option<&String>) -> String {
    near.map_or_else(String::new, |near| fl!(loader(language), "fault-meant", near = near.as_str()))
}

/// What is wrong in a definition; the line is told beside it.
#[must_use]
pub fn fault(language: Language, fault: &FaultKind) -> String {
    use FaultKind as F;
    let l = loader(language);
    match fault {
        F::TooLarge => {
            let max: usize = crate::limits::SOURCE_BYTES_MAX / 1000;
            fl!(l, "fault-too-large", max = max)
        }
        F::Syntax(why) => {
            let why: &str = why;
            fl!(l, "fault-syntax", why = why)
        }
        F::Missing { key } => {
            let key: &str = key;
            fl!(l, "fault-missing", key = key)
        }
        F::UnknownKey { key, near } => {
            fl!(l, "fault-unknown-key", key = key.as_str(), meant = meant(language, near.as_ref()))
        }
        F::WrongSort { key, wanted } => {
            let key: &str = key;
            let wanted: &str = wanted;
            fl!(l, "fault-wrong-sort", key = key, wanted = wanted)
        }
        F::TooLong { key, max } => {
            let key: &str = key;
            let max: usize = *max;
            fl!(l, "fault-too-long", key = key, max = max)
        }
        F::NotAKey { text } => fl!(l, "fault-not-a-key", text = text.as_str()),
        F::OutOfRange { key, min, max } => {
            let key: &str = key;
            let min: i64 = *min;
            let max: i64 = *max;
            fl!(l, "fault-out-of-range", key = key, min = min, max = max)
        }
        F::NotAWord { key, text, allowed } => {
            let key: &str = key;
            fl!(l, "fault-not-a-word", key = key, text = text.as_str(), allowed = allowed.as_str())
        }
        F::Twice { what: "blank", key, .. } => fl!(l, "fault-own-blank", key = key.as_str()),
        F::Twice { what: "process", key, .. } => fl!(l, "fault-process-twice", key = key.as_str()),
        F::Twice { what, key, first } => {
            let what: &str = what;
            let first: usize = *first;
            fl!(l, "fault-twice", what = what, key = key.as_str(), first = first)
        }
        F::TooMany { what, max } => {
            let what: &str = what;
            let max: usize = *max;
            fl!(l, "fault-too-many", what = what, max = max)
        }
        F::NotForKind { key, kind } => {
            let kind: &str = kind;
            fl!(l, "fault-not-for-kind", key = key.as_str(), kind = kind)
        }
        F::NotATerm { text } => fl!(l, "fault-not-a-term", text = text.as_str()),
        F::TermFrom { step } => fl!(l, "fault-term-from", step = step.as_str()),
        F::UnknownTarget { key, near } => {
            fl!(l, "fault-unknown-target", key = key.as_str(), meant = meant(language, near.as_ref()))
        }
        F::NoWayOn { step } => fl!(l, "fault-no-way-on", step = step.as_str()),
        F::DeadEnd { step } => fl!(l, "fault-dead-end", step = step.as_str()),
        F::NeverTaken { step } => fl!(l, "fault-never-taken", step = step.as_str()),
        F::Unreachable { what, key } => {
            let what: &str = what;
            fl!(l, "fault-unreachable", what = what, key = key.as_str())
        }
        F::Endless { round } => fl!(l, "fault-endless", round = round.as_str()),
        F::SideBySide { key, from } => fl!(l, "fault-side-by-side", key = key.as_str(), from = from.as_str()),
        F::GatherInRound { step } => fl!(l, "fault-gather-in-round", step = step.as_str()),
        F::Condition(fault) => condition(language, fault),
        F::TooEarly { field, asked_in } => {
            fl!(l, "fault-too-early", field = field.as_str(), step = asked_in.as_str())
        }
        F::Unknown { what, text, near } => {
            let what: &str = what;
            fl!(l, "fault-unknown", what = what, text = text.as_str(), meant = meant(language, near.as_ref()))
        }
        F::OpenBrace => fl!(l, "fault-open-brace"),
        F::UnknownBlank { text, near } => {
            fl!(l, "fault-unknown-blank", text = text.as_str(), meant = meant(language, near.as_ref()))
        }
        F::SensitiveTravels { field } => fl!(l, "fault-sensitive-travels", field = field.as_str()),
        F::TypeTaken { process } => fl!(l, "fault-type-taken", process = process.as_str()),
        F::OtherCode { wanted } => fl!(l, "fault-other-code", wanted = wanted.as_str()),
    }
}

fn condition(language: Language, fault: &ConditionFault) -> String {
    use ConditionFault as F;
    let l = loader(language);
    match fault {
        F::Length => {
            let max: usize = crate::limits::CONDITION_CHARS_MAX;
            fl!(l, "condition-length", max = max)
        }
        F::Unexpected(Some(text)) => fl!(l, "condition-unexpected", text = text.as_str()),
        F::Unexpected(None) => fl!(l, "condition-unfinished"),
        F::OpenQuote => fl!(l, "condition-open-quote"),
        F::TooDeep => fl!(l, "condition-too-deep"),
        F::UnknownField(field, near) => {
            fl!(l, "condition-unknown-field", field = field.as_str(), meant = meant(language, near.as_ref()))
        }
        F::NotYesNo(field) => fl!(l, "condition-not-yes-no", field = field.as_str()),
        F::NotBySize(field) => fl!(l, "condition-not-by-size", field = field.as_str()),
        F::WrongValue { field, value, can } => {
            let can = fl!(l, "condition-can", can = can.as_str());
            fl!(l, "condition-wrong-value", field = field.as_str(), value = value.as_str(), can = can)
        }
    }
}

/// What is wrong with an answer.
#[must_use]
pub fn answer_fault(language: Language, fault: AnswerFault) -> String {
    let l = loader(language);
    match fault {
        AnswerFault::Missing => fl!(l, "answer-missing"),
        AnswerFault::TooLong { chars_max } => fl!(l, "answer-too-long", max = chars_max),
        AnswerFault::Unprintable => fl!(l, "answer-unprintable"),
        AnswerFault::NotAChoice => fl!(l, "answer-not-a-choice"),
        AnswerFault::NotADay => fl!(l, "answer-not-a-day"),
        AnswerFault::NotANumber { min, max } => fl!(l, "answer-not-a-number", min = min, max = max),
        AnswerFault::NotYesNo => fl!(l, "answer-not-yes-no"),
    }
}

/// Why something was not done, for whoever wanted it done.
#[must_use]
pub fn problem(language: Language, error: &ProcessesError) -> String {
    use ProcessesError as E;
    let l = loader(language);
    match error {
        E::NotFound { what } => {
            let what: &str = what;
            fl!(l, "problem-not-found", what = what)
        }
        E::Refused(refusal) => refused(language, refusal),
        E::Faults(_) => fl!(l, "problem-faults"),
        E::Overtaken { version } => {
            let version: u32 = *version;
            fl!(l, "problem-overtaken", version = version)
        }
        E::TimeTaken => fl!(l, "problem-time-taken"),
        E::TimeNotOffered => fl!(l, "problem-time-not-offered"),
        E::Hours(_) => fl!(l, "problem-hours"),
        E::Range { min, max, .. } => {
            let (min, max): (u16, u16) = (*min, *max);
            fl!(l, "problem-range", min = min, max = max)
        }
        E::IdentityNumber => fl!(l, "problem-identity-number"),
        E::Link(error) => cases::words::problem(language, &cases::CasesError::Link(*error)),
        E::Cases(error) => cases::words::problem(language, error),
        E::Text(_) => fl!(l, "problem-text"),
        E::Payload(_) | E::Storage(_) => fl!(l, "problem-internal"),
    }
}

fn refused(language: Language, refusal: &Refusal) -> String {
    let why = match refusal {
        Refusal::Ended => "ended",
        Refusal::NoSuchStep => "no_such_step",
        Refusal::NotOpen => "not_open",
        Refusal::WrongKind => "wrong_kind",
        Refusal::NotSkippable => "not_skippable",
        Refusal::Answers(_) => "answers",
        Refusal::NotBooked => "not_booked",
        Refusal::NoSuchContractor => "no_such_contractor",
        Refusal::NothingToUndo => "nothing_to_undo",
        Refusal::CannotUndo => "cannot_undo",
        Refusal::TooManyActs => "too_many_acts",
    };
    fl!(loader(language), "refused", why = why)
}
