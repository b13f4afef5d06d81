//! Open311 as its clients see it: both formats, the filters, the key, and that nothing personal comes out.

use crate::house::{Answer, House, request, with_form};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use vocabulary::Role;

const REPORT: [(&str, &str); 9] = [
    ("service_code", "waste"),
    ("lat", "58.75"),
    ("long", "17.01"),
    ("address_string", "Ångbåtsgatan 7"),
    ("description", "Rita Hemlig, 070-999 88 77: tunnan & locket <är> borta"),
    ("first_name", "Rita"),
    ("last_name", "Hemlig"),
    ("email", "rita@example.se"),
    ("media_url", "https://bilder.example.se/1.jpg"),
];

async fn post(house: &House, path: &str, fields: &[(&str, &str)]) -> Answer {
    house.send(with_form(request(Method::POST, path), fields)).await
}

fn with_key<'a>(key: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("api_key", key)];
    all.extend_from_slice(fields);
    all
}

async fn reported(house: &House) -> String {
    let key = &house.keys[&Role::Guide];
    let made = post(house, "/open311/v2/requests.json", &with_key(key, &REPORT)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.json()[0]["service_request_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn only_what_is_offered_and_open_is_a_service() {
    let house = House::new().await;
    let services = house.visit("/open311/v2/services.json").await;
    assert_eq!(services.status, StatusCode::OK);
    let services = services.json();
    assert_eq!(services.as_array().unwrap().len(), 1);
    assert_eq!((&services[0]["service_code"], &services[0]["metadata"]), (&"waste".into(), &false.into()));
    let xml = house.visit("/open311/v2/services.xml?jurisdiction_id=vikhamn.example").await;
    assert!(xml.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/xml"));
    assert!(xml.body.contains("<services><service><service_code>waste</service_code>"), "{}", xml.body);
    let definition = house.visit("/open311/v2/services/waste.xml").await;
    assert!(
        definition
            .body
            .contains("<service_definition><service_code>waste</service_code><attributes></attributes>")
    );
    for missing in
        ["/open311/v2/services/care.json", "/open311/v2/services/waste.json?jurisdiction_id=annan.se"]
    {
        let answer = house.visit(missing).await;
        assert_eq!(
            (answer.status, answer.json()[0]["code"].as_u64()),
            (StatusCode::NOT_FOUND, Some(404)),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn a_report_is_a_case_once_and_gives_nothing_personal_out() {
    let house = House::new().await;
    let number = reported(&house).await;
    assert_eq!(reported(&house).await, number, "the same report sent twice is one case");
    for path in [
        format!("/open311/v2/requests/{number}.json"),
        format!("/open311/v2/requests/{number}.xml"),
        "/open311/v2/requests.xml?status=open&service_code=waste".to_owned(),
        format!("/open311/v2/requests.json?service_request_id={number},KC-26110099"),
        "/open311/v2/servicerequestupdates.xml".to_owned(),
    ] {
        let seen = house.visit(&path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path} {}", seen.body);
        for personal in ["Rita", "Hemlig", "rita@", "070-999", "bilder.example"] {
            assert!(!seen.body.contains(personal), "{path} tells {personal}: {}", seen.body);
        }
        assert!(path.contains("updates") || seen.body.contains(&number), "{path} {}", seen.body);
    }
    let seen = house.visit(&format!("/open311/v2/requests/{number}.json")).await.json();
    assert_eq!(seen[0]["status"], "open");
    assert_eq!(seen[0]["lat"], 58.75);
    assert!(seen[0]["requested_datetime"].as_str().unwrap().ends_with("+01:00"), "{seen}");
    // Whoever may read cases reads what was told, escaped.
    let key = &house.keys[&Role::Guide];
    let told = house.visit(&format!("/open311/v2/requests/{number}.xml?api_key={key}")).await;
    assert!(told.body.contains("tunnan &amp; locket &lt;är&gt; borta"), "{}", told.body);
    let token = house.visit(&format!("/open311/v2/tokens/{number}.json")).await.json();
    assert_eq!(token[0]["service_request_id"], number.as_str());
    let closed = house.visit("/open311/v2/requests.json?status=closed").await.json();
    assert_eq!(closed.as_array().unwrap().len(), 0);
    let long_ago = "/open311/v2/requests.json?start_date=2020-01-01T00:00:00Z&end_date=2020-02-01T00:00:00Z";
    assert_eq!(house.visit(long_ago).await.json().as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_both_formats() {
    let house = House::new().await;
    let key = house.keys[&Role::Guide].clone();
    let no_key = post(&house, "/open311/v2/requests.xml", &REPORT).await;
    assert_eq!(no_key.status, StatusCode::FORBIDDEN);
    assert!(no_key.body.contains("<errors><error><code>403</code><description>"), "{}", no_key.body);
    let reader = house.keys[&Role::Manager].clone();
    assert_eq!(
        post(&house, "/open311/v2/requests.json", &with_key(&reader, &REPORT)).await.status,
        StatusCode::FORBIDDEN
    );
    let without = |left_out: &[&str]| -> Vec<(&str, &str)> {
        REPORT.into_iter().filter(|(name, _)| !left_out.contains(name)).collect()
    };
    let changed = |name: &'static str, value: &'static str| -> Vec<(&str, &str)> {
        REPORT.into_iter().map(|(n, v)| if n == name { (n, value) } else { (n, v) }).collect()
    };
    let long = "å".repeat(4_001);
    let mut too_long = without(&["description"]);
    too_long.push(("description", &long));
    for (fields, status) in [
        (without(&["service_code"]), 400),
        (changed("service_code", "care"), 404),
        (changed("service_code", "finns-inte"), 404),
        (without(&["lat", "long", "address_string"]), 400),
        (without(&["lat"]), 400),
        (changed("lat", "91"), 400),
        (changed("lat", "norr"), 400),
        (changed("email", "ingen adress"), 400),
        (changed("media_url", "javascript:alert(1)"), 400),
        (too_long, 400),
    ] {
        let answer = post(&house, "/open311/v2/requests.json", &with_key(&key, &fields)).await;
        assert_eq!(answer.status.as_u16(), status, "{fields:?} {}", answer.body);
        assert_eq!(answer.json()[0]["code"].as_u64(), Some(u64::from(status)));
        assert!(answer.json()[0]["description"].as_str().unwrap().len() > 5);
    }
    for path in [
        "/open311/v2/requests.json?start_date=igar",
        "/open311/v2/requests.json?status=halfopen",
        "/open311/v2/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z",
        "/open311/v2/requests.json?start_date=2026-11-02T00:00:00Z&end_date=2026-11-01T00:00:00Z",
    ] {
        assert_eq!(house.visit(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let nowhere = house.visit("/open311/v2/nothing.json").await;
    assert_eq!((nowhere.status, nowhere.json()[0]["code"].as_u64()), (StatusCode::NOT_FOUND, Some(404)));
    let not_a_form = request(Method::POST, &format!("/open311/v2/requests.json?api_key={key}"))
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from("hej"))
        .unwrap();
    assert_eq!(house.send(not_a_form).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_update_is_taken_in_once_and_changes_are_told() {
    let house = House::new().await;
    let number = reported(&house).await;
    let key = house.keys[&Role::Guide].clone();
    let fields =
        [("service_request_id", number.as_str()), ("update_id", "u-1"), ("description", "Den är kvar än.")];
    let first = post(&house, "/open311/v2/servicerequestupdates.json", &with_key(&key, &fields)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let again = post(&house, "/open311/v2/servicerequestupdates.json", &with_key(&key, &fields)).await;
    assert_eq!(first.json(), again.json());
    let missing = [("service_request_id", "KC-26119999"), ("update_id", "u"), ("description", "x")];
    let missing = post(&house, "/open311/v2/servicerequestupdates.xml", &with_key(&key, &missing)).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let found = house.api(Role::Guide, Method::GET, "/0599/CONTACTCENTER/errands", None).await.json();
    let id = found["content"][0]["id"].as_str().unwrap().to_owned();
    let solved = serde_json::json!({"status": "SOLVED", "resolution": "SOLVED"});
    let path = format!("/0599/CONTACTCENTER/errands/{id}");
    let solved = house.api(Role::Guide, Method::PATCH, &path, Some(solved)).await;
    assert_eq!(solved.status, StatusCode::OK, "{}", solved.body);
    let updates = house.visit("/open311/v2/servicerequestupdates.json").await.json();
    let last = updates.as_array().unwrap().last().unwrap();
    assert_eq!((&last["service_request_id"], &last["status"]), (&number.as_str().into(), &"closed".into()));
    let closed = house.visit("/open311/v2/requests.json?status=closed").await.json();
    assert_eq!(closed[0]["service_request_id"], number.as_str());
}
