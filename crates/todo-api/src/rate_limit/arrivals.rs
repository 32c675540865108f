//! What is remembered of each network: bounded, however many call.

use std::sync::{Arc, Mutex, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;
use moka::sync::Cache;
use todo_domain::Network;

use super::WINDOW;

/// How many networks are remembered: some 10 MB at most. In a flood of more, those that call least
/// are forgotten, and a network that is worth limiting is not one of them.
const CAPACITY: u64 = 50_000;

/// The theoretical arrival time (GCRA) of each network's next call. A network that has not called
/// for the whole window has all its calls back: forgetting it changes nothing.
pub(super) struct Arrivals(Cache<Option<Network>, Arc<Mutex<Option<Nanos>>>>);

impl Arrivals {
    fn new(capacity: u64) -> Self {
        Self(Cache::builder().max_capacity(capacity).time_to_idle(WINDOW).build())
    }
}

impl Default for Arrivals {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl StateStore for Arrivals {
    type Key = Option<Network>;

    fn measure_and_replace<T, F, E>(&self, key: &Self::Key, judge: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let arrival = self.0.get_with(*key, Arc::default);
        let mut arrival = arrival.lock().unwrap_or_else(PoisonError::into_inner);
        let (outcome, next) = judge(*arrival)?;
        *arrival = Some(next);
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_flood_of_networks_leaves_no_more_than_there_is_room_for() {
        let arrivals = Arrivals::new(100);
        for address in 0..10_000 {
            let network = Network::of(Ipv4Addr::from_bits(address).into());
            let seen = |_: Option<Nanos>| Ok::<_, ()>(((), Nanos::from(1)));
            arrivals.measure_and_replace(&Some(network), seen).unwrap();
        }
        arrivals.0.run_pending_tasks();
        assert!(arrivals.0.entry_count() <= 100, "{}", arrivals.0.entry_count());
    }

    #[test]
    fn what_was_judged_is_known_at_the_next_call() {
        let arrivals = Arrivals::default();
        let judge = |before: Option<Nanos>| Ok::<_, ()>((before, Nanos::from(7)));
        assert_eq!(arrivals.measure_and_replace(&None, judge), Ok(None));
        assert_eq!(arrivals.measure_and_replace(&None, judge), Ok(Some(Nanos::from(7))));
    }
}
