//! Files that are not taken in, and what the others are called.

use crate::plain::one_line;

/// Endings of what runs when it is opened, on some system that residents or officers use, and of disk images and
/// shortcuts, in which such things are wrapped to get past this list.
const DANGEROUS: &[&str] = &[
    "ade",
    "adp",
    "apk",
    "app",
    "appx",
    "bat",
    "chm",
    "cmd",
    "com",
    "cpl",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "exe",
    "gadget",
    "hta",
    "img",
    "inf",
    "ins",
    "iso",
    "isp",
    "jar",
    "jnlp",
    "jse",
    "js",
    "library-ms",
    "lnk",
    "mde",
    "msc",
    "msh",
    "msi",
    "msix",
    "msp",
    "mst",
    "one",
    "pif",
    "potm",
    "ppam",
    "ppsm",
    "pptm",
    "ps1",
    "ps2",
    "psc1",
    "psm1",
    "py",
    "rdp",
    "reg",
    "scf",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "shb",
    "sldm",
    "sys",
    "theme",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "website",
    "wim",
    "wsc",
    "wsf",
    "wsh",
    "xlam",
    "xll",
    "xlsm",
    "xltm",
    "xnk",
];

/// What a program begins with, whatever it calls itself: Windows, Linux, macOS (both byte orders), a shortcut of Windows,
/// a script.
const BEGINNINGS: &[&[u8]] = &[
    b"MZ",
    b"\x7FELF",
    b"\xFE\xED\xFA\xCE",
    b"\xFE\xED\xFA\xCF",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"#!/",
];

/// Media types of the same.
const TYPES: &[&str] = &[
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-dosexec",
    "application/x-sh",
    "application/x-executable",
    "application/vnd.microsoft.portable-executable",
    "application/hta",
    "application/java-archive",
    "application/x-ms-shortcut",
    "application/javascript",
    "text/javascript",
];

/// Whether a file is not to be opened by anybody here.
pub(crate) fn is_dangerous(name: &str, media_type: &str, bytes: &[u8], more: &[String]) -> bool {
    // "faktura.pdf.exe", "faktura.exe." and "faktura.exe " all run.
    let name = name.trim_end_matches(['.', ' ', '\u{A0}']).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    DANGEROUS.contains(&ending)
        || more.iter().any(|refused| refused.trim_start_matches('.').eq_ignore_ascii_case(ending))
        || TYPES.contains(&media_type)
        || BEGINNINGS.iter().any(|beginning| runs(bytes, beginning))
}

fn runs(bytes: &[u8], beginning: &[u8]) -> bool {
    if !bytes.starts_with(beginning) {
        return false;
    }
    // "MZ" alone may begin a text; a program of Windows is not all letters.
    beginning != b"MZ" || bytes.iter().take(512).any(|byte| *byte == 0)
}

/// The longest file name, in characters.
const NAME_CHARS_MAX: usize = 150;

/// A file's name as it is kept and shown: the last part of a path, on one line, without what a system reads as a command.
pub(crate) fn name_of(said: &str, media_type: &str, place: usize) -> String {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = one_line(last, 4 * NAME_CHARS_MAX);
    let name: String =
        name.chars().filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')).collect();
    let name = name.trim_matches(['.', ' ']).trim();
    if name.is_empty() {
        return format!("{}-{}.{}", unnamed(media_type), place + 1, ending_of(media_type));
    }
    if name.chars().count() <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    // The ending tells what it is, so it stays.
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let ending: String = ending.chars().take(12).collect();
    let stem: String = stem.chars().take(NAME_CHARS_MAX - 1 - ending.chars().count()).collect();
    format!("{stem}.{ending}")
}

fn unnamed(media_type: &str) -> &'static str {
    if media_type.starts_with("image/") {
        "bild"
    } else if media_type.starts_with("message/") {
        "brev"
    } else {
        "fil"
    }
}

fn ending_of(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/heic" => "heic",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/vcard" => "vcf",
        "message/rfc822" | "message/global" => "eml",
        "application/ms-tnef" | "application/vnd.ms-tnef" => "dat",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pgp-signature" => "asc",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_name_type_or_beginning() {
        for name in ["a.exe", "faktura.PDF.Exe", "a.exe.", "a.exe . ", "x.LNK", "rapport.docm"] {
            assert!(is_dangerous(name, "application/octet-stream", b"", &[]), "{name}");
        }
        assert!(is_dangerous("bild.jpg", "image/jpeg", b"MZ\x90\x00\x03", &[]));
        assert!(is_dangerous("bild", "application/x-msdownload", b"", &[]));
        assert!(is_dangerous("x.zip", "application/zip", b"PK", &[".ZIP".to_owned()]));
        for name in ["bild.jpg", "exe", "a.exe.pdf", "min.com.txt", "brev.eml", "winmail.dat"] {
            assert!(!is_dangerous(name, "application/octet-stream", b"MZ is two letters", &[]), "{name}");
        }
    }

    #[test]
    fn names_are_names_and_no_paths() {
        assert_eq!(name_of("C:\\Users\\anna\\bild.jpg", "image/jpeg", 0), "bild.jpg");
        assert_eq!(name_of("../../etc/passwd", "text/plain", 0), "passwd");
        assert_eq!(name_of("gpj.\u{202E}exe", "", 0), "gpj.exe");
        assert_eq!(name_of(" .. ", "image/png", 2), "bild-3.png");
        let long = name_of(&format!("{}.jpeg", "å".repeat(400)), "image/jpeg", 0);
        assert!(long.ends_with(".jpeg") && long.chars().count() == NAME_CHARS_MAX, "{long}");
    }
}
