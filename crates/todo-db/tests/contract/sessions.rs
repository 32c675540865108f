//! Sessions and the rotation of their refresh tokens.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use todo_db::{Db, SeaSessionRepo};
use todo_domain::{
    ClientInfo, NewSession, Rotation, Session, SessionId, SessionRepo as _, SessionState,
    StoreError, Timestamp, UserAgent, UserId,
};
use tokio::task::JoinSet;

use super::{at, count, digest, execute, task, user};

const ID: [u8; 16] = [7; 16];

fn id() -> SessionId {
    SessionId::from_bytes(ID)
}

/// A session from the second 0 to the second 60, whose first digest is `digest(1)`.
fn new_session(user_id: &UserId) -> NewSession {
    NewSession {
        id: id(),
        user_id: user_id.clone(),
        refresh_digest: digest(1),
        client: ClientInfo::default(),
        created_at: at(0),
        expires_at: at(60),
    }
}

/// Ada's session.
async fn open_session(db: &Db) -> (SeaSessionRepo, Session) {
    let (repo, user_id) = (SeaSessionRepo::new(db), user(db, "ada").await);
    repo.create(&new_session(&user_id)).await.unwrap();
    (repo, Session { id: id(), user_id })
}

/// Presents a digest; what comes of it lasts a minute.
async fn rotate(repo: &SeaSessionRepo, presented: u8, replacement: u8, now: Timestamp) -> Rotation {
    let expires_at = now.plus(Duration::from_mins(1));
    let (presented, replacement) = (digest(presented), digest(replacement));
    repo.rotate(id(), &presented, &replacement, now, expires_at).await.unwrap()
}

pub(crate) async fn an_open_session_tells_whose_it_is_and_when_it_ends(db: Db) {
    let (repo, Session { id, user_id }) = open_session(&db).await;
    let state = repo.find_state(id).await.unwrap();
    assert_eq!(state, Some(SessionState { user_id, expires_at: at(60), revoked: false }));
}

pub(crate) async fn a_session_that_never_was_has_no_state(db: Db) {
    let (repo, _) = open_session(&db).await;
    assert_eq!(repo.find_state(SessionId::from_bytes([8; 16])).await.unwrap(), None);
}

pub(crate) async fn a_session_for_nobody_conflicts(db: Db) {
    let nobody = UserId::parse("nobody").unwrap();
    let created = SeaSessionRepo::new(&db).create(&new_session(&nobody)).await;
    assert!(matches!(created, Err(StoreError::Conflict)), "{created:?}");
}

pub(crate) async fn the_longest_client_info_fits(db: Db) {
    let client = ClientInfo {
        user_agent: UserAgent::clip(&"😀".repeat(300)),
        address: Some(IpAddr::V6(Ipv6Addr::from([0xff; 16]))),
    };
    let session = NewSession { client, ..new_session(&user(&db, "ada").await) };
    SeaSessionRepo::new(&db).create(&session).await.unwrap();
}

pub(crate) async fn a_revoked_session_stays_revoked(db: Db) {
    let (repo, _) = open_session(&db).await;
    for second in [1, 2] {
        repo.revoke(id(), at(second)).await.unwrap();
        assert!(repo.find_state(id()).await.unwrap().unwrap().revoked);
    }
}

pub(crate) async fn revoking_what_never_was_does_nothing(db: Db) {
    let (repo, _) = open_session(&db).await;
    repo.revoke(SessionId::from_bytes([8; 16]), at(1)).await.unwrap();
    assert!(repo.find_state(id()).await.unwrap().unwrap().is_open(at(1)));
}

pub(crate) async fn the_newest_digest_is_rotated_and_the_session_lasts_longer(db: Db) {
    let (repo, session) = open_session(&db).await;
    assert_eq!(rotate(&repo, 1, 2, at(30)).await, Rotation::Rotated(session.clone()));
    assert_eq!(repo.find_state(id()).await.unwrap().unwrap().expires_at, at(90));
    assert_eq!(rotate(&repo, 2, 3, at(89)).await, Rotation::Rotated(session));
}

pub(crate) async fn the_digest_before_the_newest_tells_when_it_was_replaced(db: Db) {
    let (repo, session) = open_session(&db).await;
    rotate(&repo, 1, 2, at(30)).await;
    let replaced = Rotation::Replaced { session: session.clone(), replaced_at: at(30) };
    assert_eq!(rotate(&repo, 1, 3, at(31)).await, replaced);
    assert_eq!(rotate(&repo, 1, 3, at(32)).await, replaced, "presenting it changes nothing");
    assert_eq!(repo.find_state(id()).await.unwrap().unwrap().expires_at, at(90));
    assert_eq!(rotate(&repo, 2, 3, at(33)).await, Rotation::Rotated(session));
}

pub(crate) async fn an_older_digest_is_superseded(db: Db) {
    let (repo, session) = open_session(&db).await;
    rotate(&repo, 1, 2, at(1)).await;
    rotate(&repo, 2, 3, at(2)).await;
    let superseded = Rotation::Superseded { session: session.clone(), replaced_at: at(2) };
    assert_eq!(rotate(&repo, 1, 4, at(3)).await, superseded);
    assert_eq!(rotate(&repo, 99, 4, at(3)).await, superseded);
    assert_eq!(rotate(&repo, 3, 4, at(3)).await, Rotation::Rotated(session));
}

pub(crate) async fn a_digest_of_no_open_session_is_unknown(db: Db) {
    let (repo, _) = open_session(&db).await;
    let elsewhere = SessionId::from_bytes([8; 16]);
    let rotation = repo.rotate(elsewhere, &digest(1), &digest(2), at(1), at(61)).await.unwrap();
    assert_eq!(rotation, Rotation::Unknown, "there is no such session");
    rotate(&repo, 1, 2, at(0)).await;
    for digest in [1, 2, 99] {
        assert_eq!(rotate(&repo, digest, 3, at(60)).await, Rotation::Unknown, "it has expired");
    }
    repo.revoke(id(), at(1)).await.unwrap();
    for digest in [1, 2, 99] {
        assert_eq!(rotate(&repo, digest, 3, at(2)).await, Rotation::Unknown, "it is revoked");
    }
}

pub(crate) async fn of_many_who_rotate_one_digest_at_once_one_does(db: Db) {
    let (repo, session) = open_session(&db).await;
    let mut calls = JoinSet::new();
    for replacement in 2..10 {
        let repo = repo.clone();
        calls.spawn(async move { rotate(&repo, 1, replacement, at(30)).await });
    }
    let answers = calls.join_all().await;
    let replaced = Rotation::Replaced { session: session.clone(), replaced_at: at(30) };
    let count = |expected: &Rotation| answers.iter().filter(|answer| *answer == expected).count();
    assert_eq!((count(&Rotation::Rotated(session)), count(&replaced)), (1, 7), "{answers:?}");
}

pub(crate) async fn a_deleted_user_takes_sessions_and_tasks_along(db: Db) {
    let (_, Session { user_id, .. }) = open_session(&db).await;
    task(&db, &user_id, "Milk", at(0)).await;
    let eve = user(&db, "eve").await;
    task(&db, &eve, "Poison", at(0)).await;
    execute(&db, "DELETE FROM users WHERE id = $1", [user_id.as_str().into()]).await.unwrap();
    assert_eq!((count(&db, "sessions").await, count(&db, "tasks").await), (0, 1));
}
