//! The SQL of rules, holds and batches.

use jiff::Span;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{
    CaseId, DisposalId, HoldId, ResidentId, SignedDuration, Timestamp, UserId, local_day, start_of_day,
};

use super::{
    Age, CountedFrom, Disposal, DisposalCount, DisposalState, Hold, REJECTED_REST_DAYS, RetentionAction,
    Rule, WhyKept,
};

fn read_rule(r: &Row<'_>) -> Result<Rule, StorageError> {
    Ok(Rule {
        code: r.get(0)?,
        keep_months: r.get(1)?,
        counted_from: r.get(2)?,
        action: r.get(3)?,
        basis: r.get(4)?,
        active: r.get(5)?,
    })
}

/// Every rule, in use or not, by code.
pub fn rules(s: &mut Session<'_>) -> Result<Vec<Rule>, StorageError> {
    s.rows(
        sql!(
            "SELECT code, keep_months, counted_from, action, basis, active FROM retention_rules ORDER BY code"
        ),
        params![],
        read_rule,
    )
}

/// The rule with that code.
pub fn rule(s: &mut Session<'_>, code: &str) -> Result<Option<Rule>, StorageError> {
    s.row(
        sql!(
            "SELECT code, keep_months, counted_from, action, basis, active FROM retention_rules WHERE code = $1"
        ),
        params![code],
        read_rule,
    )
}

/// The codes that case types give their cases and that no rule explains: nothing of theirs is ever weeded out.
pub fn codes_without_rule(s: &mut Session<'_>) -> Result<Vec<String>, StorageError> {
    s.rows(
        sql!(
            "SELECT DISTINCT t.retention_rule FROM case_types t
             WHERE NOT EXISTS (SELECT 1 FROM retention_rules r WHERE r.code = t.retention_rule)
             ORDER BY t.retention_rule"
        ),
        params![],
        |r| r.get(0),
    )
}

pub(super) fn upsert_rule(s: &mut Session<'_>, rule: &Rule, now: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO retention_rules (code, keep_months, counted_from, action, basis, active, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (code) DO UPDATE SET keep_months = excluded.keep_months,
                 counted_from = excluded.counted_from, action = excluded.action, basis = excluded.basis,
                 active = excluded.active, changed_at = excluded.changed_at"
        ),
        params![rule.code, rule.keep_months, rule.counted_from, rule.action, rule.basis, rule.active, now],
    )?;
    Ok(())
}

/// The holds that hold, newest first; at most `lines_max`.
pub fn holds(s: &mut Session<'_>, lines_max: u32) -> Result<Vec<Hold>, StorageError> {
    s.rows(
        sql!(
            "SELECT h.id, h.case_id, c.number, h.resident_id, h.reason, h.placed_by, h.placed_at, h.released_at
             FROM retention_holds h LEFT JOIN cases c ON c.id = h.case_id
             WHERE h.released_at IS NULL ORDER BY h.placed_at DESC, h.id DESC LIMIT $1"
        ),
        params![lines_max],
        read_hold,
    )
}

/// One hold.
pub fn hold(s: &mut Session<'_>, id: HoldId) -> Result<Option<Hold>, StorageError> {
    s.row(
        sql!(
            "SELECT h.id, h.case_id, c.number, h.resident_id, h.reason, h.placed_by, h.placed_at, h.released_at
             FROM retention_holds h LEFT JOIN cases c ON c.id = h.case_id WHERE h.id = $1"
        ),
        params![id],
        read_hold,
    )
}

fn read_hold(r: &Row<'_>) -> Result<Hold, StorageError> {
    Ok(Hold {
        id: r.get(0)?,
        case_id: r.get(1)?,
        case_number: r.get(2)?,
        resident_id: r.get(3)?,
        reason: r.get(4)?,
        placed_by: r.get(5)?,
        placed_at: r.get(6)?,
        released_at: r.get(7)?,
    })
}

/// Whether a hold on the case, or on a resident who has a part in it, stops it.
pub fn held(s: &mut Session<'_>, case: CaseId) -> Result<bool, StorageError> {
    s.the_row(
        sql!(
            "SELECT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = $1 AND h.released_at IS NULL)
                 OR EXISTS (SELECT 1 FROM retention_holds h JOIN cases c ON c.resident_id = h.resident_id
                            WHERE c.id = $1 AND h.released_at IS NULL)
                 OR EXISTS (SELECT 1 FROM retention_holds h JOIN stakeholders p ON p.resident_id = h.resident_id
                            WHERE p.case_id = $1 AND h.released_at IS NULL)"
        ),
        params![case],
        |r| r.get(0),
    )
}

