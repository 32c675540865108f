//! How often passwords are guessed, counted for all replicas together.

use std::net::IpAddr;

use todo_db::{Db, SeaLoginAttemptRepo, SeaUserRepo};
use todo_domain::{
    Admission, LoginAttempt, LoginAttemptRepo as _, Network, StoreError, Timestamp, UserRepo as _,
};
use tokio::task::JoinSet;

use super::{account, at, count, user};

/// An attempt on the account of `name` from the host with this number.
fn attempt(name: &str, host: u8, now: Timestamp) -> LoginAttempt {
    let network = Some(Network::of(IpAddr::from([203, 0, 113, host])));
    LoginAttempt { email: account(name).email, network, is_caller: false, now }
}

/// The seconds that an attempt must wait; `None` if it is admitted.
async fn wait(db: &Db, name: &str, host: u8, second: u64) -> Option<u64> {
    let admission = SeaLoginAttemptRepo::new(db).admit(&attempt(name, host, at(second))).await;
    match admission.unwrap() {
        Admission::Admitted => None,
        Admission::Wait(wait) => Some(wait.as_secs()),
    }
}

pub(crate) async fn five_attempts_are_free_and_then_each_waits_longer(db: Db) {
    user(&db, "ada").await;
    for name in ["ada", "nobody"] {
        for host in 0..5 {
            assert_eq!(wait(&db, name, host, 0).await, None, "whatever the network");
        }
        assert_eq!(wait(&db, name, 9, 0).await, Some(5));
        assert_eq!(wait(&db, name, 9, 4).await, Some(1), "a refusal does not count");
        assert_eq!(wait(&db, name, 9, 5).await, None);
        assert_eq!(wait(&db, name, 9, 5).await, Some(10));
        assert_eq!(wait(&db, name, 9, 15).await, None);
        assert_eq!(wait(&db, name, 9, 16).await, Some(19));
    }
}

pub(crate) async fn the_wait_stops_growing_and_ends_after_an_hour_of_peace(db: Db) {
    let mut second = 0;
    for _ in 0..15 {
        assert_eq!(wait(&db, "ada", 1, second).await, None);
        second += 300;
    }
    assert_eq!(wait(&db, "ada", 1, second - 1).await, Some(1));
    assert_eq!(wait(&db, "ada", 1, second - 300 + 3_601).await, None);
    for _ in 0..4 {
        assert_eq!(wait(&db, "ada", 1, second + 3_301).await, None, "counted from one again");
    }
    assert_eq!(wait(&db, "ada", 1, second + 3_301).await, Some(5));
}

pub(crate) async fn of_many_attempts_at_once_five_are_admitted(db: Db) {
    let mut calls = JoinSet::new();
    for host in 0..16 {
        let repo = SeaLoginAttemptRepo::new(&db);
        calls.spawn(async move { repo.admit(&attempt("ada", host, at(0))).await.unwrap() });
    }
    let answers = calls.join_all().await;
    let admitted = answers.iter().filter(|answer| **answer == Admission::Admitted);
    assert_eq!(admitted.count(), 5);
}

pub(crate) async fn a_known_network_has_a_count_of_its_own(db: Db) {
    let (ada, repo) = (user(&db, "ada").await, SeaLoginAttemptRepo::new(&db));
    user(&db, "eve").await;
    repo.succeed(&attempt("ada", 1, at(0)), &ada).await.unwrap();
    for _ in 0..5 {
        wait(&db, "ada", 66, 1).await;
    }
    assert_eq!(wait(&db, "ada", 66, 1).await, Some(5));
    for _ in 0..5 {
        assert_eq!(wait(&db, "ada", 1, 1).await, None, "strangers do not hold the owner up");
    }
    assert_eq!(wait(&db, "ada", 1, 1).await, Some(5), "who may guess no more than they");
    for _ in 0..5 {
        assert_eq!(wait(&db, "eve", 1, 1).await, None);
    }
    assert_eq!(
        wait(&db, "eve", 2, 1).await,
        Some(5),
        "the network is known to ada's account alone"
    );
}

