//! The errand API: every field comes back as it was sent, versions are minded, and what does not fit is refused.

use crate::house::{Answer, House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use vocabulary::Role;
use web::api::errands::model::{
    ContactChannel, ErrandInput, ExternalTag, Parameter, Stakeholder, Suspension,
};

const ERRANDS: &str = "/0599/CONTACTCENTER/errands";

async fn ask(house: &House, method: Method, path: &str, body: Value) -> Answer {
    house.api(Role::Guide, method, path, Some(body)).await
}

fn least() -> Value {
    json!({"title": "Tunnan", "classification": {"category": "Avfall", "type": "waste"}})
}

fn line() -> impl Strategy<Value = String> {
    "[a-zA-ZåäöÅÄÖ0-9éü&<>'\"\\\\,;%_ -]{0,30}[a-zA-Z0-9å]"
}

fn maybe<S: Strategy + 'static>(some: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone + 'static,
{
    proptest::option::of(some)
}

fn parameter() -> impl Strategy<Value = Parameter> {
    let values = maybe(proptest::collection::vec(line(), 0..3));
    (line(), maybe(line()), maybe(line()), values).prop_map(|(key, display_name, group, values)| Parameter {
        key,
        display_name,
        group,
        values,
    })
}

fn channel() -> impl Strategy<Value = ContactChannel> {
    let kinds = prop_oneof![Just("EMAIL"), Just("PHONE"), Just("FAX")];
    let values = prop_oneof![line(), Just("kim@example.se".to_owned()), Just("070-123 45 67".to_owned())];
    (kinds, values).prop_map(|(kind, value)| ContactChannel { kind: kind.to_owned(), value })
}

fn stakeholder() -> impl Strategy<Value = Stakeholder> {
    let names = (maybe(line()), maybe(line()), maybe(line()), maybe(line()));
    let places = (maybe(line()), maybe(line()), maybe(line()), maybe(line()), maybe(line()));
    let lists = (
        maybe(proptest::collection::vec(channel(), 0..3)),
        maybe(proptest::collection::vec(parameter(), 0..2)),
    );
    let role = maybe(prop_oneof![Just("RELATIVE".to_owned()), Just("AUTHORITY".to_owned()), line()]);
    (role, names, places, lists).prop_map(|(role, names, places, lists)| Stakeholder {
        role,
        external_id: names.0,
        external_id_type: names.1,
        first_name: names.2,
        last_name: names.3,
        organization_name: places.0,
        address: places.1,
        care_of: places.2,
        zip_code: places.3,
        city: places.4.clone(),
        country: places.4,
        contact_channels: lists.0,
        parameters: lists.1,
    })
}

fn errand() -> impl Strategy<Value = ErrandInput> {
    let words = |words: &'static [&'static str]| proptest::sample::select(words).prop_map(str::to_owned);
    let what = (
        line(),
        maybe("[a-zåäö0-9 \n\t\r]{0,80}"),
        maybe(words(&["LOW", "MEDIUM", "HIGH", "URGENT"])),
        maybe(words(&["NEW", "ONGOING", "PENDING", "SUSPENDED", "SOLVED", "AWAITING_INTERNAL_RESPONSE"])),
        maybe(prop_oneof![
            words(&["SOLVED", "SELF_SERVICE", "CONNECTED", "REFERRED", "FORWARDED", "OTHER"]),
            line()
        ]),
        maybe(prop_oneof![words(&["PHONE", "EMAIL", "ESERVICE", "IN_PERSON"]), line()]),
    );
    let who = (
        maybe(line()),
        maybe(prop_oneof![Just("guide".to_owned()), line()]),
        maybe(line()),
        maybe(line()),
        maybe(line()),
    );
    let more = (
        proptest::collection::vec(stakeholder(), 0..4),
        proptest::collection::btree_map(line(), line(), 0..4),
        proptest::collection::vec(parameter(), 0..4),
        proptest::collection::vec(
            prop_oneof![
                line().prop_map(Value::from),
                line().prop_map(|id| json!({"id": id, "n": [1, null]}))
            ],
            0..3,
        ),
        maybe(any::<bool>()),
        any::<bool>(),
    );
    (what, who, more).prop_map(|(what, who, more)| ErrandInput {
        title: Some(what.0),
        description: what.1,
        priority: what.2,
        suspension: (what.3.as_deref() == Some("SUSPENDED") || more.5).then(|| Suspension {
            suspended_from: Some("2026-11-02T10:00:00.000+01:00".to_owned()),
            suspended_to: Some("2027-01-15T08:30:00.5+01:00".to_owned()),
        }),
        status: what.3,
        resolution: what.4,
        channel: what.5,
        reporter_user_id: who.0,
        assigned_user_id: who.1,
        assigned_group_id: who.2,
        contact_reason: who.3,
        contact_reason_description: who.4,
        escalation_email: more.5.then(|| "larm@vikhamn.example".to_owned()),
        stakeholders: Some(more.0),
        external_tags: Some(more.1.into_iter().map(|(key, value)| ExternalTag { key, value }).collect()),
        parameters: Some(more.2),
        labels: Some(more.3),
        business_related: more.4,
        classification: Some(serde_json::from_value(json!({"category": "Avfall", "type": "waste"})).unwrap()),
    })
}

