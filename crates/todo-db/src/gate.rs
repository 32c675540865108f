//! The one way to the database: every statement of the repositories passes here.
//!
//! Nobody waits without a bound: neither for a connection nor for an answer. What may be done again
//! is, and what is not known to have failed is not. [`Reads`] and [`Writes`] say which is which.

mod backoff;
mod checkout;
mod connection;
mod keeper;
mod opened;
mod pool;
mod reads;
mod shards;
mod transaction;
mod trust;
mod writes;

pub(crate) use pool::Pool;
pub(crate) use reads::Reads;
pub(crate) use transaction::Transaction;
pub(crate) use writes::Writes;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::sqlx::Error;
use sea_orm::{ConnAcquireErr, DbBackend, DbErr, RuntimeErr, Statement};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::error::{connection_error, is_final, is_repeatable, nothing_was_done};
use crate::observer::{
    AcquireOutcome, DbObserver, ExecuteOutcome, Execution, PoolStatus, StatementKind, Unobserved,
};
use backoff::Backoff;
use checkout::Checkout;
use connection::{Ask, Rows};
use shards::Shards;
use trust::Trust;

/// How long a statement may take. Longer than SQLite waits for another connection's write to end.
pub(crate) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(6);

/// How much earlier than we the server gives up a statement, where it can be told, so that it is the one
/// to say that nothing was done.
const HEAD_START: Duration = Duration::from_secs(1);

/// How long the server works on a statement before it gives it up.
pub(crate) const SERVER_TIMEOUT: Duration = STATEMENT_TIMEOUT.saturating_sub(HEAD_START);

/// How long a sign of life may take, with the wait for a connection: whoever asks for it wants to
/// know how things are now.
const PING_TIMEOUT: Duration = Duration::from_secs(4);

/// How many statements may wait for a connection, for each connection that there may be.
const WAITING_FOR_EACH: u32 = 100;
/// How many statements may wait for a connection at least, however few connections there may be.
const LEAST_WAITING: u32 = 2_000;

/// The way to one database. Clones lead through the same gate.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
    observer: Arc<dyn DbObserver>,
}

/// What all clones of a gate have in common.
struct Shared {
    /// Opens connections, and counts them.
    pool: Pool,
    /// How many connections statements may use.
    max: u32,
    shards: Shards,
    trust: Trust,
    /// How long a statement may wait for a connection.
    acquire_timeout: Duration,
    open: AtomicBool,
    opened: Arc<Notify>,
    waiting: AtomicU32,
}

impl Shared {
    /// Whether a connection has been open for longer than one may be.
    fn is_aged(&self, opened_at: Instant) -> bool {
        self.pool.max_lifetime().is_some_and(|limit| opened_at.elapsed() >= limit)
    }
}

impl Gate {
    /// A gate that is closed: what comes is turned away. Statements use at most `max` connections of the
    /// pool.
    pub(crate) fn new(pool: Pool, max: u32, acquire_timeout: Duration) -> Self {
        let shared = Shared {
            pool,
            max,
            shards: Shards::new(max),
            trust: Trust::default(),
            acquire_timeout,
            open: AtomicBool::new(false),
            opened: Arc::default(),
            waiting: AtomicU32::new(0),
        };
        Self { shared: Arc::new(shared), observer: Arc::new(Unobserved) }
    }

    /// Lets statements through.
    pub(crate) fn open(&self) {
        self.shared.open.store(true, Ordering::Relaxed);
        self.shared.opened.notify_waiters();
    }

    /// Keeps this thread's share of `min` connections open, from the moment on at which the gate is.
    pub(crate) fn keep(&self, min: u32) {
        if let Some(shard) = self.shared.shards.to_keep() {
            tokio::spawn(keeper::keep(Arc::downgrade(&self.shared), shard, min));
        }
    }

    /// The same gate, with somebody who sees what goes through.
    pub(crate) fn observed_by(self, observer: Arc<dyn DbObserver>) -> Self {
        Self { observer, ..self }
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.pool().backend()
    }

    pub(crate) fn status(&self) -> PoolStatus {
        let pool = self.pool();
        let idle = u32::try_from(self.shared.shards.idle()).unwrap_or(u32::MAX);
        PoolStatus {
            size: pool.size(),
            // Those that opened the database idle with the pool.
            idle: pool.idle().saturating_add(idle),
            waiting: self.shared.waiting.load(Ordering::Relaxed),
            max: self.shared.max,
        }
    }

