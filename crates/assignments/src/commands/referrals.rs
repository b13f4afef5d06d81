//! What others own.

use crate::basis::writer;
use crate::error::AssignmentsError;
use crate::limits::{KEYWORDS_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, URL_CHARS_MAX};
use crate::model::Referral;
use crate::queries;
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Context, GenericUuid as _, ReferralId};

/// A referral as it is to be.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of Referral")]
pub struct PutReferral {
    pub code: String,
    pub owner: String,
    pub text: String,
    pub keywords: String,
    pub telephone: String,
    pub url: String,
    pub active: bool,
}

/// Writes down where to turn with what somebody else owns. The same again changes nothing.
///
/// # Errors
/// A text is not acceptable.
pub fn put_referral(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutReferral,
) -> Result<ReferralId, AssignmentsError> {
    let code = text::code("code", &cmd.code, text::CODE_CHARS_MAX)?;
    let there = queries::referral_by_code(s, &code)?;
    let line =
        |field, typed: &str, max| text::optional_line(field, typed, max).map(Option::unwrap_or_default);
    let referral = Referral {
        id: there.as_ref().map_or_else(|| ctx.next_id(), |there| there.id),
        code,
        owner: text::line("owner", &cmd.owner, TITLE_CHARS_MAX)?,
        text: text::paragraphs("text", &cmd.text, TEXT_CHARS_MAX)?,
        keywords: line("keywords", &cmd.keywords, KEYWORDS_CHARS_MAX)?,
        // Short numbers such as 1177 and 114 14 have no international form, so it is kept as it is written.
        telephone: line("telephone", &cmd.telephone, text::TELEPHONE_CHARS_MAX)?,
        url: web_address(&line("url", &cmd.url, URL_CHARS_MAX)?)?,
        active: cmd.active,
        changed_at: ctx.now,
    };
    let same = |there: &Referral| Referral { changed_at: there.changed_at, ..referral.clone() } == *there;
    if there.as_ref().is_some_and(same) {
        return Ok(referral.id);
    }
    queries::put_referral(s, &referral, writer(ctx))?;
    let subject = Subject { kind: "referral", id: referral.id.into_untyped_uuid() };
    let detail = Some(referral.code);
    timeline::append(s, ctx, Entry { kind: "referral_put", subject, related: None, detail })?;
    Ok(referral.id)
}

/// An address on the web, or nothing.
pub(super) fn web_address(url: &str) -> Result<String, AssignmentsError> {
    let sound = ["https://", "http://"]
        .into_iter()
        .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| rest.contains('.')))
        && !url.contains(char::is_whitespace);
    if sound || url.is_empty() { Ok(url.to_owned()) } else { Err(AssignmentsError::Url) }
}
