use super::super::message::read;
use super::*;
use proptest::prelude::*;
use vocabulary::SeededChance;

/// A flow with a browser at the other end that says what the test wants.
struct Bench {
    flow: Flow,
    chance: SeededChance,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            flow: Flow::new("018f0000-0000-7000-8000-000000000001".parse().unwrap(), now),
            chance: SeededChance::new(1),
            now,
        }
    }

    fn registered() -> Self {
        let mut bench = Self::new();
        let out = bench.say(&register(bench.flow.guide.to_string().as_str(), "120"));
        assert!(
            matches!(&out[..], [Output::Send(text), Output::Up] if text.starts_with("SIP/2.0 200 ")),
            "{out:?}"
        );
        bench
    }

    fn drain(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.flow.poll()).collect()
    }

    fn say(&mut self, text: &str) -> Vec<Output> {
        self.flow.receive(text, self.now, &self.chance);
        self.drain()
    }

    /// Rings and gives the INVITE.
    fn ring(&mut self) -> (CallNumber, String) {
        let number = self.flow.ring(Some("+46701234567"), "v=0\r\n", self.now, &self.chance).unwrap();
        let out = self.drain();
        let [Output::Send(invite)] = &out[..] else { panic!("{out:?}") };
        (number, invite.clone())
    }

    /// Answers `request` of ours with `code`.
    fn answer(&mut self, request: &str, code: u16) -> Vec<Output> {
        let Ok(Message::Request(request)) = read(request) else { panic!("{request}") };
        let extra = ["Contact: <sip:browser@x.invalid;transport=ws>".to_owned()];
        self.say(&message::response(&request, code, "Word", "theirs", &extra))
    }

    fn hang_up(&mut self, number: CallNumber) -> Vec<Output> {
        self.flow.hang_up(number, self.now, &self.chance);
        self.drain()
    }
}

fn register(user: &str, expires: &str) -> String {
    format!(
        "REGISTER sip:telephone.invalid SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nMax-Forwards: 69\r\n\
         To: <sip:{user}@telephone.invalid>\r\nFrom: <sip:{user}@telephone.invalid>;tag=a\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\
         Contact: <sip:browser@x.invalid;transport=ws>;expires={expires}\r\nContent-Length: 0\r\n\r\n"
    )
}

/// The browser's BYE in the call that `invite` began, with more headers.
fn bye(invite: &str, headers: &str) -> String {
    let Ok(Message::Request(Common { call_id, from, .. })) = read(invite) else { panic!("{invite}") };
    format!(
        "BYE sip:lots@lots.invalid SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKb\r\nMax-Forwards: 69\r\n\
         From: <sip:g@t.invalid>;tag=theirs\r\nTo: {from}\r\nCall-ID: {call_id}\r\nCSeq: 2 BYE\r\n{headers}Content-Length: 0\r\n\r\n"
    )
}

/// The first words of what is sent, and the events.
fn gist(out: &[Output]) -> Vec<String> {
    out.iter()
        .map(|o| match o {
            Output::Send(text) => text
                .split(' ')
                .take(if text.starts_with("SIP/") { 2 } else { 1 })
                .collect::<Vec<_>>()
                .join(" "),
            Output::Call(_, CallEvent::Answered(_)) => "Answered".to_owned(),
            Output::Call(_, event) => format!("{event:?}"),
            other => format!("{other:?}"),
        })
        .collect()
}

