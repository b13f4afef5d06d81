//! What is set by hand in the checklist.

use super::referrals::web_address;
use crate::basis::writer;
use crate::error::AssignmentsError;
use crate::limits::{NOTE_CHARS_MAX, URL_CHARS_MAX};
use crate::queries;
use crate::standard::{Check, Facts, Point, PointState, computed};
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{AnyId, Context, local_day};

/// What is said of a point.
#[derive(Clone, Debug)]
pub struct PutCheck {
    /// The point.
    pub point: Point,
    /// Whether it is in place.
    pub state: PointState,
    /// How it is so.
    pub note: String,
    /// Where it can be seen: an address on the web or a path of our own; blank for nowhere.
    pub evidence: String,
}

/// Says of a point whether it is in place, with today's day and by whom.
///
/// # Errors
/// The point is computed, or a text is not acceptable.
pub fn put_check(s: &mut Session<'_>, ctx: &Context, cmd: &PutCheck) -> Result<(), AssignmentsError> {
    if computed(cmd.point, &Facts::default()).is_some() {
        return Err(AssignmentsError::NoSuchPoint);
    }
    let evidence = text::optional_line("evidence", &cmd.evidence, URL_CHARS_MAX)?.unwrap_or_default();
    let own_path = evidence.starts_with('/') && !evidence.starts_with("//");
    let check = Check {
        point: cmd.point,
        state: cmd.state,
        note: text::optional_paragraphs("note", &cmd.note, NOTE_CHARS_MAX)?.unwrap_or_default(),
        evidence: if own_path { evidence } else { web_address(&evidence)? },
        day: local_day(ctx.now),
        by: writer(ctx),
    };
    if queries::checks(s)?.contains(&check) {
        return Ok(());
    }
    queries::put_check(s, &check)?;
    let subject = Subject { kind: "standard_check", id: AnyId::nil() };
    let detail = Some(format!("{} {}", check.point, check.state));
    timeline::append(s, ctx, Entry { kind: "standard_checked", subject, related: None, detail })?;
    Ok(())
}
