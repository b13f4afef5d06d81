//! Who did what in a crisis, read from the timeline.

use crate::Deed;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, CrisisId, GenericUuid as _, Timestamp};

fn deed(r: &Row<'_>) -> Result<Deed, StorageError> {
    Ok(Deed {
        at: r.get(0)?,
        kind: r.get(1)?,
        actor_kind: r.get(2)?,
        who: r.get(3)?,
        what: r.get(4)?,
        detail: r.get(5)?,
    })
}

/// What has been done in this room between `from` and `to`, the latest first; with `call_ins`, also whom was called in.
///
/// # Errors
/// The database.
pub fn log(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
    call_ins: bool,
    limit: u32,
) -> Result<Vec<Deed>, StorageError> {
    // By the deed's words, which the timeline is indexed by; a town has some thousands of these lines, not millions.
    s.rows(
        sql!(
            "SELECT t.at, t.kind, t.actor_kind, u.name, COALESCE(c.title, p.name), t.detail
             FROM timeline t
             LEFT JOIN users u ON u.id = t.actor_id
             LEFT JOIN crises c ON c.id = t.subject_id
             LEFT JOIN call_in_people p ON p.id = t.related_id
             WHERE t.at >= $1 AND t.at < $2
               AND t.kind IN ('crisis_opened', 'crisis_message_written', 'crisis_message_approved',
                   'crisis_message_discarded', 'crisis_sound_made', 'crisis_sound_removed', 'crisis_ended',
                   'crisis_period_changed', 'crisis_template_changed', 'crisis_notice_on', 'crisis_notice_off',
                   'spike_proposed', 'spike_taken', 'spike_dismissed', 'spike_over', 'call_in_opened',
                   'call_in_texted', 'call_in_noted', 'call_in_answered', 'call_in_closed',
                   'call_in_person_changed')
               AND ($3 OR t.subject_kind <> 'call_in')
             ORDER BY t.seq DESC LIMIT $4"
        ),
        params![from, to, call_ins, limit],
        deed,
    )
}

/// What has been done in one crisis, the latest first.
///
/// # Errors
/// The database.
pub fn log_of(
    s: &mut Session<'_>,
    crisis: CrisisId,
    call_ins: bool,
    limit: u32,
) -> Result<Vec<Deed>, StorageError> {
    let subject: AnyId = crisis.into_untyped_uuid();
    s.rows(
        sql!(
            "SELECT t.at, t.kind, t.actor_kind, u.name, COALESCE(p.name, c.title), t.detail
             FROM timeline t
             LEFT JOIN users u ON u.id = t.actor_id
             LEFT JOIN crises c ON c.id = t.subject_id
             LEFT JOIN call_in_people p ON p.id = t.related_id
             WHERE t.subject_id = $1 AND ($2 OR t.subject_kind <> 'call_in') ORDER BY t.seq DESC LIMIT $3"
        ),
        params![subject, call_ins, limit],
        deed,
    )
}
