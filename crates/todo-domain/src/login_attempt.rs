//! How often a password may be guessed.
//!
//! The first [`LoginAttempt::FREE`] attempts on an account cost nothing. From then on each must wait
//! for a while after the one before, longer and longer, until one succeeds or an hour has passed. No
//! stranger can keep an owner out for good: a network that the owner has used has a count of its own,
//! and from anywhere else the link of a password reset opens the account.

use std::time::Duration;

use crate::network::Network;
use crate::timestamp::Timestamp;
use crate::user::Email;

/// Somebody gives a password for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAttempt {
    /// Names the account, whether there is one or not.
    pub email: Email,
    /// Where the attempt comes from; `None` counts as a network that the account does not know.
    pub network: Option<Network>,
    /// Whether it comes with an access token of the account's own user, whom no stranger must keep
    /// waiting: such attempts have a count of their own.
    pub is_caller: bool,
    /// When it is made.
    pub now: Timestamp,
}

impl LoginAttempt {
    /// How many attempts need not wait.
    pub const FREE: u32 = 5;
    /// After this many attempts the wait does not grow any more.
    pub const SLOWEST: u32 = 11;
    /// The longest wait.
    pub const LONGEST_WAIT: Duration = Duration::from_mins(5);
    /// The first wait.
    const FIRST_WAIT: Duration = Duration::from_secs(5);
    /// After this long without an attempt the count starts anew.
    pub const FORGOTTEN_AFTER: Duration = Duration::from_hours(1);
    /// After this long without a login from there, a network is a stranger's again.
    pub const NETWORK_KNOWN_FOR: Duration = Duration::from_hours(90 * 24);

    /// How long after the last of `attempts` the next one may be made.
    #[must_use]
    pub fn wait_after(attempts: u32) -> Duration {
        let beyond = attempts.min(Self::SLOWEST).checked_sub(Self::FREE);
        let wait = beyond.map(|doublings| Self::FIRST_WAIT * 2_u32.pow(doublings));
        wait.unwrap_or_default().min(Self::LONGEST_WAIT)
    }
}

/// Whether an attempt may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Now.
    Admitted,
    /// After this time, and it has not been counted.
    Wait(Duration),
}

/// A network that an account was used from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    /// The network, as [`Network`] writes it.
    pub network: String,
    /// When the account was last logged in to from there.
    pub last_used_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_five_seconds_to_five_minutes() {
        let waits: Vec<_> = (4..14).map(|n| LoginAttempt::wait_after(n).as_secs()).collect();
        assert_eq!(waits, [0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(LoginAttempt::wait_after(u32::MAX), LoginAttempt::LONGEST_WAIT);
    }
}