/// The request in `out` with this method.
fn sent<'a>(out: &'a [Output], method: &str) -> &'a str {
    out.iter()
        .find_map(|o| match o {
            Output::Send(text) if text.starts_with(method) => Some(text.as_str()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("no {method} in {:?}", gist(out)))
}

#[test]
fn only_the_sessions_own_guide_can_be_registered() {
    let mut bench = Bench::new();
    assert_eq!(gist(&bench.say(&register("somebody-else", "120"))), ["SIP/2.0 403"]);
    assert!(bench.flow.ring(None, "", bench.now, &bench.chance).is_none());
}

#[test]
fn a_registration_is_taken_back_with_expires_zero() {
    let mut bench = Bench::registered();
    let guide = bench.flow.guide.to_string();
    assert_eq!(gist(&bench.say(&register(&guide, "120"))), ["SIP/2.0 200"]);
    assert_eq!(gist(&bench.say(&register(&guide, "0"))), ["SIP/2.0 200", "Down"]);
    assert_eq!(gist(&bench.say(&register(&guide, "soon"))), ["SIP/2.0 400"]);
    assert!(bench.flow.ring(None, "", bench.now, &bench.chance).is_none());
}

#[test]
fn a_call_is_answered_and_the_guide_hangs_up() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.ring();
    assert!(invite.contains("From: <sip:+46701234567@") && invite.ends_with("\r\n\r\nv=0\r\n"));
    assert_eq!(gist(&bench.answer(&invite, 100)), [""; 0]);
    assert_eq!(gist(&bench.answer(&invite, 180)), ["Ringing"]);
    let out = bench.answer(&invite, 200);
    assert_eq!(gist(&out), ["ACK", "Answered"]);
    assert!(sent(&out, "ACK").starts_with("ACK sip:browser@x.invalid;transport=ws "));
    // The browser repeats its 200 until it has our ACK: it is told again, we are not.
    assert_eq!(gist(&bench.answer(&invite, 200)), ["ACK"]);
    let bye = bye(&invite, "");
    assert_eq!(gist(&bench.say(&bye)), ["SIP/2.0 200", "HungUp"]);
    assert_eq!(gist(&bench.say(&bye)), ["SIP/2.0 481"]);
}

#[test]
fn a_browser_that_lost_the_sound_has_not_hung_up() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.ring();
    bench.answer(&invite, 200);
    let bye = bye(&invite, "Reason: SIP ;cause=408; text=\"RTP Timeout\"\r\n");
    assert_eq!(gist(&bench.say(&bye)), ["SIP/2.0 200", "Lost"]);
}

#[test]
fn a_call_is_answered_and_the_resident_hangs_up() {
    let mut bench = Bench::registered();
    let (number, invite) = bench.ring();
    bench.answer(&invite, 200);
    let out = bench.hang_up(number);
    let bye = sent(&out, "BYE");
    assert!(bye.contains("CSeq: 2 BYE") && bye.contains(";tag=theirs"));
    assert_eq!(gist(&bench.hang_up(number)), [""; 0]);
    bench.answer(bye, 200);
    assert!(bench.flow.calls.is_empty());
}

#[test]
fn ways_of_not_taking_a_call() {
    for (code, event) in
        [(603, "Declined"), (486, "Busy"), (480, "Unreachable"), (488, "Unreachable"), (500, "Unreachable")]
    {
        let mut bench = Bench::registered();
        let (_, invite) = bench.ring();
        bench.answer(&invite, 180);
        assert_eq!(gist(&bench.answer(&invite, code)), ["ACK", event]);
        assert!(bench.flow.calls.is_empty());
    }
}

#[test]
fn a_ringing_call_is_taken_back() {
    let mut bench = Bench::registered();
    let (number, invite) = bench.ring();
    bench.answer(&invite, 180);
    let out = bench.hang_up(number);
    assert_eq!(gist(&out), ["CANCEL"]);
    bench.answer(sent(&out, "CANCEL"), 200);
    assert_eq!(gist(&bench.answer(&invite, 487)), ["ACK"]);
    assert!(bench.flow.calls.is_empty());
}

#[test]
fn a_call_is_taken_back_before_the_browser_has_said_anything() {
    let mut bench = Bench::registered();
    let (number, invite) = bench.ring();
    assert_eq!(gist(&bench.hang_up(number)), [""; 0]);
    assert_eq!(gist(&bench.answer(&invite, 100)), ["CANCEL"]);
    assert_eq!(gist(&bench.answer(&invite, 487)), ["ACK"]);
}

#[test]
fn an_answer_that_crosses_our_cancel_is_hung_up() {
    for provisional in [true, false] {
        let mut bench = Bench::registered();
        let (number, invite) = bench.ring();
        if provisional {
            bench.answer(&invite, 180);
        }
        bench.hang_up(number);
        let out = bench.answer(&invite, 200);
        assert_eq!(gist(&out), ["ACK", "BYE"]);
        // Once, however often it says so.
        assert_eq!(gist(&bench.answer(&invite, 200)), ["ACK"]);
        bench.answer(sent(&out, "BYE"), 200);
        assert!(bench.flow.calls.is_empty());
    }
}

