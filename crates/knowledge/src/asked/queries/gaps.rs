use crate::asked::{Act, GapKind};
use std::collections::BTreeMap;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, ArticleId, CaseTypeId, GapId, Timestamp, UserId};

/// How many forms are looked at when gaps are gathered; the rest is missed by few.
const FORMS_MAX: i64 = 600;
/// How many ways of asking are shown of a gap.
const EXAMPLES_MAX: i64 = 8;

/// The searches of one form in a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FormCount {
    pub form: String,
    pub searches: u64,
    pub no_hit: u64,
    pub no_click: u64,
    pub contacted: u64,
    /// Of the missed (no hit, no click, contact), those since the later of the two instants asked about.
    pub recent: u64,
    /// The instant of the last miss.
    pub last_at: Timestamp,
}

impl FormCount {
    pub(crate) const fn misses(&self) -> u64 {
        self.no_hit + self.no_click + self.contacted
    }
}

/// The forms that were missed since `from`, the most missed first; `recent` counts those since then.
pub(crate) fn missed_forms(
    s: &mut Session<'_>,
    from: Timestamp,
    recent: Timestamp,
) -> Result<Vec<FormCount>, StorageError> {
    s.rows(
        sql!(
            "SELECT form, searches, no_hit, no_click, contacted, recent, last_at FROM ( \
               SELECT form, COUNT(*) AS searches, \
                 SUM(CASE WHEN hits = 0 OR weak THEN 1 ELSE 0 END) AS no_hit, \
                 SUM(CASE WHEN hits > 0 AND NOT weak AND clicked_article_id IS NULL AND NOT contacted THEN 1 ELSE 0 END) AS no_click, \
                 SUM(CASE WHEN hits > 0 AND NOT weak AND contacted THEN 1 ELSE 0 END) AS contacted, \
                 SUM(CASE WHEN searched_at >= $2 AND (hits = 0 OR weak OR contacted OR clicked_article_id IS NULL) THEN 1 ELSE 0 END) AS recent, \
                 MAX(CASE WHEN hits = 0 OR weak OR contacted OR clicked_article_id IS NULL THEN searched_at ELSE 0 END) AS last_at \
               FROM searches WHERE searched_at >= $1 AND form <> '' GROUP BY form) AS forms \
             WHERE no_hit + no_click + contacted > 0 \
             ORDER BY 2 * no_hit + 2 * contacted + no_click DESC, form LIMIT $3"
        ),
        params![from, recent, FORMS_MAX],
        |r: &Row<'_>| {
            Ok(FormCount {
                form: r.get(0)?,
                searches: r.get(1)?,
                no_hit: r.get(2)?,
                no_click: r.get(3)?,
                contacted: r.get(4)?,
                recent: r.get(5)?,
                last_at: r.get(6)?,
            })
        },
    )
}

/// How a form was asked since `from`, the commonest way first, with how often.
pub(crate) fn ways_of_asking(
    s: &mut Session<'_>,
    form: &str,
    from: Timestamp,
) -> Result<Vec<(String, u64)>, StorageError> {
    s.rows(
        sql!(
            "SELECT query, COUNT(*) FROM searches WHERE form = $1 AND searched_at >= $2 \
             GROUP BY query ORDER BY 2 DESC, query LIMIT $3"
        ),
        params![form, from, EXAMPLES_MAX],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// What was shown first for a form most often since `from`.
pub(crate) fn shown_first(
    s: &mut Session<'_>,
    form: &str,
    from: Timestamp,
) -> Result<Option<ArticleId>, StorageError> {
    s.row(
        sql!(
            "SELECT first_article_id, COUNT(*) FROM searches \
             WHERE form = $1 AND searched_at >= $2 AND first_article_id IS NOT NULL \
             GROUP BY first_article_id ORDER BY 2 DESC, first_article_id LIMIT 1"
        ),
        params![form, from],
        |r| r.get(0),
    )
}

/// A gap that somebody has done something about, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptGap {
    pub id: GapId,
    pub form: String,
    pub question: String,
    pub kind: GapKind,
    pub case_type: Option<CaseTypeId>,
    pub dismissed_at: Option<Timestamp>,
    pub dismissed_misses: u64,
}

fn kept_row(r: &Row<'_>) -> Result<KeptGap, StorageError> {
    Ok(KeptGap {
        id: r.get(0)?,
        form: r.get(1)?,
        question: r.get(2)?,
        kind: r.get(3)?,
        case_type: r.get(4)?,
        dismissed_at: r.get(5)?,
        dismissed_misses: r.get(6)?,
    })
}

/// Every gap that is kept, oldest first.
pub(crate) fn kept_gaps(s: &mut Session<'_>) -> Result<Vec<KeptGap>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, form, question, kind, case_type_id, dismissed_at, dismissed_misses FROM search_gaps \
             ORDER BY known_at, id"
        ),
        params![],
        kept_row,
    )
}

