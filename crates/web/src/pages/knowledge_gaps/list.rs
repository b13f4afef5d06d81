//! The gaps, the most missed first.

use super::{count, path};
use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Query, State};
use knowledge::KnowledgeError;
use knowledge::asked::gaps::{Gap, GapState, WINDOW_WEEKS, gaps};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;

/// Gaps shown; the rest is missed by few.
const GAPS_MAX: usize = 100;

vocabulary::words! {
    /// What part of the gaps is shown.
    View, "view of gaps" {
        /// Nobody does anything about them.
        Open = "open",
        /// Somebody has them in hand.
        InHand = "in-hand",
        /// Something was done.
        Acted = "acted",
        /// Nothing should be done.
        Dismissed = "dismissed",
    }
}

impl View {
    const fn holds(self, gap: &Gap) -> bool {
        matches!(
            (self, gap.state),
            (Self::Open, GapState::Open)
                | (Self::InHand, GapState::InHand)
                | (Self::Acted, GapState::Acted(_))
                | (Self::Dismissed, GapState::Dismissed)
        )
    }
}

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: String,
}

/// `GET /knowledge/gaps`
///
/// # Errors
/// The database.
pub(super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let view: View = asked.view.parse().unwrap_or(View::Open);
    let now = visit.now;
    let all = state.db.read(move |s| -> Result<_, KnowledgeError> { Ok(gaps(s, now)?) }).await?;
    let shown: Vec<&Gap> = all.iter().filter(|gap| view.holds(gap)).collect();
    let content = html! {
        p .lead { (t!(words, "gaps-lead", weeks = WINDOW_WEEKS)) }
        nav .filters aria-label=(t!(words, "gaps-views")) {
            @for one in View::ALL {
                @let of = all.iter().filter(|gap| one.holds(gap)).count();
                a href=(format!("/knowledge/gaps?view={one}")) aria-current=[(*one == view).then_some("true")] {
                    (words.word("gaps-view", one.as_str())) " (" (of) ")"
                }
            }
        }
        @if shown.is_empty() { (lists::empty(&t!(words, "gaps-none"))) } @else { (table(&visit, &shown)) }
        @if shown.len() > GAPS_MAX { p .soft { (t!(words, "gaps-more", count = shown.len().saturating_sub(GAPS_MAX))) } }
        details { summary { (t!(words, "gaps-explained-title")) } (explained(&visit)) }
    };
    let aside = html! { a .button href="/knowledge/synonyms" { (t!(words, "synonyms-title")) } };
    Ok(Page::wide(t!(words, "gaps-title")).with(aside).around(&visit, &content))
}

fn table(visit: &Visit, shown: &[&Gap]) -> Markup {
    let words = visit.words;
    html! {
        div .scroll tabindex="0" role="region" aria-label=(t!(words, "gaps-title")) {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "gap-question")) }
                    th scope="col" { (t!(words, "gap-kind")) }
                    th scope="col" .number { (t!(words, "gap-misses")) }
                    th scope="col" { (t!(words, "gap-trend")) }
                    th scope="col" { (t!(words, "gap-last")) }
                    th scope="col" { (t!(words, "gap-do")) }
                } }
                tbody { @for gap in shown.iter().take(GAPS_MAX) { tr {
                    th scope="row" { span {
                        a href=(path(gap.id)) { (gap.question) }
                        @if gap.forms.len() > 1 {
                            " " span .soft { (t!(words, "gap-variants", count = gap.forms.len().saturating_sub(1))) }
                        }
                    } }
                    td data-label=(t!(words, "gap-kind")) { (words.word("gap-kind", gap.kind.as_str())) }
                    td .number data-label=(t!(words, "gap-misses")) { (gap.misses()) }
                    td data-label=(t!(words, "gap-trend")) { (trend(visit, gap)) }
                    td data-label=(t!(words, "gap-last")) {
                        @if gap.misses() > 0 { (words.day(vocabulary::local_day(gap.last_at))) } @else { "–" }
                    }
                    td data-label=(t!(words, "gap-do")) { (quick(visit, gap)) }
                } } }
            }
        }
    }
}

/// How the later half of the time compares with the earlier.
pub(super) fn trend(visit: &Visit, gap: &Gap) -> Markup {
    let words = visit.words;
    let (arrow, word) = match gap.recent.cmp(&gap.earlier()) {
        std::cmp::Ordering::Greater => ("↗", "up"),
        std::cmp::Ordering::Equal => ("→", "same"),
        std::cmp::Ordering::Less => ("↘", "down"),
    };
    html! { span {
        span aria-hidden="true" { (arrow) " " }
        span .visually-hidden { (words.word("gap-trend", word)) ": " }
        (t!(words, "gap-trend-counts", recent = count(gap.recent), earlier = count(gap.earlier())))
    } }
}

/// One press takes an open gap as one's own task.
fn quick(visit: &Visit, gap: &Gap) -> Markup {
    let words = visit.words;
    html! {
        @if gap.state == GapState::Open && visit.may(Action::WriteArticles) {
            form method="post" action=(format!("{}/task", path(gap.id))) {
                (forms::token(visit))
                input type="hidden" name="owner" value=(visit.user_id().into_untyped_uuid());
                button type="submit" .slim { (t!(words, "gap-take")) span .visually-hidden { ": " (gap.question) } }
            }
        } @else {
            (words.word("gap-state", state_word(gap.state)))
        }
    }
}

pub(super) const fn state_word(state: GapState) -> &'static str {
    match state {
        GapState::Open => "open",
        GapState::InHand => "in-hand",
        GapState::Acted(_) => "acted",
        GapState::Dismissed => "dismissed",
    }
}

fn explained(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        p { (t!(words, "gaps-explained-kinds")) }
        p { (t!(words, "gaps-explained-groups")) }
        p { (t!(words, "gaps-explained-privacy")) }
    }
}
