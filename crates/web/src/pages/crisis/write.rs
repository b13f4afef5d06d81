//! Writing what is to be said: from a template, from what rises, or from nothing.

use super::{banner, show, sound};
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Form, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use crisis::commands::{self, Draft, Opening};
use crisis::limits::{SPOKEN_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crisis::{CrisisError, CrisisKind, Message, Proposal, Template, queries};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::{CrisisId, CrisisMessageId, GenericUuid as _, SpikeProposalId};

/// What the page begins with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Beginning {
    #[serde(default)]
    template: String,
    #[serde(default)]
    proposal: String,
}

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    pub(super) message: String,
    kind: String,
    name: String,
    proposal: String,
    title: String,
    public_text: String,
    guide_text: String,
    spoken_text: String,
    voice: String,
}

impl Written {
    fn of_template(template: &Template) -> Self {
        Self {
            kind: template.kind.to_string(),
            name: template.name.clone(),
            title: template.title.clone(),
            public_text: template.public_text.trim().to_owned(),
            guide_text: template.guide_text.trim().to_owned(),
            spoken_text: template.spoken_text.trim().to_owned(),
            voice: "yes".to_owned(),
            ..Self::default()
        }
    }

    /// What is to be changed: a draft, or what is said now as the beginning of the next version.
    pub(super) fn of_message(message: &Message, is_draft: bool) -> Self {
        Self {
            message: if is_draft { message.id.into_untyped_uuid().to_string() } else { String::new() },
            title: message.title.clone(),
            public_text: message.public_text.clone(),
            guide_text: message.guide_text.clone(),
            spoken_text: message.spoken_text.clone(),
            voice: "yes".to_owned(),
            ..Self::default()
        }
    }

    fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone(),
            public_text: self.public_text.clone(),
            guide_text: self.guide_text.clone(),
            spoken_text: self.spoken_text.clone(),
        }
    }
}

fn id<T>(text: &str, make: fn(uuid::Uuid) -> T) -> Option<T> {
    text.trim().parse().ok().map(make)
}

/// What rises, in words for residents: what it is about and where, never how many.
fn of_proposal(visit: &Visit, proposal: &Proposal) -> Written {
    let words = visit.words;
    let named = |sort: &str| {
        let streams = proposal.streams.iter().filter(|one| one.sort() == sort && one.over_at.is_none());
        streams
            .map(|one| banner::called(words, one))
            .filter(|name| !name.is_empty())
            .take(3)
            .collect::<Vec<_>>()
    };
    let (topics, places) = (named("topic"), named("place"));
    let about = match topics.is_empty() {
        true => t!(words, "spike-about-unknown"),
        false => topics.join(", "),
    };
    // A square without a street's name is told by its coordinates, which nobody wants to hear.
    let places: Vec<String> =
        places.into_iter().filter(|place| !place.starts_with(|c: char| c.is_ascii_digit())).collect();
    let place = if places.is_empty() { t!(words, "spike-somewhere") } else { places.join(", ") };
    let since = proposal.streams.iter().map(|one| one.since).min().unwrap_or(proposal.began_at);
    let since = words.when(since, visit.now);
    Written {
        kind: CrisisKind::Other.to_string(),
        name: about.clone(),
        proposal: proposal.id.into_untyped_uuid().to_string(),
        title: t!(words, "spike-draft-title", about = about.clone()),
        public_text: t!(words, "spike-draft-public", about = about.clone(), place = place.clone()),
        guide_text: t!(words, "spike-draft-guide", about = about.clone(), place = place, since = since),
        spoken_text: t!(words, "spike-draft-spoken", about = about),
        voice: "yes".to_owned(),
        ..Written::default()
    }
}

