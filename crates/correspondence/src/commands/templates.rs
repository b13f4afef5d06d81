//! Texts to answer with.

use crate::model::{ANSWER_CHARS_MAX, ReplyTemplate, TEMPLATES_MAX};
use crate::{CorrespondenceError, placeholders, queries};
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Context, GenericUuid as _, Language, ReplyTemplateId};

/// A template as it shall be.
#[derive(Clone, Debug)]
pub struct PutTemplate {
    /// Which; none makes a new one.
    pub id: Option<ReplyTemplateId>,
    /// What guides choose it by.
    pub name: String,
    /// The language it is written in.
    pub language: Language,
    /// The text, with placeholders.
    pub text: String,
    /// Whether it can be chosen.
    pub active: bool,
}

/// Makes a template or changes it.
///
/// # Errors
/// A text is not acceptable, something between braces is no placeholder, there is no such template, or there are too
/// many.
pub fn put_template(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutTemplate,
) -> Result<ReplyTemplate, CorrespondenceError> {
    let name = text::line("name", &cmd.name, text::NAME_CHARS_MAX)?;
    let body = text::paragraphs("text", &cmd.text, ANSWER_CHARS_MAX)?;
    if let Some(word) = placeholders::unknown_one(&body) {
        return Err(CorrespondenceError::Placeholder(word));
    }
    let all = queries::templates(s)?;
    if cmd.id.is_none() && all.len() >= TEMPLATES_MAX {
        return Err(CorrespondenceError::TooMany { what: "templates", max: TEMPLATES_MAX });
    }
    if let Some(id) = cmd.id
        && queries::template(s, id)?.is_none()
    {
        return Err(CorrespondenceError::NotFound { what: "template" });
    }
    let template = ReplyTemplate {
        id: cmd.id.unwrap_or_else(|| ctx.next_id()),
        name,
        language: cmd.language,
        text: body,
        active: cmd.active,
        changed_at: ctx.now,
    };
    queries::upsert_template(s, &template)?;
    let kind = if cmd.id.is_none() { "template_created" } else { "template_changed" };
    let subject = Subject { kind: "reply_template", id: template.id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(template)
}
