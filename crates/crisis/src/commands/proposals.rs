//! What the spike detector has seen, and what people make of it.

use super::{SUBJECT, doer, record};
use crate::queries::{self, GoingStream};
use crate::spikes::{Change, Going, Judgement, Rise, Stream, follow};
use crate::{CrisisError, ProposalState, RisingStream};
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::{Context, CrisisId, GenericUuid as _, SignedDuration, SpikeProposalId, Timestamp};

/// Within this of a proposal having been put away, more of the same is not proposed again.
const QUIET_AFTER_DISMISSAL: SignedDuration = SignedDuration::from_mins(60);

/// Takes in what a look at `ctx.now` has found. New streams join the proposal that is open, or the crisis that is being
/// written about; else they are a proposal of their own. Tells which proposal is new, if one is.
///
/// # Errors
/// The database.
pub fn observe(
    s: &mut Session<'_>,
    ctx: &Context,
    judgement: &Judgement,
    names: &BTreeMap<Stream, String>,
) -> Result<Option<SpikeProposalId>, CrisisError> {
    let known = queries::going(s)?;
    let going: BTreeMap<Stream, Going> =
        known.iter().filter_map(|(stream, known)| Some((stream.parse().ok()?, known.going))).collect();
    let changes = follow(ctx.now, judgement, &going);
    if changes.is_empty() {
        return Ok(None);
    }
    let (mut made, mut joined) = (None, joins(&known, ctx.now));
    let mut touched = Vec::new();
    for change in changes {
        match change {
            Change::Began(rise) => {
                let proposal = match joined {
                    Some(proposal) => proposal,
                    None => {
                        let id: SpikeProposalId = ctx.next_id();
                        queries::insert_proposal(s, id, ctx.now)?;
                        (made, joined) = (Some(id), Some(id));
                        id
                    }
                };
                queries::insert_spike(s, proposal, &told(&rise, names, ctx.now))?;
            }
            Change::Higher(rise) => {
                let Some(at) = known.get(&rise.stream.to_string()) else { continue };
                queries::update_spike(s, at.proposal, &told(&rise, names, ctx.now))?;
            }
            Change::Calm(stream, since) => calm(s, &known, &stream, since, None)?,
            Change::Over(stream) => {
                calm(s, &known, &stream, Some(ctx.now), Some(ctx.now))?;
                touched.extend(known.get(&stream.to_string()).map(|at| at.proposal));
            }
        }
    }
    if let Some(id) = made {
        record(s, ctx, ("spike_proposed", SUBJECT), id.into_untyped_uuid(), None, None)?;
    }
    touched.sort_unstable();
    touched.dedup();
    for proposal in touched {
        over(s, ctx, proposal)?;
    }
    Ok(made)
}

/// The proposal that new streams belong to, if any: an open one, one that is being written about, or one that was put
/// away a moment ago.
fn joins(known: &BTreeMap<String, GoingStream>, now: Timestamp) -> Option<SpikeProposalId> {
    let of = |state| known.values().find(|one| one.state == state);
    let dismissed = known.values().find(|one| {
        one.state == ProposalState::Dismissed
            && one.decided_at.is_some_and(|at| now.duration_since(at) < QUIET_AFTER_DISMISSAL)
    });
    of(ProposalState::Open).or_else(|| of(ProposalState::Taken)).or(dismissed).map(|one| one.proposal)
}

fn told(rise: &Rise, names: &BTreeMap<Stream, String>, now: Timestamp) -> RisingStream {
    RisingStream {
        stream: rise.stream.to_string(),
        name: names.get(&rise.stream).cloned().unwrap_or_default(),
        seen_at: now,
        since: rise.since,
        counted: rise.counted,
        expected: rise.expected,
        window_minutes: rise.window_minutes,
        calm_since: None,
        over_at: None,
    }
}

fn calm(
    s: &mut Session<'_>,
    known: &BTreeMap<String, GoingStream>,
    stream: &Stream,
    calm_since: Option<Timestamp>,
    over_at: Option<Timestamp>,
) -> Result<(), CrisisError> {
    let name = stream.to_string();
    let Some(at) = known.get(&name) else { return Ok(()) };
    let Some(proposal) = queries::proposal(s, at.proposal)? else { return Ok(()) };
    if let Some(one) = proposal.streams.into_iter().find(|one| one.stream == name) {
        queries::update_spike(s, at.proposal, &RisingStream { calm_since, over_at, ..one })?;
    }
    Ok(())
}

/// An open proposal of which nothing rises any longer asks for nothing.
fn over(s: &mut Session<'_>, ctx: &Context, id: SpikeProposalId) -> Result<(), CrisisError> {
    let all_over =
        queries::proposal(s, id)?.is_some_and(|p| p.streams.iter().all(|one| one.over_at.is_some()));
    if all_over && queries::decide(s, id, ProposalState::Over, ctx.now, None, None)? > 0 {
        record(s, ctx, ("spike_over", SUBJECT), id.into_untyped_uuid(), None, None)?;
    }
    Ok(())
}

/// Puts a proposal away. Told twice, nothing happens the second time.
///
/// # Errors
/// There is no such proposal; something else was decided.
pub fn dismiss(s: &mut Session<'_>, ctx: &Context, id: SpikeProposalId) -> Result<(), CrisisError> {
    decide(s, ctx, id, ("spike_dismissed", ProposalState::Dismissed), None)
}

/// A message is being written about it, in `crisis`.
///
/// # Errors
/// There is no such proposal; something else was decided.
pub fn take(
    s: &mut Session<'_>,
    ctx: &Context,
    id: SpikeProposalId,
    crisis: CrisisId,
) -> Result<(), CrisisError> {
    decide(s, ctx, id, ("spike_taken", ProposalState::Taken), Some(crisis))
}

fn decide(
    s: &mut Session<'_>,
    ctx: &Context,
    id: SpikeProposalId,
    (kind, state): (&'static str, ProposalState),
    crisis: Option<CrisisId>,
) -> Result<(), CrisisError> {
    let before = super::found("proposal", queries::proposal(s, id)?)?;
    if queries::decide(s, id, state, ctx.now, doer(ctx), crisis)? == 0 {
        return if before.state == state { Ok(()) } else { Err(CrisisError::Decided) };
    }
    let related = crisis.map(|crisis| crisis.into_untyped_uuid());
    Ok(record(s, ctx, (kind, SUBJECT), id.into_untyped_uuid(), related, None)?)
}
