//! Open311 (GeoReport v2) under `/open311/v2`, in XML and JSON: services, requests, tokens, discovery, and the updates of
//! FixMyStreet's extension. Reading is open to anybody and holds no personal data; reporting takes a key, as the argument
//! `api_key` or in the `Authorization` header.

mod read;
mod tree;
mod write;

pub use read::{discovery, request, requests, service, services, token, updates};
pub use write::{add_update, report};

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cases::CasesError;
use std::borrow::Cow;
use tree::{Node, list, map};

/// How an answer is written, by the ending of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.xml`
    Xml,
    /// `.json`
    Json,
}

impl Format {
    /// What a path asks for; XML, which every reader knows, if it does not say.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path.ends_with(".json") { Self::Json } else { Self::Xml }
    }

    /// What stands before the ending, if there is one of ours.
    fn stem(file: &str) -> Option<&str> {
        file.strip_suffix(".json").or_else(|| file.strip_suffix(".xml")).filter(|stem| !stem.is_empty())
    }
}

/// Why something was not done, in the standard's words: a code that is an HTTP status, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: StatusCode,
    description: Cow<'static, str>,
}

impl Fault {
    /// What was sent is not acceptable.
    pub(crate) fn bad(description: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, description: description.into() }
    }

    /// There is nothing by that name.
    pub(crate) fn missing(description: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::NOT_FOUND, description: description.into() }
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self, format: Format) -> Response {
        let error = map(vec![
            ("code", Node::Number(f64::from(self.status.as_u16()))),
            ("description", Node::text(self.description.as_ref())),
        ]);
        tree::answer(format, self.status, "errors", &list("error", vec![error]))
    }
}

/// A failure that has no answer of its own yet: of the guard, or of the framework.
#[must_use]
pub fn failure(status: StatusCode, path: &str) -> Response {
    let description = match status {
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "api_key is missing or not valid",
        StatusCode::NOT_FOUND => "there is nothing at this address",
        StatusCode::METHOD_NOT_ALLOWED => "this cannot be done at this address",
        StatusCode::PAYLOAD_TOO_LARGE => "the request is too large",
        status if status.is_server_error() => "the service could not answer; try again later",
        _ => "the request cannot be read",
    };
    // The standard knows one code for whoever is not let in.
    let status = if status == StatusCode::UNAUTHORIZED { StatusCode::FORBIDDEN } else { status };
    Fault { status, description: description.into() }.answer(Format::of(path)).into_response()
}

impl From<CasesError> for Fault {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Text(text) => Self::bad(text.to_string()),
            CasesError::NotFound { what: "service" } => Self::missing("service_code was not found"),
            CasesError::NotFound { what: "request" } => Self::missing("service_request_id was not found"),
            CasesError::NotFound { .. } => Self::missing("not found"),
            CasesError::Storage(error) => error.into(),
            other => Self::bad(other.to_string()),
        }
    }
}

impl From<storage::StorageError> for Fault {
    fn from(error: storage::StorageError) -> Self {
        tracing::error!(%error, "an Open311 request failed");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            description: "the service could not answer; try again later".into(),
        }
    }
}

/// Sees to it that a jurisdiction, if one is named, is ours.
fn our_jurisdiction(state: &crate::AppState, asked: Option<&str>) -> Result<(), Fault> {
    match asked {
        None | Some("") => Ok(()),
        Some(named) if named == state.config.programs.jurisdiction_id => Ok(()),
        Some(_) => Err(Fault::missing("jurisdiction_id was not found")),
    }
}
