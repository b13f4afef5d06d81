//! Plain text: made clean, and unwrapped where its sender wrapped it for the wire.

/// `text` without what no text holds (NUL, control characters, byte order marks), with `\n` for every line end, no blanks
/// at line ends, at most two empty lines in a row, and at most `chars_max` characters; and whether that was all of it.
pub(crate) fn clean(text: &str, chars_max: usize) -> (String, bool) {
    let mut out = String::with_capacity(text.len().min(chars_max.saturating_mul(2)));
    let (mut chars, mut empty_lines) = (0, 0);
    let unified = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    for line in unified.split('\n') {
        // "-- " begins a signature and keeps its blank.
        let line = if line == "-- " { line } else { line.trim_end() };
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines > 2 {
            continue;
        }
        for c in line.chars().filter(|c| is_text(*c)) {
            if chars >= chars_max {
                return (out, false);
            }
            chars += 1;
            out.push(c);
        }
        if chars >= chars_max {
            return (out, false);
        }
        chars += 1;
        out.push('\n');
    }
    let end = out.trim_end_matches('\n').len();
    out.truncate(end);
    let start = out.len() - out.trim_start_matches('\n').len();
    (out.split_off(start), true)
}

fn is_text(c: char) -> bool {
    match c {
        '\t' => true,
        '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{AD}' => false,
        c => !c.is_control(),
    }
}

/// One line of a head: no control character, nothing that turns the direction of what follows, blanks made one.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let mut out = String::new();
    let turns =
        |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    let readable = text
        .chars()
        .filter(|c| !turns(*c) && *c != '\u{FEFF}')
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    let (mut blank, mut kept) = (true, 0);
    // Bounds the work as well: a head of a megabyte is a line of a few hundred characters.
    for c in readable.take(chars_max.saturating_mul(4)) {
        if kept >= chars_max {
            break;
        }
        let is_blank = c.is_whitespace();
        if !(is_blank && blank) {
            out.push(if is_blank { ' ' } else { c });
            kept += 1;
        }
        blank = is_blank;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text that was sent as `format=flowed` (RFC 3676), with its paragraphs in one piece again; quotes keep one `> ` for
/// each level.
pub(crate) fn unflow(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The depth of the paragraph that is still open.
    let mut open: Option<usize> = None;
    for line in text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)) {
        let rest = line.trim_start_matches('>');
        let depth = line.len() - rest.len();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let signature = rest == "-- ";
        if open != Some(depth) || signature {
            if open.is_some() {
                out.push('\n');
            }
            for _ in 0..depth {
                out.push_str("> ");
            }
        }
        let flows = rest.ends_with(' ') && !signature;
        out.push_str(if flows && delete_space { &rest[..rest.len() - 1] } else { rest });
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cleaned_and_bounded() {
        assert_eq!(
            clean("\u{FEFF}a\0\u{7}b \r\nc\rd\n\n\n\n\ne\n\n", 100),
            ("ab\nc\nd\n\n\ne".to_owned(), true)
        );
        let (short, whole) = clean(&"å".repeat(50), 10);
        assert_eq!((short.chars().count(), whole), (10, false));
        assert_eq!(clean("Hej\n-- \nAnna", 99).0, "Hej\n-- \nAnna");
    }

    #[test]
    fn a_head_line_is_one_line() {
        assert_eq!(one_line("  Hej\r\n\t på\u{202E} dig\0 ", 100), "Hej på dig");
        assert_eq!(one_line(&"x".repeat(900), 10).len(), 10);
    }

    #[test]
    fn flowed_paragraphs_are_joined_and_quotes_keep_their_depth() {
        let flowed = "Det här är ett långt \r\nstycke.\r\n\r\n>> djupt \r\n>> citat\r\n> grunt\r\n eget\r\n-- \r\nAnna";
        assert_eq!(
            unflow(flowed, false),
            "Det här är ett långt stycke.\n\n> > djupt citat\n> grunt\neget\n-- \nAnna\n"
        );
        assert_eq!(unflow("del \r\nat", true), "delat\n");
    }
}
