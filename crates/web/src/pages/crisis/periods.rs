//! Figures with and without the time in which there was a crisis: the switch, and which crises it is about.

use crate::{t, words::Words};
use crisis::Period;
use maud::{Markup, html};

/// The word by which an address asks for figures without crises.
pub const WITHOUT: &str = "without";

/// The switch, where any crisis touches the time shown. `same` is the rest of the address's arguments.
#[must_use]
pub fn switch(words: &Words, path: &str, same: &str, periods: &[Period], without: bool) -> Markup {
    let names: Vec<String> = periods
        .iter()
        .map(|period| {
            let from = words.day_and_time(period.begins_at);
            let to =
                period.ends_at.map_or_else(|| t!(words, "crisis-going-on"), |end| words.day_and_time(end));
            format!("{} ({from} – {to})", period.title)
        })
        .collect();
    let names = names.join(", ");
    let joined = if same.is_empty() { String::new() } else { format!("&{same}") };
    html! {
        @if !periods.is_empty() {
            p .notice {
                @if without {
                    (t!(words, "without-crises-note", names = names)) " "
                    a href=(format!("{path}?crises=with{joined}")) { (t!(words, "with-crises")) }
                } @else {
                    (t!(words, "with-crises-note", names = names)) " "
                    a href=(format!("{path}?crises={WITHOUT}{joined}")) { (t!(words, "without-crises")) }
                }
            }
        }
    }
}
