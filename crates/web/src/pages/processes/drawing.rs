//! A process as a map, and the same as a list.

use crate::{t, visit::Visit};
use maud::{Markup, html};
use processes::definition::{Definition, Node};
use processes::map::{self, BOX};

/// Characters of a line in a box.
const LINE_CHARS: usize = 25;
/// Characters of a condition beside its line; the list has all of it.
const CONDITION_CHARS: usize = 34;

/// The map, and under it the same as a list.
pub(super) fn drawing(visit: &Visit, definition: &Definition) -> Markup {
    let words = visit.words;
    html! {
        div .map-frame tabindex="0" role="region" aria-label=(t!(words, "process-map")) { (picture(visit, definition)) }
        details { summary { (t!(words, "process-as-list")) } (list(visit, definition)) }
    }
}

fn picture(visit: &Visit, definition: &Definition) -> Markup {
    let map = map::draw(definition);
    let (width, height) = map.size;
    let points =
        |line: &map::Line| line.points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    html! {
        svg .process-map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height)
            role="img" aria-label=(t!(visit.words, "process-map-of", name = definition.name.clone())) {
            defs {
                marker #map-arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                    path .map-head d="M0 0 L8 4 L0 8 z" {}
                }
            }
            @for line in &map.lines {
                polyline .map-line .back[line.back] points=(points(line)) marker-end="url(#map-arrow)" {}
            }
            @for (node, (x, y)) in &map.boxes {
                @let end = matches!(node, Node::End(_));
                rect .map-box .end[end] x=(x) y=(y) width=(BOX.0) height=(BOX.1) rx=(if end { 24 } else { 6 }) {}
                @let lines = wrapped(definition.name_of(*node));
                @for (n, text) in lines.iter().enumerate() {
                    @let middle = y + BOX.1 / 2 + 5 - if lines.len() == 2 { 8 } else { 0 } + if n == 1 { 16 } else { 0 };
                    text .map-text x=(x + BOX.0 / 2) y=(middle) { (text) }
                }
            }
            @for line in map.lines.iter().filter(|line| line.when.is_some()) {
                @let (x, y) = line.points[0];
                text .map-when x=(x + 4) y=(y + 12 + line.nth * 12) { (short(line.when.as_deref().unwrap_or_default(), CONDITION_CHARS)) }
            }
        }
    }
}

fn short(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        text.to_owned()
    } else {
        text.chars().take(max - 1).chain(['…']).collect()
    }
}

/// A name in one line or two.
fn wrapped(name: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in name.split_whitespace() {
        let last = lines.len() - 1;
        let room = lines[last].chars().count() + word.chars().count() < LINE_CHARS;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if room || lines.len() == 2 {
            lines[last] = format!("{} {word}", lines[last]);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| short(line, LINE_CHARS)).collect()
}

/// Every step with who does it, by when, and where it leads.
pub(super) fn list(visit: &Visit, definition: &Definition) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    html! {
        ol .process-list {
            @for step in &definition.steps {
                li id=(format!("step-{}", step.key)) {
                    strong { (step.name) } " "
                    span .soft { (processes::words::kind(language, step)) ", " (processes::words::who(language, step))
                        @if let Some(due) = &step.due { ", " (processes::words::due(language, due)) } }
                    @if let Some(public) = &step.public { p .small { (t!(words, "process-public", text = public.clone())) } }
                    @if !step.fields.is_empty() {
                        p .small .soft { (t!(words, "process-asks")) " "
                            (step.fields.iter().map(|field| field.label.as_str()).collect::<Vec<_>>().join(" · ")) }
                    }
                    ul .small {
                        @for arrow in &step.arrows {
                            li {
                                @if let Some(when) = &arrow.when { code { (when) } " " }
                                "→ " (arrow.to.iter().map(|node| definition.name_of(*node)).collect::<Vec<_>>().join(" + "))
                                @if let Some(most) = arrow.at_most { " " span .soft { (t!(words, "process-at-most", times = i64::from(most))) } }
                            }
                        }
                    }
                }
            }
        }
        p { (t!(words, "process-ends")) }
        ul { @for end in &definition.ends {
            li { strong { (end.name) } " " span .soft { (cases::words::outcome_name(language, end.outcome)) } }
        } }
    }
}
