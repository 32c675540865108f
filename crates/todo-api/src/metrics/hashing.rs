//! The queue of passwords that wait to be hashed.

use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntGauge, IntGaugeVec, Opts, Registry, Result,
};

use super::{Held, entered};

/// Upper bounds in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Counts hashes.
#[derive(Clone, Debug)]
pub(crate) struct HashMetrics {
    waiting: IntGauge,
    running: IntGauge,
    wait: Histogram,
    turned_away: IntCounter,
}

impl HashMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self> {
        let hashes = Opts::new(
            "todo_password_hashes",
            "Password hashes that run, and that wait for their turn.",
        );
        let hashes = entered(registry, IntGaugeVec::new(hashes, &["state"]))?;
        let [waiting, running] =
            ["waiting", "running"].map(|state| hashes.with_label_values(&[state]));
        let wait = HistogramOpts::new(
            "todo_password_hash_wait_seconds",
            "Time that a password waited for its turn to be hashed.",
        );
        let turned_away = IntCounter::new(
            "todo_password_hashes_turned_away_total",
            "Passwords that were not hashed because too many waited.",
        );
        Ok(Self {
            waiting,
            running,
            wait: entered(registry, Histogram::with_opts(wait.buckets(BUCKETS.to_vec())))?,
            turned_away: entered(registry, turned_away)?,
        })
    }

    /// Counts a hash as waiting while the value lives.
    pub(crate) fn wait(&self) -> Held {
        Held::in_gauge(&self.waiting)
    }

    /// Counts a hash as running, after it `waited`, while the value lives.
    pub(crate) fn run(&self, waited: Duration) -> Held {
        self.wait.observe(waited.as_secs_f64());
        Held::in_gauge(&self.running)
    }

    /// Counts a hash that was turned away.
    pub(crate) fn turn_away(&self) {
        self.turned_away.inc();
    }
}
