//! The pool of connections to the database.

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntGauge, IntGaugeVec, Opts, Result};

/// A pool at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PoolReading {
    /// Connections that a call works with.
    pub(crate) used: u32,
    /// Connections that wait for work.
    pub(crate) idle: u32,
    /// Calls that wait for a connection.
    pub(crate) waiting: u32,
    /// How many connections there may be.
    pub(crate) max: u32,
}

/// Reads the pool when it is scraped, and not before.
pub(crate) struct PoolMetrics {
    read: Box<dyn Fn() -> PoolReading + Send + Sync>,
    connections: IntGaugeVec,
    waiting: IntGauge,
    max: IntGauge,
}

impl PoolMetrics {
    pub(super) fn new(read: Box<dyn Fn() -> PoolReading + Send + Sync>) -> Result<Self> {
        let connections = Opts::new(
            "todo_db_pool_connections",
            "Open connections to the database, by whether a call works with them.",
        );
        Ok(Self {
            read,
            connections: IntGaugeVec::new(connections, &["state"])?,
            waiting: IntGauge::new(
                "todo_db_pool_waiting",
                "Calls that wait for a connection to the database.",
            )?,
            max: IntGauge::new(
                "todo_db_pool_max_connections",
                "Connections to the database that may be open at once.",
            )?,
        })
    }
}

impl Collector for PoolMetrics {
    fn desc(&self) -> Vec<&Desc> {
        [self.connections.desc(), self.waiting.desc(), self.max.desc()].concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let PoolReading { used, idle, waiting, max } = (self.read)();
        for (state, connections) in [("used", used), ("idle", idle)] {
            self.connections.with_label_values(&[state]).set(connections.into());
        }
        self.waiting.set(waiting.into());
        self.max.set(max.into());
        [self.connections.collect(), self.waiting.collect(), self.max.collect()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;

    #[test]
    fn the_pool_is_shown_as_it_is_when_it_is_scraped() {
        let metrics = Metrics::new().unwrap();
        let reading = PoolReading { used: 3, idle: 2, waiting: 7, max: 5 };
        metrics.show_pool(move || reading).unwrap();
        let text = metrics.render().unwrap();
        for line in [
            "todo_db_pool_connections{state=\"used\"} 3",
            "todo_db_pool_connections{state=\"idle\"} 2",
            "todo_db_pool_waiting 7",
            "todo_db_pool_max_connections 5",
        ] {
            assert!(text.contains(line), "{line}");
        }
    }
}
