//! From bytes to content lines: unfolding, character sets, names, parameters.

use super::{Fault, FaultKind};

/// Largest file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most lines that are read.
const LINES_MAX: usize = 200_000;
/// Most parameters of one line.
const PARAMETERS_MAX: usize = 40;

/// A content line: name, parameters, value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The name, in capitals.
    pub name: String,
    /// The parameters: names in capitals, each with its values.
    pub parameters: Vec<(String, Vec<String>)>,
    /// The value as it stands, not yet read as anything.
    pub value: String,
    /// The line of the file, counted from 1, where it begins.
    pub line: usize,
}

impl Property {
    /// The first value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let (_, values) = self.parameters.iter().find(|(known, _)| known == name)?;
        values.first().map(String::as_str)
    }

    /// The value as a TEXT (RFC 5545, 3.3.11): with its escapes undone.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut escaped = false;
        for c in self.value.chars() {
            match (escaped, c) {
                (false, '\\') => {
                    escaped = true;
                    continue;
                }
                (true, 'n' | 'N') => text.push('\n'),
                (true, '\\' | ';' | ',') | (false, _) => text.push(c),
                // Not an escape that is defined; what was written is kept.
                (true, other) => text.extend(['\\', other]),
            }
            escaped = false;
        }
        if escaped {
            text.push('\\');
        }
        text
    }

    pub(super) fn fault(&self, kind: FaultKind) -> Fault {
        Fault::new(self.line, kind, &format!("{}:{}", self.name, self.value))
    }
}

/// The content lines of a file. Lines end with CRLF, or with LF or CR as some programs write them; one that begins with
/// a space or tab goes on from the one before. Unfolding is done on bytes, because a fold may stand inside a character.
///
/// # Errors
/// The file is too large, or a line is not a content line.
pub fn unfolded(file: &[u8]) -> Result<Vec<Property>, Fault> {
    if file.len() > FILE_BYTES_MAX {
        return Err(Fault::new(1, FaultKind::TooLarge, ""));
    }
    let utf16 = file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]);
    let recoded =
        utf16.then(|| encoding_rs::Encoding::for_bom(file).map(|(coding, _)| coding.decode(file).0));
    let bytes = match &recoded {
        Some(Some(text)) => text.as_bytes(),
        _ => file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file),
    };
    let mut folded: Vec<(usize, Vec<u8>)> = Vec::new();
    for (number, line) in physical_lines(bytes).enumerate() {
        if number >= LINES_MAX {
            return Err(Fault::new(number, FaultKind::TooMany, ""));
        }
        match (line.first(), folded.last_mut()) {
            (Some(b' ' | b'\t'), Some((_, before))) => before.extend_from_slice(&line[1..]),
            (None, _) => {}
            _ => folded.push((number + 1, line.to_vec())),
        }
    }
    folded.into_iter().filter_map(|(number, line)| property(number, &decoded(&line)).transpose()).collect()
}

/// The lines as they stand in the file, without their ends.
fn physical_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
        Some(line)
    })
}

/// UTF-8, as the standard wants; what is not is read as Windows-1252, which old exports are written in.
fn decoded(line: &[u8]) -> String {
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0.into_owned(),
    }
}

fn property(line: usize, text: &str) -> Result<Option<Property>, Fault> {
    let text = text.trim_matches('\0');
    if text.trim().is_empty() {
        return Ok(None);
    }
    let fault = |kind| Fault::new(line, kind, text);
    let name_end = text.find([';', ':']).ok_or_else(|| fault(FaultKind::NoColon))?;
    let name = text[..name_end].trim();
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !named {
        return Err(fault(FaultKind::NoColon));
    }
    // A name may be led by a group, as vCard has it; calendars of the same programs do so, too.
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    let (parameters, value) = parameters(&text[name_end..]).map_err(fault)?;
    Ok(Some(Property { name, parameters, value: value.to_owned(), line }))
}

type Parameters = Vec<(String, Vec<String>)>;

/// Reads `;NAME=value,"value"` as often as it stands, then `:value`.
fn parameters(mut rest: &str) -> Result<(Parameters, &str), FaultKind> {
    let mut all = Parameters::new();
    while let Some(after) = rest.strip_prefix(';') {
        if all.len() >= PARAMETERS_MAX {
            return Err(FaultKind::TooMany);
        }
        let name_end = after.find(['=', ';', ':']).ok_or(FaultKind::NoColon)?;
        let name = after[..name_end].trim().to_ascii_uppercase();
        rest = &after[name_end..];
        let mut values = Vec::new();
        // A parameter without a value is broken and harmless.
        while let Some(after) = rest.strip_prefix(if values.is_empty() { '=' } else { ',' }) {
            let (value, left) = match after.strip_prefix('"') {
                Some(quoted) => {
                    let end = quoted.find('"').ok_or(FaultKind::OpenQuote)?;
                    let left = &quoted[end + 1..];
                    // Whatever stands between the quotation mark and the next sign is not ours to read.
                    (&quoted[..end], &left[left.find([',', ';', ':']).unwrap_or(left.len())..])
                }
                None => after.split_at(after.find([',', ';', ':']).unwrap_or(after.len())),
            };
            values.push(uncaret(value));
            rest = left;
        }
        all.push((name, values));
    }
    rest.strip_prefix(':').map(|value| (all, value)).ok_or(FaultKind::NoColon)
}

/// Undoes the escapes of parameter values (RFC 6868).
fn uncaret(value: &str) -> String {
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars().peekable();
    while let Some(c) = signs.next() {
        let undone = match (c, signs.peek()) {
            ('^', Some('n')) => '\n',
            ('^', Some('^')) => '^',
            ('^', Some('\'')) => '"',
            _ => {
                text.push(c);
                continue;
            }
        };
        signs.next();
        text.push(undone);
    }
    text
}
