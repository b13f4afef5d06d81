//! Calendars out: one's own addresses, and what is fetched at them.

use crate::{AppState, error::PageError, t, visit::Visit, words::Words};
use ahead::feed::{self, Names};
use ahead::{AheadError, commands, ical, queries};
use axum::{
    Form,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use vocabulary::{CalendarFeedId, DepartmentId, GenericUuid as _, SignedDuration};

/// What a feed is to hold.
#[derive(Debug, Deserialize)]
pub(super) struct FeedForm {
    #[serde(default)]
    department: String,
}

/// `POST /ahead/feeds`
///
/// # Errors
/// Too many; the database.
pub(super) async fn make(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<FeedForm>,
) -> Result<Redirect, PageError> {
    let department = asked.department.parse().ok().map(DepartmentId::from_untyped_uuid);
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::make_feed(s, &ctx, department)).await?;
    Ok(Redirect::to("/ahead/calendars"))
}

/// `POST /ahead/feeds/{id}/revoke`
///
/// # Errors
/// The database.
pub(super) async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::revoke_feed(s, &ctx, CalendarFeedId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to("/ahead/calendars"))
}

/// A feed's whole address.
pub(super) fn address(state: &AppState, id: CalendarFeedId) -> String {
    format!("{}/calendar/{}/lots.ics", state.config.base_url, feed::token(state.access.key(), id))
}

/// How often it is written down that a program has fetched a feed.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// `GET /calendar/{token}/lots.ics`: for calendar programs, which sign in by the address alone.
///
/// # Errors
/// The address is nobody's, or was taken back; the database.
pub(super) async fn fetch(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let id = feed::verified(state.access.key(), &token).ok_or(PageError::UnknownLink)?;
    let (now, town, base_url) = (state.clock.now(), visit.config.town.clone(), state.config.base_url.clone());
    let (file, touch) = state
        .db
        .read(move |s| -> Result<_, AheadError> {
            let (held, user, leads) = feed::holding(s, id)?;
            let words = Words::of(user.language);
            let department = match held.department {
                Some(id) => people::directory::queries::department(s, id)?,
                None => None,
            };
            let names = Names {
                calendar: department.map_or_else(
                    || t!(words, "ahead-calendar-name", town = town.clone()),
                    |department| department.name,
                ),
                kind: &|kind| words.word("ahead-kind", kind.as_str()),
                meeting: &|department| t!(words, "ahead-meeting-with", department = department),
                until_further_notice: t!(words, "ahead-until-further-notice"),
            };
            let calendar = feed::calendar(s, held.department, leads, &base_url, &names, now)?;
            let touch = held.read_at.is_none_or(|read| now.duration_since(read) > TOUCH_EVERY);
            Ok((ical::write(&calendar), touch))
        })
        .await
        .map_err(|error| match error {
            AheadError::NotFound { .. } => PageError::GoneLink,
            other => other.into(),
        })?;
    if touch {
        state.db.write(move |s| queries::touch_feed(s, id, now)).await?;
    }
    let head = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"lots.ics\""),
    ];
    Ok((head, file).into_response())
}
