//! A table that somebody holds locked.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};
use todo_db::{Db, PoolOptions};

use crate::clients::{Crowd, User};
use crate::{Rig, until};

/// Clients that read, more than there are connections.
const CLIENTS: usize = 60;
/// The connections that the server may have.
const CONNECTIONS: i64 = 20;
/// Longer than it takes to give up statements twice.
const LOCKED: Duration = Duration::from_secs(15);

/// How many sessions of the service the database has.
async fn sessions(past: &Db) -> i64 {
    let count = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let count = Statement::from_string(DbBackend::Postgres, count);
    let row = past.connection().query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn statements_that_were_given_up_do_not_pile_up_in_the_database() {
    let Some(rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    let acquire_timeout = Duration::from_secs(30);
    let two = PoolOptions { min_connections: 0, max_connections: 2, acquire_timeout };
    let past = todo_db::connect(&rig.cluster.url(), two).await.unwrap();

    let lock = past.connection().begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE tasks").await.unwrap();
    let reader = user.clone();
    let crowd = Crowd::gather(CLIENTS, move |_, _| {
        let user = reader.clone();
        async move { user.read().await.0 }
    });
    until("readers wait", async || sessions(&past).await > 0).await;
    let since = Instant::now();
    let mut most = 0;
    while since.elapsed() < LOCKED {
        most = most.max(sessions(&past).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(most <= CONNECTIONS, "{most} sessions");

    lock.rollback().await.unwrap();
    until("readers are served", async || user.read().await.0 == 200).await;
    let answers = crowd.stop().await;
    assert!(answers.iter().all(|(status, ..)| matches!(status, 200 | 503)), "or told to come back");
}