/// `GET /crisis/new`
///
/// # Errors
/// The database.
pub(super) async fn blank(
    State(state): State<AppState>,
    visit: Visit,
    Query(from): Query<Beginning>,
) -> Result<Markup, PageError> {
    let proposal_id = id(&from.proposal, SpikeProposalId::from_untyped_uuid);
    let (templates, proposal) = state
        .db
        .read(move |s| -> Result<_, CrisisError> {
            let proposal = match proposal_id {
                Some(id) => queries::proposal(s, id)?,
                None => None,
            };
            Ok((queries::templates(s)?, proposal))
        })
        .await?;
    let template = templates.iter().find(|template| template.code == from.template);
    let written = match (template, &proposal) {
        (Some(template), proposal) => Written {
            proposal: proposal.as_ref().map(|p| p.id.into_untyped_uuid().to_string()).unwrap_or_default(),
            ..Written::of_template(template)
        },
        (None, Some(proposal)) => of_proposal(&visit, proposal),
        (None, None) => Written { voice: "yes".to_owned(), ..Written::default() },
    };
    Ok(new_page(&visit, &templates, proposal.as_ref(), &written, &Faults::none()))
}

fn new_page(
    visit: &Visit,
    templates: &[Template],
    proposal: Option<&Proposal>,
    written: &Written,
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    let offered = templates.iter().filter(|template| template.active);
    let of_proposal =
        if written.proposal.is_empty() { String::new() } else { format!("&proposal={}", written.proposal) };
    let content = html! {
        p { a href="/crisis" { (t!(words, "crisis-back")) } }
        @if let Some(proposal) = proposal {
            section .notice .warn aria-label=(t!(words, "spike-label")) { (banner::rising(visit, proposal)) }
        }
        section .card aria-labelledby="templates-heading" {
            h2 #templates-heading { (t!(words, "crisis-from-template")) }
            ul .actions .plain-list { @for template in offered {
                li { a .button href=(format!("/crisis/new?template={}{of_proposal}", template.code)) { (template.name) } }
            } }
        }
        form .card method="post" action="/crisis" {
            (forms::token(visit))
            input type="hidden" name="proposal" value=(written.proposal);
            @if !faults.is_empty() { (forms::refused(&t!(words, "crisis-form-faults"))) }
            (Field::line("crisis", "name", t!(words, "crisis-name"), &written.name).room(TITLE_CHARS_MAX)
                .hint(t!(words, "crisis-name-hint")).show(words, faults))
            (kind(words, &written.kind, faults))
            (fields(words, written, faults))
            p { button type="submit" .primary { (t!(words, "crisis-save-draft")) } }
            p .hint { (t!(words, "crisis-draft-hint")) }
        }
    };
    Page::narrow(t!(words, "crisis-new")).around(visit, &content)
}

fn kind(words: &Words, chosen: &str, faults: &Faults) -> Markup {
    let choices: Vec<Choice> = CrisisKind::ALL
        .iter()
        .map(|kind| Choice::new(kind, words.word("crisis-kind", kind.as_str())))
        .collect();
    Select {
        name: "kind",
        prefix: "crisis",
        label: t!(words, "crisis-kind"),
        choices: &choices,
        chosen,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    }
    .show(words, faults)
}

/// The fields of a message.
pub(super) fn fields(words: &Words, written: &Written, faults: &Faults) -> Markup {
    let area = |name: &'static str, label, hint, value, room| {
        Field::line("crisis", name, label, value).kind(Kind::Text).room(room).hint(hint)
    };
    html! {
        (Field::line("crisis", "title", t!(words, "crisis-field-title"), &written.title).room(TITLE_CHARS_MAX).show(words, faults))
        (area("public_text", t!(words, "crisis-field-public"), t!(words, "crisis-field-public-hint"), &written.public_text, TEXT_CHARS_MAX)
            .show(words, faults))
        (area("guide_text", t!(words, "crisis-field-guide"), t!(words, "crisis-field-guide-hint"), &written.guide_text, TEXT_CHARS_MAX)
            .optional().show(words, faults))
        (area("spoken_text", t!(words, "crisis-field-spoken"), t!(words, "crisis-field-spoken-hint"), &written.spoken_text, SPOKEN_CHARS_MAX)
            .optional().show(words, faults))
        (forms::tick("crisis", "voice", &t!(words, "crisis-field-voice"), written.voice == "yes"))
    }
}

