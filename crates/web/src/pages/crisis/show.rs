//! One crisis: what is said and was said, the draft that waits, its period, and who did what.

use super::{banner, log, write};
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
};
use axum::extract::{Path, State};
use crisis::limits::{LOG_LINES_SHOWN, ON_DUTY_SEEN_WITHIN, TITLE_CHARS_MAX};
use crisis::{
    Approval, Crisis, CrisisError, Deed, LiveMessage, Message, MessageState, SoundSource, queries, sound,
};
use maud::{Markup, html};
use people::Action;
use std::collections::BTreeMap;
use vocabulary::{CrisisId, GenericUuid as _, Timestamp, UserId, time_zone};

/// What is said above the page, after something was not accepted.
pub(super) enum Said<'a> {
    /// Nothing.
    Nothing,
    /// Something did not go.
    Problem(&'a str),
    /// The form was not accepted.
    Refused(&'a write::Written, &'a Faults),
}

/// `GET /crisis/{id}`
///
/// # Errors
/// There is no such crisis; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    page(&state, &visit, CrisisId::from_untyped_uuid(id), Said::Nothing).await
}

/// What the page shows.
struct Whole {
    crisis: Crisis,
    live: Vec<LiveMessage>,
    messages: Vec<Message>,
    on_duty: Vec<(UserId, String)>,
    names: BTreeMap<UserId, String>,
    deeds: Vec<Deed>,
    seconds: Option<f64>,
}

impl Whole {
    fn draft(&self) -> Option<&Message> {
        self.messages.iter().find(|message| message.state == MessageState::Draft)
    }

    fn name(&self, user: Option<UserId>) -> &str {
        user.and_then(|id| self.names.get(&id)).map_or("–", String::as_str)
    }
}

/// The page.
pub(super) async fn page(
    state: &AppState,
    visit: &Visit,
    id: CrisisId,
    said: Said<'_>,
) -> Result<Markup, PageError> {
    let (now, seen_since) = (visit.now, state.wall.now() - ON_DUTY_SEEN_WITHIN);
    let call_ins = visit.may(Action::CallInStaff);
    let whole = state
        .db
        .read(move |s| -> Result<_, CrisisError> {
            let crisis = queries::crisis(s, id)?.ok_or(CrisisError::NotFound { what: "crisis" })?;
            let messages = queries::messages_of(s, id)?;
            let draft = messages.iter().find(|message| message.state == MessageState::Draft);
            let wav = match draft {
                Some(draft) => queries::sound(s, draft.id)?,
                None => None,
            };
            Ok(Whole {
                crisis,
                live: queries::live(s, now)?.into_iter().filter(|live| live.crisis_id == id).collect(),
                messages,
                on_duty: queries::on_duty(s, seen_since)?,
                names: people::users::queries::all(s)?.into_iter().map(|user| (user.id, user.name)).collect(),
                deeds: queries::log_of(s, id, call_ins, LOG_LINES_SHOWN)?,
                seconds: wav.map(|wav| sound::seconds(&wav)),
            })
        })
        .await?;
    let words = visit.words;
    let over = whole.crisis.ends_at.is_some();
    let writes = visit.may(Action::WriteCrisisMessage) && !over;
    let content = html! {
        p { a href="/crisis" { (t!(words, "crisis-back")) } }
        @match &said {
            Said::Nothing => {}
            Said::Problem(why) => (forms::refused(why)),
            Said::Refused(_, _) => (forms::refused(&t!(words, "crisis-form-faults"))),
        }
        @if over { (lists::notice("", &t!(words, "crisis-is-over"))) }
        (banner::live(visit, &whole.live))
        @if !over && visit.may(Action::ApproveCrisisMessage) {
            form method="post" action=(format!("/crisis/{}/end", id.into_untyped_uuid())) .actions {
                (forms::token(visit))
                button type="submit" .danger { (t!(words, "crisis-end")) }
                span .hint { (t!(words, "crisis-end-hint")) }
            }
        }
        @if let Some(draft) = whole.draft().filter(|_| !over) { (waiting(visit, &whole, draft)) }
        @if writes { (editor(visit, &whole, &said)) }
        (versions(visit, &whole))
        @if visit.may(Action::SetCrisisPeriod) { (period(visit, &whole.crisis)) }
        section .card aria-labelledby="log-heading" {
            h2 #log-heading { (t!(words, "crisis-log")) }
            (log::table(visit, &whole.deeds, "log-heading"))
        }
    };
    Ok(Page::wide(whole.crisis.title.clone()).around(visit, &content))
}

