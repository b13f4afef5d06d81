//! A case's process on its page: what is to be done now first, what is done folded away.

use crate::{
    components::{
        forms::{self, Faults, Field as Line},
        lists,
    },
    t,
    visit::Visit,
};
use cases::CasesError;
use maud::{Markup, html};
use people::Action;
use processes::calendar::{self, Slot};
use processes::definition::{Delivery, StepKind};
use processes::form::{Field, FieldKind};
use processes::run::{Act, IdentityCheck};
use processes::{Contractor, ProcessesError, Resource, Running, queries, words};
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseId, GenericUuid as _, Timestamp, local_day, start_of_day};

/// Free times shown at once.
const SLOTS_MAX: usize = 60;
/// Days looked through for them.
const DAYS: usize = 42;

/// A case's process, with what its forms need.
#[derive(Debug, Default)]
pub struct OnCase {
    running: Option<Running>,
    /// The name of the process that could be begun, if none runs.
    startable: Option<String>,
    /// The free times of the steps that book, and what they book.
    slots: BTreeMap<usize, (Resource, Vec<Slot>)>,
    contractors: Vec<Contractor>,
    /// Whose names stand beside what was done.
    names: BTreeMap<AnyId, String>,
}

/// What somebody tried to do that was not accepted.
#[derive(Debug, Default)]
pub struct Tried {
    /// In which step.
    pub step: String,
    /// What was sent, by field.
    pub sent: BTreeMap<String, String>,
    /// What was wrong, by field.
    pub faults: BTreeMap<String, String>,
    /// What was wrong with the whole.
    pub problem: Option<String>,
}

/// Reads what a case's process needs. `from` is the first day whose times are shown.
///
/// # Errors
/// The database.
pub fn load(
    s: &mut Session<'_>,
    case: CaseId,
    now: Timestamp,
    from: Option<Date>,
) -> Result<OnCase, CasesError> {
    Ok(read(s, case, now, from)?)
}

fn read(
    s: &mut Session<'_>,
    case: CaseId,
    now: Timestamp,
    from: Option<Date>,
) -> Result<OnCase, ProcessesError> {
    let Some(running) = queries::running(s, case)? else {
        let case = cases::queries::case(s, case)?.ok_or(ProcessesError::NotFound { what: "case" })?;
        let startable = queries::in_force_for_type(s, case.case_type_id)?.map(|version| version.name);
        return Ok(OnCase { startable, ..OnCase::default() });
    };
    let mut slots = BTreeMap::new();
    for (place, step) in running.definition.steps.iter().enumerate() {
        let wanted = running.state.marks[place].is_open() || running.state.bookings.contains_key(&place);
        if let (true, StepKind::Booking { resource, .. }) = (wanted, &step.kind)
            && let Some(resource) = queries::resource_by_code(s, resource)?
        {
            let today = local_day(now);
            let first = from.filter(|from| *from >= today).unwrap_or(today);
            let begin = start_of_day(first);
            let end = begin + vocabulary::SignedDuration::from_hours(24 * i64::try_from(DAYS).unwrap_or(0));
            let taken = queries::taken(s, resource.id, begin, end)?;
            let mut free = calendar::free(&resource, &taken, first, DAYS, now);
            free.truncate(SLOTS_MAX);
            slots.insert(place, (resource, free));
        }
    }
    let users =
        people::users::queries::all(s)?.into_iter().map(|user| (user.id.into_untyped_uuid(), user.name));
    let officers = people::directory::queries::officers(s)?.into_iter();
    let names = users.chain(officers.map(|officer| (officer.id.into_untyped_uuid(), officer.name))).collect();
    let contractors = queries::contractors(s)?;
    Ok(OnCase { running: Some(running), startable: None, slots, contractors, names })
}

/// Whether there is anything to show.
#[must_use]
pub fn shows(on: &OnCase) -> bool {
    on.running.is_some() || on.startable.is_some()
}

