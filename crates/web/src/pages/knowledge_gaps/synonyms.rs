//! The search's synonyms: what means the same, and what also finds what.

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use knowledge::asked::{SYNONYM_WORDS_MAX, Synonym, SynonymDraft, SynonymFault, commands, queries};
use knowledge::{Hit, KnowledgeError};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use std::collections::BTreeSet;
use vocabulary::GenericUuid as _;
use vocabulary::{SynonymId, local_day};

/// Hits shown of each search that is tried.
const TRIED_MAX: usize = 3;

/// Synonyms as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    words: String,
    #[serde(default)]
    means: String,
    #[serde(default)]
    one_way: String,
    /// Which button was pressed.
    #[serde(default)]
    what: String,
}

impl Typed {
    fn is_one_way(&self) -> bool {
        self.one_way == "yes"
    }

    /// The draft: `means` beside `words` is one more word of the same, unless it goes one way.
    pub(super) fn draft(&self) -> SynonymDraft {
        if self.is_one_way() {
            return self.as_typed();
        }
        SynonymDraft { words: [self.words.trim(), self.means.trim()].join(","), means: String::new() }
    }

    pub(super) fn as_typed(&self) -> SynonymDraft {
        SynonymDraft { words: self.words.clone(), means: self.means.clone() }
    }
}

/// What is wrong with synonyms, in the visitor's language.
pub(super) fn fault_of(words: &Words, fault: &SynonymFault) -> String {
    match fault {
        SynonymFault::TooFew => t!(words, "synonym-fault-few"),
        SynonymFault::TooMany => t!(words, "synonym-fault-many", max = SYNONYM_WORDS_MAX),
        SynonymFault::NotAWord(word) => t!(words, "synonym-fault-word", word = word.clone()),
        SynonymFault::Twice(word) => t!(words, "synonym-fault-twice", word = word.clone()),
        SynonymFault::Taken { word, .. } => t!(words, "synonym-fault-taken", word = word.clone()),
        SynonymFault::Full => t!(words, "synonym-fault-full"),
    }
}

/// `GET /knowledge/synonyms`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Typed::default(), &Faults::none(), &html! {}).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    faults: &Faults,
    tried: &Markup,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let all = state.db.read(queries::synonyms).await?;
    let content = html! {
        p { a href="/knowledge/gaps" { (t!(words, "gaps-back")) } }
        p .lead { (t!(words, "synonyms-lead")) }
        @if visit.may(Action::EditSynonyms) {
            section .card aria-labelledby="add-heading" {
                h2 #add-heading { (t!(words, "synonym-new")) }
                (fields(visit, "/knowledge/synonyms", typed, faults))
                (tried)
            }
        }
        section .card aria-labelledby="all-heading" {
            h2 #all-heading { (t!(words, "synonyms-all", count = all.len())) }
            @if all.is_empty() { (lists::empty(&t!(words, "synonyms-none"))) } @else { (table(visit, &all)) }
        }
    };
    Ok(Page::narrow(t!(words, "synonyms-title")).around(visit, &content))
}

fn fields(visit: &Visit, to: &str, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action=(to) {
            (forms::token(visit))
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            (Field::line("synonym", "words", t!(words, "synonym-words"), &typed.words).hint(t!(words, "synonym-words-hint"))
                .room(800).show(words, faults))
            (Field::line("synonym", "means", t!(words, "synonym-means"), &typed.means).optional()
                .hint(t!(words, "synonym-means-hint")).room(800).show(words, faults))
            (forms::tick("synonym", "one_way", &t!(words, "synonym-one-way"), typed.is_one_way()))
            div .actions {
                button type="submit" name="what" value="save" .primary { (t!(words, "save")) }
                button type="submit" name="what" value="try" { (t!(words, "synonym-try")) }
            }
        }
    }
}

fn table(visit: &Visit, all: &[Synonym]) -> Markup {
    let words = visit.words;
    let edits = visit.may(Action::EditSynonyms);
    html! {
        div .scroll tabindex="0" role="region" aria-label=(t!(words, "synonyms-title")) {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "synonym-words")) }
                    th scope="col" { (t!(words, "synonym-way")) }
                    th scope="col" { (t!(words, "synonym-changed")) }
                    @if edits { th scope="col" { span .visually-hidden { (t!(words, "gap-do")) } } }
                } }
                tbody { @for synonym in all { tr {
                    th scope="row" {
                        (synonym.words.join(", "))
                        @if !synonym.means.is_empty() {
                            span aria-hidden="true" { " → " }
                            span .visually-hidden { " " (t!(words, "synonym-also")) " " }
                            (synonym.means.join(", "))
                        }
                    }
                    td data-label=(t!(words, "synonym-way")) {
                        @if synonym.means.is_empty() { (t!(words, "synonym-both-ways")) } @else { (t!(words, "synonym-one-way-short")) }
                    }
                    td data-label=(t!(words, "synonym-changed")) { (words.day(local_day(synonym.changed_at))) }
                    @if edits { td { (row_deeds(visit, synonym)) } }
                } } }
            }
        }
    }
}

