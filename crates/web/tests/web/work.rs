//! The guide's work: a call from ring to log, cases, tasks, the board, administration.

use crate::house::{House, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use http_body_util::BodyExt as _;
use routing::{GuideState, Input};
use tower::ServiceExt as _;
use vocabulary::{CaseStatus, ContactOutcome, GenericUuid as _, Role, SignedDuration};

#[tokio::test]
async fn a_call_is_shown_before_it_is_answered_and_logged_after() {
    let house = House::new().await;
    let (guide, browser) = (house.users[&Role::Guide], house.browser(Role::Guide).await);
    house.ready(guide).await;
    let call = house.ring(Some("+46701234567")).await;
    let ringing = house.get(&browser, "/guide").await.body;
    assert!(ringing.contains("Inkommande samtal") && ringing.contains("070-123 45 67"));
    assert!(!ringing.contains("id=\"log-form\""), "nothing is logged before it is answered");
    house.answer().await;
    assert!(house.get(&browser, "/guide").await.body.contains("id=\"log-form\""));
    house.floor().send(Input::CallerLeft { call }).await.unwrap();
    let wrap_up = house.get(&browser, "/guide").await.body;
    assert!(wrap_up.contains("data-phase=\"wrap_up\""));

    let path = format!("/guide/contacts/{}/log", call.into_untyped_uuid());
    let empty = house.post(&browser, &path, &[("case_type", ""), ("outcome", "nonsense")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Välj ett av alternativen"));
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let fields = [("case_type", case_type.as_str()), ("outcome", "solved"), ("note", "")];
    let done = house.post(&browser, &path, &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/guide"));
    let contact = house.state.db.read(move |s| contacts::queries::by_id(s, call)).await.unwrap().unwrap();
    assert_eq!(contact.outcome, Some(ContactOutcome::Solved));
    let state = house.floor().snapshot().guide(guide).unwrap().state;
    assert_eq!(state, GuideState::Ready, "logging ends the wrap-up");
}

#[tokio::test]
async fn another_guides_contact_is_not_logged() {
    let house = House::new().await;
    house.ready(house.users[&Role::Guide]).await;
    let call = house.ring(None).await;
    house.answer().await;
    let leader = house.browser(Role::TrafficLeader).await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let path = format!("/guide/contacts/{}/log", call.into_untyped_uuid());
    let answer = house.post(&leader, &path, &[("case_type", &case_type), ("outcome", "solved")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn from_the_call_to_an_officer_in_one_form_and_pressed_twice_it_is_one_case() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    house.ready(house.users[&Role::Guide]).await;
    let call = house.ring(Some("+46701234567")).await;
    house.answer().await;
    let path = format!("/guide/contacts/{}/case", call.into_untyped_uuid());
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let fields = [
        ("case_type", case_type.as_str()),
        ("title", "<b>Tunnan</b>"),
        ("description", "Inte tömd"),
        ("officer", ""),
        ("message", "När?"),
    ];
    for _ in 0..2 {
        assert_eq!(house.post(&browser, &path, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let list = house.get(&browser, "/cases").await.body;
    assert_eq!(list.matches("<th scope=\"row\"").count(), 1, "one case");
    assert!(list.contains("&lt;b&gt;Tunnan") && !list.contains("<b>Tunnan"));
    let missing = house.post(&browser, &path, &[("case_type", "")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_guides_stream_tells_of_a_call_and_leaves_what_is_typed_alone() {
    let house = House::new().await;
    let (guide, browser) = (house.users[&Role::Guide], house.browser(Role::Guide).await);
    house.ready(guide).await;
    let asked = request(Method::GET, "/guide/live")
        .header(header::COOKIE, &browser.cookie)
        .body(Body::empty())
        .unwrap();
    let mut stream = house.app.clone().oneshot(asked).await.unwrap().into_body();
    let mut next = async || {
        let frame = stream.frame().await.unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    };
    assert!(next().await.contains("hx-target=\"#queue\""));
    house.ring(Some("+46701234567")).await;
    let mut told = String::new();
    while !told.contains("Inkommande samtal från 070-123 45 67") {
        told.push_str(&next().await);
    }
    assert!(!told.contains("#contact-body"), "the form is not touched while a call rings");
    house.answer().await;
    while !told.contains("#contact-body") {
        told.push_str(&next().await);
    }
    assert!(told.contains("log-form"));
}

#[tokio::test]
async fn a_revoked_session_loses_its_stream() {
    let house = House::new().await;
    let browser = house.browser(Role::TrafficLeader).await;
    let asked = request(Method::GET, "/board/live")
        .header(header::COOKIE, &browser.cookie)
        .body(Body::empty())
        .unwrap();
    let mut stream = house.app.clone().oneshot(asked).await.unwrap().into_body();
    assert!(stream.frame().await.is_some());
    house.post(&browser, "/sign-out", &[]).await;
    let rest = tokio::time::timeout(std::time::Duration::from_secs(5), async {
        while stream.frame().await.is_some() {}
    });
    assert!(rest.await.is_ok(), "the stream ends");
}

#[tokio::test]
async fn a_case_is_registered_moved_on_solved_and_opened_again() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let fields = [
        ("case_type", case_type.as_str()),
        ("channel", "visit"),
        ("title", "Trasig gunga"),
        ("description", ""),
        ("name", "Rita"),
        ("telephone", "070-123 45 67"),
        ("email", ""),
    ];
    let made = house.post(&browser, "/cases", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = made.location().to_owned();
    let officer = house.officer.into_untyped_uuid().to_string();
    let steps = [
        ("notes", vec![("note", "Ringde tillbaka")], StatusCode::SEE_OTHER),
        ("notes", vec![("note", "  ")], StatusCode::UNPROCESSABLE_ENTITY),
        ("forward", vec![("officer", &officer), ("message", "Laga den?")], StatusCode::SEE_OTHER),
        ("forward", vec![("officer", &officer), ("message", "En annan fråga")], StatusCode::CONFLICT),
        ("status", vec![("change", "suspend"), ("until", "2020-01-01")], StatusCode::UNPROCESSABLE_ENTITY),
        ("status", vec![("change", "suspend"), ("until", "2026-12-01")], StatusCode::SEE_OTHER),
        ("solve", vec![("outcome", "solved"), ("answer", "Lagad")], StatusCode::SEE_OTHER),
        ("reopen", Vec::new(), StatusCode::SEE_OTHER),
    ];
    for (step, fields, expected) in steps {
        let answer = house.post(&browser, &format!("{page}/{step}"), &fields).await;
        assert_eq!(answer.status, expected, "{step} {fields:?}");
    }
    let shown = house.get(&browser, &page).await.body;
    for told in ["Trasig gunga", "Ringde tillbaka", "Lagad", "Olof Handläggare"] {
        assert!(shown.contains(told), "{told}");
    }
    let id = page.rsplit('/').next().unwrap().parse::<uuid::Uuid>().unwrap();
    let case = house
        .state
        .db
        .read(move |s| cases::queries::case(s, vocabulary::CaseId::from_untyped_uuid(id)))
        .await;
    assert_eq!(case.unwrap().unwrap().status, CaseStatus::Reopened);
}

#[tokio::test]
async fn a_strict_case_is_only_for_whom_it_names() {
    let house = House::new().await;
    let (guide, leader) = (house.browser(Role::Guide).await, house.browser(Role::TrafficLeader).await);
    let strict = house.types[1].into_untyped_uuid().to_string();
    let made = house
        .post(&guide, "/cases", &[("case_type", &strict), ("channel", "web"), ("title", "Hemligt")])
        .await;
    let page = made.location().to_owned();
    assert_eq!(house.get(&guide, &page).await.status, StatusCode::OK);
    assert_eq!(house.get(&leader, &page).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        house.post(&leader, &format!("{page}/notes"), &[("note", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(!house.get(&leader, "/cases?filter=all").await.body.contains("Hemligt"));
}

#[tokio::test]
async fn day_seven_puts_a_call_task_in_the_list_and_the_answer_is_taken_by_telephone() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let made = house.post(&browser, "/cases", &[("case_type", &case_type), ("channel", "web")]).await;
    let forwarded = format!("{}/forward", made.location());
    let officer = house.officer.into_untyped_uuid().to_string();
    assert_eq!(
        house.post(&browser, &forwarded, &[("officer", &officer)]).await.status,
        StatusCode::SEE_OTHER
    );
    house.clock.advance(SignedDuration::from_hours(24 * 14));
    let runner =
        storage::jobs::Runner::new(house.state.db.clone(), house.clock.clone(), house.chance.clone());
    let runner = cases::jobs::wire(runner, &house.state.db, house.state.cases.clone());
    runner.run_due().await.unwrap();
    let browser = house.browser(Role::Guide).await;
    let list = house.get(&browser, "/tasks").await.body;
    assert!(list.contains("08-12 34 56"), "whom to phone");
    let at = list.find("action=\"/tasks/").unwrap() + "action=\"".len();
    // The call can be noted for itself; here it ends the task.
    let path = list[at..].split('"').next().unwrap().trim_end_matches("/call").to_owned();
    let empty = house.post(&browser, &path, &[("end", "answer_taken"), ("note", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = house
        .post(&browser, &path, &[("end", "answer_taken"), ("note", "Lagas i dag"), ("public", "yes")])
        .await;
    assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, "/tasks"));
    assert!(house.get(&browser, "/tasks").await.body.contains("Inget väntar på dig här"));
}

#[tokio::test]
async fn the_traffic_leader_moves_people_and_switches_the_surge_notice() {
    let house = House::new().await;
    let guide = house.users[&Role::Guide];
    house.ready(guide).await;
    let leader = house.browser(Role::TrafficLeader).await;
    let path = format!("/board/guides/{}/state", guide.into_untyped_uuid());
    assert_eq!(house.post(&leader, &path, &[("do", "lunch")]).await.status, StatusCode::SEE_OTHER);
    assert!(matches!(house.floor().snapshot().guide(guide).unwrap().state, GuideState::Away { .. }));
    assert_eq!(
        house.post(&leader, &path, &[("do", "no_answer")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        house.post(&leader, "/board/surge", &[("group", ""), ("on", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(house.floor().snapshot().groups[0].surge);
    let unknown = [("group", "00000000-0000-7000-8000-000000000009"), ("on", "yes")];
    assert_eq!(house.post(&leader, "/board/surge", &unknown).await.status, StatusCode::NOT_FOUND);
    let board = house.get(&leader, "/board").await.body;
    assert!(board.contains("Slå av LAVIN för alla") && board.contains("En guide"));
}

#[tokio::test]
async fn administrators_make_users_and_keys_but_read_no_cases() {
    let house = House::new().await;
    let admin = house.browser(Role::Administrator).await;
    let form = |password: &'static str| {
        [("name", "Ny Person"), ("sign_in", "NY"), ("role", "guide"), ("password", password)]
    };
    assert_eq!(
        house.post(&admin, "/admin/users", &form("kort")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let made = house.post(&admin, "/admin/users", &form("en lång mening här")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = made.location().to_owned();
    let taken = house.post(&admin, "/admin/users", &form("en lång mening här")).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.body.contains("upptaget"));
    let group = house.group.into_untyped_uuid().to_string();
    assert_eq!(
        house.post(&admin, &format!("{page}/groups"), &[(&group, "2")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        house.post(&admin, &format!("{page}/active"), &[("active", "no")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(house.get(&admin, &page).await.body.contains("Avstängd"));
    let key = house.post(&admin, "/admin/api-keys", &[("name", "Felanmälan"), ("role", "guide")]).await;
    assert!(key.body.contains("lots_"));
    assert!(!house.get(&admin, "/admin/api-keys").await.body.contains("class=\"secret\""), "shown once");
    assert_eq!(house.get(&admin, "/cases").await.status, StatusCode::FORBIDDEN);
    let last = format!("/admin/users/{}/active", house.users[&Role::Administrator].into_untyped_uuid());
    assert_eq!(house.post(&admin, &last, &[("active", "no")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_demos_clock_moves_and_its_outbox_shows_the_mail() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let case_type = house.types[0].into_untyped_uuid().to_string();
    let made = house.post(&browser, "/cases", &[("case_type", &case_type), ("channel", "web")]).await;
    let officer = house.officer.into_untyped_uuid().to_string();
    house.post(&browser, &format!("{}/forward", made.location()), &[("officer", &officer)]).await;
    let outbox = house.get(&browser, "/outbox").await.body;
    assert!(outbox.contains("olof@example.se") && outbox.contains("<a href=\"http://lots.example/o/"));
    let jump = house.post(&browser, "/demo/clock", &[("jump", "hour"), ("back", "/outbox")]).await;
    assert_eq!(jump.location(), "/outbox");
    assert!(house.get(&browser, "/outbox").await.body.contains("10:15"));
}

/// Sends a form as htmx does.
async fn by_htmx(
    house: &House,
    browser: &crate::house::Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> crate::house::Answer {
    let asked = request(Method::POST, path)
        .header(header::COOKIE, &browser.cookie)
        .header("x-csrf-token", &browser.csrf)
        .header("hx-request", "true");
    house.send(crate::house::with_form(asked, fields)).await
}

#[tokio::test]
async fn who_calls_from_a_withheld_number_is_found_or_written_down() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    house.ready(house.users[&Role::Guide]).await;
    let call = house.ring(None).await;
    assert!(house.get(&browser, "/guide").await.body.contains("Dolt nummer"));
    house.answer().await;
    let path = format!("/guide/contacts/{}/resident", call.into_untyped_uuid());
    let wrong = by_htmx(&house, &browser, &path, &[("name", "Rut"), ("telephone", "nonsense")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Skriv ett telefonnummer") && !wrong.body.contains("<html"));
    let right = by_htmx(&house, &browser, &path, &[("name", "Rut"), ("telephone", "070-111 22 33")]).await;
    assert!(right.status == StatusCode::OK && right.body.contains("Rut"));
    let find = format!("/guide/contacts/{}/find", call.into_untyped_uuid());
    let found = by_htmx(&house, &browser, &find, &[("query", "rut")]).await;
    assert!(found.body.contains("name=\"resident\""));
    assert!(by_htmx(&house, &browser, &find, &[("query", "zzz")]).await.body.contains("Ingen hittades"));
    let nobody = [("resident", "00000000-0000-7000-8000-000000000001")];
    assert_eq!(by_htmx(&house, &browser, &path, &nobody).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_part_of_a_page_is_answered_with_a_part_and_never_becomes_an_address() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    let found = by_htmx(&house, &browser, "/knowledge/search", &[("query", "finns inte")]).await;
    assert!(found.body.contains("Inget hittades") && !found.body.contains("<html"));
    assert_eq!(found.headers["hx-push-url"], "false");
    let searched = by_htmx(&house, &browser, "/cases/search", &[("query", "x")]).await;
    assert_eq!(searched.headers["hx-push-url"], "false");
    assert!(searched.body.contains("name=\"back\" value=\"/\""), "what was posted is not gone back to");
    let state = by_htmx(&house, &browser, "/guide/state", &[("do", "begin")]).await;
    assert_eq!(state.status, StatusCode::NO_CONTENT);
    let stranger = request(Method::GET, "/guide").header("hx-request", "true").body(Body::empty()).unwrap();
    let told = house.send(stranger).await;
    assert_eq!(
        (told.status, told.headers["hx-redirect"].to_str().unwrap()),
        (StatusCode::UNAUTHORIZED, "/sign-in")
    );
}

#[tokio::test]
async fn a_residents_card_is_changed_and_a_number_is_only_one_residents() {
    let house = House::new().await;
    let browser = house.browser(Role::Guide).await;
    house.ready(house.users[&Role::Guide]).await;
    for number in ["+46701234567", "+46701234568"] {
        house.ring(Some(number)).await;
    }
    let find = |number: &'static str| {
        house.state.db.read(move |s| people::residents::queries::by_telephone(s, number))
    };
    let resident = find("+46701234567").await.unwrap().unwrap();
    let page = format!("/residents/{}", resident.id.into_untyped_uuid());
    let change =
        [("name", "Rita <i>"), ("telephone", "070-123 45 67"), ("email", "rita@example.se"), ("back", &page)];
    let changed = house.post(&browser, &page, &change).await;
    assert_eq!((changed.status, changed.location()), (StatusCode::SEE_OTHER, page.as_str()));
    let shown = house.get(&browser, &page).await.body;
    assert!(
        shown.contains("rita@example.se") && shown.contains("Rita &lt;i&gt;") && !shown.contains("Rita <i>")
    );
    let taken = house.post(&browser, &page, &[("telephone", "070-123 45 68")]).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.body.contains("En annan invånare"));
    let wrong = house.post(&browser, &page, &[("email", "inte en adress")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let coach = house.browser(Role::Coach).await;
    assert_eq!(house.get(&coach, &page).await.status, StatusCode::FORBIDDEN);
}
