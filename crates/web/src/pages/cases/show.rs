//! One case: what it is about, who has it, what has been said, what was done.

use super::{details, parts, viewer};
use crate::{
    AppState,
    components::{
        badges,
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    pages::{admin::terms::summary, guide::officer_choices, processes::case::Tried, resident_card},
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use cases::{Assignment, CaseType, CasesError, FollowUpState, Note, Recipient, commands, queries::CasePage};
use contacts::ContactLine;
use maud::{Markup, html};
use people::{
    Action,
    directory::{Department, Officer},
};
use std::collections::BTreeMap;
use vocabulary::GenericUuid as _;
use vocabulary::{AnyId, CaseId, CaseOutcome, CaseStatus, Role, local_day};

/// A case with what its page needs beside it.
pub struct Opened {
    pub(super) page: CasePage,
    /// Whether it is marked as outside every assignment.
    outside: bool,
    contacts: Vec<ContactLine>,
    officers: Vec<Officer>,
    departments: Vec<Department>,
    pub(super) names: BTreeMap<AnyId, String>,
    /// Who can have the case.
    pub(super) users: Vec<Choice>,
    /// Which groups can have it.
    pub(super) groups: Vec<Choice>,
    types: Vec<Choice>,
    type_label: String,
    /// The case's process, if it has one.
    process: crate::pages::processes::case::OnCase,
    /// What the assignment says, and who gets the case if it is sent now.
    assignment: Assignment,
    recipient: Option<Recipient>,
}

impl Opened {
    /// A select of what a case can be about, under its categories.
    pub(super) fn type_select<'o>(&'o self, prefix: &'static str, chosen: &'o str) -> Select<'o> {
        Select {
            name: "case_type",
            prefix,
            label: self.type_label.clone(),
            choices: &self.types,
            chosen,
            nothing: chosen.is_empty().then(|| self.page.case_type.name.clone()),
            required: false,
            type_ahead_next: None,
        }
    }
}

/// What a case can be about, under its categories.
fn type_choices(mut types: Vec<CaseType>, own: &CaseType) -> Vec<Choice> {
    if !types.iter().any(|there| there.id == own.id) {
        types.push(own.clone());
    }
    types.sort_by(|a, b| (&a.category, &a.name).cmp(&(&b.category, &b.name)));
    types
        .into_iter()
        .map(|one| Choice {
            group: Some(one.category.clone()).filter(|category| !category.is_empty()),
            ..Choice::new(one.id.into_untyped_uuid(), one.name)
        })
        .collect()
}

/// Opens a case for the visitor, which is written down.
///
/// # Errors
/// There is no such case, or it is not for this visitor; the database.
pub async fn open(state: &AppState, visit: &Visit, id: CaseId) -> Result<Opened, PageError> {
    let (ctx, viewer) = (visit.context(state), viewer(visit));
    let type_label = t!(visit.words, "log-type");
    let (house, today) = (state.cases.terms, local_day(visit.now));
    let opened = state
        .db
        .write(move |s| -> Result<_, CasesError> {
            let id = cases::queries::kept(s, id)?;
            let page = commands::open_case(s, &ctx, viewer, id)?;
            let officers = people::directory::queries::officers(s)?;
            let all = people::users::queries::all(s)?;
            let serves = |role| matches!(role, Role::Guide | Role::TrafficLeader);
            let has_it = |id| page.case.assignee_id == Some(id);
            let users = all
                .iter()
                .filter(|user| (user.active && serves(user.role)) || has_it(user.id))
                .map(|user| Choice::new(user.id.into_untyped_uuid(), user.name.clone()))
                .collect();
            let groups = people::directory::queries::answer_groups(s)?
                .into_iter()
                .map(|group| Choice::new(group.id.into_untyped_uuid(), group.name))
                .collect();
            let mut names: BTreeMap<AnyId, String> =
                all.into_iter().map(|user| (user.id.into_untyped_uuid(), user.name)).collect();
            names.extend(
                page.follow_ups.iter().map(|f| (f.officer.id.into_untyped_uuid(), f.officer.name.clone())),
            );
            let assignment = cases::queries::assignment(s, page.case.case_type_id, house)?;
            let recipient = cases::queries::recipient(s, &assignment, today)?;
            let process = crate::pages::processes::case::load(s, id, ctx.now, None)?;
            Ok(Opened {
                outside: crate::pages::assignments::is_marked(s, id.into_untyped_uuid())?,
                process,
                assignment,
                recipient,
                contacts: contacts::queries::of_case(s, ctx.actor, id)?,
                officers,
                departments: people::directory::queries::departments(s)?,
                names,
                users,
                groups,
                types: type_choices(cases::queries::case_types(s)?, &page.case_type),
                type_label: type_label.clone(),
                page,
            })
        })
        .await?;
    let needed = people::policy::action_to_open(opened.page.case.secrecy_class);
    if needed.is_some_and(|action| !visit.may(action)) {
        return Err(PageError::Forbidden);
    }
    Ok(opened)
}

