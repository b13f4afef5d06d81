//! What programs fetch: the colours, the logo, the map of the site, what search engines may read, what has changed.

use super::shelf::{Standing, public};
use super::{Notice, START, caching, frame, in_language, start};
use crate::{AppState, error::PageError, security::headers::Shown, t, visit::Visit};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use knowledge::Article;
use serde::Deserialize;
use std::fmt::Write as _;
use vocabulary::{Language, Timestamp};

/// Most addresses in one site map (the protocol's own limit).
const MAPPED_MAX: usize = 50_000;
/// How many of the last changes the feed tells.
const FED_MAX: usize = 30;
/// The paths that search engines may fetch; all else is closed to them.
const OPEN_TO_ROBOTS: &[&str] =
    &["/questions", "/what-we-do", "/contact$", "/assets/", "/site/theme.css", "/site/logo", "/sitemap.xml"];

/// The mark in an address of something that never changes under it.
#[derive(Debug, Deserialize)]
pub struct Version {
    v: Option<String>,
}

/// `GET /site/theme.css`
pub async fn theme(visit: Visit, headers: HeaderMap, Query(version): Query<Version>) -> Response {
    let site = &visit.config.site;
    if version.v.is_some_and(|v| site.style_address().ends_with(&v)) {
        return caching::for_ever("text/css; charset=utf-8", site.style_sheet().as_bytes().to_vec());
    }
    caching::kept(&headers, "text/css; charset=utf-8", site.style_sheet().to_owned(), Shown::default())
}

/// `GET /site/logo`
///
/// # Errors
/// The site has none.
pub async fn logo(visit: Visit) -> Result<Response, PageError> {
    let logo = visit.config.site.logo().ok_or(PageError::NotFound)?;
    let mut response = caching::for_ever(logo.media_type, logo.bytes.clone());
    // A picture that is opened by itself runs nothing, whoever drew it.
    let nothing = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, nothing);
    Ok(response)
}

/// `GET /robots.txt`: the public pages are open, the rest of the house is closed.
pub async fn robots(visit: Visit, headers: HeaderMap) -> Response {
    let mut text = String::from("User-agent: *\n");
    for path in OPEN_TO_ROBOTS {
        let _ = writeln!(text, "Allow: {path}");
    }
    let _ = write!(text, "Disallow: /\n\nSitemap: {}/sitemap.xml\n", visit.config.base_url);
    caching::kept(&headers, "text/plain; charset=utf-8", text, Shown::default())
}

/// `GET /sitemap.xml`
///
/// # Errors
/// The database.
pub async fn sitemap(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let seen = start::seen(&state, visit.now).await?;
    let text = site_map(&visit.config.base_url, &seen.standing);
    Ok(caching::kept(&headers, "application/xml; charset=utf-8", text, Shown::default()))
}

fn site_map(base: &str, standing: &Standing) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    let mut place = |path: &str, changed: Option<Timestamp>| {
        let address = |language| escaped(&format!("{base}{}", in_language(language, path)));
        let _ = write!(xml, "<url><loc>{}</loc>", address(Language::Swedish));
        for (code, language) in [("sv", Language::Swedish), ("en", Language::English)] {
            let _ = write!(
                xml,
                "<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{}\"/>",
                address(language)
            );
        }
        if let Some(at) = changed {
            let _ = write!(xml, "<lastmod>{}</lastmod>", instant(at));
        }
        xml.push_str("</url>\n");
    };
    let latest = standing.articles().iter().map(|article| article.changed_at).max();
    place(START, latest);
    for path in ["/what-we-do", "/contact"] {
        place(path, None);
    }
    for topic in standing.topics() {
        place(&start::topic_path(&topic.slug), None);
    }
    let room = MAPPED_MAX.saturating_sub(standing.topics().len() + 3);
    for article in standing.articles().iter().take(room) {
        place(&format!("{START}/{}", article.slug), Some(article.changed_at));
    }
    xml.push_str("</urlset>\n");
    xml
}

/// `GET /questions/feed.atom`: today's notices, and what was last changed.
///
/// # Errors
/// The database.
pub async fn feed(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let seen = start::seen(&state, visit.now).await?;
    let text = atom(&visit, &seen.standing, &seen.notices);
    Ok(caching::kept(&headers, "application/atom+xml; charset=utf-8", text, Shown::default()))
}

fn atom(visit: &Visit, standing: &Standing, notices: &[Notice]) -> String {
    let base = &visit.config.base_url;
    let mut changed: Vec<&Article> = standing.articles().iter().collect();
    changed.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then(a.slug.cmp(&b.slug)));
    changed.truncate(FED_MAX);
    let newest = changed.iter().map(|article| article.changed_at);
    let updated =
        newest.chain(notices.iter().map(|notice| notice.changed)).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"sv\">\n\
         <title>{title}</title><id>{base}{START}</id><link href=\"{base}{START}\"/>\
         <link rel=\"self\" href=\"{base}/questions/feed.atom\"/><updated>{updated}</updated>\
         <author><name>{town}</name></author>\n",
        title = escaped(&format!("{}, {}", frame::site_name(visit), visit.config.town)),
        base = escaped(base),
        updated = instant(updated),
        town = escaped(&visit.config.town),
    );
    let mut entry = |id: &str, href: &str, title: &str, at: Timestamp, text: &str| {
        let _ = writeln!(
            xml,
            "<entry><id>{}</id><link href=\"{}\"/><title>{}</title><updated>{}</updated><summary>{}</summary></entry>",
            escaped(id),
            escaped(href),
            escaped(title),
            instant(at),
            escaped(text)
        );
    };
    for notice in notices {
        let id = format!("{base}{START}#{}", notice.mark);
        let title = if notice.crisis {
            format!("{}: {}", t!(visit.words, "site-important"), notice.title)
        } else {
            notice.title.clone()
        };
        entry(&id, &format!("{base}{START}"), &title, notice.changed, &notice.text);
    }
    for article in changed {
        let address = format!("{base}{START}/{}", article.slug);
        let wording = public(article);
        entry(&address, &address, &wording.title, article.changed_at, &wording.answer);
    }
    xml.push_str("</feed>\n");
    xml
}

/// An instant to the second, as both formats want it.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as it may stand in XML, within an element or an attribute. What XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            c if c.is_control() && !matches!(c, '\n' | '\r' | '\t') => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_up_in_xml_is_text_only() {
        assert_eq!(
            escaped("Sopor & \"kärl\" <i dag> 'ja'\u{b}"),
            "Sopor &amp; &quot;kärl&quot; &lt;i dag&gt; &apos;ja&apos;"
        );
    }
}
