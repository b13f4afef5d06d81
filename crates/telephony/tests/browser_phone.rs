//! A browser's telephone against the real thing: SIP in text frames as a WebSocket would carry them, and sound over ICE
//! and DTLS-SRTP on the loopback, with str0m playing the browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::format::Codec;
use str0m::media::{Frequency, MediaTime, Mid};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use telephony::browser::{BrowserPhones, FlowEnd, GuideEvent, PhoneEvent};
use telephony::driver::leg::Leg;
use telephony::driver::ports::PortPool;
use telephony::protocol::g711::{FRAME_SAMPLES, Frame, Law, Sound};
use tokio::sync::mpsc;
use vocabulary::{SystemChance, UserId};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PATIENCE: Duration = Duration::from_secs(10);

fn guide() -> UserId {
    "018f0000-0000-7000-8000-000000000001".parse().unwrap()
}

/// A page with a telephone: the text frames of its WebSocket.
struct Page {
    to_lots: Option<mpsc::Sender<String>>,
    from_lots: mpsc::Receiver<String>,
    flow: tokio::task::JoinHandle<FlowEnd>,
}

impl Page {
    fn open(phones: &BrowserPhones) -> Self {
        let (to_lots, from_browser) = mpsc::channel(64);
        let (to_browser, from_lots) = mpsc::channel(64);
        let phones = phones.clone();
        let flow = tokio::spawn(async move { phones.attach(guide(), from_browser, to_browser).await });
        Self { to_lots: Some(to_lots), from_lots, flow }
    }

    async fn say(&self, text: String) {
        self.to_lots.as_ref().unwrap().send(text).await.unwrap();
    }

    async fn hear(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.from_lots.recv())
            .await
            .expect("Lots says something")
            .expect("the flow is open")
    }

    async fn register(&mut self) {
        self.say(format!(
            "REGISTER sip:telephone.invalid SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nMax-Forwards: 69\r\n\
             To: <sip:{0}@telephone.invalid>\r\nFrom: <sip:{0}@telephone.invalid>;tag=a\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\
             Contact: <sip:page@a.invalid;transport=ws>;expires=120\r\nContent-Length: 0\r\n\r\n",
            guide()
        ))
        .await;
        assert!(self.hear().await.starts_with("SIP/2.0 200 "));
    }

    /// Answers a request of Lots.
    async fn answer(&self, request: &str, code: u16, sdp: &str) {
        let echoed: String = request
            .lines()
            .filter(|line| ["Via:", "From:", "Call-ID:", "CSeq:"].iter().any(|name| line.starts_with(name)))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let to = request.lines().find(|line| line.starts_with("To:")).unwrap();
        self.say(format!(
            "SIP/2.0 {code} Word\r\n{echoed}{to};tag=page\r\nContact: <sip:page@a.invalid;transport=ws>\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
            sdp.len()
        ))
        .await;
    }
}

/// The browser's half of the sound.
struct Browser {
    rtc: Rtc,
    socket: UdpSocket,
    /// Where Lots takes the sound.
    lots: SocketAddr,
    mid: Mid,
    connected: bool,
    heard: Vec<u8>,
    sent: u64,
}

impl Browser {
    /// Takes Lots' offer; gives itself and the answer.
    fn take(offer: &str) -> (Self, String) {
        let socket = UdpSocket::bind((LOOPBACK, 0)).unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .clear_codecs()
            .enable_pcmu(true, false)
            .enable_pcma(true, false)
            .build(Instant::now());
        rtc.add_local_candidate(Candidate::host(socket.local_addr().unwrap(), "udp").unwrap());
        let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(offer).unwrap()).unwrap();
        let mut browser = Self {
            rtc,
            socket,
            lots: candidate(offer),
            mid: Mid::from("none"),
            connected: false,
            heard: Vec::new(),
            sent: 0,
        };
        browser.work();
        (browser, answer.to_sdp_string())
    }

    fn work(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) if at > Instant::now() => return,
                Output::Timeout(_) => self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap(),
                Output::Transmit(t) => drop(self.socket.send_to(&t.contents, t.destination).unwrap()),
                Output::Event(Event::MediaAdded(added)) => self.mid = added.mid,
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::MediaData(data)) => self.heard.extend_from_slice(&data.data),
                Output::Event(_) => {}
            }
        }
    }

    fn step(&mut self) {
        let mut buffer = [0; 2_000];
        while let Ok((len, source)) = self.socket.recv_from(&mut buffer) {
            let to = self.socket.local_addr().unwrap();
            let receive = Receive::new(Protocol::Udp, source, to, &buffer[..len]).unwrap();
            self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
            self.work();
        }
        self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
        self.work();
    }

    /// Speaks 20 ms.
    fn speak(&mut self, frame: &Frame) {
        let Some(writer) = self.rtc.writer(self.mid) else { return };
        let codec = if frame.law == Law::A { Codec::PCMA } else { Codec::PCMU };
        let pt =
            writer.payload_params().find(|p| p.spec().codec == codec).expect("the codec was offered").pt();
        let time = MediaTime::new(self.sent * FRAME_SAMPLES as u64, Frequency::EIGHT_KHZ);
        writer.write(pt, Instant::now(), time, frame.bytes).unwrap();
        self.sent += 1;
        self.work();
    }
}

