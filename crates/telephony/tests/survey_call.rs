//! Survey calls over real SIP and RTP on the loopback, with a softphone as the resident.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use telephony::driver::agent::{Agent, AgentConfig};
use telephony::driver::conversation::{Conversation, ConversationEvent, Line, Number};
use telephony::driver::media::Media;
use telephony::driver::ports::PortPool;
use telephony::driver::rtp_leg::RtpLegMaker;
use telephony::protocol::dtmf::Digit;
use telephony::protocol::g711::Sound;
use telephony::softphone::{PhoneKit, SoftPhone};
use telephony::survey::{SurveyOutcome, SurveyPatience, SurveyScript, survey_call};
use vocabulary::{Parameter, SignedDuration, SystemChance, SystemClock};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SIX: [Parameter; 6] = [
    Parameter::Engagement,
    Parameter::Simplicity,
    Parameter::Overall,
    Parameter::Knowledge,
    Parameter::AnsweringTime,
    Parameter::Resolution,
];
/// What the thanks sound like; questions sound otherwise.
const THANKS_HZ: f64 = 1_500.0;

fn script() -> SurveyScript {
    let sound = |name: &str| {
        Ok::<_, std::convert::Infallible>(match name {
            "survey-thanks" => Sound::tone(THANKS_HZ, 400),
            "survey-intro" => Sound::tone(300.0, 200),
            _ => Sound::tone(600.0, 120),
        })
    };
    SurveyScript::load(&SIX, sound).unwrap()
}

async fn resident() -> SoftPhone {
    let kit = PhoneKit::new(LOOPBACK, 1, Arc::new(SystemChance)).unwrap();
    SoftPhone::start(SocketAddr::new(LOOPBACK, 0), &kit).await.unwrap()
}

/// Rings `resident` up and asks, on a line of its own.
async fn survey(resident: SocketAddr) -> tokio::task::JoinHandle<SurveyOutcome> {
    let config = AgentConfig::new(SocketAddr::new(LOOPBACK, 0));
    let (agent, _) = Agent::start(config, Arc::new(SystemChance)).await.unwrap();
    let legs = Arc::new(RtpLegMaker::new(PortPool::new(LOOPBACK, LOOPBACK, 0..=0), Arc::new(SystemChance)));
    let line = Line { agent, media: Media::start(1, Duration::from_secs(5)).unwrap(), legs };
    let number = Number {
        uri: format!("sip:+46701234567@{resident}"),
        destination: resident,
        from: "<sip:+46176100000@127.0.0.1>".to_owned(),
        contact_user: "survey".to_owned(),
    };
    let patience =
        SurveyPatience { ring_max: SignedDuration::from_secs(1), answer_wait: SignedDuration::from_secs(2) };
    tokio::spawn(async move { survey_call(&line, number, &script(), patience, &SystemClock).await })
}

/// Follows a conversation for a while, as a person who listens.
async fn listen(call: &mut Conversation, for_ms: u64) -> Option<ConversationEvent> {
    tokio::time::timeout(Duration::from_millis(for_ms), call.next()).await.ok()
}

#[tokio::test]
async fn a_resident_answers_with_the_keys_and_hears_thanks() {
    let mut resident = resident().await;
    let outcome = survey(resident.local()).await;
    let incoming = resident.incoming().await.unwrap();
    assert_eq!((incoming.from_user(), incoming.to_user()), ("+46176100000", "+46701234567"));
    let mut call = incoming.answer().unwrap();
    // Past the intro; then one key while each question is read or just after it.
    listen(&mut call, 300).await;
    for key in "543215".chars() {
        call.press(Digit::from_char(key).unwrap());
        listen(&mut call, 350).await;
    }
    assert!(matches!(listen(&mut call, 5_000).await, Some(ConversationEvent::Ended(_))), "Lots hangs up");
    let SurveyOutcome::Answered(scores) = outcome.await.unwrap() else { panic!("unreached") };
    assert_eq!(scores.iter().map(|s| s.score).collect::<Vec<_>>(), [5, 4, 3, 2, 1, 5]);
    assert!(call.meter().frames() > 0, "the resident heard something");
}

#[tokio::test]
async fn a_resident_hangs_up_midway() {
    let mut resident = resident().await;
    let outcome = survey(resident.local()).await;
    let mut call = resident.incoming().await.unwrap().answer().unwrap();
    listen(&mut call, 300).await;
    call.press(Digit::from_char('4').unwrap());
    listen(&mut call, 350).await;
    call.hang_up();
    let SurveyOutcome::Answered(scores) = outcome.await.unwrap() else { panic!("unreached") };
    assert_eq!(
        scores.iter().map(|s| (s.parameter, s.score)).collect::<Vec<_>>(),
        [(Parameter::Engagement, 4)]
    );
}

#[tokio::test]
async fn who_does_not_take_the_call_is_unreached() {
    let mut busy = resident().await;
    let outcome = survey(busy.local()).await;
    busy.incoming().await.unwrap().busy();
    assert_eq!(outcome.await.unwrap(), SurveyOutcome::Unreached);

    // It rings, until our patience (three seconds at least) is at its end: then the call is taken back.
    let mut away = resident().await;
    let outcome = survey(away.local()).await;
    let mut incoming = away.incoming().await.unwrap();
    incoming.ring();
    tokio::time::timeout(Duration::from_secs(10), incoming.cancelled())
        .await
        .expect("the call is taken back");
    assert_eq!(outcome.await.unwrap(), SurveyOutcome::Unreached);
}
