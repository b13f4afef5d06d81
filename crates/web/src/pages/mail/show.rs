//! A conversation: what has been said, who waits, and the answer that is being written.

use super::{letter, path, standing};
use crate::{
    AppState,
    components::{
        badges,
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    pages::guide::type_choices,
    t,
    visit::Visit,
};
use axum::extract::{Path, State};
use cases::{Case, CaseType};
use correspondence::commands::{OpenedConversation, open_conversation};
use correspondence::placeholders::Filling;
use correspondence::{
    ANSWER_CHARS_MAX, Conversation, ConversationState, CorrespondenceError, Draft, ReplyTemplate, Warning,
    queries,
};
use maud::{Markup, html};
use people::Action;
use people::directory::Department;
use people::residents::Resident;
use std::collections::BTreeMap;
use vocabulary::GenericUuid as _;
use vocabulary::{ContactOutcome, ConversationId, UserId, local_day};

/// All that the page shows.
pub struct Opened {
    /// The conversation, its letters and its draft.
    pub inner: OpenedConversation,
    /// Its case.
    pub case: Option<Case>,
    /// Its resident.
    pub resident: Option<Resident>,
    /// The conversation a stranger's letter says it answers, if that is open to who looks.
    pub linked: Option<Conversation>,
    /// Everybody who signs in, by id.
    pub names: BTreeMap<UserId, String>,
    /// Who else is writing.
    pub writers: Vec<String>,
    /// Templates in use.
    pub templates: Vec<ReplyTemplate>,
    types: Vec<CaseType>,
    departments: Vec<Department>,
}

impl Opened {
    /// What templates' placeholders stand for here.
    #[must_use]
    pub fn filling(&self, guide: &str) -> Filling {
        let conversation = &self.inner.conversation;
        let of_resident = self.resident.as_ref().filter(|resident| !resident.protected);
        let name = of_resident.and_then(|resident| resident.name.clone());
        Filling {
            name: name.or_else(|| Some(conversation.sender_name.clone()).filter(|name| !name.is_empty())),
            case_number: self.case.as_ref().map(|case| case.number.to_string()),
            guide: Some(guide.to_owned()),
            reference: Some(conversation.reference.clone()),
        }
    }

    /// Whether name and address are to be kept from who looks: protected data are for who has the conversation.
    fn veiled(&self, visit: &Visit) -> bool {
        let protected = self.resident.as_ref().is_some_and(|resident| resident.protected);
        protected && self.inner.conversation.taken_by != Some(visit.user_id())
    }
}

/// Opens the conversation for who visits; the opening is written down.
///
/// # Errors
/// There is none, or it is not for this visitor; the database.
pub async fn open(state: &AppState, visit: &Visit, id: ConversationId) -> Result<Opened, PageError> {
    let ctx = visit.context(state);
    let opened = state
        .db
        .write(move |s| -> Result<_, CorrespondenceError> {
            let inner = open_conversation(s, &ctx, id)?;
            let conversation = &inner.conversation;
            let case = match conversation.case_id {
                Some(case) => cases::queries::case(s, case)?,
                None => None,
            };
            let resident = match conversation.resident_id {
                Some(resident) => people::residents::queries::by_id(s, resident)?,
                None => None,
            };
            let linked = match conversation.linked_to_id {
                Some(linked) => queries::conversation(s, linked)?,
                None => None,
            };
            let me = ctx.actor.id().map_or(UserId::nil(), UserId::from_untyped_uuid);
            let users = people::users::queries::all(s)?;
            Ok(Opened {
                case,
                resident,
                linked,
                names: users.into_iter().map(|user| (user.id, user.name)).collect(),
                writers: queries::writers(s, id, ctx.now, me)?,
                templates: queries::templates(s)?.into_iter().filter(|template| template.active).collect(),
                types: cases::queries::case_types(s)?,
                departments: people::directory::queries::departments(s)?,
                inner,
            })
        })
        .await?;
    Ok(opened)
}

/// What stands in the answer's form besides the draft: what was typed when it was refused.
#[derive(Default)]
pub struct Typed<'a> {
    /// The answer; none takes the draft.
    pub text: Option<&'a str>,
    /// What to say above the form.
    pub notice: Option<String>,
}