/// The address in the offer's first candidate.
fn candidate(offer: &str) -> SocketAddr {
    let line = offer.lines().find(|line| line.starts_with("a=candidate:")).expect("a candidate is offered");
    let words: Vec<&str> = line.split(' ').collect();
    SocketAddr::new(words[4].parse().unwrap(), words[5].parse().unwrap())
}

fn level(law: Law, bytes: &[u8]) -> f64 {
    let last = &bytes[bytes.len().saturating_sub(FRAME_SAMPLES)..];
    Frame { law, bytes: last.try_into().unwrap() }.level()
}

type Told<T> = Arc<Mutex<Vec<T>>>;

fn phones() -> (BrowserPhones, Told<PhoneEvent>) {
    let told: Told<PhoneEvent> = Told::default();
    let ports = PortPool::new(LOOPBACK, LOOPBACK, 0..=0);
    let sink = told.clone();
    let phones =
        BrowserPhones::new(ports, Arc::new(SystemChance), Box::new(move |e| sink.lock().unwrap().push(e)))
            .unwrap();
    (phones, told)
}

/// What is told of a call.
fn follow() -> (telephony::browser::GuideSink, mpsc::UnboundedReceiver<GuideEvent>) {
    let (tell, told) = mpsc::unbounded_channel();
    (Box::new(move |event| drop(tell.send(event))), told)
}

async fn next(told: &mut mpsc::UnboundedReceiver<GuideEvent>) -> GuideEvent {
    tokio::time::timeout(PATIENCE, told.recv())
        .await
        .expect("something is told")
        .expect("the call is followed")
}

/// Registers a page, rings it, and answers with a browser.
async fn in_a_call(
    phones: &BrowserPhones,
) -> (Page, telephony::browser::BrowserCall, Browser, Box<dyn Leg>, mpsc::UnboundedReceiver<GuideEvent>) {
    let mut page = Page::open(phones);
    page.register().await;
    let (sink, mut told) = follow();
    let call =
        phones.rings(guide(), Some("+46701234567".to_owned()), sink).expect("the guide has a telephone");
    let invite = page.hear().await;
    assert!(invite.starts_with("INVITE sip:page@a.invalid;transport=ws SIP/2.0\r\n"), "{invite}");
    page.answer(&invite, 180, "").await;
    assert!(matches!(next(&mut told).await, GuideEvent::Ringing));
    let (browser, sdp) = Browser::take(invite.split_once("\r\n\r\n").unwrap().1);
    page.answer(&invite, 200, &sdp).await;
    assert!(page.hear().await.starts_with("ACK "));
    let GuideEvent::Answered(leg) = next(&mut told).await else { panic!("not answered") };
    (page, call, browser, leg, told)
}

