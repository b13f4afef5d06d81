//! Every route, asked by everybody the policy knows.

use crate::house::{House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use people::{LinkKind, SignedLink, Who, allowed, policy::everyone};
use std::fmt::Write as _;
use tower::ServiceExt as _;
use vocabulary::{LinkId, Role};
use web::{
    routes::{Entrance, Route},
    security::guard::Refused,
};

/// Who somebody is at that entrance: a key is nobody on a page, a session nobody in the API.
fn at(entrance: Entrance, who: Who) -> Who {
    match (entrance, who) {
        (Entrance::Page | Entrance::Either, Who::User { .. })
        | (Entrance::Api | Entrance::Either | Entrance::Open311, Who::ApiKey { .. })
        | (Entrance::Link(LinkKind::Officer), Who::OfficerLink(_))
        | (Entrance::Link(LinkKind::Resident), Who::ResidentLink(_))
        | (Entrance::Link(LinkKind::OfficerDesk), Who::OfficerDeskLink(_))
        | (Entrance::Link(LinkKind::OfficerKey), Who::OfficerKeyLink(_))
        | (Entrance::Link(LinkKind::Approval), Who::ApprovalLink(_))
        | (Entrance::Link(LinkKind::CallIn), Who::CallInLink(_))
        | (Entrance::Resident, Who::ResidentSession { .. }) => who,
        _ => Who::Anonymous,
    }
}

fn path(house: &House, route: Route, who: Who) -> String {
    let token = match who {
        Who::OfficerLink(id) => SignedLink::make(house.state.access.key(), LinkKind::Officer, id),
        Who::ResidentLink(id) => SignedLink::make(house.state.access.key(), LinkKind::Resident, id),
        Who::OfficerDeskLink(id) => SignedLink::make(house.state.access.key(), LinkKind::OfficerDesk, id),
        Who::OfficerKeyLink(id) => SignedLink::make(house.state.access.key(), LinkKind::OfficerKey, id),
        Who::ApprovalLink(id) => SignedLink::make(house.state.access.key(), LinkKind::Approval, id),
        Who::CallInLink(id) => SignedLink::make(house.state.access.key(), LinkKind::CallIn, id),
        _ => "forged".to_owned(),
    };
    let nobody = "00000000-0000-7000-8000-000000000001";
    route
        .path
        .replace("{token}", &token)
        .replace("{id}", nobody)
        .replace("{follow_up}", nobody)
        .replace("{code}", "nowhere")
        .replace("{version}", "1")
        .replace("{step}", "nothing")
        .replace("{slug}", "nothing")
        .replace("{part}", nobody)
        .replace("{municipalityId}", "0599")
        .replace("{namespace}", "CONTACTCENTER")
        .replace("{*name}", "main.css")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_in_whom_the_policy_lets_in_and_nobody_else() {
    let house = House::new().await;
    let mut browsers = std::collections::BTreeMap::new();
    for role in Role::ALL {
        browsers.insert(*role, house.browser(*role).await);
    }
    let mut wrong = String::new();
    let routes = web::routes(&house.state);
    assert!(routes.len() > 60, "{} routes", routes.len());
    for route in routes {
        for (name, who) in everyone() {
            let mut asked =
                request(Method::from_bytes(route.method.as_bytes()).unwrap(), &path(&house, route, who));
            match who {
                Who::User { role, .. } => {
                    // Signing out ends the session, so it gets one of its own.
                    let own = if route.path == "/sign-out" {
                        house.browser(role).await
                    } else {
                        browsers[&role].clone()
                    };
                    asked = asked.header(header::COOKIE, own.cookie).header("x-csrf-token", own.csrf);
                }
                Who::ApiKey { role, .. } => {
                    asked = asked.header(header::AUTHORIZATION, format!("Bearer {}", house.keys[&role]));
                }
                Who::ResidentSession { proven, .. } => {
                    // Only their own pages look at the cookie, and leaving ends the session.
                    if route.entrance == Entrance::Resident {
                        let own = house.resident(proven).await;
                        asked = asked.header(header::COOKIE, own.cookie).header("x-csrf-token", own.csrf);
                    }
                }
                Who::Anonymous
                | Who::OfficerLink(_)
                | Who::ResidentLink(_)
                | Who::OfficerDeskLink(_)
                | Who::ApprovalLink(_)
                | Who::OfficerKeyLink(_)
                | Who::CallInLink(_) => {}
            }
            let response = house.app.clone().oneshot(asked.body(Body::empty()).unwrap()).await.unwrap();
            let refused = response.extensions().get::<Refused>().is_some();
            let status = response.status();
            let expected = allowed(&at(route.entrance, who), route.action);
            let as_told = match status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => !expected,
                StatusCode::SEE_OTHER | StatusCode::NOT_FOUND => true,
                _ => expected,
            };
            if refused == expected || !as_told || status.is_server_error() {
                writeln!(wrong, "{} {} as {name}: {status}, refused: {refused}", route.method, route.path)
                    .unwrap();
            }
        }
    }
    assert_eq!(wrong, "");
}

#[tokio::test]
async fn a_verified_link_that_is_not_stored_is_gone_and_a_forged_one_unknown() {
    let house = House::new().await;
    let token = SignedLink::make(house.state.access.key(), LinkKind::Officer, LinkId::nil());
    assert_eq!(house.visit(&format!("/o/{token}")).await.status, StatusCode::GONE);
    assert_eq!(house.visit("/o/forged").await.status, StatusCode::NOT_FOUND);
    // An officer's token is worth nothing on a resident's page.
    assert_eq!(house.visit(&format!("/s/{token}")).await.status, StatusCode::NOT_FOUND);
}
