//! The ways of a definition: what can be reached, what goes round, where side by side ways meet.

use super::table::Source;
use super::{Definition, FaultKind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// For each step, the steps that can be passed before it.
pub(super) fn before(definition: &Definition) -> Vec<BTreeSet<usize>> {
    let mut before = vec![BTreeSet::new(); definition.steps.len()];
    for start in 0..definition.steps.len() {
        for node in ahead(definition, Node::Step(start), |_| false) {
            if let Node::Step(place) = node {
                before[place].insert(start);
            }
        }
    }
    before
}

/// What lies ahead of a node; the way is not followed beyond what `stops` says. The node itself is among it only if a
/// way leads back to it.
fn ahead(definition: &Definition, from: Node, stops: impl Fn(Node) -> bool) -> BTreeSet<Node> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(node) = next.pop() {
        let Node::Step(place) = node else { continue };
        if node != from && stops(node) {
            continue;
        }
        for target in definition.steps[place].arrows.iter().flat_map(|arrow| &arrow.to) {
            if seen.insert(*target) {
                next.push(*target);
            }
        }
    }
    seen
}

pub(super) fn check(source: &mut Source<'_>, definition: &Definition) {
    if definition.steps.is_empty() {
        return;
    }
    reachable(source, definition);
    endless(source, definition);
    gathering(source, definition);
    side_by_side(source, definition);
}

fn reachable(source: &mut Source<'_>, definition: &Definition) {
    let reached = ahead(definition, Node::Step(0), |_| false);
    for (place, step) in definition.steps.iter().enumerate().skip(1) {
        if !reached.contains(&Node::Step(place)) {
            source.fault(step.line, FaultKind::Unreachable { what: "step", key: step.key.clone() });
        }
    }
    for (place, end) in definition.ends.iter().enumerate() {
        if !reached.contains(&Node::End(place)) {
            source.fault(end.line, FaultKind::Unreachable { what: "end", key: end.key.clone() });
        }
    }
}

/// Ways without a count must not lead round: then every case comes to an end after so and so many steps.
fn endless(source: &mut Source<'_>, definition: &Definition) {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Mark {
        New,
        Under,
        Done,
    }
    fn visit(
        definition: &Definition,
        place: usize,
        marks: &mut Vec<Mark>,
        way: &mut Vec<usize>,
    ) -> Option<Vec<usize>> {
        marks[place] = Mark::Under;
        way.push(place);
        for arrow in definition.steps[place].arrows.iter().filter(|arrow| arrow.at_most.is_none()) {
            for node in &arrow.to {
                let Node::Step(to) = *node else { continue };
                if marks[to] == Mark::Under {
                    let from = way.iter().position(|step| *step == to).unwrap_or(0);
                    return Some(way[from..].to_vec());
                }
                if marks[to] == Mark::New
                    && let Some(round) = visit(definition, to, marks, way)
                {
                    return Some(round);
                }
            }
        }
        way.pop();
        marks[place] = Mark::Done;
        None
    }
    let mut marks = vec![Mark::New; definition.steps.len()];
    for place in 0..definition.steps.len() {
        if marks[place] == Mark::New
            && let Some(round) = visit(definition, place, &mut marks, &mut Vec::new())
        {
            let keys: Vec<&str> = round.iter().map(|step| definition.steps[*step].key.as_str()).collect();
            let line = round.last().map_or(1, |step| definition.steps[*step].line);
            source.fault(line, FaultKind::Endless { round: keys.join(" → ") });
            return;
        }
    }
}

/// A step that gathers does not lie on a round: two such could wait for each other.
fn gathering(source: &mut Source<'_>, definition: &Definition) {
    for (place, step) in definition.steps.iter().enumerate().filter(|(_, step)| step.gather) {
        let node = Node::Step(place);
        if ahead(definition, node, |_| false).contains(&node) {
            source.fault(step.line, FaultKind::GatherInRound { step: step.key.clone() });
        }
    }
}

/// Ways that part must be gathered before they meet or come to an end, unless the end breaks off the rest.
fn side_by_side(source: &mut Source<'_>, definition: &Definition) {
    let gathers = |node: Node| matches!(node, Node::Step(place) if definition.steps[place].gather);
    for step in &definition.steps {
        for arrow in step.arrows.iter().filter(|arrow| arrow.to.len() > 1) {
            let mut met: BTreeMap<Node, usize> = BTreeMap::new();
            for to in &arrow.to {
                let mut reached =
                    if gathers(*to) { BTreeSet::new() } else { ahead(definition, *to, gathers) };
                reached.insert(*to);
                for node in reached {
                    *met.entry(node).or_default() += 1;
                }
            }
            let wrong = met.into_iter().find(|(node, times)| match node {
                Node::Step(_) => *times > 1 && !gathers(*node),
                Node::End(place) => !definition.ends[*place].cancels,
            });
            if let Some((node, _)) = wrong {
                let key = match node {
                    Node::Step(place) => &definition.steps[place].key,
                    Node::End(place) => &definition.ends[place].key,
                };
                let fault = FaultKind::SideBySide { key: key.clone(), from: step.key.clone() };
                source.fault(arrow.line, fault);
            }
        }
    }
}

impl Definition {
    /// Whether a way leads from one step to another, over however many others.
    #[must_use]
    pub fn leads(&self, from: usize, to: usize) -> bool {
        ahead(self, Node::Step(from), |_| false).contains(&Node::Step(to))
    }
}
