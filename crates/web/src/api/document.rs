//! The API's own description.

use axum::{Json, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The description, put together from the handlers' own.
#[derive(OpenApi)]
#[openapi(
    info(title = "Lots", version = "1", description = "Contacts, cases, the board and guides' states of a contact \
        centre. Keys are made by an administrator and are limited to what a role may. Failures are problem documents \
        (RFC 9457); lists are paged by a cursor."),
    paths(
        super::contacts::list, super::contacts::get, super::contacts::create,
        super::cases::list, super::cases::get, super::cases::register, super::cases::forward, super::cases::add_note,
        super::board::get,
        super::errands::list, super::errands::get, super::errands::create, super::errands::change,
        super::errands::remove,
        super::errands::parts::notes, super::errands::parts::add_note,
        super::errands::parts::attachments, super::errands::parts::add_attachment, super::errands::parts::attachment,
        super::errands::parts::parameters, super::errands::parts::set_parameters, super::errands::parts::events,
        super::errands::parts::links, super::errands::parts::add_link, super::errands::parts::communication,
        super::guides::list, super::guides::get, super::guides::set,
    ),
    modifiers(&Keys)
)]
pub struct Document;

/// How keys are sent.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// `GET /api/openapi.json`
pub async fn show() -> impl IntoResponse {
    Json(Document::openapi())
}
