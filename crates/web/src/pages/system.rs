//! For those who look after the machine: is it well, and what does it count.

use crate::{AppState, error::PageError};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

/// `GET /health`: answers `ok` when the database can be read and the floor is open.
///
/// # Errors
/// The database cannot be read.
pub async fn health(State(state): State<AppState>) -> Result<&'static str, PageError> {
    state.db.read(|s| storage::settings::get(s, "health")).await?;
    Ok("ok\n")
}

/// `GET /metrics`, in Prometheus' text form.
pub async fn metrics(State(state): State<AppState>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render())
        .into_response()
}
