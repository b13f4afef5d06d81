//! The situation: what crisis management, communicators and the centre's own leaders look at together. Counts, topics,
//! places and messages; nothing of any person, and no case's text.

mod live;
mod map;
mod view;

use crate::{
    AppState, components::layout::Page, components::lists, error::PageError, routes::RouteTable, t,
    visit::Visit,
};
use axum::extract::State;
use crisis::queries::{self, Questions};
use crisis::spikes::{Expected, Sort, Stream};
use crisis::{CrisisError, LiveMessage, Proposal};
use maud::{Markup, html};
use people::Action;
use std::collections::BTreeMap;
use vocabulary::{SignedDuration, Timestamp, local_day, start_of_day};

/// The page and what it is.
pub fn routes(table: &mut RouteTable) {
    table.get("/situation", Action::SeeSituation, show);
    table.get("/situation/live", Action::SeeSituation, live::live);
}

/// How far back cases name a place.
const NAMES_FROM: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How far back proposals are shown.
const PROPOSALS_FROM: SignedDuration = SignedDuration::from_hours(24);
/// Most proposals shown.
const PROPOSALS_MAX: u32 = 5;

/// One stream today.
struct Count {
    stream: Stream,
    name: String,
    counted: u32,
    /// What is to be expected up to now; none before enough is known.
    expected: Option<Expected>,
}

/// Everything on the page.
struct Situation {
    board: super::board::Board,
    live: Vec<LiveMessage>,
    proposals: Vec<Proposal>,
    counts: Vec<Count>,
    questions: Vec<Questions>,
    open_cases: u64,
    going_on: Option<Timestamp>,
}

impl Situation {
    async fn load(state: &AppState) -> Result<Self, PageError> {
        let board = super::board::Board::load(state).await?;
        let now = board.now;
        let day = start_of_day(local_day(now));
        let baseline = state.expectations.get();
        let found = state
            .db
            .read(move |s| -> Result<_, CrisisError> {
                let mut names = queries::stream_names(s)?;
                names.extend(queries::place_names(s, now - NAMES_FROM, now)?);
                let counts = queries::today(s, now)?;
                Ok((
                    queries::live(s, now)?,
                    queries::proposals_since(s, now - PROPOSALS_FROM, PROPOSALS_MAX)?,
                    counts
                        .into_iter()
                        .map(|(stream, n)| (names.get(&stream).cloned(), stream, n))
                        .collect::<Vec<_>>(),
                    queries::open_questions(s, local_day(now))?,
                    queries::open_cases(s)?,
                    queries::going_on(s)?.iter().map(|crisis| crisis.begins_at).min(),
                ))
            })
            .await?;
        let (live, proposals, counts, questions, open_cases, going_on) = found;
        let expected = |stream: &Stream| {
            let baseline = baseline.as_ref().filter(|baseline| baseline.knows_enough(stream.sort))?;
            Some(baseline.expected(stream, day, now))
        };
        let counts = counts
            .into_iter()
            .map(|(name, stream, counted)| Count {
                expected: expected(&stream),
                name: name.unwrap_or_default(),
                stream,
                counted,
            })
            .collect();
        Ok(Self { board, live, proposals, counts, questions, open_cases, going_on })
    }

    /// The streams of a sort, most counted first.
    fn of(&self, sort: Sort) -> Vec<&Count> {
        let mut of: Vec<&Count> = self.counts.iter().filter(|count| count.stream.sort == sort).collect();
        of.sort_by(|a, b| b.counted.cmp(&a.counted).then_with(|| a.name.cmp(&b.name)));
        of
    }

    /// Contacts today, in every channel.
    fn contacts(&self) -> BTreeMap<Sort, u32> {
        let mut sums = BTreeMap::new();
        for count in &self.counts {
            *sums.entry(count.stream.sort).or_default() += count.counted;
        }
        sums
    }
}

/// `GET /situation`
///
/// # Errors
/// The database.
async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let situation = Situation::load(&state).await?;
    let words = visit.words;
    let content = html! {
        (lists::live_lost(words))
        div .live-controls {
            button type="button" .slim data-live-pause="situation" aria-pressed="false" { (t!(words, "live-pause")) }
            button type="button" .slim data-print hidden { (t!(words, "situation-print")) }
            span { (t!(words, "situation-hint")) }
        }
        div #situation hx-sse:connect="/situation/live" hx-target="this" hx-select="" hx-swap="innerMorph" {
            (view::view(&visit, &situation))
        }
    };
    let aside = html! {
        @if visit.may(Action::WriteCrisisMessage) { a .button .primary href="/crisis/new" { (t!(words, "crisis-new")) } }
        a .button href="/crisis" { (t!(words, "crisis-title")) }
    };
    Ok(Page::wide(t!(words, "situation-title")).with(aside).around(&visit, &content))
}
