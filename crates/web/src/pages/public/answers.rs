//! What the pages are made of: the search box, lists of questions, an answer's text.

use super::{Place, link, shelf::public};
use crate::{components::forms, t, visit::Visit};
use knowledge::asked::WEAK_SHARE;
use knowledge::{Article, Block, Hit, Inline, QUERY_CHARS_MAX, blocks};
use maud::{Markup, html};
use std::ops::Range;
use vocabulary::GenericUuid as _;
use vocabulary::SearchId;

/// A search that has been written down, as a hidden field; empty before.
pub fn search_mark(search: Option<SearchId>) -> Markup {
    let id = search.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    html! { input type="hidden" name="search" value=(id); }
}

/// The search box. What is typed is sent in the body: what a resident asks about does not belong in addresses and logs.
/// The script fills `#found` while one types.
pub fn search_box(visit: &Visit, place: Place, typed: &str, search: Option<SearchId>) -> Markup {
    let words = visit.words;
    html! {
        form .site-search method="post" action=(link(visit, place.start())) role="search"
            data-find=(link(visit, "/site/find")) data-place=[(place == Place::Embedded).then_some("embedded")] {
            (search_mark(search))
            label for="query" { (t!(words, "site-search")) }
            div .search-row {
                input #query type="search" name="query" value=(typed) maxlength=(QUERY_CHARS_MAX) autocomplete="off"
                    enterkeyhint="search" required aria-describedby="query-hint";
                button type="submit" .primary { (t!(words, "search")) }
            }
            p #query-hint .hint { (t!(words, "site-search-hint")) }
        }
    }
}

/// What a search has found, and what to do when nothing fits. Each answer is opened by a form, so that the search it was
/// found by comes along in the body; the script makes links of them.
pub fn found(visit: &Visit, place: Place, typed: &str, hits: &[Hit], search: Option<SearchId>) -> Markup {
    let words = visit.words;
    html! {
        div .found data-search=[search.map(|id| id.into_untyped_uuid())] {
            @if hits.is_empty() {
                p .lead role="status" { (t!(words, "site-found-nothing", query = typed.trim())) }
                p { (t!(words, "site-found-nothing-hint")) }
            } @else {
                @if hits.iter().all(|hit| hit.share < WEAK_SHARE) {
                    p role="status" { (t!(words, "site-found-weak")) }
                } @else {
                    p .soft role="status" { (t!(words, "site-found", n = hits.len())) }
                }
                ol .hits {
                    @for hit in hits {
                        li lang="sv" {
                            form .hit method="post" action=(link(visit, &place.article(&hit.article.slug))) {
                                (search_mark(search))
                                input type="hidden" name="query" value=(typed);
                                button type="submit" .as-link data-article=(hit.article.slug) { (marked(&public(&hit.article).title, &hit.title_marks)) }
                            }
                            p { (marked(&hit.sentence, &hit.sentence_marks)) }
                        }
                    }
                }
            }
            (ask_instead(visit, place, typed, search))
        }
    }
}

/// The way to a person: the question goes along to the form.
pub fn ask_instead(visit: &Visit, place: Place, typed: &str, search: Option<SearchId>) -> Markup {
    let words = visit.words;
    let new_window = place == Place::Embedded;
    html! {
        form .ask-instead method="post" action=(link(visit, "/contact/begin")) target=[new_window.then_some("_blank")] {
            (search_mark(search))
            input type="hidden" name="query" value=(typed);
            p { (t!(words, "site-ask-instead")) }
            button type="submit" .button {
                (t!(words, "site-ask-instead-send"))
                @if new_window { span .visually-hidden { " " (t!(words, "site-new-window")) } }
            }
        }
    }
}

/// Questions one below the other, each a link.
pub fn list<'a>(visit: &Visit, place: Place, articles: impl IntoIterator<Item = &'a Article>) -> Markup {
    html! {
        ul .questions lang="sv" {
            @for article in articles {
                li { a href=(link(visit, &place.article(&article.slug))) { (public(article).title) } }
            }
        }
    }
}

/// An article's body.
pub fn body(text: &str) -> Markup {
    html! {
        @for block in blocks(text) {
            @match &block {
                Block::Heading(text) => h2 { (text) },
                Block::Paragraph(runs) => p { (inline(runs)) },
                Block::Bullets(items) => ul { @for item in items { li { (inline(item)) } } },
                Block::Steps(items) => ol { @for item in items { li { (inline(item)) } } },
            }
        }
    }
}

fn inline(runs: &[Inline]) -> Markup {
    html! {
        @for run in runs {
            @match run { Inline::Text(text) => (text), Inline::Strong(text) => strong { (text) } }
        }
    }
}

/// A text with what was searched for marked.
pub fn marked(text: &str, marks: &[Range<usize>]) -> Markup {
    let mut at = 0;
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    for mark in marks {
        if let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone())) {
            pieces.push((false, before));
            pieces.push((true, inside));
            at = mark.end;
        }
    }
    pieces.push((false, text.get(at..).unwrap_or_default()));
    html! { @for (is_mark, piece) in pieces { @if is_mark { mark { (piece) } } @else { (piece) } } }
}

/// The field that only machines fill in.
pub fn trap(id: &str) -> Markup {
    html! {
        div .trap aria-hidden="true" {
            label for=(id) { "Website" }
            input id=(id) type="text" name=(super::TRAP) value="" tabindex="-1" autocomplete="off";
        }
    }
}

/// Whether an answer helped, and what was wrong. Sent without a name: the note says in its hint what not to write.
pub fn helpful_form(visit: &Visit, place: Place, article: &Article, search: Option<SearchId>) -> Markup {
    let words = visit.words;
    let faults = forms::Faults::none();
    let action = link(visit, &format!("/questions/{}/helpful", article.slug));
    html! {
        section .helpful aria-labelledby="helpful" {
            h2 #helpful { (t!(words, "site-helpful")) }
            div .actions {
                form method="post" action=(action) {
                    (search_mark(search))
                    (embedded_mark(place))
                    button type="submit" name="verdict" value="helpful" { (t!(words, "site-helpful-yes")) }
                }
                details {
                    summary { (t!(words, "site-helpful-no")) }
                    form method="post" action=(action) {
                        (search_mark(search))
                        (embedded_mark(place))
                        (trap("helpful-website"))
                        fieldset {
                            legend { (t!(words, "site-helpful-what")) }
                            (choice("helpful-missing", "not_helpful", &t!(words, "site-helpful-missing"), true))
                            (choice("helpful-wrong", "wrong", &t!(words, "site-helpful-wrong"), false))
                        }
                        (forms::Field::line("helpful", "note", t!(words, "site-helpful-note"), "").kind(forms::Kind::Text)
                            .optional().hint(t!(words, "site-helpful-note-hint")).room(super::NOTE_CHARS_MAX).show(words, &faults))
                        button type="submit" { (t!(words, "site-helpful-send")) }
                    }
                }
            }
        }
    }
}

fn choice(id: &str, value: &str, label: &str, chosen: bool) -> Markup {
    html! {
        div .check {
            input type="radio" id=(id) name="verdict" value=(value) checked[chosen];
            label for=(id) { (label) }
        }
    }
}

/// Says in a form that it was sent from a frame.
fn embedded_mark(place: Place) -> Markup {
    html! { @if place == Place::Embedded { input type="hidden" name="place" value="embedded"; } }
}
