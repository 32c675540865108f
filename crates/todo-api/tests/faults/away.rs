//! The database is not there when the server starts, or will not have it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use todo_db::PoolOptions;

use crate::clients::User;
use crate::process::{Place, Server};
use crate::storage::TestDatabase;
use crate::{Rig, storage, until};

/// As few connections as will do.
const ONE: PoolOptions = PoolOptions {
    min_connections: 0,
    max_connections: 1,
    acquire_timeout: Duration::from_secs(10),
};
/// What must never be shown.
const PASSWORD: &str = "hunter2";

#[tokio::test]
async fn a_start_while_the_database_is_away_waits_for_it_and_says_so() {
    let Some(mut cluster) = storage::own_cluster() else { return };
    cluster.stop();
    let (place, url) = (Place::new(), cluster.url());
    let server = place.start(&[("DATABASE_URL", &url), ("RATE_LIMIT", "off")]);
    assert_eq!(status(&server, "/health/live"), 200);
    let asked_at = Instant::now();
    assert_eq!(status(&server, "/health/ready"), 503);
    assert_eq!(status(&server, "/api/v1/tasks"), 401);
    assert!(asked_at.elapsed() < Duration::from_secs(2), "who asks is told at once");
    until("it says what it waits for", async || {
        server.log().contains("waiting for PostgreSQL at localhost:5432/postgres")
    })
    .await;

    cluster.restart();
    let back_at = Instant::now();
    until("it is ready", async || status(&server, "/health/ready") == 200).await;
    eprintln!("ready {:?} after the database was there", back_at.elapsed());
    assert_eq!(User::register(&server.url("")).await.read().await.0, 200);
    assert_eq!(server.stop("TERM").code, Some(0));
}

#[tokio::test]
async fn a_start_while_another_server_changes_the_schema_waits_for_it_and_says_so() {
    let Some(database) = TestDatabase::create().await else { return };
    let another = database.open(ONE).await;
    let change = another.connection().begin().await.unwrap();
    // The lock of migrations.
    change.execute_unprepared("SELECT pg_advisory_xact_lock(x'746f646f'::bigint)").await.unwrap();
    let (place, url) = (Place::new(), database.url());
    let server = place.start(&[("DATABASE_URL", &url)]);
    until("it says what it waits for", async || server.log().contains("another server")).await;
    assert_eq!(status(&server, "/health/ready"), 503);
    change.rollback().await.unwrap();
    until("it is ready", async || status(&server, "/health/ready") == 200).await;
}

#[test]
fn a_server_that_waits_for_its_database_ends_when_it_is_told_to() {
    let place = Place::new();
    let server = place.start(&[("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/d")]);
    assert_eq!(status(&server, "/health/ready"), 503);
    let ended = server.stop("TERM");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.output().contains(PASSWORD), "{ended:?}");
}

#[tokio::test]
async fn a_database_that_will_never_let_the_server_in_ends_it_at_once() {
    let Some(rig) = Rig::start() else { return };
    let guarded = rig.cluster.url().replace("postgres@", "guarded:hunter2@");
    let nowhere = rig.cluster.url().replace("/postgres?", "/hunter2?").replace(PASSWORD, "nowhere");
    for (url, reason) in [(guarded, "password authentication failed"), (nowhere, "does not exist")]
    {
        let started_at = Instant::now();
        let ended = Place::new().run(&[], &[("DATABASE_URL", &url), ("PORT", "0")]);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(started_at.elapsed() < Duration::from_secs(20), "at once");
        assert!(ended.stderr.contains("DATABASE_URL"), "{ended:?}");
        assert!(ended.stderr.contains(reason), "{ended:?}");
        assert!(!ended.output().contains(PASSWORD), "{ended:?}");
    }
}

/// The status of a GET.
fn status(server: &Server, path: &str) -> u16 {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{}", server.port)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.strip_prefix("HTTP/1.0 ").and_then(|rest| rest.get(..3));
    status.and_then(|status| status.parse().ok()).unwrap()
}
