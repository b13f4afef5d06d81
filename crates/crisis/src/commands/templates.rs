//! Changing the templates.

use super::{SUBJECT, doer, record};
use crate::limits::{NAME_CHARS_MAX, SPOKEN_CHARS_MAX, TEMPLATES_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::{CrisisError, Template, queries};
use people::text;
use storage::Session;
use vocabulary::{Context, CrisisId, GenericUuid as _};

/// Writes a template, new or in place of the one with its code.
///
/// # Errors
/// A text is refused; there are too many.
pub fn put_template(s: &mut Session<'_>, ctx: &Context, template: &Template) -> Result<(), CrisisError> {
    let some =
        |field, given: &str, max| text::optional_paragraphs(field, given, max).map(Option::unwrap_or_default);
    let template = Template {
        code: text::code("code", &template.code, text::CODE_CHARS_MAX)?,
        kind: template.kind,
        name: text::line("name", &template.name, NAME_CHARS_MAX)?,
        title: text::line("title", &template.title, TITLE_CHARS_MAX)?,
        public_text: text::paragraphs("public_text", &template.public_text, TEXT_CHARS_MAX)?,
        guide_text: some("guide_text", &template.guide_text, TEXT_CHARS_MAX)?,
        spoken_text: some("spoken_text", &template.spoken_text, SPOKEN_CHARS_MAX)?,
        active: template.active,
    };
    let all = queries::templates(s)?;
    if all.contains(&template) {
        return Ok(());
    }
    if all.len() >= TEMPLATES_MAX && !all.iter().any(|one| one.code == template.code) {
        return Err(CrisisError::TooMany { what: "templates", max: TEMPLATES_MAX });
    }
    queries::put_template(s, &template, ctx.now, doer(ctx))?;
    changed(s, ctx, template.code)
}

/// Takes the town's own wording away: a template that came with the program is as it came, another is gone.
///
/// # Errors
/// The database.
pub fn reset_template(s: &mut Session<'_>, ctx: &Context, code: &str) -> Result<(), CrisisError> {
    if queries::delete_template(s, code)? == 0 {
        return Ok(());
    }
    changed(s, ctx, code.to_owned())
}

fn changed(s: &mut Session<'_>, ctx: &Context, code: String) -> Result<(), CrisisError> {
    // A template belongs to no crisis.
    let nobody = CrisisId::nil().into_untyped_uuid();
    Ok(record(s, ctx, ("crisis_template_changed", SUBJECT), nobody, None, Some(code))?)
}