/// `POST /crisis`: writes down that a crisis has begun, with a first draft of what is said.
///
/// # Errors
/// The database.
pub(super) async fn begin(
    State(state): State<AppState>,
    visit: Visit,
    Form(written): Form<Written>,
) -> Result<Response, PageError> {
    let proposal_id = id(&written.proposal, SpikeProposalId::from_untyped_uuid);
    let Ok(kind) = written.kind.parse::<CrisisKind>() else {
        return refused(&state, &visit, &written, Faults::one("kind", t!(visit.words, "fault-missing")))
            .await;
    };
    let (ctx, draft, name) = (visit.context(&state), written.draft(), written.name.clone());
    let outcome = state
        .db
        .write(move |s| -> Result<_, CrisisError> {
            let proposal = match proposal_id {
                Some(id) => queries::proposal(s, id)?,
                None => None,
            };
            let since = proposal.iter().flat_map(|p| &p.streams).map(|one| one.since).min();
            let opening = Opening { kind, title: name.clone(), begins_at: since.unwrap_or(ctx.now) };
            let crisis = commands::begin(s, &ctx, &opening)?;
            let message = commands::write_draft(s, &ctx, crisis, None, &draft)?;
            if let Some(proposal) = proposal {
                commands::take(s, &ctx, proposal.id, crisis)?;
            }
            Ok((crisis, message))
        })
        .await;
    match outcome {
        Ok((crisis, message)) => voiced(&state, &visit, crisis, message, &written).await,
        Err(CrisisError::Text(error)) => {
            // The crisis' own name and the message's headline are both checked as titles; the name first.
            let field =
                if error.field == "title" && written.name.trim().is_empty() { "name" } else { error.field };
            let faults = Faults::one(field, text_fault(visit.words, error.fault));
            refused(&state, &visit, &written, faults).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn refused(
    state: &AppState,
    visit: &Visit,
    written: &Written,
    faults: Faults,
) -> Result<Response, PageError> {
    let templates = state.db.read(queries::templates).await?;
    let page = new_page(visit, &templates, None, written, &faults);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /crisis/{id}/draft`: a new version, or a draft changed.
///
/// # Errors
/// The crisis is over; the database.
pub(super) async fn draft(
    State(state): State<AppState>,
    visit: Visit,
    Path(crisis): Path<uuid::Uuid>,
    Form(written): Form<Written>,
) -> Result<Response, PageError> {
    let crisis = CrisisId::from_untyped_uuid(crisis);
    let before = id(&written.message, CrisisMessageId::from_untyped_uuid);
    let (ctx, draft) = (visit.context(&state), written.draft());
    let outcome = state.db.write(move |s| commands::write_draft(s, &ctx, crisis, before, &draft)).await;
    match outcome {
        Ok(message) => voiced(&state, &visit, crisis, message, &written).await,
        Err(CrisisError::Text(error)) => {
            let faults = Faults::one(error.field, text_fault(visit.words, error.fault));
            let page = show::page(&state, &visit, crisis, show::Said::Refused(&written, &faults)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Has what callers hear read aloud, if that is wanted; the draft is kept either way.
async fn voiced(
    state: &AppState,
    visit: &Visit,
    crisis: CrisisId,
    message: CrisisMessageId,
    written: &Written,
) -> Result<Response, PageError> {
    if written.voice == "yes"
        && !written.spoken_text.trim().is_empty()
        && let Err(why) = sound::voice(state, visit, message).await?
    {
        let page = show::page(state, visit, crisis, show::Said::Problem(&why)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    Ok(Redirect::to(&format!("/crisis/{}", crisis.into_untyped_uuid())).into_response())
}
