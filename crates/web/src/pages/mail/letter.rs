//! One letter as it is shown: what is new in it first, quotes and signature folded, HTML made harmless once more.

use super::path;
use crate::{t, visit::Visit};
use correspondence::{Letter, LetterKind, LetterPart};
use maud::{Markup, PreEscaped, html};
use std::borrow::Cow;
use std::collections::HashMap;
use vocabulary::GenericUuid as _;

/// The letter's HTML with nothing in it that acts or calls home: no script, style, form or frame; no address but the
/// reader's own click leads away; pictures only from the letter itself, by our own path.
#[must_use]
pub fn harmless(html: &str, pictures: &HashMap<String, String>) -> String {
    let pictures = pictures.clone();
    ammonia::Builder::default()
        .add_tags(["font"])
        .rm_tags(["map", "area"])
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into_iter().collect())
        // The letter's own pictures get paths of ours below; no other relative address passes the filter.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |tag, name, value| match (tag, name) {
            // Only what the letter brought along is shown; a picture from elsewhere tells its sender who reads, and when.
            ("img", "src") => {
                let id = value.trim().strip_prefix("cid:")?.trim_matches(['<', '>']);
                pictures.get(id).map(|path| Cow::Owned(path.clone()))
            }
            // On other tags, addresses that a browser fetches by itself.
            (_, "cite" | "background" | "srcset" | "longdesc") => None,
            ("a", "href") => leads_away(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        })
        .clean(html)
        .to_string()
}

/// Whether an address is whole and to somebody else's place: a letter has no business with our own paths.
fn leads_away(address: &str) -> bool {
    let address = address.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme))
}

/// The paths of a letter's own pictures, by what its HTML calls them.
fn pictures(letter: &Letter, parts: &[&LetterPart]) -> HashMap<String, String> {
    parts
        .iter()
        .filter(|part| part.sha256.is_some())
        .filter_map(|part| Some((part.content_id.clone()?, picture_path(letter, part))))
        .collect()
}

fn picture_path(letter: &Letter, part: &LetterPart) -> String {
    format!("{}?shown=true", file_path(letter, part))
}

fn file_path(letter: &Letter, part: &LetterPart) -> String {
    path(letter.conversation_id, &format!("files/{}", part.id.into_untyped_uuid()))
}

/// A letter in the conversation. `state` is how far one of ours has come, `author` who of us wrote it.
#[must_use]
pub fn letter(
    visit: &Visit,
    letter: &Letter,
    parts: &[&LetterPart],
    state: Option<&str>,
    author: Option<&str>,
    veiled: bool,
) -> Markup {
    let words = visit.words;
    let from = match (author, veiled && letter.kind == LetterKind::Received) {
        (Some(author), _) => author.to_owned(),
        (None, true) => t!(words, "mail-protected"),
        (None, false) if letter.from_name.is_empty() => letter.from_email.clone(),
        (None, false) => letter.from_name.clone(),
    };
    let id = letter.id.into_untyped_uuid();
    let whole = letter.text != letter.reply;
    html! {
        article .card .letter .(letter.kind.as_str()) aria-labelledby=(format!("letter-{id}")) {
            div .card-head {
                h3 id=(format!("letter-{id}")) { (from) }
                span .small {
                    span .badge .info[letter.kind == LetterKind::Sent] .warn[letter.kind == LetterKind::Note] {
                        (words.word("letter-kind", letter.kind.as_str())) } " "
                    @if let Some(state) = state { span .soft { (words.word("message-state", state)) } " · " }
                    span .soft { (words.when(letter.written_at, visit.now)) }
                }
            }
            p .pre .letter-text { (letter.reply) }
            (files(visit, letter, parts))
            @if whole {
                details { summary { (t!(words, "mail-whole")) } p .pre .letter-text { (letter.text) } }
            }
            @if let Some(html) = &letter.html {
                details { summary { (t!(words, "mail-formatted")) }
                    div .letter-html hx-boost="false" { (PreEscaped(harmless(html, &pictures(letter, parts)))) } }
            }
        }
    }
}

fn files(visit: &Visit, letter: &Letter, parts: &[&LetterPart]) -> Markup {
    let words = visit.words;
    html! {
        @if !parts.is_empty() {
            ul .plain-list .letter-files aria-label=(t!(words, "mail-files")) {
                @for part in parts {
                    li {
                        @if part.sha256.is_some() {
                            a href=(file_path(letter, part)) hx-boost="false" download=(part.name) { (part.name) }
                            " " span .soft .small { (size(part.bytes)) }
                            @if part.inline || part.media_type.starts_with("image/") {
                                br; img src=(picture_path(letter, part)) alt=(part.name) loading="lazy";
                            }
                        } @else {
                            span { (part.name) } " "
                            span .badge .warn { (t!(words, "mail-refused")) } " "
                            span .soft .small { (part.refused.as_deref().unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=1_023 => format!("{bytes} B"),
        1_024..=1_048_575 => format!("{} kB", bytes.div_ceil(1_024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(html: &str) -> String {
        let pictures = HashMap::from([("bild@a".to_owned(), "/mail/1/files/2?shown=true".to_owned())]);
        harmless(html, &pictures)
    }

    #[test]
    fn a_letters_own_pictures_are_shown_and_no_others() {
        assert!(clean(r#"<img src="cid:bild@a" alt="hål">"#).contains(r#"src="/mail/1/files/2?shown=true""#));
        for foreign in [
            r#"<img src="https://spy.example/1.gif">"#,
            r#"<img src="//spy.example/1.gif">"#,
            r#"<img src="cid:okänd">"#,
            r#"<img src="/sign-out">"#,
            r#"<img srcset="https://spy.example/1.gif 2x">"#,
            r#"<table background="https://spy.example/1.gif"><tr><td>x</table>"#,
            r#"<p style="background:url(https://spy.example)">x</p>"#,
            r#"<style>@import url(https://spy.example)</style>"#,
            r#"<link rel=stylesheet href=https://spy.example>"#,
            r#"<video src=https://spy.example poster=https://spy.example></video>"#,
            r#"<svg><image href="https://spy.example"/></svg>"#,
            r#"<blockquote cite="https://spy.example">x</blockquote>"#,
        ] {
            let out = clean(foreign);
            assert!(!out.contains("spy.example") && !out.contains("sign-out"), "{foreign} became {out}");
        }
    }

    #[test]
    fn nothing_in_a_letter_acts() {
        for wild in [
            "<script>alert(1)</script>",
            r#"<a href="javascript:alert(1)">x</a>"#,
            r#"<a href="/mail/1/spam">x</a>"#,
            r#"<form action="/mail/1/close"><button>x</button></form>"#,
            r#"<div hx-post="/mail/1/close" hx-trigger="load">x</div>"#,
            r#"<p onclick="alert(1)" id="main" class="notice">x</p>"#,
            r#"<iframe src="https://evil.example"></iframe>"#,
            r#"<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>"#,
            r#"<base href="https://evil.example">"#,
            r#"<meta http-equiv=refresh content="0;url=https://evil.example">"#,
        ] {
            let out = clean(wild).to_lowercase();
            for bad in [
                "script",
                "javascript",
                "hx-",
                "onclick",
                "onerror",
                "<form",
                "<iframe",
                "evil",
                "/mail/",
                "id=\"main\"",
                "<base",
                "<meta",
            ] {
                assert!(!out.contains(bad), "{wild} became {out}");
            }
        }
        assert_eq!(
            clean(r#"<a href="https://vikhamn.example">x</a>"#),
            r#"<a href="https://vikhamn.example" rel="noopener noreferrer nofollow">x</a>"#
        );
    }
}
