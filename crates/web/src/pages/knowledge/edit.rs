//! Writing an article: new, from a case or from what was searched and not found, or its next version. Two who write at
//! the same time both keep their words: the later one is shown what was saved meanwhile, and decides.

use super::deeds::problem;
use super::form::{self, Draft, field_of};
use super::{Names, compare, parts, read};
use crate::{
    AppState,
    components::{
        forms::{self, Faults},
        layout::Page,
    },
    error::PageError,
    pages::cases::viewer,
    t,
    uploads::Upload,
    visit::Visit,
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use cases::{Case, CaseNumber, CaseType, CasesError};
use knowledge::commands::{Write, ask_review, write};
use knowledge::model::ArticleFile;
use knowledge::{Article, Content, KnowledgeError, Wording, asked, queries};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{GapId, SecrecyClass, local_day};

/// Where a new article comes from.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Origin {
    /// A case's number.
    #[serde(default)]
    from: String,
}

/// `GET /knowledge/new`: empty, or begun from a case: its type, its department and the words of its title that name nobody.
/// What the resident told stays in the case.
///
/// # Errors
/// There is no such case, or it is not for this visitor; the database.
pub(super) async fn blank(
    State(state): State<AppState>,
    visit: Visit,
    Query(origin): Query<Origin>,
) -> Result<Markup, PageError> {
    let mut draft = fresh(&state, &visit);
    if !origin.from.is_empty() {
        if !visit.may(Action::OpenCase) {
            return Err(PageError::Forbidden);
        }
        let number: CaseNumber = origin.from.parse().map_err(|_| PageError::NotFound)?;
        let viewer = viewer(&visit);
        let case = state
            .db
            .read(move |s| -> Result<_, CasesError> {
                let case = cases::queries::case_by_number(s, &number)?;
                let case = case.ok_or(CasesError::NotFound { what: "case" })?;
                viewer.opens(s, &case)?;
                let case_type = cases::queries::case_type(s, case.case_type_id)?;
                let resident = match case.resident_id {
                    Some(id) => people::residents::queries::by_id(s, id)?.and_then(|resident| resident.name),
                    None => None,
                };
                Ok((case, case_type, resident))
            })
            .await?;
        begin_from_case(&mut draft, &case.0, case.1, case.2.as_deref().unwrap_or_default());
    }
    let names = state.db.read(Names::read).await?;
    Ok(page(&visit, &names, &draft, &[], None, &Faults::none(), &html! {}))
}

/// What a case lends an article: its type and department, and of an open case the words of its title that are nobody's.
fn begin_from_case(draft: &mut Draft, case: &Case, case_type: Option<CaseType>, resident: &str) {
    let plain = case.secrecy_class == SecrecyClass::Open;
    let title = if plain { impersonal(&case.title, resident) } else { String::new() };
    let type_name = case_type.as_ref().map(|case_type| case_type.name.clone()).unwrap_or_default();
    draft.content.internal =
        Some(Wording { title: if title.is_empty() { type_name } else { title }, ..Wording::default() });
    draft.content.case_types = vec![case.case_type_id];
    draft.content.department = case_type.map(|case_type| case_type.department_id);
    draft.case = Some(case.id.into_untyped_uuid());
}

/// A title without what is personal: masked as what is searched is, less the words of the resident's own name.
fn impersonal(title: &str, resident: &str) -> String {
    let fold = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let own: Vec<String> = resident.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
    let masked = asked::masked(title, asked::Names::built_in());
    let kept = masked.split_whitespace().filter(|word| !word.contains('«') && !own.contains(&fold(word)));
    kept.collect::<Vec<_>>().join(" ")
}

/// A new article's form, with an id of its own and the visitor as its owner.
fn fresh(state: &AppState, visit: &Visit) -> Draft {
    let ctx = visit.context(state);
    Draft {
        article: ctx.next_id(),
        base: 0,
        content: Content { owner: Some(visit.user_id()), ..Content::default() },
        note: String::new(),
        case: None,
        gap: None,
    }
}

