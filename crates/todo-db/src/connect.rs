//! From a URL to a pool of connections, on either database.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::{PgConnection, PgPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use thiserror::Error;
use todo_domain::{Database, SecurityLog, StoreError};
use tokio::time::{Instant, timeout};

use crate::error::{is_final, store_error};
use crate::gate::{Gate, Pool, Reads, SERVER_TIMEOUT, Writes};
use crate::observer::{DbObserver, PoolStatus};
use crate::postgres_url;
use crate::wall::Wall;

/// How long a statement of SQLite waits for another connection's write to end.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The most connections to a file. It has one writer at a time, and those who wait for it do not
/// queue: with 20 of them the unluckiest waits ten times as long.
const SQLITE_MAX_CONNECTIONS: u32 = 4;

/// Room in the pool for what uses it directly, such as migrations, beside the connections of statements,
/// which idle outside of it. A server on PostgreSQL migrates over a pool of its own and never uses it.
const FOR_MIGRATIONS: u32 = 1;

/// How long to wait before a busy file of SQLite is opened again.
const SQLITE_RETRY: Duration = Duration::from_millis(20);

/// How many connections to keep, and how long to wait for one.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// Connections that are kept open.
    pub min_connections: u32,
    /// Connections that statements use at most; fewer on SQLite, where more do not help.
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
    #[error(
        "the URL cannot be read; a host, a port or an option in it is malformed, or a user or a \
         password holds one of @ : / ? #, which are written %40 %3A %2F %3F %23"
    )]
    Url,
    /// There is no such file, and none was to be made.
    #[error("there is no {0}")]
    Missing(String),
    /// The database will not let us in, however often we ask.
    #[error("the database cannot be opened: {0}")]
    Refused(String),
    /// The database does not answer, or is not up yet.
    #[error("the database is away: {0}")]
    Away(String),
}

/// A database.
#[derive(Clone, Debug)]
pub struct Db {
    gate: Gate,
    connection: DatabaseConnection,
    location: String,
    min_connections: u32,
    /// Whether what is set for a session stays with its connection.
    keeps_sessions: Arc<AtomicBool>,
    wall: Wall,
}

impl Db {
    fn new(pool: Pool, options: PoolOptions, location: String) -> Self {
        let connection = pool.for_migrations();
        let PoolOptions { min_connections, max_connections, acquire_timeout } = options;
        let gate = Gate::new(pool, max_connections, acquire_timeout);
        let (keeps_sessions, wall) = (Arc::default(), Wall::default());
        Self { gate, connection, location, min_connections, keeps_sessions, wall }
    }

    /// The pool, for migrations. It knows no bound but that of waiting for a connection.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// The same database, which tells `log` of each row that it answers without being asked for it.
    /// Repositories that are there already do not hear of the log.
    #[must_use]
    pub fn reporting_to(self, log: Arc<dyn SecurityLog>) -> Self {
        Self { wall: self.wall.reporting_to(log), ..self }
    }

    /// What the repositories of this database hold its rows to.
    pub(crate) fn wall(&self) -> &Wall {
        &self.wall
    }

    /// Where the data lies, without user or password: a file or `host:port/database`.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// How the pool is at this moment.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        self.gate.status()
    }

    /// The same database, with somebody who sees what is asked of it. Repositories that were made
    /// before are not seen.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn DbObserver>) -> Self {
        Self { gate: self.gate.observed_by(observer), ..self }
    }

    /// Says whether no pooler gives the connections of this database to others: then the server itself
    /// gives up statements, on new ones, that nobody waits for any more.
    pub fn keep_sessions(&self, keeps: bool) {
        self.keeps_sessions.store(keeps, Ordering::Relaxed);
    }

    /// Whether a server of PostgreSQL gives up statements by itself where nothing is set for a session;
    /// SQLite waits for nobody for ever.
    ///
    /// # Errors
    /// The database's.
    pub async fn gives_up_statements(&self) -> Result<bool, DbErr> {
        if self.is_local() {
            return Ok(true);
        }
        let show = Statement::from_string(DbBackend::Postgres, "SHOW statement_timeout");
        let row = self.connection.query_one_raw(show).await?;
        let timeout: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(timeout.is_some_and(|timeout| timeout != "0"))
    }

    /// Lets repositories at the database.
    pub fn open(&self) {
        self.gate.open();
    }

    /// Keeps this thread's share of the connections open, from the moment on at which the database is,
    /// and closes those that are old. To be called once on each thread that serves.
    pub fn keep_connections(&self) {
        self.gate.keep(self.min_connections);
    }

    /// Whether nobody waits for this database to come: it is a file.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.gate.pool(), Pool::Sqlite(_))
    }

    /// Opens one connection past the pool, which would try again until its time is over and then
    /// hide why: this one tells.
    ///
    /// # Errors
    /// [`ConnectError::Refused`], [`ConnectError::Away`].
    pub async fn reach(&self) -> Result<(), ConnectError> {
        let Pool::Postgres(pool) = self.gate.pool() else { return Ok(()) };
        let options = pool.connect_options();
        let probe = async { PgConnection::connect_with(&options).await?.close().await };
        match timeout(pool.options().get_acquire_timeout(), probe).await {
            Ok(answer) => answer.map_err(unreachable),
            Err(_) => Err(ConnectError::Away(format!("{} does not answer", self.location))),
        }
    }

    pub(crate) fn reads(&self) -> Reads {
        Reads::new(self.gate.clone())
    }

    pub(crate) fn writes(&self) -> Writes {
        Writes::new(self.gate.clone())
    }
}

