//! Pictures without what they tell beside what they show: where they were taken, when, with whose telephone.
//!
//! The picture itself is not touched: the file is read in its own format's pieces and those that hold metadata are left
//! out (JPEG: ITU T.81 and Exif 2.32; PNG: W3C PNG 3; GIF89a; WebP: RFC 9649). Of a JPEG's Exif one thing is kept, which
//! way is up, since without it the picture lies on its side. What is not understood to the end is refused.

/// A file that is not a picture of a kind that can be cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a picture that can be taken in")]
pub struct NotAPicture;

/// The same picture without metadata.
///
/// # Errors
/// It is not a JPEG, PNG, GIF or WebP picture, or a broken one.
pub fn without_metadata(bytes: &[u8]) -> Result<Vec<u8>, NotAPicture> {
    let cleaned = match bytes {
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => png(bytes),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes),
        _ => None,
    };
    cleaned.ok_or(NotAPicture)
}

/// Reads on, never past the end.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }
}

fn be16(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?)))
}

fn be32(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?)).ok()
}

fn le32(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?)).ok()
}

/// Which way is up, as an Exif segment says (tag 0x0112 of its first directory).
fn orientation(exif: &[u8]) -> Option<u16> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four = tiff.get(4..8)?;
    let directory = if little { le32(four)? } else { be32(four)? };
    let entries = usize::from(u16_at(directory)?);
    (0..entries).find_map(|n| {
        let entry = directory.checked_add(2 + 12 * n)?;
        (u16_at(entry)? == 0x0112).then(|| u16_at(entry + 8))?.filter(|way| (2..=8).contains(way))
    })
}

/// A segment that says which way is up and nothing else.
fn orientation_segment(way: u16) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0x00, 0x22];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
    segment.extend_from_slice(&way.to_be_bytes());
    segment.extend_from_slice(&[0; 6]);
    segment
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader { rest: bytes };
    let mut out = reader.take(2)?.to_vec();
    let mut way_kept = false;
    loop {
        if reader.byte()? != 0xff {
            return None;
        }
        let mut marker = reader.byte()?;
        while marker == 0xff {
            marker = reader.byte()?;
        }
        match marker {
            // The end. What some telephones hang on behind it (a film, a second picture) is left out.
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                return Some(out);
            }
            0x01 | 0xd0..=0xd7 => {
                out.extend_from_slice(&[0xff, marker]);
                continue;
            }
            0x00 | 0xd8 => return None,
            _ => {}
        }
        let length = be16(reader.rest)?;
        let segment = reader.take(length)?;
        let content = segment.get(2..)?;
        if marker == 0xe1
            && !way_kept
            && let Some(way) = orientation(content)
        {
            out.extend_from_slice(&orientation_segment(way));
            way_kept = true;
        }
        // Kept: JFIF, the colour profile, Adobe's word on how colours are coded, and all that is not an application's.
        let profile = marker == 0xe2 && content.starts_with(b"ICC_PROFILE\0");
        let kept = match marker {
            0xe0 => content.starts_with(b"JFIF\0"),
            0xe2 => profile,
            0xee => content.starts_with(b"Adobe"),
            0xe1 | 0xe3..=0xed | 0xef | 0xfe => false,
            _ => true,
        };
        if kept {
            out.extend_from_slice(&[0xff, marker]);
            out.extend_from_slice(segment);
        }
        if marker == 0xda {
            copy_scan(&mut reader, &mut out)?;
        }
    }
}

