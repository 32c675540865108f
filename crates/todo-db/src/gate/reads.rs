//! Statements that only read, and may be run again.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::Gate;
use super::connection::Rows;
use crate::observer::StatementKind;

/// Runs each statement again when the connection breaks, until it is answered or its time is over.
#[derive(Clone, Debug)]
pub(crate) struct Reads(Gate);

impl Reads {
    pub(crate) fn new(gate: Gate) -> Self {
        Self(gate)
    }
}

#[async_trait]
impl ConnectionTrait for Reads {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        // `INSERT … RETURNING` has rows too, and must not be run twice.
        if !statement.sql.starts_with("SELECT ") {
            return Err(not_a_read());
        }
        let deadline = self.0.deadline();
        let read = self.0.repeat::<Rows>(StatementKind::Read, &statement, deadline);
        read.await.map(|(_, rows)| rows)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(not_a_read())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(not_a_read())
    }
}

/// A statement has lost its way: a fault of ours.
fn not_a_read() -> DbErr {
    DbErr::Custom("only a SELECT may be run again".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::sqlx::SqlitePool;

    use super::*;
    use crate::gate::Pool;

    #[tokio::test]
    async fn nothing_that_may_write_is_run_again() {
        let pool = SqlitePool::connect_lazy("sqlite::memory:").unwrap();
        let gate = Gate::new(Pool::Sqlite(pool), 1, Duration::from_secs(5));
        gate.open();
        let reads = Reads::new(gate);
        let rows = |sql: &str| reads.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
        assert_eq!(rows("SELECT 1").await.unwrap().len(), 1);
        for sql in ["INSERT INTO t VALUES (1) RETURNING 1", "WITH a AS (SELECT 1) DELETE FROM t"] {
            assert_eq!(rows(sql).await.unwrap_err(), not_a_read());
        }
        assert_eq!(reads.execute_unprepared("SELECT 1").await.unwrap_err(), not_a_read());
    }
}
