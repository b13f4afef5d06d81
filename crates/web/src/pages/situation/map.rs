//! The squares from which cases have come today, as a picture; the table beside it says the same.

use super::Count;
use crate::{t, words::Words};
use crisis::queries::middle;
use maud::{Markup, html};

/// The picture, in units of its own.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 320.0;
/// Room around the outermost squares.
const MARGIN: f64 = 40.0;
/// Kilometres to a degree of latitude.
const KM: f64 = 111.2;
/// However near the squares lie to each other, so much is shown, in kilometres.
const SPAN_KM_MIN: f64 = 6.0;
/// A circle's radius for one case, and at most.
const RADIUS_ONE: f64 = 7.0;
const RADIUS_MAX: f64 = 34.0;

/// Where a square stands in the picture, how large, and how many it stands for.
struct Circle {
    x: f64,
    y: f64,
    radius: f64,
    counted: u32,
    high: bool,
}

fn circles(counts: &[&Count]) -> Vec<Circle> {
    let places: Vec<(f64, f64, &Count)> = counts
        .iter()
        .filter_map(|count| middle(&count.stream).map(|(north, east)| (north, east, *count)))
        .collect();
    let bounds = |of: fn(&(f64, f64, &Count)) -> f64| {
        let low = places.iter().map(of).fold(f64::MAX, f64::min);
        let high = places.iter().map(of).fold(f64::MIN, f64::max);
        (low, high)
    };
    let ((south, north), (west, east)) = (bounds(|p| p.0), bounds(|p| p.1));
    let (middle_north, middle_east) = ((south + north) / 2.0, (west + east) / 2.0);
    // A degree of longitude is shorter the further north one is.
    let km_east = KM * middle_north.to_radians().cos();
    let span_north = ((north - south) * KM).max(SPAN_KM_MIN);
    let span_east = ((east - west) * km_east).max(SPAN_KM_MIN);
    let scale = ((WIDTH - 2.0 * MARGIN) / span_east).min((HEIGHT - 2.0 * MARGIN) / span_north);
    places
        .into_iter()
        .map(|(at_north, at_east, count)| Circle {
            x: WIDTH / 2.0 + (at_east - middle_east) * km_east * scale,
            y: HEIGHT / 2.0 - (at_north - middle_north) * KM * scale,
            // The area stands for the number.
            radius: (RADIUS_ONE * f64::from(count.counted).sqrt()).min(RADIUS_MAX),
            counted: count.counted,
            high: super::view::is_high(count),
        })
        .collect()
}

/// The picture, if any square lies anywhere.
pub(super) fn map(words: &Words, counts: &[&Count]) -> Markup {
    let circles = circles(counts);
    html! {
        @if !circles.is_empty() {
            svg .chart .situation-map viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(t!(words, "situation-map")) {
                rect .ground x="0" y="0" width=(WIDTH) height=(HEIGHT) {}
                @for circle in &circles {
                    circle .high[circle.high] cx=(format!("{:.1}", circle.x)) cy=(format!("{:.1}", circle.y)) r=(format!("{:.1}", circle.radius)) {}
                    text x=(format!("{:.1}", circle.x)) y=(format!("{:.1}", circle.y + 4.0)) text-anchor="middle" { (circle.counted) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crisis::spikes::{Sort, Stream};

    #[test]
    fn squares_lie_as_on_a_map_and_within_it() {
        let count = |key: &str, counted| Count {
            stream: Stream::new(Sort::Place, key),
            name: String::new(),
            counted,
            expected: None,
        };
        let counts = [count("58.73,17.00", 1), count("58.79,17.20", 9), count("somewhere", 3)];
        let all: Vec<&Count> = counts.iter().collect();
        let [south_west, north_east] = circles(&all).try_into().unwrap_or_else(|_| panic!("two squares"));
        assert!(south_west.x < north_east.x && south_west.y > north_east.y);
        assert!((north_east.radius - 3.0 * south_west.radius).abs() < 1e-9);
        for circle in [south_west, north_east] {
            assert!((0.0..=WIDTH).contains(&circle.x) && (0.0..=HEIGHT).contains(&circle.y));
        }
        assert_eq!(circles(&[]).len(), 0);
    }
}
