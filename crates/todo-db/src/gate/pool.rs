//! The pool of either database.

use std::time::Duration;

use sea_orm::sqlx::{Error, PgPool, SqlitePool};
use sea_orm::{DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector};

use super::connection::Connection;

/// The connections to a database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

impl Pool {
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    /// Waits for a free connection, or opens one if there is room.
    pub(crate) async fn acquire(&self) -> Result<Connection, Error> {
        match self {
            Self::Postgres(pool) => pool.acquire().await.map(Connection::Postgres),
            Self::Sqlite(pool) => pool.acquire().await.map(Connection::Sqlite),
        }
    }

    /// Connections that are open or being opened.
    pub(crate) fn size(&self) -> u32 {
        match self {
            Self::Postgres(pool) => pool.size(),
            Self::Sqlite(pool) => pool.size(),
        }
    }

    /// Connections that nobody uses.
    pub(crate) fn idle(&self) -> u32 {
        let idle = match self {
            Self::Postgres(pool) => pool.num_idle(),
            Self::Sqlite(pool) => pool.num_idle(),
        };
        u32::try_from(idle).unwrap_or(u32::MAX)
    }

    /// How long a connection may be open.
    pub(crate) fn max_lifetime(&self) -> Option<Duration> {
        match self {
            Self::Postgres(pool) => pool.options().get_max_lifetime(),
            Self::Sqlite(pool) => pool.options().get_max_lifetime(),
        }
    }

    /// How long a connection may be open that nobody uses.
    pub(crate) fn idle_timeout(&self) -> Option<Duration> {
        match self {
            Self::Postgres(pool) => pool.options().get_idle_timeout(),
            Self::Sqlite(pool) => pool.options().get_idle_timeout(),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Postgres(pool) => pool.is_closed(),
            Self::Sqlite(pool) => pool.is_closed(),
        }
    }

    /// The same pool as migrations take it.
    pub(crate) fn for_migrations(&self) -> DatabaseConnection {
        match self {
            Self::Postgres(pool) => SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()),
            Self::Sqlite(pool) => SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.clone()),
        }
    }
}
