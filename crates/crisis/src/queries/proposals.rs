//! What the spike detector has seen.

use crate::spikes::Going;
use crate::{Proposal, ProposalState, RisingStream};
use std::collections::BTreeMap;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CrisisId, SpikeProposalId, Timestamp, UserId};

/// Most streams told of in one proposal.
const STREAMS_MAX: u32 = 100;

fn proposal_row(r: &Row<'_>) -> Result<Proposal, StorageError> {
    Ok(Proposal {
        id: r.get(0)?,
        state: r.get(1)?,
        began_at: r.get(2)?,
        crisis_id: r.get(3)?,
        streams: Vec::new(),
    })
}

fn streams(s: &mut Session<'_>, proposal: SpikeProposalId) -> Result<Vec<RisingStream>, StorageError> {
    s.rows(
        sql!(
            "SELECT stream, name, seen_at, since_at, counted, expected, window_minutes, calm_since_at, over_at
             FROM spikes WHERE proposal_id = $1
             ORDER BY counted - expected DESC, stream LIMIT $2"
        ),
        params![proposal, STREAMS_MAX],
        |r| {
            Ok(RisingStream {
                stream: r.get(0)?,
                name: r.get(1)?,
                seen_at: r.get(2)?,
                since: r.get(3)?,
                counted: r.get(4)?,
                expected: r.get(5)?,
                window_minutes: r.get(6)?,
                calm_since: r.get(7)?,
                over_at: r.get(8)?,
            })
        },
    )
}

/// A proposal, with what rises.
///
/// # Errors
/// The database.
pub fn proposal(s: &mut Session<'_>, id: SpikeProposalId) -> Result<Option<Proposal>, StorageError> {
    let found = s.row(
        sql!("SELECT id, state, began_at, crisis_id FROM spike_proposals WHERE id = $1"),
        params![id],
        proposal_row,
    )?;
    match found {
        Some(found) => Ok(Some(Proposal { streams: streams(s, id)?, ..found })),
        None => Ok(None),
    }
}

/// The proposal that waits for a decision, if there is one: the latest.
///
/// # Errors
/// The database.
pub fn open_proposal(s: &mut Session<'_>) -> Result<Option<Proposal>, StorageError> {
    let open: Option<SpikeProposalId> = s.row(
        sql!("SELECT id FROM spike_proposals WHERE state = 'open' ORDER BY began_at DESC, id DESC LIMIT 1"),
        params![],
        |r| r.get(0),
    )?;
    match open {
        Some(id) => proposal(s, id),
        None => Ok(None),
    }
}

/// The proposals since `from`, the latest first, with what rose.
///
/// # Errors
/// The database.
pub fn proposals_since(
    s: &mut Session<'_>,
    from: Timestamp,
    limit: u32,
) -> Result<Vec<Proposal>, StorageError> {
    let mut found = s.rows(
        sql!(
            "SELECT id, state, began_at, crisis_id FROM spike_proposals WHERE began_at >= $1
             ORDER BY began_at DESC, id DESC LIMIT $2"
        ),
        params![from, limit],
        proposal_row,
    )?;
    for one in &mut found {
        one.streams = streams(s, one.id)?;
    }
    Ok(found)
}

/// A stream that has been told and is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct GoingStream {
    /// In which proposal.
    pub proposal: SpikeProposalId,
    /// What became of the proposal.
    pub state: ProposalState,
    /// When that was decided.
    pub decided_at: Option<Timestamp>,
    /// How it stands.
    pub going: Going,
}

/// Every stream that has been told and is not over, by its name.
///
/// # Errors
/// The database.
pub fn going(s: &mut Session<'_>) -> Result<BTreeMap<String, GoingStream>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT x.stream, x.proposal_id, p.state, p.decided_at, x.counted, x.calm_since_at
             FROM spikes x JOIN spike_proposals p ON p.id = x.proposal_id
             WHERE x.over_at IS NULL ORDER BY x.seen_at"
        ),
        params![],
        |r| {
            let going = Going { counted: r.get(4)?, calm_since: r.get(5)? };
            let found = GoingStream { proposal: r.get(1)?, state: r.get(2)?, decided_at: r.get(3)?, going };
            Ok((r.get::<String>(0)?, found))
        },
    )?;
    Ok(rows.into_iter().collect())
}

pub(crate) fn insert_proposal(
    s: &mut Session<'_>,
    id: SpikeProposalId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO spike_proposals (id, state, began_at) VALUES ($1, 'open', $2)"),
        params![id, at],
    )
    .map(drop)
}

/// Decides an open proposal. Tells how many were open: one or none.
pub(crate) fn decide(
    s: &mut Session<'_>,
    id: SpikeProposalId,
    state: ProposalState,
    at: Timestamp,
    by: Option<UserId>,
    crisis: Option<CrisisId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE spike_proposals SET state = $2, decided_at = $3, decided_by = $4, crisis_id = $5
             WHERE id = $1 AND state = 'open'"
        ),
        params![id, state, at, by, crisis],
    )
}

/// Writes down that a stream rises. One that rose before in the same proposal rises anew.
pub(crate) fn insert_spike(
    s: &mut Session<'_>,
    proposal: SpikeProposalId,
    one: &RisingStream,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO spikes (proposal_id, stream, name, seen_at, since_at, counted, expected, window_minutes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (proposal_id, stream) DO UPDATE SET counted = excluded.counted,
                 expected = excluded.expected, window_minutes = excluded.window_minutes, calm_since_at = NULL,
                 over_at = NULL"
        ),
        params![
            proposal,
            &one.stream,
            &one.name,
            one.seen_at,
            one.since,
            one.counted,
            one.expected,
            one.window_minutes
        ],
    )
    .map(drop)
}

pub(crate) fn update_spike(
    s: &mut Session<'_>,
    proposal: SpikeProposalId,
    one: &RisingStream,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE spikes SET counted = $3, expected = $4, window_minutes = $5, calm_since_at = $6, over_at = $7
             WHERE proposal_id = $1 AND stream = $2"
        ),
        params![
            proposal,
            &one.stream,
            one.counted,
            one.expected,
            one.window_minutes,
            one.calm_since,
            one.over_at
        ],
    )
    .map(drop)
}