/// `GET /cases/{id}`
///
/// # Errors
/// There is no such case, or it is not for this visitor; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let id = CaseId::from_untyped_uuid(id);
    let kept = state.db.read(move |s| cases::queries::kept(s, id)).await?;
    if kept != id {
        return Ok(Redirect::to(&format!("/cases/{}", kept.into_untyped_uuid())).into_response());
    }
    match open(&state, &visit, id).await {
        Err(PageError::Sealed) => Ok(super::sealed::show(&state, &visit, id).await?.into_response()),
        opened => Ok(page(&visit, &opened?, &Faults::none(), None).into_response()),
    }
}

/// The page. `link` is the resident's link, shown when it has just been asked for.
#[must_use]
pub fn page(visit: &Visit, opened: &Opened, faults: &Faults, link: Option<&str>) -> Markup {
    let words = visit.words;
    let case = &opened.page.case;
    let content = html! {
        p { a href="/cases" { (t!(words, "cases-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @if let Some(link) = link {
            div .notice .good role="status" { p { (t!(words, "link-made")) } code .secret { (link) } }
        }
        div .columns {
            div {
                (about(visit, opened))
                (crate::pages::processes::case::section(
                    visit, case.id, &opened.process, case.status == CaseStatus::Solved, &Tried::default(),
                ))
                (notes(visit, opened, faults))
                (parts::documents(visit, opened, faults))
                (asked(visit, opened, faults))
            }
            div {
                (resident(visit, opened))
                (parts::stakeholders(visit, opened, faults))
                (details::form(visit, opened, faults))
                (details::secrecy(visit, opened, faults))
                (crate::pages::assignments::mark_case_form(visit, case.id, opened.outside))
                @if visit.may(Action::ChangeCase) { (moves(visit, opened, faults)) }
                (link_card(visit, opened))
                (parts::connections(visit, opened, faults))
                (contact_list(visit, opened))
                (history(visit, opened))
                (records(visit, opened))
            }
        }
    };
    let aside = html! {
        @if visit.may(Action::WriteArticles) {
            a .button href=(format!("/knowledge/new?from={}", case.number)) { (t!(words, "case-write-article")) }
        }
    };
    Page::wide(format!("{} {}", case.number, case.title)).with(aside).around(visit, &content)
}

/// Who has opened the case, and the stop to its weeding: for those who answer for that.
fn records(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let reviews = visit.may(Action::ReviewOpenings);
    html! {
        @if reviews || visit.may(Action::HoldCase) {
            section .card aria-labelledby="records-heading" {
                h2 #records-heading { (t!(words, "case-records")) }
                p .small .soft { (opened.page.case.retention_rule) }
                @if reviews {
                    @let id = opened.page.case.id.into_untyped_uuid();
                    p { a href=(format!("/records/openings?case={id}")) { (t!(words, "case-openings")) } }
                }
                (crate::pages::records::retention::hold_form(visit, &path(opened, "hold")))
            }
        }
    }
}

pub(super) fn path(opened: &Opened, rest: &str) -> String {
    format!("/cases/{}/{rest}", opened.page.case.id.into_untyped_uuid())
}

fn about(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let page = &opened.page;
    let case = &page.case;
    html! {
        section .card aria-labelledby="about-heading" {
            div .card-head {
                h2 #about-heading { (page.case_type.name) }
                span { (details::priority(visit, case.priority)) " " (badges::status(words, case.status)) " " (badges::secrecy(words, case.secrecy_class)) }
            }
            @if !case.description.is_empty() { p .pre { (case.description) } }
            dl .facts {
                dt { (t!(words, "case-department")) } dd { (page.department.name) ", " (case.board) }
                dt { (t!(words, "case-channel")) } dd { (words.word("channel", case.channel.as_str())) }
                dt { (t!(words, "case-arrival-day")) } dd { (words.day(case.arrival_day)) }
                dt { (t!(words, "case-registered")) }
                dd { (words.day_and_time(case.registered_at))
                    @if let Some(name) = case.registered_by.and_then(|id| opened.names.get(&id.into_untyped_uuid())) { ", " (name) } }
                @if let Some(outcome) = case.outcome {
                    dt { (t!(words, "case-outcome")) } dd { (cases::words::outcome_name(words.language(), outcome)) }
                }
                @if let Some(due) = case.due_day.filter(|_| case.status != CaseStatus::Solved) {
                    dt { (t!(words, "case-due")) } dd { (words.day(due)) }
                }
                @if let Some(name) = case.assignee_id.and_then(|id| opened.names.get(&id.into_untyped_uuid())) {
                    dt { (t!(words, "case-assignee")) } dd { (name) }
                }
                @if let Some(group) = case.answer_group_id.and_then(|id| opened.groups.iter().find(|g| g.value == id.into_untyped_uuid().to_string())) {
                    dt { (t!(words, "case-group")) } dd { (group.name) }
                }
                @if let Some(place) = &case.place {
                    dt { (t!(words, "case-place")) } dd { (details::place(place)) }
                }
                @if let Some(until) = case.rests_until_day {
                    dt { (t!(words, "case-rests")) } dd { (words.day(until)) }
                }
            }
        }
    }
}

fn author(words: &Words, opened: &Opened, note: &Note) -> String {
    note.author_id
        .and_then(|id| opened.names.get(&id).cloned())
        .unwrap_or_else(|| words.word("actor", &note.author_kind))
}

fn notes(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="notes-heading" {
            h2 #notes-heading { (t!(words, "case-notes")) }
            @if opened.page.notes.is_empty() { (lists::empty(&t!(words, "case-notes-none"))) }
            ol .timeline {
                @for note in &opened.page.notes {
                    li {
                        div .timeline-head {
                            strong { (author(words, opened, note)) }
                            span .soft .small { (words.when(note.written_at, visit.now)) }
                            @if note.public { span .badge .info { (t!(words, "note-public")) } }
                            (parts::origin(visit, opened, note.id.into_untyped_uuid()))
                        }
                        p .pre { (note.text) }
                    }
                }
            }
            @if visit.may(Action::ChangeCase) {
                form method="post" action=(path(opened, "notes")) {
                    (forms::token(visit))
                    (Field::line("note", "note", t!(words, "note-new"), "").kind(Kind::Text)
                        .room(cases::limits::NOTE_CHARS_MAX).show(words, faults))
                    (forms::tick("note", "public", &t!(words, "note-make-public"), false))
                    p { button type="submit" { (t!(words, "note-write")) } }
                }
            }
        }
    }
}

fn asked(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let today = local_day(visit.now);
    let choices = officer_choices(&opened.officers, &opened.departments);
    let chosen = opened
        .recipient
        .as_ref()
        .map(|recipient| recipient.officer.id.into_untyped_uuid().to_string())
        .unwrap_or_default();
    let officer = Select {
        name: "officer",
        prefix: "forward",
        label: t!(words, "case-officer"),
        choices: &choices,
        chosen: &chosen,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        section .card aria-labelledby="asked-heading" {
            h2 #asked-heading { (t!(words, "case-asked")) }
            @if opened.page.follow_ups.is_empty() { (lists::empty(&t!(words, "case-asked-nobody"))) }
            ol .timeline {
                @for asked in &opened.page.follow_ups {
                    @let waiting = asked.follow_up.state == FollowUpState::Waiting;
                    @let late = waiting && asked.follow_up.clock.due_day < today;
                    li {
                        div .timeline-head {
                            strong { (asked.officer.name) }
                            span .soft { (asked.officer.title) }
                            span .badge .bad[late] .warn[waiting && !late] {
                                (cases::words::follow_up_state(words.language(), asked.follow_up.state))
                            }
                        }
                        p .small .soft {
                            (t!(words, "asked-sent", at = words.when(asked.follow_up.sent_at, visit.now),
                                due = words.day(asked.follow_up.clock.due_day)))
                            @if let Some(telephone) = &asked.officer.telephone { " · " (words.telephone(telephone)) }
                        }
                        @if !asked.follow_up.message.is_empty() { p .pre { (asked.follow_up.message) } }
                        @if waiting && visit.may(Action::ForwardCase) {
                            (forms::button(visit,
                                &path(opened, &format!("follow-ups/{}/withdraw", asked.follow_up.id.into_untyped_uuid())),
                                "slim", &t!(words, "asked-withdraw")))
                        }
                    }
                }
            }
            @if visit.may(Action::ForwardCase) && opened.page.case.status != CaseStatus::Solved {
                form method="post" action=(path(opened, "forward")) {
                    (forms::token(visit))
                    h3 { (t!(words, "case-forward")) }
                    (summary(visit, &opened.assignment, opened.recipient.as_ref()))
                    (officer.show(words, faults))
                    (Field::line("forward", "message", t!(words, "case-message"), "").kind(Kind::Text).optional()
                        .room(cases::limits::MESSAGE_CHARS_MAX).show(words, faults))
                    button type="submit" .primary { (t!(words, "case-send")) }
                }
            }
        }
    }
}

fn resident(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="case-resident-heading" {
            h2 #case-resident-heading { (t!(words, "guide-resident")) }
            @match &opened.page.resident {
                Some(resident) => {
                    p { a href=(format!("/residents/{}", resident.id.into_untyped_uuid())) { (resident_card::name_of(words, resident)) } }
                    p .soft { (resident_card::reach(words, resident)) }
                }
                None => p .empty { (t!(words, "case-resident-none")) },
            }
        }
    }
}

/// What can become of the case from where it stands.
fn moves(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let status = opened.page.case.status;
    let rests = matches!(status, CaseStatus::WaitingForResident | CaseStatus::Suspended);
    let begins = matches!(status, CaseStatus::New | CaseStatus::Reopened);
    html! {
        section .card aria-labelledby="moves-heading" {
            h2 #moves-heading { (t!(words, "case-moves")) }
            @if status == CaseStatus::Solved {
                (forms::button(visit, &path(opened, "reopen"), "", &t!(words, "case-reopen")))
            } @else {
                div .actions {
                    @if begins { (status_button(visit, opened, "begin")) }
                    @if status != CaseStatus::WaitingForResident { (status_button(visit, opened, "wait")) }
                    @if rests { (status_button(visit, opened, "resume")) }
                }
                details open[faults.of("until").is_some()] {
                    summary { (t!(words, "case-suspend")) }
                    form method="post" action=(path(opened, "status")) .inline-form {
                        (forms::token(visit))
                        input type="hidden" name="change" value="suspend";
                        (Field::line("suspend", "until", t!(words, "case-until"), "").kind(Kind::Day).show(words, faults))
                        button type="submit" { (t!(words, "case-suspend")) }
                    }
                }
                (solve_form(visit, opened, faults))
            }
        }
    }
}

fn status_button(visit: &Visit, opened: &Opened, change: &str) -> Markup {
    html! {
        form method="post" action=(path(opened, "status")) {
            (forms::token(visit))
            input type="hidden" name="change" value=(change);
            button type="submit" .slim { (visit.words.word("case-change", change)) }
        }
    }
}

fn solve_form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> = CaseOutcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome, cases::words::outcome_name(words.language(), *outcome)))
        .collect();
    let outcome = Select {
        name: "outcome",
        prefix: "solve",
        label: t!(words, "case-outcome"),
        choices: &choices,
        chosen: CaseOutcome::Solved.as_str(),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    html! {
        details open[faults.of("answer").is_some()] {
            summary { (t!(words, "case-solve")) }
            form method="post" action=(path(opened, "solve")) {
                (forms::token(visit))
                (outcome.show(words, faults))
                (Field::line("solve", "answer", t!(words, "case-answer"), "").kind(Kind::Text).optional()
                    .hint(t!(words, "case-answer-hint")).room(cases::limits::ANSWER_CHARS_MAX).show(words, faults))
                button type="submit" .primary { (t!(words, "case-solve")) }
            }
        }
    }
}

