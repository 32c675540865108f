//! The real binary on a real PostgreSQL that is killed, stopped, frozen or not there yet.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/account.rs"]
mod account;
mod away;
mod black_hole;
mod clients;
mod flood;
mod locked;
#[expect(dead_code, reason = "the tests of the command line use more of it")]
#[path = "../cli/process.rs"]
mod process;
mod restart;
#[expect(dead_code, reason = "the tests of the storage use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod storage;
mod terminated;

use std::time::{Duration, Instant};

use crate::process::{Place, Server};
use crate::storage::Cluster;

/// How long something that must happen may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a serverless database takes to wake.
const COLD_START: Duration = Duration::from_secs(5);

/// A server and its database.
struct Rig {
    server: Server,
    cluster: Cluster,
    _place: Place,
}

impl Rig {
    /// Both, ready; `None` without PostgreSQL.
    fn start() -> Option<Self> {
        let cluster = storage::own_cluster()?;
        let place = Place::new();
        let url = cluster.url();
        let server = place.serve(&[("DATABASE_URL", &url), ("RATE_LIMIT", "off")]);
        Some(Self { server, cluster, _place: place })
    }
}

/// Polls until `done`.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done().await {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
