//! The way from a database that may be away to a service that is ready.

use std::pin::pin;
use std::time::Duration;

use migration::MigrateError;
use todo_db::{ConnectError, Db, Pooling};
use tokio::time::{Instant, sleep, timeout};

use super::StartError;
use super::address::Address;
use super::database::{connect_to_migrate, one_connection};
use crate::config::{Config, ConfigError};
use crate::telemetry;

/// How long to wait before a database that is away is asked again.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it may take to read which schema there is.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);
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
    let pooling = Address::serving(config)?.probe().await?;
    db.keep_sessions(pooling == Pooling::Direct);
    if config.migrate_on_start {
        saying_that_it_lasts(db, migrate(config, db)).await?;
    }
    match check(config, db, pooling).await {
        Err(StartError::Schema(MigrateError::Behind(_))) if config.migrate_on_start => {
            Err(StartError::Config(ConfigError::new(
                "DATABASE_DIRECT_URL",
                "must lead to the database of DATABASE_URL: it was migrated, and that one was not",
            )))
        }
        checked => checked,
    }?;
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
async fn migrate(config: &Config, db: &Db) -> Result<(), StartError> {
    if db.is_local() {
        return Ok(migration::up(db.connection()).await?);
    }
    Ok(migration::up(connect_to_migrate(config).await?.connection()).await?)
}

/// Shows in bounded time that the database is fit to serve on.
async fn check(config: &Config, db: &Db, pooling: Pooling) -> Result<(), StartError> {
    if db.is_local() {
        return require_schema(db).await;
    }
    // On a connection of its own: one that falls silent takes no place of those that serve.
    let own = Address::serving(config)?.prepare(one_connection(config)).await?;
    let checked = async {
        require_schema(&own).await?;
        if pooling == Pooling::Pooled
            && !own.gives_up_statements().await.map_err(MigrateError::from)?
        {
            tracing::warn!(
                "the database gives up no statement by itself: while a table is locked, what this \
                 service has given up piles up there; run `ALTER ROLE … SET statement_timeout = '5s'`"
            );
        }
        Ok(())
    };
    let silent = || ConnectError::Away(format!("{} does not answer", db.location()));
    timeout(CHECK_TIMEOUT, checked).await.unwrap_or_else(|_| Err(silent().into()))
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
