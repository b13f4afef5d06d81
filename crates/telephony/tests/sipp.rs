//! The exchange against SIPp, as trunk and as guides' telephones, and baresip as one. The scenarios are in `e2e/sip`.
#![expect(clippy::unwrap_used, reason = "clippy knows only #[test] functions as tests")]

mod common;

use common::*;
use routing::{CallEnding, GuideState, Input, OfferFailure, Output};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use telephony::driver::conversation::{ConversationEvent, Ending};
use telephony::protocol::g711::{Law, tone_samples};
use tokio::process::{Child, Command};

const DIALLED: &str = "0123456000";

/// A run of SIPp in its own folder.
struct Sipp {
    child: Child,
    folder: tempfile::TempDir,
    name: String,
}

fn binary() -> Option<PathBuf> {
    program("sipp", "sip-tester")
}

fn program(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|program| program.is_file());
    #[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not installed; `apt-get install {package}` lets this test run");
    }
    found
}

fn start(binary: &Path, scenario: &str, exchange: SocketAddr, arguments: &[&str]) -> Sipp {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/sip");
    let folder = tempfile::tempdir().unwrap();
    let tone: Vec<u8> = tone_samples(CALLER_HZ, 1_000).iter().map(|s| Law::A.encode(*s)).collect();
    std::fs::write(folder.path().join("tone.alaw"), tone).unwrap();
    let child = Command::new(binary)
        .current_dir(folder.path())
        .arg("-sf")
        .arg(scenarios.join(format!("{scenario}.xml")).canonicalize().unwrap())
        .args(["-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "15s", "-trace_err"])
        .args(["-trace_msg", "-error_file", "errors", "-message_file", "messages"])
        .args(["-mp", &free_port()])
        .args(arguments)
        .arg(exchange.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    Sipp { child, folder, name: scenario.to_owned() }
}

impl Sipp {
    /// Waits until the scenario has gone to its end; everything SIPp checks has been right then.
    async fn passes(mut self) {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let file = |name: &str| {
            let bytes = std::fs::read(self.folder.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).chars().take(12_000).collect::<String>()
        };
        let Ok(status) = ended else {
            panic!("{} goes on and on\n{}\n{}", self.name, file("errors"), file("messages"));
        };
        let status = status.unwrap();
        assert!(status.success(), "{}: {status}\n{}\n{}", self.name, file("errors"), file("messages"));
    }
}

fn free_port() -> String {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port().to_string()
}

/// Registers SIPp as guide 0 on a port, and gives the port.
async fn register(sipp: &Path, house: &House) -> String {
    let port = free_port();
    start(
        sipp,
        "guide_register",
        house.sip(),
        &["-s", "guide0", "-au", "guide0", "-ap", PASSWORD, "-p", &port],
    )
    .passes()
    .await;
    let guide = house.guides[0];
    house
        .until("the telephone is up", |r| r.inputs.contains(&Input::TelephoneUp { guide }).then_some(()))
        .await;
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn sipp_calls_and_talks_with_a_softphone() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let caller = start(&sipp, "trunk_talk", house.sip(), &["-p", &free_port(), "-s", DIALLED]);
    let incoming = soon("the offer", guide_phone.incoming()).await.unwrap();
    assert_eq!(incoming.from_user(), "+46701740605");
    let guide = lead(incoming.answer().unwrap(), GUIDE_HZ);
    guide.hears("SIPp's tone", CALLER_HZ).await;
    guide.hang_up();
    caller.passes().await;
    assert_eq!(house.ending(0).await, CallEnding::Handled);
}

#[tokio::test(flavor = "multi_thread")]
async fn sipp_is_a_guides_telephone() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup::default()).await;
    let port = register(&sipp, &house).await;
    let phone = start(&sipp, "guide_answer", house.sip(), &["-p", &port, "-d", "1500", "-rtp_echo"]);
    let trunk = house.trunk_phone().await;
    let mut caller = lead(trunk.place(house.sip(), DIALLED, Some("+46701740605")).unwrap(), CALLER_HZ);
    assert_eq!(caller.ended().await, ConversationEvent::Ended(Ending::HungUp));
    phone.passes().await;
    assert_eq!(house.ending(0).await, CallEnding::Handled);
    house.state(0, "wrap-up", |s| matches!(s, GuideState::WrapUp { .. })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn baresip_is_a_guides_telephone() {
    let Some(baresip) = program("baresip", "baresip-core") else { return };
    let house = house(Setup::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let config = "sip_listen 127.0.0.1:0\nnet_interface 127.0.0.1\nmodule_path /usr/lib/baresip/modules\n\
        module g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule_app account.so\nmodule_app menu.so\n\
        audio_source aufile,tone.wav\naudio_player aubridge,nil\naudio_alert aubridge,nil\n";
    std::fs::write(folder.path().join("config"), config).unwrap();
    let tone = telephony::protocol::wav::write(&tone_samples(GUIDE_HZ, 20_000));
    std::fs::write(folder.path().join("tone.wav"), tone).unwrap();
    let exchange = house.sip();
    let account = format!(
        "<sip:guide0@{exchange}>;auth_user=guide0;auth_pass={PASSWORD};answermode=auto;regint=60;audio_codecs=PCMU\n"
    );
    std::fs::write(folder.path().join("accounts"), account).unwrap();
    let _phone = Command::new(baresip)
        .current_dir(folder.path())
        .arg("-f")
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let guide = house.guides[0];
    house
        .until("baresip is registered", |r| r.inputs.contains(&Input::TelephoneUp { guide }).then_some(()))
        .await;
    let trunk = house.trunk_phone().await;
    let caller = lead(trunk.place(house.sip(), DIALLED, Some("+46701740605")).unwrap(), CALLER_HZ);
    caller.hears("baresip's tone", GUIDE_HZ).await;
    caller.hang_up();
    assert_eq!(house.ending(0).await, CallEnding::Handled);
}

#[tokio::test(flavor = "multi_thread")]
async fn sipp_is_busy_and_a_softphone_takes_over() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup::default()).await;
    let port = register(&sipp, &house).await;
    let busy = start(&sipp, "guide_busy", house.sip(), &["-p", &port]);
    let caller = start(&sipp, "trunk_talk", house.sip(), &["-p", &free_port(), "-s", DIALLED]);
    busy.passes().await;
    let failed = |r: &Record| {
        r.inputs.iter().any(|i| matches!(i, Input::OfferFailed { why: OfferFailure::Busy, .. })).then_some(())
    };
    house.until("busy", failed).await;
    let mut other = house.guide_phone(1).await;
    let guide = lead(soon("the next offer", other.incoming()).await.unwrap().answer().unwrap(), GUIDE_HZ);
    guide.hears("SIPp's tone", CALLER_HZ).await;
    guide.hang_up();
    caller.passes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hanging_up_in_the_prompt_and_in_the_queue() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    start(&sipp, "trunk_hang_up", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "300"])
        .passes()
        .await;
    assert_eq!(house.ending(0).await, CallEnding::AbandonedInPrompt);
    start(&sipp, "trunk_hang_up", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "2500"])
        .passes()
        .await;
    assert_eq!(house.ending(1).await, CallEnding::Abandoned);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_before_the_answer() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup { guides: 0, slow_arrivals: Duration::from_secs(1), ..Setup::default() }).await;
    start(&sipp, "trunk_cancel", house.sip(), &["-p", &free_port(), "-s", DIALLED]).passes().await;
    let call = house.until("the arrival", first_call).await;
    house.until("the caller left", |r| r.inputs.contains(&Input::CallerLeft { call }).then_some(())).await;
    assert_eq!(house.ending(0).await, CallEnding::AbandonedInPrompt);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_through() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup::default()).await;
    let mut guide_phone = house.guide_phone(0).await;
    let caller = start(&sipp, "trunk_dtmf", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "2500"]);
    let incoming = soon("the offer", guide_phone.incoming()).await.unwrap();
    let mut guide = lead(incoming.answer().unwrap(), GUIDE_HZ);
    let mut keys = String::new();
    while keys.len() < 4 {
        if let ConversationEvent::Digit(key) =
            guide.event("a key", |e| matches!(e, ConversationEvent::Digit(_))).await
        {
            keys.push(key.as_char());
        }
    }
    assert_eq!(keys, "123#");
    caller.passes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hold_refresh_and_late_offer() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    // The hold lasts longer than a caller may be silent; that is no loss.
    start(&sipp, "trunk_hold", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "1500"])
        .passes()
        .await;
    assert!(matches!(house.ending(0).await, CallEnding::Abandoned));
    start(&sipp, "trunk_late_offer", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "500"])
        .passes()
        .await;
    house.ending(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_never_acknowledged_ends_the_call() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    start(&sipp, "trunk_no_ack", house.sip(), &["-p", &free_port(), "-s", DIALLED]).passes().await;
    house.ending(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_refused_and_the_next_call_is_served() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup { guides: 0, ..Setup::default() }).await;
    start(&sipp, "trunk_malformed", house.sip(), &["-p", &free_port(), "-s", DIALLED]).passes().await;
    assert!(house.record.borrow().arrivals.is_empty());
    start(&sipp, "trunk_options", house.sip(), &["-p", &free_port(), "-s", DIALLED]).passes().await;
    start(&sipp, "trunk_hang_up", house.sip(), &["-p", &free_port(), "-s", DIALLED, "-d", "100"])
        .passes()
        .await;
    house.ending(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_taken_in_the_order_they_came() {
    let Some(sipp) = binary() else { return };
    let house = house(Setup::default()).await;
    let mut calls = Vec::new();
    for n in 0..3 {
        calls.push(start(&sipp, "trunk_talk", house.sip(), &["-p", &free_port(), "-s", DIALLED]));
        house
            .until("queued", |r| {
                let queued = r.outputs.iter().filter(|o| matches!(o, Output::CallQueued { .. })).count();
                (queued > n).then_some(())
            })
            .await;
    }
    let arrived: Vec<_> = house.record.borrow().arrivals.iter().map(|a| a.contact).collect();
    let mut phone = house.guide_phone(0).await;
    for (n, sipp) in calls.into_iter().enumerate() {
        let incoming = soon("the offer", phone.incoming()).await.unwrap();
        let offered = house.record.borrow().outputs.iter().rev().find_map(|o| match o {
            Output::Offer { call, .. } => Some(*call),
            _ => None,
        });
        assert_eq!(offered, Some(arrived[n]), "call {n} is taken in its turn");
        lead(incoming.answer().unwrap(), GUIDE_HZ).hang_up();
        sipp.passes().await;
        house.ending(n).await;
        house.floor_send(Input::WrapUpDone { guide: house.guides[0] }).await;
    }
}
