//! What is known of an address by asking, tried on real PgBouncers of each kind.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;

use crate::support::TestDatabase;
use crate::support::pgbouncer::{NOT_TRACKING, SESSIONS, TRACKING};
use crate::support::pooled::Pooled;
use todo_db::{PoolOptions, Pooling, ProbeError, connect, probe};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn an_address_without_a_pooler_is_direct() {
    assert_eq!(probe("sqlite::memory:", PATIENCE).await.unwrap(), Pooling::Direct);
    let Some(database) = TestDatabase::create().await else { return };
    assert_eq!(probe(&database.url(), PATIENCE).await.unwrap(), Pooling::Direct);
}

#[tokio::test]
async fn a_pooler_in_session_mode_is_as_good_as_direct_even_with_little_room() {
    for room in ["default_pool_size = 20", "default_pool_size = 1"] {
        let Some(pooled) = Pooled::create(&format!("{SESSIONS}\n{room}")).await else { return };
        assert_eq!(probe(&pooled.url(), PATIENCE).await.unwrap(), Pooling::Direct, "{room}");
    }
}

#[tokio::test]
async fn a_pooler_that_tracks_prepared_statements_is_good_each_time() {
    let Some(pooled) = Pooled::create(TRACKING).await else { return };
    for _ in 0..3 {
        assert_eq!(probe(&pooled.url(), PATIENCE).await.unwrap(), Pooling::Pooled);
    }
}

#[tokio::test]
async fn a_pooler_that_does_not_track_them_is_refused_each_time() {
    for order in ["server_round_robin = 0", "server_round_robin = 1"] {
        let Some(pooled) = Pooled::create(&format!("{NOT_TRACKING}\n{order}")).await else {
            return;
        };
        for _ in 0..3 {
            let refused = probe(&pooled.url(), PATIENCE).await;
            assert!(matches!(refused, Err(ProbeError::Untracked)), "{order}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn a_busy_pooler_is_known_for_what_it_is() {
    for (settings, tracks) in [(TRACKING, true), (NOT_TRACKING, false)] {
        let Some(pooled) = Pooled::create(settings).await else { return };
        let traffic = Traffic::start(&pooled.url()).await;
        for _ in 0..5 {
            let probed = probe(&pooled.url(), PATIENCE).await;
            match probed {
                Ok(pooling) => assert!(tracks && pooling == Pooling::Pooled, "{settings}"),
                Err(error) => assert!(!tracks && matches!(error, ProbeError::Untracked), "{error}"),
            }
        }
        traffic.stop();
    }
}

/// Clients that keep a pooler busy, and prepare no statement.
struct Traffic(Vec<tokio::task::JoinHandle<()>>);

impl Traffic {
    async fn start(url: &str) -> Self {
        let one = PoolOptions { min_connections: 0, max_connections: 1, acquire_timeout: PATIENCE };
        let mut clients = Vec::new();
        for _ in 0..8 {
            let db = connect(url, one).await.unwrap();
            clients.push(tokio::spawn(async move {
                loop {
                    let sleep = "SELECT pg_sleep(random() / 200)";
                    db.connection().execute_unprepared(sleep).await.unwrap();
                }
            }));
        }
        Self(clients)
    }

    fn stop(self) {
        self.0.into_iter().for_each(|client| client.abort());
    }
}
