//! An open connection, and what is known of it.

use std::sync::{Arc, Weak};

use sea_orm::sqlx::Error;
use tokio::time::Instant;

use super::connection::Connection;
use super::pool::Pool;

/// An open connection, and what is known of it.
pub(super) struct Opened {
    pub(super) connection: Connection,
    /// When it was opened.
    pub(super) since: Instant,
    /// When it last answered.
    pub(super) answered_at: Instant,
    opener: Weak<()>,
}

thread_local! {
    /// Is there for as long as this thread is.
    static THREAD: Arc<()> = Arc::default();
}

impl Opened {
    /// Opens a connection, if the pool has room.
    ///
    /// # Errors
    /// Those of the pool.
    pub(super) async fn open(pool: &Pool) -> Result<Self, Error> {
        // Boxed, for it is large and seldom needed: each statement that waits would hold room for it.
        let connection = Box::pin(pool.acquire()).await?;
        let now = Instant::now();
        let opener = THREAD.with(Arc::downgrade);
        Ok(Self { connection, since: now, answered_at: now, opener })
    }

    /// Whether the thread has ended that opened it, and with it what moves its bytes.
    pub(super) fn is_orphan(&self) -> bool {
        self.opener.strong_count() == 0
    }
}
