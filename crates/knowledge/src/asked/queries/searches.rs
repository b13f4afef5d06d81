use crate::asked::Place;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ArticleId, CaseTypeId, SearchId, SignedDuration, Timestamp, civil::Date};

/// What one click within this hour weighs in [`asked_now`]; each hour back it weighs half as much.
pub const CLICK_WEIGHT: u32 = 1_000;
/// How many hours back are looked at.
const HOURS_BACK: i64 = 6;
/// How many articles are given.
pub const ASKED_NOW_MAX: usize = 50;

/// The beginning of the hour.
pub(crate) fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(3_600) * 3_600).unwrap_or(at)
}

/// A search as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub place: Place,
    pub query: String,
    pub searched_at: Timestamp,
    pub clicked: bool,
    pub contacted: bool,
}

/// What is written of a search.
pub(crate) struct Search<'a> {
    pub id: SearchId,
    pub place: Place,
    pub query: &'a str,
    pub form: &'a str,
    pub hour: Timestamp,
    pub hits: usize,
    pub weak: bool,
    pub first: Option<ArticleId>,
}

pub(crate) fn search(s: &mut Session<'_>, id: SearchId) -> Result<Option<Kept>, StorageError> {
    s.row(
        sql!(
            "SELECT place, query, searched_at, clicked_article_id IS NOT NULL, contacted FROM searches WHERE id = $1"
        ),
        params![id],
        |r| {
            Ok(Kept {
                place: r.get(0)?,
                query: r.get(1)?,
                searched_at: r.get(2)?,
                clicked: r.get(3)?,
                contacted: r.get(4)?,
            })
        },
    )
}

/// Writes a search, or what it has grown to.
pub(crate) fn put_search(s: &mut Session<'_>, search: &Search<'_>) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO searches (id, place, query, form, searched_at, hits, weak, first_article_id, contacted) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE) \
             ON CONFLICT (id) DO UPDATE SET query = EXCLUDED.query, form = EXCLUDED.form, hits = EXCLUDED.hits, \
             weak = EXCLUDED.weak, first_article_id = EXCLUDED.first_article_id"
        ),
        params![
            search.id,
            search.place,
            search.query,
            search.form,
            search.hour,
            search.hits,
            search.weak,
            search.first
        ],
    )?;
    Ok(())
}

/// How many searches there were at a place since `hour`.
pub(crate) fn count_since(s: &mut Session<'_>, place: Place, hour: Timestamp) -> Result<u64, StorageError> {
    s.the_row(
        sql!("SELECT COUNT(*) FROM searches WHERE searched_at >= $1 AND place = $2"),
        params![hour, place],
        |r| r.get(0),
    )
}

pub(crate) fn set_clicked(
    s: &mut Session<'_>,
    id: SearchId,
    article: ArticleId,
    since: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE searches SET clicked_article_id = $1 WHERE id = $2 AND searched_at >= $3"),
        params![article, id, since],
    )
}

pub(crate) fn set_contacted(
    s: &mut Session<'_>,
    id: SearchId,
    case_type: Option<CaseTypeId>,
    since: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE searches SET contacted = TRUE, contact_case_type_id = $1 \
             WHERE id = $2 AND searched_at >= $3 AND NOT contacted"
        ),
        params![case_type, id, since],
    )
}

/// What is opened from searches these hours, the most first: each click weighs [`CLICK_WEIGHT`] in its hour and half as much an
/// hour later, for six hours. Only what was opened counts, not what was shown: what is shown because it was shown before would
/// stay on top for ever.
///
/// # Errors
/// When the database fails.
pub fn asked_now(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<(ArticleId, u32)>, StorageError> {
    let hour = hour_of(now);
    let from = hour.saturating_sub(SignedDuration::from_hours(HOURS_BACK)).unwrap_or(hour);
    let clicks: Vec<(ArticleId, Timestamp, u32)> = s.rows(
        sql!(
            "SELECT clicked_article_id, searched_at, COUNT(*) FROM searches \
             WHERE searched_at >= $1 AND searched_at <= $2 AND clicked_article_id IS NOT NULL \
             GROUP BY clicked_article_id, searched_at ORDER BY clicked_article_id, searched_at"
        ),
        params![from, hour],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )?;
    let mut asked: Vec<(ArticleId, u32)> = Vec::new();
    for (article, at, count) in clicks {
        let hours = u32::try_from((hour.as_second() - at.as_second()) / 3_600).unwrap_or(u32::MAX);
        let weight = CLICK_WEIGHT.checked_shr(hours).unwrap_or(0).saturating_mul(count);
        match asked.last_mut() {
            Some((last, sum)) if *last == article => *sum = sum.saturating_add(weight),
            _ => asked.push((article, weight)),
        }
    }
    asked.sort_by_key(|(article, weight)| (std::cmp::Reverse(*weight), *article));
    asked.truncate(ASKED_NOW_MAX);
    Ok(asked)
}

/// The searches of one form at one place in one week, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WeekCount {
    pub place: Place,
    pub form: String,
    pub searches: u64,
    pub no_hit: u64,
    pub no_click: u64,
    pub contacted: u64,
}

/// When the oldest search was that is kept row by row.
pub(crate) fn oldest(s: &mut Session<'_>) -> Result<Option<Timestamp>, StorageError> {
    s.the_row(sql!("SELECT MIN(searched_at) FROM searches"), params![], |r| r.get(0))
}

/// What was searched from `from` to `to` (not included), by place and form.
pub(crate) fn counts_between(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<WeekCount>, StorageError> {
    s.rows(
        sql!(
            "SELECT place, form, COUNT(*), \
             SUM(CASE WHEN hits = 0 OR weak THEN 1 ELSE 0 END), \
             SUM(CASE WHEN hits > 0 AND NOT weak AND clicked_article_id IS NULL AND NOT contacted THEN 1 ELSE 0 END), \
             SUM(CASE WHEN hits > 0 AND NOT weak AND contacted THEN 1 ELSE 0 END) \
             FROM searches WHERE searched_at >= $1 AND searched_at < $2 GROUP BY place, form ORDER BY place, form"
        ),
        params![from, to],
        |r: &Row<'_>| {
            Ok(WeekCount {
                place: r.get(0)?,
                form: r.get(1)?,
                searches: r.get(2)?,
                no_hit: r.get(3)?,
                no_click: r.get(4)?,
                contacted: r.get(5)?,
            })
        },
    )
}

/// Adds to what is kept of a week.
pub(crate) fn add_count(s: &mut Session<'_>, week: Date, count: &WeekCount) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO search_counts (week_day, place, form, searches, no_hit, no_click, contacted) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (week_day, place, form) DO UPDATE SET \
             searches = search_counts.searches + EXCLUDED.searches, no_hit = search_counts.no_hit + EXCLUDED.no_hit, \
             no_click = search_counts.no_click + EXCLUDED.no_click, \
             contacted = search_counts.contacted + EXCLUDED.contacted"
        ),
        params![week, count.place, &count.form, count.searches, count.no_hit, count.no_click, count.contacted],
    )?;
    Ok(())
}

pub(crate) fn delete_between(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM searches WHERE searched_at >= $1 AND searched_at < $2"), params![from, to])
}
