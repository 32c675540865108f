//! Which idle connections can still be believed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::PgConnection;
use tokio::time::{Instant, timeout};

/// How long a connection that was idle may take to show that it is alive.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// When an idle connection last gave no sign of life. Whatever dropped it without a word, a failover or
/// something on the way that forgets idle connections, dropped others with it: waiting for each of
/// them in turn would make one call after the other slow.
#[derive(Default)]
pub(crate) struct Silence(Mutex<Option<Instant>>);

impl Silence {
    /// Whether `connection`, which nobody used for so long, may be used.
    pub(crate) async fn is_alive(&self, connection: &mut PgConnection, idle_for: Duration) -> bool {
        let asked_at = Instant::now();
        if self.last().is_some_and(|silent_at| asked_at < silent_at + idle_for) {
            return false;
        }
        let pong = timeout(PING_TIMEOUT, connection.ping()).await;
        if pong.is_err() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked_at);
        }
        matches!(pong, Ok(Ok(())))
    }

    fn last(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