/// Whether a hold on this resident holds.
pub fn resident_held(s: &mut Session<'_>, resident: ResidentId) -> Result<bool, StorageError> {
    s.the_row(
        sql!("SELECT EXISTS (SELECT 1 FROM retention_holds WHERE resident_id = $1 AND released_at IS NULL)"),
        params![resident],
        |r| r.get(0),
    )
}

pub(super) fn insert_hold(s: &mut Session<'_>, hold: &Hold) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO retention_holds (id, case_id, resident_id, reason, placed_by, placed_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![hold.id, hold.case_id, hold.resident_id, hold.reason, hold.placed_by, hold.placed_at],
    )?;
    Ok(())
}

pub(super) fn release_hold(
    s: &mut Session<'_>,
    id: HoldId,
    by: Option<UserId>,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE retention_holds SET released_at = $3, released_by = $2
             WHERE id = $1 AND released_at IS NULL"
        ),
        params![id, by, at],
    )
}

/// A case a rule may have come to, with its age but for holds.
pub(super) struct Candidate {
    pub id: CaseId,
    pub age: Age,
}

/// Cases of a rule that may be due, oldest first: more than are, since months differ in length, and none of those that
/// are in a batch already or were turned down lately.
pub(super) fn candidates(
    s: &mut Session<'_>,
    rule: &Rule,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Candidate>, StorageError> {
    let today = local_day(now);
    let span = Span::new().try_months(-i64::from(rule.keep_months)).unwrap_or_default();
    // Three days more than enough: 31 January and one month is 28 February.
    let latest =
        today.checked_add(span).and_then(|day| day.checked_add(Span::new().days(3))).unwrap_or(Date::MIN);
    let rested =
        now.checked_sub(SignedDuration::from_hours(24 * REJECTED_REST_DAYS)).unwrap_or(Timestamp::UNIX_EPOCH);
    let read = |r: &Row<'_>| {
        let closed: Option<Timestamp> = r.get(2)?;
        let age = Age { arrival_day: r.get(1)?, closed_day: closed.map(local_day), held: false };
        Ok(Candidate { id: r.get(0)?, age })
    };
    match rule.counted_from {
        CountedFrom::Closed => s.rows(
            sql!(
                "SELECT c.id, c.arrival_day, c.closed_at FROM cases c
                 WHERE c.retention_rule = $1 AND c.closed_at IS NOT NULL AND c.closed_at < $2
                   AND c.anonymised_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM disposal_items i WHERE i.case_id = c.id AND i.state = 'waiting')
                   AND NOT EXISTS (SELECT 1 FROM disposal_items i JOIN disposals d ON d.id = i.disposal_id
                                   WHERE i.case_id = c.id AND d.state = 'rejected' AND d.decided_at > $3)
                 ORDER BY c.closed_at, c.id LIMIT $4"
            ),
            params![rule.code, start_of_day(latest), rested, limit],
            read,
        ),
        CountedFrom::Arrived => s.rows(
            sql!(
                "SELECT c.id, c.arrival_day, c.closed_at FROM cases c
                 WHERE c.retention_rule = $1 AND c.closed_at IS NOT NULL AND c.arrival_day < $2
                   AND c.anonymised_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM disposal_items i WHERE i.case_id = c.id AND i.state = 'waiting')
                   AND NOT EXISTS (SELECT 1 FROM disposal_items i JOIN disposals d ON d.id = i.disposal_id
                                   WHERE i.case_id = c.id AND d.state = 'rejected' AND d.decided_at > $3)
                 ORDER BY c.arrival_day, c.id LIMIT $4"
            ),
            params![rule.code, latest, rested, limit],
            read,
        ),
    }
}

/// A case as the moment of disposal finds it.
pub(super) struct Found {
    pub rule_code: String,
    pub age: Age,
    pub board: String,
    pub case_type: String,
    pub anonymised: bool,
}

