//! Which idle connections can still be believed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::connection::Connection;
use super::opened::Opened;

/// How long a connection that answered is believed to be alive.
const BELIEVED: Duration = Duration::from_secs(1);

/// How long a connection that was idle may take to show that it is alive.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// What was seen of connections that died.
#[derive(Default)]
pub(super) struct Trust(Mutex<Seen>);

#[derive(Clone, Copy, Default)]
struct Seen {
    /// When a connection in use broke. Whatever ended it, such as a restart of the server, may have
    /// ended others.
    broken_at: Option<Instant>,
    /// When an idle connection last gave no sign of life. Whatever dropped it without a word, a
    /// failover or something on the way that forgets idle connections, dropped others with it:
    /// waiting for each of them in turn would make one call after the other slow.
    silent_at: Option<Instant>,
}

/// What is to be thought of an idle connection.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Alive,
    Doubtful,
    Dead,
}

impl Trust {
    /// A connection broke while it was used.
    pub(super) fn broke(&self) {
        self.seen().broken_at = Some(Instant::now());
    }

    /// Whether a connection may be used that was idle. It is asked if there is reason to doubt it: to ask
    /// each time would cost a round trip before each statement.
    pub(super) async fn is_alive(&self, opened: &mut Opened) -> bool {
        if matches!(opened.connection, Connection::Sqlite(_)) {
            return true;
        }
        if opened.is_orphan() {
            return false;
        }
        let asked_at = Instant::now();
        let verdict = self.seen().judge(opened.answered_at, asked_at);
        match verdict {
            Verdict::Alive => true,
            Verdict::Dead => false,
            Verdict::Doubtful => {
                let pong = Box::pin(timeout(PING_TIMEOUT, opened.connection.ping())).await;
                if pong.is_err() {
                    self.seen().silent_at = Some(asked_at);
                }
                opened.answered_at = Instant::now();
                matches!(pong, Ok(Ok(())))
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn judge(self, answered_at: Instant, now: Instant) -> Verdict {
        let is_before = |seen: Option<Instant>| seen.is_some_and(|seen_at| answered_at < seen_at);
        if is_before(self.silent_at) {
            Verdict::Dead
        } else if is_before(self.broken_at) || now >= answered_at + BELIEVED {
            Verdict::Doubtful
        } else {
            Verdict::Alive
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_connection_is_believed_for_a_second_after_its_last_answer() {
        let (seen, now) = (Seen::default(), Instant::now());
        assert_eq!(seen.judge(now, now + BELIEVED - MOMENT), Verdict::Alive);
        assert_eq!(seen.judge(now, now + BELIEVED), Verdict::Doubtful);
    }

    #[tokio::test]
    async fn one_that_broke_makes_those_doubtful_that_were_idle_by_then() {
        let now = Instant::now();
        let seen = Seen { broken_at: Some(now), ..Seen::default() };
        assert_eq!(seen.judge(now - MOMENT, now + MOMENT), Verdict::Doubtful);
        assert_eq!(seen.judge(now, now + MOMENT), Verdict::Alive, "it answered since");
    }

    #[tokio::test]
    async fn one_that_was_silent_takes_those_with_it_that_were_idle_by_then() {
        let now = Instant::now();
        let seen = Seen { silent_at: Some(now), broken_at: Some(now) };
        assert_eq!(seen.judge(now - MOMENT, now + MOMENT), Verdict::Dead);
    }
}