fn link_card(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    html! {
        @if visit.may(Action::ForwardCase) {
            section .card aria-labelledby="link-heading" {
                h2 #link-heading { (t!(words, "link-title")) }
                p .hint {
                    @if opened.page.resident_link_holds { (t!(words, "link-holds")) } @else { (t!(words, "link-none")) }
                }
                div .actions {
                    (forms::button(visit, &path(opened, "link"), "slim", &t!(words, "link-show")))
                    (forms::button(visit, &path(opened, "code"), "slim", &t!(words, "case-code-make")))
                    @if opened.page.resident_link_holds {
                        (forms::button(visit, &path(opened, "link/revoke"), "slim danger", &t!(words, "link-revoke")))
                    }
                }
            }
        }
    }
}

fn contact_list(visit: &Visit, opened: &Opened) -> Markup {
    html! {
        @if !opened.contacts.is_empty() {
            section .card aria-labelledby="case-contacts-heading" {
                h2 #case-contacts-heading { (t!(visit.words, "case-contacts")) }
                (resident_card::contact_list(visit, &opened.contacts, visit.now))
            }
        }
    }
}

fn history(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    html! {
        details .card {
            summary { (t!(words, "case-history")) }
            ol .timeline {
                @for entry in &opened.page.timeline {
                    li {
                        (cases::words::timeline_entry(words.language(), &entry.kind))
                        p .small .soft {
                            (words.when(entry.at, visit.now)) ", "
                            (entry.actor_id.and_then(|id| opened.names.get(&id).cloned())
                                .unwrap_or_else(|| words.word("actor", &entry.actor_kind)))
                        }
                    }
                }
            }
        }
    }
}
