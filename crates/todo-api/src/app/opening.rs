//! The way from a database that may be away to a service that is ready.

use std::pin::pin;
use std::time::Duration;

use migration::MigrateError;
use todo_db::{ConnectError, Db};
use tokio::time::{Instant, sleep, timeout};

use super::address::Address;
use super::{StartError, connect_to_migrate};
use crate::config::{Config, ConfigError};
use crate::telemetry;

/// How long to wait before a database that is away is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the log says that it is still away, or that its schema is still being brought up.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Waits for the database, brings its schema up or checks it, and lets the service at it. Until then
/// whatever needs the database is turned away.
///
/// # Errors
/// [`StartError::Config`], [`StartError::Connect`], [`StartError::ConnectDirect`],
/// [`StartError::Schema`], if waiting does not help.
pub(super) async fn open(config: &Config, db: &Db) -> Result<(), StartError> {
    let mut said_at: Option<Instant> = None;
    while let Err(error) = try_open(config, db).await {
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

async fn try_open(config: &Config, db: &Db) -> Result<(), StartError> {
    Address::serving(config)?.probe().await?;
    if config.migrate_on_start {
        saying_that_it_lasts(db, bring_up_schema(config, db)).await?;
    } else {
        require_schema(db).await?;
    }
    db.open();
    Ok(())
}

/// Does `work` on the schema, which may take long or wait for another server that is at it, and says
/// so meanwhile.
async fn saying_that_it_lasts<T>(db: &Db, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Ok(done) = timeout(SAY_EVERY, &mut work).await {
            return done;
        }
        tracing::warn!(
            "still bringing up the schema of {}, or waiting for another server that does",
            db.location()
        );
    }
}

/// Brings the schema up, past a pooler if there is a way.
async fn bring_up_schema(config: &Config, db: &Db) -> Result<(), StartError> {
    if Address::migrating(config)?.is_serving() {
        migration::up(db.connection()).await?;
        return require_schema(db).await;
    }
    migration::up(connect_to_migrate(config).await?.connection()).await?;
    match require_schema(db).await {
        Err(StartError::Schema(MigrateError::Behind(_))) => {
            Err(StartError::Config(ConfigError::new(
                "DATABASE_DIRECT_URL",
                "must lead to the database of DATABASE_URL: it was migrated, and that one was not",
            )))
        }
        required => required,
    }
}

/// Shows that this release can serve on the schema.
///
/// # Errors
/// [`StartError::Schema`].
pub(super) async fn require_schema(db: &Db) -> Result<(), StartError> {
    let unknown = migration::check(db.connection()).await?;
    if !unknown.is_empty() {
        tracing::warn!("the schema is of a newer release: it has {}", unknown.join(", "));
    }
    Ok(())
}

/// Whether the database may be asked again.
fn is_away(error: &StartError) -> bool {
    match error {
        StartError::Connect(ConnectError::Away(_))
        | StartError::ConnectDirect(ConnectError::Away(_)) => true,
        StartError::Schema(MigrateError::Database(error)) => todo_db::is_unavailable(error),
        _ => false,
    }
}
