//! One meeting: agenda with what is suggested, notes and decisions, what was undertaken, who is invited.

use super::meetings::{self, MeetingForm};
use super::parts;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use ahead::agenda::{DAYS_BACK, Suggestion, suggestions};
use ahead::commands::meetings as commands;
use ahead::meeting::{AgendaKind, Meeting, MeetingState};
use ahead::queries::{self, Action as Undertaken, Item};
use ahead::{AheadError, PlannedEvent};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use knowledge::asked::gaps::GapState;
use maud::{Markup, html};
use people::directory::{Department, Officer};
use people::users::User;
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::{
    CaseTypeId, GenericUuid as _, MeetingId, MeetingItemId, OfficerId, PlannedEventId, Timestamp, UserId,
    add_working_days, local_day,
};

/// All that the page shows.
struct Shown {
    meeting: Meeting,
    department: Department,
    items: Vec<Item>,
    suggested: Vec<Suggestion>,
    actions: Vec<Undertaken>,
    users: Vec<User>,
    officers: Vec<Officer>,
    guests: Vec<(OfficerId, u32)>,
    next: Option<Meeting>,
    events: Vec<PlannedEvent>,
}

/// What was wrong with which of the page's forms.
#[derive(Default)]
struct Wrong {
    form: String,
    faults: Faults,
}

async fn load(state: &AppState, words: &'static Words, id: MeetingId) -> Result<Shown, PageError> {
    let now = state.clock.now();
    let shown = state
        .db
        .read(move |s| -> Result<Option<Shown>, AheadError> {
            let Some(meeting) = queries::meeting(s, id)? else { return Ok(None) };
            let Some(department) = people::directory::queries::department(s, meeting.department)? else {
                return Ok(None);
            };
            let others = told_by_others(s, words, &meeting, now)?;
            let suggested = if meeting.state == MeetingState::Planned {
                suggestions(s, &meeting, others, now)?
            } else {
                Vec::new()
            };
            Ok(Some(Shown {
                items: queries::items(s, id)?,
                suggested,
                actions: queries::actions_of(s, id)?,
                users: people::users::queries::all(s)?.into_iter().filter(|user| user.active).collect(),
                officers: people::directory::queries::officers_of(s, meeting.department)?
                    .into_iter()
                    .filter(|officer| officer.active)
                    .collect(),
                guests: queries::guests(s, id)?,
                next: queries::next_meeting(s, meeting.department, now.max(meeting.begins_at))?,
                events: queries::events_told_at(s, id)?,
                department,
                meeting,
            }))
        })
        .await?;
    shown.ok_or(PageError::NotFound)
}

/// Most of what one other room brings up.
const OTHERS_MAX: usize = 5;

/// What other rooms bring up: work that slides over, and what was searched for and not found, as far as it is known to be
/// the department's or nobody's yet.
fn told_by_others(
    s: &mut storage::Session<'_>,
    words: &Words,
    meeting: &Meeting,
    now: Timestamp,
) -> Result<Vec<Suggestion>, AheadError> {
    let types = cases::queries::case_types(s)?;
    let name =
        |id| types.iter().find(|known| known.id == id).map_or(String::new(), |known| known.name.clone());
    let mut sliding: BTreeMap<CaseTypeId, u64> = BTreeMap::new();
    for month in assignments::queries::months_outside(s, local_day(now), 2)? {
        for line in month.lines.into_iter().filter(|line| line.department == meeting.department) {
            *sliding.entry(line.case_type).or_default() += line.count;
        }
    }
    let mut sliding: Vec<(CaseTypeId, u64)> = sliding.into_iter().collect();
    sliding.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    let slides = sliding.into_iter().take(OTHERS_MAX).map(|(id, count)| Suggestion::Told {
        kind: AgendaKind::Sliding,
        source: id.into_untyped_uuid().to_string(),
        title: t!(words, "ahead-suggest-sliding", what = name(id)),
        detail: t!(words, "ahead-suggest-sliding-of", n = count),
    });
    let theirs = |id: Option<CaseTypeId>| {
        id.is_none_or(|id| {
            types.iter().any(|known| known.id == id && known.department_id == meeting.department)
        })
    };
    let gaps = knowledge::asked::gaps::gaps(s, now)?;
    let missed = gaps
        .into_iter()
        .filter(|gap| gap.state == GapState::Open && theirs(gap.case_type))
        .take(OTHERS_MAX)
        .map(|gap| Suggestion::Told {
            kind: AgendaKind::Gap,
            source: gap.form.clone(),
            title: t!(words, "ahead-suggest-gap", question = gap.question.clone()),
            detail: t!(words, "ahead-suggest-gap-of", n = gap.misses()),
        });
    Ok(slides.chain(missed).collect())
}

