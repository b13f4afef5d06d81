//! The SQL of openings.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{SignedDuration, Timestamp};

use super::{OPENINGS_MAX, Of, Opening, RELATED_WITHIN_HOURS, same_family_name};

/// The columns of an opening, whether something else bears it out, and where they come from. `$1` is how far from the
/// opening that may lie, in microseconds.
macro_rules! openings {
    ($rest:literal) => {
        concat!(
            "SELECT t.at, t.actor_kind, t.actor_id, u.name, t.subject_kind, t.subject_id, k.number, r.id, t.detail,
                    COALESCE(r.protected, FALSE), r.name,
                    EXISTS (SELECT 1 FROM contacts c WHERE c.case_id = k.id AND c.guide_id = t.actor_id
                              AND c.arrived_at BETWEEN t.at - $1 AND t.at + $1)
                    OR EXISTS (SELECT 1 FROM contacts c WHERE c.resident_id = r.id AND c.guide_id = t.actor_id
                                 AND c.arrived_at BETWEEN t.at - $1 AND t.at + $1)
                    OR EXISTS (SELECT 1 FROM timeline o WHERE o.subject_id = t.subject_id
                                 AND o.actor_id = t.actor_id AND o.kind <> 'opened'
                                 AND o.at BETWEEN t.at - $1 AND t.at + $1)
             FROM timeline t
             LEFT JOIN users u ON u.id = t.actor_id
             LEFT JOIN cases k ON k.id = CASE WHEN t.subject_kind = 'case' THEN t.subject_id ELSE t.related_id END
             LEFT JOIN residents r
                 ON r.id = CASE t.subject_kind WHEN 'resident' THEN t.subject_id
                               WHEN 'conversation' THEN t.related_id ELSE k.resident_id END
             WHERE t.kind = 'opened' ",
            $rest
        )
    };
}

fn read(r: &Row<'_>) -> Result<Opening, StorageError> {
    let (by_name, resident_name): (Option<String>, Option<String>) = (r.get(3)?, r.get(10)?);
    let detail: Option<String> = r.get(8)?;
    let same = matches!((&by_name, &resident_name), (Some(one), Some(other)) if same_family_name(one, other));
    Ok(Opening {
        at: r.get(0)?,
        by_kind: r.get(1)?,
        by: r.get(2)?,
        by_name,
        what: r.get(4)?,
        subject: r.get(5)?,
        case_number: r.get(6)?,
        resident: r.get(7)?,
        sealed: detail.as_deref() == Some(people::audit::SEALED),
        protected: r.get(9)?,
        related: r.get(11)?,
        same_family_name: same,
    })
}

/// The openings from `from` until before `to`, newest first, at most `lines_max` (and never more than [`OPENINGS_MAX`]).
pub fn openings(
    s: &mut Session<'_>,
    of: Of,
    from: Timestamp,
    to: Timestamp,
    lines_max: u32,
) -> Result<Vec<Opening>, StorageError> {
    let near =
        i64::try_from(SignedDuration::from_hours(RELATED_WITHIN_HOURS).as_micros()).unwrap_or(i64::MAX);
    let limit = lines_max.min(OPENINGS_MAX);
    match of {
        Of::All => s.rows(
            sql!(openings!("AND t.at >= $2 AND t.at < $3 ORDER BY t.at DESC, t.seq DESC LIMIT $4")),
            params![near, from, to, limit],
            read,
        ),
        Of::By(who) => s.rows(
            sql!(openings!(
                "AND t.actor_id = $5 AND t.at >= $2 AND t.at < $3 ORDER BY t.at DESC, t.seq DESC LIMIT $4"
            )),
            params![near, from, to, limit, who],
            read,
        ),
        Of::Resident(resident) => s.rows(
            sql!(openings!(
                "AND (t.subject_id = $5 OR t.subject_id IN (SELECT x.id FROM cases x WHERE x.resident_id = $5)
                      OR t.related_id = $5
                      OR t.related_id IN (SELECT x.id FROM cases x WHERE x.resident_id = $5))
                 AND t.at >= $2 AND t.at < $3 ORDER BY t.at DESC, t.seq DESC LIMIT $4"
            )),
            params![near, from, to, limit, resident],
            read,
        ),
        Of::Case(case) => s.rows(
            sql!(openings!(
                "AND (t.subject_id = $5 OR t.related_id = $5)
                 AND t.at >= $2 AND t.at < $3 ORDER BY t.at DESC, t.seq DESC LIMIT $4"
            )),
            params![near, from, to, limit, case],
            read,
        ),
    }
}
