//! Publishing definitions.

use crate::definition::{self, Fault, FaultKind};
use crate::error::ProcessesError;
use crate::model::Version;
use crate::queries;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::{Actor, Context};

/// A definition to be published.
#[derive(Clone, Debug)]
pub struct Publish {
    /// TOML.
    pub source: String,
    /// The process it is a version of, and the version that was edited; none is a new process.
    pub of: Option<(String, u32)>,
}

/// Publishes a definition as the next version of its process: cases registered from now on begin it. The same text
/// again gives the version there is.
///
/// # Errors
/// [`ProcessesError::Faults`], or [`ProcessesError::Overtaken`] if somebody else published meanwhile.
pub fn publish(s: &mut Session<'_>, ctx: &Context, cmd: &Publish) -> Result<Version, ProcessesError> {
    let source = cmd.source.replace("\r\n", "\n");
    let known = queries::known(s)?;
    let definition = definition::read(&source, Some(&known)).map_err(ProcessesError::Faults)?;
    let line = |key: &str| 1 + source.lines().take_while(|line| !line.trim_start().starts_with(key)).count();
    let refused = |key: &str, kind| Err(ProcessesError::Faults(vec![Fault { line: line(key), kind }]));
    if let Some((code, _)) = cmd.of.as_ref().filter(|(code, _)| *code != definition.code) {
        return refused("code", FaultKind::OtherCode { wanted: code.clone() });
    }
    let newest = queries::versions(s, &definition.code)?.into_iter().next();
    if let Some(newest) = &newest {
        if newest.source == source {
            return Ok(newest.clone());
        }
        match cmd.of {
            None => {
                return refused("code", FaultKind::Twice { what: "process", key: definition.code, first: 0 });
            }
            Some((_, edited)) if edited != newest.version => {
                return Err(ProcessesError::Overtaken { version: newest.version });
            }
            Some(_) => {}
        }
    }
    let case_type = cases::queries::case_type_by_code(s, &definition.case_type)?
        .ok_or(ProcessesError::NotFound { what: "case type" })?;
    let holder = queries::in_force(s)?
        .into_iter()
        .find(|other| other.version.case_type_id == case_type.id && other.version.code != definition.code);
    if let Some(holder) = holder {
        return refused("case_type", FaultKind::TypeTaken { process: holder.version.code });
    }
    let version = Version {
        id: ctx.next_id(),
        code: definition.code,
        version: newest.map_or(1, |newest| newest.version + 1),
        case_type_id: case_type.id,
        name: definition.name,
        source,
        published_at: ctx.now,
        published_by: match ctx.actor {
            Actor::User(id) => Some(id),
            _ => None,
        },
    };
    queries::insert_version(s, &version)?;
    queries::put_in_force(s, &version)?;
    let subject = Subject { kind: "process_version", id: version.id.into_untyped_uuid() };
    let detail = Some(format!("{} {}", version.code, version.version));
    timeline::append(s, ctx, Entry { kind: "process_published", subject, related: None, detail })?;
    Ok(version)
}

/// Lets new cases begin a process, or not any more. Cases under way go on.
///
/// # Errors
/// There is no such process.
pub fn set_active(
    s: &mut Session<'_>,
    ctx: &Context,
    code: &str,
    active: bool,
) -> Result<(), ProcessesError> {
    let newest = queries::versions(s, code)?.into_iter().next();
    let newest = newest.ok_or(ProcessesError::NotFound { what: "process" })?;
    if queries::set_active(s, code, active)? > 0 {
        let subject = Subject { kind: "process_version", id: newest.id.into_untyped_uuid() };
        let kind = if active { "process_switched_on" } else { "process_switched_off" };
        timeline::append(s, ctx, Entry { kind, subject, related: None, detail: Some(code.to_owned()) })?;
    }
    Ok(())
}
