//! What is sent, when, and what its answer means.

use super::receiver::Receiver;
use super::{KEY, World};
use crate::commands::{self, PutWebhook};
use crate::{DeliveryState, GIVE_UP_AFTER, Secret, WebhookState, WebhooksError, signature};
use outward::{Reach, TargetError};
use std::sync::atomic::Ordering;
use vocabulary::{Clock as _, SignedDuration};

#[tokio::test]
async fn what_happens_is_told_signed_and_once_and_what_does_not_concern_others_is_not() {
    for db in tokio::task::spawn_blocking(storage::testing::both).await.unwrap() {
        let world = World::new(db);
        let receiver = Receiver::start().await;
        world.happens("case_registered", 1).await;
        let (webhook, secret) = world.webhook(&receiver.url()).await;
        let seq = world.happens("case_status_changed", 1).await;
        world.happens("signed_in", 9).await;
        world.happens("opened", 1).await;
        let sender = world.sender();
        assert_eq!(sender.run_due().await.unwrap(), 1, "only from now on, and only what may be told");
        assert_eq!(sender.run_due().await.unwrap(), 0);
        let told = receiver.told();
        assert_eq!(told[0].seq(), Some(seq));
        assert_eq!(told[0].json()["type"], "case_status_changed");
        let header = |name: &str| told[0].headers[name].clone();
        let at: i64 = header("webhook-timestamp").parse().unwrap();
        assert_eq!(at, world.clock.now().as_second());
        assert_eq!(
            header("webhook-signature"),
            signature(&[secret], &header("webhook-id"), at, &told[0].body)
        );
        assert_eq!(header("content-type"), "application/json");
        let log = world.db.read(move |s| crate::queries::log(s, webhook.id, None, 10)).await.unwrap();
        assert_eq!(
            (log[0].state, log[0].answer_status, log[0].attempts),
            (DeliveryState::Delivered, Some(204), 1)
        );
        drop(tokio::task::spawn_blocking(move || drop(world)).await);
    }
}

#[tokio::test]
async fn what_fails_is_tried_again_later_and_later_ones_of_the_same_case_wait() {
    let world = World::sqlite();
    let receiver = Receiver::start().await;
    let (webhook, _) = world.webhook(&receiver.url()).await;
    let first = world.happens("case_registered", 1).await;
    let second = world.happens("case_forwarded", 1).await;
    let other = world.happens("case_registered", 2).await;
    receiver.answers("503 Busy\r\nretry-after: 100\r\n");
    let sender = world.sender();
    assert_eq!(sender.run_due().await.unwrap(), 2);
    let mut told = receiver.seqs();
    told.sort_unstable();
    assert_eq!(told, [first, other], "the second waits for the first");
    world.clock.advance(SignedDuration::from_secs(99));
    assert_eq!(sender.run_due().await.unwrap(), 0, "as asked");
    receiver.answers("200 OK\r\n");
    world.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(sender.run_due().await.unwrap(), 3);
    let told = receiver.seqs();
    let place = |seq| told.iter().rposition(|told| *told == seq).unwrap();
    assert!(place(first) < place(second));
    assert_eq!(world.now_is(webhook.id).await.failing_since_at, None);
    let ids: Vec<String> = receiver
        .told()
        .iter()
        .filter(|t| t.seq() == Some(first))
        .map(|t| t.headers["webhook-id"].clone())
        .collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "tried again it is the same message");
}

#[tokio::test]
async fn what_fails_for_days_stops_the_webhook_and_nothing_is_lost() {
    let world = World::sqlite();
    let receiver = Receiver::start().await;
    receiver.answers("500 No\r\n");
    let (webhook, _) = world.webhook(&receiver.url()).await;
    let mut seqs = vec![world.happens("case_registered", 1).await];
    let sender = world.sender();
    let began = world.clock.now();
    while world.now_is(webhook.id).await.state == WebhookState::Active {
        sender.run_due().await.unwrap();
        world.advance(1);
        assert!(world.clock.now().duration_since(began) < GIVE_UP_AFTER + SignedDuration::from_hours(20));
    }
    assert!(world.clock.now().duration_since(began) > GIVE_UP_AFTER);
    assert_eq!(world.notices.load(Ordering::SeqCst), 1, "somebody is told once");
    assert_eq!(world.now_is(webhook.id).await.disabled_reason.as_deref(), Some("failing"));
    let tried = receiver.told().len();
    assert!((10..40).contains(&tried), "{tried} attempts in three days");
    seqs.push(world.happens("case_forwarded", 1).await);
    seqs.push(world.happens("case_registered", 2).await);
    assert_eq!(sender.run_due().await.unwrap(), 0);
    receiver.answers("200 OK\r\n");
    receiver.told.lock().unwrap().clear();
    let ctx = world.ctx();
    world.db.write(move |s| commands::activate(s, &ctx, webhook.id, false)).await.unwrap();
    sender.run_due().await.unwrap();
    let mut told = receiver.seqs();
    told.sort_unstable();
    assert_eq!(told, seqs);
}

