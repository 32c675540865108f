//! PostgreSQL takes connections and statements and answers nothing.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use crate::clients::User;
use crate::{COLD_START, Rig, until};

/// The longest that a call may take: what waiting for a token's session, for a switch and for the
/// work itself is allowed, with room for a busy machine.
const BOUND: Duration = Duration::from_secs(45);

#[tokio::test]
async fn a_pause_of_five_seconds_is_an_answer_that_comes_late() {
    let Some(mut rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    user.write("Milk").await;
    rig.cluster.freeze();
    let calls = join(join_all((0..20).map(|_| user.read())), user.write("Bread"));
    let thaw = async {
        tokio::time::sleep(COLD_START).await;
        rig.cluster.thaw();
    };
    let ((reads, write), ()) = join(calls, thaw).await;
    assert!(reads.iter().all(|(status, _)| *status == 200), "{reads:?}");
    assert_eq!(write.0, 201);
}

#[tokio::test]
async fn every_call_into_a_black_hole_is_answered_and_nothing_needs_a_restart() {
    let Some(mut rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    user.write("Milk").await;
    rig.cluster.freeze();
    let started_at = Instant::now();
    let calls = join(
        join_all((0..30).map(|_| user.read())),
        join_all((0..30).map(|number| {
            let user = user.clone();
            async move { user.write(&number.to_string()).await }
        })),
    );
    let (reads, writes) = calls.await;
    let took = started_at.elapsed();
    assert!(took < BOUND, "{took:?}");
    assert!(reads.iter().all(|(status, _)| *status == 503), "{reads:?}");
    assert!(writes.iter().all(|(status, _)| *status == 503), "{writes:?}");

    rig.cluster.thaw();
    let back_at = Instant::now();
    until("it answers again", async || user.read().await.0 == 200).await;
    eprintln!("answered within {took:?}; first good answer after {:?}", back_at.elapsed());
    let again = join_all((0..60).map(|_| user.read())).await;
    assert!(again.iter().all(|(status, _)| *status == 200), "{again:?}");
}
