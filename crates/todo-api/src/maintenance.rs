//! Work that no request asks for.

use std::convert::Infallible;
use std::time::Duration;

use todo_domain::{Housekeeping, StoreError};

use crate::telemetry;

/// How often rows that nobody needs any more are deleted.
const EVERY: Duration = Duration::from_hours(1);
/// How many steps are taken at most; what is left then waits for the next time.
const STEPS: u32 = 100;

/// Keeps house at once and then every hour, until the task is aborted.
pub(crate) async fn run(housekeeping: Housekeeping) -> Infallible {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        if let Err(error) = keep_house(&housekeeping).await {
            let cause = telemetry::chain(&error);
            tracing::warn!(cause, "rows that nobody needs any more could not be deleted");
        }
    }
}

async fn keep_house(housekeeping: &Housekeeping) -> Result<(), StoreError> {
    for _ in 0..STEPS {
        if !housekeeping.step().await? {
            break;
        }
    }
    Ok(())
}
