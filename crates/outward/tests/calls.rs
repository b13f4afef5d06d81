//! Calls against a server of our own that misbehaves on purpose, and names that an attacker resolves.
#![expect(clippy::unwrap_used, reason = "clippy knows only #[test] functions as tests")]

use bytes::Bytes;
use http::{HeaderMap, Method};
use outward::{Call, Limits, Outward, OutwardError, Reach, Resolve, Target};
use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that answers every connection with the same bytes and counts them.
async fn server(answer: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut request = [0_u8; 4096];
                drop(stream.read(&mut request).await);
                drop(stream.write_all(answer).await);
                // Holds the connection, so that only the caller's own limits end the call.
                drop(stream.read(&mut request).await);
            });
        }
    });
    (address, asked)
}

fn call(url: &str, reach: Reach) -> Call {
    Call {
        target: Target::read(url, reach).unwrap(),
        method: Method::POST,
        headers: HeaderMap::new(),
        body: Bytes::from_static(b"{}"),
    }
}

fn quick() -> Limits {
    Limits {
        connect_max: Duration::from_secs(2),
        call_max: Duration::from_millis(500),
        answer_bytes_max: 1_000,
    }
}

/// Answers each question with the next list of addresses.
struct Rebinding(Mutex<VecDeque<Vec<IpAddr>>>);

impl Rebinding {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let read = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(read).collect())))
    }
}

impl Resolve for Rebinding {
    fn resolve<'a>(
        &'a self,
        _host: &'a str,
        _port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        let next = self.0.lock().unwrap().pop_front().unwrap_or_default();
        Box::pin(async move { Ok(next) })
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inside, asked_inside) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = server(answer.leak().as_bytes()).await;
    let outward = Outward::new(Reach::PublicAndLoopback);
    let answer = outward.call(call(&format!("http://{address}/"), Reach::PublicAndLoopback)).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(asked_inside.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_long_answer_is_cut_and_a_slow_one_ended() {
    let outward = Outward::new(Reach::PublicAndLoopback).with_limits(quick());
    let body = "x".repeat(5_000);
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let (address, _) = server(long.leak().as_bytes()).await;
    let url = format!("http://{address}/");
    let answer = outward.call(call(&url, Reach::PublicAndLoopback)).await.unwrap();
    assert!(answer.cut && answer.body.len() == 1_000);
    for slow in [b"".as_slice(), b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab"] {
        let (address, _) = server(slow).await;
        let url = format!("http://{address}/");
        let outcome = outward.call(call(&url, Reach::PublicAndLoopback)).await;
        assert!(matches!(outcome, Err(OutwardError::Timeout)), "{outcome:?}");
    }
    let (address, _) = server(b"SSH-2.0-OpenSSH\r\n\r\n").await;
    let outcome = outward.call(call(&format!("http://{address}/"), Reach::PublicAndLoopback)).await;
    assert!(matches!(outcome, Err(OutwardError::Broken(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let (address, asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let url = format!("https://hooks.example.se:{}/", address.port());
    for inside in [
        ["127.0.0.1"].as_slice(),
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::127.0.0.1"],
        &["169.254.169.254"],
        &["10.0.0.1"],
        &["192.168.1.1"],
        &["fd00:ec2::254"],
        &["fe80::1"],
        &["0.0.0.0"],
        // One good address does not make up for a bad one.
        &["8.8.8.8", "127.0.0.1"],
    ] {
        let outward =
            Outward::new(Reach::Public).with_limits(quick()).with_resolver(Rebinding::new(&[inside]));
        let outcome = outward.call(call(&url, Reach::Public)).await;
        assert!(matches!(outcome, Err(OutwardError::NotPublic)), "{inside:?}: {outcome:?}");
    }
    // The odd ways of writing an address are the resolver's to understand, and what it says is checked.
    for odd in ["https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://localhost/"] {
        let outcome = Outward::new(Reach::Public).with_limits(quick()).call(call(odd, Reach::Public)).await;
        assert!(
            matches!(outcome, Err(OutwardError::NotPublic | OutwardError::Unknown)),
            "{odd}: {outcome:?}"
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_changes_between_looks_gains_nothing() {
    let (address, asked) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    // Public at first look (an address where nobody answers), inside at the second: there is no second look.
    let resolver = Rebinding::new(&[&["192.0.1.255"], &["127.0.0.1"], &["127.0.0.1"]]);
    let limits = Limits { connect_max: Duration::from_millis(200), ..quick() };
    let outward = Outward::new(Reach::Public).with_limits(limits).with_resolver(resolver.clone());
    let url = format!("https://hooks.example.se:{}/", address.port());
    assert!(outward.call(call(&url, Reach::Public)).await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 0, "the listener on this machine was never asked");
    assert_eq!(resolver.0.lock().unwrap().len(), 2, "the name was looked up once");
}

#[tokio::test]
async fn a_name_nobody_has_and_a_door_nobody_opens() {
    let outward =
        Outward::new(Reach::PublicAndLoopback).with_limits(quick()).with_resolver(Rebinding::new(&[]));
    let outcome = outward.call(call("https://hooks.example.se/", Reach::PublicAndLoopback)).await;
    assert!(matches!(outcome, Err(OutwardError::Unknown)), "{outcome:?}");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let outcome = outward.call(call(&format!("http://{closed}/"), Reach::PublicAndLoopback)).await;
    assert!(matches!(outcome, Err(OutwardError::Connect(_))), "{outcome:?}");
    // Whoever does not speak TLS is not spoken to over https.
    let (plain, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let outcome = outward.call(call(&format!("https://{plain}/"), Reach::PublicAndLoopback)).await;
    assert!(matches!(outcome, Err(OutwardError::Connect(_))), "{outcome:?}");
}
