//! The inbox: what waits in each mailbox, over due first, and how the mailbox answers.

use super::{path, standing};
use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    pages::cases::viewer,
    t,
    visit::Visit,
    words::Words,
};
use axum::extract::{Query, State};
use correspondence::clock::AnswerMeasure;
use correspondence::queries::{self, Inbox, InboxLine};
use correspondence::{ConversationState, Mailbox};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::StorageError;
use vocabulary::GenericUuid as _;
use vocabulary::{MailboxId, SignedDuration, UserId, local_day, start_of_day};

/// Over how many days, today among them, a mailbox's answers are measured.
const MEASURED_DAYS: i64 = 30;

/// What is asked for in the address: ids and words only.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    mailbox: Option<uuid::Uuid>,
    show: Option<String>,
}

/// The lists there are, by their words in the address.
const SHOWN: &[&str] = &["waiting", "mine", "answered", "closed", "quiet", "spam"];

impl Asked {
    fn word(&self) -> &str {
        self.show.as_deref().filter(|word| SHOWN.contains(word)).unwrap_or("waiting")
    }

    fn what(&self, user: UserId) -> Inbox {
        match self.word() {
            "mine" => Inbox::Mine(user),
            "answered" => Inbox::In(ConversationState::Answered),
            "closed" => Inbox::In(ConversationState::Closed),
            "quiet" => Inbox::In(ConversationState::Quiet),
            "spam" => Inbox::In(ConversationState::Spam),
            _ => Inbox::Waiting,
        }
    }

    fn mailbox(&self) -> Option<MailboxId> {
        self.mailbox.map(MailboxId::from_untyped_uuid)
    }

    /// The same list in another mailbox, or another list in the same one.
    fn address(base: &str, mailbox: Option<MailboxId>, word: &str) -> String {
        match mailbox {
            Some(id) => format!("{base}?show={word}&mailbox={}", id.into_untyped_uuid()),
            None => format!("{base}?show={word}"),
        }
    }
}

struct Loaded {
    mailboxes: Vec<(Mailbox, u64, AnswerMeasure)>,
    lines: Vec<InboxLine>,
}

async fn load(state: &AppState, visit: &Visit, asked: &Asked) -> Result<Loaded, PageError> {
    let (viewer, what, chosen) = (viewer(visit), asked.what(visit.user_id()), asked.mailbox());
    let today = local_day(visit.now);
    let since = start_of_day(today) - SignedDuration::from_hours(24 * (MEASURED_DAYS - 1));
    let loaded = state
        .db
        .read(move |s| -> Result<_, StorageError> {
            let mut mailboxes = Vec::new();
            for mailbox in queries::mailboxes(s)?.into_iter().filter(|mailbox| mailbox.active) {
                let waiting = queries::waiting_count(s, mailbox.id)?;
                let measure = queries::answer_measure(s, mailbox.id, since, today)?;
                mailboxes.push((mailbox, waiting, measure));
            }
            Ok(Loaded { mailboxes, lines: queries::inbox(s, viewer, chosen, what)? })
        })
        .await?;
    Ok(loaded)
}

/// `GET /mail`
///
/// # Errors
/// The database.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let loaded = load(&state, &visit, &asked).await?;
    let live = Asked::address("/mail/list", asked.mailbox(), asked.word());
    let content = html! {
        div #mail-boxes hx-get=(Asked::address("/mail/boxes", asked.mailbox(), asked.word())) hx-trigger="every 15s"
            hx-target="this" hx-select="" hx-swap="innerMorph" { (mailboxes(words, &asked, &loaded)) }
        nav .tabs aria-label=(t!(words, "mail-lists")) {
            ul {
                @for word in SHOWN {
                    @let here = *word == asked.word();
                    li { a href=(Asked::address("/mail", asked.mailbox(), word)) aria-current=[here.then_some("page")] {
                        (words.word("mail-show", word)) } }
                }
            }
        }
        div .card {
            div #mail-list hx-get=(live) hx-trigger="every 10s" hx-target="this" hx-select="" hx-swap="innerMorph" {
                (table(&visit, &asked, &loaded))
            }
        }
    };
    let mut page = Page::wide(t!(words, "mail-title"));
    if visit.may(Action::AdministerMail) {
        page = page.with(html! { a .button href="/mail/settings" { (t!(words, "mail-settings")) } });
    }
    Ok(page.around(&visit, &content))
}

/// `GET /mail/list`: the list alone, as it stands now.
///
/// # Errors
/// The database.
pub async fn lines(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let loaded = load(&state, &visit, &asked).await?;
    Ok(table(&visit, &asked, &loaded))
}

/// `GET /mail/boxes`: the mailboxes and how they answer, as things stand now.
///
/// # Errors
/// The database.
pub async fn boxes(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let loaded = load(&state, &visit, &asked).await?;
    Ok(mailboxes(visit.words, &asked, &loaded))
}

