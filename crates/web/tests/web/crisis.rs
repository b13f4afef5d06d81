//! Crisis on the pages: who may do what with a message, and what a communicator never sees.

use crate::house::House;
use axum::http::StatusCode;
use vocabulary::Role;

const MESSAGE: [(&str, &str); 6] = [
    ("name", "Stormen Berta"),
    ("kind", "storm"),
    ("title", "Träd över vägar"),
    ("public_text", "Ring 112 vid fara för liv."),
    ("guide_text", "Fråga var trädet ligger."),
    ("spoken_text", "Många ringer om stormen."),
];

fn id_of(location: &str) -> String {
    location.rsplit('/').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_message_goes_from_draft_to_live_to_ended() {
    let house = House::new().await;
    let writer = house.browser(Role::Communicator).await;
    let leader = house.browser(Role::TrafficLeader).await;
    let guide = house.browser(Role::Guide).await;
    let refused = house.post(&writer, "/crisis", &[("title", ""), ("kind", "storm"), ("name", "x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = house.post(&writer, "/crisis", &MESSAGE).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let crisis = id_of(made.location());
    let page = house.get(&writer, &format!("/crisis/{crisis}")).await;
    assert!(page.body.contains("Träd över vägar") && !page.body.contains("/approve"));
    assert!(
        !house.get(&guide, "/guide").await.body.contains("Träd över vägar"),
        "a draft is nobody's business"
    );

    // The voice that is not there is told, and the draft stays.
    let voiced = house
        .post(&writer, &format!("/crisis/{crisis}/draft"), &[&MESSAGE[..], &[("voice", "yes")]].concat())
        .await;
    assert_eq!(voiced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(voiced.body.contains("kunde inte läsas in"), "{}", voiced.body);

    let page = house.get(&leader, &format!("/crisis/{crisis}")).await;
    let message = page.body.split("/crisis/messages/").nth(1).map(|rest| rest[..36].to_owned()).unwrap();
    let approve = format!("/crisis/messages/{message}/approve");
    assert_eq!(house.post(&writer, &approve, &[("revision", "1")]).await.status, StatusCode::FORBIDDEN);
    let stale = house.post(&leader, &approve, &[("revision", "7")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(house.post(&leader, &approve, &[("revision", "1")]).await.status, StatusCode::SEE_OTHER);
    for (who, path) in
        [(&guide, "/guide"), (&leader, "/board"), (&writer, "/situation"), (&writer, "/crisis")]
    {
        let page = house.get(who, path).await;
        assert!(page.body.contains("Träd över vägar"), "{path}");
    }
    assert!(house.get(&guide, "/guide").await.body.contains("Fråga var trädet ligger."));
    assert_eq!(
        house.post(&writer, &format!("/crisis/{crisis}/end"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    house.clock.advance(vocabulary::SignedDuration::from_mins(10));
    house.post(&leader, &format!("/crisis/{crisis}/end"), &[]).await;
    assert!(!house.get(&guide, "/guide").await.body.contains("Träd över vägar"));
    let board = house.get(&leader, "/board").await;
    assert!(board.body.contains("I tiden ligger: Stormen Berta"), "the period stays for the figures");
    assert!(house.get(&leader, "/board?crises=without").await.body.contains("Tid i kris är borttagen"));
    let file = house.get(&leader, "/crisis/log?form=csv").await;
    assert!(file.body.contains("Godkände och publicerade"), "{}", file.body);
}

#[tokio::test]
async fn numbers_are_for_leaders_and_the_manager() {
    let house = House::new().await;
    let leader = house.browser(Role::TrafficLeader).await;
    let writer = house.browser(Role::Communicator).await;
    let person = [("name", "Ellen Prov"), ("telephone", "070-1740611"), ("place", "1"), ("active", "yes")];
    let put = house.post(&leader, "/crisis/call-in/people/new", &person).await;
    assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
    let nonsense = [("name", "Ellen"), ("telephone", "ring mig"), ("place", "1")];
    let refused = house.post(&leader, "/crisis/call-in/people/new", &nonsense).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.get(&leader, "/crisis/call-in").await.body.contains("070-174 06 11"));
    house.post(&leader, "/crisis/call-in", &[("reason", "Många ringer")]).await;
    assert_eq!(house.get(&writer, "/crisis/call-in").await.status, StatusCode::FORBIDDEN);
    for path in ["/crisis/log", "/crisis", "/situation"] {
        let page = house.get(&writer, path).await;
        assert!(!page.body.contains("Ellen") && !page.body.contains("06 11"), "{path}");
    }
    assert!(house.get(&leader, "/crisis/log").await.body.contains("Började ringa in"));
}
