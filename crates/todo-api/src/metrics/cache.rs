//! What replicas remember.

use prometheus::{IntCounter, IntCounterVec, Opts, Registry, Result};

use super::entered;

/// The lookups of all caches.
pub(super) fn lookups(registry: &Registry) -> Result<IntCounterVec> {
    let lookups = Opts::new(
        "todo_cache_lookups_total",
        "Looks into what this replica remembers, by what is remembered and whether it was.",
    );
    entered(registry, IntCounterVec::new(lookups, &["cache", "result"]))
}

/// Counts the lookups of one cache.
#[derive(Clone, Debug)]
pub(crate) struct CacheLookups {
    hits: IntCounter,
    misses: IntCounter,
}

impl CacheLookups {
    pub(super) fn of(lookups: &IntCounterVec, cache: &str) -> Self {
        let [hits, misses] =
            ["hit", "miss"].map(|result| lookups.with_label_values(&[cache, result]));
        Self { hits, misses }
    }

    /// Counts a lookup, which the table has to answer unless the memory knew.
    pub(crate) fn count(&self, known: bool) {
        if known { self.hits.inc() } else { self.misses.inc() }
    }
}