#[tokio::test]
async fn one_that_nobody_takes_does_not_stop_the_others() {
    let world = World::sqlite();
    let receiver = Receiver::start().await;
    let (webhook, _) = world.webhook(&receiver.url()).await;
    let poison = world.happens("case_registered", 1).await;
    let sender = world.sender();
    let began = world.clock.now();
    loop {
        receiver.answers("400 Bad\r\n");
        sender.run_due().await.unwrap();
        receiver.answers("200 OK\r\n");
        world.happens("case_registered", 2).await;
        sender.run_due().await.unwrap();
        let log = world.db.read(move |s| crate::queries::log(s, webhook.id, None, 500)).await.unwrap();
        if log.iter().find(|d| d.seq == Some(poison)).unwrap().state != DeliveryState::Waiting {
            break;
        }
        assert!(world.clock.now().duration_since(began) < GIVE_UP_AFTER + SignedDuration::from_hours(20));
        world.advance(2);
    }
    assert_eq!(world.now_is(webhook.id).await.state, WebhookState::Active);
}

#[tokio::test]
async fn one_that_says_it_is_gone_is_believed_and_a_redirect_is_not_followed() {
    let world = World::sqlite();
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    let (webhook, _) = world.webhook(&receiver.url()).await;
    world.happens("case_registered", 1).await;
    receiver.answers(&format!("308 Moved\r\nlocation: {}\r\n", elsewhere.url()));
    world.sender().run_due().await.unwrap();
    assert!(elsewhere.told().is_empty());
    receiver.answers("410 Gone\r\n");
    world.advance(1);
    world.sender().run_due().await.unwrap();
    let now = world.now_is(webhook.id).await;
    assert_eq!((now.state, now.disabled_reason.as_deref()), (WebhookState::Disabled, Some("gone")));
    assert_eq!(world.notices.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let world = World::sqlite();
    let receiver = Receiver::start().await;
    let (webhook, old) = world.webhook(&receiver.url()).await;
    let ctx = world.ctx();
    let new = world.db.write(move |s| commands::rotate_secret(s, &ctx, &KEY, webhook.id)).await.unwrap();
    assert_eq!(new, Secret::of(&KEY, webhook.id, 2));
    for (hours, secrets) in [(0, vec![new.clone(), old]), (25, vec![new])] {
        world.advance(hours);
        world.happens("note_added", 1).await;
        world.sender().run_due().await.unwrap();
        let told = receiver.told().pop().unwrap();
        let at = told.headers["webhook-timestamp"].parse().unwrap();
        let expected = signature(&secrets, &told.headers["webhook-id"], at, &told.body);
        assert_eq!(told.headers["webhook-signature"], expected);
    }
}

#[tokio::test]
async fn a_test_is_sent_once_and_says_nothing_of_how_the_webhook_fares() {
    let world = World::sqlite();
    let receiver = Receiver::start().await;
    receiver.answers("500 No\r\n");
    let (webhook, _) = world.webhook(&receiver.url()).await;
    let ctx = world.ctx();
    let ping = world.db.write(move |s| commands::ping(s, &ctx, webhook.id)).await.unwrap();
    world.sender().run_due().await.unwrap();
    world.advance(1);
    world.sender().run_due().await.unwrap();
    assert_eq!(receiver.told().len(), 1);
    assert_eq!(receiver.told()[0].json()["type"], "ping");
    let delivery = world.db.read(move |s| crate::queries::delivery(s, ping)).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.answer_status), (DeliveryState::Failed, Some(500)));
    assert_eq!(world.now_is(webhook.id).await.failing_since_at, None);
}

#[tokio::test]
async fn what_administrators_write_is_checked() {
    let world = World::sqlite();
    let put = |url: &str, kinds: &[&str]| PutWebhook {
        name: "x".to_owned(),
        url: url.to_owned(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        contact_email: String::new(),
    };
    for url in
        ["http://example.se/", "https://169.254.169.254/", "https://[::1]/", "http://127.0.0.1:80/", "x"]
    {
        let (ctx, cmd) = (world.ctx(), put(url, &["note_added"]));
        let refused = world.db.write(move |s| commands::create(s, &ctx, &KEY, Reach::Public, &cmd)).await;
        assert!(matches!(refused, Err(WebhooksError::Target(_))), "{url}: {refused:?}");
    }
    for kinds in [[].as_slice(), &["signed_in"], &["note_added", "opened"]] {
        let (ctx, cmd) = (world.ctx(), put("https://example.se/", kinds));
        let refused = world.db.write(move |s| commands::create(s, &ctx, &KEY, Reach::Public, &cmd)).await;
        assert!(matches!(refused, Err(WebhooksError::Events)), "{kinds:?}: {refused:?}");
    }
    // An address that was allowed when it was entered and no longer is (the demo's) is not called.
    let receiver = Receiver::start().await;
    let (webhook, _) = world.webhook(&receiver.url()).await;
    world.happens("note_added", 1).await;
    let strict = outward::Outward::new(Reach::Public);
    let sender = crate::Sender::new(
        world.db.database(),
        world.clock.clone(),
        world.clock.clone(),
        world.chance.clone(),
        KEY,
        strict,
        world.notify(),
    );
    sender.run_due().await.unwrap();
    assert!(receiver.told().is_empty());
    let log = world.db.read(move |s| crate::queries::log(s, webhook.id, None, 10)).await.unwrap();
    assert_eq!(log[0].problem.as_deref(), Some("address"));
    assert_eq!(outward::Target::read(&receiver.url(), Reach::Public).unwrap_err(), TargetError::NotPublic);
}
