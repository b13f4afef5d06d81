//! Lists that answer a question, changes of many cases, files to take along, and keys.

use crate::house::{House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use cases::commands::{Origin, RegisterCase};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use vocabulary::{Actor, Channel, GenericUuid as _, Priority, Role};

/// Registers a case as the guide and gives its id and number.
async fn case(house: &House, title: &str) -> (String, String) {
    let ctx = house.context(Actor::User(house.users[&Role::Guide]));
    let cmd = RegisterCase {
        title: title.to_owned(),
        place: cases::Place::new("Strandvägen 12", cases::Position::new(59.75, 18.7).ok()).unwrap(),
        priority: Priority::High,
        ..RegisterCase::new(house.types[0], Origin::Direct { channel: Channel::Web, arrival_day: None })
    };
    let made = house.state.db.write(move |s| cases::commands::register(s, &ctx, &cmd)).await.unwrap().case;
    (made.id.into_untyped_uuid().to_string(), made.number.to_string())
}

#[tokio::test]
async fn a_list_is_narrowed_kept_and_thrown_away() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    case(&house, "Lampan vid bryggan").await;
    for (query, found) in [
        ("view=mine", true),
        ("view=open&priority=high&status=new&assignee=nobody", true),
        ("view=open&area=59.70000,18.60000,59.80000,18.80000", true),
        ("view=all&priority=low", false),
        ("view=group", false),
        ("view=overdue", false),
        ("", true),
    ] {
        let list = house.get(&guide, &format!("/cases?{query}")).await;
        assert_eq!(
            (list.status, list.body.contains("Lampan vid bryggan")),
            (StatusCode::OK, found),
            "{query}"
        );
    }
    for bad in ["view=theirs", "area=1", "after=1"] {
        let status = house.get(&guide, &format!("/cases?{bad}")).await.status;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let kept = house
        .post(
            &guide,
            "/cases/filters",
            &[("view", "open"), ("priority", "high"), ("filter_name", "<b>Brådskar</b>")],
        )
        .await;
    assert!(kept.location().starts_with("/cases?view=open&priority=high&saved="), "{}", kept.location());
    let shown = house.get(&guide, kept.location()).await.body;
    assert!(shown.contains("&lt;b&gt;Brådskar") && !shown.contains("<b>Brådskar"));
    let id = kept.location().rsplit('=').next().unwrap().to_owned();
    let leader = house.browser(Role::TrafficLeader).await;
    assert!(!house.get(&leader, "/cases").await.body.contains("Brådskar"), "kept for oneself");
    let throw = format!("/cases/filters/{id}/delete");
    assert_eq!(house.post(&leader, &throw, &[]).await.status, StatusCode::NOT_FOUND);
    house.post(&guide, &throw, &[]).await;
    assert!(!house.get(&guide, "/cases").await.body.contains("Brådskar"));
}

#[tokio::test]
async fn many_are_changed_at_once_and_each_says_what_came_of_it() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    let (one, number) = case(&house, "Ett").await;
    let (two, _) = case(&house, "Två").await;
    let nobody = "00000000-0000-7000-8000-000000000001";
    let bulk = "00000000-0000-7000-8000-000000000002";
    let fields = [
        ("bulk", bulk),
        ("step", "solve"),
        ("outcome", "solved"),
        ("case", one.as_str()),
        ("case", two.as_str()),
        ("case", one.as_str()),
        ("case", nobody),
        ("back", "view=mine"),
    ];
    let report = house.post(&guide, "/cases/bulk", &fields).await;
    assert_eq!(report.status, StatusCode::OK);
    assert!(report.body.contains("2 av 3 ärenden ändrades") && report.body.contains(&number));
    assert_eq!(report.body.matches("Inte ändrat").count(), 1);
    let again = house.post(&guide, "/cases/bulk", &fields).await.body;
    assert!(again.contains("0 av 3") && again.matches("Redan så").count() == 2);
    let none = house.post(&guide, "/cases/bulk", &[("step", "reopen")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let no_step = house.post(&guide, "/cases/bulk", &[("case", one.as_str())]).await;
    assert_eq!(no_step.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ids: Vec<String> = (0..201_u128).map(|n| uuid::Uuid::from_u128(n).to_string()).collect();
    let mut many: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
    many.push(("step", "reopen"));
    assert_eq!(house.post(&guide, "/cases/bulk", &many).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_list_is_taken_along_without_formulas_and_written_down() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    case(&house, "=HYPERLINK(\"http://evil.example\")").await;
    case(&house, "Hål; \"djupt\"").await;
    let csv = house.post(&guide, "/cases/export", &[("view", "open"), ("format", "csv-semicolon")]).await;
    assert_eq!(csv.status, StatusCode::OK);
    let lines: Vec<&str> = csv.body.split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}Nummer;"), "{}", lines[0]);
    assert_eq!(lines.len(), 3);
    assert!(csv.body.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""), "{}", csv.body);
    assert!(csv.body.contains("\"Hål; \"\"djupt\"\"\""));
    let written = request(Method::POST, "/cases/export")
        .header(header::COOKIE, guide.cookie.clone())
        .header("x-csrf-token", guide.csrf.clone())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("view=mine&format=excel"))
        .unwrap();
    let answer = house.app.clone().oneshot(written).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(bytes.starts_with(b"PK"), "a workbook is a zip");
    let kinds = house
        .state
        .db
        .read(|s| {
            s.rows(
                storage::sql!("SELECT detail FROM timeline WHERE kind = $1 ORDER BY seq"),
                storage::params!["cases_exported"],
                |r| r.get::<String>(0),
            )
        })
        .await
        .unwrap();
    assert_eq!(kinds, ["csv-semicolon view=open", "excel view=mine"]);
    let coach = house.browser(Role::Coach).await;
    let refused = house.post(&coach, "/cases/export", &[("format", "excel")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = house.post(&guide, "/cases/export", &[("format", "exe")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_map_leads_to_the_case_and_the_list_is_always_there() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    assert!(
        house.get(&guide, "/cases/map").await.body.contains("har en plats"),
        "without cases there is no map"
    );
    let (id, number) = case(&house, "Lampan").await;
    let one = house.get(&guide, "/cases/map?view=mine").await.body;
    assert!(
        one.contains("<svg") && one.contains(&format!("href=\"/cases/{id}\"")) && !one.contains("<image")
    );
    assert!(one.contains(&format!("Ärende {number}: Lampan")));
    case(&house, "Lampan igen").await;
    let two = house.get(&guide, "/cases/map").await.body;
    assert!(two.contains("2 ärenden, visa närmare") && two.contains("/cases/map?view=open&amp;area="));
    assert!(two.contains("Lampan igen"), "the list stands below");
}

#[tokio::test]
async fn keys_are_chosen_and_a_clash_is_told() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    let palette = house.get(&guide, "/palette").await.body;
    assert!(palette.contains("data-key=\"Ctrl+K\"") && palette.contains("data-key=\"N\""));
    let clash = house.post(&guide, "/keys", &[("next", "f7"), ("log", "F7")]).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(clash.body.matches("Samma tangent som").count(), 2);
    let taken = house.post(&guide, "/keys", &[("next", "Ctrl+W"), ("log", "hej")]).await;
    assert!(taken.body.contains("behöver webbläsaren") && taken.body.contains("går inte att läsa"));
    house.post(&guide, "/keys", &[("next", "f7"), ("help", "")]).await;
    let palette = house.get(&guide, "/palette").await.body;
    assert!(palette.contains("data-key=\"F7\"") && !palette.contains("data-key=\"?\""));
    let leader = house.browser(Role::TrafficLeader).await;
    assert!(house.get(&leader, "/palette").await.body.contains("data-key=\"N\""), "others keep theirs");
    house.post(&guide, "/keys/reset", &[]).await;
    assert!(house.get(&guide, "/palette").await.body.contains("data-key=\"N\""));
    let admin = house.browser(Role::Administrator).await;
    assert!(!house.get(&admin, "/palette").await.body.contains("/cases"), "no way to what one may not use");
}

#[tokio::test]
async fn next_leads_to_what_is_most_urgent_and_then_on() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    let empty = house.get(&guide, "/next").await;
    assert!(empty.body.contains("Inget väntar på dig"));
    let (one, _) = case(&house, "Ett").await;
    let (two, _) = case(&house, "Två").await;
    // Both came in the same instant: which is first is the ids' to say, but the other is next.
    let first = house.get(&guide, "/next").await.location().to_owned();
    let second = house.get(&guide, &format!("/next?here={first}")).await.location().to_owned();
    let mut both = [first, second];
    both.sort_unstable();
    let mut expected = [format!("/cases/{one}"), format!("/cases/{two}")];
    expected.sort_unstable();
    assert_eq!(both, expected);
    let found = house.post(&guide, "/palette/find", &[("query", "två")]).await.body;
    assert!(found.contains(&format!("data-href=\"/cases/{two}\"")) && !found.contains(&one));
}

#[tokio::test]
async fn what_is_reported_already_is_hinted_at_while_typing() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    let (id, _) = case(&house, "Släckt lampa").await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let hints = |place: &'static str| {
        let (house, guide, case_type) = (&house, &guide, case_type.clone());
        async move { house.post(guide, "/cases/hints", &[("case_type", &case_type), ("place", place)]).await.body }
    };
    assert!(hints("strandv. 12").await.contains(&id));
    assert!(!hints("Strandvägen 99").await.contains(&id));
    assert!(!hints("").await.contains(&id));
}
