//! Sending a draft to its department.

use super::{act, load};
use crate::course::Act;
use crate::error::AssignmentsError;
use crate::jobs;
use crate::limits::{LINK_DAYS, REMINDER_DAYS};
use crate::model::{Agreed, ApprovalLink, Version, VersionState};
use crate::queries;
use crate::words::DepartmentLetter;
use cases::CaseSettings;
use cases::commands::{NewLetter, write_letter};
use people::LinkKind;
use storage::Session;
use storage::jobs::NewJob;
use vocabulary::{AssignmentId, Context, Language, LinkId, SignedDuration, Timestamp, local_day};

/// A draft to be sent.
#[derive(Clone, Debug)]
pub struct Send {
    /// Of which assignment.
    pub assignment: AssignmentId,
    /// Which version.
    pub version: u32,
    /// To which of its contact persons, by address; none is the first.
    pub recipient: Option<String>,
}

/// Sends a draft to the department's contact person, with a link by which it is approved or not. What lies there
/// unanswered is withdrawn. From now on its words stand.
///
/// # Errors
/// [`AssignmentsError::Incomplete`] with what is missing; it is no draft; the recipient is no contact person.
pub fn send(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &Send,
) -> Result<(), AssignmentsError> {
    let loaded = load(s, cmd.assignment)?;
    let version = loaded.version(cmd.version)?;
    let missing = version.basis.missing();
    if version.state == VersionState::Draft && !missing.is_empty() {
        return Err(AssignmentsError::Incomplete(missing));
    }
    let wanted = cmd.recipient.as_deref();
    let person = version
        .basis
        .contacts
        .iter()
        .find(|person| wanted.is_none_or(|wanted| person.email.eq_ignore_ascii_case(wanted)))
        .cloned()
        .ok_or(AssignmentsError::NotAContactPerson)?;
    if act(s, ctx, &loaded, Act::Send(cmd.version))?.is_empty() {
        return Ok(());
    }
    let agreed = agreed(s, settings, version)?;
    queries::set_sent(s, version.id, &agreed, ctx.now)?;
    let days = |days: i64| ctx.now.checked_add(SignedDuration::from_hours(24 * days));
    let link = ApprovalLink {
        id: ctx.next_id(),
        version: version.id,
        recipient: person.email,
        recipient_name: person.name,
        created_at: ctx.now,
        expires_at: days(LINK_DAYS).unwrap_or(Timestamp::MAX),
        used_at: None,
        revoked_at: None,
    };
    queries::insert_link(s, &link)?;
    write(s, ctx, settings, version, &link, false)?;
    storage::jobs::enqueue(
        s,
        ctx,
        NewJob {
            kind: jobs::APPROVAL_REMINDER,
            payload: serde_json::json!({ "link": link.id }),
            run_at: days(REMINDER_DAYS).unwrap_or(Timestamp::MAX),
            dedupe_key: Some(format!("{}:{}", jobs::APPROVAL_REMINDER, link.id)),
        },
    )?;
    Ok(())
}

/// The terms of a version's case types as they stand now.
///
/// # Errors
/// A case type is not there, or the database.
pub fn agreed(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    version: &Version,
) -> Result<Vec<Agreed>, AssignmentsError> {
    let mut all = Vec::new();
    for id in &version.basis.case_types {
        let terms = cases::queries::assignment(s, *id, settings.terms)?;
        let recipient = match terms.case_type.officer_id {
            Some(officer) => people::directory::queries::officer(s, officer)?.map(|officer| officer.name),
            None => None,
        };
        let [due_working_days, ..] = terms.terms.days();
        all.push(Agreed { case_type: *id, name: terms.case_type.name, due_working_days, recipient });
    }
    Ok(all)
}

/// Writes the letter with the link.
fn write(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    version: &Version,
    link: &ApprovalLink,
    again: bool,
) -> Result<(), AssignmentsError> {
    let letter = DepartmentLetter {
        language: language_of(s, &link.recipient)?,
        name: &link.recipient_name,
        title: &version.basis.title,
        version: version.number,
        municipality: &settings.municipality,
    };
    let address = settings.public_base.address(&settings.signing_key, LinkKind::Approval, link.id);
    let letter = letter.approval(&address, local_day(link.expires_at), again);
    write_letter(
        s,
        ctx,
        &NewLetter {
            recipient: link.recipient.clone(),
            subject: letter.subject,
            body: letter.body,
            auto: true,
            ..NewLetter::default()
        },
    )?;
    Ok(())
}

/// The language somebody in a department reads, if they are known as an officer; Swedish otherwise.
pub(crate) fn language_of(s: &mut Session<'_>, email: &str) -> Result<Language, AssignmentsError> {
    let officer = people::directory::queries::officer_by_email(s, email)?;
    Ok(officer.map_or(Language::Swedish, |officer| officer.language))
}

/// Reminds the department of what it has not answered, if it still holds.
pub(crate) fn remind(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    id: LinkId,
) -> Result<(), AssignmentsError> {
    let Some(link) = queries::link(s, id)? else { return Ok(()) };
    let Some(version) = queries::version(s, link.version)? else { return Ok(()) };
    let open = link.used_at.is_none() && link.revoked_at.is_none() && link.expires_at > ctx.now;
    let (word, detail) = ("assignment_reminded", version.number.to_string());
    if open && version.state == VersionState::Sent && !jobs::told(s, version.assignment, word, &detail)? {
        write(s, ctx, settings, &version, &link, true)?;
        super::record(s, ctx, word, &version, Some(detail))?;
    }
    Ok(())
}
