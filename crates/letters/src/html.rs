//! HTML: made harmless to show, and made text where a letter has no other.

use ammonia::{Builder, UrlRelative};
use mail_parser::decoders::html::add_html_token;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Tags that HTML which is made harmless may have; the work grows faster than their number when they are misnested.
const TAGS_MAX: usize = 20_000;
/// How many formatting tags may be open at once: what is nested deeper is made to take time, not to be read.
const OPEN_MAX: usize = 200;

/// What is left of a letter's HTML: text, tables, lists, links that tell nothing of whom they are followed from, and
/// pictures that came with the letter (`cid:`). Nothing is loaded from elsewhere, nothing runs, and nothing is styled:
/// what a sender hides from the reader's eye is shown.
static HARMLESS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .rm_tags(["map", "area", "details", "summary"])
        // Their content is no text.
        .add_clean_content_tags(["title", "head", "template", "noscript", "svg", "math", "object"])
        .attribute_filter(|element, attribute, value| {
            let elsewhere = match (element, attribute) {
                ("img", "src") => !begins_with(value, "cid:"),
                ("a", "href") => begins_with(value, "cid:"),
                ("blockquote" | "q" | "del" | "ins", "cite") => true,
                // A picture of 0 by 0, a table of a million columns.
                (_, "width" | "height" | "colspan" | "rowspan" | "span") => !is_small_number(value),
                _ => false,
            };
            (!elsewhere).then_some(Cow::Borrowed(value))
        });
    builder
});

fn begins_with(value: &str, scheme: &str) -> bool {
    let value = value.trim_start();
    value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

fn is_small_number(value: &str) -> bool {
    value
        .trim()
        .trim_end_matches(['%', 'p', 'x'])
        .parse::<u16>()
        .is_ok_and(|number| (1..=4_000).contains(&number))
}

/// `html` made harmless; none if it is made to be hard to read, and its text has to do.
#[must_use]
pub fn sanitised(html: &str) -> Option<String> {
    if !is_tame(html) {
        return None;
    }
    let html: String = html.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    let clean = HARMLESS.clean(&html).to_string();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// Whether a browser's algorithm gets through `html` in time that grows with its length.
fn is_tame(html: &str) -> bool {
    let (mut tags, mut open) = (0_usize, 0_usize);
    let mut deepest = 0;
    for tag in html.split('<').skip(1) {
        match tag.bytes().next() {
            Some(b'/') => open = open.saturating_sub(1),
            Some(letter) if letter.is_ascii_alphabetic() => {
                tags += 1;
                let name = tag_name(tag);
                let alone =
                    matches!(name.as_str(), "br" | "img" | "hr" | "meta" | "link" | "input" | "col" | "wbr");
                // Browsers close these themselves.
                let closes =
                    matches!(name.as_str(), "p" | "li" | "td" | "tr" | "th" | "option" | "dd" | "dt");
                if !alone && !closes {
                    open += 1;
                }
                deepest = deepest.max(open);
            }
            _ => {}
        }
    }
    tags <= TAGS_MAX && deepest <= OPEN_MAX
}

/// A tag's name in small letters: of `div class="x">…` it is `div`.
fn tag_name(tag: &str) -> String {
    let end =
        tag.bytes().take(16).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b':')).unwrap_or(16);
    tag.get(..end.min(tag.len())).unwrap_or_default().to_ascii_lowercase()
}

/// The text of `html`: line ends where a reader sees them, quotes marked `> ` as in plain letters, entities decoded.
/// Reads from start to end once.
#[must_use]
pub fn text_of_html(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (words, tag) = rest.split_once('<').map_or((rest, None), |(words, tag)| (words, Some(tag)));
        text.words(words);
        let Some(tag) = tag else { break };
        rest = text.tag(tag);
    }
    text.out
}

#[derive(Default)]
struct Text {
    out: String,
    /// How deep in quotes.
    quoted: usize,
    /// Blanks are owed before the next word.
    blank: bool,
    /// In `pre`, where line ends count.
    kept: usize,
    /// Whether something stands on the line.
    begun: bool,
}

/// Quotes within quotes that are marked.
const QUOTES_MAX: usize = 20;

impl Text {
    fn words(&mut self, words: &str) {
        let mut rest = words;
        while let Some(c) = rest.chars().next() {
            let mut next = c.len_utf8();
            if c == '&' {
                let end = rest.bytes().take(40).position(|byte| byte == b';');
                let entity = end.and_then(|end| rest.get(..=end)).filter(|entity| is_entity(entity));
                if let Some(entity) = entity {
                    next = entity.len();
                    let mut decoded = String::new();
                    add_html_token(&mut decoded, entity.as_bytes(), false);
                    for c in decoded.chars() {
                        self.put(if c == '\u{A0}' { ' ' } else { c });
                    }
                    rest = &rest[next..];
                    continue;
                }
            }
            if c.is_whitespace() && c != '\u{A0}' {
                if self.kept > 0 && c == '\n' { self.line() } else { self.blank = true }
            } else {
                self.put(if c == '\u{A0}' { ' ' } else { c });
            }
            rest = &rest[next..];
        }
    }

    fn put(&mut self, c: char) {
        if !self.begun {
            for _ in 0..self.quoted.min(QUOTES_MAX) {
                self.out.push_str("> ");
            }
        } else if self.blank {
            self.out.push(' ');
        }
        (self.blank, self.begun) = (false, true);
        self.out.push(c);
    }

    /// Ends the line.
    fn line(&mut self) {
        self.out.push('\n');
        (self.blank, self.begun) = (false, false);
    }