pub(crate) async fn a_success_forgets_what_was_counted(db: Db) {
    let (ada, repo) = (user(&db, "ada").await, SeaLoginAttemptRepo::new(&db));
    for _ in 0..5 {
        wait(&db, "ada", 1, 0).await;
        wait(&db, "eve", 1, 0).await;
    }
    repo.succeed(&attempt("ada", 1, at(1)), &ada).await.unwrap();
    assert_eq!(wait(&db, "ada", 2, 1).await, None);
    assert_eq!(wait(&db, "eve", 2, 1).await, Some(4), "of this account alone");
}

pub(crate) async fn networks_are_listed_the_last_used_first_and_go_with_their_user(db: Db) {
    let (ada, repo) = (user(&db, "ada").await, SeaLoginAttemptRepo::new(&db));
    for (host, second) in [(1, 1), (2, 2), (1, 3)] {
        repo.succeed(&attempt("ada", host, at(second)), &ada).await.unwrap();
    }
    let networks = repo.list_networks(&ada).await.unwrap();
    let seen = networks.iter().map(|it| (it.network.as_str(), it.last_used_at));
    assert_eq!(seen.collect::<Vec<_>>(), [("203.0.113.1", at(3)), ("203.0.113.2", at(2))]);
    SeaUserRepo::new(&db).delete(&ada, at(4)).await.unwrap();
    assert_eq!(count(&db, "known_networks").await, 0);
}

pub(crate) async fn counts_and_networks_that_are_old_are_deleted_in_steps(db: Db) {
    let (ada, repo) = (user(&db, "ada").await, SeaLoginAttemptRepo::new(&db));
    for host in 0..3 {
        repo.succeed(&attempt("ada", host, at(u64::from(host))), &ada).await.unwrap();
    }
    for (second, name) in ["a", "b", "c"].into_iter().enumerate() {
        wait(&db, name, 1, second as u64).await;
    }
    assert_eq!(repo.delete_stale(at(2), at(1), 1).await.unwrap(), 1);
    assert_eq!((count(&db, "login_attempts").await, count(&db, "known_networks").await), (2, 2));
    assert_eq!(repo.delete_stale(at(2), at(1), 5).await.unwrap(), 1);
    assert_eq!((count(&db, "login_attempts").await, count(&db, "known_networks").await), (1, 2));
}

pub(crate) async fn the_accounts_own_callers_have_a_count_of_their_own(db: Db) {
    let repo = SeaLoginAttemptRepo::new(&db);
    for _ in 0..5 {
        wait(&db, "ada", 66, 0).await;
    }
    let by_caller = LoginAttempt { is_caller: true, ..attempt("ada", 66, at(0)) };
    for _ in 0..5 {
        assert_eq!(repo.admit(&by_caller).await.unwrap(), Admission::Admitted);
    }
    assert!(matches!(repo.admit(&by_caller).await.unwrap(), Admission::Wait(_)));
}

pub(crate) async fn a_success_of_nobody_conflicts(db: Db) {
    let nobody = account("nobody").id;
    let repo = SeaLoginAttemptRepo::new(&db);
    let succeeded = repo.succeed(&attempt("nobody", 1, at(0)), &nobody).await;
    assert!(matches!(succeeded, Err(StoreError::Conflict)));
}

pub(crate) async fn a_clock_that_was_ahead_keeps_nobody_waiting(db: Db) {
    let tomorrow = 24 * 3_600;
    for _ in 0..6 {
        wait(&db, "ada", 1, tomorrow).await;
    }
    assert_eq!(
        wait(&db, "ada", 1, tomorrow - 1).await,
        Some(5),
        "never longer than the wait itself"
    );
    assert_eq!(wait(&db, "ada", 1, 0).await, None);
}