pub(crate) fn kept_gap(s: &mut Session<'_>, id: GapId) -> Result<Option<KeptGap>, StorageError> {
    s.row(
        sql!(
            "SELECT id, form, question, kind, case_type_id, dismissed_at, dismissed_misses FROM search_gaps \
             WHERE id = $1"
        ),
        params![id],
        kept_row,
    )
}

pub(crate) fn insert_gap(s: &mut Session<'_>, gap: &KeptGap, now: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO search_gaps (id, form, question, kind, case_type_id, known_at, dismissed_misses) \
             VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING"
        ),
        params![gap.id, &gap.form, &gap.question, gap.kind, gap.case_type, now],
    )?;
    Ok(())
}

pub(crate) fn set_dismissed(
    s: &mut Session<'_>,
    id: GapId,
    at: Option<Timestamp>,
    misses: u64,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE search_gaps SET dismissed_at = $1, dismissed_misses = $2 WHERE id = $3"),
        params![at, misses, id],
    )?;
    Ok(())
}

pub(crate) fn set_gap_case_type(
    s: &mut Session<'_>,
    id: GapId,
    case_type: Option<CaseTypeId>,
) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE search_gaps SET case_type_id = $1 WHERE id = $2"), params![case_type, id])?;
    Ok(())
}

pub(crate) fn insert_act(
    s: &mut Session<'_>,
    gap: GapId,
    act: Act,
    now: Timestamp,
    by: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO search_gap_actions (gap_id, kind, subject_id, taken_at, taken_by) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
        ),
        params![gap, act.kind(), act.subject(), now, by],
    )
}

/// Something done about a gap, and when it began to work: a synonym at once, an article when it was published, a task when it
/// was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptAct {
    pub gap: GapId,
    pub act: Act,
    pub taken_at: Timestamp,
    pub works_since: Option<Timestamp>,
}

/// What was done about gaps, oldest first.
pub(crate) fn acts(s: &mut Session<'_>) -> Result<Vec<KeptAct>, StorageError> {
    type Raw = (GapId, String, AnyId, Timestamp, Option<Timestamp>);
    let rows: Vec<Raw> = s.rows(
        sql!(
            "SELECT a.gap_id, a.kind, a.subject_id, a.taken_at, \
               CASE a.kind WHEN 'synonym' THEN a.taken_at \
                 WHEN 'task' THEN (SELECT t.done_at FROM knowledge_tasks t WHERE t.id = a.subject_id) \
                 ELSE (SELECT MIN(v.published_at) FROM article_versions v \
                       WHERE v.article_id = a.subject_id AND v.published_at >= a.taken_at) END \
             FROM search_gap_actions a ORDER BY a.taken_at, a.kind, a.subject_id"
        ),
        params![],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )?;
    let kept = |(gap, kind, subject, taken_at, works_since): Raw| {
        Act::read(&kind, subject).map(|act| KeptAct { gap, act, taken_at, works_since })
    };
    Ok(rows.into_iter().filter_map(kept).collect())
}

/// Micros of a week.
const WEEK_MICROS: i64 = 7 * 24 * 3_600 * 1_000_000;

/// All searches from `from` to `to`, by weeks counted from `from`.
pub(crate) fn searches_by_week(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<i64, u64>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT (searched_at - $1) / $3, COUNT(*) FROM searches \
             WHERE searched_at >= $1 AND searched_at < $2 GROUP BY 1 ORDER BY 1"
        ),
        params![from, to, WEEK_MICROS],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// The misses of one form from `from` to `to`, by weeks counted from `from`; those with a hit that nobody opened only if
/// `unopened`.
pub(crate) fn misses_by_week(
    s: &mut Session<'_>,
    form: &str,
    from: Timestamp,
    to: Timestamp,
    unopened: bool,
) -> Result<BTreeMap<i64, u64>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT (searched_at - $2) / $4, COUNT(*) FROM searches \
             WHERE form = $1 AND searched_at >= $2 AND searched_at < $3 \
             AND (hits = 0 OR weak OR contacted OR ($5 AND clicked_article_id IS NULL)) GROUP BY 1 ORDER BY 1"
        ),
        params![form, from, to, WEEK_MICROS, unopened],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// The contacts from `from` to `to` by weeks counted from `from`: those that were logged with one case type, or all that were
/// logged with any.
pub(crate) fn contacts_by_week(
    s: &mut Session<'_>,
    case_type: Option<CaseTypeId>,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<i64, u64>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT (arrived_at - $2) / $4, COUNT(*) FROM contacts \
             WHERE arrived_at >= $2 AND arrived_at < $3 AND case_type_id IS NOT NULL \
             AND (CAST($1 AS UUID) IS NULL OR case_type_id = $1) GROUP BY 1 ORDER BY 1"
        ),
        params![case_type, from, to, WEEK_MICROS],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}
