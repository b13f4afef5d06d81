//! Administrators and the systems that are told.

use crate::house::House;
use axum::http::StatusCode;
use vocabulary::Role;

const GOOD: [(&str, &str); 3] =
    [("name", "Kartan"), ("url", "https://kartan.example/hook"), ("kind", "case_registered")];

#[tokio::test]
async fn a_webhook_is_made_shown_changed_tried_and_paused() {
    let house = House::new().await;
    let admin = house.browser(Role::Administrator).await;
    let made = house.post(&admin, "/admin/webhooks", &GOOD).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.body.contains("whsec_"));
    let list = house.get(&admin, "/admin/webhooks").await;
    assert!(list.body.contains("Kartan") && !list.body.contains("whsec_"), "the secret is shown once");
    let at = list.body.find("/admin/webhooks/").unwrap();
    let path = list.body[at..].split('"').next().unwrap().to_owned();
    assert_eq!(house.get(&admin, &path).await.status, StatusCode::OK);
    for act in ["ping", "pause", "activate", "activate_from_now"] {
        assert_eq!(
            house.post(&admin, &format!("{path}/act"), &[("act", act)]).await.status,
            StatusCode::SEE_OTHER,
            "{act}"
        );
    }
    assert_eq!(
        house.post(&admin, &format!("{path}/act"), &[("act", "x")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let rotated = house.post(&admin, &format!("{path}/secret"), &[]).await;
    assert!(rotated.body.contains("whsec_") && rotated.body.contains("ping"));
    let changed = house.post(&admin, &path, &[("name", "Nya kartan"), GOOD[1], ("kind", "*")]).await;
    assert_eq!(changed.location(), path);
    assert!(house.get(&admin, &path).await.body.contains("Nya kartan"));
    let nobody = "/admin/webhooks/00000000-0000-7000-8000-000000000001";
    assert_eq!(house.get(&admin, nobody).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_inside_and_an_event_nobody_is_told_of_are_refused() {
    let house = House::new().await;
    let admin = house.browser(Role::Administrator).await;
    for url in [
        "http://kartan.example/",
        "https://10.0.0.1/",
        "https://[fd00::1]/",
        "https://169.254.169.254/",
        "kartan",
    ] {
        let refused = house.post(&admin, "/admin/webhooks", &[GOOD[0], ("url", url), GOOD[2]]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(refused.body.contains("field-error") && refused.body.contains(url), "{url}");
    }
    for fields in [vec![GOOD[0], GOOD[1]], vec![GOOD[0], GOOD[1], ("kind", "signed_in")]] {
        let refused = house.post(&admin, "/admin/webhooks", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
