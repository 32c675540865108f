//! A connection for as long as somebody uses it, and what becomes of it then.

use std::io;
use std::time::Duration;

use sea_orm::Statement;
use sea_orm::sqlx::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

use super::STATEMENT_TIMEOUT;
use super::connection::{Ask, Connection, Done};
use crate::error::is_broken;

/// How long a connection may take to come back to order, such as when whoever used it went away in
/// the middle of a statement.
const RETURN_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection of the pool, in use. It goes back when this is dropped, in the middle of a statement
/// or a transaction too; one that broke or does not answer is thrown away.
pub(crate) struct Checkout {
    /// `None` once it was thrown away.
    connection: Option<Connection>,
    in_transaction: bool,
}

impl Checkout {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection: Some(connection), in_transaction: false }
    }

    /// Runs a statement, at most for [`STATEMENT_TIMEOUT`] and not beyond `deadline`.
    pub(crate) async fn run<A: Ask>(
        &mut self,
        statement: &Statement,
        deadline: Instant,
    ) -> Result<A::Answer, Error> {
        let Some(connection) = &mut self.connection else {
            return Err(Error::Io(io::ErrorKind::NotConnected.into()));
        };
        let deadline = deadline.min(Instant::now() + STATEMENT_TIMEOUT);
        let answer = timeout_at(deadline, A::ask(connection, statement)).await;
        let answer = answer.unwrap_or_else(|_| Err(Error::Io(io::ErrorKind::TimedOut.into())));
        if answer.as_ref().is_err_and(is_broken)
            && let Some(connection) = self.connection.take()
        {
            connection.throw_away();
        }
        answer
    }

    /// Whether the connection was thrown away.
    pub(crate) fn is_lost(&self) -> bool {
        self.connection.is_none()
    }

    /// Says that a transaction has begun, or is over. One that is not over when this is dropped is
    /// rolled back.
    pub(crate) fn set_in_transaction(&mut self, in_transaction: bool) {
        self.in_transaction = in_transaction;
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return connection.throw_away() };
        let in_transaction = self.in_transaction;
        runtime.spawn(async move {
            if in_transaction && !rolled_back(&mut connection).await {
                return connection.throw_away();
            }
            drop(timeout(RETURN_TIMEOUT, connection.into_pool()).await);
        });
    }
}

async fn rolled_back(connection: &mut Connection) -> bool {
    let rollback = Statement::from_string(connection.backend(), "ROLLBACK");
    let answer = timeout(RETURN_TIMEOUT, Done::ask(connection, &rollback)).await;
    matches!(answer, Ok(Ok(())))
}
