//! An instant by which something must have happened.

use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// An instant by which something must have happened, if there is one at the moment.
///
/// Starting and stopping cost next to nothing, for each request does both: the timer is only set when
/// somebody waits, and one that was set too early is set again when it fires.
#[derive(Debug, Default)]
pub(super) struct Deadline {
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    /// Begins to count, unless it does already.
    pub(super) fn start(&mut self, after: Duration) {
        self.at.get_or_insert_with(|| Instant::now() + after);
    }

    /// Puts it off by this much, though not further than `most` from now.
    pub(super) fn extend(&mut self, by: Duration, most: Duration) {
        if let Some(at) = &mut self.at {
            *at = (*at + by).min(Instant::now() + most);
        }
    }

    /// There is none any more.
    pub(super) fn stop(&mut self) {
        self.at = None;
    }

    /// Whether it has passed. If not, the task is woken when it does.
    pub(super) fn has_passed(&mut self, context: &mut Context<'_>) -> bool {
        let Some(at) = self.at else { return false };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if timer.deadline() > at {
            timer.as_mut().reset(at);
        }
        while timer.as_mut().poll(context).is_ready() {
            if timer.deadline() >= at {
                return true;
            }
            timer.as_mut().reset(at);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Waits until it has passed, and tells after how long.
    async fn passed(deadline: &mut Deadline) -> Duration {
        let start = Instant::now();
        poll_fn(
            |context| {
                if deadline.has_passed(context) { Poll::Ready(()) } else { Poll::Pending }
            },
        )
        .await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn it_wakes_whoever_waits_when_it_has_passed() {
        let mut deadline = Deadline::default();
        deadline.start(10 * SECOND);
        deadline.start(20 * SECOND);
        assert_eq!(passed(&mut deadline).await.as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_was_stopped_and_started_anew_counts_from_then() {
        let mut deadline = Deadline::default();
        deadline.start(10 * SECOND);
        tokio::time::timeout(4 * SECOND, passed(&mut deadline)).await.unwrap_err();
        deadline.stop();
        tokio::time::timeout(4 * SECOND, passed(&mut deadline)).await.unwrap_err();
        for (after, took) in [(10 * SECOND, 10), (3 * SECOND, 3)] {
            deadline.start(after);
            assert_eq!(passed(&mut deadline).await.as_secs(), took);
            deadline.stop();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_put_off_but_not_for_ever() {
        let mut deadline = Deadline::default();
        deadline.start(10 * SECOND);
        deadline.extend(2 * SECOND, 30 * SECOND);
        tokio::time::timeout(11 * SECOND, passed(&mut deadline)).await.unwrap_err();
        deadline.extend(100 * SECOND, 30 * SECOND);
        assert_eq!(passed(&mut deadline).await.as_secs(), 30);
    }
}