/// `GET /mail/{id}`
///
/// # Errors
/// There is none, or it is not for this visitor; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let opened = open(&state, &visit, ConversationId::from_untyped_uuid(id)).await?;
    Ok(page(&visit, &opened, &Faults::none(), &Typed::default()))
}

/// The page.
#[must_use]
pub fn page(visit: &Visit, opened: &Opened, faults: &Faults, typed: &Typed<'_>) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    let content = html! {
        p { a href="/mail" { (t!(words, "mail-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @if let Some(notice) = &typed.notice { (lists::notice("warn", notice)) }
        (warning(visit, opened))
        div .columns {
            div {
                h2 { (t!(words, "mail-letters")) }
                (letters(visit, opened))
                @if visit.may(Action::WriteMail) && open_to_answers(conversation) {
                    (answer(visit, opened, faults, typed))
                }
            }
            div {
                (about(visit, opened))
                @if visit.may(Action::WriteMail) {
                    (note(visit, conversation, faults))
                    @if open_to_answers(conversation) {
                        (to_case(visit, opened, faults))
                        (close(visit, opened, faults))
                    }
                    (spam(visit, conversation))
                }
            }
        }
    };
    let subject = conversation.subject.as_str();
    let title = if subject.is_empty() { t!(words, "mail-no-subject") } else { subject.to_owned() };
    Page::wide(title).around(visit, &content)
}

const fn open_to_answers(conversation: &Conversation) -> bool {
    !matches!(conversation.state, ConversationState::Spam | ConversationState::Quiet)
}

fn warning(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    html! {
        @match conversation.warning {
            Some(Warning::Stranger) => div .notice .warn role="status" {
                p { (t!(words, "mail-stranger-help")) }
                @if let Some(linked) = &opened.linked {
                    p { a href=(path(linked.id, "")) { (t!(words, "mail-stranger-linked", reference = linked.reference.clone())) } }
                }
            },
            Some(other) => (lists::notice("warn", &words.word("mail-warning-help", other.as_str()))),
            None => {}
        }
    }
}

fn letters(visit: &Visit, opened: &Opened) -> Markup {
    let veiled = opened.veiled(visit);
    html! {
        @for one in &opened.inner.letters {
            @let parts: Vec<_> = opened.inner.parts.iter().filter(|part| part.letter_id == one.id).collect();
            @let state = opened.inner.sent.iter().find(|(id, _)| *id == one.id).map(|(_, state)| state.as_str());
            @let author = one.author_id.and_then(|id| opened.names.get(&id)).map(String::as_str);
            (letter::letter(visit, one, &parts, state, author, veiled))
        }
    }
}

fn about(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    let veiled = opened.veiled(visit);
    let today = local_day(visit.now);
    html! {
        section .card aria-labelledby="about-heading" {
            div .card-head {
                h2 #about-heading { (conversation.reference) }
                span .badge { (words.word("mail-state", conversation.state.as_str())) }
            }
            dl .facts {
                @if let Some(due) = conversation.due_day {
                    @let (class, text) = standing(words, due, today);
                    dt { (t!(words, "mail-clock")) }
                    dd { span class=(class) { (text) } " " span .soft { (words.day(due)) } }
                }
                dt { (t!(words, "mail-mailbox")) } dd { (opened.inner.mailbox.name) }
                dt { (t!(words, "mail-from")) }
                dd {
                    @if veiled { (t!(words, "mail-protected-take")) } @else {
                        (conversation.sender_name) " " (conversation.sender_email)
                        @if let Some(number) = &conversation.sender_telephone { " " (words.telephone(number)) }
                    }
                }
                @if let Some(resident) = conversation.resident_id.filter(|_| !veiled) {
                    dt { (t!(words, "case-resident")) }
                    dd { a href=(format!("/residents/{}", resident.into_untyped_uuid())) { (t!(words, "mail-resident-card")) } }
                }
                @if let Some(case) = &opened.case {
                    dt { (t!(words, "case-number")) }
                    dd { a href=(format!("/cases/{}", case.id.into_untyped_uuid())) { (case.number) } " "
                        (badges::status(words, case.status)) " " (badges::secrecy(words, case.secrecy_class)) }
                }
                dt { (t!(words, "mail-taken-by")) }
                dd { (conversation.taken_by.and_then(|id| opened.names.get(&id).cloned()).unwrap_or_else(|| t!(words, "mail-free"))) }
            }
            @if visit.may(Action::WriteMail) && conversation.waiting_since_at.is_some() {
                div .actions { (taking(visit, conversation)) }
            }
        }
    }
}

fn taking(visit: &Visit, conversation: &Conversation) -> Markup {
    let words = visit.words;
    html! {
        @match conversation.taken_by {
            Some(me) if me == visit.user_id() =>
                (forms::button(visit, &path(conversation.id, "release"), "", &t!(words, "mail-release"))),
            Some(_) => form method="post" action=(path(conversation.id, "take")) {
                (forms::token(visit))
                input type="hidden" name="over" value="yes";
                button type="submit" { (t!(words, "mail-take-over")) }
            },
            None => (forms::button(visit, &path(conversation.id, "take"), "primary", &t!(words, "mail-take"))),
        }
    }
}

fn answer(visit: &Visit, opened: &Opened, faults: &Faults, typed: &Typed<'_>) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    let draft = &opened.inner.draft;
    let by_post = !conversation.sender_email.is_empty();
    let on_the_case = opened.case.as_ref().is_some_and(|case| !case.may_travel_by_mail());
    html! {
        section .card aria-labelledby="answer-heading" {
            h2 #answer-heading { (t!(words, "mail-answer")) }
            @if !by_post { p .hint { (t!(words, "mail-no-address")) } }
            @else {
                @if on_the_case { (lists::notice("info", &t!(words, "mail-on-the-case"))) }
                form #answer-form method="post" action=(path(conversation.id, "answer")) enctype="multipart/form-data"
                    data-draft=(path(conversation.id, "draft")) data-writing=(path(conversation.id, "writing"))
                    data-text-saved=(t!(words, "mail-draft-saved")) data-text-merged=(t!(words, "mail-draft-merged"))
                    data-text-conflict=(t!(words, "mail-draft-conflict")) data-text-failed=(t!(words, "mail-draft-failed"))
                    data-text-writing=(t!(words, "mail-writing", names = "{names}")) {
                    (forms::token(visit))
                    input type="hidden" name="draft_version" value=(draft.version);
                    (templates(visit, opened))
                    (Field::line("answer", "text", t!(words, "mail-answer-text"), typed.text.unwrap_or(&draft.text))
                        .kind(Kind::Text).room(ANSWER_CHARS_MAX).optional().show(words, faults))
                    p #draft-state .soft .small role="status" {
                        @if let Some(at) = draft.written_at.filter(|_| !draft.text.is_empty()) { (drafted(visit, opened, draft, at)) }
                    }
                    p #draft-writers .small role="status" {
                        @if !opened.writers.is_empty() { (t!(words, "mail-writing", names = opened.writers.join(", "))) }
                    }
                    div .field {
                        label for="answer-files" { (t!(words, "mail-attach")) " " span .optional { (t!(words, "optional")) } }
                        input #answer-files type="file" name="files" multiple;
                    }
                    details { summary { (t!(words, "mail-close-too")) } (log_fields(visit, opened, "answer", faults)) }
                    div .actions {
                        button type="submit" .primary { (t!(words, "mail-send")) }
                        button type="submit" name="close" value="yes" { (t!(words, "mail-send-and-close")) }
                        button type="submit" formaction=(path(conversation.id, "draft")) formenctype="application/x-www-form-urlencoded" formnovalidate {
                            (t!(words, "mail-save-draft")) }
                    }
                }
            }
        }
    }
}

fn drafted(visit: &Visit, opened: &Opened, draft: &Draft, at: vocabulary::Timestamp) -> String {
    let name = draft.written_by.and_then(|id| opened.names.get(&id).cloned()).unwrap_or_default();
    t!(visit.words, "mail-draft-by", name = name, at = visit.words.when(at, visit.now))
}

fn templates(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> = opened
        .templates
        .iter()
        .map(|template| Choice::new(template.id.into_untyped_uuid(), template.name.clone()))
        .collect();
    let select = Select {
        name: "template",
        prefix: "answer",
        label: t!(words, "mail-template"),
        choices: &choices,
        chosen: "",
        nothing: Some(t!(words, "choose")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        @if !choices.is_empty() {
            div .inline-form {
                (select.show(words, &Faults::none()))
                button type="submit" formaction=(path(opened.inner.conversation.id, "template"))
                    formenctype="application/x-www-form-urlencoded" formnovalidate { (t!(words, "mail-template-insert")) }
            }
        }
    }
}

/// What a contact is logged as: its type and what came of it.
fn log_fields(visit: &Visit, opened: &Opened, prefix: &'static str, faults: &Faults) -> Markup {
    let words = visit.words;
    let types = type_choices(&opened.types, &opened.departments);
    let outcomes: Vec<Choice> = ContactOutcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome, words.word("outcome", outcome.as_str())))
        .collect();
    let required = prefix == "close";
    let chosen = opened
        .case
        .as_ref()
        .map(|case| case.case_type_id.into_untyped_uuid().to_string())
        .unwrap_or_default();
    let select = |name, label, choices, chosen| Select {
        name,
        prefix,
        label,
        choices,
        chosen,
        nothing: Some(t!(words, "choose")),
        required,
        type_ahead_next: None,
    };
    html! {
        (select("case_type", t!(words, "log-type"), &types, &chosen).show(words, faults))
        (select("outcome", t!(words, "log-outcome"), &outcomes, "").show(words, faults))
        (Field::line(prefix, "note", t!(words, "log-note"), "").kind(Kind::Text).optional()
            .room(contacts::NOTE_CHARS_MAX).show(words, faults))
    }
}