/// The section. `solved` says that the case is closed.
#[must_use]
pub fn section(visit: &Visit, id: CaseId, on: &OnCase, solved: bool, tried: &Tried) -> Markup {
    let words = visit.words;
    let path = |rest: &str| format!("/cases/{}/process/{rest}", id.into_untyped_uuid());
    html! {
        @if let Some(running) = &on.running {
            section #process .card .process aria-labelledby="process-heading" {
                div .card-head {
                    h2 #process-heading { (t!(words, "process-of", name = running.definition.name.clone())) }
                    a .small href=(format!("/processes/{}/versions/{}", running.version.code, running.version.version)) {
                        (t!(words, "process-map")) ", " (t!(words, "process-version").to_lowercase()) " " (running.version.version) }
                }
                @if let Some(problem) = &tried.problem { (forms::refused(problem)) }
                @if let Some((end, at)) = running.state.end {
                    p { span .badge .good { (running.definition.ends[end].name) } " " span .soft { (words.when(at, visit.now)) } }
                } @else if solved { p .soft { (t!(words, "process-case-closed")) } }
                @for place in running.state.open() { (open_step(visit, id, on, running, place, tried)) }
                (booked(visit, on, running, &path))
                (waiting(visit, running))
                (done(visit, on, running, &path))
            }
        } @else if let Some(name) = &on.startable {
            @if visit.may(Action::RunProcess) && !solved {
                section #process .card aria-labelledby="process-heading" {
                    h2 #process-heading { (t!(words, "process-of", name = name.clone())) }
                    p { (t!(words, "process-not-begun")) }
                    (forms::button(visit, &path("start"), "", &t!(words, "process-begin")))
                }
            }
        }
    }
}

fn open_step(
    visit: &Visit,
    id: CaseId,
    on: &OnCase,
    running: &Running,
    place: usize,
    tried: &Tried,
) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let step = &running.definition.steps[place];
    let due = running.state.due_at(&running.definition, place);
    let late = due.is_some_and(|due| due < visit.now);
    let action = format!("/cases/{}/process/{}", id.into_untyped_uuid(), step.key);
    let heading = format!("process-step-{}", step.key);
    let prefix = format!("step-{}", step.key);
    let own = tried.step == step.key;
    html! {
        section .process-step aria-labelledby=(heading) {
            h3 id=(heading) { (step.name) }
            p .small {
                span .badge { (words::kind(language, step)) } " " span .badge .info { (words::who(language, step)) } " "
                @if let Some(due) = due {
                    span .badge .bad[late] .warn[!late] {
                        @if late { (t!(words, "process-late", at = words.day_and_time(due))) } @else { (t!(words, "process-due", at = words.day_and_time(due))) }
                    }
                }
            }
            @if let Some(help) = &step.help { p .soft { (help) } }
            (calls(visit, on, running, place))
            @if visit.may(Action::RunProcess) {
                form method="post" action=(action) {
                    (forms::token(visit))
                    @if let StepKind::Booking { .. } = step.kind { (times(visit, on, place, &prefix, own.then_some(tried))) }
                    @if let StepKind::HandOut { document } = &step.kind { (identity(visit, &prefix, document)) }
                    @if let StepKind::Letter(letter) = &step.kind {
                        @if letter.delivery == Delivery::Post {
                            p { a .button href=(format!("/cases/{}/letters/{}", id.into_untyped_uuid(), step.key)) { (t!(words, "letter-show")) } }
                        } @else { p .soft { (t!(words, "letter-goes-as-message")) } }
                    }
                    @for field in &step.fields {
                        (input(visit, &prefix, field, own.then_some(tried), running.state.answers.get(&field.key).map(Field::sent)))
                    }
                    button type="submit" name="do" value="done" .primary {
                        (words.word("process-do", step.kind.word()))
                        span .visually-hidden { ": " (step.name) }
                    }
                }
                @if step.skippable { (skip(visit, &action, own.then_some(tried))) }
            }
        }
    }
}

fn skip(visit: &Visit, action: &str, tried: Option<&Tried>) -> Markup {
    let words = visit.words;
    let fault = tried.and_then(|tried| tried.faults.get("reason"));
    let faults = fault.map_or_else(Faults::none, |fault| Faults::one("reason", fault.clone()));
    html! {
        details open[fault.is_some()] {
            summary { (t!(words, "process-skip")) }
            form method="post" action=(action) {
                (forms::token(visit))
                (Line::line("skip", "reason", t!(words, "process-skip-reason"), "").room(processes::limits::REASON_CHARS_MAX).show(words, &faults))
                button type="submit" name="do" value="skip" .slim { (t!(words, "process-skip")) }
            }
        }
    }
}

