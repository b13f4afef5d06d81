//! The meetings with the departments: standing ones, those to come and those held; and what one has undertaken.

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
use ahead::commands::meetings::{self as commands, NewSeries};
use ahead::meeting::{LAST, Meeting, MeetingState, Series};
use ahead::queries::{self, Action as Undertaken};
use ahead::{AheadError, commands::meetings};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::civil::Weekday;
use maud::{Markup, html};
use people::directory::Department;
use serde::Deserialize;
use vocabulary::civil::{Date, Time};
use vocabulary::{
    DepartmentId, GenericUuid as _, MeetingActionId, MeetingId, MeetingSeriesId, add_working_days, local_day,
};

/// The days a meeting can stand on.
pub(super) const WEEK: [(&str, Weekday); 5] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
];

/// Where a meeting stands, as a badge.
pub(super) fn state(words: &Words, state: MeetingState) -> Markup {
    let class = match state {
        MeetingState::Planned => "badge info",
        MeetingState::Held => "badge good",
        MeetingState::Cancelled => "badge bad",
    };
    html! { span class=(class) { (words.word("ahead-meeting-state", state.as_str())) } }
}

/// `GET /ahead/meetings`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &MeetingForm::default(), "", &Faults::none()).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    given: &MeetingForm,
    wrong: &str,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let now = state.clock.now();
    let (departments, series, all) = state
        .db
        .read(|s| -> Result<_, AheadError> {
            let departments = people::directory::queries::departments(s)?;
            Ok((departments, queries::series_list(s)?, queries::meetings(s, None)?))
        })
        .await?;
    let (mut coming, past): (Vec<&Meeting>, Vec<&Meeting>) =
        all.iter().partition(|m| m.state == MeetingState::Planned && m.ends_at > now);
    coming.reverse();
    let none = Faults::none();
    let content = html! {
        (parts::ways(visit))
        section .card {
            h2 { (t!(words, "ahead-meetings-coming")) }
            @if coming.is_empty() { (lists::empty(&t!(words, "ahead-meetings-none"))) } @else { (table(words, &coming, &departments, &t!(words, "ahead-meetings-coming"))) }
        }
        section .card {
            h2 { (t!(words, "ahead-series")) }
            @if series.is_empty() { (lists::empty(&t!(words, "ahead-series-none"))) }
            ul .plain { @for one in &series { li .actions {
                span { strong { (parts::department(&departments, Some(one.department))) } " · " (rhythm(words, one)) }
                form method="post" action=(format!("/ahead/series/{}/end", one.id.into_untyped_uuid())) {
                    (forms::token(visit))
                    button type="submit" { (t!(words, "ahead-series-end")) span .visually-hidden { " " (parts::department(&departments, Some(one.department))) } }
                }
            } } }
            details open[wrong == "series"] {
                summary { (t!(words, "ahead-series-new")) }
                (series_form(visit, &departments, given, if wrong == "series" { faults } else { &none }))
            }
            details open[wrong == "meeting"] {
                summary { (t!(words, "ahead-meeting-new")) }
                (meeting_form(visit, &departments, given, if wrong == "meeting" { faults } else { &none }))
            }
        }
        @if !past.is_empty() {
            section .card { h2 { (t!(words, "ahead-meetings-past")) } (table(words, &past, &departments, &t!(words, "ahead-meetings-past"))) }
        }
    };
    Ok(Page::narrow(t!(words, "ahead-meetings")).around(visit, &content))
}

/// When a standing meeting is, in words.
fn rhythm(words: &Words, series: &Series) -> String {
    let weekday = WEEK.iter().find(|(_, day)| *day == series.weekday).map_or("monday", |(name, _)| name);
    t!(
        words,
        "ahead-rhythm",
        nth = words.word("ahead-nth", &series.nth.to_string()),
        weekday = words.word("weekday", weekday),
        time = series.begins.strftime("%H:%M").to_string()
    )
}

fn table(words: &Words, meetings: &[&Meeting], departments: &[Department], caption: &str) -> Markup {
    html! {
        div .table-wrap {
            table .stacks {
                caption .visually-hidden { (caption) }
                thead { tr {
                    th scope="col" { (t!(words, "ahead-department")) }
                    th scope="col" { (t!(words, "ahead-when")) }
                    th scope="col" { (t!(words, "ahead-place")) }
                    th scope="col" { (t!(words, "ahead-state")) }
                } }
                tbody { @for meeting in meetings { tr {
                    th scope="row" { a href=(format!("/ahead/meetings/{}", meeting.id.into_untyped_uuid())) {
                        (parts::department(departments, Some(meeting.department)))
                        span .visually-hidden { " " (words.day(local_day(meeting.begins_at))) }
                    } }
                    td data-label=(t!(words, "ahead-when")) { (parts::when(words, meeting.begins_at, Some(meeting.ends_at), false)) }
                    td data-label=(t!(words, "ahead-place")) { (meeting.place) }
                    td data-label=(t!(words, "ahead-state")) { (state(words, meeting.state)) }
                } } }
            }
        }
    }
}

