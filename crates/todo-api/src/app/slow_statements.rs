//! Statements that take long, in the log.

use std::time::Duration;

use todo_db::{DbObserver, Execution};

/// What is long for a statement that finds its rows by an index.
const LONG: Duration = Duration::from_millis(500);

/// Warns of each statement that took long. Its text has placeholders in the place of values.
pub(super) struct SlowStatements;

impl DbObserver for SlowStatements {
    fn executed(&self, execution: &Execution<'_>) {
        let Execution { kind: _, sql, took, outcome } = execution;
        if *took >= LONG {
            let milliseconds = took.as_secs_f64() * 1e3;
            tracing::warn!(milliseconds, sql, ?outcome, "slow statement");
        }
    }

    fn retried(&self) {
        tracing::debug!("a read is run again, for its connection broke");
    }
}
