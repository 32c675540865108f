//! Statements that may change something, and are sent once.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::connection::{Ask, Done, Effect, Rows};
use super::transaction::Transaction;
use super::{Gate, SERVER_TIMEOUT};
use crate::error::exec_error;
use crate::observer::StatementKind;

/// Sends each statement once. If no answer comes, nobody knows whether it was done.
#[derive(Clone, Debug)]
pub(crate) struct Writes(Gate);

impl Writes {
    pub(crate) fn new(gate: Gate) -> Self {
        Self(gate)
    }

    /// Begins a transaction. On SQLite it takes the write lock at once: one that reads before it
    /// writes could fail at its first write, for the file has changed since.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        let backend = self.0.backend();
        let sql = if backend == DbBackend::Sqlite {
            "BEGIN IMMEDIATE".to_owned()
        } else {
            // In one round trip, and only for this transaction: behind a pooler, what is set for
            // the session would be set for others.
            let timeout = SERVER_TIMEOUT.as_millis();
            format!("BEGIN; SET LOCAL statement_timeout = {timeout}")
        };
        let statement = Statement::from_string(backend, sql);
        let deadline = self.0.deadline();
        // To begin again is harmless.
        let begun = self.0.repeat::<Done>(StatementKind::Transaction, &statement, deadline);
        let (checkout, ()) = begun.await?;
        Ok(Transaction::new(self.0.clone(), checkout))
    }

    async fn run<A: Ask>(&self, statement: &Statement) -> Result<A::Answer, DbErr> {
        let deadline = self.0.deadline();
        let mut checkout = self.0.acquire(deadline).await?;
        let run = self.0.run::<A>(&mut checkout, StatementKind::Write, statement, deadline);
        run.await.map_err(exec_error)
    }
}

#[async_trait]
impl ConnectionTrait for Writes {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run::<Effect>(&statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run::<Effect>(&Statement::from_string(self.0.backend(), sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.run::<Rows>(&statement).await
    }
}
