//! The database, as the statements that were sent to it found it.

use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounter, IntGauge, Registry, Result};

use super::entered;

/// Upper bounds in seconds. A statement is slow from 0.5 on.
const BUCKETS: [f64; 13] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What may come of waiting for a connection.
const ACQUIRE_OUTCOMES: [&str; 4] = ["acquired", "timed_out", "turned_away", "refused"];

/// What a statement may be for.
const STATEMENT_KINDS: [&str; 3] = ["read", "write", "transaction"];

/// Counts what is asked of the database. It asks nothing itself: a service that nobody uses lets a
/// serverless database sleep, however often it is scraped.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseMetrics {
    up: IntGauge,
    acquires: HistogramVec,
    statements: HistogramVec,
    retries: IntCounter,
}

impl DatabaseMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self> {
        let up = IntGauge::new(
            "todo_database_up",
            "1 if the database answered when it was last asked, else 0.",
        );
        let acquires = HistogramOpts::new(
            "todo_db_acquire_duration_seconds",
            "Time that a call waited for a connection of the pool, by outcome.",
        )
        .buckets(BUCKETS.to_vec());
        let statements = HistogramOpts::new(
            "todo_db_statement_duration_seconds",
            "Time that a statement took on its connection, by what it is for and its outcome.",
        )
        .buckets(BUCKETS.to_vec());
        let retries = IntCounter::new(
            "todo_db_retries_total",
            "Statements sent again because the connection broke.",
        );
        let metrics = Self {
            up: entered(registry, up)?,
            acquires: entered(registry, HistogramVec::new(acquires, &["outcome"]))?,
            statements: entered(registry, HistogramVec::new(statements, &["kind", "outcome"]))?,
            retries: entered(registry, retries)?,
        };
        for outcome in ACQUIRE_OUTCOMES {
            metrics.acquires.with_label_values(&[outcome]);
        }
        for kind in STATEMENT_KINDS {
            metrics.statements.with_label_values(&[kind, "done"]);
        }
        Ok(metrics)
    }

    /// Notes whether the database answered.
    pub(crate) fn answered(&self, answered: bool) {
        self.up.set(i64::from(answered));
    }

    /// Notes that a call waited for a connection.
    pub(crate) fn acquired(&self, outcome: &str, waited: Duration) {
        self.acquires.with_label_values(&[outcome]).observe(waited.as_secs_f64());
    }

    /// Notes what a statement was for, what came of it, and how long it took.
    pub(crate) fn executed(&self, kind: &str, outcome: &str, took: Duration) {
        self.statements.with_label_values(&[kind, outcome]).observe(took.as_secs_f64());
    }

    /// Notes that a statement is sent again.
    pub(crate) fn retried(&self) {
        self.retries.inc();
    }
}
