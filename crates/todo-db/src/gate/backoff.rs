//! Pauses between attempts.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The longest that the first pause may be; each further one may be twice as long.
const FIRST: Duration = Duration::from_millis(50);
/// The longest that any pause may be.
const LONGEST: Duration = Duration::from_millis(800);

/// Exponential pauses with full jitter: many who lost their connections at one moment must not come
/// back at one moment.
pub(crate) struct Backoff {
    cap: Duration,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { cap: FIRST }
    }

    /// Pauses, unless the pause would outlast `deadline`. Whether there is time for another attempt.
    pub(crate) async fn pause_before(&mut self, deadline: Instant) -> bool {
        let pause = self.cap.mul_f64(fastrand::f64());
        self.cap = (self.cap * 2).min(LONGEST);
        if Instant::now() + pause >= deadline {
            return false;
        }
        sleep(pause).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_pause_outlasts_the_deadline() {
        let mut backoff = Backoff::new();
        let deadline = Instant::now() + Duration::from_millis(200);
        while backoff.pause_before(deadline).await {}
        let tick = Duration::from_millis(1);
        assert!(Instant::now() < deadline + tick);
        assert!(backoff.cap > FIRST && backoff.cap <= LONGEST);
    }
}