/// What was sent, and is not there as it was sent.
fn lost(sent: &ErrandInput, read: &Value) -> Vec<String> {
    let sent = serde_json::to_value(sent).unwrap();
    let said = sent.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    said.filter(|(name, value)| read.get(name.as_str()) != Some(*value))
        .map(|(name, value)| {
            format!("{name}: sent {value}, read {}", read.get(name.as_str()).unwrap_or(&Value::Null))
        })
        .collect()
}

#[tokio::test]
async fn every_field_comes_back_as_it_was_sent() {
    let house = House::new().await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..40 {
        let sent = errand().new_tree(&mut runner).unwrap().current();
        let made = ask(&house, Method::POST, ERRANDS, serde_json::to_value(&sent).unwrap()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{sent:?}\n{}", made.body);
        let path = made.location().to_owned();
        let read = house.api(Role::Manager, Method::GET, &path, None).await;
        assert_eq!(lost(&sent, &read.json()), Vec::<String>::new());
        assert_eq!(read.json(), made.json());
        // Sent again, nothing changes: not even the version.
        let status = read.json()["status"].as_str() != Some("SOLVED");
        let again = ErrandInput { status: sent.status.clone().filter(|_| status), ..sent.clone() };
        let again = ask(&house, Method::PATCH, &path, serde_json::to_value(&again).unwrap()).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.body);
        assert_eq!(again.headers[header::ETAG], read.headers[header::ETAG]);
        let other = errand().new_tree(&mut runner).unwrap().current();
        let other = ErrandInput { status: None, resolution: None, channel: None, ..other };
        let changed = ask(&house, Method::PATCH, &path, serde_json::to_value(&other).unwrap()).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
        let was_suspended = read.json()["status"] == "SUSPENDED";
        let other = if was_suspended { ErrandInput { suspension: None, ..other } } else { other };
        assert_eq!(lost(&other, &changed.json()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_change_made_from_an_old_version_is_refused() {
    let house = House::new().await;
    let made = ask(&house, Method::POST, ERRANDS, least()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.json()["status"], "NEW");
    assert!(made.json()["errandNumber"].as_str().unwrap().starts_with("KC-2611"));
    let (path, version) = (made.location().to_owned(), made.headers[header::ETAG].clone());
    let change = |version: &str, priority: &str| {
        request(Method::PATCH, &path)
            .header(header::AUTHORIZATION, format!("Bearer {}", house.keys[&Role::Guide]))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, version)
            .body(Body::from(json!({"priority": priority}).to_string()))
            .unwrap()
    };
    let version = version.to_str().unwrap();
    let first = house.send(change(version, "HIGH")).await;
    assert_eq!((first.status, &first.json()["priority"]), (StatusCode::OK, &"HIGH".into()));
    let late = house.send(change(version, "LOW")).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.body);
    assert_eq!(late.headers[header::CONTENT_TYPE], "application/problem+json");
    let now = first.headers[header::ETAG].to_str().unwrap();
    assert_eq!(house.send(change(now, "LOW")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_nothing_of_it_done() {
    let house = House::new().await;
    let with = |extra: Value| {
        let mut body = least();
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    for (extra, field) in [
        (json!({"classification": {"category": "Avfall", "type": "nope"}}), "classification.type"),
        (json!({"classification": {"category": "Vatten", "type": "waste"}}), "classification.category"),
        (json!({"priority": "VERY"}), "priority"),
        (json!({"status": "GONE"}), "status"),
        (json!({"status": "REOPENED"}), "status"),
        (json!({"status": "SUSPENDED"}), "suspension.suspendedTo"),
        (
            json!({"status": "SUSPENDED", "suspension": {"suspendedTo": "2020-01-01T00:00:00Z"}}),
            "suspension.suspendedTo",
        ),
        (json!({"suspension": {"suspendedFrom": "i går"}}), "suspension.suspendedFrom"),
        (json!({"title": "  "}), "title"),
        (json!({"escalationEmail": "ingen"}), "escalationEmail"),
        (json!({"externalTags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}), "externalTags"),
        (json!({"resolution": "x".repeat(300)}), "resolution"),
        (json!({"okänt": 1}), "okänt"),
    ] {
        let refused = ask(&house, Method::POST, ERRANDS, with(extra.clone())).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{extra} {}", refused.body);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{}", refused.body);
    }
    let none = house.api(Role::Guide, Method::GET, ERRANDS, None).await.json();
    assert_eq!(none["totalElements"], 0, "a refusal leaves nothing behind");
    for (path, status) in [
        ("/2281/CONTACTCENTER/errands", 404),
        ("/0599/OTHER/errands", 404),
        ("/059/CONTACTCENTER/errands", 400),
        ("/0599/CONTACTCENTER/errands/nope", 404),
        ("/0599/CONTACTCENTER/errands?size=0", 400),
        ("/0599/CONTACTCENTER/errands?sort=title", 400),
        ("/0599/CONTACTCENTER/errands?filter=secret:1", 400),
    ] {
        let answer = house.api(Role::Guide, Method::GET, path, None).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {}", answer.body);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
    assert_eq!(house.visit(ERRANDS).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_a_filter_and_the_parts() {
    let house = House::new().await;
    for n in 0..5 {
        let mut body = least();
        body["title"] = json!(format!("Nummer {n}"));
        body["priority"] = json!(if n == 3 { "HIGH" } else { "LOW" });
        assert_eq!(ask(&house, Method::POST, ERRANDS, body).await.status, StatusCode::CREATED);
    }
    let list = |query: &str| {
        let path = format!("{ERRANDS}?{query}");
        let house = &house;
        async move { house.api(Role::Manager, Method::GET, &path, None).await.json() }
    };
    let page = list("page=1&size=2").await;
    assert_eq!(
        (&page["totalElements"], &page["totalPages"], &page["last"]),
        (&5.into(), &3.into(), &false.into())
    );
    assert_eq!(page["content"].as_array().unwrap().len(), 2);
    let urgent = list("filter=priority:'HIGH'%20and%20status%20in%20['NEW','ONGOING']").await;
    assert_eq!(urgent["content"][0]["title"], "Nummer 3");
    assert_eq!(urgent["totalElements"], 1);
    let path = format!("{ERRANDS}/{}", urgent["content"][0]["id"].as_str().unwrap());
    let gone = house.api(Role::Guide, Method::DELETE, &path, None).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.body);
    let note = json!({"subject": "Ämne", "body": "Text", "createdBy": "joe01doe", "context": "SUPPORT", "role": "FIRST"});
    let written = ask(&house, Method::POST, &format!("{path}/notes"), note.clone()).await;
    assert_eq!(written.status, StatusCode::CREATED, "{}", written.body);
    let notes = house.api(Role::Manager, Method::GET, &format!("{path}/notes"), None).await.json();
    for (name, value) in note.as_object().unwrap() {
        assert_eq!(&notes[0][name], value, "{name}");
    }
    let body = "--x\r\nContent-Disposition: form-data; name=\"errandAttachment\"; filename=\"r\u{e4}kning.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nhej\r\n--x--\r\n";
    let upload = request(Method::POST, &format!("{path}/attachments"))
        .header(header::AUTHORIZATION, format!("Bearer {}", house.keys[&Role::Guide]))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap();
    let kept = house.send(upload).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.body);
    let file = house.api(Role::Manager, Method::GET, kept.location(), None).await;
    assert_eq!((file.body.as_str(), file.status), ("hej", StatusCode::OK));
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; "));
    let other = list("filter=priority:'LOW'").await["content"][0]["id"].as_str().unwrap().to_owned();
    let link = json!({"errandId": other, "relation": "parent"});
    assert_eq!(
        ask(&house, Method::POST, &format!("{path}/links"), link.clone()).await.status,
        StatusCode::CREATED
    );
    let links = house.api(Role::Manager, Method::GET, &format!("{path}/links"), None).await.json();
    assert_eq!(links, json!([link]));
    let events = house.api(Role::Manager, Method::GET, &format!("{path}/events"), None).await.json();
    assert_eq!(events[0]["type"], "CREATE");
    assert_eq!(
        house.api(Role::Manager, Method::GET, &format!("{path}/communication"), None).await.status,
        StatusCode::OK
    );
}
