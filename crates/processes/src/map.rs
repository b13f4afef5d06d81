//! A process drawn as a map: boxes in rows, from the first step down to the ends, and the lines between them. Pure
//! geometry in pixels; whoever shows it draws it, and shows the same as a list.

use crate::definition::{Arrow, Definition, Node};
use std::collections::BTreeMap;

/// The size of a box.
pub const BOX: (i32, i32) = (200, 52);
const GAP: (i32, i32) = (28, 84);
/// Between two lines that run side by side.
const LANE: i32 = 14;
/// Room for lines above the first row and beside the boxes.
const MARGIN: i32 = 24;

/// A map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Its size.
    pub size: (i32, i32),
    /// The steps and ends, each with the corner where its box begins.
    pub boxes: Vec<(Node, (i32, i32))>,
    /// The ways on.
    pub lines: Vec<Line>,
}

/// A way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From the step's box to the target's, by right angles.
    pub points: Vec<(i32, i32)>,
    /// When it is taken.
    pub when: Option<String>,
    /// Whether it leads back.
    pub back: bool,
    /// Which of its box's ways it is, from 0: conditions stand under each other.
    pub nth: i32,
}

/// Draws a definition.
#[must_use]
pub fn draw(definition: &Definition) -> Map {
    let rows = rows(definition);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(1);
    let width = |boxes: usize| {
        let boxes = i32::try_from(boxes).unwrap_or(1);
        boxes * BOX.0 + (boxes - 1) * GAP.0
    };
    let mut lanes = Lanes::new(definition, &rows);
    let left = MARGIN + lanes.back * LANE;
    let mut corners = BTreeMap::new();
    for (row, nodes) in (0_i32..).zip(&rows) {
        let indent = (width(widest) - width(nodes.len())) / 2;
        for (column, node) in (0_i32..).zip(nodes) {
            let corner = (left + indent + column * (BOX.0 + GAP.0), MARGIN + row * (BOX.1 + GAP.1));
            corners.insert(*node, corner);
        }
    }
    let right = left + width(widest);
    let row_of: BTreeMap<Node, i32> =
        (0_i32..).zip(&rows).flat_map(|(row, nodes)| nodes.iter().map(move |node| (*node, row))).collect();
    let mut lines = Vec::new();
    for (place, step) in definition.steps.iter().enumerate() {
        let from = Node::Step(place);
        let count = i32::try_from(step.arrows.iter().map(|arrow| arrow.to.len()).sum::<usize>()).unwrap_or(1);
        let mut nth = 0;
        for arrow in &step.arrows {
            for to in &arrow.to {
                nth += 1;
                // The ways leave a box side by side along its lower edge.
                let out = (corners[&from].0 + BOX.0 * nth / (count + 1), corners[&from].1 + BOX.1);
                let mut drawn = line(arrow, out, (from, *to), &corners, &row_of, &mut lanes, (left, right));
                drawn.nth = nth - 1;
                lines.push(drawn);
            }
        }
    }
    let height = MARGIN * 2 + i32::try_from(rows.len()).unwrap_or(1) * (BOX.1 + GAP.1) - GAP.1;
    let size = (right + lanes.long_total * LANE + MARGIN, height);
    Map { size, boxes: corners.into_iter().collect(), lines }
}

fn line(
    arrow: &Arrow,
    out: (i32, i32),
    (from, to): (Node, Node),
    corners: &BTreeMap<Node, (i32, i32)>,
    row_of: &BTreeMap<Node, i32>,
    lanes: &mut Lanes,
    (left, right): (i32, i32),
) -> Line {
    let (from_row, to_row) = (row_of[&from], row_of[&to]);
    let corner = corners[&to];
    let into = (corner.0 + BOX.0 / 2, corner.1);
    let below = out.1 + GAP.1 * 2 / 3;
    let above = into.1 - GAP.1 / 6;
    let back = to_row <= from_row;
    let points = if to_row == from_row + 1 {
        let middle = out.1 + GAP.1 * 3 / 4;
        vec![out, (out.0, middle), (into.0, middle), into]
    } else {
        let lane = if back { left - LANE * lanes.next_back() } else { right + LANE * lanes.next_long() };
        vec![out, (out.0, below), (lane, below), (lane, above), (into.0, above), into]
    };
    Line { points, when: arrow.when.as_ref().map(ToString::to_string), back, nth: 0 }
}

/// How many lines run beside the boxes.
struct Lanes {
    back: i32,
    long_total: i32,
    back_used: i32,
    long_used: i32,
}

impl Lanes {
    fn new(definition: &Definition, rows: &[Vec<Node>]) -> Self {
        let row = |node: Node| rows.iter().position(|nodes| nodes.contains(&node)).unwrap_or(0);
        let mut lanes = Self { back: 0, long_total: 0, back_used: 0, long_used: 0 };
        for (place, step) in definition.steps.iter().enumerate() {
            let from = row(Node::Step(place));
            for to in step.arrows.iter().flat_map(|arrow| &arrow.to) {
                let to = row(*to);
                lanes.back += i32::from(to <= from);
                lanes.long_total += i32::from(to > from + 1);
            }
        }
        lanes
    }

    fn next_back(&mut self) -> i32 {
        self.back_used += 1;
        self.back_used
    }

    fn next_long(&mut self) -> i32 {
        self.long_used += 1;
        self.long_used
    }
}

/// Each step as far down as the longest way to it, ways back not counted; the ends last.
fn rows(definition: &Definition) -> Vec<Vec<Node>> {
    let mut row = vec![0_usize; definition.steps.len()];
    // Ways without a count make no round, so that this comes to rest within as many turns as there are steps.
    for _ in 0..definition.steps.len() {
        for (place, step) in definition.steps.iter().enumerate() {
            for arrow in &step.arrows {
                for to in &arrow.to {
                    // A way with a count leads on if what it leads to is written further down.
                    if let Node::Step(to) = *to
                        && (arrow.at_most.is_none() || to > place)
                    {
                        row[to] = row[to].max(row[place] + 1).min(definition.steps.len());
                    }
                }
            }
        }
    }
    let last = row.iter().max().copied().unwrap_or(0);
    let mut rows = vec![Vec::new(); last + 1];
    for (place, at) in row.iter().enumerate() {
        rows[*at].push(Node::Step(place));
    }
    rows.push((0..definition.ends.len()).map(Node::End).collect());
    rows.retain(|nodes: &Vec<Node>| !nodes.is_empty());
    rows
}
