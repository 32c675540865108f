//! A thousand clients on twenty connections.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use todo_db::PoolOptions;

use crate::Rig;
use crate::clients::User;

const CLIENTS: usize = 1_000;
/// The longest that a call may take, with room for a busy machine.
const BOUND: Duration = Duration::from_secs(45);
/// How much more memory may be in use after a flood than after one before: less than 10 KB for each
/// client.
const GROWTH_KIB: u64 = 10 * 1_024;

/// The memory that a process has, in KiB.
#[cfg(target_os = "linux")]
fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Lists tasks from every client at once, each on a connection that is kept for the next flood; the
/// statuses, and how long the last one waited.
async fn flood(user: &User) -> (Vec<u16>, Duration) {
    let started_at = Instant::now();
    let calls = (0..CLIENTS).map(|_| async { user.read().await.0 });
    (join_all(calls).await, started_at.elapsed())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_thousand_clients_on_a_stuck_database_are_all_told_to_come_back() {
    let Some(rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    user.write("Milk").await;

    let (answers, took) = flood(&user).await;
    assert!(answers.iter().all(|status| *status == 200), "a quick database serves them all");
    eprintln!("{CLIENTS} clients were served in {took:?}");

    let acquire_timeout = Duration::from_secs(30);
    let one = PoolOptions { min_connections: 0, max_connections: 1, acquire_timeout };
    let past = todo_db::connect(&rig.cluster.url(), one).await.unwrap();
    let mut resident = Vec::new();
    for _ in 0..2 {
        let lock = past.connection().begin().await.unwrap();
        lock.execute_unprepared("LOCK TABLE tasks").await.unwrap();
        let (answers, took) = flood(&user).await;
        assert!(answers.iter().all(|status| *status == 503), "each with Retry-After");
        assert!(took < BOUND, "{took:?}");
        lock.rollback().await.unwrap();
        resident.push(resident_kib(rig.server.id()));
        eprintln!("turned away in {took:?}; {} KiB", resident[resident.len() - 1]);
    }
    assert!(resident[1] < resident[0] + GROWTH_KIB, "{resident:?}");
    let (answers, _) = flood(&user).await;
    assert!(answers.iter().all(|status| *status == 200), "and served when it goes on");
}