fn row_deeds(visit: &Visit, synonym: &Synonym) -> Markup {
    let words = visit.words;
    let to = format!("/knowledge/synonyms/{}", synonym.id.into_untyped_uuid());
    let name = synonym.words.join(", ");
    html! {
        div .actions {
            a .button .slim href=(to) { (t!(words, "synonym-edit")) span .visually-hidden { ": " (name) } }
            form method="post" action=(format!("{to}/remove")) {
                (forms::token(visit))
                button type="submit" .slim { (t!(words, "synonym-remove")) span .visually-hidden { ": " (name) } }
            }
        }
    }
}

/// What each word finds today, and what is found when all of them are asked for.
fn tried(state: &AppState, visit: &Visit, typed: &Typed) -> Result<Markup, PageError> {
    let words = visit.words;
    let today = local_day(state.clock.now());
    let asked: Vec<String> = [typed.words.as_str(), typed.means.as_str()]
        .iter()
        .flat_map(|text| text.split([',', ';', '\n']))
        .map(|phrase| phrase.trim().to_owned())
        .filter(|phrase| !phrase.is_empty())
        .take(SYNONYM_WORDS_MAX)
        .collect();
    let mut alone = Vec::new();
    for phrase in &asked {
        alone.push((phrase, state.knowledge.find(&format!("{phrase} "), TRIED_MAX, today)?));
    }
    let together = state.knowledge.find(&format!("{} ", asked.join(" ")), 2 * TRIED_MAX, today)?;
    let known: BTreeSet<_> =
        alone.first().into_iter().flat_map(|(_, hits)| hits).map(|hit| hit.article.id).collect();
    Ok(html! {
        div role="status" {
            h3 { (t!(words, "synonym-tried")) }
            dl .facts {
                @for (phrase, hits) in &alone { dt { (phrase) } dd { (titles(words, hits)) } }
                dt { (t!(words, "synonym-together")) }
                dd {
                    (titles(words, &together))
                    @let new = together.iter().filter(|hit| !known.contains(&hit.article.id)).count();
                    p .soft { (t!(words, "synonym-together-new", count = new, word = asked.first().cloned().unwrap_or_default())) }
                }
            }
        }
    })
}

fn titles(words: &Words, hits: &[Hit]) -> Markup {
    html! {
        @if hits.is_empty() { span .soft { (t!(words, "knowledge-nothing")) } }
        @else { ol { @for hit in hits { li { (hit.article.title()) } } } }
    }
}

/// `POST /knowledge/synonyms`
///
/// # Errors
/// The database, the index.
pub(super) async fn add(
    State(state): State<AppState>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    if typed.what == "try" {
        let tried = tried(&state, &visit, &typed)?;
        return Ok(page(&state, &visit, &typed, &Faults::none(), &tried).await?.into_response());
    }
    let (ctx, draft) = (visit.context(&state), typed.draft());
    match state.db.write(move |s| commands::put_synonym(s, &ctx, None, &draft)).await {
        Ok(_) => Ok(Redirect::to("/knowledge/synonyms").into_response()),
        Err(KnowledgeError::Synonym(fault)) => {
            let faults = Faults::one("words", fault_of(visit.words, &fault));
            let page = page(&state, &visit, &typed, &faults, &html! {}).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /knowledge/synonyms/{id}`
///
/// # Errors
/// There are no such synonyms; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let synonym = SynonymId::from_untyped_uuid(id);
    let found = state.db.read(move |s| queries::synonym(s, synonym)).await?.ok_or(PageError::NotFound)?;
    let typed = Typed {
        words: found.words.join(", "),
        means: found.means.join(", "),
        one_way: if found.means.is_empty() { String::new() } else { "yes".to_owned() },
        what: String::new(),
    };
    Ok(one(&visit, id, &typed, &Faults::none(), &html! {}))
}

fn one(visit: &Visit, id: uuid::Uuid, typed: &Typed, faults: &Faults, tried: &Markup) -> Markup {
    let words = visit.words;
    let content = html! {
        p { a href="/knowledge/synonyms" { (t!(words, "synonyms-back")) } }
        div .card {
            (fields(visit, &format!("/knowledge/synonyms/{id}"), typed, faults))
            (tried)
        }
    };
    Page::narrow(t!(words, "synonym-change")).around(visit, &content)
}

/// `POST /knowledge/synonyms/{id}`
///
/// # Errors
/// There are no such synonyms; the database, the index.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    if typed.what == "try" {
        let tried = tried(&state, &visit, &typed)?;
        return Ok(one(&visit, id, &typed, &Faults::none(), &tried).into_response());
    }
    let (ctx, draft) = (visit.context(&state), typed.draft());
    let synonym = SynonymId::from_untyped_uuid(id);
    match state.db.write(move |s| commands::put_synonym(s, &ctx, Some(synonym), &draft)).await {
        Ok(_) => Ok(Redirect::to("/knowledge/synonyms").into_response()),
        Err(KnowledgeError::Synonym(fault)) => {
            let faults = Faults::one("words", fault_of(visit.words, &fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, one(&visit, id, &typed, &faults, &html! {}))
                .into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /knowledge/synonyms/{id}/remove`
///
/// # Errors
/// The database.
pub(super) async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let (ctx, synonym) = (visit.context(&state), SynonymId::from_untyped_uuid(id));
    state.db.write(move |s| commands::remove_synonym(s, &ctx, synonym)).await?;
    Ok(Redirect::to("/knowledge/synonyms"))
}
