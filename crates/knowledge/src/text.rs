//! The small Markdown articles are written in: paragraphs, `##` headings, `-` and `1.` lists, `**strong**`. Read into
//! blocks, so that a page never has to trust HTML.

/// A piece of an article's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list without order.
    Bullets(Vec<Vec<Inline>>),
    /// Steps in order.
    Steps(Vec<Vec<Inline>>),
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain.
    Text(String),
    /// Stressed.
    Strong(String),
}

enum Line<'a> {
    Blank,
    Heading(&'a str),
    Bullet(&'a str),
    Step(&'a str),
    Text(&'a str),
}

fn line(raw: &str) -> Line<'_> {
    let text = raw.trim();
    if text.is_empty() {
        return Line::Blank;
    }
    let hashes = text.trim_start_matches('#');
    if hashes.len() < text.len() && hashes.starts_with(' ') {
        return Line::Heading(hashes.trim());
    }
    if let Some(item) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
        return Line::Bullet(item.trim());
    }
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix(". ") {
        Some(item) if digits.len() < text.len() => Line::Step(item.trim()),
        _ => Line::Text(text),
    }
}

fn inlines(text: &str) -> Vec<Inline> {
    let pieces: Vec<&str> = text.split("**").collect();
    // An odd number of pieces means that each opening has its end.
    if pieces.len().is_multiple_of(2) {
        return vec![Inline::Text(text.to_owned())];
    }
    let strong = |n: usize| !n.is_multiple_of(2);
    pieces
        .into_iter()
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(n, piece)| if strong(n) { Inline::Strong(piece.into()) } else { Inline::Text(piece.into()) })
        .collect()
}

/// The blocks of a body.
#[must_use]
pub fn blocks(body: &str) -> Vec<Block> {
    gather(body).into_iter().map(Gathered::into_block).collect()
}

/// A block whose lines have been joined but not read for stress.
enum Gathered {
    Heading(String),
    Paragraph(String),
    Bullets(Vec<String>),
    Steps(Vec<String>),
}

impl Gathered {
    fn into_block(self) -> Block {
        let items = |items: Vec<String>| items.iter().map(|item| inlines(item)).collect();
        match self {
            Self::Heading(text) => Block::Heading(text),
            Self::Paragraph(text) => Block::Paragraph(inlines(&text)),
            Self::Bullets(list) => Block::Bullets(items(list)),
            Self::Steps(list) => Block::Steps(items(list)),
        }
    }

    fn texts(self) -> Vec<String> {
        match self {
            Self::Heading(text) | Self::Paragraph(text) => vec![text],
            Self::Bullets(list) | Self::Steps(list) => list,
        }
    }

    /// The text that a line without a mark of its own goes on with.
    fn open(&mut self) -> Option<&mut String> {
        match self {
            Self::Heading(_) => None,
            Self::Paragraph(text) => Some(text),
            Self::Bullets(list) | Self::Steps(list) => list.last_mut(),
        }
    }
}

fn gather(body: &str) -> Vec<Gathered> {
    let mut all: Vec<Gathered> = Vec::new();
    let mut interrupted = true;
    for raw in body.lines() {
        let was_interrupted = std::mem::replace(&mut interrupted, false);
        match line(raw) {
            Line::Blank => interrupted = true,
            Line::Heading(text) => all.push(Gathered::Heading(text.to_owned())),
            Line::Bullet(text) => match all.last_mut() {
                Some(Gathered::Bullets(list)) => list.push(text.to_owned()),
                _ => all.push(Gathered::Bullets(vec![text.to_owned()])),
            },
            Line::Step(text) => match all.last_mut() {
                Some(Gathered::Steps(list)) => list.push(text.to_owned()),
                _ => all.push(Gathered::Steps(vec![text.to_owned()])),
            },
            Line::Text(text) => match all.last_mut().and_then(Gathered::open).filter(|_| !was_interrupted) {
                Some(open) => {
                    open.push(' ');
                    open.push_str(text);
                }
                None => all.push(Gathered::Paragraph(text.to_owned())),
            },
        }
    }
    all
}

/// The sentences of a body or an answer, without their marks.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    gather(text)
        .into_iter()
        .filter(|block| !matches!(block, Gathered::Heading(_)))
        .flat_map(Gathered::texts)
        .flat_map(|text| split_sentences(&text.replace("**", "")))
        .collect()
}

/// Cuts after `.`, `!` or `?` when a capital letter follows, so that "kl. 7" and "t.ex." stay whole.
fn split_sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut begin = 0;
    for (at, sign) in text.match_indices(['.', '!', '?']) {
        let after = at + sign.len();
        let rest = &text[after..];
        let ends = rest.starts_with(char::is_whitespace)
            && rest.trim_start().chars().next().is_some_and(char::is_uppercase);
        if ends {
            sentences.push(text[begin..after].trim().to_owned());
            begin = after;
        }
    }
    let last = text[begin..].trim();
    if !last.is_empty() {
        sentences.push(last.to_owned());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_into_blocks() {
        let body = "Först **det viktiga**\nsom fortsätter.\n\n## Steg\n1. Ring.\n2. Vänta\n   lite.\n\n- a\n- b\n\nSlut";
        let text = |t: &str| Inline::Text(t.into());
        assert_eq!(
            blocks(body),
            [
                Block::Paragraph(vec![
                    text("Först "),
                    Inline::Strong("det viktiga".into()),
                    text(" som fortsätter.")
                ]),
                Block::Heading("Steg".into()),
                Block::Steps(vec![vec![text("Ring.")], vec![text("Vänta lite.")]]),
                Block::Bullets(vec![vec![text("a")], vec![text("b")]]),
                Block::Paragraph(vec![text("Slut")]),
            ]
        );
        assert_eq!(blocks("a ** b"), [Block::Paragraph(vec![text("a ** b")])]);
        assert_eq!(blocks("<script>"), [Block::Paragraph(vec![text("<script>")])]);
    }

    #[test]
    fn sentences_end_where_the_next_begins() {
        assert_eq!(
            sentences("Öppet kl. 7. Ring då! Vad gäller, t.ex. på lördag?\n\n- Åk hit."),
            ["Öppet kl. 7.", "Ring då!", "Vad gäller, t.ex. på lördag?", "Åk hit."]
        );
    }
}
