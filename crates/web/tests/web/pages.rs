//! Every page, in both languages, for whoever may see it.

use crate::house::{House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use vocabulary::{GenericUuid as _, Role};

#[tokio::test]
async fn every_page_renders_in_both_languages_with_one_heading_and_no_missing_text() {
    let house = House::new().await;
    let guide = house.users[&Role::Guide];
    house.ready(guide).await;
    house.ring(Some("+46701234567")).await;
    house.answer().await;
    let browser = house.browser(Role::Guide).await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let made = house.post(&browser, "/cases", &[("case_type", &case_type), ("channel", "web")]).await;
    let case = made.location().to_owned();
    let user = format!("/admin/users/{}", guide.into_untyped_uuid());
    let pages: Vec<(Role, String)> = [
        (
            Role::Guide,
            vec![
                "/guide",
                "/cases",
                "/cases?filter=overdue",
                "/cases/new",
                "/tasks",
                "/outbox",
                "/account",
                &case,
            ],
        ),
        (Role::TrafficLeader, vec!["/board", "/guide"]),
        (Role::Coach, vec!["/board"]),
        (Role::Manager, vec!["/board", "/cases", "/tasks", &case]),
        (Role::Administrator, vec!["/admin/users", "/admin/api-keys", &user]),
    ]
    .into_iter()
    .flat_map(|(role, paths)| paths.into_iter().map(move |path| (role, path.to_owned())).collect::<Vec<_>>())
    .collect();
    for (role, path) in pages {
        let browser = house.browser(role).await;
        for language in ["sv", "en"] {
            let cookies = format!("{}; lots-language={language}", browser.cookie);
            let asked =
                request(Method::GET, &path).header(header::COOKIE, cookies).body(Body::empty()).unwrap();
            let page = house.send(asked).await;
            assert_eq!(page.status, StatusCode::OK, "{role} {path}");
            check(&page.body, language, &path);
        }
    }
    for path in ["/sign-in", "/nowhere", "/o/forged"] {
        for language in ["sv", "en"] {
            let cookie = format!("lots-language={language}");
            let asked =
                request(Method::GET, path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
            check(&house.send(asked).await.body, language, path);
        }
    }
}

fn check(body: &str, language: &str, path: &str) {
    assert!(body.contains(&format!("<html lang=\"{language}\"")), "{path} in {language}");
    assert_eq!(body.matches("<h1").count(), 1, "{path}: one heading");
    assert!(!body.contains("No localization for id"), "{path} in {language} lacks a text");
    assert!(!body.contains("style=\"") && !body.contains("<script>"), "{path}: nothing inline");
    assert!(!body.contains("onclick") && !body.contains("hx-on"), "{path}: no handlers in markup");
    ids_are_unique(body, path);
}

fn ids_are_unique(body: &str, path: &str) {
    let mut ids: Vec<&str> = body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    let twice: Vec<&str> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "{path}: {twice:?} of {all} ids stand twice");
}

#[tokio::test]
async fn the_metrics_are_for_administrators_and_health_for_all() {
    let house = House::new().await;
    assert_eq!(house.visit("/health").await.body, "ok\n");
    assert_eq!(house.visit("/metrics").await.status, StatusCode::UNAUTHORIZED);
    let metrics = house.api(Role::Administrator, Method::GET, "/metrics", None).await;
    assert!(metrics.body.contains("web_requests_total"));
    assert!(!metrics.body.contains("/o/A"), "routes, not addresses");
}
