//! What the pages say in schema.org's words, for search engines and whoever else reads them by program.

use super::shelf::public;
use knowledge::{Article, Block, Inline, blocks};
use serde_json::{Value, json};

/// The site itself.
pub fn site(base: &str, name: &str, town: &str, language: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": name,
        "url": format!("{base}{}", super::START),
        "inLanguage": language,
        "publisher": publisher(town),
    })
}

/// One question with its answer.
pub fn answer(base: &str, town: &str, article: &Article) -> Value {
    let url = address(base, article);
    json!({
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "@id": url,
        "url": url,
        "inLanguage": "sv",
        "dateModified": article.changed_at.to_string(),
        "publisher": publisher(town),
        "mainEntity": [question(base, article)],
    })
}

/// The questions of a topic, in a list that leads to each.
pub fn list(base: &str, name: &str, articles: &[&Article]) -> Value {
    let item = |(at, article): (usize, &&Article)| json!({ "@type": "ListItem", "position": at + 1, "name": public(article).title, "url": address(base, article) });
    json!({
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": name,
        "itemListElement": articles.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}

/// The pages above a page, from the site's start: path and name of each.
pub fn trail(base: &str, trail: &[(String, String)]) -> Value {
    let item = |(at, (path, name)): (usize, &(String, String))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": format!("{base}{path}") });
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": trail.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}

fn question(base: &str, article: &Article) -> Value {
    let wording = public(article);
    json!({
        "@type": "Question",
        "name": wording.title,
        "url": address(base, article),
        "acceptedAnswer": { "@type": "Answer", "text": whole(&wording.answer, &wording.body) },
    })
}

fn publisher(town: &str) -> Value {
    json!({ "@type": "GovernmentOrganization", "name": town })
}

fn address(base: &str, article: &Article) -> String {
    format!("{base}/questions/{}", article.slug)
}

/// The whole answer in the HTML that schema.org's Answer may hold, made of what the body has been read into.
fn whole(answer: &str, body: &str) -> String {
    let markup = maud::html! {
        p { (answer) }
        @for block in blocks(body) {
            @match &block {
                Block::Heading(text) => h3 { (text) },
                Block::Paragraph(runs) => p { (inline(runs)) },
                Block::Bullets(items) => ul { @for item in items { li { (inline(item)) } } },
                Block::Steps(items) => ol { @for item in items { li { (inline(item)) } } },
            }
        }
    };
    markup.into_string()
}

fn inline(runs: &[Inline]) -> maud::Markup {
    maud::html! {
        @for run in runs {
            @match run { Inline::Text(text) => (text), Inline::Strong(text) => b { (text) } }
        }
    }
}
