//! What a letter says and what came with it.

use crate::charset::decode;
use crate::plain::{clean, one_line, unflow};
use crate::refuse::{is_dangerous, name_of};
use crate::structure::{Head, Node, Sort, Tree, head_end};
use crate::{Limits, Part, Refused, RefusedPart, html};

/// What a letter says and what came with it.
#[derive(Default)]
pub(crate) struct Body {
    pub text: String,
    pub html: Option<String>,
    pub files: Vec<Part>,
    pub refused: Vec<RefusedPart>,
}

/// Reads the texts and files of a letter; those of letters within it stay within them.
pub(crate) fn read(tree: &Tree<'_>, limits: &Limits) -> Body {
    let mut reader = Reader { tree, limits, files: Vec::new() };
    let said = reader.said(0);
    let files = reader.files;
    let mut taken = Files { limits, bytes: 0, body: Body::default() };
    if tree.cut {
        taken.refuse(String::new(), Refused::TooMany);
    }
    for (place, related) in files {
        taken.take(&tree.nodes[place], related);
    }
    let mut body = taken.body;
    let pieces = said.iter().map(|piece| piece.as_text());
    let (text, whole) = clean(&pieces.collect::<Vec<_>>().join("\n\n"), limits.text_chars_max);
    if !whole {
        body.refused.push(RefusedPart { name: String::new(), reason: Refused::TextTooLong });
    }
    let has_page = said.iter().any(|piece| piece.page.is_some());
    let page: String = if has_page { said.iter().map(Said::as_page).collect() } else { String::new() };
    body.html = (has_page && page.len() <= limits.html_bytes_max).then(|| html::sanitised(&page)).flatten();
    body.text = text;
    body
}

/// One thing that a letter says, in one or two forms.
#[derive(Default)]
struct Said {
    plain: Option<String>,
    page: Option<String>,
}

impl Said {
    /// As text: what was written as text, unless it was left blank and the page says something.
    fn as_text(&self) -> String {
        match (&self.plain, &self.page) {
            (Some(plain), _) if !plain.trim().is_empty() => plain.clone(),
            (plain, None) => plain.clone().unwrap_or_default(),
            (_, Some(page)) => html::text_of_html(page),
        }
    }

    fn as_page(&self) -> String {
        match (&self.plain, &self.page) {
            (_, Some(page)) => page.clone(),
            (Some(plain), None) => {
                let escaped = plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                format!("<pre>{escaped}</pre>")
            }
            (None, None) => String::new(),
        }
    }
}

struct Reader<'a, 'r> {
    tree: &'a Tree<'r>,
    limits: &'a Limits,
    /// The places of the files, in the letter's order, and whether they belong to a page.
    files: Vec<(usize, bool)>,
}

impl Reader<'_, '_> {
    /// What the part at `place` says; the files in it are collected on the way. As deep as the tree, whose depth is
    /// bounded.
    fn said(&mut self, place: usize) -> Vec<Said> {
        let tree = self.tree;
        let node = &tree.nodes[place];
        match node.sort {
            Sort::Multipart => self.said_within(node),
            Sort::Plain | Sort::Html if is_text_of_letter(node, place) => {
                let text = text_of(node, self.limits);
                vec![if node.sort == Sort::Html {
                    Said { plain: None, page: Some(text) }
                } else {
                    Said { plain: Some(text), page: None }
                }]
            }
            _ => {
                self.files.push((place, false));
                Vec::new()
            }
        }
    }

    fn said_within(&mut self, node: &Node<'_>) -> Vec<Said> {
        match node.media_type.as_str() {
            "multipart/alternative" => self.alternatives(node),
            // The page, and what it shows; a letter, and what is said about its delivery or its signature.
            "multipart/related" | "multipart/report" | "multipart/signed" => {
                let start = node.head.parameter("start").map(|id| id.trim_matches(['<', '>']));
                let is_start = |child: &&usize| {
                    let id = self.tree.nodes[**child].head.content_id().map(|id| id.trim_matches(['<', '>']));
                    start.is_some() && id == start
                };
                let first = node.children.iter().find(is_start).or(node.children.first()).copied();
                let said = first.map(|first| self.said(first)).unwrap_or_default();
                let related = node.media_type == "multipart/related";
                for child in node.children.iter().filter(|child| Some(**child) != first) {
                    self.all_files(*child, related);
                }
                said
            }
            _ => node.children.iter().flat_map(|child| self.said(*child)).collect(),
        }
    }

