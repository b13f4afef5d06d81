//! Reading a town's files: from a folder, or those of Vikhamn from the binary itself.

use super::coming::{EventsFile, MeetingsFile};
use super::handed::{AssignmentsFile, ReferralsFile, StandardFile};
use super::model::{
    BookingsFile, CaseTypesFile, Mail, OfficersFile, Residents, RetentionFile, Town, TownFile, UsersFile,
};
use super::past::{CrisesFile, SearchesFile};
use super::told::SynonymsFile;
use super::{Article, TownError, check};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// A file of a town is never this long; what is, is not one.
const FILE_BYTES_MAX: u64 = 1_000_000;
const ARTICLES_MAX: usize = 10_000;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../town/vikhamn"]
struct Vikhamn;

/// A town's files by their path below its folder.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// The files of Vikhamn, as they were when the binary was built.
    ///
    /// # Errors
    /// If one is not text.
    pub fn vikhamn() -> Result<Self, TownError> {
        let mut files = BTreeMap::new();
        for path in Vikhamn::iter() {
            let bytes = Vikhamn::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
            let text =
                String::from_utf8(bytes).map_err(|_| TownError::new(&*path, "file", "is not UTF-8 text"))?;
            files.insert(path.into_owned(), text);
        }
        Ok(Self(files))
    }

    /// The files in `folder` and its `articles/`.
    ///
    /// # Errors
    /// If the folder or a file cannot be read, or is too large to be one of a town's.
    pub fn in_folder(folder: &Path) -> Result<Self, TownError> {
        let mut files = BTreeMap::new();
        for (below, extension) in [("", "toml"), ("articles/", "md"), ("processes/", "toml")] {
            // A town need have no processes.
            if below == "processes/" && !folder.join(below).is_dir() {
                continue;
            }
            let unreadable = |e: std::io::Error| TownError::new(below, "folder", e.to_string());
            for entry in std::fs::read_dir(folder.join(below)).map_err(unreadable)?.take(ARTICLES_MAX) {
                let path = entry.map_err(unreadable)?.path();
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
                if path.extension().is_some_and(|e| e == extension) {
                    let name = format!("{below}{name}");
                    let text = text_of(&path).map_err(|e| TownError::new(&name, "file", e.to_string()))?;
                    files.insert(name, text);
                }
            }
        }
        Ok(Self(files))
    }
}

fn text_of(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > FILE_BYTES_MAX {
        return Err(std::io::Error::other(format!("is longer than {FILE_BYTES_MAX} bytes")));
    }
    Ok(std::fs::read_to_string(path)?.replace("\r\n", "\n"))
}

impl Town {
    /// Vikhamn, which comes with the binary.
    ///
    /// # Errors
    /// Never for a town that has passed its tests.
    pub fn vikhamn() -> Result<Self, TownError> {
        Self::from_files(&Files::vikhamn()?)
    }

    /// The town in `folder`.
    ///
    /// # Errors
    /// What cannot be read or does not fit together, by file and field.
    pub fn in_folder(folder: &Path) -> Result<Self, TownError> {
        Self::from_files(&Files::in_folder(folder)?)
    }

    /// The town that `files` describe.
    ///
    /// # Errors
    /// What is missing, cannot be read, or does not fit together, by file and field.
    pub fn from_files(files: &Files) -> Result<Self, TownError> {
        let place: TownFile = toml_file(files, "town.toml")?;
        let officers: OfficersFile = toml_file(files, "officers.toml")?;
        let users: UsersFile = toml_file(files, "users.toml")?;
        let case_types: CaseTypesFile = toml_file(files, "case_types.toml")?;
        let events: EventsFile = toml_file(files, "events.toml")?;
        let residents: Residents = toml_file(files, "residents.toml")?;
        let retention: RetentionFile = toml_file_if_there(files, "retention.toml")?;
        let mail: Mail = toml_file_if_there(files, "mail.toml")?;
        let crises: CrisesFile = toml_file_if_there(files, "crises.toml")?;
        let articles = files
            .0
            .iter()
            .filter_map(|(path, text)| {
                let slug = path.strip_prefix("articles/")?.strip_suffix(".md")?;
                Some(Article::read(path, slug, text))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let bookings: BookingsFile = toml_file_if_there(files, "bookings.toml")?;
        let processes = files.0.iter().filter(|(path, _)| path.starts_with("processes/"));
        let processes = processes.map(|(path, text)| (path.clone(), text.clone())).collect();
        let town = Self {
            resources: bookings.resource,
            contractors: bookings.contractor,
            processes,
            name: place.name,
            main_number: place.main_number.number,
            switchboard: place.switchboard,
            groups: place.answer_group,
            departments: place.department,
            officers: officers.officer,
            users: users.user,
            case_types: case_types.case_type,
            articles,
            events: events.event,
            meetings: toml_file_if_there::<MeetingsFile>(files, "meetings.toml")?.series,
            assignments: toml_file_if_there::<AssignmentsFile>(files, "assignments.toml")?.assignment,
            referrals: toml_file_if_there::<ReferralsFile>(files, "referrals.toml")?.referral,
            standard: toml_file_if_there::<StandardFile>(files, "standard.toml")?.check,
            synonyms: toml_file_if_there::<SynonymsFile>(files, "synonyms.toml")?.synonym,
            searches: toml_file_if_there::<SearchesFile>(files, "searches.toml")?.search,
            crises: crises.crisis,
            call_in: crises.call_in,
            retention: retention.rule,
            mail,
            residents,
        };
        check::town(&town)?;
        Ok(town)
    }
}

fn toml_file<T: DeserializeOwned>(files: &Files, name: &str) -> Result<T, TownError> {
    let text = files.0.get(name).ok_or_else(|| TownError::new(name, "file", "is missing"))?;
    toml::from_str(text).map_err(|e| unreadable(name, 1, text, &e))
}

/// A file that a town may do without.
fn toml_file_if_there<T: DeserializeOwned + Default>(files: &Files, name: &str) -> Result<T, TownError> {
    if files.0.contains_key(name) { toml_file(files, name) } else { Ok(T::default()) }
}

/// What TOML says, with the line it says it of.
pub(super) fn unreadable(file: &str, first_line: usize, text: &str, error: &toml::de::Error) -> TownError {
    let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count());
    TownError::new(file, format!("line {}", first_line + line), error.message())
}
