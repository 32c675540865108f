//! A connection for as long as somebody uses it, and what becomes of it then.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::Statement;
use sea_orm::sqlx::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

use super::connection::{Ask, Connection, Done};
use super::shards::{Idle, Permit};
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
    lease: Option<Lease>,
    in_transaction: bool,
    /// Whether something was sent whose answer was not read to its end.
    in_statement: bool,
}

/// A connection, since when it is open, and when it last answered.
struct Lease {
    connection: Connection,
    opened_at: Instant,
    answered_at: Instant,
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
        // Boxed, for it is large and seldom needed: each statement that waits would hold room for it.
        let connection = Box::pin(checkout.shared.pool.acquire()).await?;
        let now = Instant::now();
        checkout.lease = Some(Lease { connection, opened_at: now, answered_at: now });
        Ok(checkout)
    }

    async fn try_idle(&mut self, idle: Idle) -> bool {
        let Idle { connection, opened_at, answered_at } = idle;
        let lease = self.lease.insert(Lease { connection, opened_at, answered_at });
        self.in_statement = true;
        let alive_at = self.shared.trust.alive_at(&mut lease.connection, answered_at).await;
        self.in_statement = false;
        match alive_at {
            Some(answered_at) => lease.answered_at = answered_at,
            None => self.throw_away(),
        }
        alive_at.is_some()
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

impl Lease {
    /// Whether the connection is fit for the next one, at the latest after [`RETURN_TIMEOUT`].
    async fn is_in_order(&mut self, in_transaction: bool) -> bool {
        let connection = &mut self.connection;
        let tidied = async {
            if in_transaction {
                let rollback = Statement::from_string(connection.backend(), "ROLLBACK");
                return Done::ask(connection, &rollback).await;
            }
            // It does not answer before the statement at hand is over.
            connection.ping().await
        };
        let is_in_order = matches!(timeout(RETURN_TIMEOUT, tidied).await, Ok(Ok(())));
        self.answered_at = Instant::now();
        is_in_order
    }

    fn into_idle(self) -> Idle {
        let Self { connection, opened_at, answered_at } = self;
        Idle { connection, opened_at, answered_at }
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.take() else { return };
        let (shared, home, permit) = (self.shared.clone(), self.home, self.permit.take());
        let in_transaction = self.in_transaction;
        let (is_in_order, is_aged) =
            (!in_transaction && !self.in_statement, shared.is_aged(lease.opened_at));
        if is_in_order && !is_aged {
            return shared.shards.give_back(home, lease.into_idle());
        }
        let Ok(runtime) = Handle::try_current() else { return lease.connection.throw_away() };
        runtime.spawn(async move {
            if !is_in_order && !lease.is_in_order(in_transaction).await {
                lease.connection.throw_away();
            } else if is_aged {
                lease.connection.close().await;
            } else {
                shared.shards.give_back(home, lease.into_idle());
            }
            drop(permit);
        });
    }
}