    /// Asks the database for a sign of life.
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        let ping = Statement::from_string(self.backend(), "SELECT 1");
        let deadline = Instant::now() + PING_TIMEOUT;
        let mut checkout = self.acquire(deadline).await?;
        checkout.run::<Rows>(&ping, deadline).await.map(drop).map_err(nothing_was_done)
    }

    /// When a statement that comes now must be done with: it may wait for a connection and for its
    /// answer.
    fn deadline(&self) -> Instant {
        Instant::now() + self.shared.acquire_timeout + STATEMENT_TIMEOUT
    }

    /// Runs a statement that may be run again, until it is done, it fails for good, or `deadline`.
    async fn repeat<A: Ask>(
        &self,
        kind: StatementKind,
        statement: &Statement,
        deadline: Instant,
    ) -> Result<(Checkout, A::Answer), DbErr> {
        let mut backoff = Backoff::new();
        loop {
            let mut checkout = self.acquire(deadline).await?;
            // Before it is sent: dropped in the middle of it, the connection is rolled back too.
            checkout.set_in_transaction(kind == StatementKind::Transaction);
            let error = match self.run::<A>(&mut checkout, kind, statement, deadline).await {
                Ok(answer) => return Ok((checkout, answer)),
                Err(error) => error,
            };
            drop(checkout);
            if !is_repeatable(&error) || !backoff.pause_before(deadline).await {
                return Err(nothing_was_done(error));
            }
            self.observer.retried();
        }
    }

    /// Runs a statement once.
    async fn run<A: Ask>(
        &self,
        checkout: &mut Checkout,
        kind: StatementKind,
        statement: &Statement,
        deadline: Instant,
    ) -> Result<A::Answer, Error> {
        let started_at = Instant::now();
        let answer = checkout.run::<A>(statement, deadline).await;
        let outcome = match &answer {
            Ok(_) => ExecuteOutcome::Done,
            Err(_) if checkout.is_lost() => ExecuteOutcome::Broken,
            Err(_) => ExecuteOutcome::Failed,
        };
        let (sql, took) = (statement.sql.as_str(), started_at.elapsed());
        self.observer.executed(&Execution { kind, sql, took, outcome });
        answer
    }

    /// Waits for a connection: nothing was sent yet, so that trying again is always right.
    async fn acquire(&self, deadline: Instant) -> Result<Checkout, DbErr> {
        let asked_at = Instant::now();
        let deadline = deadline.min(asked_at + self.shared.acquire_timeout);
        let acquired = self.acquire_before(deadline).await;
        let outcome = match &acquired {
            Ok(_) => AcquireOutcome::Acquired,
            Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) => AcquireOutcome::TimedOut,
            Err(DbErr::Conn(RuntimeErr::Internal(_))) => AcquireOutcome::TurnedAway,
            Err(_) => AcquireOutcome::Refused,
        };
        self.observer.acquired(asked_at.elapsed(), outcome);
        acquired
    }

    async fn acquire_before(&self, deadline: Instant) -> Result<Checkout, DbErr> {
        let shared = &self.shared;
        if !shared.open.load(Ordering::Relaxed) {
            return Err(turned_away("the database is not open yet"));
        }
        let _place = Place::take(shared)
            .ok_or_else(|| turned_away("too many statements wait for a connection"))?;
        let mut backoff = Backoff::new();
        loop {
            let checkout = async {
                let permit = shared.shards.permit().await;
                Checkout::take(shared.clone(), permit).await
            };
            let error = match timeout_at(deadline, checkout).await {
                Ok(Ok(checkout)) => return Ok(checkout),
                Ok(Err(error)) => error,
                Err(_) => Error::PoolTimedOut,
            };
            match error {
                Error::PoolTimedOut => {
                    return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
                }
                Error::PoolClosed => {
                    return Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed));
                }
                error if is_final(&error) || !backoff.pause_before(deadline).await => {
                    return Err(connection_error(error));
                }
                _ => {}
            }
        }
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// A place among those that wait for a connection.
struct Place<'a>(&'a AtomicU32);

impl<'a> Place<'a> {
    /// A place, unless all are taken.
    fn take(shared: &'a Shared) -> Option<Self> {
        let places = shared.max.saturating_mul(WAITING_FOR_EACH).max(LEAST_WAITING);
        let place = Self(&shared.waiting);
        let taken = shared.waiting.fetch_add(1, Ordering::Relaxed);
        (taken < places).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn turned_away(reason: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use sea_orm::sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    /// A closed gate with room for one statement.
    fn gate(options: SqlitePoolOptions) -> Gate {
        let pool = options.connect_lazy("sqlite::memory:").unwrap();
        Gate::new(Pool::Sqlite(pool), 1, Duration::from_secs(5))
    }

    #[tokio::test]
    async fn a_closed_gate_turns_away_at_once() {
        let gate = gate(SqlitePoolOptions::new());
        let refused = gate.ping().await.unwrap_err();
        assert!(refused.to_string().contains("not open yet"), "{refused}");
        gate.open();
        gate.ping().await.unwrap();
    }

    #[tokio::test]
    async fn one_who_comes_when_enough_wait_is_turned_away_at_once() {
        let gate = gate(SqlitePoolOptions::new());
        gate.open();
        gate.shared.waiting.store(LEAST_WAITING, Ordering::Relaxed);
        let refused = gate.ping().await.unwrap_err();
        assert!(refused.to_string().contains("too many"), "{refused}");
        assert_eq!(gate.status().waiting, LEAST_WAITING, "it does not wait itself");
        gate.shared.waiting.store(LEAST_WAITING - 1, Ordering::Relaxed);
        gate.ping().await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_is_too_old_is_closed_when_its_statement_is_over() {
        let gate = gate(SqlitePoolOptions::new().max_lifetime(Duration::ZERO));
        gate.open();
        gate.ping().await.unwrap();
        while gate.status().size > 0 {
            tokio::task::yield_now().await;
        }
        gate.ping().await.unwrap();
    }

    #[tokio::test]
    async fn a_statement_that_nobody_waits_for_any_more_leaves_its_connection_to_others() {
        let gate = gate(SqlitePoolOptions::new());
        gate.open();
        gate.ping().await.unwrap();
        for _ in 0..100 {
            drop(gate.ping().now_or_never());
            gate.ping().await.unwrap();
        }
        assert_eq!((gate.status().size, gate.status().idle), (1, 1));
    }
}
