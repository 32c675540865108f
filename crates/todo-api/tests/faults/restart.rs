//! PostgreSQL ends, in good order or not, and comes back after as long as a serverless one takes.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::clients::{Answer, Crowd, User};
use crate::storage::Cluster;
use crate::{COLD_START, Rig};

/// Lets readers and writers work while the database goes away as `end` says, and comes back.
async fn survives(end: fn(&mut Cluster)) {
    let Some(mut rig) = Rig::start() else { return };
    let user = User::register(&rig.server.url("")).await;
    let (reading, writing) = (user.clone(), user.clone());
    let readers = Crowd::gather(16, move |_, _| {
        let user = reading.clone();
        async move { user.read().await }
    });
    let writers = Crowd::gather(8, move |client, number| {
        let (user, title) = (writing.clone(), format!("{client}-{number}"));
        async move { (user.write(&title).await, title) }
    });
    writers.answered(50).await;
    end(&mut rig.cluster);
    tokio::time::sleep(COLD_START).await;
    rig.cluster.restart();
    let back_at = Instant::now();
    readers.answered(100).await;
    writers.answered(100).await;

    let reads = readers.stop().await;
    let bad = reads.iter().find(|((status, _), ..)| *status != 200);
    assert!(bad.is_none(), "of {} reads: {bad:?}", reads.len());
    let slowest = reads.iter().map(|(.., took)| *took).max();
    let first = reads.iter().map(|(_, at, _)| *at).filter(|at| *at > back_at).min();
    let first = first.map(|at| at - back_at);
    eprintln!("first answer {first:?} after the database was back; slowest read {slowest:?}");

    let calls = writers.stop().await.into_iter().map(|(call, ..)| call);
    every_answer_was_true(&calls.collect(), &user.titles().await);
    assert!(!rig.server.log().contains("panicked"));
}

/// What was acknowledged is there, what was refused is not, and nothing is there twice.
fn every_answer_was_true(writes: &Vec<(Answer, String)>, found: &BTreeMap<String, usize>) {
    let mut unknown = 0;
    for ((status, kind), title) in writes {
        let times = found.get(title).copied().unwrap_or_default();
        match (status, kind.as_str()) {
            (201, _) => assert_eq!(times, 1, "{title} was acknowledged"),
            (503, "unavailable") => assert_eq!(times, 0, "{title} was not to be done"),
            (503, "outcome-unknown") => {
                unknown += 1;
                assert!(times <= 1, "{title} was done twice");
            }
            other => panic!("{title}: {other:?}"),
        }
    }
    eprintln!("{} writes, {unknown} of unknown fate", writes.len());
}

#[tokio::test]
async fn a_stop_of_five_seconds_is_not_seen_by_readers_and_loses_no_write() {
    survives(Cluster::stop).await;
}

#[tokio::test]
async fn a_crash_of_five_seconds_is_not_seen_by_readers_and_loses_no_write() {
    survives(Cluster::crash).await;
}