/// Each mailbox with what waits in it and how it answers.
fn mailboxes(words: &Words, asked: &Asked, loaded: &Loaded) -> Markup {
    html! {
        @if loaded.mailboxes.is_empty() { (lists::notice("warn", &t!(words, "mail-no-mailboxes"))) }
        @else {
            div .card .table-wrap tabindex="0" role="region" aria-labelledby="mailboxes-caption" {
                table .stacks {
                    caption #mailboxes-caption { (t!(words, "mail-mailboxes", days = MEASURED_DAYS)) }
                    thead { tr {
                        th scope="col" { (t!(words, "mail-mailbox")) }
                        th scope="col" .number { (t!(words, "mail-clock")) }
                        th scope="col" .number { (t!(words, "mail-waiting")) }
                        th scope="col" .number { (t!(words, "mail-in-time")) }
                        th scope="col" .number { (t!(words, "mail-mean")) }
                    } }
                    tbody {
                        @for (mailbox, waiting, measure) in &loaded.mailboxes {
                            @let here = asked.mailbox() == Some(mailbox.id);
                            tr {
                                th scope="row" {
                                    a href=(Asked::address("/mail", (!here).then_some(mailbox.id), asked.word()))
                                        aria-current=[here.then_some("true")] { (mailbox.name) }
                                }
                                td .number data-label=(t!(words, "mail-clock")) {
                                    (t!(words, "mail-days", days = mailbox.clock_working_days)) }
                                td .number data-label=(t!(words, "mail-waiting")) { (waiting) }
                                td .number data-label=(t!(words, "mail-in-time")) { (share(words, measure)) }
                                td .number data-label=(t!(words, "mail-mean")) { (mean(words, measure)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The share in time and of how many it is: never a share without its number.
fn share(words: &Words, measure: &AnswerMeasure) -> String {
    match measure.share_in_time() {
        Some(share) => t!(words, "mail-share", share = words.percent(share.share), n = measure.counted()),
        None => t!(words, "mail-none-yet"),
    }
}

fn mean(words: &Words, measure: &AnswerMeasure) -> String {
    match measure.mean() {
        Some(mean) => t!(words, "mail-mean-of", time = long(words, mean), n = measure.ended),
        None => t!(words, "mail-none-yet"),
    }
}

/// A time that may be days: "3 tim 20 min", "2 d 4 tim".
fn long(words: &Words, time: SignedDuration) -> String {
    let minutes = time.as_mins();
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => t!(words, "time-minutes", minutes = minutes),
        (0, _) => t!(words, "time-hours", hours = hours, minutes = minutes),
        _ => t!(words, "time-days", days = days, hours = hours),
    }
}

fn table(visit: &Visit, asked: &Asked, loaded: &Loaded) -> Markup {
    let words = visit.words;
    let names: BTreeMap<MailboxId, &str> =
        loaded.mailboxes.iter().map(|(mailbox, ..)| (mailbox.id, mailbox.name.as_str())).collect();
    html! {
        @if loaded.lines.is_empty() { (lists::empty(&t!(words, "mail-nothing"))) }
        @else {
            div .table-wrap tabindex="0" role="region" aria-label=(words.word("mail-show", asked.word())) {
                table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "mail-about")) }
                        th scope="col" { (t!(words, "mail-from")) }
                        th scope="col" { (t!(words, "mail-clock")) }
                        th scope="col" { (t!(words, "mail-mailbox")) }
                        th scope="col" { (t!(words, "mail-taken-by")) }
                    } }
                    tbody {
                        @for line in &loaded.lines { (row(visit, line, &names)) }
                    }
                }
            }
        }
    }
}

fn row(visit: &Visit, line: &InboxLine, names: &BTreeMap<MailboxId, &str>) -> Markup {
    let words = visit.words;
    let conversation = &line.conversation;
    let today = local_day(visit.now);
    let subject = match (line.sealed, conversation.subject.as_str()) {
        (true, _) => t!(words, "mail-sealed"),
        (false, "") => t!(words, "mail-no-subject"),
        (false, subject) => subject.to_owned(),
    };
    let sender = match (line.protected || line.sealed, conversation.sender_name.as_str()) {
        (true, _) => t!(words, "mail-protected"),
        (false, "") => conversation
            .sender_telephone
            .as_deref()
            .filter(|_| conversation.sender_email.is_empty())
            .map_or_else(|| conversation.sender_email.clone(), |number| words.telephone(number)),
        (false, name) => name.to_owned(),
    };
    html! {
        tr {
            th scope="row" {
                div {
                    @if line.sealed { (subject) } @else { a href=(path(conversation.id, "")) { (subject) } }
                    " " span .soft .small .code { (conversation.reference) }
                    @if let Some(number) = &line.case_number { " " span .soft .small .code { (number) } }
                    @if let Some(warning) = conversation.warning {
                        " " span .badge .warn { (words.word("mail-warning", warning.as_str())) }
                    }
                }
            }
            td data-label=(t!(words, "mail-from")) { (sender) }
            td data-label=(t!(words, "mail-clock")) {
                @if let Some(due) = conversation.due_day {
                    @let (class, text) = standing(words, due, today);
                    span class=(class) { (text) }
                    " " span .soft .small { (words.when(conversation.waiting_since_at.unwrap_or(conversation.arrived_at), visit.now)) }
                } @else { span .soft .small { (words.when(conversation.changed_at, visit.now)) } }
            }
            td data-label=(t!(words, "mail-mailbox")) { (names.get(&conversation.mailbox_id).copied().unwrap_or_default()) }
            td data-label=(t!(words, "mail-taken-by")) {
                @if let Some(name) = &line.taken_by_name { (name) } @else { span .soft { (t!(words, "mail-free")) } }
            }
        }
    }
}
