//! What is kept, when it is answered, and who hears of it.

use crate::{context, entry};
use std::sync::Arc;
use std::sync::mpsc;
use storage::timeline;
use storage::{
    Announcement, BATCH_MAX, Database, EngineKind, StorageConfig, StorageError, counters, params, settings,
    sql, testing,
};
use tokio::sync::broadcast;
use tokio::task::JoinSet;

async fn counter(db: &Database, name: &'static str) -> i64 {
    let value: Option<i64> = db
        .read(move |s| s.row(sql!("SELECT value FROM counters WHERE name = $1"), params![name], |r| r.get(0)))
        .await
        .unwrap_or_else(|e: StorageError| panic!("{e}"));
    value.unwrap_or(0)
}

/// The next `n` announcements, and in how many commits they came.
async fn hear(
    heard: &mut broadcast::Receiver<Arc<Vec<Announcement>>>,
    n: usize,
) -> (Vec<Announcement>, usize) {
    let mut all = Vec::new();
    let mut commits = 0;
    while all.len() < n {
        all.extend(heard.recv().await.unwrap().iter().cloned());
        commits += 1;
    }
    assert_eq!(all.len(), n, "nothing is announced twice");
    (all, commits)
}

#[tokio::test]
async fn what_is_written_is_read() {
    for db in testing::both() {
        let ctx = context();
        db.write(move |s| settings::set(s, &ctx, "town", "Vikhamn")).await.unwrap();
        let town = db.read(|s| settings::get(s, "town")).await.unwrap();
        assert_eq!(town.as_deref(), Some("Vikhamn"));
    }
}

