//! Tables' and lists' small parts.

use crate::words::minutes_and_seconds;
use maud::{Markup, html};
use std::ops::Range;
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

/// A text with what was searched for marked; `marks` are bytes, in order and apart.
#[must_use]
pub fn marked(text: &str, marks: &[Range<usize>]) -> Markup {
    let mut at = 0;
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    for mark in marks {
        if let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone())) {
            pieces.push((false, before));
            pieces.push((true, inside));
            at = mark.end;
        }
    }
    pieces.push((false, text.get(at..).unwrap_or_default()));
    html! { @for (is_mark, piece) in pieces { @if is_mark { mark { (piece) } } @else { (piece) } } }
}
