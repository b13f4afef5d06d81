//! What an article looks like wherever it is read: the guide's search, its own page, the public site.

use crate::{components::forms, t, visit::Visit, words::Words};
use knowledge::reading::Verdict;
use knowledge::{Article, ArticleLink, ArticleState, Block, Content, Wording, blocks};
use maud::{Markup, html};
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::local_day;

/// A body, its headings one below those of the page's own parts.
#[must_use]
pub fn body(text: &str) -> Markup {
    html! { @for block in blocks(text) { (block_markup(&block)) } }
}

fn block_markup(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(text) => h3 { (text) },
            Block::Paragraph(runs) => p { (runs_markup(runs)) },
            Block::Bullets(items) => ul { @for item in items { li { (runs_markup(item)) } } },
            Block::Steps(items) => ol { @for item in items { li { (runs_markup(item)) } } },
        }
    }
}

fn runs_markup(runs: &[knowledge::Inline]) -> Markup {
    html! {
        @for run in runs {
            @match run {
                knowledge::Inline::Text(text) => (text),
                knowledge::Inline::Strong(text) => strong { (text) },
            }
        }
    }
}

/// What to say first, then the rest.
#[must_use]
pub fn wording(wording: &Wording) -> Markup {
    html! {
        p .answer { (wording.answer) }
        (body(&wording.body))
    }
}

/// How to think in this type of call.
#[must_use]
pub fn approach(words: &Words, text: &str) -> Markup {
    html! {
        @if !text.is_empty() {
            div .approach {
                p { strong { (t!(words, "article-approach")) } }
                (body(text))
            }
        }
    }
}

/// Where to read or do more. In a window of its own: whoever is on the telephone stays where they are.
#[must_use]
pub fn links<'a>(words: &Words, links: impl IntoIterator<Item = &'a ArticleLink>) -> Markup {
    let links: Vec<&ArticleLink> = links.into_iter().collect();
    html! {
        @if !links.is_empty() {
            p .links-head { strong { (t!(words, "article-links")) } }
            ul .article-links { @for link in links {
                li { a href=(link.url) target="_blank" rel="noopener noreferrer" hx-boost="false" {
                    (link.title) span .visually-hidden { " (" (t!(words, "article-link-window")) ")" }
                } }
            } }
        }
    }
}

/// The badge of what nobody has looked at for too long.
#[must_use]
pub fn overdue_badge(words: &Words, content: &Content, today: Date) -> Markup {
    html! { @if content.is_overdue(today) { span .badge .warn { (t!(words, "article-overdue")) } } }
}

/// What whoever reads something overdue is told.
#[must_use]
pub fn overdue_notice(words: &Words, content: &Content, today: Date) -> Markup {
    html! {
        @if content.is_overdue(today) {
            div .notice .warn { p {
                @match content.review_day {
                    Some(day) => (t!(words, "article-overdue-since", day = words.day(day))),
                    None => (t!(words, "article-overdue-never")),
                }
            } }
        }
    }
}

/// Where an article stands.
#[must_use]
pub fn state_badge(words: &Words, state: ArticleState, review_wanted: bool) -> Markup {
    let class = match state {
        ArticleState::Published => "badge good",
        ArticleState::Reviewed => "badge info",
        ArticleState::Draft | ArticleState::Archived => "badge",
    };
    html! {
        span class=(class) { (words.word("article-state", state.as_str())) }
        @if review_wanted { " " span .badge .info { (t!(words, "article-review-wanted")) } }
    }
}

/// Whether it helped: three buttons, of which one asks what is wrong. Answered in its own place, so that a call goes on.
#[must_use]
pub fn feedback(visit: &Visit, article: &Article, fault: Option<&str>, note: &str) -> Markup {
    let words = visit.words;
    let id = article.id.into_untyped_uuid();
    let (note_id, fault_id) = (format!("feedback-note-{id}"), format!("feedback-fault-{id}"));
    let label = t!(words, "feedback-question-about", title = article.title());
    html! {
        form .feedback method="post" action=(format!("/knowledge/{}/feedback", article.slug))
            hx-post=(format!("/knowledge/{}/feedback", article.slug)) hx-target="this" hx-select="" hx-swap="outerHTML"
            aria-label=(label) {
            (forms::token(visit))
            input type="hidden" name="version" value=(article.version);
            div .actions {
                span { (t!(words, "feedback-question")) }
                button type="submit" .slim name="verdict" value=(Verdict::Helpful) { (t!(words, "verdict-helpful")) }
                button type="submit" .slim name="verdict" value=(Verdict::NotHelpful) { (t!(words, "verdict-not-helpful")) }
            }
            details open[fault.is_some()] {
                summary { (t!(words, "feedback-wrong")) }
                div .field {
                    label for=(note_id) { (t!(words, "feedback-note")) }
                    @if let Some(fault) = fault { p .field-error id=(fault_id) { (fault) } }
                    textarea id=(note_id) name="note" rows="2" maxlength=(knowledge::model::NOTE_CHARS_MAX)
                        aria-describedby=[fault.map(|_| fault_id.clone())] aria-invalid=[fault.map(|_| "true")] { (note) }
                }
                p { button type="submit" name="verdict" value=(Verdict::Wrong) { (t!(words, "feedback-send")) } }
            }
        }
    }
}

/// What is said when somebody has said whether it helped.
#[must_use]
pub fn thanked(words: &Words, became_task: bool) -> Markup {
    html! {
        p .feedback-done tabindex="-1" autofocus role="status" {
            @if became_task { (t!(words, "feedback-became-task")) } @else { (t!(words, "feedback-thanks")) }
        }
    }
}

/// An article as a guide reads it in the midst of a call.
#[must_use]
pub fn in_short(visit: &Visit, article: &Article) -> Markup {
    let words = visit.words;
    let today = local_day(visit.now);
    html! {
        (overdue_notice(words, article, today))
        @if let Some(text) = article.wording() { p .answer { (text.answer) } }
        (approach(words, &article.approach))
        (body(article.body()))
        (links(words, &article.links))
        p .small { a href=(super::path(&article.slug)) {
            (t!(words, "article-whole")) span .visually-hidden { ": " (article.title()) }
        } }
        (feedback(visit, article, None, ""))
    }
}