/// `GET /ahead/meetings/{id}`
///
/// # Errors
/// There is no such meeting; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let shown = load(&state, visit.words, MeetingId::from_untyped_uuid(id)).await?;
    Ok(page(&visit, &shown, &Wrong::default()))
}

fn page(visit: &Visit, shown: &Shown, wrong: &Wrong) -> Markup {
    let words = visit.words;
    let meeting = &shown.meeting;
    let at = format!("/ahead/meetings/{}", meeting.id.into_untyped_uuid());
    let content = html! {
        (parts::ways(visit))
        p .lead { (parts::when(words, meeting.begins_at, Some(meeting.ends_at), false)) @if !meeting.place.is_empty() { " · " (meeting.place) } }
        @if let Some(next) = &shown.next {
            p { a href=(format!("/ahead/meetings/{}", next.id.into_untyped_uuid())) { (t!(words, "ahead-next-meeting", day = words.day(local_day(next.begins_at)))) } }
        }
        section .card aria-labelledby="agenda-heading" {
            h2 #agenda-heading { (t!(words, "ahead-agenda")) }
            @if shown.items.is_empty() { (lists::empty(&t!(words, "ahead-agenda-none"))) }
            @for item in &shown.items { (point(visit, shown, item, &at)) }
            form .row method="post" action=(format!("{at}/items")) {
                (forms::token(visit))
                (Field::line("item", "title", t!(words, "ahead-item-new"), "").show(words, of(wrong, "item")))
                button type="submit" { (t!(words, "ahead-item-add")) }
            }
        }
        @if !shown.suggested.is_empty() {
            section .card aria-labelledby="suggested-heading" {
                h2 #suggested-heading { (t!(words, "ahead-suggested")) }
                ul .plain { @for suggestion in &shown.suggested {
                    @let (title, detail) = in_words(words, suggestion);
                    li .actions {
                        span { strong { (title) } @if !detail.is_empty() { br; span .small .soft .pre { (detail) } } }
                        form method="post" action=(format!("{at}/items")) {
                            (forms::token(visit))
                            input type="hidden" name="kind" value=(suggestion.kind());
                            input type="hidden" name="source" value=(suggestion.source());
                            button type="submit" { (t!(words, "ahead-item-add")) span .visually-hidden { " " (title) } }
                        }
                    }
                } }
            }
        }
        (notes(visit, shown, &at, of(wrong, "notes")))
        (undertakings(visit, shown, &at, of(wrong, "action")))
        (events(words, shown))
        (around(visit, shown, &at, of(wrong, "move")))
    };
    let title = t!(words, "ahead-meeting-with", department = shown.department.name.clone());
    Page::narrow(title).with(meetings::state(words, meeting.state)).around(visit, &content)
}

fn of<'w>(wrong: &'w Wrong, form: &str) -> &'w Faults {
    static NONE: std::sync::OnceLock<Faults> = std::sync::OnceLock::new();
    if wrong.form == form { &wrong.faults } else { NONE.get_or_init(Faults::none) }
}

