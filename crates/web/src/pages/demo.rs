//! The demo's clock. Mounted only where there is one.

use crate::{AppState, error::PageError, forms_in::own_path, visit::Visit};
use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;
use vocabulary::{SignedDuration, Timestamp, add_working_days, local_day, start_of_day};

/// When a demo's working day begins: eight in the morning, when reminders and call tasks are due.
const MORNING: SignedDuration = SignedDuration::from_hours(8);
/// How many working days "a week" is: the day the contact centre is told to phone the officer.
const WEEK_WORKING_DAYS: u16 = 7;

/// What the buttons send.
#[derive(Debug, Deserialize)]
pub struct ClockForm {
    jump: String,
    back: Option<String>,
}

/// `POST /demo/clock`
///
/// # Errors
/// No such jump, or no demo.
pub async fn jump(
    State(state): State<AppState>,
    _visit: Visit,
    Form(asked): Form<ClockForm>,
) -> Result<Redirect, PageError> {
    let demo = state.demo.as_ref().ok_or(PageError::NotFound)?;
    let by = distance(demo.now(), &asked.jump)?;
    demo.jump(by);
    Ok(Redirect::to(&own_path(asked.back.as_deref(), "/")))
}

fn distance(now: Timestamp, jump: &str) -> Result<SignedDuration, PageError> {
    let working_days = match jump {
        "hour" => return Ok(SignedDuration::from_hours(1)),
        "day" => 1,
        "week" => WEEK_WORKING_DAYS,
        other => {
            return Err(PageError::Invalid(format!("{other:?} is not a jump; allowed: hour, day, week")));
        }
    };
    let to = start_of_day(add_working_days(local_day(now), working_days)) + MORNING;
    Ok(to.duration_since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_working_day_begins_at_eight_and_skips_the_week_end() {
        let friday: Timestamp = "2026-11-20T13:00:00Z".parse().unwrap();
        let next = friday + distance(friday, "day").unwrap();
        assert_eq!(next.to_string(), "2026-11-23T07:00:00Z");
        let later = friday + distance(friday, "week").unwrap();
        assert_eq!(later.to_string(), "2026-12-01T07:00:00Z");
        assert!(distance(friday, "year").is_err());
    }
}
