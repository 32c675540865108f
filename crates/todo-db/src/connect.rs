//! From a URL to a pool of connections, on either database.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{self, Connection as _};
use thiserror::Error;
use todo_domain::{Database, StoreError};
use tokio::time::Instant;

use crate::error::store_error;

/// How long a statement of SQLite waits for another connection's write to end.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The most connections to a file. It has one writer at a time, and those who wait for it do not
/// queue: with 20 of them the unluckiest waits ten times as long.
const SQLITE_MAX_CONNECTIONS: u32 = 4;

/// How long to wait before a busy file of SQLite is opened again.
const SQLITE_RETRY: Duration = Duration::from_millis(20);

/// How many connections to keep, and how long to wait for one.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// Connections that are kept open.
    pub min_connections: u32,
    /// Connections that are opened at most; fewer on SQLite, where more do not help.
    pub max_connections: u32,
    /// How long a request waits for a free connection before it fails with
    /// [`StoreError::Unavailable`].
    pub acquire_timeout: Duration,
}

/// The database could not be opened. The message never holds a password.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The URL names a database that this crate does not know.
    #[error("the scheme must be sqlite: or postgres:")]
    Scheme,
    /// The URL cannot be read.
    #[error("the URL cannot be read; a host, a port or an option in it is malformed")]
    Url,
    /// There is no such file, and none was to be made.
    #[error("there is no {0}")]
    Missing(String),
    /// The database did not let us in.
    #[error("the database cannot be opened: {0}")]
    Refused(String),
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    location: String,
}

impl Db {
    /// The pool, for migrations and for the repositories of this crate.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Where the data lies, without user or password: a file or `host:port/database`.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }
}

#[async_trait]
impl Database for Db {
    async fn ping(&self) -> Result<(), StoreError> {
        self.connection.ping().await.map_err(store_error)
    }
}

/// Opens the database that `url` names and shows that it answers.
///
/// # Errors
/// [`ConnectError`], whose message is fit for the operator.
pub async fn connect(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => connect_sqlite(url, options).await,
        Some(("postgres" | "postgresql", _)) => connect_postgres(url, options).await,
        _ => Err(ConnectError::Scheme),
    }
}

/// Opens the database that `url` names only to read it, with one connection. A SQLite file is neither
/// made nor written to, though SQLite may leave the two files beside it that readers lock; on
/// PostgreSQL it is for the caller to keep to reading.
///
/// # Errors
/// [`ConnectError`], as for [`connect`].
pub async fn connect_to_read(url: &str, acquire_timeout: Duration) -> Result<Db, ConnectError> {
    if !url.starts_with("sqlite:") {
        let options = PoolOptions { min_connections: 0, max_connections: 1, acquire_timeout };
        return connect(url, options).await;
    }
    let sqlite = SqliteConnectOptions::from_str(url)
        .map_err(|_| ConnectError::Url)?
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(SQLITE_BUSY_TIMEOUT);
    let location = sqlite_location(sqlite.get_filename());
    require_file(&sqlite)?;
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(acquire_timeout);
    let pool = pool.connect_with(sqlite).await.map_err(refused)?;
    Ok(Db { connection: pool.into(), location })
}

/// Opens the database that `url` names, as [`connect`] does, but makes no file of SQLite.
///
/// # Errors
/// [`ConnectError`]; [`ConnectError::Missing`] in place of a new file.
pub async fn connect_existing(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    if url.starts_with("sqlite:") {
        require_file(&SqliteConnectOptions::from_str(url).map_err(|_| ConnectError::Url)?)?;
    }
    connect(url, options).await
}

fn require_file(sqlite: &SqliteConnectOptions) -> Result<(), ConnectError> {
    let path = sqlite.get_filename();
    path.exists().then_some(()).ok_or_else(|| ConnectError::Missing(sqlite_location(path)))
}

fn sqlite_location(path: &Path) -> String {
    format!("SQLite file {}", absolute(path))
}

async fn connect_sqlite(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    let sqlite = SqliteConnectOptions::from_str(url)
        .map_err(|_| ConnectError::Url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY_TIMEOUT);
    let location = sqlite_location(sqlite.get_filename());
    if url.contains("mode=rwc") && !url.contains(":memory:") {
        make_private(sqlite.get_filename());
    }
    let pool_options = SqlitePoolOptions::new()
        .min_connections(options.min_connections.min(SQLITE_MAX_CONNECTIONS))
        .max_connections(options.max_connections.min(SQLITE_MAX_CONNECTIONS))
        .acquire_timeout(options.acquire_timeout)
        // A connection to a file does not age, and a database in memory dies with its last one.
        .idle_timeout(None)
        .max_lifetime(None);
    let deadline = Instant::now() + options.acquire_timeout;
    let pool = loop {
        // Programs that make one file at the same time meet at its switch to WAL, where SQLite
        // does not keep to its busy timeout.
        match pool_options.clone().connect_with(sqlite.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                tokio::time::sleep(SQLITE_RETRY).await;
            }
            opened => break opened.map_err(refused)?,
        }
    };
    Ok(Db { connection: pool.into(), location })
}

async fn connect_postgres(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    let postgres = PgConnectOptions::from_str(&without_channel_binding(url))
        .map_err(|_| ConnectError::Url)?
        .application_name("todo-api");
    let location = format!(
        "PostgreSQL at {}:{}/{}",
        postgres.get_host(),
        postgres.get_port(),
        postgres.get_database().unwrap_or_default()
    );
    // A pool would try again until its time is over and then hide why: one connection tells.
    let probe = PgConnection::connect_with(&postgres);
    match tokio::time::timeout(options.acquire_timeout, probe).await {
        Ok(connection) => connection.map_err(refused)?.close().await.map_err(refused)?,
        Err(_) => return Err(ConnectError::Refused(format!("{location} does not answer"))),
    }
    let pool = PgPoolOptions::new()
        .min_connections(options.min_connections)
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(postgres)
        .await
        .map_err(refused)?;
    Ok(Db { connection: pool.into(), location })
}

/// `url` without the option `channel_binding`, which Neon's connection strings carry. The driver
/// does not know it and would warn at each connection; TLS itself is asked for by `sslmode`.
fn without_channel_binding(url: &str) -> String {
    let Some((base, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<_> =
        query.split('&').filter(|option| !option.starts_with("channel_binding=")).collect();
    format!("{base}?{}", kept.join("&"))
}

/// Makes the file, if it is not there, for its owner alone: it will hold hashes of passwords. SQLite
/// would let everybody read it. If this fails, SQLite tells why when it opens the file.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).ok();
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Whether SQLite said `SQLITE_BUSY`, the low byte of each of its kinds.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// The driver's words, which name hosts, users and files but no password.
#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn refused(error: sqlx::Error) -> ConnectError {
    ConnectError::Refused(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neons_connection_string_is_taken_without_its_channel_binding() {
        let url = "postgres://u:p@ep-x.neon.tech/db?sslmode=require&channel_binding=require";
        let kept = without_channel_binding(url);
        assert_eq!(kept, "postgres://u:p@ep-x.neon.tech/db?sslmode=require");
        assert!(PgConnectOptions::from_str(&kept).is_ok());
        assert_eq!(
            without_channel_binding("postgres://h/db?channel_binding=require"),
            "postgres://h/db?"
        );
    }
}
