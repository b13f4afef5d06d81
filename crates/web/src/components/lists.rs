//! Tables' and lists' small parts.

use crate::words::minutes_and_seconds;
use maud::{Markup, html};
use vocabulary::{SignedDuration, Timestamp};

/// How long it has been since `since`; goes on counting in the browser.
#[must_use]
pub fn counting(since: Timestamp, now: Timestamp) -> Markup {
    let passed = now.duration_since(since).max(SignedDuration::ZERO);
    html! { span .figure data-since=(since.as_millisecond()) data-seconds=(passed.as_secs()) { (minutes_and_seconds(passed)) } }
}

/// What stands where a list is empty.
#[must_use]
pub fn empty(text: &str) -> Markup {
    html! { p .empty { (text) } }
}

/// Said when a live pane has lost its stream; the script shows it.
#[must_use]
pub fn live_lost(words: &crate::words::Words) -> Markup {
    html! { p #live-lost .notice .bad role="status" hidden { (crate::t!(words, "live-lost")) } }
}

/// A line above content: something went well, or deserves notice.
#[must_use]
pub fn notice(class: &str, text: &str) -> Markup {
    html! { div class=(format!("notice {class}")) role="status" { p { (text) } } }
}
