//! A process map drawn in lanes: a column for each who does something, a row for each step, and the lines between. Pure
//! geometry in pixels; whoever shows it draws it, and shows the same as a list.

use crate::model::Doer;
use crate::steps::{Step, ways};

/// The size of a box.
pub const BOX: (i32, i32) = (176, 62);
/// Between two lanes, and between two rows.
const GAP: (i32, i32) = (28, 58);
/// Between two lines that run side by side.
const LANE: i32 = 12;
/// Room around everything.
const MARGIN: i32 = 14;
/// Room for the lanes' headings.
pub const HEADING: i32 = 34;

/// A map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Its size.
    pub size: (i32, i32),
    /// Who does something, each with the left edge of its lane.
    pub lanes: Vec<(Doer, i32)>,
    /// The corners of the steps' boxes, in order.
    pub boxes: Vec<(i32, i32)>,
    /// The corner of the end's box.
    pub end: (i32, i32),
    /// The ways on.
    pub lines: Vec<Line>,
}

/// A way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From the step's box to the target's, by right angles.
    pub points: Vec<(i32, i32)>,
    /// When it is taken; empty if always.
    pub when: String,
    /// Whether it leads back.
    pub back: bool,
    /// Which of its box's ways it is, from 0: conditions stand under each other.
    pub nth: i32,
}

/// Draws a process map.
#[must_use]
pub fn draw(steps: &[Step]) -> Map {
    let doers: Vec<Doer> =
        Doer::ALL.iter().copied().filter(|doer| steps.iter().any(|step| step.who == *doer)).collect();
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    // A way that does not lead to the next row runs beside the lanes: forwards to the right, back to the left.
    let long = |place: usize, to: Option<usize>| to.unwrap_or(steps.len()) > place + 1;
    let back = |place: usize, to: Option<usize>| to.is_some_and(|to| to <= place);
    let all: Vec<(usize, Option<usize>)> = (0..steps.len())
        .flat_map(|place| ways(steps, place).into_iter().map(move |way| (place, way.to)))
        .collect();
    let backs = count(all.iter().filter(|(place, to)| back(*place, *to)).count());
    let longs = count(all.iter().filter(|(place, to)| long(*place, *to)).count());
    let left = MARGIN + backs * LANE;
    let lane_x = |n: usize| left + count(n) * (BOX.0 + GAP.0);
    let row_y = |row: usize| MARGIN + HEADING + count(row) * (BOX.1 + GAP.1);
    let lane_of = |doer: Doer| doers.iter().position(|other| *other == doer).unwrap_or(0);
    let boxes: Vec<(i32, i32)> =
        steps.iter().enumerate().map(|(row, step)| (lane_x(lane_of(step.who)), row_y(row))).collect();
    let end_lane = steps.last().map_or(0, |step| lane_of(step.who));
    let end = (lane_x(end_lane), row_y(steps.len()));
    let right = lane_x(doers.len().max(1)) - GAP.0;
    let mut sides = Sides { left, right, back: 0, long: 0 };
    let mut lines = Vec::new();
    for (place, corner) in boxes.iter().enumerate() {
        let ways = ways(steps, place);
        let ways_out = count(ways.len());
        for (nth, way) in (0..).zip(ways) {
            // The ways leave a box side by side along its lower edge.
            let out = (corner.0 + BOX.0 * (nth + 1) / (ways_out + 1), corner.1 + BOX.1);
            let target = way.to.map_or(end, |to| boxes[to]);
            let side = match (back(place, way.to), long(place, way.to)) {
                (true, _) => Some(sides.next_back()),
                (false, true) => Some(sides.next_long()),
                (false, false) => None,
            };
            let points = route(out, (target.0 + BOX.0 / 2, target.1), side);
            lines.push(Line { points, when: way.when, back: back(place, way.to), nth });
        }
    }
    let size = (right + longs * LANE + MARGIN, end.1 + BOX.1 + MARGIN);
    let lanes = doers.into_iter().enumerate().map(|(n, doer)| (doer, lane_x(n))).collect();
    Map { size, lanes, boxes, end, lines }
}

/// By right angles: straight down into the next row, or out to `side`, along it and in from above.
fn route(out: (i32, i32), into: (i32, i32), side: Option<i32>) -> Vec<(i32, i32)> {
    match side {
        None => {
            let middle = out.1 + GAP.1 * 3 / 4;
            vec![out, (out.0, middle), (into.0, middle), into]
        }
        Some(side) => {
            let below = out.1 + GAP.1 / 2;
            let above = into.1 - GAP.1 / 6;
            vec![out, (out.0, below), (side, below), (side, above), (into.0, above), into]
        }
    }
}

/// The lines that run beside the lanes so far.
struct Sides {
    left: i32,
    right: i32,
    back: i32,
    long: i32,
}

impl Sides {
    fn next_back(&mut self) -> i32 {
        self.back += 1;
        self.left - self.back * LANE
    }

    fn next_long(&mut self) -> i32 {
        self.long += 1;
        self.right + self.long * LANE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::read;

    #[test]
    fn each_step_lies_in_its_lane_and_every_line_meets_its_boxes() {
        let steps = read(
            "invånare: Ringer\nkontaktcenter: Frågar\n- fara: 4\n- 3\nhandläggare: Svarar\n- nej: 2\n- slut\nsystem: Larmar",
        )
        .unwrap();
        let map = draw(&steps);
        assert_eq!(map.lanes.len(), 4);
        assert_eq!(map.boxes.len(), 4);
        assert_eq!(map.lines.len(), 1 + 2 + 2 + 1);
        for (step, corner) in steps.iter().zip(&map.boxes) {
            let (_, lane) = map.lanes.iter().find(|(doer, _)| *doer == step.who).unwrap();
            assert_eq!(corner.0, *lane);
        }
        for pair in map.boxes.windows(2) {
            assert!(pair[1].1 >= pair[0].1 + BOX.1, "rows do not lie over each other");
        }
        let tops: Vec<(i32, i32)> =
            map.boxes.iter().chain([&map.end]).map(|corner| (corner.0 + BOX.0 / 2, corner.1)).collect();
        for line in &map.lines {
            assert!(tops.contains(line.points.last().unwrap()), "{line:?}");
            for pair in line.points.windows(2) {
                assert!(pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1, "right angles: {line:?}");
            }
            for point in &line.points {
                assert!(point.0 > 0 && point.0 < map.size.0 && point.1 > 0 && point.1 < map.size.1);
            }
        }
        assert_eq!(map.lines.iter().filter(|line| line.back).count(), 1);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(draw(&[]).boxes, []);
        assert_eq!(draw(&[]).lines, []);
    }
}
