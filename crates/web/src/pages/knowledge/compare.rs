//! Two versions side by side in one text: what came and what went, word by word.

use super::{Names, find, path};
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Select},
        layout::Page,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use axum::extract::{Path, Query, State};
use knowledge::compare::{Piece, is_same, words as words_of};
use knowledge::{Content, KnowledgeError, queries};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;

/// Which versions.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Asked {
    old: Option<u32>,
    new: Option<u32>,
}

/// `GET /knowledge/{slug}/compare`: two versions, or what is read and what is being written.
///
/// # Errors
/// There is no such article or version; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let (old, new, versions, names) = state
        .db
        .read(move |s| -> Result<_, KnowledgeError> {
            let newest = queries::newest_by_slug(s, &slug)?.ok_or(KnowledgeError::NoArticle)?;
            let new = asked.new.unwrap_or(newest.newest);
            let before = newest.live.filter(|live| *live < new).unwrap_or(new.saturating_sub(1).max(1));
            let old = find(s, &slug, Some(asked.old.unwrap_or(before)))?;
            let new = find(s, &slug, Some(new))?;
            let versions = queries::versions(s, newest.id)?;
            Ok((old, new, versions, Names::read(s)?))
        })
        .await?;
    let choices: Vec<Choice> = versions
        .iter()
        .map(|v| {
            let when = words.day_and_time(v.written_at);
            Choice::new(v.number, format!("{} · {when}", t!(words, "article-version", number = v.number)))
        })
        .collect();
    let select = |name, label, chosen: &str| {
        Select {
            name,
            prefix: "compare",
            label,
            choices: &choices,
            chosen,
            nothing: None,
            required: true,
            type_ahead_next: None,
        }
        .show(words, &Faults::none())
    };
    let content = html! {
        p { a href=(path(&new.slug)) { (t!(words, "article-back", title = new.title())) } }
        form .inline-form .card method="get" action=(format!("{}/compare", path(&new.slug))) {
            (select("old", t!(words, "compare-old"), &old.version.to_string()))
            (select("new", t!(words, "compare-new"), &new.version.to_string()))
            button type="submit" { (t!(words, "compare-show")) }
        }
        div .card { (difference(words, &names, &old.content, &new.content)) }
        @if visit.may(Action::WriteArticles) && old.version != old.newest {
            form method="post" action=(format!("{}/restore", path(&old.slug))) {
                (forms::token(&visit))
                input type="hidden" name="version" value=(old.newest);
                input type="hidden" name="number" value=(old.version);
                p { button type="submit" { (t!(words, "article-restore-number", number = old.version)) } }
            }
        }
    };
    Ok(Page::wide(t!(words, "compare-title", title = new.title())).around(&visit, &content))
}

/// What is different between two contents, part by part; parts that are alike are left out.
pub(super) fn difference(words: &Words, names: &Names, old: &Content, new: &Content) -> Markup {
    let (old, new) = (told(words, names, old), told(words, names, new));
    let parts: Vec<(String, Vec<Piece>)> = old
        .into_iter()
        .zip(new)
        .map(|((label, old), (_, new))| (label, words_of(&old, &new)))
        .filter(|(_, pieces)| !is_same(pieces))
        .collect();
    html! {
        @if parts.is_empty() { p .empty { (t!(words, "compare-same")) } }
        @else {
            p .hint { (t!(words, "compare-how")) " " del { (t!(words, "compare-removed")) } " " ins { (t!(words, "compare-added")) } }
            @for (label, pieces) in &parts {
                h2 { (label) }
                div .word-diff { (told_pieces(words, pieces)) }
            }
        }
    }
}

/// The pieces of a comparison. Screen readers seldom tell `ins` from `del`, so both are named.
fn told_pieces(words: &Words, pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Same(text) => (text),
                Piece::Gone(text) => del { span .visually-hidden { " [" (t!(words, "compare-removed")) ": " } (text) span .visually-hidden { "] " } },
                Piece::New(text) => ins { span .visually-hidden { " [" (t!(words, "compare-added")) ": " } (text) span .visually-hidden { "] " } },
            }
        }
    }
}

/// Every part of a content as text, always the same parts in the same order.
fn told(words: &Words, names: &Names, content: &Content) -> Vec<(String, String)> {
    let day = |day: Option<vocabulary::civil::Date>| day.map(|day| words.day(day)).unwrap_or_default();
    let wording = |wording: &Option<knowledge::Wording>| wording.clone().unwrap_or_default();
    let (internal, public) = (wording(&content.internal), wording(&content.public));
    let links: Vec<String> =
        content.links.iter().map(|link| format!("{}: {}", link.title, link.url)).collect();
    let files = content.files.len();
    vec![
        (t!(words, "article-internal-title"), internal.title),
        (t!(words, "article-internal-answer"), internal.answer),
        (t!(words, "article-internal-body"), internal.body),
        (t!(words, "article-public-title"), public.title),
        (t!(words, "article-public-answer"), public.answer),
        (t!(words, "article-public-body"), public.body),
        (t!(words, "article-approach"), content.approach.clone()),
        (t!(words, "article-keywords"), content.keywords.clone()),
        (t!(words, "article-links"), links.join("\n")),
        (
            t!(words, "article-files"),
            t!(words, "article-files-count", count = i64::try_from(files).unwrap_or(0)),
        ),
        (t!(words, "article-owner"), names.user(content.owner).unwrap_or_default().to_owned()),
        (t!(words, "article-review-day"), day(content.review_day)),
        (
            t!(words, "article-department"),
            names.department(content.department).unwrap_or_default().to_owned(),
        ),
        (
            t!(words, "article-assignment"),
            names.assignment(content.assignment).unwrap_or_default().to_owned(),
        ),
        (t!(words, "article-types"), names.types(&content.case_types)),
        (t!(words, "article-valid-from"), day(content.valid_from)),
        (t!(words, "article-valid-to"), day(content.valid_to)),
    ]
}
