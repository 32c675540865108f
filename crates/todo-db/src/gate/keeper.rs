//! Keeps as many connections open as the settings ask for.

use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::checkout::Checkout;

/// How often the pool is looked at.
const EVERY: Duration = Duration::from_secs(10);

/// Opens `min` connections at once, and again whenever some were lost, until nobody has the gate any
/// more. A pool that is not used is left alone: a serverless database may sleep.
///
/// sqlx can do this too, but while the database is away it keeps that many places of the pool to
/// itself, and tries to connect less and less often, for up to a minute; with as few places as
/// connections to keep, nobody else could connect for so long.
pub(super) async fn keep(shared: Weak<Shared>, min: u32) {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        let Some(shared) = shared.upgrade().filter(|shared| !shared.pool.is_closed()) else {
            return;
        };
        if shared.used.swap(false, Ordering::Relaxed) && shared.pool.size() < min {
            fill(&shared, min).await;
        }
    }
}

/// Holds `min` connections at one moment, so that as many must be open.
async fn fill(shared: &Shared, min: u32) {
    let mut held = Vec::new();
    for _ in 0..min {
        match shared.pool.acquire().await {
            Ok(connection) => held.push(Checkout::new(connection)),
            // Whoever needs a connection will find out why.
            Err(_) => return,
        }
    }
}