fn department_select(
    visit: &Visit,
    prefix: &'static str,
    departments: &[Department],
    given: &MeetingForm,
    faults: &Faults,
) -> Markup {
    let choices = parts::department_choices(departments);
    Select {
        name: "department",
        prefix,
        label: t!(visit.words, "ahead-department"),
        choices: &choices,
        chosen: &given.department,
        nothing: Some(t!(visit.words, "choose")),
        required: true,
        type_ahead_next: None,
    }
    .show(visit.words, faults)
}

fn series_form(visit: &Visit, departments: &[Department], given: &MeetingForm, faults: &Faults) -> Markup {
    let words = visit.words;
    let nth: Vec<Choice> =
        (1..=LAST).map(|n| Choice::new(n, words.word("ahead-nth", &n.to_string()))).collect();
    let days: Vec<Choice> =
        WEEK.iter().map(|(name, _)| Choice::new(name, words.word("weekday", name))).collect();
    let select = |name: &'static str, label: String, choices: &[Choice], chosen: &str| {
        Select {
            name,
            prefix: "series",
            label,
            choices,
            chosen,
            nothing: None,
            required: true,
            type_ahead_next: None,
        }
        .show(words, faults)
    };
    html! {
        form method="post" action="/ahead/series" {
            (forms::token(visit))
            (department_select(visit, "series", departments, given, faults))
            div .row {
                (select("nth", t!(words, "ahead-nth"), &nth, &given.nth))
                (select("weekday", t!(words, "ahead-weekday"), &days, &given.weekday))
            }
            (time_and_place(visit, "series", given, faults))
            button type="submit" .primary { (t!(words, "ahead-series-begin")) }
        }
    }
}

/// From when, how long and where.
pub(super) fn time_and_place(
    visit: &Visit,
    prefix: &'static str,
    given: &MeetingForm,
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    html! {
        div .row {
            (parts::time_field(prefix, "begins", &t!(words, "ahead-begins"), &given.begins, faults.of("begins")))
            (parts::number_field(prefix, "minutes", &t!(words, "ahead-minutes"), &given.minutes, faults.of("minutes")))
        }
        (Field::line(prefix, "place", t!(words, "ahead-place"), &given.place).optional().show(words, faults))
    }
}

fn meeting_form(visit: &Visit, departments: &[Department], given: &MeetingForm, faults: &Faults) -> Markup {
    let words = visit.words;
    let next = add_working_days(local_day(visit.now), 5).to_string();
    let day = if given.day.is_empty() { &next } else { &given.day };
    html! {
        form method="post" action="/ahead/meetings" {
            (forms::token(visit))
            (department_select(visit, "meeting", departments, given, faults))
            (Field::line("meeting", "day", t!(words, "ahead-day"), day).kind(Kind::Day).show(words, faults))
            (time_and_place(visit, "meeting", given, faults))
            button type="submit" .primary { (t!(words, "ahead-meeting-plan")) }
        }
    }
}

/// A meeting or a standing one, as asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct MeetingForm {
    pub department: String,
    pub nth: String,
    pub weekday: String,
    pub day: String,
    pub begins: String,
    pub minutes: String,
    pub place: String,
}

impl Default for MeetingForm {
    fn default() -> Self {
        let none = String::new;
        Self {
            department: none(),
            nth: none(),
            weekday: none(),
            day: none(),
            begins: "13:00".to_owned(),
            minutes: "60".to_owned(),
            place: none(),
        }
    }
}

impl MeetingForm {
    /// From when and how long.
    pub fn time(&self, words: &Words) -> Result<(Time, u16), Faults> {
        let begins = super::draft::time(&self.begins)
            .ok_or_else(|| Faults::one("begins", t!(words, "ahead-fault-time")))?;
        let minutes = self.minutes.trim().parse();
        Ok((begins, minutes.map_err(|_| Faults::one("minutes", t!(words, "ahead-fault-value")))?))
    }

    /// Which day, from when and how long.
    pub fn moment(&self, words: &Words) -> Result<(Date, Time, u16), Faults> {
        let day = self.day.trim().parse().map_err(|_| Faults::one("day", t!(words, "ahead-fault-day")))?;
        let (begins, minutes) = self.time(words)?;
        Ok((day, begins, minutes))
    }

