//! Officers and residents come in by signed links.

use crate::house::{BASE, House};
use axum::http::StatusCode;
use cases::commands::{Forward, Origin, RegisterCase, forward, register, share_link};
use people::residents::{Reach, commands::find_or_create};
use vocabulary::{Actor, CaseId, Channel, Language, Role, SignedDuration};

/// A case that has been sent to the officer; its id and the two links' paths.
async fn forwarded(house: &House) -> (CaseId, String, String) {
    let ctx = house.context(Actor::User(house.users[&Role::Guide]));
    let (settings, case_type_id) = (house.state.cases.clone(), house.types[0]);
    let (case, officer, resident) = house
        .state
        .db
        .write(move |s| -> Result<_, cases::CasesError> {
            let reach = Reach { telephone: None, email: Some("rita@example.se".into()) };
            let resident = find_or_create(s, &ctx, &reach, Some("Rita Hemlig"), Language::Swedish)
                .unwrap_or_else(|error| panic!("{error}"));
            let cmd = RegisterCase {
                title: "Tunnan är inte tömd".into(),
                description: "Den står kvar.".into(),
                resident_id: Some(resident.id),
                ..RegisterCase::new(
                    case_type_id,
                    Origin::Direct { channel: Channel::Email, arrival_day: None },
                )
            };
            let case = register(s, &ctx, &cmd)?.case;
            let cmd = Forward {
                case_id: case.id,
                officer_id: None,
                message: "När töms den?".into(),
                due_working_days: None,
            };
            let sent = forward(s, &ctx, &settings, &cmd)?;
            Ok((case.id, sent.path(), share_link(s, &ctx, &settings, case.id)?.address))
        })
        .await
        .unwrap();
    (case, officer, resident.strip_prefix(BASE).unwrap().to_owned())
}

#[tokio::test]
async fn the_officer_answers_by_link_and_the_resident_sees_it() {
    let house = House::new().await;
    let (_, officer, resident) = forwarded(&house).await;
    let page = house.visit(&officer).await;
    assert_eq!(page.status, StatusCode::OK);
    for told in ["Tunnan är inte tömd", "När töms den?", "Rita Hemlig", "Olof"] {
        assert!(page.body.contains(told), "{told}");
    }
    let before = house.visit(&resident).await;
    assert_eq!(before.status, StatusCode::OK);
    for hidden in ["Rita", "rita@example.se", "Den står kvar", "Olof"] {
        assert!(!before.body.contains(hidden), "{hidden}");
    }
    let answer = [("answer", "done"), ("text", "Den töms i morgon."), ("public", "yes")];
    for again in [false, true] {
        let done = house.submit(&officer, &answer).await;
        assert_eq!(done.status, StatusCode::OK, "sent twice: {again}");
        assert!(done.body.contains("svaret är mottaget"));
    }
    let other = house.submit(&officer, &[("answer", "done"), ("text", "Något annat.")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let after = house.visit(&resident).await;
    assert!(after.body.contains("Du har fått ett svar"));
    assert!(!after.body.contains("Den töms i morgon."), "what was written is behind the second factor");
}

#[tokio::test]
async fn opening_the_officers_link_answers_nothing() {
    let house = House::new().await;
    let (case, officer, _) = forwarded(&house).await;
    for _ in 0..3 {
        house.visit(&officer).await;
    }
    let follow_ups = house.state.db.read(move |s| cases::queries::follow_ups_of(s, case)).await.unwrap();
    assert_eq!(follow_ups[0].state, cases::FollowUpState::Waiting);
}

#[tokio::test]
async fn the_officers_other_answers_and_what_cannot_be_read() {
    let house = House::new().await;
    let (case, officer, _) = forwarded(&house).await;
    for wrong in [
        vec![("answer", "maybe")],
        vec![("answer", "done"), ("text", "   ")],
        vec![("answer", "more_time"), ("until", "not a day")],
        vec![("answer", "more_time"), ("until", "2026-10-01")],
        vec![("answer", "more_time"), ("until", "2036-10-01")],
        vec![],
    ] {
        let answer = house.submit(&officer, &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let more =
        house.submit(&officer, &[("answer", "more_time"), ("until", "2026-11-20"), ("reason", "Sjuk")]).await;
    assert_eq!(more.status, StatusCode::OK);
    let wrong = house
        .submit(&officer, &[("answer", "wrong_recipient"), ("reason", "Inte vi"), ("suggestion", "Gatan")]);
    assert_eq!(wrong.await.status, StatusCode::OK);
    let tasks = house.state.db.read(move |s| cases::queries::tasks_of_case(s, case)).await.unwrap();
    assert_eq!(tasks[0].kind, cases::TaskKind::FindRecipient);
}

#[tokio::test]
async fn a_revoked_or_expired_link_says_so_and_whom_to_call() {
    let house = House::new().await;
    let (case, officer, resident) = forwarded(&house).await;
    let browser = house.browser(Role::Guide).await;
    let id = vocabulary::GenericUuid::into_untyped_uuid(case);
    assert_eq!(
        house.post(&browser, &format!("/cases/{id}/link/revoke"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let gone = house.visit(&resident).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.body.contains("0999-123 00"));
    house.clock.advance(SignedDuration::from_hours(24 * 400));
    for answer in
        [house.visit(&officer).await, house.submit(&officer, &[("answer", "done"), ("text", "x")]).await]
    {
        assert_eq!(answer.status, StatusCode::GONE);
    }
    let forged = house.visit(&resident.replace("/s/", "/s/A")).await;
    assert_eq!(forged.status, StatusCode::NOT_FOUND);
    assert!(forged.body.contains("0999-123 00"));
}
