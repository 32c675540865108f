//! A connection for as long as somebody uses it, and what becomes of it then.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::Statement;
use sea_orm::sqlx::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

use super::connection::{Ask, Done};
use super::opened::Opened;
use super::shards::Permit;
use super::{STATEMENT_TIMEOUT, Shared};
use crate::error::is_broken;

/// How long a connection may take to come back to order, such as when whoever used it went away in
/// the middle of a statement.
const RETURN_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection in use. It goes back when this is dropped, in the middle of a statement or of a
/// transaction too; one that broke or does not answer is thrown away.
pub(crate) struct Checkout {
    shared: Arc<Shared>,
    home: usize,
    /// `None` only while this is dropped.
    permit: Option<Permit>,
    /// `None` if there is none yet, or it was thrown away.
    lease: Option<Opened>,
    in_transaction: bool,
    /// Whether something was sent whose answer was not read to its end.
    in_statement: bool,
}

impl Checkout {
    /// Takes the first idle connection that can be believed, or opens one.
    ///
    /// # Errors
    /// Those of the pool.
    pub(super) async fn take(shared: Arc<Shared>, permit: Permit) -> Result<Self, Error> {
        let mut checkout = Self {
            home: permit.shard(),
            permit: Some(permit),
            lease: None,
            in_transaction: false,
            in_statement: false,
            shared,
        };
        while let Some(idle) = checkout.shared.shards.take(checkout.home) {
            if checkout.try_idle(idle).await {
                return Ok(checkout);
            }
        }
        checkout.lease = Some(Opened::open(&checkout.shared.pool).await?);
        Ok(checkout)
    }

    async fn try_idle(&mut self, idle: Opened) -> bool {
        let lease = self.lease.insert(idle);
        self.in_statement = true;
        let is_alive = self.shared.trust.is_alive(lease).await;
        self.in_statement = false;
        if !is_alive {
            self.throw_away();
        }
        is_alive
    }

    /// Runs a statement, at most for [`STATEMENT_TIMEOUT`] and not beyond `deadline`.
    pub(crate) async fn run<A: Ask>(
        &mut self,
        statement: &Statement,
        deadline: Instant,
    ) -> Result<A::Answer, Error> {
        let Some(lease) = &mut self.lease else {
            return Err(Error::Io(io::ErrorKind::NotConnected.into()));
        };
        let deadline = deadline.min(Instant::now() + STATEMENT_TIMEOUT);
        self.in_statement = true;
        let answer = timeout_at(deadline, A::ask(&mut lease.connection, statement)).await;
        let answer = answer.unwrap_or_else(|_| Err(Error::Io(io::ErrorKind::TimedOut.into())));
        self.in_statement = answer.is_err();
        if answer.is_ok() {
            lease.answered_at = Instant::now();
        }
        if answer.as_ref().is_err_and(is_broken) {
            self.throw_away();
            self.shared.trust.broke();
        }
        answer
    }

    /// Whether the connection was thrown away.
    pub(crate) fn is_lost(&self) -> bool {
        self.lease.is_none()
    }

    /// Says that a transaction has begun, or is over. One that is not over when this is dropped is
    /// rolled back.
    pub(crate) fn set_in_transaction(&mut self, in_transaction: bool) {
        self.in_transaction = in_transaction;
    }

    fn throw_away(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.connection.throw_away();
        }
    }
}

/// Whether the connection is fit for the next statement, at the latest after [`RETURN_TIMEOUT`].
async fn is_in_order(lease: &mut Opened, in_transaction: bool) -> bool {
    let connection = &mut lease.connection;
    let tidied = async {
        if in_transaction {
            let rollback = Statement::from_string(connection.backend(), "ROLLBACK");
            return Done::ask(connection, &rollback).await;
        }
        // It does not answer before the statement at hand is over.
        connection.ping().await
    };
    let tidied = timeout(RETURN_TIMEOUT, tidied).await;
    lease.answered_at = Instant::now();
    matches!(tidied, Ok(Ok(())))
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.take() else { return };
        let (shared, home, permit) = (self.shared.clone(), self.home, self.permit.take());
        let in_transaction = self.in_transaction;
        let is_clean = !in_transaction && !self.in_statement;
        let is_aged = shared.is_aged(lease.since);
        if is_clean && !is_aged {
            return shared.shards.give_back(home, lease);
        }
        let Ok(runtime) = Handle::try_current() else { return lease.connection.throw_away() };
        runtime.spawn(async move {
            if !is_clean && !is_in_order(&mut lease, in_transaction).await {
                lease.connection.throw_away();
            } else if is_aged {
                lease.connection.close().await;
            } else {
                shared.shards.give_back(home, lease);
            }
            drop(permit);
        });
    }
}
