//! Connections between two statements.
//!
//! The pool of sqlx opens connections and counts them. Between statements they idle here, for two
//! reasons. It would ask each for a sign of life when it goes out and when it comes back: two round
//! trips around every statement. And it would hand them to any thread, while what comes over a
//! connection is first seen by the thread that opened it, which has to wake the one that waits.

use std::cell::Cell;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use futures_util::future::{Either, select, select_all};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::opened::Opened;

/// How many connections a shard has at least, where there are as many: with fewer, one slow statement
/// would be felt by all that wait in its shard.
const LEAST: usize = 4;

/// How long a statement waits for a connection of its own shard before it takes one of any.
const PATIENCE: Duration = Duration::from_millis(50);

/// All connections, divided among the threads that use them.
pub(super) struct Shards(Box<[Shard]>);

struct Shard {
    permits: Arc<Semaphore>,
    max: usize,
    idle: Mutex<Vec<Opened>>,
    /// Whether a connection was wanted since this was asked the last time.
    wanted: AtomicBool,
    /// Whether somebody keeps its connections.
    kept: AtomicBool,
}

/// The right to use a connection of one shard.
pub(super) struct Permit {
    shard: usize,
    _permit: OwnedSemaphorePermit,
}

impl Permit {
    /// The shard that it is for.
    pub(super) fn shard(&self) -> usize {
        self.shard
    }
}

impl Shards {
    /// Shards for so many connections, none of which is open.
    pub(super) fn new(connections: u32) -> Self {
        let connections = usize::try_from(connections).unwrap_or(usize::MAX).max(1);
        let threads = available_parallelism().map_or(1, usize::from);
        let count = threads.min(connections / LEAST).max(1);
        Self((0..count).map(|shard| Shard::new(share(connections, shard, count))).collect())
    }

    /// What comes to this shard when `connections` are divided among all.
    pub(super) fn share(&self, connections: u32, shard: usize) -> usize {
        share(usize::try_from(connections).unwrap_or(usize::MAX), shard, self.count())
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    /// The shard of this thread. Threads that begin to use shards one after the other have different
    /// ones.
    pub(super) fn here(&self) -> usize {
        thread_number() % self.count()
    }

    /// Waits for the right to use a connection, of this thread's shard if that can be.
    pub(super) async fn permit(&self) -> Permit {
        let here = self.here();
        self.0[here].wanted.store(true, Ordering::Relaxed);
        let others = || (here + 1..here + self.count()).map(|shard| shard % self.count());
        if let Some(free) = std::iter::once(here).chain(others()).find_map(|it| self.try_permit(it))
        {
            return free;
        }
        if self.count() == 1 {
            return self.permit_of(here).await;
        }
        let mut own = pin!(self.permit_of(here));
        if let Ok(permit) = timeout(PATIENCE, &mut own).await {
            return permit;
        }
        // Without giving up the place in the own shard's queue.
        let any_other = select_all(others().map(|shard| Box::pin(self.permit_of(shard))));
        match select(own, any_other).await {
            Either::Left((permit, _)) | Either::Right(((permit, ..), _)) => permit,
        }
    }

    /// Waits for the right to use a connection of this shard.
    async fn permit_of(&self, shard: usize) -> Permit {
        match self.0[shard].permits.clone().acquire_owned().await {
            Ok(permit) => Permit { shard, _permit: permit },
            // Nobody closes it.
            Err(_) => std::future::pending().await,
        }
    }

    /// The right to use a connection of this shard, if one is free.
    pub(super) fn try_permit(&self, shard: usize) -> Option<Permit> {
        let permit = self.0[shard].permits.clone().try_acquire_owned().ok()?;
        Some(Permit { shard, _permit: permit })
    }

    /// The connection that was used last, if one is idle in this shard.
    pub(super) fn take(&self, shard: usize) -> Option<Opened> {
        self.0[shard].idle().pop()
    }

    /// Lets a connection of this shard idle. The right to use it must be given up after that.
    pub(super) fn give_back(&self, shard: usize, idle: Opened) {
        self.0[shard].idle().push(idle);
    }

    /// Takes out idle connections of this shard that `is_old`, at most so many, those first that were
    /// not used for longest.
    pub(super) fn take_old(
        &self,
        shard: usize,
        most: usize,
        is_old: impl Fn(&Opened) -> bool,
    ) -> Vec<Opened> {
        let mut idle = self.0[shard].idle();
        idle.extract_if(.., |idle| is_old(idle)).take(most).collect()
    }

    /// The shard of this thread, if nobody keeps its connections yet: whoever asks does from now on.
    /// Threads that share a shard have one keeper.
    pub(super) fn to_keep(&self) -> Option<usize> {
        let here = self.here();
        let was_kept = self.0[here].kept.swap(true, Ordering::Relaxed);
        (!was_kept).then_some(here)
    }

    /// Whether a connection of this shard was wanted since this was asked the last time.
    pub(super) fn take_wanted(&self, shard: usize) -> bool {
        self.0[shard].wanted.swap(false, Ordering::Relaxed)
    }

    /// Connections of this shard, those that are being opened included.
    pub(super) fn size(&self, shard: usize) -> usize {
        let shard = &self.0[shard];
        shard.max - shard.permits.available_permits() + shard.idle().len()
    }

    /// Connections that nobody uses.
    pub(super) fn idle(&self) -> usize {
        self.0.iter().map(|shard| shard.idle().len()).sum()
    }
}

impl Drop for Shards {
    /// The pool would spawn a task for each connection that is dropped, where there may be no runtime.
    fn drop(&mut self) {
        for shard in &self.0 {
            for idle in shard.idle().drain(..) {
                idle.connection.throw_away();
            }
        }
    }
}

impl Shard {
    fn new(max: usize) -> Self {
        let (permits, wanted) = (Arc::new(Semaphore::new(max)), AtomicBool::new(true));
        Self { permits, max, idle: Mutex::default(), wanted, kept: AtomicBool::new(false) }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Opened>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes to the part of this number when `total` is divided among `parts`. What cannot be divided
/// goes to the first ones.
fn share(total: usize, part: usize, parts: usize) -> usize {
    total / parts + usize::from(part < total % parts)
}

/// The number of this thread among those that asked for theirs.
fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
    }
    NUMBER.with(|number| {
        let known = number.get().unwrap_or_else(|| NEXT.fetch_add(1, Ordering::Relaxed));
        number.set(Some(known));
        known
    })
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn shards(sizes: &[usize]) -> Shards {
        Shards(sizes.iter().map(|size| Shard::new(*size)).collect())
    }