/// A point of the agenda: what was said and decided, and each line of it a step from a planned event.
fn point(visit: &Visit, shown: &Shown, item: &Item, at: &str) -> Markup {
    let words = visit.words;
    let id = item.id.into_untyped_uuid();
    let area = |name: &str, label: String, value: &str| {
        let field = format!("{name}-{id}");
        html! { div .field { label for=(field) { (label) } textarea id=(field) name=(name) rows="3" maxlength="20000" { (value) } } }
    };
    html! {
        article .event id=(format!("item-{id}")) {
            h3 { (item.title) }
            @if !item.detail.is_empty() { p .pre .soft { (item.detail) } }
            form method="post" action=(format!("{at}/items/{id}")) {
                (forms::token(visit))
                (area("notes", t!(words, "ahead-notes"), &item.notes))
                (area("decision", t!(words, "ahead-decision"), &item.decision))
                div .actions {
                    button type="submit" name="do" value="write" { (t!(words, "save")) span .visually-hidden { " " (item.title) } }
                    @if item.notes.is_empty() && item.decision.is_empty() {
                        button type="submit" name="do" value="remove" { (t!(words, "ahead-item-remove")) span .visually-hidden { " " (item.title) } }
                    }
                }
            }
            (lines(visit, shown, &item.notes, at))
        }
    }
}

/// Each line of notes, with the button that makes a planned event of it.
fn lines(visit: &Visit, shown: &Shown, notes: &str, at: &str) -> Markup {
    let words = visit.words;
    let lines: Vec<&str> = notes.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let made = |line: &str| shown.events.iter().any(|event| line.contains(&event.title));
    html! {
        @if !lines.is_empty() {
            ul .plain { @for line in lines { li .actions {
                span { (line) }
                @if !made(line) {
                    form method="post" action=(format!("{at}/events")) {
                        (forms::token(visit))
                        input type="hidden" name="line" value=(line);
                        button type="submit" { (t!(words, "ahead-make-event")) span .visually-hidden { " " (line) } }
                    }
                }
            } } }
        }
    }
}

fn notes(visit: &Visit, shown: &Shown, at: &str, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="notes-heading" {
            h2 #notes-heading { (t!(words, "ahead-notes-other")) }
            form method="post" action=(format!("{at}/do")) {
                (forms::token(visit))
                (Field::line("meeting", "notes", t!(words, "ahead-notes"), &shown.meeting.notes).kind(Kind::Text).optional().room(20_000).show(words, faults))
                button type="submit" name="do" value="notes" { (t!(words, "save")) span .visually-hidden { " " (t!(words, "ahead-notes-other")) } }
            }
            (lines(visit, shown, &shown.meeting.notes, at))
        }
    }
}