    fn department(&self, words: &Words) -> Result<DepartmentId, Faults> {
        let id = self.department.parse().map(DepartmentId::from_untyped_uuid);
        id.map_err(|_| Faults::one("department", t!(words, "ahead-fault-value")))
    }

    fn series(&self, words: &Words) -> Result<NewSeries, Faults> {
        let wrong = |name| Faults::one(name, t!(words, "ahead-fault-value"));
        let (begins, minutes) = self.time(words)?;
        let weekday = WEEK.iter().find(|(name, _)| *name == self.weekday);
        Ok(NewSeries {
            department: self.department(words)?,
            nth: self.nth.parse().map_err(|_| wrong("nth"))?,
            weekday: weekday.ok_or_else(|| wrong("weekday"))?.1,
            begins,
            minutes,
            place: self.place.clone(),
        })
    }
}

/// `POST /ahead/series`
///
/// # Errors
/// The database.
pub(super) async fn begin(
    State(state): State<AppState>,
    visit: Visit,
    Form(given): Form<MeetingForm>,
) -> Result<Response, PageError> {
    let faults = match given.series(visit.words) {
        Err(faults) => faults,
        Ok(new) => {
            let ctx = visit.context(&state);
            match state.db.write(move |s| commands::begin_series(s, &ctx, &new)).await {
                Ok(_) => return Ok(Redirect::to("/ahead/meetings").into_response()),
                Err(error) => super::faults(visit.words, error)?,
            }
        }
    };
    let page = page(&state, &visit, &given, "series", &faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /ahead/series/{id}/end`
///
/// # Errors
/// There is no such one; the database.
pub(super) async fn end(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::end_series(s, &ctx, MeetingSeriesId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to("/ahead/meetings"))
}

/// `POST /ahead/meetings`
///
/// # Errors
/// The database.
pub(super) async fn plan(
    State(state): State<AppState>,
    visit: Visit,
    Form(given): Form<MeetingForm>,
) -> Result<Response, PageError> {
    let asked = given.department(visit.words).and_then(|with| Ok((with, given.moment(visit.words)?)));
    let faults = match asked {
        Err(faults) => faults,
        Ok((with, moment)) => {
            let (ctx, place) = (visit.context(&state), given.place.clone());
            match state.db.write(move |s| meetings::plan_meeting(s, &ctx, with, moment, &place)).await {
                Ok(id) => return Ok(to(id).into_response()),
                Err(error) => super::faults(visit.words, error)?,
            }
        }
    };
    let page = page(&state, &visit, &given, "meeting", &faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// To a meeting's page.
pub(super) fn to(id: MeetingId) -> Redirect {
    Redirect::to(&format!("/ahead/meetings/{}", id.into_untyped_uuid()))
}

/// What the visitor has undertaken at meetings and not done, for the page of tasks; nothing if there is nothing.
///
/// # Errors
/// The database.
pub async fn actions_for(state: &AppState, visit: &Visit) -> Result<Markup, PageError> {
    let (user, words) = (visit.user_id(), visit.words);
    let mine = state.db.read(move |s| queries::open_actions_of(s, user)).await?;
    let today = local_day(visit.now);
    Ok(html! {
        @if !mine.is_empty() {
            section .card aria-labelledby="undertaken-heading" {
                h2 #undertaken-heading { (t!(words, "ahead-undertaken", n = mine.len())) }
                ul .plain { @for one in &mine { li .actions { (undertaken(visit, one, today, "/tasks")) } } }
            }
        }
    })
}

/// One thing that was undertaken, with the button that ticks it off.
pub(super) fn undertaken(visit: &Visit, one: &Undertaken, today: Date, back: &str) -> Markup {
    let words = visit.words;
    html! {
        span { (one.what) " "
            @if one.done_at.is_some() { span .badge .good { (t!(words, "ahead-done")) } }
            @else if one.due < today { span .badge .bad { (t!(words, "ahead-due", day = words.day(one.due))) } }
            @else { span .badge { (t!(words, "ahead-due", day = words.day(one.due))) } }
        }
        @if one.done_at.is_none() {
            form method="post" action=(format!("/ahead/actions/{}", one.id.into_untyped_uuid())) {
                (forms::token(visit))
                input type="hidden" name="back" value=(back);
                button type="submit" { (t!(words, "ahead-do-done")) span .visually-hidden { " " (one.what) } }
            }
        }
    }
}

/// Where to go back to.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    back: Option<String>,
}

/// `POST /ahead/actions/{id}`
///
/// # Errors
/// There is no such thing; the database.
pub(super) async fn complete(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Back>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::complete(s, &ctx, MeetingActionId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to(&crate::forms_in::own_path(asked.back.as_deref(), "/ahead")))
}