/// The draft as it would be published, and who may do it.
fn waiting(visit: &Visit, whole: &Whole, draft: &Message) -> Markup {
    let words = visit.words;
    let id = draft.id.into_untyped_uuid();
    let others = whole.on_duty.iter().any(|(other, _)| *other != visit.user_id());
    let approval = Approval::of(draft.written_by, Some(visit.user_id()), others);
    let may = visit.may(Action::ApproveCrisisMessage);
    html! {
        section .card .crisis-draft aria-labelledby="draft-heading" {
            h2 #draft-heading { (t!(words, "crisis-draft", n = draft.version)) }
            p .soft { (t!(words, "crisis-written-by", who = whole.name(draft.written_by), at = words.when(draft.written_at, visit.now))) }
            h3 { (draft.title) }
            dl .facts {
                dt { (t!(words, "crisis-field-public")) } dd { (banner::paragraphs(&draft.public_text)) }
                @if !draft.guide_text.is_empty() {
                    dt { (t!(words, "crisis-field-guide")) } dd { (banner::paragraphs(&draft.guide_text)) }
                }
                dt { (t!(words, "crisis-field-spoken")) }
                dd {
                    @if draft.spoken_text.is_empty() { p { "–" } } @else { (banner::paragraphs(&draft.spoken_text)) }
                    (hearing(visit, whole, draft))
                }
            }
            @let texts = [&draft.title, &draft.public_text, &draft.guide_text, &draft.spoken_text];
            @if texts.iter().any(|text| text.contains('[')) { p .notice .warn { (t!(words, "crisis-unfilled")) } }
            @if may {
                @match approval {
                    Approval::Refused => p .notice .warn { (t!(words, "crisis-own-message")) },
                    Approval::Alone => p .notice .warn { (t!(words, "crisis-alone")) },
                    Approval::ByAnother => {}
                }
                @if approval != Approval::Refused {
                    form method="post" action=(format!("/crisis/messages/{id}/approve")) .actions {
                        (forms::token(visit))
                        input type="hidden" name="revision" value=(draft.revision);
                        button type="submit" .primary { (t!(words, "crisis-approve")) }
                    }
                    p .hint { (t!(words, "crisis-approve-hint")) }
                }
            } @else { p .notice { (t!(words, "crisis-waits-for-approval")) } }
            @if !whole.on_duty.is_empty() {
                @let names: Vec<&str> = whole.on_duty.iter().map(|(_, name)| name.as_str()).collect();
                p .soft { (t!(words, "crisis-on-duty", names = names.join(", "))) }
            }
            @if visit.may(Action::WriteCrisisMessage) {
                (forms::button(visit, &format!("/crisis/messages/{id}/discard"), "plain", &t!(words, "crisis-discard")))
            }
        }
    }
}

/// What callers would hear, and the ways to change it.
fn hearing(visit: &Visit, whole: &Whole, draft: &Message) -> Markup {
    let words = visit.words;
    let path = format!("/crisis/messages/{}", draft.id.into_untyped_uuid());
    html! {
        @match draft.sound {
            Some(source) => {
                p {
                    audio controls preload="none" src=(format!("{path}/sound")) {}
                    " " span .soft {
                        @match source {
                            SoundSource::Recorded => (t!(words, "crisis-sound-recorded")),
                            SoundSource::Spoken => (t!(words, "crisis-sound-spoken")),
                        }
                        @if let Some(seconds) = whole.seconds { " " (t!(words, "crisis-seconds", n = seconds.round().to_string())) }
                    }
                }
            }
            None => p .notice .warn { (t!(words, "crisis-no-sound")) },
        }
        @if visit.may(Action::WriteCrisisMessage) {
            details {
                summary { (t!(words, "crisis-change-sound")) }
                @if draft.sound.is_none() && !draft.spoken_text.is_empty() {
                    (forms::button(visit, &format!("{path}/voice"), "", &t!(words, "crisis-speak")))
                }
                @if draft.sound.is_some() {
                    (forms::button(visit, &format!("{path}/silence"), "", &t!(words, "crisis-drop-sound")))
                }
                form method="post" action=(format!("{path}/sound")) enctype="multipart/form-data" {
                    (forms::token(visit))
                    div .field {
                        label for="sound-file" { (t!(words, "crisis-record")) }
                        p .hint #sound-file-hint { (t!(words, "crisis-record-hint")) }
                        input #sound-file type="file" name="file" accept=".wav,audio/wav" required aria-describedby="sound-file-hint";
                    }
                    button type="submit" { (t!(words, "crisis-record-send")) }
                }
            }
        }
    }
}

