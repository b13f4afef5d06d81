//! Whole calls over real SIP and RTP on loopback: residents and guides are softphones, the decisions are the routing
//! core's own.

mod common;

use common::*;
use routing::{CallEnding, GuideState, Input, OfferFailure, Output};
use telephony::driver::conversation::{ConversationEvent, Ending};
use telephony::softphone::RegisterError;
use vocabulary::SignedDuration;

const DIALLED: &str = "0123456000";
const CALLER: &str = "0701740605";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_ring_to_goodbye() {
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    caller.event("the answer", |e| *e == ConversationEvent::Answered).await;
    caller.hears("the prompt", PROMPT_HZ).await;

    let incoming = soon("the offer", guide_phone.incoming()).await.unwrap();
    assert_eq!(incoming.from_user(), "+46701740605");
    incoming.ring();
    let mut guide = lead(incoming.answer().unwrap(), GUIDE_HZ);
    caller.hears("the guide", GUIDE_HZ).await;
    guide.hears("the caller", CALLER_HZ).await;

    caller.press('5');
    guide.event("the key", |e| matches!(e, ConversationEvent::Digit(d) if d.as_char() == '5')).await;
    assert!(caller.meter.counts().received > 50 && guide.meter.counts().received > 10);

    caller.hang_up();
    assert_eq!(guide.ended().await, ConversationEvent::Ended(Ending::HungUp));
    assert_eq!(house.ending(0).await, CallEnding::Handled);
    house.state(0, "wrap-up", |s| matches!(s, GuideState::WrapUp { .. })).await;
    let arrival = house.record.borrow().arrivals[0].clone();
    assert_eq!((arrival.dialled.as_str(), arrival.caller_number.as_deref()), (DIALLED, Some("+46701740605")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_hangs_up() {
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, None).unwrap(), CALLER_HZ);
    let incoming = soon("the offer", guide_phone.incoming()).await.unwrap();
    assert_eq!(incoming.from_user(), "anonymous");
    let guide = lead(incoming.answer().unwrap(), GUIDE_HZ);
    caller.hears("the guide", GUIDE_HZ).await;
    guide.hang_up();
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::HungUp));
    assert_eq!(house.ending(0).await, CallEnding::Handled);
    assert_eq!(house.record.borrow().arrivals[0].caller_number, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_hangs_up_in_the_prompt_or_the_queue_is_counted_so() {
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    caller.hears("the prompt", PROMPT_HZ).await;
    caller.hang_up();
    assert_eq!(house.ending(0).await, CallEnding::AbandonedInPrompt);

    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    caller.hears("the music", MUSIC_HZ).await;
    caller.hang_up();
    assert_eq!(house.ending(1).await, CallEnding::Abandoned);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_and_the_next_guide_is_rung() {
    let house = house(Setup { ring_max: SignedDuration::from_secs(1), ..Setup::default() }).await;
    let mut first_phone = house.guide_phone(0).await;
    let mut second_phone = house.guide_phone(1).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let mut phones = [&mut first_phone, &mut second_phone];
    let [one, two] = &mut phones;
    let (mut silent, first) = soon("the offer", async {
        tokio::select! {
            incoming = one.incoming() => (incoming.unwrap(), 0),
            incoming = two.incoming() => (incoming.unwrap(), 1),
        }
    })
    .await;
    silent.ring();
    soon("the cancel", silent.cancelled()).await;
    house.state(first, "away", |s| matches!(s, GuideState::Away { .. })).await;
    let guide =
        lead(soon("the next offer", phones[1 - first].incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    caller.hears("the next guide", GUIDE_HZ).await;
    guide.hears("the caller", CALLER_HZ).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_and_being_busy_pass_the_call_on() {
    let house = house(Setup { guides: 3, ..Setup::default() }).await;
    let trunk = house.trunk_phone().await;
    let mut phone = house.guide_phone(0).await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    soon("the offer", phone.incoming()).await.unwrap().decline();
    let failed = |why| {
        move |r: &Record| {
            r.inputs.iter().any(|i| matches!(i, Input::OfferFailed { why: w, .. } if *w == why)).then_some(())
        }
    };
    house.until("declined", failed(OfferFailure::Declined)).await;
    let mut phone = house.guide_phone(1).await;
    soon("the second offer", phone.incoming()).await.unwrap().busy();
    house.until("busy", failed(OfferFailure::Busy)).await;
    let mut phone = house.guide_phone(2).await;
    let guide = lead(soon("the third offer", phone.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    caller.hears("the third guide", GUIDE_HZ).await;
    drop(guide);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guide_whose_network_is_lost_gives_the_resident_back_to_the_queue() {
    let house = house(Setup::default()).await;
    let mut lost_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let incoming = soon("the offer", lost_phone.incoming()).await.unwrap();
    let mut lost = lead(incoming.answer().unwrap(), GUIDE_HZ);
    caller.hears("the guide", GUIDE_HZ).await;
    lost.hears("the caller", CALLER_HZ).await;

    // The machine loses its network: no BYE, no more sound, no more signalling.
    drop(lost_phone);
    lost.cut();
    caller.hears("music again", MUSIC_HZ).await;
    house.until_output("the call is queued again", |o| matches!(o, Output::CallQueued { .. })).await;
    let guide = house.guides[0];
    let down = move |r: &Record| r.inputs.contains(&Input::TelephoneDown { guide }).then_some(());
    house.until("the telephone is down", down).await;

    let mut next_phone = house.guide_phone(1).await;
    let next = lead(soon("the next offer", next_phone.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    caller.hears("the next guide", GUIDE_HZ).await;
    caller.hang_up();
    assert_eq!(house.ending(0).await, CallEnding::Handled);
    drop(next);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_whose_network_is_lost_leaves() {
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let mut guide =
        lead(soon("the offer", guide_phone.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    guide.hears("the caller", CALLER_HZ).await;
    caller.cut();
    assert_eq!(guide.ended().await, ConversationEvent::Ended(Ending::HungUp));
    assert_eq!(house.ending(0).await, CallEnding::Handled);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_crosses_the_withdrawal_is_hung_up() {
    let house = house(Setup { guides: 1, ..Setup::default() }).await;
    let mut guide_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let incoming = soon("the offer", guide_phone.incoming()).await.unwrap();
    // Without a provisional answer the CANCEL must wait (RFC 3261, 9.1), and the 200 comes first.
    caller.hang_up();
    house.until_output("the withdrawal", |o| matches!(o, Output::WithdrawOffer { .. })).await;
    if let Some(late) = incoming.answer() {
        let mut late = lead(late, GUIDE_HZ);
        assert!(matches!(late.ended().await, ConversationEvent::Ended(Ending::HungUp | Ending::Cancelled)));
    }
    house.state(0, "ready again", |s| *s == GuideState::Ready).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_account_are_refused_alike() {
    let house = house(Setup::default()).await;
    let mut phone = house.trunk_phone().await;
    for (user, password) in [("guide0", "fel"), ("nobody", PASSWORD)] {
        assert_eq!(phone.register(house.sip(), user, password).await, Err(RegisterError::Refused(403)));
    }
    assert!(!house.record.borrow().inputs.iter().any(|i| matches!(i, Input::TelephoneUp { .. })));
    phone.register(house.sip(), "guide0", PASSWORD).await.unwrap();
    phone.unregister().await.unwrap();
    let guide = house.guides[0];
    house.until("down", |r| r.inputs.contains(&Input::TelephoneDown { guide }).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_goes_to_the_switchboard() {
    let mut setup = Setup { open: false, ..Setup::default() };
    setup.config.switchboard = Some("sip:switchboard@127.0.0.1:5999".to_owned());
    let house = house(setup).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::Refused(302)));
    assert_eq!(house.ending(0).await, CallEnding::ToSwitchboard);
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_without_a_switchboard_is_said() {
    let house = house(Setup { open: false, ..Setup::default() }).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::Refused(480)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_number_is_not_found() {
    let house = house(Setup::default()).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), "unknown", Some(CALLER)).unwrap(), CALLER_HZ);
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::Refused(404)));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_may_not_call() {
    let mut setup = Setup::default();
    setup.config.trunk_peers = vec!["192.0.2.1".parse().unwrap()];
    let house = house(setup).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::Refused(403)));
    assert!(house.record.borrow().arrivals.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_too_many_is_told_to_come_back() {
    let mut setup = Setup { guides: 0, ..Setup::default() };
    setup.config.calls_max = 2;
    let house = house(setup).await;
    let trunk = house.trunk_phone().await;
    let mut calls: Vec<Led> =
        (0..3).map(|_| lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ)).collect();
    let mut refused = 0;
    for call in &mut calls {
        let up_or_over =
            |e: &ConversationEvent| matches!(e, ConversationEvent::Answered | ConversationEvent::Ended(_));
        if let ConversationEvent::Ended(ending) = call.event("an answer", up_or_over).await {
            assert_eq!(ending, Ending::Refused(503));
            refused += 1;
        }
    }
    assert_eq!(refused, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_hangs_up_everybody() {
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let mut guide =
        lead(soon("the offer", guide_phone.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    caller.hears("the guide", GUIDE_HZ).await;
    soon("the stop", house.telephony.stop()).await;
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::HungUp));
    assert_eq!(guide.ended().await, ConversationEvent::Ended(Ending::HungUp));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_rubbish_does_not_stop_the_calls() {
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let rubbish = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let chance = vocabulary::SeededChance::new(3);
    for n in 0_usize..3_000 {
        let mut noise = vec![0; n % 1_400];
        vocabulary::Chance::fill(&chance, &mut noise);
        let text = [
            noise,
            b"INVITE sip:x SIP/2.0\r\n\r\n".to_vec(),
            format!("FROB sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{n}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: {n}\r\nCSeq: 1 FROB\r\n\r\n").into_bytes(),
            format!("INVITE sip:x@y SIP/2.0\r\nVia: {n}\r\nContent-Length: 99999\r\n\r\n").into_bytes(),
        ];
        rubbish.send_to(&text[n % 4], house.sip()).await.unwrap();
    }
    let mut answer = [0; 2_000];
    let (len, _) = soon("a refusal", rubbish.recv_from(&mut answer)).await.unwrap();
    assert!(answer[..len].starts_with(b"SIP/2.0 4"));
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let guide = lead(soon("the offer", guide_phone.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    caller.hears("the guide", GUIDE_HZ).await;
    drop(guide);
}