/// `POST /knowledge/new`: saves, shows what it will look like, or begins with what is sent along.
///
/// # Errors
/// The database.
pub(super) async fn send_new(
    State(state): State<AppState>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, PageError> {
    answer(&state, &visit, None, upload).await
}

/// `GET /knowledge/{slug}/edit`: from the newest version.
///
/// # Errors
/// There is no such article; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
) -> Result<Markup, PageError> {
    let (newest, files, names) = state
        .db
        .read(move |s| -> Result<_, KnowledgeError> {
            let newest = queries::newest_by_slug(s, &slug)?.ok_or(KnowledgeError::NoArticle)?;
            let files = queries::files_of(s, newest.id)?;
            Ok((newest, files, Names::read(s)?))
        })
        .await?;
    let draft = Draft {
        article: newest.id,
        base: newest.newest,
        content: newest.content.clone(),
        note: String::new(),
        case: None,
        gap: None,
    };
    Ok(page(&visit, &names, &draft, &files, Some(&newest), &Faults::none(), &html! {}))
}

/// `POST /knowledge/{slug}/edit`
///
/// # Errors
/// There is no such article; the database.
pub(super) async fn send(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    upload: Upload,
) -> Result<Response, PageError> {
    let newest = state.db.read(move |s| queries::newest_by_slug(s, &slug)).await?;
    answer(&state, &visit, Some(newest.ok_or(PageError::NotFound)?), upload).await
}

/// `POST /knowledge/preview`: what is being written, as it will be read. Into the page, when htmx asks.
///
/// # Errors
/// The database.
pub(super) async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    upload: Upload,
) -> Result<Markup, PageError> {
    let names = state.db.read(Names::read).await?;
    let fresh = visit.context(&state).next_id();
    let (draft, _) = Draft::read(upload, &names, fresh, visit.words, &mut Faults::none());
    let shown = previewed(&visit, &draft.content);
    if visit.htmx { Ok(shown) } else { Ok(page(&visit, &names, &draft, &[], None, &Faults::none(), &shown)) }
}

fn previewed(visit: &Visit, content: &Content) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="preview-heading" {
            h2 #preview-heading tabindex="-1" { (t!(words, "article-preview")) }
            (parts::overdue_notice(words, content, local_day(visit.now)))
            (parts::approach(words, &content.approach))
            @for (text, label) in [
                (&content.internal, t!(words, "article-internal")), (&content.public, t!(words, "article-public")),
            ] {
                @if let Some(text) = text {
                    p .soft { (label) }
                    p { strong { (text.title) } }
                    (parts::wording(text))
                }
            }
            @if content.wording().is_none() { p .empty { (t!(words, "article-preview-empty")) } }
            (parts::links(words, &content.links))
        }
    }
}

async fn answer(
    state: &AppState,
    visit: &Visit,
    newest: Option<Article>,
    upload: Upload,
) -> Result<Response, PageError> {
    let words = visit.words;
    let what = upload.field("what").to_owned();
    let article = newest.as_ref().map(|newest| newest.id);
    let (names, files) = state
        .db
        .read(move |s| -> Result<_, KnowledgeError> {
            let files = article.map(|id| queries::files_of(s, id)).transpose()?;
            Ok((Names::read(s)?, files.unwrap_or_default()))
        })
        .await?;
    let fresh = fresh(state, visit);
    let mut faults = Faults::none();
    let (mut draft, new_files) = Draft::read(upload, &names, fresh.article, words, &mut faults);
    if let Some(newest) = &newest {
        draft.article = newest.id;
    }
    let show = |draft: &Draft, faults: &Faults, below: &Markup| {
        page(visit, &names, draft, &files, newest.as_ref(), faults, below)
    };
    match what.as_str() {
        "begin" => {
            draft.content.owner = draft.content.owner.or(fresh.content.owner);
            return Ok(show(&draft, &faults, &html! {}).into_response());
        }
        "preview" => return Ok(show(&draft, &faults, &previewed(visit, &draft.content)).into_response()),
        _ => {}
    }
    if !faults.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&draft, &faults, &html! {})).into_response());
    }
    match save(state, visit, &draft, new_files, what == "ask").await {
        Ok(article) => Ok(Redirect::to(&read::version_path(&article.slug, article.version)).into_response()),
        Err(KnowledgeError::Overtaken { newest: number }) => {
            let id = draft.article;
            let (theirs, versions) = state
                .db
                .read(move |s| Ok::<_, KnowledgeError>((queries::newest(s, id)?, queries::versions(s, id)?)))
                .await?;
            let theirs = theirs.ok_or(PageError::NotFound)?;
            let by = versions.first().and_then(|version| names.user(version.written_by));
            let by = by.map_or_else(|| t!(words, "article-by-house"), str::to_owned);
            draft.base = number;
            let below = overtaken(visit, &names, &theirs, &draft.content, &by);
            let page = page(visit, &names, &draft, &files, Some(&theirs), &faults, &below);
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let Some(message) = problem(words, &error) else { return Err(error.into()) };
            let Some(field) = field_of(&error) else {
                let below = forms::refused(&message);
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&draft, &faults, &below)).into_response());
            };
            let faults = Faults::one(field, message);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&draft, &faults, &html! {})).into_response())
        }
    }
}