/// The form for the next version, or for the draft.
fn editor(visit: &Visit, whole: &Whole, said: &Said<'_>) -> Markup {
    let words = visit.words;
    let draft = whole.draft();
    let from = draft.or_else(|| whole.messages.first());
    let own = from.map(|message| write::Written::of_message(message, draft.is_some())).unwrap_or_default();
    let none = Faults::none();
    let (written, faults) = match said {
        Said::Refused(written, faults) => (*written, *faults),
        _ => (&own, &none),
    };
    let heading =
        if draft.is_some() { t!(words, "crisis-edit-draft") } else { t!(words, "crisis-next-version") };
    html! {
        details .card open[matches!(said, Said::Refused(..)) || (draft.is_none() && whole.live.is_empty())] {
            summary { (heading) }
            form method="post" action=(format!("/crisis/{}/draft", whole.crisis.id.into_untyped_uuid())) {
                (forms::token(visit))
                input type="hidden" name="message" value=(written.message);
                (write::fields(words, written, faults))
                p { button type="submit" .primary[draft.is_none()] { (t!(words, "crisis-save-draft")) } }
            }
        }
    }
}

fn versions(visit: &Visit, whole: &Whole) -> Markup {
    let words = visit.words;
    let published: Vec<&Message> = whole.messages.iter().filter(|m| m.approved_at.is_some()).collect();
    html! {
        @if !published.is_empty() {
            section .card aria-labelledby="versions-heading" {
                h2 #versions-heading { (t!(words, "crisis-versions")) }
                div .table-wrap tabindex="0" role="group" aria-labelledby="versions-heading" { table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "crisis-version-head")) } th scope="col" { (t!(words, "crisis-field-title")) }
                        th scope="col" { (t!(words, "crisis-writer")) } th scope="col" { (t!(words, "crisis-approver")) }
                        th scope="col" { (t!(words, "crisis-from")) } th scope="col" { (t!(words, "crisis-until")) }
                    } }
                    tbody { @for message in &published { tr {
                        th scope="row" data-label=(t!(words, "crisis-version-head")) { (message.version) }
                        td data-label=(t!(words, "crisis-field-title")) {
                            details { summary { (message.title) } (banner::paragraphs(&message.public_text)) }
                        }
                        td data-label=(t!(words, "crisis-writer")) { (whole.name(message.written_by)) }
                        td data-label=(t!(words, "crisis-approver")) {
                            (whole.name(message.approved_by))
                            @if message.alone { " " span .badge .warn { (t!(words, "crisis-alone-short")) } }
                        }
                        td data-label=(t!(words, "crisis-from")) { (message.approved_at.map(|at| words.day_and_time(at)).unwrap_or_default()) }
                        td data-label=(t!(words, "crisis-until")) {
                            @match message.ended_at {
                                Some(at) => (words.day_and_time(at)),
                                None => span .badge .bad { (t!(words, "crisis-message-live")) },
                            }
                        }
                    } } }
                } }
            }
        }
    }
}

fn period(visit: &Visit, crisis: &Crisis) -> Markup {
    let words = visit.words;
    let local = |at: Timestamp| at.to_zoned(time_zone()).strftime("%Y-%m-%dT%H:%M").to_string();
    html! {
        details .card {
            summary { (t!(words, "crisis-period")) }
            p .hint { (t!(words, "crisis-period-hint")) }
            form method="post" action=(format!("/crisis/{}/period", crisis.id.into_untyped_uuid())) {
                (forms::token(visit))
                (Field::line("period", "name", t!(words, "crisis-name"), &crisis.title).room(TITLE_CHARS_MAX).show(words, &Faults::none()))
                div .row {
                    div .field {
                        label for="period-begins" { (t!(words, "crisis-from")) }
                        input #period-begins type="datetime-local" name="begins" value=(local(crisis.begins_at)) required;
                    }
                    @if let Some(end) = crisis.ends_at {
                        div .field {
                            label for="period-ends" { (t!(words, "crisis-until")) }
                            input #period-ends type="datetime-local" name="ends" value=(local(end)) required;
                        }
                    }
                }
                button type="submit" { (t!(words, "save")) }
            }
        }
    }
}
