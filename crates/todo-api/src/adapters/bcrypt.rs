//! Passwords hashed with bcrypt, a few at a time.

use std::num::NonZero;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bcrypt::HashParts;
use todo_domain::{HashError, HashPlace, Password, PasswordHash, PasswordHasher};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::metrics::HashMetrics;

/// How many hashes may wait for each one that runs: at cost 12 the last waits some five seconds.
const WAITING_PER_RUNNING: usize = 16;

/// Salt and digest of a hash that no account has: 53 times the first letter of bcrypt's alphabet.
const DUMMY_SALT_AND_DIGEST: &str = ".....................................................";

/// Hashes with bcrypt, off the threads that serve requests. At most one hash less than the machine
/// has cores runs at once, so that a flood of logins leaves the other calls a core.
#[derive(Clone, Debug)]
pub struct BcryptHasher {
    cost: u32,
    /// One permit for each hash that may run or wait.
    admitted: Arc<Semaphore>,
    /// One permit for each hash that may run.
    running: Arc<Semaphore>,
    metrics: Option<HashMetrics>,
}

impl BcryptHasher {
    /// A hasher of this cost, 4 to 31, for this machine.
    #[must_use]
    pub fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let running = cores.saturating_sub(1).max(1);
        Self {
            cost,
            admitted: Arc::new(Semaphore::new(running * (1 + WAITING_PER_RUNNING))),
            running: Arc::new(Semaphore::new(running)),
            metrics: None,
        }
    }

    /// The same, and counts what it does.
    pub(crate) fn measured(self, metrics: HashMetrics) -> Self {
        Self { metrics: Some(metrics), ..self }
    }

    /// Takes a place among those that run or wait.
    fn take_place(&self) -> Result<OwnedSemaphorePermit, HashError> {
        self.admitted.clone().try_acquire_owned().map_err(|_| {
            if let Some(metrics) = &self.metrics {
                metrics.turn_away();
            }
            HashError::Busy
        })
    }

    /// Waits for a turn, which is over when what is returned is dropped.
    async fn turn(&self) -> Result<impl Send + use<>, HashError> {
        let (waiting, since) = (self.metrics.as_ref().map(HashMetrics::wait), Instant::now());
        let running = self.running.clone().acquire_owned().await;
        let running = running.map_err(|error| HashError::Failed(error.into()))?;
        drop(waiting);
        Ok((running, self.metrics.as_ref().map(|metrics| metrics.run(since.elapsed()))))
    }

    /// Runs `work` when its turn comes, in the place that `permit` holds.
    async fn in_turn<T: Send + 'static>(
        &self,
        permit: impl Send + 'static,
        work: impl FnOnce() -> Result<T, bcrypt::BcryptError> + Send + 'static,
    ) -> Result<T, HashError> {
        let turn = self.turn().await?;
        // The permits go with the work: a client that hangs up does not make room before its hash
        // is done.
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((turn, permit));
            result
        });
        let result = task.await.map_err(|error| HashError::Failed(error.into()))?;
        result.map_err(|error| HashError::Failed(error.into()))
    }
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    fn queue(&self) -> Result<HashPlace, HashError> {
        self.take_place().map(HashPlace::new)
    }

    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError> {
        let (cost, permit) = (self.cost, self.take_place()?);
        let hash = self.in_turn(permit, move || bcrypt::hash(password.expose(), cost)).await?;
        Ok(PasswordHash::new(hash))
    }

    async fn verify(
        &self,
        place: HashPlace,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, HashError> {
        let cost = self.cost;
        let compare = move || {
            let Some(hash) = hash else {
                return bcrypt::verify(password.expose(), &dummy(cost)).map(|_| false);
            };
            let matches = bcrypt::verify(password.expose(), hash.expose())?;
            let parts: HashParts = hash.expose().parse()?;
            for cost in missing_costs(parts.get_cost(), cost) {
                bcrypt::verify(password.expose(), &dummy(cost))?;
            }
            Ok(matches)
        };
        self.in_turn(place.into_permit(), compare).await
    }
}

/// A hash of this cost that no password is known for.
fn dummy(cost: u32) -> String {
    format!("$2b${cost:02}${DUMMY_SALT_AND_DIGEST}")
}

