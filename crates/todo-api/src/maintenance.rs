//! Work that no request asks for.

use std::time::Duration;

use todo_domain::{SessionError, SessionService};

use crate::telemetry;

/// How often sessions that have ended are cleaned up.
const CLEAN_UP_EVERY: Duration = Duration::from_hours(1);
/// How many steps one clean-up takes at most; what is left then waits for the next.
const CLEAN_UP_STEPS: u32 = 100;

/// Cleans up at once and then every hour, until the task is aborted.
pub(crate) async fn run(sessions: SessionService) {
    let mut clock = tokio::time::interval(CLEAN_UP_EVERY);
    loop {
        clock.tick().await;
        if let Err(error) = clean_up(&sessions).await {
            let cause = telemetry::chain(&error);
            tracing::warn!(cause, "ended sessions could not be cleaned up");
        }
    }
}

async fn clean_up(sessions: &SessionService) -> Result<(), SessionError> {
    for _ in 0..CLEAN_UP_STEPS {
        if !sessions.clean_up().await? {
            break;
        }
    }
    Ok(())
}