/// One field of a step's form.
pub(super) fn input(
    visit: &Visit,
    prefix: &str,
    field: &Field,
    tried: Option<&Tried>,
    known: Option<String>,
) -> Markup {
    let words = visit.words;
    let id = format!("{prefix}-{}", field.key);
    let name = format!("f_{}", field.key);
    let fault = tried.and_then(|tried| tried.faults.get(&field.key)).map(String::as_str);
    let value = tried.and_then(|tried| tried.sent.get(&name).cloned()).or(known).unwrap_or_default();
    let described = forms::described_by(&id, field.hint.is_some(), fault.is_some());
    let invalid = fault.map(|_| "true");
    let optional = html! { @if !field.required { " " span .optional { (t!(words, "optional")) } } };
    html! {
        @match &field.kind {
            FieldKind::YesNo => {
                fieldset .field aria-describedby=[described] {
                    legend { (field.label) (optional) }
                    (forms::notes(&id, field.hint.as_deref(), fault))
                    @for (word, label) in [("yes", t!(words, "yes")), ("no", t!(words, "no"))] {
                        div .check {
                            input type="radio" id=(format!("{id}-{word}")) name=(name) value=(word) checked[value == word] required[field.required];
                            label for=(format!("{id}-{word}")) { (label) }
                        }
                    }
                }
            }
            FieldKind::Choice(choices) => {
                div .field {
                    label for=(id) { (field.label) (optional) }
                    (forms::notes(&id, field.hint.as_deref(), fault))
                    select id=(id) name=(name) required[field.required] aria-describedby=[described] aria-invalid=[invalid] {
                        option value="" { (t!(words, "choose")) }
                        @for choice in choices { option value=(choice.key) selected[choice.key == value] { (choice.label) } }
                    }
                }
            }
            FieldKind::Text { lines: true, chars_max } => {
                div .field {
                    label for=(id) { (field.label) (optional) }
                    (forms::notes(&id, field.hint.as_deref(), fault))
                    textarea id=(id) name=(name) required[field.required] maxlength=(chars_max) aria-describedby=[described] aria-invalid=[invalid] { (value) }
                }
            }
            kind => {
                @let (sort, mode, max) = match kind {
                    FieldKind::Date => ("date", None, None),
                    FieldKind::Number { .. } => ("text", Some("numeric"), Some(20)),
                    FieldKind::Text { chars_max, .. } => ("text", None, Some(*chars_max)),
                    _ => ("text", None, None),
                };
                div .field {
                    label for=(id) { (field.label) (optional) }
                    (forms::notes(&id, field.hint.as_deref(), fault))
                    input id=(id) name=(name) type=(sort) value=(value) inputmode=[mode] maxlength=[max] required[field.required]
                        autocomplete="off" aria-describedby=[described] aria-invalid=[invalid];
                }
            }
        }
    }
}

/// The free times, under their days, and where to look further ahead.
fn times(visit: &Visit, on: &OnCase, place: usize, prefix: &str, tried: Option<&Tried>) -> Markup {
    let words = visit.words;
    let language = words.language();
    let id = format!("{prefix}-starts_at");
    let Some((resource, free)) = on.slots.get(&place) else { return html! {} };
    let fault = tried.and_then(|tried| tried.faults.get("starts_at")).map(String::as_str);
    let mut days: Vec<(Date, Vec<&Slot>)> = Vec::new();
    for slot in free {
        let day = local_day(slot.starts_at);
        match days.last_mut() {
            Some((last, slots)) if *last == day => slots.push(slot),
            _ => days.push((day, vec![slot])),
        }
    }
    html! {
        p { strong { (resource.name) } " " span .soft { (resource.place) } }
        @if free.is_empty() { (lists::empty(&t!(words, "booking-nothing-free"))) }
        @else {
            div .field {
                label for=(id) { (t!(words, "booking-time")) }
                (forms::notes(&id, None, fault))
                select id=(id) name="starts_at" required aria-describedby=[forms::described_by(&id, false, fault.is_some())] aria-invalid=[fault.map(|_| "true")] {
                    option value="" { (t!(words, "choose")) }
                    @for (day, slots) in &days {
                        optgroup label=(cases::words::day(language, *day)) {
                            @for slot in slots {
                                option value=(slot.starts_at) { (words.time(slot.starts_at)) "–" (words.time(slot.ends_at))
                                    @if resource.capacity > 1 { " (" (t!(words, "booking-free", count = i64::from(slot.free))) ")" } }
                            }
                        }
                    }
                }
            }
        }
        p .small { a href=(format!("?from={}", free.last().map_or_else(|| local_day(visit.now), |slot| local_day(slot.starts_at)))) { (t!(words, "booking-later")) } }
    }
}