/// Speaks at both ends until each has heard the other.
async fn talk(browser: &mut Browser, leg: &mut dyn Leg) {
    let (ours, theirs) = (Sound::tone(400.0, 2_000), Sound::tone(700.0, 2_000));
    let (mut loudest_here, mut loudest_there) = (0.0_f64, 0.0_f64);
    let (started, mut tick) = (Instant::now(), 0);
    while loudest_here < 5_000.0 || loudest_there < 5_000.0 {
        assert!(
            started.elapsed() < PATIENCE,
            "here {loudest_here}, there {loudest_there}, connected {}",
            browser.connected
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
        browser.step();
        if browser.connected {
            browser.speak(&theirs.frame(tick % theirs.frames(), Law::Mu).unwrap());
        }
        let now = Instant::now();
        leg.poll(now);
        if let Some(frame) = leg.take_frame() {
            loudest_here = loudest_here.max(frame.level());
        }
        // Sound comes from the trunk in either law; the browser gets the one it agreed to.
        leg.send(&ours.frame(tick % ours.frames(), Law::Mu).unwrap(), now);
        if browser.heard.len() >= FRAME_SAMPLES {
            loudest_there = loudest_there.max(level(leg.law(), &browser.heard));
        }
        tick += 1;
    }
}

#[tokio::test]
async fn sound_goes_both_ways_and_either_end_can_end_it() {
    let (phones, told) = phones();
    let (mut page, call, mut browser, mut leg, _events) = in_a_call(&phones).await;
    assert_eq!(*told.lock().unwrap(), [PhoneEvent::Up(guide())]);

    talk(&mut browser, &mut *leg).await;
    assert!(leg.counts().received > 0 && leg.counts().sent > 0);
    assert!(leg.last_heard().is_some_and(|at| at.elapsed() < Duration::from_secs(1)));

    call.hang_up();
    assert!(page.hear().await.starts_with("BYE sip:page@a.invalid;transport=ws SIP/2.0\r\n"));
}

#[tokio::test]
async fn noise_on_the_port_does_not_end_the_talk() {
    let (phones, _told) = phones();
    let (_page, _call, mut browser, mut leg, _events) = in_a_call(&phones).await;
    talk(&mut browser, &mut *leg).await;
    let dropped = leg.counts().dropped;
    let stranger = UdpSocket::bind((LOOPBACK, 0)).unwrap();
    let noise = [0x00, 0x14, 0x17, 0x40, 0x80, 0x88, 0x90, 0xC8, 0xFF];
    for (n, first) in noise.into_iter().enumerate() {
        // What looks like STUN, DTLS, RTP and RTCP, and what looks like nothing: from the browser's own port and from
        // another one.
        let mut datagram = vec![first; 20 + n * 20];
        datagram[1] = 200;
        browser.socket.send_to(&datagram, browser.lots).unwrap();
        stranger.send_to(&datagram, browser.lots).unwrap();
        leg.poll(Instant::now());
    }
    assert!(leg.counts().dropped >= dropped + noise.len() as u64, "a stranger's are not even tried");
    browser.heard.clear();
    talk(&mut browser, &mut *leg).await;
}

#[tokio::test]
async fn a_page_that_is_gone_lets_go_of_its_call() {
    let (phones, told) = phones();
    let (mut page, _call, _browser, leg, mut events) = in_a_call(&phones).await;
    page.to_lots = None;
    assert!(matches!(next(&mut events).await, GuideEvent::Vanished));
    assert_eq!(page.flow.await.unwrap(), FlowEnd::Gone);
    assert_eq!(*told.lock().unwrap(), [PhoneEvent::Up(guide()), PhoneEvent::Down(guide())]);
    assert!(!phones.has(guide()));
    drop(leg);
}

#[tokio::test]
async fn a_handler_that_is_dropped_lets_go_too() {
    let (phones, told) = phones();
    let (page, _call, _browser, _leg, mut events) = in_a_call(&phones).await;
    page.flow.abort();
    assert!(matches!(next(&mut events).await, GuideEvent::Vanished));
    assert_eq!(told.lock().unwrap().last(), Some(&PhoneEvent::Down(guide())));
}

#[tokio::test]
async fn the_newest_page_wins() {
    let (phones, told) = phones();
    let mut old = Page::open(&phones);
    old.register().await;
    let mut new = Page::open(&phones);
    new.register().await;
    assert_eq!(old.flow.await.unwrap(), FlowEnd::Replaced);
    assert_eq!(
        *told.lock().unwrap(),
        [PhoneEvent::Up(guide()), PhoneEvent::Down(guide()), PhoneEvent::Up(guide())]
    );
    let (sink, _told) = follow();
    let call = phones.rings(guide(), None, sink).expect("the new page rings");
    let invite = new.hear().await;
    assert!(invite.contains("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
    drop(call);
    new.answer(&invite, 180, "").await;
    assert!(new.hear().await.starts_with("CANCEL "), "a call that is dropped is taken back");
}

#[tokio::test]
async fn an_answer_without_usable_sound_is_hung_up() {
    let (phones, _told) = phones();
    let mut page = Page::open(&phones);
    page.register().await;
    let (sink, mut told) = follow();
    let _call = phones.rings(guide(), None, sink).unwrap();
    let invite = page.hear().await;
    page.answer(&invite, 200, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n").await;
    assert!(matches!(next(&mut told).await, GuideEvent::Unreachable));
    assert!(page.hear().await.starts_with("ACK "));
    assert!(page.hear().await.starts_with("BYE "));
}

#[tokio::test]
async fn nobody_without_a_registered_page_is_rung() {
    let (phones, _told) = phones();
    let (sink, _) = follow();
    assert!(phones.rings(guide(), None, sink).is_none());
    let _connected_only = Page::open(&phones);
    tokio::task::yield_now().await;
    let (sink, _) = follow();
    assert!(phones.rings(guide(), None, sink).is_none());
}
