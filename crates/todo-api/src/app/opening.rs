//! The way from a database that may be away to a service that is ready.

use std::time::Duration;

use migration::MigrateError;
use todo_db::{ConnectError, Db};
use tokio::time::{Instant, sleep};

use super::StartError;
use crate::telemetry;

/// How long to wait before a database that is away is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the log says that it is still away.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Waits for the database, brings its schema up or checks it, and lets the service at it. Until then
/// whatever needs the database is turned away.
///
/// # Errors
/// [`StartError::Connect`], [`StartError::Schema`], if waiting does not help.
pub(super) async fn open(db: &Db, migrate: bool) -> Result<(), StartError> {
    let mut said_at: Option<Instant> = None;
    while let Err(error) = try_open(db, migrate).await {
        // A file is there or it is not.
        if db.is_local() || !is_away(&error) {
            return Err(error);
        }
        if said_at.is_none_or(|said_at| said_at.elapsed() >= SAY_EVERY) {
            said_at = Some(Instant::now());
            let cause = telemetry::chain(&error);
            tracing::warn!(cause, "waiting for {}", db.location());
        }
        sleep(PAUSE).await;
    }
    tracing::info!("data in {}", db.location());
    Ok(())
}

async fn try_open(db: &Db, migrate: bool) -> Result<(), StartError> {
    db.probe().await?;
    bring_up_schema(db, migrate).await?;
    db.open();
    Ok(())
}

/// Brings the schema up, or only checks that this release can serve on it.
///
/// # Errors
/// [`StartError::Schema`].
pub(super) async fn bring_up_schema(db: &Db, migrate: bool) -> Result<(), StartError> {
    let connection = db.connection();
    if migrate {
        migration::up(connection).await?;
    }
    let unknown = migration::check(connection).await?;
    if !unknown.is_empty() {
        tracing::warn!("the schema is of a newer release: it has {}", unknown.join(", "));
    }
    Ok(())
}

/// Whether the database may be asked again.
fn is_away(error: &StartError) -> bool {
    match error {
        StartError::Connect(ConnectError::Away(_)) => true,
        StartError::Schema(MigrateError::Database(error)) => todo_db::is_unavailable(error),
        _ => false,
    }
}
