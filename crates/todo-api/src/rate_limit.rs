//! How often one network may call.

mod arrivals;

use std::net::IpAddr;
use std::num::{NonZero, NonZeroU32};
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::{Quota, clock};
use todo_domain::{Clock, Network};

use arrivals::Arrivals;

/// The most calls in [`WINDOW`], and at once: far more than the people behind one address need to
/// sign in, and too few to try passwords by.
pub(crate) const CALLS: u32 = 60;
/// The time in which all of [`CALLS`] are given back, one after the other.
pub(crate) const WINDOW: Duration = Duration::from_mins(1);

/// Counts calls by the network that they come from, with GCRA: a call is given back every second.
pub(crate) struct RateLimiter {
    limiter:
        governor::RateLimiter<Option<Network>, Arrivals, PortClock, StateInformationMiddleware>,
}

/// Where a network stands after a call, in the words of the header `RateLimit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Calls that may follow at once.
    pub(crate) remaining: u32,
    /// Whole seconds after which one more may.
    pub(crate) seconds: u64,
}

impl RateLimiter {
    /// A limiter that has seen nobody yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let quota = Quota::per_minute(NonZero::new(CALLS).unwrap_or(NonZeroU32::MIN));
        let limiter = governor::RateLimiter::new(quota, Arrivals::default(), PortClock(clock));
        Self { limiter }
    }

    /// Counts a call from this address. Those without an address count as one.
    ///
    /// # Errors
    /// Where the network stands, if it has called too often; such a call does not count.
    pub(crate) fn admit(&self, address: Option<IpAddr>) -> Result<Standing, Standing> {
        match self.limiter.check_key(&address.map(Network::of)) {
            Ok(state) => Ok(Standing {
                remaining: state.remaining_burst_capacity(),
                seconds: whole_seconds(state.quota().replenish_interval()),
            }),
            Err(until) => {
                let wait = until.wait_time_from(self.limiter.clock().now());
                Err(Standing { remaining: 0, seconds: whole_seconds(wait) })
            }
        }
    }
}

/// At least as long as `span`, and at least one.
pub(crate) fn whole_seconds(span: Duration) -> u64 {
    let begun = u64::from(span.subsec_nanos() > 0);
    (span.as_secs() + begun).max(1)
}

/// The domain's clock, as governor reads it.
struct PortClock(Arc<dyn Clock>);

impl clock::Clock for PortClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().unix_micros()).unwrap_or(0);
        micros.saturating_mul(1_000).into()
    }
}

#[cfg(test)]
mod tests {
    use todo_domain::{MockClock, Timestamp};

    use super::*;

    #[test]
    fn those_without_an_address_count_as_one() {
        let mut clock = MockClock::new();
        clock.expect_now().return_const(Timestamp::EPOCH);
        let limiter = RateLimiter::new(Arc::new(clock));
        for remaining in (0..CALLS).rev() {
            assert_eq!(limiter.admit(None), Ok(Standing { remaining, seconds: 1 }));
        }
        assert_eq!(limiter.admit(None), Err(Standing { remaining: 0, seconds: 1 }));
    }

    #[test]
    fn a_wait_is_never_told_too_short() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds, "{millis}");
        }
    }
}
