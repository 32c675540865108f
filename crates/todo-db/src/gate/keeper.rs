//! Keeps as many connections open as the settings ask for, and none for too long.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::Shared;
use super::checkout::Checkout;
use super::opened::Opened;

/// How often the connections are looked at.
const EVERY: Duration = Duration::from_secs(10);

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
        let share = shared.shards.share(min, home);
        close_old(&shared, home, share);
        if shared.shards.take_wanted(home) {
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

/// Closes the connections that have been open for longer than the pool allows, and of those beyond the
/// share the ones that nobody used for too long.
fn close_old(shared: &Shared, home: usize, share: usize) {
    let shards = &shared.shards;
    let aged = shards.take_old(home, usize::MAX, |idle| shared.is_aged(idle.since));
    let excess = shards.size(home).saturating_sub(share);
    let is_unused = |idle: &Opened| {
        shared.pool.idle_timeout().is_some_and(|limit| idle.answered_at.elapsed() >= limit)
    };
    let unused = shards.take_old(home, excess, is_unused);
    for idle in aged.into_iter().chain(unused) {
        tokio::spawn(idle.connection.close());
    }
}

/// Holds connections at one moment until `share` are open. It waits for none that others hold: those are
/// open.
async fn fill(shared: &Arc<Shared>, home: usize, share: usize) {
    let mut held = Vec::new();
    while shared.shards.size(home) < share {
        let Some(permit) = shared.shards.try_permit(home) else { return };
        match Checkout::take(shared.clone(), permit).await {
            Ok(checkout) => held.push(checkout),
            // Whoever needs a connection will find out why.
            Err(_) => return,
        }
    }
}
