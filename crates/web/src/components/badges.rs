//! Small words with a colour: where a case stands, what a guide does. The colour never says it alone.

use crate::words::Words;
use maud::{Markup, html};
use routing::GuideState;
use vocabulary::{CaseStatus, SecrecyClass};

/// Where a case stands.
#[must_use]
pub fn status(words: &Words, status: CaseStatus) -> Markup {
    let class = match status {
        CaseStatus::New | CaseStatus::Reopened => "badge info",
        CaseStatus::Ongoing => "badge",
        CaseStatus::WaitingForResident | CaseStatus::WaitingForDepartment | CaseStatus::Suspended => {
            "badge warn"
        }
        CaseStatus::Solved => "badge good",
    };
    html! { span class=(class) { (cases::words::status_short(words.language(), status)) } }
}

/// How secret a case is; open ones carry no mark.
#[must_use]
pub fn secrecy(words: &Words, class: SecrecyClass) -> Markup {
    html! {
        @if class != SecrecyClass::Open { span .badge .bad { (cases::words::secrecy_name(words.language(), class)) } }
    }
}

/// The code word of what a guide does.
#[must_use]
pub fn state_word(state: &GuideState) -> &'static str {
    match state {
        GuideState::SignedOut => "signed_out",
        GuideState::Away { .. } => "away",
        GuideState::Ready => "ready",
        GuideState::Offered { .. } => "offered",
        GuideState::Talking { .. } => "talking",
        GuideState::WrapUp { .. } => "wrap_up",
    }
}

/// What a guide does, in words.
#[must_use]
pub fn state_text(words: &Words, state: &GuideState) -> String {
    match state {
        GuideState::Away { reason } => words.word("away", reason.as_str()),
        other => words.word("state", state_word(other)),
    }
}

/// What a guide does, as a badge.
#[must_use]
pub fn guide_state(words: &Words, state: &GuideState) -> Markup {
    let class = match state {
        GuideState::Ready => "badge good",
        GuideState::Offered { .. } | GuideState::Talking { .. } => "badge info",
        GuideState::WrapUp { .. } => "badge warn",
        GuideState::SignedOut | GuideState::Away { .. } => "badge",
    };
    html! { span class=(class) { (state_text(words, state)) } }
}
