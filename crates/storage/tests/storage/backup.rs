//! Copies of a database in use.

use crate::context;
use storage::{Database, StorageConfig, StorageError, counters, settings, testing};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_busy_database_is_whole_and_never_overwrites() {
    let db = testing::sqlite();
    let ctx = context();
    db.write(move |s| settings::set(s, &ctx, "town", "Vikhamn")).await.unwrap();
    let busy = db.database();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let writing = tokio::spawn(async move {
        while stopped.try_recv().is_err() {
            busy.write(|s| counters::next(s, "case")).await.unwrap();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let (from, place) = (db.database(), to.clone());
    tokio::task::spawn_blocking(move || storage::backup(&from, &place)).await.unwrap().unwrap();
    stop.send(()).unwrap();
    writing.await.unwrap();

    let refused = storage::backup(&db, &to);
    assert!(matches!(refused, Err(StorageError::Backup(_))), "{refused:?}");
    let copy = Database::open(&StorageConfig::Sqlite { path: to }).unwrap();
    assert_eq!(copy.read(|s| settings::get(s, "town")).await.unwrap().as_deref(), Some("Vikhamn"));
    copy.write(|s| counters::next(s, "case")).await.unwrap();
}

#[test]
fn a_server_is_backed_up_by_its_own_tool() {
    let Some(db) = testing::postgres() else { return };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let refused = storage::backup(&db, &to).unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
    assert!(!to.exists());
}
