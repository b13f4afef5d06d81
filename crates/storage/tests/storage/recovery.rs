//! A server that goes away and comes back.

use crate::{context, entry};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::thread;
use storage::testing::{self, Cluster};
use storage::{Database, Session, StorageConfig, StorageError, counters, params, sql, timeline};

/// A server for one test alone; none, said aloud, where there is none.
fn own_cluster(what: &str) -> Option<Cluster> {
    Cluster::start().map_err(|why| testing::skipped(what, &why)).ok()
}

/// Ends the connection of the session it is run in.
fn cut_own_connection(s: &mut Session<'_>) -> Result<(), StorageError> {
    let cut = sql!("SELECT pg_terminate_backend(pg_backend_pid())");
    s.rows(cut, params![], |_| Ok(())).map(drop)
}

#[tokio::test]
async fn a_closure_whose_connection_is_lost_is_run_again() {
    let Some(db) = testing::postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let number = db
        .write(move |s| {
            let number = counters::next(s, "case")?;
            if counted.fetch_add(1, Ordering::Relaxed) == 0 {
                cut_own_connection(s)?;
            }
            Ok::<_, StorageError>(number)
        })
        .await;
    assert_eq!(number, Ok(1));
    assert_eq!(runs.load(Ordering::Relaxed), 2);

    let counted = Arc::clone(&runs);
    let last = db
        .read(move |s| {
            if counted.fetch_add(1, Ordering::Relaxed) == 2 {
                cut_own_connection(s)?;
            }
            s.the_row(sql!("SELECT value FROM counters WHERE name = 'case'"), params![], |r| r.get::<i64>(0))
        })
        .await;
    assert_eq!(last, Ok(1));
    assert_eq!(runs.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_table_may_change_under_a_node_that_runs() {
    let Some(db) = testing::postgres() else { return };
    let everything = || db.read(|s| s.rows(sql!("SELECT * FROM settings"), params![], |_| Ok(())));
    for _ in 0..storage::READERS * 2 {
        assert_eq!(everything().await, Ok(Vec::new()));
    }
    let newer = db.another_node();
    let change = sql!("ALTER TABLE settings ADD COLUMN remark TEXT");
    newer.write(move |s| s.execute(change, params![])).await.unwrap();
    for _ in 0..storage::READERS * 2 {
        assert_eq!(everything().await, Ok(Vec::<()>::new()));
    }
}

#[tokio::test]
async fn a_closure_that_always_loses_its_connection_is_given_up() {
    let Some(db) = testing::postgres() else { return };
    let refused = db.write(cut_own_connection).await;
    assert!(matches!(refused, Err(StorageError::Unreachable(_))), "{refused:?}");
    assert_eq!(db.write(|s| counters::next(s, "case")).await, Ok(1), "the writer lives on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_crashes_and_comes_back_is_taken_up_again() {
    let Some(cluster) = own_cluster("a server that crashes") else { return };
    let cluster = Arc::new(cluster);
    let db = testing::postgres_at(&cluster.url());
    let mut heard = db.announcements();
    let append = |id| {
        let ctx = context();
        db.write(move |s| timeline::append(s, &ctx, entry(id)))
    };
    assert_eq!(append(1).await, Ok(1));
    cluster.crash();
    let restarting = Arc::clone(&cluster);
    let restart = tokio::task::spawn_blocking(move || restarting.start_again());
    assert_eq!(append(2).await, Ok(2), "a write waits for the server");
    restart.await.unwrap();
    assert_eq!(db.read(timeline::last_seq).await, Ok(2));
    let mut seqs = Vec::new();
    while seqs.len() < 2 {
        seqs.extend(heard.recv().await.unwrap().iter().map(|announcement| announcement.seq));
    }
    assert_eq!(seqs, [1, 2]);
}

/// What the proxy does with the next COMMIT.
const PASS: u8 = 0;
const CUT_BEFORE: u8 = 1;
const CUT_AFTER: u8 = 2;

/// Stands between Lots and the server, and cuts the connection at the next commit when told to.
fn proxy(server: PathBuf) -> (u16, Arc<AtomicU8>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let order = Arc::new(AtomicU8::new(PASS));
    let orders = Arc::clone(&order);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), UnixStream::connect(&server).unwrap());
            let orders = Arc::clone(&orders);
            thread::spawn(move || carry(client, server, &orders));
        }
    });
    (port, order)
}

fn carry(mut client: TcpStream, mut server: UnixStream, orders: &AtomicU8) {
    let (mut to_client, mut from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (answered, answers) = std::sync::mpsc::channel();
    let silent = Arc::new(AtomicU8::new(0));
    let muted = Arc::clone(&silent);
    let back = thread::spawn(move || {
        let mut buffer = [0; 16_384];
        while let Ok(n @ 1..) = from_server.read(&mut buffer) {
            let _ = answered.send(());
            if muted.load(Ordering::Acquire) == 0 && to_client.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 16_384];
    while let Ok(n @ 1..) = client.read(&mut buffer) {
        let is_commit = buffer[..n].windows(7).any(|bytes| bytes == b"COMMIT\0");
        match if is_commit { orders.swap(PASS, Ordering::AcqRel) } else { PASS } {
            CUT_BEFORE => break,
            CUT_AFTER => {
                while answers.try_recv().is_ok() {}
                silent.store(1, Ordering::Release);
                let _ = server.write_all(&buffer[..n]);
                // The server has committed when it answers; nobody hears it.
                let _ = answers.recv();
                break;
            }
            _ => {
                if server.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
    let _ = back.join();
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_counts_once() {
    let Some(cluster) = own_cluster("a commit whose answer is lost") else { return };
    let behind = testing::postgres_at(&cluster.url());
    let (port, order) = proxy(cluster.socket());
    let StorageConfig::Postgres { url } = behind.config() else { unreachable!() };
    let name = url.rsplit_once("dbname=").unwrap().1;
    let url = format!("host=127.0.0.1 port={port} user=lots dbname={name}");
    let db = Database::open(&StorageConfig::Postgres { url }).unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    for (what, expected, expected_runs) in [(PASS, 1, 1), (CUT_AFTER, 2, 2), (CUT_BEFORE, 3, 4), (PASS, 4, 5)]
    {
        order.store(what, Ordering::Release);
        let counted = Arc::clone(&runs);
        let number = db
            .write(move |s| {
                counted.fetch_add(1, Ordering::Relaxed);
                counters::next(s, "case")
            })
            .await;
        assert_eq!(number, Ok(expected), "order {what}");
        assert_eq!(runs.load(Ordering::Relaxed), expected_runs, "order {what}");
    }
}
