//! The public questions and answers: what everybody sees, what nobody does, what machines are told.

use crate::house::{Answer, House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use http_body_util::BodyExt as _;
use knowledge::commands::import_article;
use knowledge::{ArticleDraft, ArticleState, Content, Wording};
use std::sync::Arc;
use tower::ServiceExt as _;
use vocabulary::{Actor, Role, civil::Date};
use web::{AppState, Site, SiteSettings, WebConfig};

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn wording(title: &str, answer: &str) -> Option<Wording> {
    Some(Wording {
        title: title.into(),
        answer: answer.into(),
        body: "## Steg\n\n1. Ring.\n2. **Vänta**.".into(),
    })
}

/// One article of every kind; the house's day is 2 November.
async fn shelve(house: &House) {
    let owner = house.users[&Role::Manager];
    let ctx = house.context(Actor::System);
    let waste = house.types[0];
    let content = move || Content {
        public: wording("När hämtas soporna </script><b>?", "Varje \"onsdag\" & helgfria veckor."),
        keywords: "sopbil, kärl".into(),
        case_types: vec![waste],
        owner: Some(owner),
        review_day: day("2027-03-01"),
        ..Content::default()
    };
    let all = [
        ("sophamtning", content(), ArticleState::Published),
        (
            "sortering",
            Content { public: wording("Hur sorterar jag sopor?", "I kärl."), ..content() },
            ArticleState::Published,
        ),
        (
            "hemligt",
            Content {
                public: None,
                internal: wording("Intern lathund om sopor", "Säg inte detta."),
                ..content()
            },
            ArticleState::Published,
        ),
        ("utkast", content(), ArticleState::Draft),
        ("granskad", content(), ArticleState::Reviewed),
        ("i-morgon", Content { valid_from: day("2026-11-03"), ..content() }, ArticleState::Published),
        ("i-gar", Content { valid_to: day("2026-11-01"), ..content() }, ArticleState::Published),
        (
            "i-dag",
            Content { valid_from: day("2026-11-02"), valid_to: day("2026-11-02"), ..content() },
            ArticleState::Published,
        ),
    ];
    let write = move |s: &mut storage::Session<'_>| {
        for (slug, content, state) in &all {
            import_article(
                s,
                &ctx,
                &ArticleDraft { slug: (*slug).into(), content: content.clone() },
                *state,
            )?;
        }
        Ok::<_, knowledge::KnowledgeError>(())
    };
    house.state.db.write(write).await.unwrap();
    house.state.knowledge.catch_up(&house.state.db).await.unwrap();
}

fn header_of<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn what_is_public_and_valid_today_is_read_and_nothing_else_is_told_of() {
    let house = House::new().await;
    shelve(&house).await;
    for (slug, status) in [
        ("sophamtning", StatusCode::OK),
        ("i-dag", StatusCode::OK),
        ("i-gar", StatusCode::GONE),
        ("i-morgon", StatusCode::NOT_FOUND),
        ("hemligt", StatusCode::NOT_FOUND),
        ("utkast", StatusCode::NOT_FOUND),
        ("granskad", StatusCode::NOT_FOUND),
        ("finns-inte", StatusCode::NOT_FOUND),
    ] {
        let page = house.visit(&format!("/questions/{slug}")).await;
        assert_eq!(page.status, status, "{slug}");
        assert_eq!(page.body.matches("<h1").count(), 1, "{slug}");
        assert!(!page.body.contains("Säg inte detta"), "{slug}");
    }
    let start = house.visit("/questions").await.body;
    assert!(start.contains("/questions/i-dag") && start.contains("/questions/topics/avfall"));
    assert!(!start.contains("hemligt") && !start.contains("i-morgon") && !start.contains("utkast"));
    let topic = house.visit("/questions/topics/avfall").await;
    assert_eq!(topic.status, StatusCode::OK);
    assert!(topic.body.contains("/questions/sortering"));
    assert_eq!(house.visit("/questions/topics/ingenting").await.status, StatusCode::NOT_FOUND);
    // The next day other articles are valid, though nothing has been written.
    house.clock.advance(vocabulary::SignedDuration::from_hours(24));
    assert_eq!(house.visit("/questions/i-morgon").await.status, StatusCode::OK);
    assert_eq!(house.visit("/questions/i-dag").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_archived_answer_is_gone_at_once_and_a_new_one_is_there_at_once() {
    let house = House::new().await;
    shelve(&house).await;
    assert_eq!(house.visit("/questions/sortering").await.status, StatusCode::OK);
    let ctx = house.context(Actor::User(house.users[&Role::Manager]));
    let archive = move |s: &mut storage::Session<'_>| {
        let article = knowledge::queries::article_by_slug(s, "sortering")?.unwrap();
        knowledge::commands::archive(s, &ctx, article.id, article.newest).map(drop)
    };
    house.state.db.write(archive).await.unwrap();
    assert_eq!(house.visit("/questions/sortering").await.status, StatusCode::GONE);
    assert!(!house.visit("/sitemap.xml").await.body.contains("sortering"));
}

#[tokio::test]
async fn a_page_is_the_same_for_everybody_and_kept_until_it_changes() {
    let house = House::new().await;
    shelve(&house).await;
    let page = house.visit("/questions/sophamtning").await;
    assert_eq!(header_of(&page, "cache-control"), "public, no-cache");
    assert!(header_of(&page, "set-cookie").is_empty() && header_of(&page, "x-robots-tag").is_empty());
    let tag = header_of(&page, "etag").to_owned();
    let again = request(Method::GET, "/questions/sophamtning").header(header::IF_NONE_MATCH, &tag);
    let again = house.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let guide = house.browser(Role::Guide).await;
    let seen_by_guide = house.get(&guide, "/questions/sophamtning").await;
    assert_eq!(seen_by_guide.body, page.body, "nothing of a session is in a page that is kept");
    let english = house.visit("/questions/sophamtning?lang=en").await;
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains("in Swedish only"));
    assert!(!english.body.contains("No localization for id"));
    // What the town knows of itself inside is closed to search engines.
    assert!(header_of(&house.visit("/sign-in").await, "x-robots-tag").contains("noindex"));
}

