//! The contract of the storage ports on SQLite: each test has a file of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
#[path = "plans/sqlite.rs"]
mod plans;

use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;
use todo_db::{Db, connect, connect_to_read};

/// An empty database, and what it lives in.
async fn empty_database() -> Option<(Db, TempDir)> {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}/todo.db?mode=rwc", dir.path().display());
    let db = connect(&url, contract::pool()).await.unwrap();
    Some((db, dir))
}

contract::cases!(empty_database);

#[tokio::test]
async fn programs_that_start_together_make_one_file() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}/todo.db?mode=rwc", dir.path().display());
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let url = url.clone();
        starts.spawn(async move {
            let db = connect(&url, contract::pool()).await.unwrap();
            migration::up(db.connection()).await.unwrap();
        });
    }
    starts.join_all().await;
}

#[tokio::test]
async fn a_file_that_is_opened_to_read_is_neither_made_nor_changed() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}/todo.db?mode=rwc", dir.path().display());
    let patience = contract::pool().acquire_timeout;
    assert!(connect_to_read(&url, patience).await.is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);

    let db = connect(&url, contract::pool()).await.unwrap();
    migration::up(db.connection()).await.unwrap();
    let reader = connect_to_read(&url, patience).await.unwrap();
    let read = reader.connection().execute_unprepared("SELECT * FROM users").await;
    let write = reader.connection().execute_unprepared("DELETE FROM users").await;
    assert!(read.is_ok() && write.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("todo.db");
    let db = connect(&format!("sqlite://{}?mode=rwc", path.display()), contract::pool()).await;
    migration::up(db.unwrap().connection()).await.unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
