//! Articles through the router: who may do what with them, two who write at once, what a page never shows.

use crate::house::{Browser, House};
use axum::http::StatusCode;
use knowledge::queries;
use vocabulary::GenericUuid as _;
use vocabulary::Role;

const ID: &str = "01930000-0000-7000-8000-0000000000aa";

async fn save(
    house: &House,
    browser: &Browser,
    path: &str,
    version: &str,
    answer: &str,
) -> crate::house::Answer {
    let owner = house.users[&Role::Guide].into_untyped_uuid().to_string();
    let fields = [
        ("article", ID),
        ("version", version),
        ("title", "Eldning <b>av</b> löv"),
        ("answer", answer),
        ("body", "1. Fråga var.\n2. <script>alert(1)</script>"),
        ("owner", &owner),
        ("review_day", "2027-05-01"),
        ("link_title_0", "Taxa"),
        ("link_url_0", "https://vikhamn.example/taxa"),
        ("what", "save"),
    ];
    house.post(browser, path, &fields).await
}

#[tokio::test]
async fn an_article_goes_from_hand_to_hand_and_each_does_only_what_is_theirs() {
    let house = House::new().await;
    let (guide, leader) = (house.browser(Role::Guide).await, house.browser(Role::TrafficLeader).await);
    let made = save(&house, &guide, "/knowledge/new", "0", "Nej, inte i tätorten.").await;
    assert_eq!(
        (made.status, made.location()),
        (StatusCode::SEE_OTHER, "/knowledge/eldning-b-av-b-lov/versions/1"),
        "{}",
        made.body
    );
    let again = save(&house, &guide, "/knowledge/new", "0", "Nej, inte i tätorten.").await;
    assert_eq!(again.location(), made.location(), "a form that arrives twice makes one article");
    let shown = house.get(&guide, made.location()).await.body;
    assert!(
        shown.contains("&lt;script&gt;") && !shown.contains("<script>alert") && !shown.contains("<b>av</b>")
    );

    let address = "/knowledge/eldning-b-av-b-lov";
    let deed = |what: &'static str| [("what", what), ("version", "1")];
    assert_eq!(
        house.post(&guide, &format!("{address}/review"), &deed("review")).await.status,
        StatusCode::FORBIDDEN
    );
    let early = house.post(&leader, &format!("{address}/review"), &deed("publish")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("Någon behöver granska"));
    let smuggled = house.post(&guide, &format!("{address}/do"), &deed("publish")).await;
    assert_eq!(smuggled.status, StatusCode::UNPROCESSABLE_ENTITY, "a reviewer's deed by the writers' door");
    assert_eq!(
        house.post(&leader, &format!("{address}/review"), &deed("review")).await.status,
        StatusCode::SEE_OTHER
    );
    let published = house.post(&leader, &format!("{address}/review"), &deed("publish")).await;
    assert_eq!(published.location(), address);
    let live = house.state.db.read(queries::articles).await.unwrap();
    assert_eq!(live.len(), 1);
    let administrator = house.browser(Role::Administrator).await;
    assert_eq!(house.get(&administrator, address).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_later_of_two_is_shown_both_texts() {
    let house = House::new().await;
    let (guide, coach) = (house.browser(Role::Guide).await, house.browser(Role::Coach).await);
    save(&house, &guide, "/knowledge/new", "0", "Nej.").await;
    let edit = "/knowledge/eldning-b-av-b-lov/edit";
    assert_eq!(save(&house, &guide, edit, "1", "Nej, aldrig.").await.status, StatusCode::SEE_OTHER);
    let late = save(&house, &coach, edit, "1", "Ja, den 30 april.").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Nej, aldrig.") && late.body.contains("Ja, den 30 april."), "{}", late.body);
    assert!(late.body.contains("name=\"version\" value=\"2\""), "the next try is from what was saved");
    let decided = save(&house, &coach, edit, "2", "Ja, den 30 april.").await;
    assert!(decided.location().ends_with("/versions/3"));
}

#[tokio::test]
async fn a_form_with_a_fault_keeps_what_was_written_and_says_where() {
    let house = House::new().await;
    let guide = house.browser(Role::Guide).await;
    let fields =
        [("article", ID), ("title", "Titel"), ("body", "Mitt långa arbete."), ("review_day", "i vår")];
    let wrong = house.post(&guide, "/knowledge/new", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("Mitt långa arbete.") && wrong.body.contains("id=\"article-review_day-fault\"")
    );
    let wrong = house.post(&guide, "/knowledge/new", &fields[..3]).await;
    assert!(wrong.body.contains("id=\"article-answer-fault\"") && wrong.body.contains("Mitt långa arbete."));
}
