//! The API: what it takes, what it refuses, and that its description is the truth.

use crate::house::{House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa::OpenApi as _;
use vocabulary::{GenericUuid as _, Role};
use web::{api::document::Document, routes::Entrance};

fn id(house: &House) -> String {
    house.types[0].into_untyped_uuid().to_string()
}

#[tokio::test]
async fn a_case_is_registered_once_for_a_key_and_forwarded() {
    let house = House::new().await;
    let body = json!({"case_type_id": id(&house), "title": "Hål i vägen", "resident": {"telephone": "070-123 45 67"}});
    let key = &house.keys[&Role::Guide];
    let ask = || {
        request(Method::POST, "/api/v1/cases")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", "abc-1")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let first = house.send(ask()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let second = house.send(ask()).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_eq!(first.json()["id"], second.json()["id"]);
    let case = first.location().to_owned();
    let read = house.api(Role::Manager, Method::GET, &case, None).await;
    assert_eq!(read.json()["title"], "Hål i vägen");
    let sent = house
        .api(Role::Guide, Method::POST, &format!("{case}/forward"), Some(json!({"message": "När?"})))
        .await;
    assert_eq!((sent.status, sent.json()["state"].as_str()), (StatusCode::CREATED, Some("waiting")));
    let again = house
        .api(Role::Guide, Method::POST, &format!("{case}/forward"), Some(json!({"message": "När?"})))
        .await;
    assert_eq!(again.status, StatusCode::OK);
    let other = house
        .api(Role::Guide, Method::POST, &format!("{case}/forward"), Some(json!({"message": "Hur?"})))
        .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let note =
        house.api(Role::Guide, Method::POST, &format!("{case}/notes"), Some(json!({"text": "Hej"}))).await;
    assert_eq!(note.status, StatusCode::CREATED);
}

#[tokio::test]
async fn lists_are_paged_by_cursor_without_losing_or_doubling() {
    let house = House::new().await;
    for n in 0..5 {
        let body = json!({"case_type_id": id(&house), "title": format!("Ärende {n}")});
        assert_eq!(
            house.api(Role::Guide, Method::POST, "/api/v1/cases", Some(body)).await.status,
            StatusCode::CREATED
        );
        let body = json!({"channel": "email", "note": format!("{n}")});
        let made = house.api(Role::Guide, Method::POST, "/api/v1/contacts", Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }
    for list in ["/api/v1/cases", "/api/v1/contacts"] {
        let (mut seen, mut path) = (BTreeSet::new(), format!("{list}?limit=2"));
        for _ in 0..3 {
            let page = house.api(Role::Guide, Method::GET, &path, None).await.json();
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "{list}: an item came twice");
            }
            match page["next"].as_str() {
                Some(next) => path = format!("{list}?limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5, "{list}");
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_refused_with_a_problem_that_names_the_field() {
    let house = House::new().await;
    let t = id(&house);
    let nobody = "00000000-0000-7000-8000-000000000001";
    let wrong: Vec<(&str, Value, u16, &str)> = vec![
        ("/api/v1/cases", json!({"title": "x"}), 422, "case_type_id"),
        ("/api/v1/cases", json!({"case_type_id": t, "nmae": 1}), 422, "nmae"),
        ("/api/v1/cases", json!({"case_type_id": "x"}), 422, "case_type_id"),
        ("/api/v1/cases", json!({"case_type_id": nobody}), 422, "case_type_id"),
        ("/api/v1/cases", json!({"case_type_id": t, "title": "å".repeat(201)}), 422, "title"),
        ("/api/v1/cases", json!({"case_type_id": t, "title": "a\u{0}b"}), 422, "title"),
        ("/api/v1/cases", json!({"case_type_id": t, "channel": "fax"}), 422, "channel"),
        ("/api/v1/cases", json!({"case_type_id": t, "arrival_day": "2030-01-01"}), 422, "arrival_day"),
        (
            "/api/v1/cases",
            json!({"case_type_id": t, "resident": {"telephone": "x"}}),
            422,
            "resident.telephone",
        ),
        ("/api/v1/cases", json!({"case_type_id": t, "resident_id": nobody}), 422, "resident_id"),
        ("/api/v1/contacts", json!({"channel": "call"}), 422, "channel"),
        ("/api/v1/contacts", json!({"channel": "email", "outcome": "solved"}), 422, "case_type_id"),
        (
            "/api/v1/contacts",
            json!({"channel": "email", "arrived_at": "2036-01-01T00:00:00Z"}),
            422,
            "arrived_at",
        ),
    ];
    for (path, body, status, field) in wrong {
        let answer = house.api(Role::Guide, Method::POST, path, Some(body.clone())).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{body}: {}", answer.body);
    }
    for (method, path, status) in [
        (Method::GET, "/api/v1/cases?limit=0", 422),
        (Method::GET, "/api/v1/cases?limit=x", 400),
        (Method::GET, "/api/v1/cases?unknown=1", 400),
        (Method::GET, "/api/v1/cases?cursor=rubbish", 400),
        (Method::GET, "/api/v1/contacts?cursor=rubbish", 400),
        (Method::GET, "/api/v1/cases/not-an-id", 404),
        (Method::GET, "/api/v1/cases/00000000-0000-7000-8000-000000000001", 404),
        (Method::GET, "/api/v1/nothing", 404),
        (Method::DELETE, "/api/v1/cases", 405),
    ] {
        let answer = house.api(Role::Guide, method, path, None).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_get_400_413_415_and_bad_keys_401() {
    let house = House::new().await;
    let ask = |kind: &str, body: String, key: &str| {
        request(Method::POST, "/api/v1/cases")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap()
    };
    let key = house.keys[&Role::Guide].as_str();
    let large = format!("\"{}\"", "x".repeat(web::BODY_BYTES_MAX));
    for (request, status) in [
        (ask("application/json", "{".into(), key), 400),
        (ask("application/json", large, key), 413),
        (ask("text/plain", "{}".into(), key), 415),
        (ask("application/json", "{}".into(), "lots_none"), 401),
        (ask("application/json", "{}".into(), &house.keys[&Role::Coach]), 403),
    ] {
        let answer = house.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert_eq!(answer.json()["status"], status);
    }
}

#[tokio::test]
async fn the_board_and_the_guides_states() {
    let house = House::new().await;
    let guide = house.users[&Role::Guide];
    house.ready(guide).await;
    house.ring(Some("+46701234567")).await;
    let board = house.api(Role::Coach, Method::GET, "/api/v1/board", None).await.json();
    assert_eq!(
        (board["groups"][0]["waiting"].as_u64(), board["guides"]["offered"].as_u64()),
        (Some(1), Some(1))
    );
    house.answer().await;
    let path = format!("/api/v1/guides/{}/state", guide.into_untyped_uuid());
    assert_eq!(house.api(Role::TrafficLeader, Method::GET, &path, None).await.json()["state"], "talking");
    let put = |body: Value| house.api(Role::TrafficLeader, Method::PUT, &path, Some(body));
    assert_eq!(put(json!({"state": "away", "away_reason": "lunch"})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(put(json!({"state": "away"})).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        put(json!({"state": "away", "away_reason": "no_answer"})).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let absent = format!("/api/v1/guides/{}/state", house.users[&Role::Coach].into_untyped_uuid());
    let answer = house.api(Role::TrafficLeader, Method::PUT, &absent, Some(json!({"state": "ready"}))).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let list = house.api(Role::Manager, Method::GET, "/api/v1/guides", None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_api_route_is_described_and_everything_described_is_routed() {
    let house = House::new().await;
    let routed: BTreeSet<String> = web::routes(&house.state)
        .into_iter()
        .filter(|route| route.entrance == Entrance::Api && route.path != "/api/openapi.json")
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let document = serde_json::to_value(Document::openapi()).unwrap();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert_eq!(routed, described);
    let served = house.visit("/api/openapi.json").await;
    assert_eq!(served.json(), document);
}

#[test]
fn the_description_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&Document::openapi()).unwrap());
    if std::env::var_os("LOTS_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == made,
        "the API has changed; look at it, then run with LOTS_UPDATE_SNAPSHOTS=1 and commit"
    );
}
