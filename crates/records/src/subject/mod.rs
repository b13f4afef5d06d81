//! Everything kept about a resident, taken out at their request (GDPR, article 15): as JSON for machines and, from the
//! same, a page to read; with the files. Made by a person with the right, and written down.
//!
//! What is kept about others is not theirs to have: another person's name, number and address are masked in what is
//! handed out, in the fields and wherever they stand in a text. Of a case that is secret and that whoever makes the
//! export may not open, the export says that it is there and which board to ask.

mod mask;
mod queries;

pub use mask::{MASK, mask};

use people::audit::{Opened, opened};
use serde_json::{Map, Value, json};
use std::io::Write as _;
use storage::timeline::{self, Entry, Subject as About};
use storage::{Session, blobs::Digest};
use vocabulary::{Context, GenericUuid as _, ResidentId};

use crate::RecordsError;

/// The most bytes of files that one archive takes; what is beyond is named in it, and fetched case by case.
pub const FILES_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most rows of one heading.
pub const ROWS_MAX: u32 = 10_000;

/// The headings of an export, in the order they are read. [`crate::tables`] refers to them.
pub const HEADINGS: &[&str] = &[
    "resident",
    "contacts",
    "visits",
    "cases",
    "notes",
    "questions",
    "messages",
    "letters",
    "documents",
    "parts",
    "process",
    "bookings",
    "choices",
    "surveys",
    "holds",
    "merged_cards",
    "openings",
];

/// A file that goes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its place in the archive: `files/KC-26110001/1-karta.pdf`.
    pub path: String,
    /// Its content.
    pub digest: Digest,
    /// Its size, in bytes.
    pub bytes: u64,
}

/// What is kept about one resident.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// An object with one array for each of [`HEADINGS`].
    pub kept: Map<String, Value>,
    /// The files that go along, within [`FILES_BYTES_MAX`].
    pub files: Vec<File>,
    /// How many were left out for their size.
    pub files_left_out: usize,
}

/// Takes out everything kept about a resident, as `ctx.actor` may see it, and writes down that it was done. A protected
/// card must have been opened first.
///
/// # Errors
/// There is no such resident, the card is protected and not open, or it is no person who asks.
pub fn export(s: &mut Session<'_>, ctx: &Context, id: ResidentId) -> Result<Export, RecordsError> {
    let vocabulary::Actor::User(user) = ctx.actor else { return Err(RecordsError::NotAPerson) };
    let resident =
        people::residents::queries::by_id(s, id)?.ok_or(RecordsError::NotFound { what: "resident" })?;
    if resident.protected && people::residents::queries::opened_until(s, user, id, ctx.now)?.is_none() {
        return Err(people::PeopleError::Protected.into());
    }
    // Written down first, so that the export tells of itself too.
    opened(s, ctx, Opened::Resident(id))?;
    let subject = About { kind: "resident", id: id.into_untyped_uuid() };
    let entry = Entry { kind: "subject_exported", subject, related: None, detail: None };
    timeline::append(s, ctx, entry)?;
    queries::all(s, cases::Viewer::of(ctx.actor), id)
}

/// Packs an export: `resident.json`, the page to read under `page_name`, and the files. `content` gives a file's bytes.
///
/// # Errors
/// The archive cannot be written, or a file is not there.
pub fn pack(
    export: &Export,
    page_name: &str,
    page: &str,
    mut content: impl FnMut(&Digest) -> Result<Vec<u8>, RecordsError>,
) -> Result<Vec<u8>, RecordsError> {
    let failed = |error: zip::result::ZipError| RecordsError::Archive(error.to_string());
    let written = |error: std::io::Error| RecordsError::Archive(error.to_string());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let text = serde_json::to_vec_pretty(&Value::Object(export.kept.clone()))
        .map_err(|error| RecordsError::Archive(error.to_string()))?;
    archive.start_file("resident.json", options).map_err(failed)?;
    archive.write_all(&text).map_err(written)?;
    archive.start_file(page_name, options).map_err(failed)?;
    archive.write_all(page.as_bytes()).map_err(written)?;
    for file in &export.files {
        archive.start_file(file.path.as_str(), options).map_err(failed)?;
        archive.write_all(&content(&file.digest)?).map_err(written)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

/// A file's name as it stands in the archive: the last part of a path, without what a file system refuses.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = last
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .take(80)
        .collect();
    let safe = safe.trim_matches(['.', ' ']);
    if safe.is_empty() { "fil".to_owned() } else { safe.to_owned() }
}

fn sealed_case(number: &str, board: &str) -> Value {
    json!({ "number": number, "board": board, "sealed": true })
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_files_name_stays_in_its_folder() {
        assert_eq!(safe_name("karta över tomten.pdf"), "karta över tomten.pdf");
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\hem\\bild.png"), "bild.png");
        for bare in ["", "..", "/", " . "] {
            assert_eq!(safe_name(bare), "fil", "{bare:?}");
        }
        assert_eq!(safe_name("a\0b\n<c>.txt"), "a_b__c_.txt");
    }
}