fn undertakings(visit: &Visit, shown: &Shown, at: &str, faults: &Faults) -> Markup {
    let words = visit.words;
    let today = local_day(visit.now);
    let owner =
        |id: UserId| shown.users.iter().find(|user| user.id == id).map_or("", |user| user.name.as_str());
    let users: Vec<Choice> =
        shown.users.iter().map(|user| Choice::new(user.id.into_untyped_uuid(), user.name.clone())).collect();
    let due = add_working_days(today, 10).to_string();
    let who = Select {
        name: "owner",
        prefix: "action",
        label: t!(words, "ahead-owner"),
        choices: &users,
        chosen: &visit.user_id().into_untyped_uuid().to_string(),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    html! {
        section .card aria-labelledby="actions-heading" {
            h2 #actions-heading { (t!(words, "ahead-actions")) }
            p .hint { (t!(words, "ahead-actions-hint")) }
            ul .plain { @for one in &shown.actions { li .actions {
                span .soft { (owner(one.owner)) } (meetings::undertaken(visit, one, today, at))
            } } }
            form method="post" action=(format!("{at}/actions")) {
                (forms::token(visit))
                (Field::line("action", "what", t!(words, "ahead-action-what"), "").show(words, faults))
                div .row {
                    (who.show(words, faults))
                    (Field::line("action", "due", t!(words, "ahead-action-due"), &due).kind(Kind::Day).show(words, faults))
                }
                button type="submit" { (t!(words, "ahead-action-add")) }
            }
        }
    }
}

fn events(words: &Words, shown: &Shown) -> Markup {
    html! {
        @if !shown.events.is_empty() {
            section .card {
                h2 { (t!(words, "ahead-events-told")) }
                ul { @for event in &shown.events {
                    li { a href=(parts::address(event)) { (event.title) } " · " (parts::of_event(words, event)) }
                } }
            }
        }
    }
}

/// Who is invited, when it is, and how it ends.
fn around(visit: &Visit, shown: &Shown, at: &str, faults: &Faults) -> Markup {
    let words = visit.words;
    let meeting = &shown.meeting;
    let invited =
        |officer: OfficerId| shown.guests.iter().find(|(id, _)| *id == officer).map(|(_, version)| *version);
    let minutes = meeting.ends_at.duration_since(meeting.begins_at).as_mins();
    let now = MeetingForm {
        day: local_day(meeting.begins_at).to_string(),
        begins: words.time(meeting.begins_at),
        minutes: minutes.to_string(),
        place: meeting.place.clone(),
        ..MeetingForm::default()
    };
    html! {
        @if meeting.state != MeetingState::Held && !shown.officers.is_empty() {
            section .card aria-labelledby="guests-heading" {
                h2 #guests-heading { (t!(words, "ahead-guests")) }
                form method="post" action=(format!("{at}/invite")) {
                    (forms::token(visit))
                    @for officer in &shown.officers {
                        @let id = officer.id.into_untyped_uuid();
                        div .check {
                            input type="checkbox" id=(format!("guest-{id}")) name=(format!("guest_{id}")) value="yes" checked[invited(officer.id).is_some()];
                            label for=(format!("guest-{id}")) { (officer.name) ", " (officer.title)
                                @if invited(officer.id).is_some_and(|version| version >= meeting.version) { " " span .badge .good { (t!(words, "ahead-invited")) } } }
                        }
                    }
                    p .hint { (t!(words, "ahead-invite-hint")) }
                    button type="submit" { (t!(words, "ahead-invite")) }
                }
            }
        }
        @if meeting.state == MeetingState::Planned {
            details .card open[!faults.is_empty()] {
                summary { (t!(words, "ahead-move")) }
                form method="post" action=(format!("{at}/move")) {
                    (forms::token(visit))
                    (Field::line("move", "day", t!(words, "ahead-day"), &now.day).kind(Kind::Day).show(words, faults))
                    (meetings::time_and_place(visit, "move", &now, faults))
                    button type="submit" { (t!(words, "ahead-move")) }
                }
            }
            form .actions method="post" action=(format!("{at}/do")) {
                (forms::token(visit))
                button type="submit" name="do" value="close" .primary { (t!(words, "ahead-meeting-close")) }
                button type="submit" name="do" value="cancel" { (t!(words, "ahead-meeting-cancel")) }
            }
        }
    }
}

/// What a suggestion is called, and more about it.
fn in_words(words: &Words, suggestion: &Suggestion) -> (String, String) {
    match suggestion {
        Suggestion::Event(event) => (event.title.clone(), parts::of_event(words, event)),
        Suggestion::Late { overdue, waiting } => (
            t!(words, "ahead-suggest-late", n = overdue.to_owned()),
            t!(words, "ahead-suggest-late-of", n = waiting.to_owned()),
        ),
        Suggestion::Reachability { calls, questions } => (
            t!(words, "ahead-suggest-reach", days = i64::from(DAYS_BACK)),
            t!(
                words,
                "ahead-suggest-reach-of",
                calls = calls.0,
                called = calls.1,
                answered = questions.0,
                asked = questions.1
            ),
        ),
        Suggestion::Common(types) => {
            let lines: Vec<String> = types.iter().map(|one| format!("{}: {}", one.name, one.count)).collect();
            (t!(words, "ahead-suggest-common", days = i64::from(DAYS_BACK)), lines.join("\n"))
        }
        Suggestion::Action { what, due, .. } => (
            t!(words, "ahead-suggest-action", what = what.clone()),
            t!(words, "ahead-due", day = words.day(*due)),
        ),
        Suggestion::Told { title, detail, .. } => (title.clone(), detail.clone()),
    }
}

/// A point to be put on the agenda: one's own, or what was suggested.
#[derive(Debug, Deserialize)]
pub(super) struct ItemForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    source: String,
}