/// The data blocks of a page.
fn data_of(body: &str) -> Vec<serde_json::Value> {
    let blocks = body.split("<script type=\"application/ld+json\">").skip(1);
    blocks.map(|rest| serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn engines_are_told_the_question_the_whole_answer_and_nothing_can_end_the_block() {
    let house = House::new().await;
    shelve(&house).await;
    let page = house.visit("/questions/sophamtning").await.body;
    let [faq, trail] = data_of(&page).try_into().unwrap();
    assert_eq!(faq["@type"], "FAQPage");
    let question = &faq["mainEntity"][0];
    assert_eq!(question["name"], "När hämtas soporna </script><b>?");
    let answer = question["acceptedAnswer"]["text"].as_str().unwrap();
    assert!(answer.contains("<ol><li>Ring.</li><li><b>Vänta</b>.</li></ol>"), "{answer}");
    assert!(answer.contains("&amp; helgfria"), "text stays text: {answer}");
    assert_eq!(trail["itemListElement"][1]["item"], "http://lots.example/questions/topics/avfall");
    for part in [
        "<link rel=\"canonical\" href=\"http://lots.example/questions/sophamtning\">",
        "hreflang=\"en\" href=\"http://lots.example/questions/sophamtning?lang=en\"",
        "property=\"og:title\"",
        "Varje &quot;onsdag&quot; &amp; helgfria veckor.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("</script><b>"), "an article's text stays text");
    let map = house.visit("/sitemap.xml").await;
    assert_eq!(header_of(&map, "content-type"), "application/xml; charset=utf-8");
    assert!(map.body.contains("<loc>http://lots.example/questions/sophamtning</loc>"));
    assert!(!map.body.contains("hemligt") && !map.body.contains("i-gar"));
    let feed = house.visit("/questions/feed.atom").await.body;
    assert!(feed.contains("<title>När hämtas soporna &lt;/script&gt;&lt;b&gt;?</title>"));
}

#[tokio::test]
async fn searching_and_opening_leave_nothing_in_addresses() {
    let house = House::new().await;
    shelve(&house).await;
    house.state.knowledge.catch_up(&house.state.db).await.unwrap();
    let found = house.submit("/questions", &[("query", "när hämtas soporna"), ("search", "")]).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("action=\"/questions/sophamtning\""), "{}", found.body);
    assert!(!found.body.contains("lathund"), "internal texts are not searched");
    assert_eq!(header_of(&found, "cache-control"), "private, no-cache");
    assert!(header_of(&found, "x-robots-tag").contains("noindex"));
    let id = found.body.split("data-search=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(id.len(), 36);
    let links: Vec<&str> =
        found.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.iter().all(|link| !link.contains(&id) && !link.contains("soph%")), "{links:?}");
    let opened =
        house.submit("/questions/sophamtning", &[("query", "när hämtas soporna"), ("search", &id)]).await;
    assert_eq!(opened.status, StatusCode::OK);
    assert!(
        opened.body.contains(&format!("name=\"search\" value=\"{id}\"")),
        "the search goes along in the body"
    );
    let form = house.submit("/contact/begin", &[("query", "när hämtas soporna"), ("search", &id)]).await;
    assert!(form.body.contains(">när hämtas soporna</textarea>") && form.body.contains(&id));
    // Made up ids and queries do no harm.
    for (query, search) in [("", ""), ("   ", "x"), ("\u{0}</b>", "00000000-0000-7000-8000-000000000001")] {
        let answer = house.submit("/questions", &[("query", query), ("search", search)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{query:?}");
    }
    let typing = house.submit("/site/find", &[("query", "soporna"), ("settled", "")]).await;
    assert!(typing.body.contains("/questions/") && !typing.body.contains("<html"));
    assert!(!typing.body.contains("data-search"), "what is being typed is not written down");
    let foreign = request(Method::POST, "/questions").header(header::ORIGIN, "https://evil.example");
    let foreign = house.send(crate::house::with_form(foreign, &[("query", "sopor")])).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_the_sites_that_were_named_may_frame_and_only_the_frame() {
    let house = House::new().await;
    shelve(&house).await;
    let settings =
        SiteSettings { embed_on: vec!["https://www.vikhamn.example".into()], ..SiteSettings::default() };
    let config = WebConfig { site: Site::read(&settings).unwrap(), ..(*house.state.config).clone() };
    let app = web::router(AppState { config: Arc::new(config), ..house.state.clone() });
    for (path, framed) in [
        ("/embedded", true),
        ("/embedded?topic=avfall&lang=en", true),
        ("/embedded/sophamtning", true),
        ("/questions", false),
        ("/questions/sophamtning", false),
        ("/contact", false),
        ("/sign-in", false),
    ] {
        let asked = request(Method::GET, path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let wanted =
            if framed { "frame-ancestors https://www.vikhamn.example" } else { "frame-ancestors 'none'" };
        assert!(policy.ends_with(wanted), "{path}: {policy}");
        assert_eq!(response.headers().contains_key(header::X_FRAME_OPTIONS), !framed, "{path}");
        let indexed = !response.headers().contains_key("x-robots-tag");
        assert_eq!(indexed, path.starts_with("/questions") || path == "/contact", "{path}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("style=\""), "{path}: nothing inline");
    }
    let nobody = house.visit("/embedded").await;
    assert!(header_of(&nobody, "content-security-policy").ends_with("frame-ancestors 'none'"));
}

#[tokio::test]
async fn an_opinion_is_kept_without_a_name_and_a_machine_is_thanked_for_nothing() {
    let house = House::new().await;
    shelve(&house).await;
    let id = house
        .state
        .db
        .read(|s| knowledge::queries::article_by_slug(s, "sortering"))
        .await
        .unwrap()
        .unwrap()
        .id;
    let send = async |fields: &[(&str, &str)]| house.submit("/questions/sortering/helpful", fields).await;
    assert_eq!(send(&[("verdict", "helpful")]).await.status, StatusCode::OK);
    assert_eq!(
        send(&[("verdict", "wrong"), ("note", "Ring mig på 070-123 45 67")]).await.status,
        StatusCode::OK
    );
    assert_eq!(send(&[("verdict", "wrong"), ("website", "http://x.example")]).await.status, StatusCode::OK);
    assert_eq!(send(&[("verdict", "superb")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let elsewhere = house.submit("/questions/hemligt/helpful", &[("verdict", "helpful")]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let thought = house.state.db.read(move |s| knowledge::queries::thoughts(s, id)).await.unwrap();
    assert_eq!((thought.helpful, thought.not_helpful, thought.wrong), (1, 0, 1));
}

#[tokio::test]
async fn what_everybody_fetches_says_how_long_it_holds() {
    let house = House::new().await;
    let robots = house.visit("/robots.txt").await;
    assert!(
        robots.body.contains("\nDisallow: /\n")
            && robots.body.contains("Sitemap: http://lots.example/sitemap.xml")
    );
    let style = house.visit(&Site::default().style_address()).await;
    assert!(
        header_of(&style, "cache-control").contains("immutable") && style.body.contains("--accent:#0a5768")
    );
    assert_eq!(house.visit("/site/theme.css").await.headers[header::CACHE_CONTROL], "public, no-cache");
    assert_eq!(house.visit("/site/logo").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.visit("/site/notices").await.status, StatusCode::OK);
}
