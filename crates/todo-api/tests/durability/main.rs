//! What was acknowledged is there after the server was killed, whatever it was doing.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/account.rs"]
mod account;
#[expect(dead_code, reason = "the tests of the command line use more of it")]
#[path = "../cli/process.rs"]
mod process;
#[path = "../support/record.rs"]
mod record;
#[expect(dead_code, reason = "the tests of the storage use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod storage;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use self::process::{Place, Variable};
use self::record::Writer;
use self::storage::TestDatabase;

/// Writers at the same time.
const WRITERS: usize = 8;
/// How often the server is killed.
const KILLS: usize = 3;
/// How many calls are acknowledged between two kills, at least.
const CALLS: usize = 100;
/// How long those may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Kills a server with `environment` again and again while it is written to, and compares what is
/// stored with what the writers were told.
async fn survives_kills(place: Place, environment: &[Variable<'_>]) {
    let mut server = place.serve(environment);
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(Writer::register(&server.url("")).await);
    }
    for _ in 0..KILLS {
        let calls = Arc::new(AtomicUsize::new(0));
        let mut at_work = tokio::task::JoinSet::new();
        for mut writer in writers {
            let (service, calls) = (server.url(""), calls.clone());
            at_work.spawn(async move {
                while writer.write(&service).await {
                    calls.fetch_add(1, Ordering::Relaxed);
                }
                writer
            });
        }
        let deadline = Instant::now() + PATIENCE;
        while calls.load(Ordering::Relaxed) < CALLS {
            assert!(Instant::now() < deadline, "too few calls are acknowledged");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(server.stop("KILL").code, None);
        writers = at_work.join_all().await;

        server = place.serve(environment);
        for writer in &writers {
            assert_eq!(writer.compare(&server.url("")).await, [""; 0]);
        }
    }
    let sum = |count: fn(&Writer) -> usize| writers.iter().map(count).sum::<usize>();
    let (acknowledged, unanswered) = (sum(|it| it.acknowledged), sum(|it| it.unanswered));
    assert!(unanswered > 0, "no kill met a call that was under way");
    eprintln!("{acknowledged} writes acknowledged, none lost; {unanswered} of unknown fate");
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_from_a_file_when_the_server_is_killed() {
    survives_kills(Place::new(), &[("RATE_LIMIT", "off")]).await;
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_from_postgresql_when_the_server_is_killed() {
    let Some(database) = TestDatabase::create().await else { return };
    let url = database.url();
    survives_kills(Place::new(), &[("RATE_LIMIT", "off"), ("DATABASE_URL", &url)]).await;
}