fn note(visit: &Visit, conversation: &Conversation, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        details .card {
            summary { (t!(words, "mail-note")) }
            form method="post" action=(path(conversation.id, "note")) {
                (forms::token(visit))
                (Field::line("note", "note", t!(words, "mail-note-text"), "").kind(Kind::Text).room(ANSWER_CHARS_MAX)
                    .hint(t!(words, "mail-note-hint")).show(words, faults))
                p { button type="submit" { (t!(words, "note-write")) } }
            }
        }
    }
}

fn to_case(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    let types = type_choices(&opened.types, &opened.departments);
    let case_type = Select {
        name: "case_type",
        prefix: "case",
        label: t!(words, "log-type"),
        choices: &types,
        chosen: "",
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        @if opened.case.is_none() {
            details .card {
                summary { (t!(words, "mail-to-case")) }
                form method="post" action=(path(conversation.id, "case")) {
                    (forms::token(visit))
                    (case_type.show(words, faults))
                    (Field::line("case", "title", t!(words, "case-title"), "").optional()
                        .hint(t!(words, "case-title-hint")).show(words, faults))
                    (forms::tick("case", "forward", &t!(words, "mail-forward"), true))
                    p { button type="submit" .primary { (t!(words, "case-register")) } }
                }
                form method="post" action=(path(conversation.id, "join")) {
                    (forms::token(visit))
                    (Field::line("join", "number", t!(words, "mail-join-number"), "").room(20).show(words, faults))
                    p { button type="submit" { (t!(words, "mail-join")) } }
                }
            }
        }
    }
}

fn close(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let conversation = &opened.inner.conversation;
    html! {
        @if conversation.state != ConversationState::Closed {
            details .card {
                summary { (t!(words, "mail-close")) }
                p .hint { (t!(words, "mail-close-hint")) }
                form method="post" action=(path(conversation.id, "close")) {
                    (forms::token(visit))
                    (log_fields(visit, opened, "close", faults))
                    p { button type="submit" { (t!(words, "mail-close-do")) } }
                }
            }
        }
    }
}

fn spam(visit: &Visit, conversation: &Conversation) -> Markup {
    let words = visit.words;
    html! {
        div .actions {
            @if conversation.state == ConversationState::Spam {
                (forms::button(visit, &path(conversation.id, "not-spam"), "", &t!(words, "mail-not-spam")))
            } @else {
                (forms::button(visit, &path(conversation.id, "spam"), "", &t!(words, "mail-spam")))
            }
        }
    }
}