pub(super) fn found(s: &mut Session<'_>, case: CaseId) -> Result<Option<Found>, StorageError> {
    let held = held(s, case)?;
    s.row(
        sql!(
            "SELECT c.retention_rule, c.arrival_day, c.closed_at, c.board, t.name, c.anonymised_at IS NOT NULL
             FROM cases c JOIN case_types t ON t.id = c.case_type_id WHERE c.id = $1"
        ),
        params![case],
        |r| {
            let closed: Option<Timestamp> = r.get(2)?;
            Ok(Found {
                rule_code: r.get(0)?,
                age: Age { arrival_day: r.get(1)?, closed_day: closed.map(local_day), held },
                board: r.get(3)?,
                case_type: r.get(4)?,
                anonymised: r.get(5)?,
            })
        },
    )
}

fn read_disposal(r: &Row<'_>) -> Result<Disposal, StorageError> {
    Ok(Disposal {
        id: r.get(0)?,
        rule: Rule {
            code: r.get(1)?,
            keep_months: r.get(2)?,
            counted_from: r.get(3)?,
            action: r.get(4)?,
            basis: r.get(5)?,
            active: true,
        },
        state: r.get(6)?,
        proposed_at: r.get(7)?,
        decided_by: r.get(8)?,
        decided_at: r.get(9)?,
        done_at: r.get(10)?,
    })
}

/// One batch.
pub fn disposal(s: &mut Session<'_>, id: DisposalId) -> Result<Option<Disposal>, StorageError> {
    s.row(
        sql!(
            "SELECT id, rule_code, keep_months, counted_from, action, basis, state, proposed_at, decided_by,
                    decided_at, done_at
             FROM disposals WHERE id = $1"
        ),
        params![id],
        read_disposal,
    )
}

/// The newest batches, at most `lines_max`.
pub fn disposals(s: &mut Session<'_>, lines_max: u32) -> Result<Vec<Disposal>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, rule_code, keep_months, counted_from, action, basis, state, proposed_at, decided_by,
                    decided_at, done_at
             FROM disposals ORDER BY proposed_at DESC, id DESC LIMIT $1"
        ),
        params![lines_max],
        read_disposal,
    )
}

/// What a batch that is not carried out yet holds, by board, type and year.
pub fn counted_waiting(s: &mut Session<'_>, id: DisposalId) -> Result<Vec<DisposalCount>, StorageError> {
    let lines = s.rows(
        sql!(
            "SELECT c.board, t.name, SUBSTR(c.arrival_day, 1, 4), COUNT(*)
             FROM disposal_items i JOIN cases c ON c.id = i.case_id JOIN case_types t ON t.id = c.case_type_id
             WHERE i.disposal_id = $1 AND i.state = 'waiting'
             GROUP BY c.board, t.name, SUBSTR(c.arrival_day, 1, 4)
             ORDER BY c.board, t.name, SUBSTR(c.arrival_day, 1, 4)"
        ),
        params![id],
        |r| {
            let year: String = r.get(2)?;
            Ok(DisposalCount {
                board: r.get(0)?,
                case_type: r.get(1)?,
                arrival_year: year.parse().unwrap_or_default(),
                cases: r.get(3)?,
            })
        },
    )?;
    Ok(lines)
}

/// What a batch has come to: the record of destruction.
pub fn counted_gone(s: &mut Session<'_>, id: DisposalId) -> Result<Vec<DisposalCount>, StorageError> {
    s.rows(
        sql!(
            "SELECT board, case_type, arrival_year, cases FROM disposal_counts WHERE disposal_id = $1
             ORDER BY board, case_type, arrival_year"
        ),
        params![id],
        |r| {
            Ok(DisposalCount {
                board: r.get(0)?,
                case_type: r.get(1)?,
                arrival_year: r.get(2)?,
                cases: r.get(3)?,
            })
        },
    )
}