/// The picture's own data after a scan's header: up to the next marker that is not a part of it.
fn copy_scan(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Option<()> {
    loop {
        let at = reader.rest.iter().position(|byte| *byte == 0xff)?;
        match reader.rest.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => out.extend_from_slice(reader.take(at + 2)?),
            0xff => out.extend_from_slice(reader.take(at + 1)?),
            _ => {
                out.extend_from_slice(reader.take(at)?);
                return Some(());
            }
        }
    }
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    /// What is needed to show the picture as it was meant, and to move it.
    const KEPT: &[&[u8; 4]] = &[
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
        b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut reader = Reader { rest: bytes };
    let mut out = reader.take(8)?.to_vec();
    loop {
        let length = be32(reader.rest)?;
        let chunk = reader.take(length.checked_add(12)?)?;
        let kind: &[u8; 4] = chunk.get(4..8)?.try_into().ok()?;
        let critical = kind[0].is_ascii_uppercase();
        if KEPT.contains(&kind) {
            out.extend_from_slice(chunk);
        } else if critical {
            return None;
        }
        if kind == b"IEND" {
            return Some(out);
        }
    }
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    fn colours(flags: u8) -> usize {
        if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
    }
    /// Blocks of up to 255 bytes, up to the empty one.
    fn blocks<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
        let start = reader.rest;
        let mut length = 0;
        loop {
            let size = usize::from(reader.byte()?);
            reader.take(size)?;
            length += size + 1;
            if size == 0 {
                return start.get(..length);
            }
        }
    }
    let mut reader = Reader { rest: bytes };
    let head = reader.take(13)?;
    let mut out = head.to_vec();
    out.extend_from_slice(reader.take(colours(head[10]))?);
    loop {
        match reader.byte()? {
            0x3b => {
                out.push(0x3b);
                return Some(out);
            }
            0x2c => {
                let descriptor = reader.take(9)?;
                out.push(0x2c);
                out.extend_from_slice(descriptor);
                out.extend_from_slice(reader.take(colours(descriptor[8]))?);
                out.extend_from_slice(reader.take(1)?);
                out.extend_from_slice(blocks(&mut reader)?);
            }
            0x21 => {
                let label = reader.byte()?;
                let content = blocks(&mut reader)?;
                let loops = label == 0xff && content.starts_with(b"\x0bNETSCAPE2.0");
                if label == 0xf9 || loops {
                    out.extend_from_slice(&[0x21, label]);
                    out.extend_from_slice(content);
                }
            }
            _ => return None,
        }
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    const EXIF_FLAG: u8 = 0x08;
    const XMP_FLAG: u8 = 0x04;
    const KEPT: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    let size = le32(bytes.get(4..8)?)?;
    let mut reader = Reader { rest: bytes.get(12..size.checked_add(8)?)? };
    let mut body = b"WEBP".to_vec();
    while !reader.rest.is_empty() {
        let head = reader.take(8)?;
        let length = le32(&head[4..])?;
        let content = reader.take(length)?;
        let padding = reader.take(length % 2)?;
        let kind: &[u8; 4] = head[..4].try_into().ok()?;
        if !KEPT.contains(&kind) {
            continue;
        }
        body.extend_from_slice(head);
        match (kind, content) {
            (b"VP8X", [flags, rest @ ..]) => {
                body.push(flags & !(EXIF_FLAG | XMP_FLAG));
                body.extend_from_slice(rest);
            }
            _ => body.extend_from_slice(content),
        }
        body.extend_from_slice(padding);
    }
    // A picture there must be.
    [b"VP8 ".as_slice(), b"VP8L", b"ANMF"]
        .iter()
        .any(|kind| body.windows(4).any(|four| four == *kind))
        .then_some(())?;
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
    out.extend_from_slice(&body);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &[u8] = b"59.33N 18.07E";

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![0xff, marker];
        out.extend_from_slice(&u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(content);
        out
    }

    fn exif(way: u16) -> Vec<u8> {
        let mut content = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
        content.extend_from_slice(b"\x0f\x01\x02\0\x0d\0\0\0\x26\0\0\0");
        content.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0");
        content.extend_from_slice(&way.to_le_bytes());
        content.extend_from_slice(&[0; 6]);
        content.extend_from_slice(SECRET);
        content
    }

    fn a_jpeg(way: u16) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        for (marker, content) in [
            (0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0".to_vec()),
            (0xe1, exif(way)),
            (0xe1, [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
            (0xed, [b"Photoshop 3.0\0", SECRET].concat()),
            (0xfe, SECRET.to_vec()),
            (0xe2, [b"MPF\0", SECRET].concat()),
            (0xdb, vec![0; 65]),
            (0xda, vec![1, 1, 0, 0, 63, 0]),
        ] {
            file.extend(segment(marker, &content));
        }
        file.extend_from_slice(&[1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4, 0xff, 0xd9]);
        file.extend_from_slice(SECRET);
        file
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_which_way_is_up() {
        let cleaned = without_metadata(&a_jpeg(6)).unwrap();
        assert!(!holds(&cleaned, SECRET));
        assert!(
            holds(&cleaned, b"JFIF") && holds(&cleaned, &[1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4, 0xff, 0xd9])
        );
        let at = cleaned.windows(6).position(|window| window == b"Exif\0\0").unwrap();
        let length = be16(&cleaned[at - 2..]).unwrap();
        assert_eq!(orientation(&cleaned[at..at - 2 + length]), Some(6));
        assert_eq!(without_metadata(&cleaned).as_ref(), Ok(&cleaned), "clean is clean");
        assert!(!holds(&without_metadata(&a_jpeg(1)).unwrap(), b"Exif"), "upright needs no word");
    }

    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(kind);
        out.extend_from_slice(content);
        out.extend_from_slice(&[0; 4]);
        out
    }

    #[test]
    fn a_png_loses_its_texts() {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, content) in [
            (b"IHDR", [0; 13].as_slice()),
            (b"eXIf", SECRET),
            (b"tEXt", SECRET),
            (b"iTXt", SECRET),
            (b"tIME", &[0; 7]),
            (b"IDAT", b"picture"),
            (b"IEND", b""),
        ] {
            file.extend(chunk(kind, content));
        }
        file.extend_from_slice(SECRET);
        let cleaned = without_metadata(&file).unwrap();
        assert!(!holds(&cleaned, SECRET) && !holds(&cleaned, b"tIME") && holds(&cleaned, b"picture"));
    }

    #[test]
    fn a_gif_keeps_moving_and_loses_its_comments() {
        let mut file = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
        file.extend_from_slice(&[0; 6]);
        file.extend_from_slice(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
        file.extend_from_slice(b"\x21\xfe\x0d");
        file.extend_from_slice(SECRET);
        file.push(0);
        file.extend_from_slice(b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
        let cleaned = without_metadata(&file).unwrap();
        assert!(!holds(&cleaned, SECRET) && holds(&cleaned, b"NETSCAPE2.0") && cleaned.ends_with(b"\0\x3b"));
    }

    #[test]
    fn a_webp_loses_exif_and_says_so() {
        let mut body = b"WEBPVP8X\x0a\0\0\0\x0c".to_vec();
        body.extend_from_slice(&[0; 9]);
        body.extend_from_slice(b"VP8L\x03\0\0\0abc\0EXIF\x0d\0\0\0");
        body.extend_from_slice(SECRET);
        body.push(0);
        let mut file = b"RIFF".to_vec();
        file.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
        file.extend_from_slice(&body);
        let cleaned = without_metadata(&file).unwrap();
        assert!(!holds(&cleaned, SECRET) && holds(&cleaned, b"abc"));
        assert_eq!(cleaned[20], 0, "the flags no longer promise Exif");
        assert_eq!(le32(&cleaned[4..8]).unwrap() + 8, cleaned.len());
    }

    #[test]
    fn what_is_no_picture_or_a_broken_one_is_refused() {
        let whole = a_jpeg(6);
        for bytes in
            [b"".as_slice(), b"hello", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", &whole[..60]]
        {
            assert_eq!(without_metadata(bytes), Err(NotAPicture));
        }
    }

    proptest! {
        #[test]
        fn nothing_harms_it(mut bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..5_usize, cut in any::<prop::sample::Index>()) {
            let beginnings: [&[u8]; 5] =
                [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBP", b""];
            let mut file = beginnings[kind].to_vec();
            file.append(&mut bytes);
            let _ = without_metadata(&file);
            let mut jpeg = a_jpeg(3);
            jpeg.truncate(cut.index(jpeg.len()));
            if let Ok(cleaned) = without_metadata(&jpeg) {
                prop_assert!(!holds(&cleaned, SECRET));
            }
        }
    }
}
