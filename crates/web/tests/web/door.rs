//! Sign-in, sessions, forms from elsewhere, headers, limits.

use crate::house::{House, PASSWORD, request, with_form};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use vocabulary::{Role, SignedDuration};

#[tokio::test]
async fn who_signs_in_gets_a_session_and_who_signs_out_loses_it() {
    let house = House::new().await;
    let answer = house.submit("/sign-in", &[("sign_in", "Guide"), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/guide"));
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let browser = house.browser(Role::Guide).await;
    assert_eq!(house.get(&browser, "/guide").await.status, StatusCode::OK);
    let out = house.post(&browser, "/sign-out", &[]).await;
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    let after = house.get(&browser, "/guide").await;
    assert_eq!((after.status, after.location()), (StatusCode::SEE_OTHER, "/sign-in?next=/guide"));
}

#[tokio::test]
async fn unknown_name_and_wrong_password_get_the_same_answer_and_then_both_are_throttled() {
    let house = House::new().await;
    let mut seen = Vec::new();
    for name in ["guide", "nobody"] {
        let answer = house.submit("/sign-in", &[("sign_in", name), ("password", "fel fel fel fel")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        seen.push(answer.body.replace(name, "NAME"));
    }
    assert_eq!(seen[0], seen[1]);
    for name in ["guide", "nobody"] {
        for _ in 0..5 {
            house.submit("/sign-in", &[("sign_in", name), ("password", "fel fel fel fel")]).await;
        }
        let answer = house.submit("/sign-in", &[("sign_in", name), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers.contains_key(header::RETRY_AFTER));
    }
    house.clock.advance(SignedDuration::from_mins(16));
    let answer = house.submit("/sign-in", &[("sign_in", "guide"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_after_signing_in() {
    let house = House::new().await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let answer =
            house.submit("/sign-in", &[("sign_in", "coach"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!(answer.location(), "/board", "{next}");
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_token_or_from_a_foreign_page_is_refused() {
    let house = House::new().await;
    let (browser, other) = (house.browser(Role::Guide).await, house.browser(Role::Guide).await);
    let ask = |csrf: &str, origin: Option<&str>| {
        let mut asked = request(Method::POST, "/guide/state").header(header::COOKIE, &browser.cookie);
        if let Some(origin) = origin {
            asked = asked.header(header::ORIGIN, origin);
        }
        with_form(asked, &[("do", "begin"), ("csrf", csrf)])
    };
    for request in [
        ask("", None),
        ask(&other.csrf, None),
        ask(&browser.csrf, Some("https://evil.example")),
        ask(&browser.csrf, Some("null")),
    ] {
        assert_eq!(house.send(request).await.status, StatusCode::FORBIDDEN);
    }
    assert!(house.floor().snapshot().guides.is_empty());
    let own = house.send(ask(&browser.csrf, Some("http://lots.example"))).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    assert_eq!(house.floor().snapshot().guides.len(), 1);
}

#[tokio::test]
async fn every_answer_carries_what_keeps_a_browser_safe() {
    let house = House::new().await;
    for path in ["/sign-in", "/nowhere", "/api/v1/cases", "/health", "/assets/none.js"] {
        let answer = house.visit(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        // With no-referrer, a browser says "Origin: null" of our own forms.
        assert_eq!(answer.headers[header::REFERRER_POLICY], "same-origin");
        assert!(answer.headers.contains_key(header::CACHE_CONTROL));
    }
}

#[tokio::test]
async fn too_large_and_wrong_methods_and_wrong_types_get_clear_answers() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let large = "x".repeat(web::BODY_BYTES_MAX + 1);
    let answer = house.post(&browser, "/cases/search", &[("query", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("För mycket på en gång"));
    let wrong = house.send(request(Method::DELETE, "/sign-in").body(Body::empty()).unwrap()).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.headers.contains_key(header::ALLOW));
    let json = request(Method::POST, "/cases/search")
        .header(header::COOKIE, &browser.cookie)
        .header("x-csrf-token", &browser.csrf)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    assert_eq!(house.send(json).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let missing = house.post(&browser, "/guide/state", &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.body.contains("<h1"));
}

#[tokio::test]
async fn what_is_typed_is_never_markup() {
    let house = House::new().await;
    let attack = "\"><script>alert(1)</script>";
    let answer = house.submit("/sign-in", &[("sign_in", attack), ("password", "x"), ("next", attack)]).await;
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    let browser = house.browser(Role::Guide).await;
    let answer = house.post(&browser, "/cases/search", &[("query", attack)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.body.contains("<script>alert"));
}

#[tokio::test]
async fn the_language_is_kept_in_the_browser_and_in_the_account() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let answer = house.post(&browser, "/language", &[("language", "en"), ("back", "/cases")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/cases"));
    let page = house.get(&browser, "/cases").await;
    assert!(
        page.body.contains("<html lang=\"en\"") && page.body.contains(">Cases: "),
        "the account remembers"
    );
    let stranger = request(Method::GET, "/sign-in").header(header::COOKIE, "lots-language=en");
    let page = house.send(stranger.body(Body::empty()).unwrap()).await;
    assert!(page.body.contains("Sign in"));
    assert_eq!(
        house.post(&browser, "/language", &[("language", "xx")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