/// The costs of the hashes that a comparison at cost `own` is short of one at cost `wanted`. Each
/// step of cost doubles the work, and 2ⁿ + 2ⁿ + 2ⁿ⁺¹ + … + 2ᵐ⁻¹ = 2ᵐ: with them it takes as long, and
/// time does not tell an account from before `BCRYPT_COST` was raised from one that is not there.
fn missing_costs(own: u32, wanted: u32) -> Range<u32> {
    own..wanted
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use futures_util::future::{join, join_all};

    use super::*;
    use crate::metrics::Metrics;

    async fn compare(
        hasher: &BcryptHasher,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, HashError> {
        hasher.verify(hasher.queue()?, password, hash).await
    }

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned()).unwrap()
    }

    /// Takes every turn: until it is dropped, all hashes wait.
    fn every_turn(hasher: &BcryptHasher) -> OwnedSemaphorePermit {
        let turns = hasher.running.available_permits().try_into().unwrap();
        hasher.running.clone().try_acquire_many_owned(turns).unwrap()
    }

    #[actix_web::test]
    async fn only_the_password_that_was_hashed_matches() {
        let hasher = BcryptHasher::new(4);
        let hash = hasher.hash(password("correct horse")).await.unwrap();
        assert!(compare(&hasher, password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!compare(&hasher, password("battery staple"), Some(hash)).await.unwrap());
    }

    #[actix_web::test]
    async fn the_longest_password_counts_to_its_last_byte() {
        let hasher = BcryptHasher::new(4);
        let longest = "x".repeat(Password::MAX_BYTES as usize);
        let almost = format!("{}y", &longest[1..]);
        let hash = hasher.hash(password(&longest)).await.unwrap();
        assert!(compare(&hasher, password(&longest), Some(hash.clone())).await.unwrap());
        assert!(!compare(&hasher, password(&almost), Some(hash)).await.unwrap());
    }

    #[actix_web::test]
    async fn without_a_hash_the_answer_is_no_after_the_same_work() {
        let hasher = BcryptHasher::new(4);
        assert!(!compare(&hasher, password("correct horse"), None).await.unwrap());
        let dummy: HashParts = dummy(4).parse().unwrap();
        assert_eq!(dummy.get_cost(), 4);
    }

    #[actix_web::test]
    async fn a_hash_of_a_lower_cost_takes_the_work_of_the_higher_one() {
        let work = |cost: u32| 1_u64 << cost;
        for (own, wanted) in [(4, 4), (4, 5), (10, 12), (4, 16)] {
            let missing: u64 = missing_costs(own, wanted).map(work).sum();
            assert_eq!(work(own) + missing, work(wanted), "{own} {wanted}");
        }
        let hash = BcryptHasher::new(4).hash(password("correct horse")).await.unwrap();
        let raised = BcryptHasher::new(6);
        assert!(compare(&raised, password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!compare(&raised, password("battery staple"), Some(hash)).await.unwrap());
    }

    #[actix_web::test]
    async fn a_flood_is_turned_away_at_the_door_and_the_rest_is_served() {
        let hasher = BcryptHasher::new(4);
        let room = hasher.admitted.available_permits();
        let turns = every_turn(&hasher);
        let flood = (0..room + 5).map(|_| compare(&hasher, password("correct horse"), None));
        // All are at the door before the first has its turn.
        let (answers, ()) = join(join_all(flood), async { drop(turns) }).await;
        let busy = answers.iter().filter(|answer| matches!(answer, Err(HashError::Busy))).count();
        assert_eq!((busy, answers.len() - busy), (5, room));
        assert_eq!(hasher.admitted.available_permits(), room, "every permit is given back");
    }

    #[actix_web::test]
    async fn the_queue_is_counted() {
        let metrics = Metrics::new().unwrap();
        let hasher = BcryptHasher::new(4).measured(metrics.hashing.clone());
        let shown = |line: &str| metrics.render().unwrap().contains(&format!("\n{line}\n"));
        let turns = every_turn(&hasher);
        let mut waiting = Box::pin(compare(&hasher, password("correct horse"), None));
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(shown("todo_password_hashes{state=\"waiting\"} 1"));
        drop(turns);
        assert!(!waiting.await.unwrap());
        assert!(shown("todo_password_hashes{state=\"waiting\"} 0"));
        assert!(shown("todo_password_hashes{state=\"running\"} 0"));
        assert!(shown("todo_password_hash_wait_seconds_count 1"));

        let places = std::iter::from_fn(|| hasher.queue().ok()).collect::<Vec<_>>();
        assert!(!places.is_empty() && shown("todo_password_hashes_turned_away_total 1"));
    }
}
