//! The reachability index month by month, as a picture; the table beneath it says the same.

use crate::{t, words::Words};
use cases::queries::departments::Month;
use maud::{Markup, html};
use quality::Share;
use vocabulary::civil::Date;

/// Units of the picture's own, not pixels.
const COLUMN: usize = 56;
const LEFT: usize = 44;
const TOP: usize = 12;
const HEIGHT: usize = 160;

/// Points joined by a line, each with its interval. A month of which too little is known has no point, and the line stops.
pub(super) fn months(words: &Words, months: &[Month]) -> Markup {
    let width = LEFT + months.len() * COLUMN;
    let x = |n: usize| LEFT + n * COLUMN + COLUMN / 2;
    let shares: Vec<Option<Share>> = months.iter().map(|month| month.reachability.index).collect();
    html! {
        svg .chart viewBox=(format!("0 0 {width} {}", TOP + HEIGHT + 28)) role="img"
            aria-label=(t!(words, "departments-chart")) preserveAspectRatio="xMinYMin meet" {
            @for tenths in [0_u32, 5, 10] {
                @let at = f64::from(tenths) / 10.0;
                line x1=(LEFT) x2=(width) y1=(y(at)) y2=(y(at)) {}
                text x=(LEFT - 6) y=(y(at) + 4) text-anchor="end" { (words.percent(at)) }
            }
            @for (n, pair) in shares.windows(2).enumerate() {
                @if let [Some(from), Some(to)] = pair {
                    line .trend x1=(x(n)) y1=(y(from.share)) x2=(x(n + 1)) y2=(y(to.share)) {}
                }
            }
            @for (n, (month, share)) in months.iter().zip(&shares).enumerate() {
                @if let Some(share) = share {
                    line .interval x1=(x(n)) x2=(x(n)) y1=(y(share.low)) y2=(y(share.high)) {}
                    circle cx=(x(n)) cy=(y(share.share)) r="4" {}
                }
                text x=(x(n)) y=(TOP + HEIGHT + 20) text-anchor="middle" { (month_short(words, month.first_day)) }
            }
        }
    }
}

/// How far down a share lies.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1, so the product between 0 and the height"
)]
fn y(share: f64) -> usize {
    TOP + ((1.0 - share.clamp(0.0, 1.0)) * f64::from(u16::try_from(HEIGHT).unwrap_or(u16::MAX))).round()
        as usize
}

/// "nov".
fn month_short(words: &Words, first_day: Date) -> String {
    words.word("month-short", &first_day.month().to_string())
}

/// "nov 2026".
pub(super) fn month_name(words: &Words, first_day: Date) -> String {
    format!("{} {}", month_short(words, first_day), first_day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_lies_higher() {
        assert_eq!((y(1.0), y(0.0), y(0.5)), (TOP, TOP + HEIGHT, TOP + HEIGHT / 2));
        assert!(y(2.0) == TOP && y(-1.0) == TOP + HEIGHT);
    }
}
