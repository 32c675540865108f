//! Security events, counted.

use todo_domain::{SecurityEvent, SecurityLog};

use crate::metrics::AuthMetrics;

/// Counts each event that is written to `log`.
pub(crate) struct MeasuredSecurityLog<L> {
    log: L,
    metrics: AuthMetrics,
}

impl<L: SecurityLog> MeasuredSecurityLog<L> {
    /// In front of `log`.
    pub(crate) fn new(log: L, metrics: AuthMetrics) -> Self {
        Self { log, metrics }
    }
}

impl<L: SecurityLog> SecurityLog for MeasuredSecurityLog<L> {
    fn record(&self, event: &SecurityEvent) {
        self.metrics.event(event.action, &event.outcome);
        self.log.record(event);
    }
}