/// How many cases of a batch were kept, by why.
pub fn counted_kept(s: &mut Session<'_>, id: DisposalId) -> Result<Vec<(WhyKept, u64)>, StorageError> {
    s.rows(
        sql!(
            "SELECT why_kept, COUNT(*) FROM disposal_items WHERE disposal_id = $1 AND state = 'kept'
             GROUP BY why_kept ORDER BY why_kept"
        ),
        params![id],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// The numbers of the cases of a batch that wait, oldest first; at most `lines_max`.
pub fn waiting_numbers(
    s: &mut Session<'_>,
    id: DisposalId,
    lines_max: u32,
) -> Result<Vec<(CaseId, String)>, StorageError> {
    s.rows(
        sql!(
            "SELECT c.id, c.number FROM disposal_items i JOIN cases c ON c.id = i.case_id
             WHERE i.disposal_id = $1 AND i.state = 'waiting' ORDER BY c.number LIMIT $2"
        ),
        params![id, lines_max],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// The batch that proposes cases under exactly this rule and is not decided, if there is one.
pub(super) fn open_batch(s: &mut Session<'_>, rule: &Rule) -> Result<Option<DisposalId>, StorageError> {
    s.row(
        sql!(
            "SELECT id FROM disposals WHERE state = 'proposed' AND rule_code = $1 AND keep_months = $2
                 AND counted_from = $3 AND action = $4 AND basis = $5 ORDER BY proposed_at, id LIMIT 1"
        ),
        params![rule.code, rule.keep_months, rule.counted_from, rule.action, rule.basis],
        |r| r.get(0),
    )
}

pub(super) fn insert_disposal(
    s: &mut Session<'_>,
    id: DisposalId,
    rule: &Rule,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO disposals (id, rule_code, keep_months, counted_from, action, basis, state, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7)"
        ),
        params![id, rule.code, rule.keep_months, rule.counted_from, rule.action, rule.basis, at],
    )?;
    Ok(())
}

pub(super) fn insert_item(s: &mut Session<'_>, id: DisposalId, case: CaseId) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO disposal_items (disposal_id, case_id, state) VALUES ($1, $2, 'waiting')
             ON CONFLICT DO NOTHING"
        ),
        params![id, case],
    )
}

pub(super) fn count_items(s: &mut Session<'_>, id: DisposalId) -> Result<usize, StorageError> {
    let count: u64 = s.the_row(
        sql!("SELECT COUNT(*) FROM disposal_items WHERE disposal_id = $1 AND state = 'waiting'"),
        params![id],
        |r| r.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

pub(super) fn decide(
    s: &mut Session<'_>,
    id: DisposalId,
    state: DisposalState,
    by: UserId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE disposals SET state = $2, decided_by = $3, decided_at = $4
             WHERE id = $1 AND state = 'proposed'"
        ),
        params![id, state, by, at],
    )
}

pub(super) fn keep_all(s: &mut Session<'_>, id: DisposalId, why: WhyKept) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE disposal_items SET state = 'kept', why_kept = $2
             WHERE disposal_id = $1 AND state = 'waiting'"
        ),
        params![id, why],
    )
}

pub(super) fn waiting_items(
    s: &mut Session<'_>,
    id: DisposalId,
    limit: usize,
) -> Result<Vec<CaseId>, StorageError> {
    s.rows(
        sql!(
            "SELECT case_id FROM disposal_items WHERE disposal_id = $1 AND state = 'waiting'
             ORDER BY case_id LIMIT $2"
        ),
        params![id, limit],
        |r| r.get(0),
    )
}

pub(super) fn settle_item(
    s: &mut Session<'_>,
    id: DisposalId,
    case: CaseId,
    kept: Option<WhyKept>,
) -> Result<(), StorageError> {
    let state = if kept.is_some() { "kept" } else { "gone" };
    s.execute(
        sql!("UPDATE disposal_items SET state = $3, why_kept = $4 WHERE disposal_id = $1 AND case_id = $2"),
        params![id, case, state, kept],
    )?;
    Ok(())
}

pub(super) fn count_gone(
    s: &mut Session<'_>,
    id: DisposalId,
    found: &Found,
    action: RetentionAction,
) -> Result<(), StorageError> {
    debug_assert!(action != RetentionAction::Preserve, "what is preserved does not go");
    s.execute(
        sql!(
            "INSERT INTO disposal_counts (disposal_id, board, case_type, arrival_year, cases)
             VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (disposal_id, board, case_type, arrival_year)
             DO UPDATE SET cases = disposal_counts.cases + 1"
        ),
        params![id, found.board, found.case_type, i64::from(found.age.arrival_day.year())],
    )?;
    Ok(())
}

/// Ends a batch: what went is forgotten but for its counts.
pub(super) fn finish(s: &mut Session<'_>, id: DisposalId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM disposal_items WHERE disposal_id = $1 AND state = 'gone'"), params![id])?;
    s.execute(
        sql!("UPDATE disposals SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'approved'"),
        params![id, at],
    )
}
