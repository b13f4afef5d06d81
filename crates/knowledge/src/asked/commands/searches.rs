use crate::asked::form::form_of;
use crate::asked::queries::{self, Kept, Search, hour_of};
use crate::asked::{Names, Place, Searched, WEAK_SHARE, masked};
use crate::queries::article;
use crate::{KnowledgeError, QUERY_CHARS_MAX};
use storage::{Session, StorageError};
use vocabulary::{ArticleId, CaseTypeId, Context, NewId as _, SearchId, SignedDuration, Timestamp};

/// How many searches of one place are kept of an hour. What comes beyond is a machine's, and would bury what people ask for.
pub const HOUR_SEARCHES_MAX: u64 = 5_000;
/// For how long a search can still be clicked and become a contact, in hours.
const FOLLOWED_HOURS: i64 = 24;
/// For how long a query grows, in hours: its hour and the next.
const GROWING_HOURS: i64 = 1;

/// Keeps a search that has settled, masked and tied to nobody, and gives the id by which the page says what came of it. When it has
/// grown out of the one the page had before, that row is changed instead. Nothing is kept of what holds no word, nor beyond
/// [`HOUR_SEARCHES_MAX`]; the id then leads nowhere, and nobody can tell.
///
/// Who `ctx` says it is, is not looked at.
///
/// # Errors
/// When the database fails.
pub fn searched(s: &mut Session<'_>, ctx: &Context, search: &Searched) -> Result<SearchId, KnowledgeError> {
    let query: String = masked(&search.query, Names::built_in())
        .chars()
        .filter(|c| *c != '\0')
        .take(QUERY_CHARS_MAX)
        .collect();
    let new = SearchId::untimed(&*ctx.chance);
    if !query.chars().any(char::is_alphanumeric) {
        return Ok(search.before.unwrap_or(new));
    }
    let hour = hour_of(ctx.now);
    let before = match search.before {
        Some(id) => {
            queries::search(s, id)?.filter(|old| is_fresh(old, search.place, hour)).map(|old| (id, old))
        }
        None => None,
    };
    let (id, hour) = match before {
        Some((id, old)) if old.query == query => return Ok(id),
        Some((id, old)) if grows(&old, &query) => (id, old.searched_at),
        _ if queries::count_since(s, search.place, hour)? >= HOUR_SEARCHES_MAX => return Ok(new),
        _ => (new, hour),
    };
    let row = Search {
        id,
        place: search.place,
        query: &query,
        form: &form_of(&query),
        hour,
        hits: search.shown.len(),
        weak: search.share < WEAK_SHARE,
        first: search.shown.first().copied(),
    };
    queries::put_search(s, &row)?;
    Ok(id)
}

/// Whether a search was made at the same place this hour or the last.
fn is_fresh(old: &Kept, place: Place, hour: Timestamp) -> bool {
    let hours = (hour.as_second() - old.searched_at.as_second()) / 3_600;
    old.place == place && (0..=GROWING_HOURS).contains(&hours)
}

/// Whether a query is the one before it, typed on: nothing has come of that, and all of it but its last letters (which may have
/// been a slip) is the beginning of the new one. Where the new one has something masked, the old one's last word was the beginning of
/// that: `870`, and then a whole number.
fn grows(old: &Kept, query: &str) -> bool {
    const RETYPED_CHARS_MAX: usize = 2;
    if old.clicked || old.contacted {
        return false;
    }
    let (before, now): (Vec<char>, Vec<char>) =
        (old.query.to_lowercase().chars().collect(), query.to_lowercase().chars().collect());
    let same = before.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let rest = &before[same..];
    let masked = now.get(same) == Some(&'«')
        && (!rest.contains(&' ') || rest.iter().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+')));
    masked || (same > 0 && rest.len() <= RETYPED_CHARS_MAX)
}

fn followed_since(ctx: &Context) -> Timestamp {
    let hour = hour_of(ctx.now);
    hour.saturating_sub(SignedDuration::from_hours(FOLLOWED_HOURS)).unwrap_or(hour)
}

/// Says that an article was opened from a search; the last one counts. An id that leads nowhere, or an article that is not read,
/// does nothing.
///
/// # Errors
/// When the database fails.
pub fn clicked(
    s: &mut Session<'_>,
    ctx: &Context,
    search: SearchId,
    opened: ArticleId,
) -> Result<(), StorageError> {
    if article(s, opened)?.is_some() {
        queries::set_clicked(s, search, opened, followed_since(ctx))?;
    }
    Ok(())
}

/// Says that whoever searched asked a person all the same, and what about. Which contact it was is not kept: it would lead from the
/// search to a person.
///
/// # Errors
/// When the database fails.
pub fn became_contact(
    s: &mut Session<'_>,
    ctx: &Context,
    search: SearchId,
    case_type: Option<CaseTypeId>,
) -> Result<(), StorageError> {
    queries::set_contacted(s, search, case_type, followed_since(ctx))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_grows_and_is_not_taken_for_another() {
        let hour: Timestamp = "2026-11-03T08:00:00Z".parse().unwrap();
        let old = |query: &str| Kept {
            place: Place::Public,
            query: query.into(),
            searched_at: hour,
            clicked: false,
            contacted: false,
        };
        for (before, now, same) in [
            ("byg", "bygglov", true),
            ("bygglv", "bygglov", true),
            ("bygglov", "bygglov altan", true),
            ("Bygglov", "bygglov", true),
            ("bygglov", "parkering", false),
            ("bygglov altan", "bygglov", false),
            ("parkering böter", "parkering stationen", false),
            ("a", "b", false),
            ("förskola 870", "förskola «personnummer»", true),
            ("850 1", "«personnummer» förskola", true),
            ("förskola ann", "förskola «namn» kö", true),
            ("förskola plats", "kö «namn»", false),
        ] {
            assert_eq!(grows(&old(before), now), same, "{before} -> {now}");
        }
        assert!(!grows(&Kept { clicked: true, ..old("byg") }, "bygglov"));
        assert!(is_fresh(&old("byg"), Place::Public, hour + SignedDuration::from_hours(1)));
        assert!(!is_fresh(&old("byg"), Place::Guide, hour));
        assert!(!is_fresh(&old("byg"), Place::Public, hour + SignedDuration::from_hours(2)));
    }
}
