//! How many connections the process can hold open.

use crate::config::ConfigError;

/// How many connections are taken if nobody says: an idle one costs some 14 KB, and more with TLS.
const DEFAULT: u64 = 5_000;
/// Open files that are neither connections of clients nor to the database: the log, the listener, what
/// the runtime of each thread needs, scrapes, calls of other services.
const OTHERS: u64 = 100;

/// How many connections of clients are taken at once: `wanted`, else 5,000 or as many as open files
/// allow, beside those to the database.
///
/// # Errors
/// If more are wanted than the process may open.
pub(crate) fn connections(wanted: Option<u32>, to_database: u32) -> Result<usize, ConfigError> {
    let others = OTHERS + u64::from(to_database);
    let needed = wanted.map_or(DEFAULT, u64::from) + others;
    let allowed = allow(needed);
    match wanted {
        Some(wanted) if needed > allowed => Err(ConfigError::new(
            "MAX_CONNECTIONS",
            format!(
                "is {wanted}, which takes {needed} open files with all others, and this process \
                 may open {allowed}: raise its limit (`ulimit -n`, LimitNOFILE of systemd) or \
                 lower MAX_CONNECTIONS"
            ),
        )),
        None if needed > allowed => {
            let connections = allowed.saturating_sub(others).max(1);
            tracing::warn!(
                "this process may open {allowed} files: it takes no more than {connections} \
                 connections at once, where it would take {DEFAULT}"
            );
            Ok(usize::try_from(connections).unwrap_or(usize::MAX))
        }
        _ => Ok(usize::try_from(needed - others).unwrap_or(usize::MAX)),
    }
}

/// Lets the process open this many files, as far as the system lets it, and tells how many it may open.
#[cfg(unix)]
fn allow(needed: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (now, most) = (current.unwrap_or(u64::MAX), maximum.unwrap_or(u64::MAX));
    if now >= needed {
        return now;
    }
    // What is above the soft limit is there to be taken.
    let raised = needed.min(most);
    match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }) {
        Ok(()) => raised,
        Err(_) => now,
    }
}

/// Sockets are no files there, and have no such limit.
#[cfg(not(unix))]
fn allow(_: u64) -> u64 {
    u64::MAX
}
