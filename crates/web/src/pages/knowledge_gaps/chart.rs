//! How often something happened week by week, before and after something was done, as a picture; the table beneath says the same.

use crate::{t, words::Words};
use knowledge::asked::helped::Course;
use maud::{Markup, html};

/// Units of the picture's own, not pixels.
const WIDTH: usize = 660;
/// The widest a week's column is, and the narrowest.
const COLUMN_MAX: usize = 52;
const COLUMN_MIN: usize = 14;
const LEFT: usize = 40;
const TOP: usize = 14;
const HEIGHT: usize = 120;

/// One bar a week; a line stands where what was done began to work.
pub(super) fn weeks(words: &Words, course: &Course, heading: &str) -> Markup {
    let most = course.weeks.iter().map(|week| week.week.these).max().unwrap_or(0).max(1);
    let column = (WIDTH / course.weeks.len().max(1)).clamp(COLUMN_MIN, COLUMN_MAX);
    let bar = column * 2 / 3;
    let width = LEFT + (course.weeks.len() * column).max(WIDTH);
    let x = |n: usize| LEFT + n * column + (column - bar) / 2;
    // Room for a day beneath each so many weeks.
    let named = 90_usize.div_ceil(column);
    let acted = course.weeks.iter().position(|week| week.after);
    html! {
        svg .chart viewBox=(format!("0 0 {width} {}", TOP + HEIGHT + 24)) role="img" aria-labelledby=(heading)
            preserveAspectRatio="xMinYMin meet" {
            @for value in [0, most] {
                line x1=(LEFT) x2=(width) y1=(y(value, most)) y2=(y(value, most)) {}
                text x=(LEFT - 6) y=(y(value, most) + 4) text-anchor="end" { (value) }
            }
            @for (n, week) in course.weeks.iter().enumerate() {
                @let top = y(week.week.these, most);
                rect class="bar-body" x=(x(n)) y=(top) width=(bar) height=(TOP + HEIGHT - top) {}
                @if n % named == 0 {
                    text x=(x(n)) y=(TOP + HEIGHT + 16) { (words.day(week.first_day)) }
                }
            }
            @if let Some(n) = acted {
                line .interval x1=(LEFT + n * column) x2=(LEFT + n * column) y1="2" y2=(TOP + HEIGHT) {}
                text x=(LEFT + n * column + 4) y="10" { (t!(words, "gap-chart-acted")) }
            }
        }
    }
}

/// How far down a count lies.
fn y(value: u64, most: u64) -> usize {
    let part = usize::try_from(value.min(most).saturating_mul(HEIGHT as u64) / most.max(1)).unwrap_or(HEIGHT);
    TOP + HEIGHT - part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_lies_higher() {
        assert_eq!((y(0, 4), y(4, 4), y(2, 4)), (TOP + HEIGHT, TOP, TOP + HEIGHT / 2));
        assert_eq!(y(9, 4), TOP);
    }
}
