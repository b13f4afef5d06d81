//! Gaps: what is asked for and not found, variants of one question in one line.

use super::cluster::gather;
use super::queries::{self, FormCount, KeptAct, KeptGap};
use super::{Act, GapKind, Synonym, model};
use storage::{Session, StorageError};
use vocabulary::{ArticleId, CaseTypeId, GapId, SignedDuration, Timestamp};

/// How far back gaps are looked for.
pub const WINDOW_WEEKS: i64 = 8;
/// A hit that nobody opens is no gap until so many have passed it by; the sentence shown may have been the answer.
const UNOPENED_MIN: u64 = 3;
/// A dismissed gap comes back when it is missed so many times more often than then, in percent, and
const GROWN_PERCENT: u64 = 150;
/// by at least so many.
const GROWN_MIN: u64 = 2;

/// Where a gap stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapState {
    /// Nobody has done anything about it, or it has grown since it was dismissed.
    Open,
    /// Somebody has it in hand.
    InHand,
    /// Something was done that works since then.
    Acted(Timestamp),
    /// Somebody has said that nothing should be done.
    Dismissed,
}

/// Something done about a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub act: Act,
    /// When.
    pub taken_at: Timestamp,
    /// Since when it works: a synonym at once, an article when published, a task when done.
    pub works_since: Option<Timestamp>,
}

/// A gap with its counts of the last [`WINDOW_WEEKS`] weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its id.
    pub id: GapId,
    /// The form it is known by.
    pub form: String,
    /// How it is asked, masked.
    pub question: String,
    /// How it is missed mostly.
    pub kind: GapKind,
    /// Where it stands.
    pub state: GapState,
    /// The forms of its variants.
    pub forms: Vec<String>,
    /// How often it was searched, missed or not, in the forms that were missed.
    pub searches: u64,
    /// Of these, without a hit.
    pub no_hit: u64,
    /// With a hit that nobody opened.
    pub no_click: u64,
    /// With a hit, and then a contact.
    pub contacted: u64,
    /// Of the misses, those of the later half of the time.
    pub recent: u64,
    /// When it was last missed, to the hour.
    pub last_at: Timestamp,
    /// What a contact about it becomes, if somebody has said so.
    pub case_type: Option<CaseTypeId>,
    /// What was done about it, oldest first.
    pub acts: Vec<Done>,
}

impl Gap {
    /// All misses.
    #[must_use]
    pub const fn misses(&self) -> u64 {
        self.no_hit + self.no_click + self.contacted
    }

    /// The misses of the earlier half of the time.
    #[must_use]
    pub const fn earlier(&self) -> u64 {
        self.misses().saturating_sub(self.recent)
    }
}

/// A gap and what one wants to know before doing something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapDetails {
    /// The gap.
    pub gap: Gap,
    /// How it is asked, the commonest way first, with how often.
    pub ways: Vec<(String, u64)>,
    /// What was shown first most often.
    pub shown_first: Option<ArticleId>,
}

fn weeks_back(now: Timestamp, weeks: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * 7 * weeks)).unwrap_or(now)
}

/// The gaps, the most missed first. What is found by nobody or led to a contact counts twice what nobody opened.
///
/// # Errors
/// The database.
pub fn gaps(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<Gap>, StorageError> {
    let from = weeks_back(now, WINDOW_WEEKS);
    let forms = queries::missed_forms(s, from, weeks_back(now, WINDOW_WEEKS / 2))?;
    let (kept, acts, synonyms) = (queries::kept_gaps(s)?, queries::acts(s)?, queries::synonyms(s)?);
    // What was taught because of a gap must not draw other questions into it: it would never show whether it helped.
    let taught = |id| acts.iter().any(|act| act.act == Act::Synonym(id));
    let synonyms: Vec<Synonym> = synonyms.into_iter().filter(|synonym| !taught(synonym.id)).collect();
    let names: Vec<&str> = forms.iter().map(|count| count.form.as_str()).collect();
    let leaders: Vec<&str> = kept.iter().map(|gap| gap.form.as_str()).collect();
    let mut gaps = Vec::new();
    for group in gather(&names, &leaders, &synonyms) {
        let known = kept.iter().find(|gap| gap.form == group.leader);
        let members: Vec<&FormCount> = group.members.iter().filter_map(|place| forms.get(*place)).collect();
        let acts = acts.iter().filter(|act| known.is_some_and(|gap| gap.id == act.gap)).map(done).collect();
        let mut gap = counted(&group.leader, &members, known, acts);
        if !(is_gap(&gap) || known.is_some()) {
            continue;
        }
        if known.is_none() {
            let ways = queries::ways_of_asking(s, &group.leader, from)?;
            gap.question = ways.into_iter().next().map_or_else(|| group.leader.clone(), |(query, _)| query);
        }
        gaps.push(gap);
    }
    gaps.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.form.cmp(&b.form)));
    Ok(gaps)
}