async fn save(
    state: &AppState,
    visit: &Visit,
    draft: &Draft,
    new_files: Vec<(storage::files::NewDocument, bool)>,
    ask: bool,
) -> Result<Article, KnowledgeError> {
    let ctx = visit.context(state);
    let (cmd, gap) = (
        Write {
            article: draft.article,
            base: draft.base,
            content: draft.content.clone(),
            note: draft.note.clone(),
            new_files,
            related: draft.case.or(draft.gap),
        },
        draft.gap.map(GapId::from_untyped_uuid),
    );
    state
        .db
        .write(move |s| {
            let article = write(s, &ctx, &cmd)?;
            if let Some(gap) = gap {
                asked::commands::acted(s, &ctx, gap, asked::Act::Article(article.id))?;
            }
            if ask && article.state == knowledge::ArticleState::Draft {
                return ask_review(s, &ctx, article.id, article.version);
            }
            Ok(article)
        })
        .await
}

/// What was saved meanwhile and what the visitor has written, in one text.
fn overtaken(visit: &Visit, names: &Names, theirs: &Article, mine: &Content, by: &str) -> Markup {
    let words = visit.words;
    html! {
        div .notice .bad role="alert" {
            p { strong { (t!(words, "article-overtaken-by", name = by, number = theirs.version)) } }
            p { (t!(words, "article-overtaken-how")) }
        }
        section .card aria-labelledby="overtaken-heading" {
            h2 #overtaken-heading { (t!(words, "article-overtaken-difference")) }
            (compare::difference(words, names, &theirs.content, mine))
        }
    }
}

fn page(
    visit: &Visit,
    names: &Names,
    draft: &Draft,
    files: &[ArticleFile],
    newest: Option<&Article>,
    faults: &Faults,
    above: &Markup,
) -> Markup {
    let words = visit.words;
    let content = html! {
        p {
            @match newest {
                Some(newest) => a href=(super::path(&newest.slug)) { (t!(words, "article-back", title = newest.title())) },
                None => a href="/knowledge" { (t!(words, "articles-back")) },
            }
        }
        @if !faults.is_empty() { (forms::refused(&t!(words, "article-faults"))) }
        div #preview aria-live="polite" { (above) }
        (form::show(visit, names, draft, files, newest.map(|newest| newest.slug.as_str()), faults))
    };
    let title = match newest {
        Some(newest) => t!(words, "article-edit-title", title = newest.title()),
        None => t!(words, "article-new"),
    };
    Page::wide(title).around(visit, &content)
}

#[cfg(test)]
mod tests {
    use super::impersonal;

    #[test]
    fn an_article_from_a_case_names_nobody() {
        assert_eq!(
            impersonal("Grop i vägen utanför Kim Ek, 070-123 45 67", "Kim Ek"),
            "Grop i vägen utanför"
        );
        assert_eq!(impersonal("Trasig gatlampa", "Bo Ek"), "Trasig gatlampa");
    }
}
