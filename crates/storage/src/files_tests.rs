//! Files that are what they say, files that lie, and names that would lead astray.

use super::*;
use proptest::prelude::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n....";
const PDF: &[u8] = b"%PDF-1.7\n%\xE2\xE3";
const HTML: &[u8] = b" \n<!DOCTYPE html><script>alert(1)</script>";

fn look(name: &str, media_type: &str, bytes: &[u8]) -> Result<(String, &'static str), FileFault> {
    let file =
        NewDocument { name: name.to_owned(), media_type: media_type.to_owned(), bytes: bytes.to_vec() };
    checked(&file).map(|checked| (checked.name, checked.media_type))
}

fn opendocument(kind: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(22, 0);
    bytes.extend(u32::try_from(kind.len()).unwrap().to_le_bytes());
    bytes.resize(30, 0);
    bytes.extend(b"mimetype");
    bytes.extend(kind.as_bytes());
    bytes
}

#[test]
fn a_file_is_what_its_content_says() {
    assert_eq!(look("Bild.PNG", "image/png", PNG), Ok(("Bild.png".to_owned(), "image/png")));
    assert_eq!(look("bild", "image/x-png; x=y", PNG), Ok(("bild.png".to_owned(), "image/png")));
    assert_eq!(look("", "", PDF), Ok(("fil.pdf".to_owned(), "application/pdf")));
    assert_eq!(look("a.pdf", "application/octet-stream", PDF).unwrap().1, "application/pdf");
    assert_eq!(look("a.txt", "text/plain", "Hej på er".as_bytes()).unwrap().1, "text/plain");
    assert_eq!(look("a.txt", "text/plain", b"Latin-1: \xE5\xE4\xF6").unwrap().1, "text/plain");
    assert_eq!(look("lista.csv", "application/vnd.ms-excel", b"a;b\n1;2"), Err(FileFault::Mismatch));
    assert_eq!(look("lista.csv", "text/plain", b"a;b\n1;2").unwrap().1, "text/csv");
    let odt = opendocument("application/vnd.oasis.opendocument.text");
    assert_eq!(look("a.odt", "", &odt).unwrap().1, "application/vnd.oasis.opendocument.text");
    assert_eq!(look("a.ods", "", &odt), Err(FileFault::Mismatch), "a text is no sheet");
    let docx = [b"PK\x03\x04 [Content_Types].xml".as_slice(), &[0; 9]].concat();
    assert!(look("a.docx", "application/zip", &docx).is_err());
    assert!(look("a.docx", "", &docx).unwrap().1.ends_with("wordprocessingml.document"));
    assert_eq!(look("film.mov", "video/mp4", b"\0\0\0\x14ftypqt  ").unwrap().1, "video/quicktime");
    assert_eq!(look("IMG_1.HEIC", "", b"\0\0\0\x18ftypheic").unwrap().1, "image/heic");
}

#[test]
fn a_file_that_lies_is_refused() {
    let mismatch = Err(FileFault::Mismatch);
    assert_eq!(look("bild.png", "image/png", HTML), mismatch);
    assert_eq!(look("bild.png", "image/png", PDF), mismatch);
    assert_eq!(look("faktura.pdf", "application/pdf", b"MZ\x90\0"), mismatch);
    assert_eq!(look("a.txt", "text/plain", HTML), mismatch);
    assert_eq!(look("a.txt", "text/plain", PNG), mismatch);
    assert_eq!(look("a.txt", "text/plain", b"\xEF\xBB\xBF<svg onload=x>"), mismatch);
    assert_eq!(look("a.html", "text/html", HTML), Err(FileFault::Kind));
    assert_eq!(look("a.svg", "image/svg+xml", b"<svg/>"), Err(FileFault::Kind));
    assert_eq!(look("a.exe", "application/x-msdownload", b"MZ"), Err(FileFault::Kind));
    assert_eq!(look("a.zip", "application/zip", b"PK\x03\x04"), Err(FileFault::Kind));
    assert_eq!(look("a", "", b"MZ\x90\0\x03"), Err(FileFault::Kind));
    assert_eq!(look("a.pdf", "application/pdf", b""), Err(FileFault::Empty));
    let large = vec![b'a'; DOCUMENT_BYTES_MAX + 1];
    assert_eq!(look("a.txt", "text/plain", &large), Err(FileFault::TooLarge));
    assert!(look("a.txt", "text/plain", &large[1..]).is_ok());
}

#[test]
fn a_name_leads_nowhere() {
    let name = |name: &str| look(name, "application/pdf", PDF).unwrap().0;
    assert_eq!(name("../../etc/passwd"), "passwd.pdf");
    assert_eq!(name("C:\\Users\\kim\\räkning.pdf"), "räkning.pdf");
    assert_eq!(name("räkning.pdf.exe"), "räkning.pdf.exe.pdf");
    assert_eq!(name("a\r\nSet-Cookie: x.pdf"), "aSet-Cookie x.pdf");
    assert_eq!(name("fdp\u{202E}gpj.pdf"), "fdpgpj.pdf");
    assert_eq!(name("...."), "fil.pdf");
    assert_eq!(name("CON.pdf"), "_CON.pdf");
    assert_eq!(name("  två   ord .pdf "), "två ord.pdf");
    assert_eq!(name(&format!("{}.pdf", "å".repeat(300))).chars().count(), DOCUMENT_NAME_CHARS_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_name_becomes_one_that_can_be_kept(typed in "\\PC{0,40}|[./\\\\:\u{202e}\u{0}-\u{1f} a-zA-ZåÅ]{0,200}") {
        let (kept, _) = look(&typed, "application/pdf", PDF).unwrap();
        prop_assert!(kept.ends_with(".pdf") && kept.len() > 4, "{kept:?}");
        prop_assert!(kept.chars().count() <= DOCUMENT_NAME_CHARS_MAX);
        prop_assert!(!kept.contains(['/', '\\', '"', ':', ';']) && !kept.chars().any(misleading), "{kept:?}");
        prop_assert!(!kept.starts_with(['.', ' ']), "{kept:?}");
        prop_assert_eq!(&look(&kept, "application/pdf", PDF).unwrap().0, &kept, "naming it again changes nothing");
    }

    #[test]
    fn no_content_is_taken_for_two_unlike_kinds(bytes in proptest::collection::vec(any::<u8>(), 1..64)) {
        let file = NewDocument { name: String::new(), media_type: String::new(), bytes };
        if let Ok(found) = checked(&file) {
            let again = NewDocument { name: found.name.clone(), media_type: found.media_type.to_owned(), ..file };
            prop_assert_eq!(checked(&again), Ok(found));
        }
    }
}