#[async_trait]
impl Database for Db {
    async fn ping(&self) -> Result<(), StoreError> {
        self.wall.check()?;
        self.gate.ping().await.map_err(store_error)
    }
}

/// Opens the database that `url` names and shows that it answers.
///
/// # Errors
/// [`ConnectError`], whose message is fit for the operator.
pub async fn connect(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    let db = prepare(url, options).await?;
    db.reach().await?;
    db.open();
    Ok(db)
}

/// The database that `url` names, which may be away. Until [`Db::open`] it turns away whatever is
/// asked of it. A file is opened here.
///
/// # Errors
/// [`ConnectError`], but never [`ConnectError::Away`].
pub async fn prepare(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => connect_sqlite(url, options).await,
        Some(("postgres" | "postgresql", _)) => prepare_postgres(url, options),
        _ => Err(ConnectError::Scheme),
    }
}

/// Opens the database that `url` names only to read it, with one connection for statements. A SQLite
/// file is neither made nor written to, though SQLite may leave the two files beside it that readers
/// lock; on PostgreSQL it is for the caller to keep to reading.
///
/// # Errors
/// [`ConnectError`], as for [`connect`].
pub async fn connect_to_read(url: &str, acquire_timeout: Duration) -> Result<Db, ConnectError> {
    let options = PoolOptions { min_connections: 0, max_connections: 1, acquire_timeout };
    if !url.starts_with("sqlite:") {
        return connect(url, options).await;
    }
    let sqlite = SqliteConnectOptions::from_str(url)
        .map_err(|_| ConnectError::Url)?
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(SQLITE_BUSY_TIMEOUT);
    let location = sqlite_location(sqlite.get_filename());
    require_file(&sqlite)?;
    let pool = SqlitePoolOptions::new()
        .max_connections(options.max_connections + FOR_MIGRATIONS)
        .acquire_timeout(acquire_timeout);
    let pool = pool.connect_with(sqlite).await.map_err(refused)?;
    let db = Db::new(Pool::Sqlite(pool), options, location);
    db.open();
    Ok(db)
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
        .busy_timeout(SQLITE_BUSY_TIMEOUT)
        .disable_statement_logging();
    let location = sqlite_location(sqlite.get_filename());
    if url.contains("mode=rwc") && !url.contains(":memory:") {
        make_private(sqlite.get_filename());
    }
    let options = PoolOptions {
        min_connections: options.min_connections.min(SQLITE_MAX_CONNECTIONS),
        max_connections: options.max_connections.min(SQLITE_MAX_CONNECTIONS),
        ..options
    };
    let pool_options = SqlitePoolOptions::new()
        .max_connections(options.max_connections + FOR_MIGRATIONS)
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
    Ok(Db::new(Pool::Sqlite(pool), options, location))
}

fn prepare_postgres(url: &str, options: PoolOptions) -> Result<Db, ConnectError> {
    // What is slow is measured at the gate.
    let postgres = postgres_url::connect_options(url)?.disable_statement_logging();
    let location = postgres_url::location(&postgres);
    let keeps_sessions = Arc::<AtomicBool>::default();
    let is_kept = keeps_sessions.clone();
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections + FOR_MIGRATIONS)
        .acquire_timeout(options.acquire_timeout)
        .after_connect(move |connection, _| {
            let is_kept = is_kept.load(Ordering::Relaxed);
            Box::pin(async move {
                if is_kept {
                    let set = sqlx::query("SELECT set_config('statement_timeout', $1, false)");
                    let milliseconds = SERVER_TIMEOUT.as_millis().to_string();
                    set.bind(milliseconds).execute(connection).await?;
                }
                Ok(())
            })
        })
        .connect_lazy_with(postgres);
    Ok(Db { keeps_sessions, ..Db::new(Pool::Postgres(pool), options, location) })
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

/// The same of a server, which may only be away.
pub(crate) fn unreachable(error: sqlx::Error) -> ConnectError {
    if is_final(&error) { refused(error) } else { ConnectError::Away(error.to_string()) }
}
