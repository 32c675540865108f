//! Whether what answers at the address of a PostgreSQL server can be trusted with prepared statements.
//!
//! A pooler in transaction mode gives each transaction whatever connection to the server is free. Each
//! connection of the driver calls its prepared statements `sqlx_s_1`, `sqlx_s_2` and so on. A pooler that
//! does not track them, and give them other names on the server, runs one client's statement for another
//! and hands over its rows, without an error.

use std::collections::HashSet;
use std::time::Duration;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sea_orm::sqlx::{self, Connection as _, Row as _};
use thiserror::Error;

use crate::connect::{ConnectError, unreachable};
use crate::postgres_url;

/// How many connections are looked at. Of several processes that share a pooler's port, each with a pool
/// of its own, two connections must meet in one.
const CONNECTIONS: usize = 4;
/// How often each of them is asked which server process answers.
const ROUNDS: usize = 4;
/// How long one more connection may take: a pooler in session mode may have no room for it.
const PATIENCE: Duration = Duration::from_secs(3);

/// How an address leads to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// Each connection has a server process of its own: there is no pooler, or one in session mode.
    Direct,
    /// A pooler gives each transaction a server process, and tracks prepared statements.
    Pooled,
}

/// The address is not fit to be used.
#[derive(Debug, Error)]
pub enum ProbeError {
    /// Prepared statements of one client are run for another.
    #[error("a transaction pooler that does not track prepared statements")]
    Untracked,
    /// The server cannot be asked.
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

/// Finds out how `url` leads to its PostgreSQL server, on connections of its own; SQLite is direct.
///
/// It refuses nothing that is safe. A pooler that is not is told by two transactions of one connection
/// that different server processes answered, or by two connections that one did. It goes unseen only if
/// each of the four connections gets a process of its own, every time, from a pooler that gave it no such
/// thing: more processes of a pooler behind one port than that, all of them idle.
///
/// # Errors
/// [`ProbeError`], whose message is fit for the operator.
pub async fn probe(url: &str, patience: Duration) -> Result<Pooling, ProbeError> {
    if !postgres_url::is_postgres(url) {
        return Ok(Pooling::Direct);
    }
    let options = postgres_url::connect_options(url)?;
    let first = tokio::time::timeout(patience, PgConnection::connect_with(&options)).await;
    let first = first.map_err(|_| silent(&options))?.map_err(unreachable)?;
    let asked = tokio::time::timeout(patience, ask(first, &options)).await;
    match asked.map_err(|_| silent(&options))? {
        Ok(pooling) => pooling.ok_or(ProbeError::Untracked),
        Err(error) if is_taken(&error) => Err(ProbeError::Untracked),
        Err(error) => Err(unreachable(error).into()),
    }
}

/// How the address leads to the server; `None` if prepared statements are not safe there.
async fn ask(
    mut first: PgConnection,
    options: &PgConnectOptions,
) -> Result<Option<Pooling>, sqlx::Error> {
    let renamed = match name_on_server(&mut first).await? {
        Name::Ours => false,
        Name::AnotherOne => return Ok(Some(Pooling::Pooled)),
        // Whoever hides it does not pass it through.
        Name::None => true,
    };
    let mut connections = vec![first];
    while connections.len() < CONNECTIONS {
        // That there is no room for another one is no fault: those that are there must do.
        match tokio::time::timeout(PATIENCE, another(options)).await {
            Ok(Ok(connection)) => connections.push(connection),
            _ => break,
        }
    }
    let shared = share_processes(&mut connections).await?;
    for connection in connections {
        // It has told what there was to tell.
        drop(connection.close().await);
    }
    Ok(match (shared, renamed) {
        (false, false) => Some(Pooling::Direct),
        (_, true) => Some(Pooling::Pooled),
        (true, false) => None,
    })
}

/// One more connection, which has shown that it answers: a pooler may let a client in and then wait.
async fn another(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    process(&mut connection).await?;
    Ok(connection)
}

/// What the server calls a statement that this connection has prepared.
enum Name {
    /// What we call it: nobody stands between, or somebody who does not look.
    Ours,
    /// A pooler keeps the books.
    AnotherOne,
    /// Nothing.
    None,
}

/// Prepares a statement and looks for it on the server, in one transaction: a pooler keeps to one
/// process until its end. It only reads, for a pooler that does not track may run another's statement.
async fn name_on_server(connection: &mut PgConnection) -> Result<Name, sqlx::Error> {
    sqlx::raw_sql("BEGIN READ ONLY").execute(&mut *connection).await?;
    sqlx::query("SELECT 'prepared by todo-api'").execute(&mut *connection).await?;
    let look = "SELECT name FROM pg_prepared_statements \
                WHERE statement = 'SELECT ''prepared by todo-api'''";
    let rows = sqlx::raw_sql(look).fetch_all(&mut *connection).await?;
    sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
    let names =
        rows.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()?;
    // One under our own name may be left over from before the pooler began to track.
    Ok(if names.iter().any(|name| !name.starts_with("sqlx_s_")) {
        Name::AnotherOne
    } else if names.is_empty() {
        Name::None
    } else {
        Name::Ours
    })
}

/// Whether one of these connections is answered by several server processes, or several by one.
async fn share_processes(connections: &mut [PgConnection]) -> Result<bool, sqlx::Error> {
    let mut processes = HashSet::new();
    for round in 0..ROUNDS {
        for (index, connection) in connections.iter_mut().enumerate() {
            // Twice in a row: a pooler that deals its processes out in turn would else come round to
            // the same one each time.
            let (process, same) = (process(connection).await?, process(connection).await?);
            let is_new = processes.insert((index, process.clone()));
            let is_elsewhere =
                processes.iter().any(|(other, seen)| *other != index && *seen == process);
            if process != same || is_elsewhere || (is_new && round > 0) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Which server process answers, told apart from those of other machines behind one address. Not by a
/// prepared statement: this is asked before it is known whether there may be any.
async fn process(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    let ask = "SELECT concat_ws(' ', pid, backend_start, pg_postmaster_start_time()) \
               FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    sqlx::raw_sql(ask).fetch_one(connection).await.and_then(|row: PgRow| row.try_get(0))
}

/// Whether the name of our very first statement is taken, or leads to nothing, by the codes of PostgreSQL
/// (appendix A): `duplicate_prepared_statement`, `invalid_sql_statement_name`.
fn is_taken(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| matches!(code.as_ref(), "42P05" | "26000"))
}

fn silent(options: &PgConnectOptions) -> ConnectError {
    ConnectError::Away(format!("{} does not answer", postgres_url::location(options)))
}