    #[test]
    fn few_connections_are_not_divided_and_none_is_lost() {
        for connections in [1, 3, 7] {
            assert_eq!(Shards::new(connections).count(), 1);
        }
        for connections in [1, 8, 21, 64] {
            let shards = Shards::new(connections);
            let all: usize = shards.0.iter().map(|shard| shard.max).sum();
            assert_eq!(all, usize::try_from(connections).unwrap());
        }
    }

    #[test]
    fn no_shard_is_to_keep_more_connections_than_it_may_have() {
        for (max, count) in [(25, 2), (20, 3), (50, 12)] {
            let sizes: Vec<usize> = (0..count).map(|shard| share(max, shard, count)).collect();
            let shards = shards(&sizes);
            for min in 0..=max {
                let kept = |shard| shards.share(u32::try_from(min).unwrap(), shard);
                assert!((0..count).all(|shard| kept(shard) <= sizes[shard]), "{min} of {max}");
                assert_eq!((0..count).map(kept).sum::<usize>(), min);
            }
        }
    }

    #[test]
    fn the_connections_of_a_shard_are_kept_by_one() {
        let shards = shards(&[4]);
        assert_eq!(shards.to_keep(), Some(0));
        assert_eq!(shards.to_keep(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_free_connection_of_another_shard_is_taken_at_once() {
        let shards = shards(&[1, 1]);
        let first = shards.permit().await;
        let started_at = Instant::now();
        let second = shards.permit().await;
        assert_eq!((first.shard, started_at.elapsed()), (shards.here(), Duration::ZERO));
        assert_ne!(second.shard, shards.here());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long_for_a_shard_while_another_has_room() {
        let shards = shards(&[1, 1]);
        let here = shards.permit_of(shards.here()).await;
        let there = shards.permit_of(1 - shards.here()).await;
        let waiting = async {
            tokio::time::sleep(PATIENCE * 2).await;
            drop(there);
        };
        let (permit, ()) = tokio::join!(shards.permit(), waiting);
        assert_ne!(permit.shard, here.shard);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_to_a_shard_is_served_first_however_long_it_takes() {
        let shards = shards(&[1, 1]);
        let here = shards.permit_of(shards.here()).await;
        let _there = shards.permit_of(1 - shards.here()).await;
        let order = Mutex::new(Vec::new());
        let comes = async |name, after| {
            tokio::time::sleep(after).await;
            let _permit = shards.permit().await;
            order.lock().unwrap().push(name);
        };
        let freed = async {
            tokio::time::sleep(PATIENCE + PATIENCE / 4).await;
            drop(here);
        };
        tokio::join!(comes("first", Duration::ZERO), comes("second", PATIENCE / 2), freed);
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    }
}