/// `POST /ahead/meetings/{id}/items`
///
/// # Errors
/// There is no such meeting; the database.
pub(super) async fn add_item(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ItemForm>,
) -> Result<Response, PageError> {
    let (id, ctx) = (MeetingId::from_untyped_uuid(id), visit.context(&state));
    if asked.kind.is_empty() {
        let done = state.db.write(move |s| commands::add_item(s, &ctx, id, &asked.title).map(drop)).await;
        return after(&state, &visit, id, "item", done).await;
    }
    let shown = load(&state, visit.words, id).await?;
    let same = |one: &&Suggestion| one.kind().as_str() == asked.kind && one.source() == asked.source;
    // One that is gone meanwhile, or on the agenda already, needs nothing more.
    if let Some(suggestion) = shown.suggested.iter().find(same).cloned() {
        let (title, detail) = in_words(visit.words, &suggestion);
        state
            .db
            .write(move |s| commands::take_suggestion(s, &ctx, id, &suggestion, (&title, &detail)))
            .await?;
    }
    Ok(meetings::to(id).into_response())
}

/// Back to the meeting, or the page with what was wrong.
async fn after(
    state: &AppState,
    visit: &Visit,
    id: MeetingId,
    form: &str,
    done: Result<(), AheadError>,
) -> Result<Response, PageError> {
    let Err(error) = done else { return Ok(meetings::to(id).into_response()) };
    refused(state, visit, id, form, super::faults(visit.words, error)?).await
}

async fn refused(
    state: &AppState,
    visit: &Visit,
    id: MeetingId,
    form: &str,
    faults: Faults,
) -> Result<Response, PageError> {
    let shown = load(state, visit.words, id).await?;
    let page = page(visit, &shown, &Wrong { form: form.to_owned(), faults });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What was said and decided under a point.
#[derive(Debug, Deserialize)]
pub(super) struct PointForm {
    #[serde(default)]
    notes: String,
    #[serde(default)]
    decision: String,
    #[serde(rename = "do", default)]
    what: String,
}

/// `POST /ahead/meetings/{id}/items/{part}`
///
/// # Errors
/// There is no such point; the database.
pub(super) async fn write_item(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, item)): Path<(uuid::Uuid, uuid::Uuid)>,
    Form(asked): Form<PointForm>,
) -> Result<Redirect, PageError> {
    let (ctx, point) = (visit.context(&state), MeetingItemId::from_untyped_uuid(item));
    state
        .db
        .write(move |s| match asked.what.as_str() {
            "remove" => commands::remove_item(s, &ctx, point),
            _ => commands::write_item(s, &ctx, point, &asked.notes, &asked.decision),
        })
        .await?;
    Ok(Redirect::to(&format!("/ahead/meetings/{id}#item-{item}")))
}

/// The line an event is made of.
#[derive(Debug, Deserialize)]
pub(super) struct LineForm {
    line: String,
}

/// `POST /ahead/meetings/{id}/events`: a draft of the line, there to be looked at and settled.
///
/// # Errors
/// There is no such meeting; the line is empty; the database.
pub(super) async fn make_event(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<LineForm>,
) -> Result<Redirect, PageError> {
    let (ctx, meeting) = (visit.context(&state), MeetingId::from_untyped_uuid(id));
    let event: PlannedEventId =
        state.db.write(move |s| commands::event_of_line(s, &ctx, meeting, &asked.line)).await?;
    Ok(Redirect::to(&format!("/ahead/events/{}/edit", event.into_untyped_uuid())))
}

/// What somebody undertakes.
#[derive(Debug, Deserialize)]
pub(super) struct ActionForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
}

