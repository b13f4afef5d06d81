//! What comes in over the API, with failures as problem documents that name the field.

use super::problem::Problem;
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::JsonRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use vocabulary::GenericUuid;

/// A JSON body. What cannot be read is a 400, what is JSON but not what is expected a 422, another type a 415.
pub struct Body<T>(pub T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::JsonDataError(error)) => {
                let mut problem =
                    Problem::of(error.status(), Some("the document is not what is expected".into()));
                let (field, message) = named_field(&error.body_text());
                problem.errors.push(super::problem::FieldProblem { field, message });
                Err(problem)
            }
            Err(error) => Err(Problem::of(error.status(), Some(error.body_text()))),
        }
    }
}

/// The field and the fault in serde's words: "…: resident.telephone: invalid type: …".
fn named_field(text: &str) -> (String, String) {
    let told = text.split_once("target type: ").map_or(text, |(_, told)| told);
    match told.split_once(": ") {
        Some((field, message)) if !field.contains(' ') => (field.to_owned(), message.to_owned()),
        _ => {
            let quoted = told.split('`').nth(1).unwrap_or("");
            (quoted.to_owned(), told.to_owned())
        }
    }
}

/// The query, with failures as problems.
pub struct Queried<T>(pub T);

impl<T, S> FromRequestParts<S> for Queried<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(error) => Err(Problem::bad_request(error.body_text())),
        }
    }
}

/// An id from a path. What is no id is no such thing.
///
/// # Errors
/// A 404 that names what was looked for.
pub fn id<T: GenericUuid>(text: &str, what: &str) -> Result<T, Problem> {
    text.parse::<uuid::Uuid>().map(T::from_untyped_uuid).map_err(|_| Problem::not_found(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_found_in_serdes_words() {
        let path = "Failed to deserialize the JSON body into the target type: officer_id: UUID parsing failed at line 1";
        assert_eq!(named_field(path).0, "officer_id");
        let unknown =
            "Failed to deserialize the JSON body into the target type: unknown field `nmae`, expected one of";
        assert_eq!(named_field(unknown).0, "nmae");
        let missing =
            "Failed to deserialize the JSON body into the target type: missing field `title` at line 1";
        assert_eq!(named_field(missing).0, "title");
    }
}