/// One gap, with how it is asked. None if there is none with this id any more: nobody has done anything about it and it is not
/// missed, or it has become part of another.
///
/// # Errors
/// The database.
pub fn gap(s: &mut Session<'_>, now: Timestamp, id: GapId) -> Result<Option<GapDetails>, StorageError> {
    let from = weeks_back(now, WINDOW_WEEKS);
    let Some(gap) = gaps(s, now)?.into_iter().find(|gap| gap.id == id) else { return Ok(None) };
    let mut ways: Vec<(String, u64)> = Vec::new();
    for form in &gap.forms {
        ways.extend(queries::ways_of_asking(s, form, from)?);
    }
    ways.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let shown_first = queries::shown_first(s, &gap.form, from)?;
    Ok(Some(GapDetails { gap, ways, shown_first }))
}

const fn done(kept: &KeptAct) -> Done {
    Done { act: kept.act, taken_at: kept.taken_at, works_since: kept.works_since }
}

fn counted(leader: &str, members: &[&FormCount], known: Option<&KeptGap>, acts: Vec<Done>) -> Gap {
    let sum = |of: fn(&FormCount) -> u64| members.iter().map(|count| of(count)).sum::<u64>();
    let (no_hit, no_click, contacted) = (sum(|c| c.no_hit), sum(|c| c.no_click), sum(|c| c.contacted));
    let misses = sum(FormCount::misses);
    Gap {
        id: model::gap_id(leader),
        form: leader.to_owned(),
        question: known.map_or_else(String::new, |gap| gap.question.clone()),
        kind: known.map_or_else(|| kind(no_hit, no_click, contacted), |gap| gap.kind),
        state: state(known, &acts, misses),
        forms: members.iter().map(|count| count.form.clone()).collect(),
        searches: sum(|c| c.searches),
        no_hit,
        no_click,
        contacted,
        recent: sum(|c| c.recent),
        last_at: members.iter().map(|count| count.last_at).max().unwrap_or(Timestamp::UNIX_EPOCH),
        case_type: known.and_then(|gap| gap.case_type),
        acts,
    }
}

/// The commonest way of missing; of two as common, the plainer.
const fn kind(no_hit: u64, no_click: u64, contacted: u64) -> GapKind {
    if no_hit >= no_click && no_hit >= contacted {
        GapKind::NoHit
    } else if contacted >= no_click {
        GapKind::Contact
    } else {
        GapKind::NoClick
    }
}

fn state(known: Option<&KeptGap>, acts: &[Done], misses: u64) -> GapState {
    if let Some(since) = acts.iter().filter_map(|done| done.works_since).min() {
        return GapState::Acted(since);
    }
    if !acts.is_empty() {
        return GapState::InHand;
    }
    let dismissed = known.filter(|gap| gap.dismissed_at.is_some());
    let grown = |then: u64| misses >= then + GROWN_MIN && misses * 100 >= then * GROWN_PERCENT;
    match dismissed {
        Some(gap) if !grown(gap.dismissed_misses) => GapState::Dismissed,
        _ => GapState::Open,
    }
}

const fn is_gap(gap: &Gap) -> bool {
    gap.no_hit + gap.contacted > 0 || (gap.no_click >= UNOPENED_MIN && gap.no_click * 2 >= gap.searches)
}

const fn weight(gap: &Gap) -> u64 {
    2 * gap.no_hit + 2 * gap.contacted + gap.no_click
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_the_commonest_way_of_missing() {
        for (counts, expected) in [
            ((1, 1, 1), GapKind::NoHit),
            ((0, 2, 1), GapKind::NoClick),
            ((0, 2, 2), GapKind::Contact),
            ((1, 0, 3), GapKind::Contact),
        ] {
            assert_eq!(kind(counts.0, counts.1, counts.2), expected, "{counts:?}");
        }
    }

    #[test]
    fn a_dismissed_gap_stays_away_until_it_grows() {
        let known = |misses| KeptGap {
            id: model::gap_id("x"),
            form: "x".into(),
            question: "x".into(),
            kind: GapKind::NoHit,
            case_type: None,
            dismissed_at: Some(Timestamp::UNIX_EPOCH),
            dismissed_misses: misses,
        };
        for (then, now, expected) in [
            (3, 3, GapState::Dismissed),
            (3, 4, GapState::Dismissed),
            (3, 5, GapState::Open),
            (10, 14, GapState::Dismissed),
            (10, 15, GapState::Open),
            (1, 3, GapState::Open),
        ] {
            assert_eq!(state(Some(&known(then)), &[], now), expected, "{then} -> {now}");
        }
    }
}
