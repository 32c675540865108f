//! Connections are killed.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use todo_db::{Db, PoolOptions};

use crate::clients::{Crowd, User};
use crate::{Rig, until};

/// How often all connections are killed.
const KILLS: usize = 10;

/// The database, past the server.
async fn past(rig: &Rig) -> Db {
    let acquire_timeout = Duration::from_secs(30);
    let two = PoolOptions { min_connections: 0, max_connections: 2, acquire_timeout };
    todo_db::connect(&rig.cluster.url(), two).await.unwrap()
}

#[tokio::test]
async fn who_reads_sees_no_error_while_every_connection_is_killed_again_and_again() {
    let Some(rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    user.write("Milk").await;
    let past = past(&rig).await;

    let readers = Crowd::gather(16, move |_, _| {
        let user = user.clone();
        async move { user.read().await.0 }
    });
    for _ in 0..KILLS {
        readers.answered(50).await;
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        past.connection().execute_unprepared(kill).await.unwrap();
    }
    readers.answered(50).await;
    let answers = readers.stop().await;
    let bad: Vec<_> = answers.iter().filter(|(status, ..)| *status != 200).collect();
    assert!(bad.is_empty(), "{} of {}: {:?}", bad.len(), answers.len(), bad.first());
}

#[tokio::test]
async fn who_writes_on_a_connection_that_is_killed_is_told_that_nobody_knows_and_when_to_look() {
    let Some(rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    let past = past(&rig).await;
    let lock = past.connection().begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE tasks").await.unwrap();
    let writer = user.clone();
    let write = tokio::spawn(async move { writer.write("Milk").await });
    until("the write is killed while it waits", async || {
        let kill = "DO $$ BEGIN \
                    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE wait_event_type = 'Lock'; \
                    IF NOT FOUND THEN RAISE 'nobody waits'; END IF; END $$";
        past.connection().execute_unprepared(kill).await.is_ok()
    })
    .await;
    lock.rollback().await.unwrap();
    assert_eq!(write.await.unwrap(), (503, "outcome-unknown".to_owned()));
    assert!(user.titles().await.is_empty());
    assert_eq!(user.write("Milk").await.0, 201);
}
