//! What a polite telephone never does, written by hand on the wire.
#![expect(clippy::unwrap_used, reason = "clippy knows only #[test] functions as tests")]

mod common;

use common::*;
use routing::{CallEnding, GuideState, Input, Output};
use std::net::SocketAddr;
use telephony::driver::conversation::{ConversationEvent, Ending};
use telephony::protocol::digest;
use tokio::net::UdpSocket;
use vocabulary::SignedDuration;

const DIALLED: &str = "0123456000";
const CALLER: &str = "0701740605";

/// A telephone that says what it is told to say.
struct RawPhone {
    socket: UdpSocket,
    exchange: SocketAddr,
    /// The address it gives itself, if it does not know the one it is reached at.
    hides_as: Option<String>,
}

impl RawPhone {
    async fn new(house: &House) -> Self {
        Self { socket: UdpSocket::bind("127.0.0.1:0").await.unwrap(), exchange: house.sip(), hides_as: None }
    }

    fn local(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    fn contact(&self) -> String {
        self.hides_as.clone().unwrap_or_else(|| self.local().to_string())
    }

    async fn say(&self, text: &str) {
        self.socket.send_to(text.as_bytes(), self.exchange).await.unwrap();
    }

    /// The next message that begins with one of `starts`; others are passed over.
    async fn hear(&self, starts: &[&str]) -> String {
        soon(&format!("{starts:?}"), async {
            let mut datagram = [0; 4_000];
            loop {
                let (len, _) = self.socket.recv_from(&mut datagram).await.unwrap();
                let text = String::from_utf8(datagram[..len].to_vec()).unwrap();
                if starts.iter().any(|start| text.starts_with(start)) {
                    return text;
                }
            }
        })
        .await
    }

    /// A request with what every request has; `more` are whole header lines.
    fn request(
        &self,
        method: &str,
        branch: &str,
        sequence: u32,
        to_tag: &str,
        more: &str,
        body: &str,
    ) -> String {
        let (local, exchange) = (self.local(), self.exchange);
        format!(
            "{method} sip:{DIALLED}@{exchange} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{branch}\r\n\
             From: <sip:{CALLER}@{local}>;tag=raw\r\nTo: <sip:{DIALLED}@{exchange}>{to_tag}\r\nCall-ID: raw-{local}\r\n\
             CSeq: {sequence} {method}\r\nContact: <sip:raw@{local}>\r\n{more}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    async fn register(&self, user: &str) {
        let (local, exchange, contact) = (self.local(), self.exchange, self.contact());
        let register = |sequence: u32, more: &str| {
            format!(
                "REGISTER sip:{exchange} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bKr{sequence}\r\n\
                 From: <sip:{user}@{exchange}>;tag=r\r\nTo: <sip:{user}@{exchange}>\r\nCall-ID: reg-{local}\r\n\
                 CSeq: {sequence} REGISTER\r\nContact: <sip:{user}@{contact}>\r\n{more}\r\n"
            )
        };
        self.say(&register(1, "")).await;
        let challenge = self.hear(&["SIP/2.0 401"]).await;
        let challenge = header(&challenge, "WWW-Authenticate");
        let uri = format!("sip:{exchange}");
        let answer = digest::answer(&challenge, user, PASSWORD, "REGISTER", &uri, "c").unwrap();
        let second = register(2, &format!("Authorization: {answer}\r\n"));
        self.say(&second).await;
        self.hear(&["SIP/2.0 200"]).await;
        // The same answer again, as a new request: somebody has listened and plays it back.
        let replay = second.replace("z9hG4bKr2", "z9hG4bKr3").replace("CSeq: 2", "CSeq: 3");
        self.say(&replay).await;
        let refused = self.hear(&["SIP/2.0 401"]).await;
        assert!(header(&refused, "WWW-Authenticate").contains("stale=true"));
    }

    /// Answers `request` with `status`.
    async fn reply(&self, request: &str, status: &str, body: &str) {
        let to = header(request, "To");
        let tag = if to.contains(";tag=") { "" } else { ";tag=rawguide" };
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        let text = format!(
            "SIP/2.0 {status}\r\nVia: {}\r\nFrom: {}\r\nTo: {to}{tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n\
             Contact: <sip:raw@{}>\r\n{kind}Content-Length: {}\r\n\r\n{body}",
            header(request, "Via"),
            header(request, "From"),
            header(request, "Call-ID"),
            header(request, "CSeq"),
            self.contact(),
            body.len()
        );
        self.say(&text).await;
    }
}

fn header(message: &str, name: &str) -> String {
    let line = message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {message}")).to_owned()
}

fn sdp() -> String {
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_after_the_cancel_is_acknowledged_and_hung_up() {
    let house = house(Setup { guides: 1, ..Setup::default() }).await;
    let phone = RawPhone::new(&house).await;
    phone.register("guide0").await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let invite = phone.hear(&["INVITE"]).await;
    phone.reply(&invite, "180 Ringing", "").await;
    caller.hang_up();
    let cancel = phone.hear(&["CANCEL"]).await;
    assert_eq!(header(&cancel, "Via"), header(&invite, "Via"));
    // The guide lifted the receiver just before the CANCEL came.
    phone.reply(&invite, "200 OK", &sdp()).await;
    phone.reply(&cancel, "200 OK", "").await;
    let ack = phone.hear(&["ACK"]).await;
    assert!(header(&ack, "To").contains("tag=rawguide"));
    let bye = phone.hear(&["BYE"]).await;
    assert!(header(&bye, "To").contains("tag=rawguide"));
    phone.reply(&bye, "200 OK", "").await;
    house.state(0, "ready again", |s| *s == GuideState::Ready).await;
    assert!(!house.record.borrow().inputs.iter().any(|i| matches!(i, Input::OfferAccepted { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_behind_address_translation_is_reached_where_it_sends_from() {
    let house = house(Setup { guides: 1, ..Setup::default() }).await;
    let phone = RawPhone { hides_as: Some("192.0.2.77:5060".to_owned()), ..RawPhone::new(&house).await };
    phone.register("guide0").await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let invite = phone.hear(&["INVITE sip:guide0@192.0.2.77:5060"]).await;
    phone.reply(&invite, "200 OK", &sdp()).await;
    phone.hear(&["ACK"]).await;
    house.until_output("connected", |o| matches!(o, Output::Connect { .. })).await;
    caller.hang_up();
    phone.hear(&["BYE"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_invite_is_one_call_and_a_repeated_bye_is_answered() {
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    let phone = RawPhone::new(&house).await;
    let invite = phone.request("INVITE", "1", 1, "", "Content-Type: application/sdp\r\n", &sdp());
    for _ in 0..3 {
        phone.say(&invite).await;
    }
    let answer = phone.hear(&["SIP/2.0 200"]).await;
    let tag = format!(";tag={}", header(&answer, "To").split(";tag=").nth(1).unwrap());
    // Without an ACK the answer comes again.
    phone.hear(&["SIP/2.0 200"]).await;
    phone.say(&phone.request("ACK", "2", 1, &tag, "", "")).await;
    phone.say(&invite).await;
    let bye = phone.request("BYE", "3", 2, &tag, "", "");
    phone.say(&bye).await;
    while !header(&phone.hear(&["SIP/2.0 200"]).await, "CSeq").contains("BYE") {}
    // Like any telephone, it says it again until it is answered.
    let mut again = tokio::time::interval(std::time::Duration::from_millis(100));
    loop {
        tokio::select! {
            _ = again.tick() => phone.say(&bye).await,
            answer = phone.hear(&["SIP/2.0 200"]) => if header(&answer, "CSeq").contains("BYE") { break },
        }
    }
    house.ending(0).await;
    assert_eq!(house.record.borrow().arrivals.len(), 1);
    // The dialog is over: what still refers to it does not exist.
    phone.say(&phone.request("INFO", "4", 3, &tag, "", "")).await;
    phone.hear(&["SIP/2.0 481"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn within_a_call_only_its_own_end_is_listened_to() {
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    let phone = RawPhone::new(&house).await;
    phone.say(&phone.request("INVITE", "1", 1, "", "Content-Type: application/sdp\r\n", &sdp())).await;
    let answer = phone.hear(&["SIP/2.0 200"]).await;
    let tag = format!(";tag={}", header(&answer, "To").split(";tag=").nth(1).unwrap());
    phone.say(&phone.request("ACK", "2", 1, &tag, "", "")).await;
    // A wrong tag, an old number, and a method that is none of ours; then the call is still up.
    phone.say(&phone.request("BYE", "3", 2, &tag, "", "").replace("tag=raw\r", "tag=other\r")).await;
    phone.hear(&["SIP/2.0 481"]).await;
    phone.say(&phone.request("BYE", "4", 1, &tag, "", "")).await;
    phone.hear(&["SIP/2.0 500"]).await;
    phone.say(&phone.request("MESSAGE", "5", 3, &tag, "", "")).await;
    phone.hear(&["SIP/2.0 405"]).await;
    // A new offer of what we do not speak is refused, and the old one stays.
    let video = sdp().replace("audio 9 RTP/AVP 8", "audio 9 RTP/AVP 18");
    let kind = "Content-Type: application/sdp\r\n";
    phone.say(&phone.request("UPDATE", "6", 4, &tag, kind, &video)).await;
    phone.hear(&["SIP/2.0 488"]).await;
    phone.say(&phone.request("OPTIONS", "7", 5, &tag, "", "")).await;
    phone.hear(&["SIP/2.0 200"]).await;
    assert!(!house.record.borrow().inputs.iter().any(|i| matches!(i, Input::CallerLeft { .. })));
    phone.say(&phone.request("BYE", "8", 6, &tag, "", "")).await;
    phone.hear(&["SIP/2.0 200"]).await;
    house.ending(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_waited_too_long_is_referred_to_the_switchboard() {
    let mut setup = Setup { guides: 0, wait_max: SignedDuration::from_secs(2), ..Setup::default() };
    setup.config.switchboard = Some("sip:switchboard@127.0.0.1:5999".to_owned());
    let house = house(setup).await;
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    let referred = caller.event("the REFER", |e| matches!(e, ConversationEvent::Referred(_))).await;
    assert_eq!(referred, ConversationEvent::Referred("<sip:switchboard@127.0.0.1:5999>".to_owned()));
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::HungUp));
    assert_eq!(house.ending(0).await, CallEnding::ToSwitchboard);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surge_notice_turned_on_is_heard_by_those_who_wait() {
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    caller.hears("the music", MUSIC_HZ).await;
    house.floor_send(Input::SurgeNotice { group: None, on: true }).await;
    house.until_output("the notice", |o| matches!(o, Output::PlayQueue { surge: true, .. })).await;
    caller.hears("the surge notice", 350.0).await;
    caller.hears("the music after it", MUSIC_HZ).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_surge_notice_says_can_be_replaced_while_people_wait() {
    let tone = |hz| telephony::protocol::g711::tone_samples(hz, 1_500);
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some(CALLER)).unwrap(), CALLER_HZ);
    caller.hears("the music", MUSIC_HZ).await;
    for (said, hz) in [(Some(tone(610.0)), 610.0), (Some(tone(750.0)), 750.0), (None, 350.0)] {
        house.telephony.set_surge(said.as_deref()).await;
        house.floor_send(Input::SurgeNotice { group: None, on: false }).await;
        house.floor_send(Input::SurgeNotice { group: None, on: true }).await;
        caller.hears("what is said now", hz).await;
        caller.hears("the music after it", MUSIC_HZ).await;
    }
}
