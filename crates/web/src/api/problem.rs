//! Failures of the API as problem documents (RFC 9457), with the fields that were wrong.

use crate::error::PageError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// One field that was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// The field, as a path into the document: `resident.telephone`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A failure, in the form of RFC 9457. `type` is `about:blank`: the status says which problem it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The status in words.
    pub title: String,
    /// What was wrong with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that were wrong, if fields were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    /// A problem of `status`.
    #[must_use]
    pub fn of(status: StatusCode, detail: Option<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        Self { status: status.as_u16(), title, detail, errors: Vec::new() }
    }

    /// Nothing with that id.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::of(StatusCode::NOT_FOUND, Some(format!("there is no such {what}")))
    }

    /// What was asked does not fit with how things stand.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT, Some(detail.into()))
    }

    /// One field was read, and is not acceptable.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        let mut problem =
            Self::of(StatusCode::UNPROCESSABLE_ENTITY, Some("a field is not acceptable".into()));
        problem.errors.push(FieldProblem { field: field.to_owned(), message: message.into() });
        problem
    }

    /// Something in the address or the headers cannot be read.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, Some(detail.into()))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// Whatever a page can fail with, the API can too.
impl<E: Into<PageError>> From<E> for Problem {
    fn from(error: E) -> Self {
        let error = error.into();
        let (status, _) = error.parts();
        let detail = match &error {
            PageError::Internal(what) => {
                tracing::error!(error = %what, "an API request failed");
                None
            }
            PageError::Invalid(what) | PageError::Conflict(what) => Some(what.clone()),
            _ => None,
        };
        Self::of(status, detail)
    }
}
