//! Statements that are done together or not at all.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::Mutex;

use super::Gate;
use super::checkout::Checkout;
use super::connection::{Ask, Done, Effect, Rows};
use crate::error::{exec_error, nothing_was_done};
use crate::observer::StatementKind;

/// A transaction. What fails in it was not done; only of [`Transaction::commit`] this may not be
/// known. It is rolled back when it is dropped without that.
pub(crate) struct Transaction {
    gate: Gate,
    checkout: Mutex<Checkout>,
}

impl Transaction {
    /// A transaction that has begun on this connection.
    pub(super) fn new(gate: Gate, checkout: Checkout) -> Self {
        Self { gate, checkout: Mutex::new(checkout) }
    }

    /// Makes what was done last.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        let Self { gate, checkout } = self;
        let mut checkout = checkout.into_inner();
        let commit = Statement::from_string(gate.backend(), "COMMIT");
        let (kind, deadline) = (StatementKind::Transaction, gate.deadline());
        gate.run::<Done>(&mut checkout, kind, &commit, deadline).await.map_err(exec_error)?;
        checkout.set_in_transaction(false);
        Ok(())
    }

    async fn run<A: Ask>(&self, statement: &Statement) -> Result<A::Answer, DbErr> {
        let mut checkout = self.checkout.lock().await;
        let (kind, deadline) = (StatementKind::Write, self.gate.deadline());
        let run = self.gate.run::<A>(&mut checkout, kind, statement, deadline);
        run.await.map_err(nothing_was_done)
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.gate.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run::<Effect>(&statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run::<Effect>(&Statement::from_string(self.gate.backend(), sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.run::<Rows>(&statement).await
    }
}
