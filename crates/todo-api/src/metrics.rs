//! What is counted and measured, for Prometheus to scrape.
//!
//! Each application has a registry of its own; nothing is global. Whoever counts is handed the small
//! struct that it needs. Every metric is described in `specs/observability.md`.

mod auth;
mod cache;
mod database;
mod hashing;
mod http;
mod pool;

pub(crate) use auth::{AuthMetrics, KeyFetches};
pub(crate) use cache::CacheLookups;
pub(crate) use database::DatabaseMetrics;
pub(crate) use hashing::HashMetrics;
pub(crate) use http::HttpMetrics;
pub(crate) use pool::{PoolMetrics, PoolReading};

use prometheus::core::Collector;
use prometheus::{IntGauge, Opts, Registry, Result, TextEncoder};

/// What came of something, as the label `outcome` says it.
const OUTCOMES: [&str; 2] = ["success", "failure"];

/// Everything that an application counts and measures.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) http: HttpMetrics,
    pub(crate) auth: AuthMetrics,
    pub(crate) hashing: HashMetrics,
    pub(crate) session_cache: CacheLookups,
    pub(crate) user_cache: CacheLookups,
    pub(crate) database: DatabaseMetrics,
}

impl Metrics {
    /// The media type of [`Metrics::render`]: the text format of Prometheus.
    pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

    /// A registry with everything at zero.
    ///
    /// # Errors
    /// If two metrics have the same name.
    pub(crate) fn new() -> Result<Self> {
        let registry = Registry::new();
        let build = Opts::new("todo_build_info", "Always 1; the labels say what is running.")
            .const_label("version", env!("CARGO_PKG_VERSION"));
        entered(&registry, IntGauge::with_opts(build))?.set(1);
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        let caches = cache::lookups(&registry)?;
        Ok(Self {
            http: HttpMetrics::new(&registry)?,
            auth: AuthMetrics::new(&registry)?,
            hashing: HashMetrics::new(&registry)?,
            session_cache: CacheLookups::of(&caches, "session"),
            user_cache: CacheLookups::of(&caches, "user"),
            database: DatabaseMetrics::new(&registry)?,
            registry,
        })
    }

    /// Shows a pool of connections, as `read` finds it when it is scraped.
    ///
    /// # Errors
    /// If a pool is shown already.
    pub(crate) fn show_pool(
        &self,
        read: impl Fn() -> PoolReading + Send + Sync + 'static,
    ) -> Result<()> {
        self.registry.register(Box::new(PoolMetrics::new(Box::new(read))?))
    }

    /// Everything as it is now, in the text format of Prometheus.
    ///
    /// # Errors
    /// If a metric cannot be written, which would be a fault of ours.
    pub(crate) fn render(&self) -> Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

/// Enters a metric in the registry.
fn entered<M: Collector + Clone + 'static>(registry: &Registry, metric: Result<M>) -> Result<M> {
    let metric = metric?;
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

/// Counts one for as long as it lives, also if the work that it counts is given up.
#[derive(Debug)]
pub(crate) struct Held(IntGauge);

impl Held {
    fn in_gauge(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_counts_until_it_is_dropped() {
        let gauge = IntGauge::new("held", "help").unwrap();
        let held = [Held::in_gauge(&gauge), Held::in_gauge(&gauge)];
        assert_eq!(gauge.get(), 2);
        drop(held);
        assert_eq!(gauge.get(), 0);
    }

    #[test]
    fn each_application_counts_for_itself() {
        let (one, other) = (Metrics::new().unwrap(), Metrics::new().unwrap());
        one.session_cache.count(true);
        let line = "todo_cache_lookups_total{cache=\"session\",result=\"hit\"}";
        assert!(one.render().unwrap().contains(&format!("{line} 1\n")));
        assert!(other.render().unwrap().contains(&format!("{line} 0\n")));
    }
}
