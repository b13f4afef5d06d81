//! The ways to an officer's own page.
//!
//! Letters are passed on: to a colleague, to a contractor, to the wrong list. Whoever gets one may answer the question
//! it carries, and must learn nothing of the officer's other cases. So a letter's link to the officer's own page (the
//! desk) shows numbers and days only. What opens the rest (the key) is sent to the officer's own address when somebody
//! at the desk asks for it, and holds for hours: it reaches whoever reads that mailbox, and they have had those letters.

use super::letters::{NewLetter, write_letter};
use super::steps::days_ahead;
use crate::error::{CasesError, LinkError};
use crate::links::read_token;
use crate::model::CaseSettings;
use crate::queries::officer_desk::{self, OfficerLinkRow};
use crate::words;
use people::LinkKind;
use people::directory::Officer;
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{Actor, Context, LinkId, OfficerId, SignedDuration};

/// How long the desk's link holds after the letter it was first made for.
pub const DESK_DAYS: i64 = 120;
/// A desk's link with less left than this is not put into another letter.
const DESK_DAYS_LEFT_MIN: i64 = 60;
/// How long a key opens.
pub const KEY_HOURS: i64 = 8;
/// One key within this time is enough, however often it is asked for: nobody's mailbox is filled from a desk.
pub const KEY_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// The address of an officer's desk, for a letter: the one in use, or a new one when that is about to end.
pub(super) fn for_letter(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    officer: OfficerId,
) -> Result<String, StorageError> {
    let lasting = days_ahead(ctx, DESK_DAYS_LEFT_MIN);
    let newest = officer_desk::newest(s, officer, LinkKind::OfficerDesk.as_str())?
        .filter(|link| link.revoked_at.is_none() && link.expires_at > lasting);
    let id = match newest {
        Some(link) => link.id,
        None => make(s, ctx, officer, LinkKind::OfficerDesk, days_ahead(ctx, DESK_DAYS))?,
    };
    Ok(settings.public_base.address(&settings.signing_key, LinkKind::OfficerDesk, id))
}

fn make(
    s: &mut Session<'_>,
    ctx: &Context,
    officer: OfficerId,
    kind: LinkKind,
    expires_at: vocabulary::Timestamp,
) -> Result<LinkId, StorageError> {
    let row = OfficerLinkRow {
        id: ctx.next_id(),
        officer_id: officer,
        created_at: ctx.now,
        expires_at,
        revoked_at: None,
    };
    officer_desk::insert(s, kind.as_str(), &row)?;
    Ok(row.id)
}

/// The officer whose desk or key `token` is, if it still opens.
pub(crate) fn officer_behind(
    s: &mut Session<'_>,
    key: &people::SigningKey,
    kind: LinkKind,
    token: &str,
    now: vocabulary::Timestamp,
) -> Result<Officer, CasesError> {
    let id = read_token(key, kind, token)?;
    let link = officer_desk::link(s, id, kind.as_str())?.ok_or(LinkError::Revoked)?;
    if link.revoked_at.is_some() {
        return Err(LinkError::Revoked.into());
    }
    if link.expires_at <= now {
        return Err(LinkError::Expired.into());
    }
    let officer = people::directory::queries::officer(s, link.officer_id)?;
    // Who no longer works there has nothing waiting, and no business with what others have.
    officer.filter(|officer| officer.active).ok_or_else(|| LinkError::Revoked.into())
}

/// Sends the key to an officer's own page to the officer's own address, by the desk's `token`. Asked for again within
/// [`KEY_AGAIN_AFTER`] nothing more is sent. Tells nobody at the desk what the address is.
///
/// # Errors
/// [`CasesError::Link`] if the desk's link does not hold.
pub fn ask_for_key(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
) -> Result<(), CasesError> {
    let officer = officer_behind(s, &settings.signing_key, LinkKind::OfficerDesk, token, ctx.now)?;
    let newest = officer_desk::newest(s, officer.id, LinkKind::OfficerKey.as_str())?;
    if newest.is_some_and(|key| ctx.now.duration_since(key.created_at) < KEY_AGAIN_AFTER) {
        return Ok(());
    }
    let ctx = Context::new(ctx.now, Actor::Officer(officer.id), ctx.chance.clone());
    let expires_at = ctx.now.saturating_add(SignedDuration::from_hours(KEY_HOURS)).unwrap_or(ctx.now);
    let id = make(s, &ctx, officer.id, LinkKind::OfficerKey, expires_at)?;
    let address = settings.public_base.address(&settings.signing_key, LinkKind::OfficerKey, id);
    let letter =
        words::key_letter(officer.language, &officer.name, &address, KEY_HOURS, &settings.municipality);
    write_letter(
        s,
        &ctx,
        &NewLetter {
            recipient: officer.email,
            subject: letter.subject,
            body: letter.body,
            auto: true,
            ..NewLetter::default()
        },
    )?;
    let subject = Subject { kind: "officer", id: officer.id.into_untyped_uuid() };
    let related = Some(id.into_untyped_uuid());
    timeline::append(s, &ctx, Entry { kind: "officer_key_sent", subject, related, detail: None })?;
    Ok(())
}
