//! What files are taken in, and under which name: pure rules. A file is what its content says, not what its sender
//! says: a name can lie, a declared type can lie, and whoever opens it believes both.
//!
//! Signatures are those of the file formats' own specifications (PNG, GIF89a, JFIF, WebP's RIFF, ISO 14496-12 `ftyp`,
//! PDF, ZIP's local file header, OLE compound files, ODF 1.3 part 2 section 3.3 `mimetype`).

/// The largest file, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Longest name of a file, in characters, its ending counted.
pub const DOCUMENT_NAME_CHARS_MAX: usize = 120;
/// How far into a file its kind is looked for.
const LOOKED_AT_BYTES_MAX: usize = 4_096;

vocabulary::words! {
    /// Why a file is not taken in.
    FileFault, "file fault" {
        /// It has no content.
        Empty = "empty",
        /// It is larger than what is kept.
        TooLarge = "too_large",
        /// It is of a kind that is not taken in.
        Kind = "kind",
        /// Its content is not what it says it is.
        Mismatch = "mismatch",
    }
}

impl std::error::Error for FileFault {}

/// A file on its way in. Name and type are the sender's word.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// What the sender calls it.
    pub name: String,
    /// What the sender says it is; blank if nothing is said.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for NewDocument {
    /// Without name and content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewDocument").field("size", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// What a file is, once looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// A name that is safe to keep, show and save under, with the ending of its kind.
    pub name: String,
    /// The media type its content bears out.
    pub media_type: &'static str,
}

/// A kind of file that is taken in.
struct Kind {
    media_type: &'static str,
    /// Other names for the same, as senders write them.
    also: &'static [&'static str],
    /// Endings, the usual one first.
    endings: &'static [&'static str],
    /// What its content looks like.
    look: Look,
}

/// What several kinds look alike in: which of them it is, the declared type or the ending says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Jpeg,
    Png,
    Gif,
    Webp,
    /// Pictures in an ISO base media file.
    Heif,
    /// Films and sound in an ISO base media file.
    Mp4,
    Pdf,
    /// A ZIP that holds an Office Open XML document.
    Ooxml,
    /// A ZIP that says of itself that it is an OpenDocument of this kind.
    Odf(&'static str),
    /// An OLE compound file.
    Ole,
    Text,
}

macro_rules! kinds {
    ($($media:literal $([$($also:literal)*])? $($ending:literal)+ => $look:expr;)*) => {
        const KINDS: &[Kind] = &[$(Kind {
            media_type: $media,
            also: &[$($($also),*)?],
            endings: &[$($ending),+],
            look: $look,
        }),*];
    };
}

kinds! {
    "image/jpeg" ["image/jpg" "image/pjpeg"] "jpg" "jpeg" "jpe" "jfif" => Look::Jpeg;
    "image/png" ["image/x-png"] "png" => Look::Png;
    "image/gif" "gif" => Look::Gif;
    "image/webp" "webp" => Look::Webp;
    "image/heic" ["image/heif" "image/heic-sequence" "image/heif-sequence"] "heic" "heif" => Look::Heif;
    "image/avif" "avif" => Look::Heif;
    "video/mp4" ["video/x-m4v"] "mp4" "m4v" => Look::Mp4;
    "video/quicktime" "mov" => Look::Mp4;
    "audio/mp4" ["audio/x-m4a" "audio/m4a"] "m4a" => Look::Mp4;
    "application/pdf" ["application/x-pdf"] "pdf" => Look::Pdf;
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "docx" => Look::Ooxml;
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "xlsx" => Look::Ooxml;
    "application/vnd.openxmlformats-officedocument.presentationml.presentation" "pptx" => Look::Ooxml;
    "application/vnd.oasis.opendocument.text" "odt" => Look::Odf("application/vnd.oasis.opendocument.text");
    "application/vnd.oasis.opendocument.spreadsheet" "ods" => Look::Odf("application/vnd.oasis.opendocument.spreadsheet");
    "application/vnd.oasis.opendocument.presentation" "odp" => Look::Odf("application/vnd.oasis.opendocument.presentation");
    "application/msword" "doc" => Look::Ole;
    "application/vnd.ms-excel" "xls" => Look::Ole;
    "application/vnd.ms-powerpoint" "ppt" => Look::Ole;
    "text/plain" "txt" "log" => Look::Text;
    "text/csv" ["application/csv" "text/comma-separated-values"] "csv" => Look::Text;
    "text/calendar" "ics" => Look::Text;
}

/// What senders write who do not know what it is.
const UNSAID: [&str; 4] = ["", "application/octet-stream", "binary/octet-stream", "application/x-download"];