    /// The same in several forms: the first that is text, the last that is a page.
    fn alternatives(&mut self, node: &Node<'_>) -> Vec<Said> {
        let (mut plain, mut page) = (None::<Vec<Said>>, None::<Vec<Said>>);
        for child in &node.children {
            let said = self.said(*child);
            if said.is_empty() {
                continue;
            }
            if said.iter().any(|piece| piece.page.is_some()) {
                page = Some(said);
            } else if plain.is_none() {
                plain = Some(said);
            }
        }
        let text = |said: &[Said]| said.iter().map(Said::as_text).collect::<Vec<_>>().join("\n\n");
        let Some(page) = page else { return plain.unwrap_or_default() };
        let plain = plain.map(|said| text(&said)).filter(|text| !text.trim().is_empty());
        let plain = plain.or_else(|| {
            // A page in several pieces may have its text in one of them.
            page.iter().any(|piece| piece.plain.is_some()).then(|| text(&page))
        });
        vec![Said { plain, page: Some(page.iter().map(Said::as_page).collect()) }]
    }

    /// Everything in the part at `place` is a file.
    fn all_files(&mut self, place: usize, related: bool) {
        let tree = self.tree;
        let node = &tree.nodes[place];
        if node.sort == Sort::Multipart {
            for child in &node.children {
                self.all_files(*child, related);
            }
        } else {
            self.files.push((place, related));
        }
    }
}

/// Whether a text is the letter's own, and no file of text.
fn is_text_of_letter(node: &Node<'_>, place: usize) -> bool {
    !node.head.is_attachment() && (place == 0 || node.head.is_inline() || node.head.file_name().is_none())
}

/// The text of a part: decoded, in its encoding or in the one it is really in, unwrapped if it was sent wrapped.
pub(crate) fn text_of(node: &Node<'_>, limits: &Limits) -> String {
    let bytes = node.content();
    // What is beyond would be cut away below, character by character.
    let bytes = &bytes[..bytes.len().min(limits.text_chars_max.saturating_mul(16))];
    let text = decode(bytes, node.head.parameter("charset").or_else(|| label_in_page(node, bytes)));
    let said = |name| node.head.parameter(name).unwrap_or_default();
    if node.sort == Sort::Plain && said("format").eq_ignore_ascii_case("flowed") {
        unflow(&text, said("delsp").eq_ignore_ascii_case("yes"))
    } else {
        text
    }
}

/// The encoding that a page names itself, where its part names none.
fn label_in_page<'b>(node: &Node<'_>, bytes: &'b [u8]) -> Option<&'b str> {
    if node.sort != Sort::Html {
        return None;
    }
    let head = &bytes[..bytes.len().min(2_048)];
    let at = head.windows(8).position(|eight| eight.eq_ignore_ascii_case(b"charset="))? + 8;
    let label = head[at..].strip_prefix(b"\"").unwrap_or(&head[at..]);
    let end = label.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_".contains(byte)))?;
    std::str::from_utf8(&label[..end]).ok()
}

struct Files<'a> {
    limits: &'a Limits,
    bytes: usize,
    body: Body,
}

impl Files<'_> {
    fn take(&mut self, node: &Node<'_>, related: bool) {
        let place = self.body.files.len();
        let bytes = node.content();
        let said = said_name(node, &bytes);
        let name = name_of(&said, &node.media_type, place);
        if bytes.is_empty() && said.is_empty() {
            // A part without name and content is a slip of the program that made it.
            return;
        }
        if place >= self.limits.files_max {
            return self.refuse(name, Refused::TooMany);
        }
        let left = self.limits.files_bytes_max.saturating_sub(self.bytes);
        if is_dangerous(&name, &node.media_type, &bytes, &self.limits.refused_endings) {
            return self.refuse(name, Refused::Dangerous);
        }
        if bytes.len() > self.limits.file_bytes_max.min(left) {
            return self.refuse(name, Refused::TooLarge);
        }
        self.bytes += bytes.len();
        let content_id = node.head.content_id().map(|id| one_line(id.trim_matches(['<', '>', ' ']), 200));
        let content_id = content_id.filter(|id| !id.is_empty());
        let shown = (related && !node.head.is_attachment()) || node.head.is_inline();
        let inline = shown && node.media_type.starts_with("image/") && content_id.is_some();
        let media_type = node.media_type.clone();
        self.body.files.push(Part { name, media_type, content_id, inline, bytes: bytes.into_owned() });
    }

    fn refuse(&mut self, name: String, reason: Refused) {
        // A letter of ten thousand parts is refused with a few words.
        const SAID_MAX: usize = 100;
        let refused = RefusedPart { name, reason };
        if self.body.refused.len() < SAID_MAX && !self.body.refused.contains(&refused) {
            self.body.refused.push(refused);
        }
    }
}

/// What a part is called by its sender: in its head, or for a letter, its subject.
fn said_name(node: &Node<'_>, bytes: &[u8]) -> String {
    if let Some(name) = node.head.file_name() {
        return name.to_owned();
    }
    if node.sort == Sort::Message {
        let within = Head::read(&bytes[..head_end(bytes)]);
        let subject = one_line(within.values().subject().unwrap_or_default(), 100);
        if !subject.is_empty() {
            return format!("{}.eml", subject.replace(['/', '\\'], "-"));
        }
    }
    String::new()
}
