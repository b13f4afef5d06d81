//! A process map in lanes, and the same as a list.

use crate::{t, visit::Visit};
use assignments::map::{self, BOX, HEADING};
use assignments::steps::{self, Step};
use assignments::words;
use maud::{Markup, html};

/// Characters of a line in a box.
const LINE_CHARS: usize = 24;
/// Lines in a box.
const LINES_MAX: usize = 3;
/// Between two of them, in pixels.
const LINE_HEIGHT: i32 = 15;
/// Characters of a condition beside its line; the list has all of it.
const CONDITION_CHARS: usize = 30;

/// The map, and under it the same as a list.
pub(super) fn drawing(visit: &Visit, title: &str, steps: &[Step]) -> Markup {
    let words = visit.words;
    html! {
        div .map-frame tabindex="0" role="region" aria-label=(t!(words, "assignment-map-of", title = title)) {
            (picture(visit, title, steps))
        }
        details { summary { (t!(words, "assignment-map-list")) } (list(visit, steps)) }
    }
}

fn picture(visit: &Visit, title: &str, steps: &[Step]) -> Markup {
    let language = visit.words.language();
    let map = map::draw(steps);
    let (width, height) = map.size;
    let points =
        |line: &map::Line| line.points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    let lane_height = height - HEADING;
    html! {
        svg .process-map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}"))
            width=(width) height=(height) role="img"
            aria-label=(t!(visit.words, "assignment-map-of", title = title)) {
            defs {
                marker #lane-arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                    path .map-head d="M0 0 L8 4 L0 8 z" {}
                }
            }
            @for (doer, x) in &map.lanes {
                rect .map-lane x=(x - 10) y=(HEADING - 6) width=(BOX.0 + 20) height=(lane_height) rx="8" {}
                text .map-text .map-doer x=(x + BOX.0 / 2) y=(HEADING - 14) { (words::doer(language, *doer)) }
            }
            @for line in &map.lines {
                polyline .map-line .back[line.back] points=(points(line)) marker-end="url(#lane-arrow)" {}
            }
            @for (n, (step, corner)) in steps.iter().zip(&map.boxes).enumerate() {
                rect .map-box x=(corner.0) y=(corner.1) width=(BOX.0) height=(BOX.1) rx="6" {}
                (text_in(*corner, &format!("{}. {}", n + 1, step.text)))
            }
            @if !steps.is_empty() {
                rect .map-box .end x=(map.end.0) y=(map.end.1) width=(BOX.0) height=(BOX.1) rx="30" {}
                (text_in(map.end, &capital(&words::end(language))))
            }
            @for line in map.lines.iter().filter(|line| !line.when.is_empty()) {
                @let (x, y) = line.points[0];
                text .map-when x=(x + 5) y=(y + 13 + line.nth * 12) { (short(&line.when, CONDITION_CHARS)) }
            }
        }
    }
}

fn text_in(corner: (i32, i32), text: &str) -> Markup {
    let lines = wrapped(text);
    let rows = i32::try_from(lines.len()).unwrap_or(1);
    let first = corner.1 + BOX.1 / 2 + 5 - (rows - 1) * LINE_HEIGHT / 2;
    html! {
        @for (n, line) in (0_i32..).zip(&lines) {
            text .map-text x=(corner.0 + BOX.0 / 2) y=(first + n * LINE_HEIGHT) { (line) }
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn short(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        text.to_owned()
    } else {
        text.chars().take(max - 1).chain(['…']).collect()
    }
}

/// A text in at most [`LINES_MAX`] lines; what there is no room for is in the list.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let room = lines[last].chars().count() + word.chars().count() < LINE_CHARS;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if room || lines.len() == LINES_MAX {
            lines[last] = format!("{} {word}", lines[last]);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| short(line, LINE_CHARS)).collect()
}

/// Every step with who does it and where it leads.
pub(super) fn list(visit: &Visit, all: &[Step]) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let name = |to: Option<usize>| match to {
        Some(to) => t!(words, "assignment-step", n = i64::try_from(to + 1).unwrap_or(0)),
        None => words::end(language),
    };
    html! {
        ol .process-list {
            @for (place, step) in all.iter().enumerate() {
                li {
                    strong { (words::doer(language, step.who)) ":" } " " (step.text)
                    @if !step.ways.is_empty() {
                        ul .small { @for way in steps::ways(all, place) {
                            li { @if !way.when.is_empty() { (way.when) " " } "→ " (name(way.to)) }
                        } }
                    }
                }
            }
        }
    }
}
