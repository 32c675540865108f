//! One connection of the pool, whichever database it leads to, and the questions it takes.

use std::future::Future;
use std::time::Duration;

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::{
    AssertSqlSafe, Connection as _, Database, Error, IntoArguments, Postgres, Sqlite, query_with,
    raw_sql,
};
use sea_orm::{DbBackend, ExecResult, QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::time::timeout;

/// How long it may take to take leave of the database.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection of the pool.
pub(crate) enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

impl Connection {
    /// The kind of database that it leads to.
    pub(crate) fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(_) => DbBackend::Postgres,
            Self::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    /// Asks for a sign of life, which does not come before the statement at hand is over.
    pub(crate) async fn ping(&mut self) -> Result<(), Error> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection) => connection.ping().await,
        }
    }

    /// Takes leave of the database, if it listens, and closes the connection. Its place in the pool is
    /// free then.
    pub(crate) async fn close(self) {
        let left = async {
            match self {
                Self::Postgres(connection) => connection.close().await,
                Self::Sqlite(connection) => connection.close().await,
            }
        };
        drop(timeout(LEAVE_TIMEOUT, left).await);
    }

    /// Closes the connection without a word. Its place in the pool is free at once.
    pub(crate) fn throw_away(self) {
        match self {
            Self::Postgres(connection) => drop(connection.detach()),
            Self::Sqlite(connection) => drop(connection.detach()),
        }
    }
}

/// A kind of answer that a statement can have.
pub(crate) trait Ask {
    type Answer: Send;

    /// Runs the statement.
    fn ask(
        connection: &mut Connection,
        statement: &Statement,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// All rows.
pub(crate) enum Rows {}

impl Ask for Rows {
    type Answer = Vec<QueryResult>;

    async fn ask(
        connection: &mut Connection,
        statement: &Statement,
    ) -> Result<Self::Answer, Error> {
        Ok(match connection {
            Connection::Postgres(connection) => {
                let rows = query(statement).fetch_all(&mut **connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
            Connection::Sqlite(connection) => {
                let rows = query(statement).fetch_all(&mut **connection).await?;
                rows.into_iter().map(QueryResult::from).collect()
            }
        })
    }
}

/// How many rows were changed.
pub(crate) enum Effect {}

impl Ask for Effect {
    type Answer = ExecResult;

    async fn ask(
        connection: &mut Connection,
        statement: &Statement,
    ) -> Result<Self::Answer, Error> {
        Ok(match connection {
            Connection::Postgres(connection) => {
                query(statement).execute(&mut **connection).await?.into()
            }
            Connection::Sqlite(connection) => {
                query(statement).execute(&mut **connection).await?.into()
            }
        })
    }
}

/// Nothing but that it was done. The statement has no values, is not prepared, and may be several.
pub(crate) enum Done {}

impl Ask for Done {
    type Answer = ();

    async fn ask(
        connection: &mut Connection,
        statement: &Statement,
    ) -> Result<Self::Answer, Error> {
        let script = raw_sql(AssertSqlSafe(statement.sql.as_str()));
        match connection {
            Connection::Postgres(connection) => script.execute(&mut **connection).await.map(drop),
            Connection::Sqlite(connection) => script.execute(&mut **connection).await.map(drop),
        }
    }
}

/// The statement with its values bound, as `SeaORM` binds them.
fn query<DB>(statement: &Statement) -> Query<'_, DB, SqlxValues>
where
    DB: Database,
    SqlxValues: IntoArguments<DB>,
{
    let values = statement.values.clone().unwrap_or_else(|| Values(Vec::new()));
    query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}