    /// Begins a new line, if something stands on this one.
    fn block(&mut self) {
        if self.begun {
            self.line();
        }
        self.blank = false;
    }

    /// Leaves an empty line, if there is none.
    fn gap(&mut self) {
        self.block();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Reads a tag, of which `<` has been read, and gives what comes after it.
    fn tag<'h>(&mut self, tag: &'h str) -> &'h str {
        if let Some(comment) = tag.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, rest)| rest);
        }
        let closing = tag.starts_with('/');
        let name = tag_name(tag.strip_prefix('/').unwrap_or(tag));
        if name.is_empty() && !tag.starts_with(['/', '!', '?']) {
            // "3 < 4" is no tag.
            self.put('<');
            return tag;
        }
        let (inside, rest) = split_tag(tag);
        match (name.as_str(), closing) {
            (
                "script" | "style" | "head" | "title" | "template" | "noscript" | "svg" | "math" | "object",
                false,
            ) => {
                return if inside.ends_with('/') { rest } else { after_end(rest, &name) };
            }
            ("br", _) => self.line(),
            ("blockquote", false) => {
                self.block();
                self.quoted += 1;
            }
            ("blockquote", true) => {
                self.block();
                self.quoted = self.quoted.saturating_sub(1);
            }
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table", _) => self.gap(),
            ("hr", _) => {
                self.block();
                // Outlook draws it where the quoted letter begins.
                self.put('_');
                self.out.push_str("_______________________________");
                self.line();
            }
            ("li", false) => {
                self.block();
                self.put('-');
                self.blank = true;
            }
            ("td" | "th", false) => self.blank = true,
            ("pre", false) => {
                self.block();
                self.kept += 1;
            }
            ("pre", true) => {
                self.block();
                self.kept = self.kept.saturating_sub(1);
            }
            (
                "div" | "tr" | "section" | "article" | "header" | "footer" | "body" | "dl" | "dt" | "dd"
                | "center" | "address" | "form" | "li",
                _,
            ) => self.block(),
            _ => {}
        }
        rest
    }
}

fn is_entity(text: &str) -> bool {
    let inside = &text[1..text.len() - 1];
    !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// A tag's inside and what comes after it; a `>` in quotes does not end it.
fn split_tag(tag: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&tag[..at], &tag[at + 1..]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed: the tag ends where a careless reader would end it.
    tag.split_once('>').unwrap_or((tag, ""))
}

/// What comes after the end tag of `name`; nothing if it never comes.
fn after_end<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once("</") {
        if tag_name(tag) == name {
            return split_tag(tag).1;
        }
        rest = tag;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_loaded_run_or_hidden() {
        let html = r##"<html><head><style>b{display:none}</style><script>x()</script></head>
            <body onload="x()" style="background:url(//e.example/t.gif)">Hej <b style="display:none">dold</b>
            <img src="https://e.example/track.gif"><img src="cid:bild1" onerror=x() width="9999999">
            <img src="data:image/png;base64,AA"><a href="javascript:x()">a</a><a href="https://vikhamn.example/x">b</a>
            <table background="https://e.example/b.gif"><tr><td>c</td></tr></table>
            <iframe src="https://e.example"></iframe><svg><script>x()</script></svg>
            <form action="https://e.example"><input name=p></form><link rel=stylesheet href="https://e.example/x.css">
            <img srcset="https://e.example/a.png 2x"><video poster="https://e.example/p.png" src="https://e.example/v"></video>
            </body></html>"##;
        let clean = sanitised(html).unwrap();
        assert!(!clean.contains("e.example"), "{clean}");
        for word in ["script", "style", "onload", "onerror", "data:", "<form", "<input", "9999999", "display"]
        {
            assert!(!clean.contains(word), "{word}: {clean}");
        }
        assert!(clean.contains("dold") && clean.contains(r#"<img src="cid:bild1">"#), "{clean}");
        assert!(
            clean.contains(r#"<a href="https://vikhamn.example/x" rel="noopener noreferrer nofollow">b</a>"#),
            "{clean}"
        );
    }

    #[test]
    fn what_is_made_to_take_time_is_left_as_text() {
        assert_eq!(sanitised(&"<b><i>".repeat(200_000)), None);
        assert_eq!(sanitised(&"<div>".repeat(1_000)), None);
        assert!(sanitised(&"<p>rad</p>".repeat(5_000)).is_some());
        assert_eq!(sanitised("<style>p{}</style>"), None);
    }

    #[test]
    fn text_has_the_lines_that_a_reader_sees() {
        let html = "<html><head><title>x</title></head><body><p>Hej&nbsp;p&aring;   er,</p><div>r&#228;d &lt;1&gt;<br>tv\n\u{E5}</div>\
            <ul><li>ett</li><li>tv&aring;</li></ul><!-- dolt --><table><tr><td>a</td><td>b</td></tr></table>\
            <blockquote><div>Citat</div><blockquote>djupt</blockquote></blockquote>3 < 4 &amp; 5 > 4 &okänd;</body></html>";
        let text = text_of_html(html);
        assert_eq!(
            text.trim(),
            "Hej på er,\n\nräd <1>\ntv å\n\n- ett\n- två\n\na b\n\n> Citat\n> > djupt\n3 < 4 & 5 > 4 &okänd;"
        );
    }

    #[test]
    fn broken_html_ends() {
        for html in
            ["<", "<a", "<a href=\"", "<!--", "<script>", "</", "&", "&#", "&;", "<<<>>>", "<style>x</styl"]
        {
            let _ = (text_of_html(html), sanitised(html));
        }
        assert_eq!(text_of_html("<p title=\">\">a</p>").trim(), "a");
    }
}