/// `POST /ahead/meetings/{id}/actions`
///
/// # Errors
/// There is no such meeting; the database.
pub(super) async fn undertake(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ActionForm>,
) -> Result<Response, PageError> {
    let (id, words) = (MeetingId::from_untyped_uuid(id), visit.words);
    let Ok(due) = asked.due.trim().parse() else {
        return refused(&state, &visit, id, "action", Faults::one("due", t!(words, "ahead-fault-day"))).await;
    };
    let Ok(owner) = asked.owner.parse().map(UserId::from_untyped_uuid) else {
        return refused(&state, &visit, id, "action", Faults::one("owner", t!(words, "ahead-fault-value")))
            .await;
    };
    let ctx = visit.context(&state);
    let done = state
        .db
        .write(move |s| commands::undertake(s, &ctx, id, None, &asked.what, (owner, due)).map(drop))
        .await;
    after(&state, &visit, id, "action", done).await
}

/// What is done with the meeting.
#[derive(Debug, Deserialize)]
pub(super) struct DoForm {
    #[serde(rename = "do", default)]
    what: String,
    #[serde(default)]
    notes: String,
}

/// `POST /ahead/meetings/{id}/do`
///
/// # Errors
/// There is no such meeting, or it cannot be done from where it stands; the database.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<DoForm>,
) -> Result<Response, PageError> {
    let (id, ctx) = (MeetingId::from_untyped_uuid(id), visit.context(&state));
    let done = state
        .db
        .write(move |s| match asked.what.as_str() {
            "close" => commands::close_meeting(s, &ctx, id).map(drop),
            "cancel" => commands::cancel_meeting(s, &ctx, id),
            _ => commands::write_notes(s, &ctx, id, &asked.notes),
        })
        .await;
    after(&state, &visit, id, "notes", done).await
}

/// `POST /ahead/meetings/{id}/move`
///
/// # Errors
/// There is no such meeting; the database.
pub(super) async fn move_to(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<MeetingForm>,
) -> Result<Response, PageError> {
    let (id, ctx) = (MeetingId::from_untyped_uuid(id), visit.context(&state));
    match asked.moment(visit.words) {
        Err(faults) => refused(&state, &visit, id, "move", faults).await,
        Ok(moment) => {
            let done =
                state.db.write(move |s| commands::move_meeting(s, &ctx, id, moment, &asked.place)).await;
            after(&state, &visit, id, "move", done).await
        }
    }
}

/// `POST /ahead/meetings/{id}/invite`
///
/// # Errors
/// There is no such meeting, or it has been held; the database.
pub(super) async fn invite(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let id = MeetingId::from_untyped_uuid(id);
    let shown = load(&state, visit.words, id).await?;
    let chosen = |officer: &&Officer| {
        let name = format!("guest_{}", officer.id.into_untyped_uuid());
        asked.iter().any(|(field, _)| *field == name)
    };
    let officers: Vec<OfficerId> = shown.officers.iter().filter(chosen).map(|officer| officer.id).collect();
    let invitation = invitation(&state, &visit, &shown.meeting);
    let ctx = visit.context(&state);
    let done = state.db.write(move |s| commands::invite(s, &ctx, id, &officers, &invitation).map(drop)).await;
    after(&state, &visit, id, "invite", done).await
}

/// The invitation's words: in Swedish or English as the one who sends it reads, since it goes to several.
fn invitation(state: &AppState, visit: &Visit, meeting: &Meeting) -> commands::Invitation {
    let words = visit.words;
    let town = visit.config.town.clone();
    let when = parts::when(words, meeting.begins_at, Some(meeting.ends_at), false);
    let body = match meeting.state {
        MeetingState::Cancelled => t!(words, "ahead-invite-off", when = when, town = town.clone()),
        _ => t!(words, "ahead-invite-body", when = when, place = meeting.place.clone(), town = town.clone()),
    };
    commands::Invitation {
        title: t!(words, "ahead-invite-title", town = town),
        body,
        organizer: None,
        base_url: state.config.base_url.clone(),
    }
}
