//! What a replica remembers of sessions.

use moka::ops::compute::Op;
use moka::sync::Cache;
use todo_domain::{SessionId, SessionState, StoreError, Timestamp};

use super::{CACHE_CAPACITY, is_fresh};

/// What is known of a session.
#[derive(Clone, Debug)]
enum Known {
    /// The table said so when it was asked.
    Read { state: Option<SessionState>, asked_at: Timestamp },
    /// It was ended here, and nothing opens it again.
    Ended,
}

/// A small memory of session states, shared by whatever ends sessions. A session that is ended
/// through it is over at once; one that another replica ended, within
/// [`CACHE_MAX_AGE`](super::CACHE_MAX_AGE).
#[derive(Clone)]
pub(crate) struct SessionMemory {
    known: Cache<SessionId, Known>,
}

impl SessionMemory {
    /// An empty memory.
    pub(crate) fn new() -> Self {
        Self { known: Cache::new(CACHE_CAPACITY) }
    }

    /// What the table would say, if that may still be believed at `now`.
    pub(crate) fn recall(&self, id: SessionId, now: Timestamp) -> Option<Option<SessionState>> {
        match self.known.get(&id)? {
            Known::Ended => Some(None),
            Known::Read { state, asked_at } => {
                (is_fresh(asked_at, now) && holds(state.as_ref(), now)).then_some(state)
            }
        }
    }

    /// Remembers what the table said. Never in place of an end: the read may have begun before it.
    pub(crate) fn remember(&self, id: SessionId, state: Option<SessionState>, asked_at: Timestamp) {
        let read = Known::Read { state, asked_at };
        self.known.entry(id).and_compute_with(|known| match known.map(moka::Entry::into_value) {
            Some(Known::Ended) => Op::Nop,
            _ => Op::Put(read),
        });
    }

    /// Remembers that a session is over. Through the entry, as reads are remembered: a plain insert
    /// could be overwritten by one of them.
    pub(crate) fn remember_end(&self, id: SessionId) {
        self.known.entry(id).and_upsert_with(|_| Known::Ended);
    }

    /// Makes a change and remembers the sessions that it `ended`, in a task of its own: both are
    /// done even if the client that asked for it hangs up.
    pub(crate) async fn through<T: Send + 'static>(
        &self,
        change: impl Future<Output = Result<T, StoreError>> + Send + 'static,
        ended: impl FnOnce(&T) -> Vec<SessionId> + Send + 'static,
    ) -> Result<T, StoreError> {
        let memory = self.clone();
        let task = tokio::spawn(async move {
            let changed = change.await?;
            for id in ended(&changed) {
                memory.remember_end(id);
            }
            Ok(changed)
        });
        task.await.map_err(|error| StoreError::FateUnknown(error.into()))?
    }
}

/// Whether what was read may still be believed. A session that has expired may have been refreshed
/// since, here or on another replica; one that was revoked, or never was, does not come back.
fn holds(state: Option<&SessionState>, now: Timestamp) -> bool {
    state.is_none_or(|state| state.revoked || state.is_open(now))
}
