//! A receiver that remembers what it was told and answers as it is told to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One call.
#[derive(Clone, Debug)]
pub struct Told {
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Told {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn seq(&self) -> Option<i64> {
        self.json()["data"]["seq"].as_i64()
    }
}

pub struct Receiver {
    pub address: SocketAddr,
    pub told: Arc<Mutex<Vec<Told>>>,
    pub answer: Arc<Mutex<String>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let told: Arc<Mutex<Vec<Told>>> = Arc::default();
        let answer = Arc::new(Mutex::new("204 No Content\r\n".to_owned()));
        let (told_in, answer_in) = (Arc::clone(&told), Arc::clone(&answer));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (told, answer) = (Arc::clone(&told_in), Arc::clone(&answer_in));
                tokio::spawn(async move {
                    let heard = read(&mut stream).await;
                    told.lock().unwrap().push(heard);
                    let answer = format!("HTTP/1.1 {}content-length: 0\r\n\r\n", answer.lock().unwrap());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                });
            }
        });
        Self { address, told, answer }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook?x=1", self.address)
    }

    /// Answers with this status line and headers from now on, each ended by CRLF.
    pub fn answers(&self, head: &str) {
        head.clone_into(&mut self.answer.lock().unwrap());
    }

    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    pub fn seqs(&self) -> Vec<i64> {
        self.told().iter().filter_map(Told::seq).collect()
    }
}

async fn read(stream: &mut TcpStream) -> Told {
    let mut bytes = Vec::new();
    let head_len = loop {
        let mut some = [0; 2048];
        let n = stream.read(&mut some).await.unwrap();
        bytes.extend_from_slice(&some[..n]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        assert!(n > 0, "the caller broke off");
    };
    let head = String::from_utf8(bytes[..head_len].to_vec()).unwrap();
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < head_len + 4 + length {
        let mut some = [0; 2048];
        let n = stream.read(&mut some).await.unwrap();
        assert!(n > 0, "the caller broke off");
        bytes.extend_from_slice(&some[..n]);
    }
    Told { headers, body: String::from_utf8(bytes[head_len + 4..].to_vec()).unwrap() }
}