#[test]
fn what_never_comes_is_given_up() {
    let mut bench = Bench::registered();
    let (number, invite) = bench.ring();
    bench.answer(&invite, 180);
    bench.hang_up(number);
    bench.flow.tick(bench.now + ENDING_MAX);
    assert!(bench.flow.calls.is_empty() && bench.drain().is_empty());
    bench.flow.tick(bench.now + Duration::from_secs(120) + EXPIRES_GRACE + Duration::from_secs(1));
    assert_eq!(bench.drain(), [Output::Close(Closed::Silent)]);
}

#[test]
fn a_browser_that_hears_nothing_is_gone() {
    let mut bench = Bench::registered();
    bench.ring();
    bench.flow.tick(bench.now + HEARD_WITHIN);
    assert!(bench.drain().is_empty());
    bench.flow.tick(bench.now + HEARD_WITHIN + Duration::from_secs(1));
    assert_eq!(gist(&bench.drain()), ["Unreachable", "Close(Silent)"]);
    // One that at least says so may let it ring as long as it likes.
    let mut bench = Bench::registered();
    let (_, again) = bench.ring();
    bench.answer(&again, 100);
    bench.flow.tick(bench.now + Duration::from_secs(60));
    assert!(bench.drain().is_empty());
}

#[test]
fn guides_cannot_ring_from_here_and_strange_requests_are_answered() {
    let mut bench = Bench::registered();
    let request = |method: &str| {
        format!(
            "{method} sip:+4681@telephone.invalid SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK9\r\nMax-Forwards: 69\r\n\
             From: <sip:g@t.invalid>;tag=a\r\nTo: <sip:+4681@t.invalid>\r\nCall-ID: q\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
        )
    };
    for (method, code) in
        [("INVITE", "403"), ("OPTIONS", "200"), ("BYE", "481"), ("MESSAGE", "405"), ("UPDATE", "488")]
    {
        assert_eq!(gist(&bench.say(&request(method))), [format!("SIP/2.0 {code}")], "{method}");
    }
    assert_eq!(gist(&bench.say(&request("ACK"))), [""; 0]);
    assert_eq!(bench.say("\r\n\r\n"), [Output::Send("\r\n".to_owned())]);
}

#[test]
fn noise_closes_the_flow_in_the_end() {
    let mut bench = Bench::registered();
    let closed = (0..=BAD_FRAMES_MAX).map(|_| bench.say("hello")).collect::<Vec<_>>().concat();
    assert_eq!(closed.iter().filter(|o| matches!(o, Output::Close(Closed::Noise))).count(), 1);
}

proptest! {
    /// Whatever the browser answers and whenever we hang up: an ending is told at most once, and never after we hung up.
    #[test]
    fn a_call_ends_once(steps in proptest::collection::vec(0_u8..9, 1..25)) {
        let mut bench = Bench::registered();
        let (number, invite) = bench.ring();
        let (mut ended, mut hung_up, mut answered) = (0, false, 0);
        for step in steps {
            let out = match step {
                0 => bench.answer(&invite, 100),
                1 => bench.answer(&invite, 180),
                2 => bench.answer(&invite, 200),
                3 => bench.answer(&invite, 486),
                4 => bench.answer(&invite, 487),
                5 => { hung_up = true; bench.hang_up(number) }
                6 => { bench.flow.tick(bench.now); bench.drain() }
                7 => bench.say("noise"),
                _ => { bench.now += Duration::from_secs(1); bench.drain() }
            };
            for output in out {
                if let Output::Call(_, event) = output {
                    prop_assert!(!hung_up || event == CallEvent::Ringing, "{event:?} after we hung up");
                    match event {
                        CallEvent::Ringing => {}
                        CallEvent::Answered(_) => answered += 1,
                        _ => ended += 1,
                    }
                }
            }
            prop_assert!(ended <= 1 && answered <= 1);
        }
    }
}
