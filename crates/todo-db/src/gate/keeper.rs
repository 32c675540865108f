//! Keeps as many connections open as the settings ask for, and none for too long.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::Shared;
use super::checkout::Checkout;

/// How often the connections are looked at.
const EVERY: Duration = Duration::from_secs(10);

/// How long it may take to take leave of the database.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens this shard's share of `min` connections at once, and again whenever some were lost, and closes
/// those that are old, until nobody has the gate any more. A database that is not used is left alone:
/// a serverless one may sleep.
///
/// sqlx can do this too, but while the database is away it keeps that many places of the pool to
/// itself, and tries to connect less and less often, for up to a minute; with as few places as
/// connections to keep, nobody else could connect for so long.
pub(super) async fn keep(shared: Weak<Shared>, home: usize, min: u32) {
    opened(&shared).await;
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        let Some(shared) = shared.upgrade().filter(|shared| !shared.pool.is_closed()) else {
            return;
        };
        close_old(&shared, home);
        let share = (min as usize).div_ceil(shared.shards.count());
        if shared.shards.take_wanted(home) && shared.shards.size(home) < share {
            fill(&shared, home, share).await;
        }
    }
}

/// Waits until statements are let through, which may never be.
async fn opened(shared: &Weak<Shared>) {
    let Some(opened) = shared.upgrade().map(|shared| shared.opened.clone()) else { return };
    let mut opened = pin!(opened.notified());
    opened.as_mut().enable();
    let is_closed = |shared: Arc<Shared>| !shared.open.load(Ordering::Relaxed);
    if shared.upgrade().is_some_and(is_closed) {
        opened.await;
    }
}

/// Closes the connections that nobody used, or that have been open, for longer than the pool allows.
fn close_old(shared: &Shared, home: usize) {
    let (now, pool) = (Instant::now(), &shared.pool);
    let is_over =
        |since: Instant, limit: Option<Duration>| limit.is_some_and(|it| now >= since + it);
    let old = shared.shards.take_old(home, |idle| {
        is_over(idle.since, pool.idle_timeout()) || is_over(idle.opened_at, pool.max_lifetime())
    });
    for idle in old {
        tokio::spawn(timeout(LEAVE_TIMEOUT, idle.connection.close()));
    }
}

/// Holds `share` connections at one moment, so that as many must be open.
async fn fill(shared: &Arc<Shared>, home: usize, share: usize) {
    let mut held = Vec::new();
    for _ in 0..share {
        let permit = shared.shards.permit_of(home).await;
        match Checkout::take(shared.clone(), permit).await {
            Ok(checkout) => held.push(checkout),
            // Whoever needs a connection will find out why.
            Err(_) => return,
        }
    }
}
