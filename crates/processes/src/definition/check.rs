//! What must fit together in a definition, apart from its ways.

use super::table::Source;
use super::{Definition, FaultKind, Known, Step, StepKind, Who, graph};
use crate::near::nearest;
use crate::template::{OWN_BLANKS, Template};
use std::collections::BTreeMap;

/// What can be said without following the ways.
pub(super) fn parts(source: &mut Source<'_>, definition: &Definition, known: Option<&Known>) {
    keys(source, definition);
    if let Some(known) = known {
        exists(source, definition, known);
    }
    ways(source, definition);
}

/// What can be said only of ways that lead somewhere: what has been answered and booked when a step is reached.
pub(super) fn order(source: &mut Source<'_>, definition: &Definition) {
    let before = graph::before(definition);
    for (place, step) in definition.steps.iter().enumerate() {
        let earlier = |other: usize| other == place || before[place].contains(&other);
        conditions(source, definition, step, &earlier);
        term(source, definition, place, step, &before[place]);
        texts(source, definition, step, &earlier);
    }
}

/// Keys that are there once: those of steps and ends among each other, and those of fields.
fn keys(source: &mut Source<'_>, definition: &Definition) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let steps = definition.steps.iter().map(|step| ("step", &step.key, step.line));
    let ends = definition.ends.iter().map(|end| ("end", &end.key, end.line));
    for (what, key, line) in steps.chain(ends).filter(|(_, key, _)| !key.is_empty()) {
        if let Some(first) = seen.get(key.as_str()) {
            source.fault(line, FaultKind::Twice { what, key: key.clone(), first: *first });
        } else {
            seen.insert(key, line);
        }
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for field in definition.fields().filter(|field| !field.key.is_empty()) {
        if OWN_BLANKS.contains(&field.key.as_str()) {
            source.fault(field.line, FaultKind::Twice { what: "blank", key: field.key.clone(), first: 0 });
        } else if let Some(first) = seen.get(field.key.as_str()) {
            source
                .fault(field.line, FaultKind::Twice { what: "field", key: field.key.clone(), first: *first });
        } else {
            seen.insert(&field.key, field.line);
        }
    }
}

/// What is pointed to in the municipality.
fn exists(source: &mut Source<'_>, definition: &Definition, known: &Known) {
    let mut look = |line: usize, what: &'static str, text: &str, all: &[&Vec<String>]| {
        let mut among = all.iter().flat_map(|codes| codes.iter());
        if !text.is_empty() && !among.clone().any(|code| code == text) {
            let near = nearest(text, among.by_ref().map(String::as_str));
            let line = source.line_with(line, &format!("\"{text}\""));
            source.fault(line, FaultKind::Unknown { what, text: text.to_owned(), near });
        }
    };
    look(1, "case_type", &definition.case_type, &[&known.case_types]);
    for step in &definition.steps {
        if let Who::Department(Some(recipient)) = &step.who {
            look(step.line, "recipient", recipient, &[&known.officers, &known.departments]);
        }
        match &step.kind {
            StepKind::Booking { resource, .. } => look(step.line, "resource", resource, &[&known.resources]),
            StepKind::CallOut { contractors, .. } => {
                for code in contractors {
                    look(step.line, "contractor", code, &[&known.contractors]);
                }
            }
            StepKind::Form | StepKind::Letter(_) | StepKind::HandOut { .. } => {}
        }
    }
}

/// Every step goes on, whatever is answered.
fn ways(source: &mut Source<'_>, definition: &Definition) {
    for step in &definition.steps {
        let named = || step.key.clone();
        let Some((last, others)) = step.arrows.split_last() else {
            source.fault(step.line, FaultKind::NoWayOn { step: named() });
            continue;
        };
        if last.when.is_some() || last.at_most.is_some() {
            source.fault(last.line, FaultKind::DeadEnd { step: named() });
        }
        if let Some(always) = others.iter().position(|arrow| arrow.when.is_none() && arrow.at_most.is_none())
        {
            source.fault(step.arrows[always + 1].line, FaultKind::NeverTaken { step: named() });
        }
    }
}

fn conditions(
    source: &mut Source<'_>,
    definition: &Definition,
    step: &Step,
    earlier: &impl Fn(usize) -> bool,
) {
    for arrow in &step.arrows {
        for field in arrow.when.iter().flat_map(|condition| condition.fields()) {
            too_early(source, definition, field, arrow.line, earlier);
        }
    }
}

fn too_early(
    source: &mut Source<'_>,
    definition: &Definition,
    field: &str,
    line: usize,
    earlier: &impl Fn(usize) -> bool,
) {
    let asks = |step: &Step| step.fields.iter().any(|asked| asked.key == field);
    if let Some(place) = definition.steps.iter().position(asks)
        && !earlier(place)
    {
        let asked_in = definition.steps[place].key.clone();
        source.fault(line, FaultKind::TooEarly { field: field.to_owned(), asked_in });
    }
}

fn term(
    source: &mut Source<'_>,
    definition: &Definition,
    place: usize,
    step: &Step,
    before: &std::collections::BTreeSet<usize>,
) {
    let Some(from) = step.due.as_ref().and_then(|due| due.after.as_ref()) else { return };
    let books = definition.step(from).is_some_and(|other| {
        other != place
            && before.contains(&other)
            && matches!(definition.steps[other].kind, StepKind::Booking { .. })
    });
    if !books {
        let line = source.line_with(step.line, "due");
        source.fault(line, FaultKind::TermFrom { step: from.clone() });
    }
}

/// The blanks of letters and messages can be filled, and nothing sensitive leaves the house unsealed.
fn texts(source: &mut Source<'_>, definition: &Definition, step: &Step, earlier: &impl Fn(usize) -> bool) {
    let (templates, travels): (Vec<&Template>, bool) = match &step.kind {
        StepKind::Letter(letter) => {
            let texts = letter.to.iter().chain([&letter.subject, &letter.body]).collect();
            (texts, letter.delivery == super::Delivery::Message)
        }
        StepKind::CallOut { message, .. } => (vec![message], true),
        StepKind::Form | StepKind::Booking { .. } | StepKind::HandOut { .. } => return,
    };
    for blank in templates.into_iter().flat_map(Template::blanks) {
        if OWN_BLANKS.contains(&blank) {
            continue;
        }
        let line = source.line_with(step.line, &format!("{{{blank}"));
        match definition.field(blank) {
            None => {
                let keys =
                    definition.fields().map(|field| field.key.as_str()).chain(OWN_BLANKS.iter().copied());
                let near = nearest(blank, keys);
                source.fault(line, FaultKind::UnknownBlank { text: blank.to_owned(), near });
            }
            Some(field) if travels && field.sensitive => {
                source.fault(line, FaultKind::SensitiveTravels { field: blank.to_owned() });
            }
            Some(_) => too_early(source, definition, blank, line, earlier),
        }
    }
}