/// Looks at a file: what it is, and what it may be called.
///
/// # Errors
/// It is empty, too large, of a kind that is not taken in, or something else than it is said to be.
pub fn checked(file: &NewDocument) -> Result<Checked, FileFault> {
    if file.bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if file.bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(FileFault::TooLarge);
    }
    let plain_name = plain_name(&file.name);
    let ending = ending_of(&plain_name).map(str::to_lowercase);
    let declared = declared(&file.media_type);
    let said = if UNSAID.contains(&declared.as_str()) {
        None
    } else {
        Some(kind_of_type(&declared).ok_or(FileFault::Kind)?)
    };
    let by_ending = ending.as_deref().and_then(kind_of_ending);
    let kind = match (said, by_ending) {
        // Of kinds that look alike, the ending tells more than what a mail program guesses.
        (Some(said), Some(by_ending)) if said.look == by_ending.look => by_ending,
        (Some(said), _) => said,
        (None, Some(by_ending)) => by_ending,
        (None, None) => KINDS.iter().find(|kind| looks(kind.look, &file.bytes)).ok_or(FileFault::Kind)?,
    };
    if !looks(kind.look, &file.bytes) {
        return Err(FileFault::Mismatch);
    }
    Ok(Checked { name: named(&plain_name, ending.as_deref(), kind), media_type: kind.media_type })
}

/// Whether a file of that type can be shown within a page: pictures that every browser draws. Everything else is only
/// ever handed over to be saved.
#[must_use]
pub fn shown_inline(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

/// The media types that are taken in and the endings of their files: for the `accept` of a form's field.
#[must_use]
pub fn accepted() -> String {
    let endings = KINDS.iter().flat_map(|kind| kind.endings.iter().map(|ending| format!(".{ending}")));
    endings.collect::<Vec<_>>().join(",")
}

/// The type as declared, without parameters, in small letters.
fn declared(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn kind_of_type(media_type: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.media_type == media_type || kind.also.contains(&media_type))
}

fn kind_of_ending(ending: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.endings.contains(&ending))
}

fn looks(look: Look, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(LOOKED_AT_BYTES_MAX)];
    match look {
        Look::Jpeg => head.starts_with(b"\xFF\xD8\xFF"),
        Look::Png => head.starts_with(b"\x89PNG\r\n\x1A\n"),
        Look::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        Look::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        Look::Heif => brand(head).is_some_and(|brand| HEIF_BRANDS.contains(&brand)),
        Look::Mp4 => brand(head).is_some_and(|brand| !HEIF_BRANDS.contains(&brand)),
        // Readers allow rubbish before the header, and so some writers leave it.
        Look::Pdf => has(&head[..head.len().min(1_024)], b"%PDF-"),
        Look::Ooxml => zip(head) && (has(head, b"[Content_Types].xml") || has(bytes, b"[Content_Types].xml")),
        Look::Odf(kind) => zip(head) && odf(head) == Some(kind.as_bytes()),
        Look::Ole => head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        Look::Text => text(bytes),
    }
}

const HEIF_BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"];

/// The brand of an ISO base media file.
fn brand(head: &[u8]) -> Option<&[u8]> {
    (head.get(4..8)? == b"ftyp").then(|| head.get(8..12)).flatten()
}

fn zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// What an OpenDocument says of itself: the stored content of its first entry, `mimetype`, which begins at byte 38.
fn odf(head: &[u8]) -> Option<&[u8]> {
    if head.get(30..38)? != b"mimetype" {
        return None;
    }
    let length = u32::from_le_bytes(head.get(22..26)?.try_into().ok()?);
    head.get(38..38_usize.checked_add(usize::try_from(length).ok()?)?)
}

/// Whether it is text and nothing that a reader might take for a page or a program.
fn text(bytes: &[u8]) -> bool {
    let controls = bytes.iter().any(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127));
    let begins = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let begins: Vec<u8> =
        begins.iter().skip_while(|b| b.is_ascii_whitespace()).take(64).map(u8::to_ascii_lowercase).collect();
    let page = [
        b"<!doctype".as_slice(),
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<iframe",
        b"<?xml",
        b"<?php",
        b"#!",
    ];
    !controls && !page.iter().any(|start| begins.starts_with(start))
}

/// Names that mean a device on Windows, whatever their ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Characters that make a name read as another, or that cannot be seen.
fn misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}'
            | '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFD}')
}

/// The name without folders, without what no system takes and without what misleads; may be empty.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !misleading(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | ';') || c.is_whitespace() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_matches(|c: char| c == '.' || c == ' ').to_owned()
}

fn ending_of(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| !ending.is_empty())
}

/// The name with an ending of its kind, which is put there if it is not: `räkning.pdf.exe` becomes `räkning.pdf.exe.pdf`.
fn named(plain: &str, ending: Option<&str>, kind: &Kind) -> String {
    let own = ending.filter(|ending| kind.endings.contains(ending));
    let ending = own.unwrap_or(kind.endings[0]);
    let stem = match own {
        Some(own) => plain[..plain.len() - own.len() - 1].trim_end_matches(['.', ' ']),
        None => plain,
    };
    let stem: String = stem.chars().take(DOCUMENT_NAME_CHARS_MAX - ending.len() - 1).collect();
    let device = DEVICES.contains(&stem.split('.').next().unwrap_or_default().to_lowercase().trim());
    match stem.trim() {
        "" => format!("fil.{ending}"),
        stem if device => format!("_{stem}.{ending}"),
        stem => format!("{stem}.{ending}"),
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
