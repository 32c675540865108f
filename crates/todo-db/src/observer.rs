//! What can be seen of the way to the database.

use std::time::Duration;

/// Sees what goes through the gate. Each method is called on the path of a request and must be
/// quick.
pub trait DbObserver: Send + Sync {
    /// A statement or a transaction waited for a connection.
    fn acquired(&self, waited: Duration, outcome: AcquireOutcome) {
        let _ = (waited, outcome);
    }

    /// A statement was run.
    fn executed(&self, execution: &Execution<'_>) {
        let _ = execution;
    }

    /// A read is about to be run once more.
    fn retried(&self) {}
}

/// Sees nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unobserved;

impl DbObserver for Unobserved {}

/// What came of waiting for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireOutcome {
    /// There is one.
    Acquired,
    /// None was free, and none could be opened, in time.
    TimedOut,
    /// Too many waited already, or the database is not open yet.
    TurnedAway,
    /// The database would not have us, or the pool is closed.
    Refused,
}

/// One statement, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Execution<'a> {
    /// What it is for.
    pub kind: StatementKind,
    /// Its text, with placeholders in the place of values.
    pub sql: &'a str,
    /// How long it took, without the wait for a connection.
    pub took: Duration,
    /// What came of it.
    pub outcome: ExecuteOutcome,
}

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// It only reads, and may be run again.
    Read,
    /// It may change something, alone or in a transaction.
    Write,
    /// It begins or ends a transaction.
    Transaction,
}

/// What came of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecuteOutcome {
    /// It was done.
    Done,
    /// The database refused it.
    Failed,
    /// The connection broke, or no answer came in time.
    Broken,
}

/// The pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStatus {
    /// Connections that are open or being opened.
    pub size: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// Statements and transactions that wait for one.
    pub waiting: u32,
    /// How many may be opened.
    pub max: u32,
}
