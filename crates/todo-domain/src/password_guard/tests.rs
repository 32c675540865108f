//! What comes before a password is compared, and what after it. A mocked port that is called without
//! having been told to fails the test.

use std::net::IpAddr;
use std::time::Duration;

use super::*;
use crate::ports::{HashPlace, MockClock, MockLoginAttemptRepo, MockPasswordHasher, MockUserRepo};
use crate::timestamp::Timestamp;
use crate::user::{PasswordHash, UserId};

fn noon() -> Timestamp {
    Timestamp::from_unix_micros(1_795_262_400_000_000).unwrap()
}

fn hash() -> PasswordHash {
    PasswordHash::new("hash of correct horse".to_owned())
}

fn password() -> Password {
    Password::parse("correct horse".to_owned()).unwrap()
}

fn ada(password_hash: Option<PasswordHash>) -> Account {
    let id = UserId::parse("ada").unwrap();
    let email = Email::parse("ada@example.com").unwrap();
    let (created_at, updated_at) = (noon(), noon());
    let user = User { id, email, name: None, created_at, updated_at, disabled_at: None };
    Account { user, password_hash }
}

fn caller() -> Caller {
    Caller { user_id: ada(None).user.id, session_id: None }
}

fn client(address: Option<&str>) -> ClientInfo {
    let address = address.map(|address| address.parse::<IpAddr>().unwrap());
    ClientInfo { user_agent: None, address }
}

/// An attempt on Ada's account from this network.
fn attempt(network: Option<&str>) -> LoginAttempt {
    let network = network.map(|address| Network::of(address.parse().unwrap()));
    LoginAttempt { email: ada(None).user.email, network, is_caller: false, now: noon() }
}

fn guard(attempts: MockLoginAttemptRepo, hasher: MockPasswordHasher) -> PasswordGuard {
    let mut clock = MockClock::new();
    clock.expect_now().returning(noon);
    let (attempts, hasher) = (Arc::new(attempts), Arc::new(hasher));
    PasswordGuard { attempts, hasher, clock: Arc::new(clock) }
}

/// Attempts that are admitted.
fn admitting() -> MockLoginAttemptRepo {
    let mut attempts = MockLoginAttemptRepo::new();
    attempts.expect_admit().once().returning(|_| Ok(Admission::Admitted));
    attempts
}

/// A hasher that has room for those who wait.
fn waiting() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_queue().returning(|| Ok(HashPlace::new(())));
    hasher
}

/// A hasher that is asked once, about this hash, and answers so.
fn hasher(expected: Option<PasswordHash>, matches: bool) -> MockPasswordHasher {
    let mut hasher = waiting();
    hasher
        .expect_verify()
        .withf(move |_, password, hash| password.expose() == "correct horse" && *hash == expected)
        .once()
        .returning(move |_, _, _| Ok(matches));
    hasher
}

#[tokio::test]
async fn an_attempt_that_comes_too_soon_is_not_compared() {
    let wait = Duration::from_secs(40);
    let mut attempts = MockLoginAttemptRepo::new();
    attempts.expect_admit().returning(move |_| Ok(Admission::Wait(wait)));
    let account = ada(Some(hash()));
    let answer = guard(attempts, waiting())
        .matches(password(), &account.user.email, Some(&account), &client(None))
        .await;
    assert!(matches!(answer, Err(AuthError::TooManyAttempts(time)) if time == wait));
}

#[tokio::test]
async fn an_attempt_is_counted_by_the_network_that_it_comes_from() {
    for (address, network) in [
        (Some("203.0.113.7"), Some("203.0.113.7")),
        (Some("2001:db8:1:2:3::4"), Some("2001:db8:1:2::")),
        (None, None),
    ] {
        let mut attempts = MockLoginAttemptRepo::new();
        attempts
            .expect_admit()
            .withf(move |it| *it == attempt(network))
            .once()
            .returning(|_| Ok(Admission::Admitted));
        let guard = guard(attempts, hasher(None, false));
        let email = ada(None).user.email;
        assert!(!guard.matches(password(), &email, None, &client(address)).await.unwrap());
    }
}

#[tokio::test]
async fn the_right_password_alone_forgets_what_was_counted() {
    for right in [true, false] {
        let mut attempts = admitting();
        if right {
            attempts
                .expect_succeed()
                .withf(|it, id| *it == attempt(Some("203.0.113.7")) && id.as_str() == "ada")
                .once()
                .returning(|_, _| Ok(()));
        }
        let account = ada(Some(hash()));
        let answer = guard(attempts, hasher(Some(hash()), right))
            .matches(password(), &account.user.email, Some(&account), &client(Some("203.0.113.7")))
            .await;
        assert_eq!(answer.unwrap(), right);
    }
}

#[tokio::test]
async fn a_caller_gives_the_password_of_their_own_account() {
    for (stored, right) in [(Some(hash()), true), (Some(hash()), false), (None, false)] {
        let mut attempts = admitting();
        attempts.expect_succeed().times(usize::from(right)).returning(|_, _| Ok(()));
        let (mut users, account) = (MockUserRepo::new(), ada(stored.clone()));
        let found = account.clone();
        users.expect_find().returning(move |_| Ok(Some(found.clone())));
        let guard = guard(attempts, hasher(stored, right));
        match guard.require(&caller(), password(), &client(None), &users).await {
            Ok(given) => assert!(right && given == account),
            Err(error) => assert!(!right && matches!(error, AuthError::WrongPassword)),
        }
    }
}

#[tokio::test]
async fn a_caller_whose_account_is_gone_makes_no_attempt() {
    let mut users = MockUserRepo::new();
    users.expect_find().return_once(|_| Ok(None));
    let guard = guard(MockLoginAttemptRepo::new(), MockPasswordHasher::new());
    let answer = guard.require(&caller(), password(), &client(None), &users).await;
    assert!(matches!(answer, Err(AuthError::InvalidToken(TokenRejection::UserDeleted))));
}

#[tokio::test]
async fn a_user_who_is_welcome_need_not_have_made_an_attempt() {
    let mut attempts = MockLoginAttemptRepo::new();
    attempts
        .expect_succeed()
        .withf(|it, id| *it == attempt(Some("203.0.113.7")) && id.as_str() == "ada")
        .once()
        .returning(|_, _| Ok(()));
    let guard = guard(attempts, MockPasswordHasher::new());
    guard.welcome(&ada(None).user, &client(Some("203.0.113.7"))).await;
}
