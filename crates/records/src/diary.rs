//! The diary (diarium) of a board: every case that arrived in a period, as a registrar hands it out. What is secret is
//! masked, not left out: that a document has come in is registered also when its contents are secret (OSL 5:1–2).

use cases::Viewer;
use people::boards::{Sight, sight};
use serde::Serialize;
use sheets::Cell;
use storage::{Row, Session, params, sql};
use vocabulary::civil::Date;
use vocabulary::{CaseOutcome, CaseStatus, SecrecyClass, Timestamp, UserId, local_day};

use crate::RecordsError;

/// Most lines of one diary.
pub const LINES_MAX: u32 = 100_000;
/// The longest period, in days.
pub const PERIOD_DAYS_MAX: i32 = 3 * 366;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The case's number.
    pub number: String,
    /// The day it arrived.
    pub arrival_day: Date,
    /// Its type; none if masked.
    pub case_type: Option<String>,
    /// Whose it is; none if nobody is known, or masked.
    pub sender: Option<String>,
    /// Where it stands; none if masked.
    pub status: Option<CaseStatus>,
    /// How it ended; none if it has not, or masked.
    pub outcome: Option<CaseOutcome>,
    /// The day it was closed.
    pub closed_day: Option<Date>,
    /// Whether something is masked because it is secret.
    pub masked: bool,
}

/// A board's diary for the days from `from` to and with `to`, by number, as `viewer` may see it: of a case they may not
/// open only its number and days; a secret case's and a protected resident's name never.
///
/// # Errors
/// The period is too long or runs backwards; the database.
pub fn diary(
    s: &mut Session<'_>,
    viewer: Viewer,
    board: &str,
    from: Date,
    to: Date,
) -> Result<Vec<Line>, RecordsError> {
    let days = from.until(to).map_or(-1, |span| span.get_days());
    if !(0..=PERIOD_DAYS_MAX).contains(&days) {
        let max = PERIOD_DAYS_MAX.unsigned_abs();
        return Err(RecordsError::OutOfRange { field: "period", min: 0, max });
    }
    let granted = viewer.sees_all() || people::boards::queries::granted(s, viewer.holder(), board)?;
    let lines = s.rows(
        sql!(
            "SELECT c.number, c.arrival_day, t.name, r.name, COALESCE(r.protected, FALSE), c.status, c.outcome,
                    c.closed_at, c.secrecy_class, c.registered_by, c.assignee_id
             FROM cases c JOIN case_types t ON t.id = c.case_type_id
             LEFT JOIN residents r ON r.id = c.resident_id
             WHERE c.board = $1 AND c.arrival_day >= $2 AND c.arrival_day <= $3
             ORDER BY c.arrival_day, c.number LIMIT $4"
        ),
        params![board, from, to, LINES_MAX],
        |r| line(r, viewer, granted),
    )?;
    Ok(lines)
}

fn line(r: &Row<'_>, viewer: Viewer, granted: bool) -> Result<Line, storage::StorageError> {
    let (class, protected): (SecrecyClass, bool) = (r.get(8)?, r.get(4)?);
    let (registered_by, assignee): (Option<UserId>, Option<UserId>) = (r.get(9)?, r.get(10)?);
    let named = viewer.sees_all()
        || viewer.user().is_some_and(|user| registered_by == Some(user) || assignee == Some(user));
    let open = sight(class, named, granted) == Sight::Open;
    let name_may_show = class == SecrecyClass::Open && !protected;
    let (case_type, sender): (String, Option<String>) = (r.get(2)?, r.get(3)?);
    let closed: Option<Timestamp> = r.get(7)?;
    Ok(Line {
        number: r.get(0)?,
        arrival_day: r.get(1)?,
        case_type: open.then_some(case_type),
        masked: !open || (sender.is_some() && !name_may_show),
        sender: sender.filter(|_| name_may_show),
        status: if open { Some(r.get(5)?) } else { None },
        outcome: if open { r.get(6)? } else { None },
        closed_day: closed.map(local_day),
    })
}

/// The line's cells, in the order of a diary's columns. `word` puts statuses and outcomes into the reader's language, and
/// `masked` is what stands where something is secret.
pub fn cells(line: &Line, masked: &str, word: impl Fn(&'static str, &str) -> String) -> Vec<Cell> {
    let secret = |text: Option<String>| match text {
        Some(text) => Cell::text(text),
        None if line.masked => Cell::text(masked),
        None => Cell::Empty,
    };
    let ended = match (line.outcome, line.status) {
        (Some(outcome), _) => Some(word("outcome", outcome.as_str())),
        (None, Some(status)) => Some(word("status", status.as_str())),
        (None, None) => None,
    };
    vec![
        Cell::text(line.number.clone()),
        Cell::Day(line.arrival_day),
        secret(line.case_type.clone()),
        secret(line.sender.clone()),
        secret(ended),
        Cell::day(line.closed_day),
    ]
}

/// The diary as JSON Lines: one object a line, UTF-8, with the field names of [`Line`].
///
/// # Errors
/// None that is known; what the serialiser says.
pub fn json_lines(lines: &[Line]) -> Result<String, RecordsError> {
    let mut text = String::new();
    for line in lines {
        let json = serde_json::to_string(line).map_err(|error| RecordsError::Payload(error.to_string()))?;
        text.push_str(&json);
        text.push('\n');
    }
    Ok(text)
}
