//! What is to be done about what is known: one's own, and what is anybody's.

use super::{Names, path};
use crate::{
    AppState,
    components::{
        forms::{self, Choice},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use knowledge::KnowledgeError;
use knowledge::tasks::{self, KnowledgeTask, TaskKind};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{KnowledgeTaskId, UserId, local_day};

/// Tasks shown in each list; more are worked off from the top.
const TASKS_MAX: usize = 100;

/// `GET /knowledge/tasks`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let words = visit.words;
    let (all, names) =
        state.db.read(|s| -> Result<_, KnowledgeError> { Ok((tasks::open(s)?, Names::read(s)?)) }).await?;
    let me = visit.user_id();
    let (mine, others): (Vec<&KnowledgeTask>, Vec<&KnowledgeTask>) =
        all.iter().partition(|task| task.owner == Some(me));
    let (nobodys, others): (Vec<&KnowledgeTask>, Vec<&KnowledgeTask>) =
        others.into_iter().partition(|task| task.owner.is_none());
    let group = |id: &str, heading: String, empty: String, tasks: &[&KnowledgeTask]| {
        html! {
            section .card aria-labelledby=(id) {
                h2 id=(id) { (heading) " (" (tasks.len()) ")" }
                @if tasks.is_empty() { (lists::empty(&empty)) }
                @else { ul .plain-list { @for task in tasks.iter().take(TASKS_MAX) { li { (card(&visit, &names, task)) } } } }
            }
        }
    };
    let none = || t!(words, "knowledge-tasks-none");
    let content = html! {
        p { a href="/knowledge" { (t!(words, "articles-back")) } }
        (group("mine-heading", t!(words, "knowledge-tasks-own"), none(), &mine))
        @if visit.may(Action::ReviewArticles) {
            (group("nobodys-heading", t!(words, "knowledge-tasks-nobodys"), none(), &nobodys))
            (group("others-heading", t!(words, "knowledge-tasks-others"), none(), &others))
        }
    };
    Ok(Page::narrow(t!(words, "knowledge-tasks")).around(&visit, &content))
}

/// What a task is about.
pub(super) fn about(visit: &Visit, names: &Names, task: &KnowledgeTask) -> Markup {
    let words = visit.words;
    let overdue = task.due.is_some_and(|day| day < local_day(visit.now));
    html! {
        p {
            strong { (words.word("knowledge-task", task.kind.as_str())) }
            @if let (Some(slug), Some(title)) = (&task.slug, &task.title) { ": " a href=(path(slug)) { (title) } }
            @if let Some(day) = task.due {
                " " span class=(if overdue { "badge warn" } else { "badge" }) { (t!(words, "knowledge-task-due", day = words.day(day))) }
            }
        }
        @if !task.note.is_empty() { p .pre { (task.note) } }
        p .small .soft {
            (names.user(task.made_by).map_or_else(|| t!(words, "article-by-house"), str::to_owned)) ", "
            (words.when(task.made_at, visit.now))
            " · " (names.user(task.owner).map_or_else(|| t!(words, "article-no-owner"), str::to_owned))
        }
    }
}

/// A task with what can be done about it.
fn card(visit: &Visit, names: &Names, task: &KnowledgeTask) -> Markup {
    let words = visit.words;
    let id = task.id.into_untyped_uuid();
    let choices: Vec<Choice> =
        names.owners.iter().map(|(user, name)| Choice::new(user.into_untyped_uuid(), name.clone())).collect();
    let chosen = task.owner.map(|owner| owner.into_untyped_uuid().to_string()).unwrap_or_default();
    let what = task.title.clone().unwrap_or_else(|| words.word("knowledge-task", task.kind.as_str()));
    html! {
        (about(visit, names, task))
        div .actions {
            form method="post" action=(format!("/knowledge/tasks/{id}/done")) {
                (forms::token(visit))
                button type="submit" { (t!(words, "knowledge-task-done")) span .visually-hidden { ": " (what) } }
            }
            @if task.kind == TaskKind::Gap || task.kind == TaskKind::Question {
                form method="post" action="/knowledge/new" {
                    (forms::token(visit))
                    input type="hidden" name="what" value="begin";
                    input type="hidden" name="title" value=(task.note.lines().next().unwrap_or_default());
                    @if let Some(gap) = task.gap { input type="hidden" name="gap" value=(gap); }
                    button type="submit" { (t!(words, "article-new")) span .visually-hidden { ": " (what) } }
                }
            }
        }
        details {
            summary { (t!(words, "knowledge-task-give")) span .visually-hidden { ": " (what) } }
            form .inline-form method="post" action=(format!("/knowledge/tasks/{id}/owner")) {
                (forms::token(visit))
                (owner_select(words, &format!("give-{id}"), &choices, &chosen))
                button type="submit" { (t!(words, "save")) }
            }
        }
    }
}

/// Ids are made of the task's own, since a page has many of these.
fn owner_select(words: &crate::words::Words, id: &str, choices: &[Choice], chosen: &str) -> Markup {
    html! {
        div .field {
            label for=(id) { (t!(words, "article-owner")) }
            select id=(id) name="owner" {
                option value="" { (t!(words, "article-no-owner")) }
                @for choice in choices { option value=(choice.value) selected[choice.value == chosen] { (choice.name) } }
            }
        }
    }
}

/// `POST /knowledge/tasks/{id}/done`
///
/// # Errors
/// There is no such task; the database.
pub(super) async fn done(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    let task = KnowledgeTaskId::from_untyped_uuid(id);
    state.db.write(move |s| tasks::done(s, &ctx, task)).await?;
    Ok(Redirect::to("/knowledge/tasks"))
}

/// Whom a task is given to.
#[derive(Debug, Deserialize)]
pub(super) struct To {
    #[serde(default)]
    owner: String,
}

/// `POST /knowledge/tasks/{id}/owner`
///
/// # Errors
/// There is no such task or person; the database.
pub(super) async fn give(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(to): Form<To>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    let task = KnowledgeTaskId::from_untyped_uuid(id);
    let owner: Option<uuid::Uuid> = to.owner.parse().ok();
    state.db.write(move |s| tasks::give(s, &ctx, task, owner.map(UserId::from_untyped_uuid))).await?;
    Ok(Redirect::to("/knowledge/tasks"))
}