fn identity(visit: &Visit, prefix: &str, document: &str) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let id = format!("{prefix}-identity");
    html! {
        p { strong { (document) } }
        div .field {
            label for=(id) { (t!(words, "identity-checked")) }
            p .hint id=(format!("{id}-hint")) { (t!(words, "identity-hint")) }
            select id=(id) name="identity" required aria-describedby=(format!("{id}-hint")) {
                option value="" { (t!(words, "choose")) }
                @for check in IdentityCheck::ALL { option value=(check) { (words::identity(language, *check)) } }
            }
        }
    }
}

/// Who has been called out, with the number to phone.
fn calls(visit: &Visit, on: &OnCase, running: &Running, place: usize) -> Markup {
    let words = visit.words;
    let Some(calls) = running.state.calls.get(&place) else { return html! {} };
    html! {
        ul .calls {
            @for call in calls {
                @let contractor = on.contractors.iter().find(|contractor| contractor.code == call.contractor);
                li {
                    strong { (contractor.map_or(call.contractor.as_str(), |contractor| contractor.name.as_str())) } " "
                    @if let Some(contractor) = contractor { a href=(format!("tel:{}", contractor.telephone)) { (words.telephone(&contractor.telephone)) } " " }
                    span .soft { (t!(words, "call-sent", at = words.when(call.at, visit.now))) }
                }
            }
        }
    }
}

/// The booked times, to be moved or cancelled.
fn booked(visit: &Visit, on: &OnCase, running: &Running, path: &dyn Fn(&str) -> String) -> Markup {
    let words = visit.words;
    html! {
        @for (place, booked) in &running.state.bookings {
            @let step = &running.definition.steps[*place];
            div .process-booked {
                p { strong { (words::day_and_time(words.language(), booked.starts_at)) }
                    @if let Some((resource, _)) = on.slots.get(place) { " " span .soft { (resource.place) } } }
                @if visit.may(Action::RunProcess) && booked.starts_at > visit.now {
                    details {
                        summary { (t!(words, "booking-change")) }
                        form method="post" action=(path(&step.key)) {
                            (forms::token(visit))
                            (times(visit, on, *place, &format!("move-{}", step.key), None))
                            button type="submit" name="do" value="move" { (t!(words, "booking-move")) }
                        }
                        form method="post" action=(path(&step.key)) {
                            (forms::token(visit))
                            button type="submit" name="do" value="cancel" .slim { (t!(words, "booking-cancel")) }
                        }
                    }
                }
            }
        }
    }
}

fn waiting(visit: &Visit, running: &Running) -> Markup {
    let waiting: Vec<&str> = (0..running.definition.steps.len())
        .filter(|place| running.state.marks[*place].word() == "waiting")
        .map(|place| running.definition.steps[place].name.as_str())
        .collect();
    html! {
        @if !waiting.is_empty() { p .soft { (t!(visit.words, "process-waiting", steps = waiting.join(", "))) } }
    }
}

/// What has been done, folded away, with the answers; and the way to undo the last.
fn done(visit: &Visit, on: &OnCase, running: &Running, path: &dyn Fn(&str) -> String) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let log = running.run.log.iter().zip(&running.actors);
    html! {
        @if !running.run.log.is_empty() {
            details .process-done {
                summary { (t!(words, "process-done", count = i64::try_from(running.run.log.len()).unwrap_or(0))) }
                ol .timeline { @for (done, (kind, actor)) in log {
                    li {
                        div .timeline-head {
                            strong { (words::act(language, done.act.word()))
                                @if let Some(step) = done.act.step().and_then(|key| running.definition.step(key)) { ": " (running.definition.steps[step].name) } }
                            span .soft .small { (words.when(done.at, visit.now)) ", "
                                (actor.and_then(|id| on.names.get(&id).cloned()).unwrap_or_else(|| words.word("actor", kind))) }
                        }
                        @if let Act::Skipped { reason, .. } = &done.act { p { (reason) } }
                        @if let Act::HandedOut { identity, .. } = &done.act { p { (words::identity(language, *identity)) } }
                        @if let Some(answers) = done.act.answers().filter(|answers| !answers.is_empty()) {
                            dl .facts { @for (key, answer) in answers {
                                @if let Some(field) = running.definition.field(key) { dt { (field.label) } dd .pre { (words::answer(language, field, answer)) } }
                            } }
                        }
                    }
                } }
            }
            @if visit.may(Action::RunProcess) && running.run.last().is_ok() {
                form method="post" action=(path("undo")) {
                    (forms::token(visit))
                    input type="hidden" name="seen" value=(running.run.log.len());
                    button type="submit" .slim { (t!(words, "process-undo")) }
                }
            }
        }
    }
}
