//! The ways to the database: to serve, to migrate, to read, and for what an operator does.

use std::time::Duration;

use todo_db::{Db, PoolOptions};

use super::address::Address;
use super::{Repos, StartError, opening};
use crate::config::Config;

/// How long a request waits for a connection to the database: longer than a serverless one takes to
/// wake.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The database that the settings name, which may be away.
///
/// # Errors
/// [`StartError::Config`], [`StartError::Connect`].
pub(super) async fn prepare(config: &Config) -> Result<Db, StartError> {
    Address::serving(config)?.prepare(pool_options(config)).await
}

/// Opens the database where it is migrated.
///
/// # Errors
/// [`StartError::Config`], [`StartError::Connect`], [`StartError::ConnectDirect`].
pub(crate) async fn connect_to_migrate(config: &Config) -> Result<Db, StartError> {
    Address::migrating(config)?.open(one_connection(config)).await
}

/// For what happens once.
pub(super) fn one_connection(config: &Config) -> PoolOptions {
    PoolOptions { min_connections: 0, max_connections: 1, ..pool_options(config) }
}

fn pool_options(config: &Config) -> PoolOptions {
    PoolOptions {
        min_connections: config.db_min_connections,
        max_connections: config.db_max_connections,
        acquire_timeout: ACQUIRE_TIMEOUT,
    }
}

/// The repositories of the database that the settings name, to be read alone.
///
/// # Errors
/// [`StartError::Config`], [`StartError::Connect`].
pub(crate) async fn repos_to_read(config: &Config) -> Result<Repos, StartError> {
    let url = Address::serving(config)?.url();
    Ok(Repos::bare(&todo_db::connect_to_read(url, ACQUIRE_TIMEOUT).await?))
}

/// Opens the database that the settings name, which must be there with its schema up.
///
/// # Errors
/// [`StartError::Config`], [`StartError::Connect`], [`StartError::Schema`].
pub(crate) async fn connect_to_current(config: &Config) -> Result<Db, StartError> {
    // An operator in the wrong directory must hear of it, and not get a new file there.
    let address = Address::serving(config)?;
    let db = todo_db::connect_existing(address.url(), pool_options(config)).await?;
    let db = address.guarded(db).await?;
    opening::require_schema(&db).await?;
    Ok(db)
}
