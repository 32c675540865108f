//! The key set as it was last fetched, and when it is fetched anew.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use todo_domain::{Timestamp, VerificationError};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::key::{Algorithm, Key};
use super::key_set::KeySet;
use super::key_source::{FetchError, KeySource};
use crate::adapters::apart;
use crate::metrics::KeyFetches;
use crate::telemetry;

/// How long after the beginning of a fetch the next may begin, whatever came of it. Whoever makes up
/// key ids cannot make us ask the issuer more often.
const FETCH_INTERVAL: Duration = Duration::from_secs(30);
/// From what age on a set is replaced, so that a key that the issuer dropped ends here too.
const MAX_AGE: Duration = Duration::from_mins(5);

/// A key set that is fetched when a token first asks for it, when a key is not in it, and when it
/// has become old. While the issuer does not answer, the keys that are known stay.
pub(super) struct CachedKeySet {
    source: KeySource,
    fetches: Option<KeyFetches>,
    known: RwLock<Known>,
    /// When the last fetch began. It is locked while one is under way: there is never a second.
    last_fetch: Arc<Mutex<Option<Timestamp>>>,
}

/// What is known of the issuer's keys.
#[derive(Clone)]
enum Known {
    /// None could be fetched yet, and why.
    Nothing(Arc<FetchError>),
    /// The set that was fetched last, whole.
    Keys { set: Arc<KeySet>, fetched_at: Timestamp },
}

impl CachedKeySet {
    /// A set of this source, not fetched yet.
    pub(super) fn new(source: KeySource, fetches: Option<KeyFetches>) -> Self {
        let known = RwLock::new(Known::Nothing(Arc::new(FetchError::NotYet)));
        Self { source, fetches, known, last_fetch: Arc::default() }
    }

    /// The key with this id, if the issuer has it. A key that is known is answered at once.
    ///
    /// # Errors
    /// [`VerificationError::KeysUnavailable`] if no set could be fetched yet.
    pub(super) async fn find(
        self: &Arc<Self>,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Key>>, VerificationError> {
        if let Known::Keys { set, fetched_at } = self.known()
            && let Some(key) = set.find(id)
        {
            if apart(fetched_at, now) >= MAX_AGE {
                self.refresh_in_background(now);
            }
            return Ok(Some(key));
        }
        self.fetch(now).await;
        match self.known() {
            Known::Keys { set, .. } => Ok(set.find(id)),
            Known::Nothing(error) => Err(VerificationError::KeysUnavailable(error.into())),
        }
    }

    /// The ids of the keys that are known, each with its algorithm.
    pub(super) fn known_keys(&self) -> Vec<(String, Algorithm)> {
        match self.known() {
            Known::Keys { set, .. } => set.list(),
            Known::Nothing(_) => Vec::new(),
        }
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, known: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Fetches the set unless that was tried a moment ago, and waits for what comes of it. Whoever
    /// asks meanwhile waits for the same fetch.
    async fn fetch(self: &Arc<Self>, now: Timestamp) {
        let last_fetch = self.last_fetch.clone().lock_owned().await;
        if let Some(fetch) = self.begin_fetch(last_fetch, now) {
            // A fetch that breaks off leaves what is known as it is.
            drop(fetch.await);
        }
    }

    /// Fetches the set unless somebody does or did a moment ago, and waits for nothing.
    fn refresh_in_background(self: &Arc<Self>, now: Timestamp) {
        if let Ok(last_fetch) = self.last_fetch.clone().try_lock_owned() {
            drop(self.begin_fetch(last_fetch, now));
        }
    }

    /// A fetch of its own task: it goes on to its end even if the client that caused it hangs up.
    fn begin_fetch(
        self: &Arc<Self>,
        mut last_fetch: OwnedMutexGuard<Option<Timestamp>>,
        now: Timestamp,
    ) -> Option<tokio::task::JoinHandle<()>> {
        if last_fetch.is_some_and(|last| apart(last, now) < FETCH_INTERVAL) {
            return None;
        }
        *last_fetch = Some(now);
        let this = self.clone();
        Some(tokio::spawn(async move {
            this.take(this.source.fetch().await, now);
            drop(last_fetch);
        }))
    }

    fn take(&self, fetched: Result<KeySet, FetchError>, now: Timestamp) {
        if let Some(fetches) = &self.fetches {
            fetches.count(fetched.is_ok());
        }
        match (fetched, self.known()) {
            (Ok(set), _) => {
                let (keys, skipped) = (set.len(), set.skipped);
                tracing::debug!(keys, skipped, "the key set of JWKS_URL was fetched");
                self.replace(Known::Keys { set: Arc::new(set), fetched_at: now });
            }
            (Err(error), Known::Keys { .. }) => {
                let cause = telemetry::chain(&error);
                tracing::warn!(
                    cause,
                    "the keys that are known stay, for new ones cannot be fetched"
                );
            }
            (Err(error), Known::Nothing(_)) => self.replace(Known::Nothing(Arc::new(error))),
        }
    }
}