#[tokio::test]
async fn a_panicking_closure_keeps_nothing_and_harms_nobody() {
    for db in testing::both() {
        let refused: Result<(), StorageError> = db
            .write(|s| {
                counters::next(s, "case")?;
                panic!("on purpose")
            })
            .await;
        assert_eq!(refused, Err(StorageError::Panicked("on purpose".to_owned())));
        let refused: Result<(), StorageError> = db.read(|_| panic!("while reading")).await;
        assert_eq!(refused, Err(StorageError::Panicked("while reading".to_owned())));
        assert_eq!(db.write(|s| counters::next(s, "case")).await, Ok(1));
        assert_eq!(counter(&db, "case").await, 1);
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for db in testing::both() {
        let refused = db.read(|s| s.execute(sql!("DELETE FROM counters"), params![])).await;
        assert!(matches!(refused, Err(StorageError::ReadOnly { .. })), "{refused:?}");
        // Not even by a statement that gives rows, which only the engine can tell.
        let refused = db.read(|s| counters::next(s, "case")).await;
        assert!(matches!(refused, Err(StorageError::ReadOnly { .. })), "{refused:?}");
        assert_eq!(counter(&db, "case").await, 0);
    }
}

#[tokio::test]
async fn a_reader_sees_one_moment() {
    for db in testing::both() {
        let (go_on, wait) = mpsc::channel::<()>();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let reading = db.database();
        let reader = tokio::spawn(async move {
            reading
                .read(move |s| {
                    let before = settings::get(s, "town")?;
                    let _ = tell.send(());
                    let _ = wait.recv();
                    Ok::<_, StorageError>((before, settings::get(s, "town")?))
                })
                .await
        });
        told.recv().await.unwrap();
        let ctx = context();
        db.write(move |s| settings::set(s, &ctx, "town", "Vikhamn")).await.unwrap();
        go_on.send(()).unwrap();
        assert_eq!(reader.await.unwrap(), Ok((None, None)));
    }
}

#[tokio::test]
async fn an_error_undoes_one_closure_and_not_its_neighbours() {
    for db in testing::both() {
        let mut heard = db.announcements();
        let mut tasks = JoinSet::new();
        for id in 1..=60_u128 {
            let (db, ctx) = (db.database(), context());
            tasks.spawn(async move {
                db.write(move |s| {
                    let seq = timeline::append(s, &ctx, entry(id))?;
                    match id % 3 {
                        0 => Err(StorageError::Closed),
                        1 => Ok((id, seq)),
                        // A failed statement, answered as if nothing had happened.
                        _ => {
                            let again = sql!(
                                "INSERT INTO timeline (seq, at, kind, actor_kind, subject_kind, subject_id)
                                 VALUES ($1, 0, '', '', '', $2)"
                            );
                            let refused = s.execute(again, params![seq, uuid::Uuid::nil()]);
                            assert!(matches!(refused, Err(StorageError::NotUnique { .. })), "{refused:?}");
                            assert_eq!(
                                s.execute(again, params![-seq, uuid::Uuid::nil()]),
                                Err(StorageError::AlreadyFailed)
                            );
                            Ok((id, seq))
                        }
                    }
                })
                .await
            });
        }
        let mut answered: Vec<(i64, u128)> = Vec::new();
        while let Some(answer) = tasks.join_next().await {
            match answer.unwrap() {
                Ok((id, seq)) => answered.push((seq, id)),
                Err(e) => assert!(matches!(e, StorageError::Closed | StorageError::AlreadyFailed), "{e}"),
            }
        }
        answered.sort_unstable();
        let kept = db.read(|s| timeline::read_from(s, 0, 1_000)).await.unwrap();
        let kept: Vec<(i64, u128)> = kept.iter().map(|a| (a.seq, a.subject_id.as_u128())).collect();
        assert_eq!(kept, answered, "what was answered is what is kept");
        assert_eq!(
            kept.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(),
            (1..=20).collect::<Vec<_>>(),
            "no gaps"
        );
        let (announced, _) = hear(&mut heard, 20).await;
        assert_eq!(announced.iter().map(|a| (a.seq, a.subject_id.as_u128())).collect::<Vec<_>>(), kept);
    }
}

#[tokio::test]
async fn what_queues_up_shares_a_commit_and_is_answered_after_it() {
    for db in testing::both() {
        let mut heard = db.announcements();
        let (go_on, wait) = mpsc::channel::<()>();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        let (first, ctx) = (db.database(), context());
        tasks.spawn(async move {
            first
                .write(move |s| {
                    let _ = tell.send(());
                    let _ = wait.recv();
                    timeline::append(s, &ctx, entry(0))
                })
                .await
        });
        told.recv().await.unwrap();
        for id in 1..=40 {
            let (db, ctx) = (db.database(), context());
            tasks.spawn(async move { db.write(move |s| timeline::append(s, &ctx, entry(id))).await });
        }
        // All have queued up behind the first when each has had its turn.
        while tasks.len() < 41 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        assert!(tasks.try_join_next().is_none(), "nothing is answered before the commit");
        assert!(heard.try_recv().is_err(), "nor announced");
        go_on.send(()).unwrap();
        while let Some(answer) = tasks.join_next().await {
            let seq = answer.unwrap().unwrap();
            // Another connection sees it as soon as it is answered.
            let last = db.read(timeline::last_seq).await.unwrap();
            assert!(last >= seq, "answered {seq}, kept {last}");
        }
        let (announced, commits) = hear(&mut heard, 41).await;
        assert!(announced.iter().map(|a| a.seq).eq(1..=41));
        // On PostgreSQL they are read from the timeline, several commits at a time.
        if db.engine() == EngineKind::Sqlite {
            assert!(commits <= 2, "{commits} commits for 41 closures");
        }
    }
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_all_in_it() {
    let db = testing::sqlite();
    let ctx = context();
    let (go_on, wait) = mpsc::channel::<()>();
    let innocent = db.database();
    let innocent = tokio::spawn(async move {
        innocent
            .write(move |s| {
                let _ = wait.recv();
                settings::set(s, &ctx, "town", "Vikhamn")
            })
            .await
    });
    tokio::task::yield_now().await;
    let guilty = db.database();
    let guilty = tokio::spawn(async move {
        guilty
            .write(|s| {
                // Lets the broken reference be found only by COMMIT.
                s.execute(sql!("PRAGMA defer_foreign_keys = ON"), params![])?;
                let orphan = sql!(
                    "INSERT INTO survey_answers (response_id, parameter, score) VALUES ($1, 'overall', 5)"
                );
                s.execute(orphan, params![uuid::Uuid::nil()])
            })
            .await
    });
    tokio::task::yield_now().await;
    go_on.send(()).unwrap();
    let refused = guilty.await.unwrap();
    assert!(matches!(refused, Err(StorageError::NotCommitted(_))), "{refused:?}");
    // Whether they shared the commit or not, what was answered is what is kept.
    let kept = db.read(|s| settings::get(s, "town")).await.unwrap();
    match innocent.await.unwrap() {
        Ok(()) => assert_eq!(kept.as_deref(), Some("Vikhamn")),
        Err(e) => {
            assert!(matches!(e, StorageError::NotCommitted(_)), "{e}");
            assert_eq!(kept, None);
        }
    }
    assert_eq!(db.write(|s| counters::next(s, "case")).await, Ok(1), "the writer lives on");
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_answered() {
    let db = testing::sqlite();
    let pages = |n: i64| {
        move |s: &mut storage::Session<'_>| {
            s.the_row(
                if n == 1 {
                    sql!("PRAGMA max_page_count = 400")
                } else {
                    sql!("PRAGMA max_page_count = 40000")
                },
                params![],
                |r| r.get::<i64>(0),
            )
        }
    };
    db.write(pages(1)).await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..40 {
        let (db, ctx) = (db.database(), context());
        tasks.spawn(async move {
            let name = format!("setting {n}");
            (name.clone(), db.write(move |s| settings::set(s, &ctx, &name, &"x".repeat(100_000))).await)
        });
    }
    let mut answered = Vec::new();
    while let Some(Ok((name, answer))) = tasks.join_next().await {
        if answer.is_ok() {
            answered.push(name);
        }
    }
    assert!(answered.len() < 40, "the disk was full");
    db.write(pages(2)).await.unwrap();
    db.write(|s| counters::next(s, "case")).await.unwrap();
    let mut kept: Vec<String> =
        db.read(|s| s.rows(sql!("SELECT name FROM settings"), params![], |r| r.get(0))).await.unwrap();
    kept.retain(|name| name.starts_with("setting "));
    answered.sort_unstable();
    kept.sort_unstable();
    assert_eq!(kept, answered);
}

#[test]
fn two_nodes_may_open_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut configs = vec![StorageConfig::Sqlite { path: folder.path().join("new/lots.db") }];
    // A new database on the server that no node has opened yet.
    let server = testing::postgres();
    if let Some(db) = &server {
        db.write_blocking(|s| s.execute(sql!("DROP TABLE migrations"), params![])).unwrap();
        db.write_blocking(|s| s.execute(sql!("CREATE SCHEMA fresh"), params![])).unwrap();
        let StorageConfig::Postgres { url } = db.config().clone() else { unreachable!() };
        configs.push(StorageConfig::Postgres { url: format!("{url} options='-c search_path=fresh'") });
    }
    for config in configs {
        let nodes: Vec<Database> = std::thread::scope(|scope| {
            let openings: Vec<_> = (0..4).map(|_| scope.spawn(|| Database::open(&config))).collect();
            openings.into_iter().map(|opening| opening.join().unwrap().unwrap()).collect()
        });
        for (node, expected) in nodes.iter().zip(1..) {
            assert_eq!(node.write_blocking(|s| counters::next(s, "case")), Ok(expected));
        }
    }
}

#[tokio::test]
async fn two_nodes_on_a_server_hear_each_other_in_order() {
    let Some(db) = testing::postgres() else { return };
    let nodes = [db.database(), db.another_node()];
    let mut heard: Vec<_> = nodes.iter().map(Database::announcements).collect();
    let mut tasks = JoinSet::new();
    for id in 0..60 {
        let (node, ctx) = (nodes[id % 2].clone(), context());
        tasks.spawn(async move { node.write(move |s| timeline::append(s, &ctx, entry(id as u128))).await });
    }
    while let Some(answer) = tasks.join_next().await {
        answer.unwrap().unwrap();
    }
    for receiver in &mut heard {
        let (announced, _) = hear(receiver, 60).await;
        assert!(announced.iter().map(|a| a.seq).eq(1..=60));
    }
}

#[tokio::test]
async fn what_no_column_can_hold_is_refused_alike() {
    for db in testing::both() {
        let ctx = context();
        let refused = db.write(move |s| settings::set(s, &ctx, "town", "Vik\0hamn")).await;
        assert!(matches!(refused, Err(StorageError::Unfit { position: 2, .. })), "{refused:?}");
        let refused: Result<String, StorageError> =
            db.read(|s| s.the_row(sql!("SELECT COUNT(*) FROM settings"), params![], |r| r.get(0))).await;
        assert!(matches!(refused, Err(StorageError::Column { column: 0, .. })), "{refused:?}");
        let refused: Result<i64, StorageError> =
            db.read(|s| s.the_row(sql!("SELECT value FROM counters"), params![], |r| r.get(0))).await;
        assert!(matches!(refused, Err(StorageError::NotOneRow { found: "none", .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_queue_longer_than_a_batch_is_worked_off() {
    for db in testing::both() {
        let mut tasks = JoinSet::new();
        for _ in 0..BATCH_MAX * 3 {
            let db = db.database();
            tasks.spawn(async move { db.write(|s| counters::next(s, "case")).await });
        }
        let mut numbers = Vec::new();
        while let Some(number) = tasks.join_next().await {
            numbers.push(number.unwrap().unwrap());
        }
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(1..=(BATCH_MAX as i64 * 3)));
    }
}

#[tokio::test]
async fn the_database_closes_from_inside_a_closure() {
    for db in testing::both() {
        let mut last = Some(db.another_node());
        let (tell, told) = tokio::sync::oneshot::channel();
        let mut tell = Some(tell);
        let held = last.take().unwrap();
        let asked = held.clone();
        let mut held = Some(held);
        asked
            .write(move |s| {
                // From here on the closure holds the last clone but one.
                drop(held.take());
                if let Some(tell) = tell.take() {
                    let _ = tell.send(());
                }
                counters::next(s, "case")
            })
            .await
            .unwrap();
        told.await.unwrap();
    }
}
