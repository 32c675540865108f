//! What is asked of the database, in the metrics and in the log.

use std::time::Duration;

use todo_db::{AcquireOutcome, DbObserver, ExecuteOutcome, Execution, StatementKind};

use crate::metrics::DatabaseMetrics;

/// What is long for a statement that finds its rows by an index.
const LONG: Duration = Duration::from_millis(500);

/// Counts every statement, and warns of each that took long: of its text, which has placeholders in the
/// place of values.
pub(super) struct DatabaseObserver {
    pub(super) metrics: DatabaseMetrics,
}

impl DbObserver for DatabaseObserver {
    fn acquired(&self, waited: Duration, outcome: AcquireOutcome) {
        let name = match outcome {
            AcquireOutcome::Acquired => "acquired",
            AcquireOutcome::TimedOut => "timed_out",
            AcquireOutcome::TurnedAway => "turned_away",
            AcquireOutcome::Refused => "refused",
        };
        self.metrics.acquired(name, waited);
        if outcome == AcquireOutcome::Refused {
            self.metrics.answered(false);
        }
    }

    fn executed(&self, execution: &Execution<'_>) {
        let Execution { kind, sql, took, outcome } = execution;
        let kind = match kind {
            StatementKind::Read => "read",
            StatementKind::Write => "write",
            StatementKind::Transaction => "transaction",
        };
        let name = match outcome {
            ExecuteOutcome::Done => "done",
            ExecuteOutcome::Failed => "failed",
            ExecuteOutcome::Broken => "broken",
        };
        self.metrics.executed(kind, name, *took);
        self.metrics.answered(*outcome != ExecuteOutcome::Broken);
        if *took >= LONG {
            let milliseconds = took.as_secs_f64() * 1e3;
            tracing::warn!(milliseconds, sql, outcome = name, "slow statement");
        }
    }

    fn retried(&self) {
        self.metrics.retried();
    }
}
