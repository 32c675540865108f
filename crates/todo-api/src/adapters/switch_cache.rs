//! A short memory of kill switches in front of the table.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use todo_domain::{Clock, StoreError, Switch, SwitchRepo, Timestamp};

use super::apart;

/// How long what was read is believed.
const MAX_AGE: Duration = Duration::from_secs(3);
/// How long it is believed while somebody asks anew: the promise is 5 seconds.
const MAX_AGE_MEANWHILE: Duration = Duration::from_millis(4_500);

type Off = Vec<(Switch, Timestamp)>;

/// Asks the table every few seconds, and only when a switch matters: a service that nobody uses lets its
/// database sleep. While what was read is young enough, one asks for all. Whoever has nothing young
/// enough to believe asks as well: with the database away, those who wait for each other would queue up.
pub(crate) struct CachedSwitchRepo {
    switches: Arc<dyn SwitchRepo>,
    clock: Arc<dyn Clock>,
    read: Mutex<Option<(Off, Timestamp)>>,
    /// Whoever asks the table holds it.
    turn: tokio::sync::Mutex<()>,
}

impl CachedSwitchRepo {
    /// A memory in front of `switches`.
    pub(crate) fn new(switches: Arc<dyn SwitchRepo>, clock: Arc<dyn Clock>) -> Self {
        Self { switches, clock, read: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

#[async_trait]
impl SwitchRepo for CachedSwitchRepo {
    async fn list_off(&self) -> Result<Off, StoreError> {
        let asked_at = self.clock.now();
        let turn = self.turn.try_lock();
        let max_age = if turn.is_ok() { MAX_AGE } else { MAX_AGE_MEANWHILE };
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((off, before)) = read
            && apart(before, asked_at) < max_age
        {
            return Ok(off);
        }
        let off = self.switches.list_off().await?;
        let read = Some((off.clone(), asked_at));
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(off)
    }

    async fn set(&self, switch: Switch, on: bool, now: Timestamp) -> Result<(), StoreError> {
        self.switches.set(switch, on, now).await?;
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use todo_domain::{MockClock, MockSwitchRepo};

    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_unix_micros(micros).unwrap()
    }

    /// A clock that a test moves.
    fn clock() -> (Arc<dyn Clock>, Arc<AtomicI64>) {
        let hand = Arc::new(AtomicI64::new(0));
        let mut clock = MockClock::new();
        let shown = hand.clone();
        clock.expect_now().returning(move || at(shown.load(Ordering::Relaxed)));
        (Arc::new(clock), hand)
    }

    #[actix_web::test]
    async fn while_one_asks_the_others_believe_what_was_read_before() {
        let (clock, hand) = clock();
        let mut switches = MockSwitchRepo::new();
        switches.expect_list_off().times(2).returning(|| Ok(Vec::new()));
        let cached = CachedSwitchRepo::new(Arc::new(switches), clock);

        cached.list_off().await.unwrap();
        let _asking = cached.turn.lock().await;
        hand.store(4_499_999, Ordering::Relaxed);
        assert_eq!(cached.list_off().await.unwrap(), [], "from memory");
        hand.store(4_500_000, Ordering::Relaxed);
        assert_eq!(cached.list_off().await.unwrap(), [], "from the table: it takes too long");
    }

    #[actix_web::test]
    async fn the_table_is_asked_again_within_five_seconds() {
        let (clock, hand) = clock();
        let mut switches = MockSwitchRepo::new();
        switches.expect_list_off().times(1).returning(|| Ok(Vec::new()));
        switches.expect_list_off().times(1).returning(move || Ok(vec![(Switch::Login, at(1))]));
        switches.expect_list_off().times(1).returning(|| Ok(Vec::new()));
        let cached = CachedSwitchRepo::new(Arc::new(switches), clock);

        assert_eq!(cached.list_off().await.unwrap(), []);
        hand.store(2_999_999, Ordering::Relaxed);
        assert_eq!(cached.list_off().await.unwrap(), [], "from memory");
        hand.store(4_999_999, Ordering::Relaxed);
        assert_eq!(cached.list_off().await.unwrap(), [(Switch::Login, at(1))]);
        hand.store(0, Ordering::Relaxed);
        assert_eq!(cached.list_off().await.unwrap(), [], "a clock that was set back is no excuse");
    }
}
