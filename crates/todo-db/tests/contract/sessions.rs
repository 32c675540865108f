//! Sessions and the rotation of their refresh tokens.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use todo_db::{Db, SeaSessionRepo, SeaUserRepo};
use todo_domain::{
    ClientInfo, NewSession, PasswordHash, Rotation, Session, SessionId, SessionRepo as _,
    SessionState, StoreError, Timestamp, UserAgent, UserId, UserRepo as _,
};
use tokio::task::JoinSet;

use super::{at, count, digest, execute, proof, task, user};

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

/// A transaction that holds what it writes.
async fn transaction(db: &Db) -> DatabaseTransaction {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.connection().begin_with_options(options).await.unwrap()
}

/// Ada's session.
async fn open_session(db: &Db) -> (SeaSessionRepo, Session) {
    let (repo, user_id) = (SeaSessionRepo::new(db), user(db, "ada").await);
    repo.create(&new_session(&user_id), &proof()).await.unwrap();
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
    let created = SeaSessionRepo::new(&db).create(&new_session(&nobody), &proof()).await;
    assert!(matches!(created, Err(StoreError::Conflict)), "{created:?}");
}

pub(crate) async fn the_longest_client_info_fits(db: Db) {
    let client = ClientInfo {
        user_agent: UserAgent::clip(&"😀".repeat(300)),
        address: Some(IpAddr::V6(Ipv6Addr::from([0xff; 16]))),
    };
    let session = NewSession { client, ..new_session(&user(&db, "ada").await) };
    SeaSessionRepo::new(&db).create(&session, &proof()).await.unwrap();
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

/// A session of this user's from the second `number`, with `number` for its id and digest.
async fn session_of(repo: &SeaSessionRepo, user_id: &UserId, number: u8) -> SessionId {
    let id = SessionId::from_bytes([number; 16]);
    let session = NewSession {
        id,
        refresh_digest: digest(number),
        client: ClientInfo {
            user_agent: UserAgent::clip("Lynx"),
            address: Some(IpAddr::from([203, 0, 113, number])),
        },
        created_at: at(number.into()),
        ..new_session(user_id)
    };
    repo.create(&session, &proof()).await.unwrap();
    id
}

async fn listed(repo: &SeaSessionRepo, user_id: &UserId, now: Timestamp) -> Vec<SessionId> {
    let sessions = repo.list(user_id, now).await.unwrap();
    sessions.into_iter().map(|session| session.id).collect()
}

pub(crate) async fn a_list_holds_the_users_own_open_sessions_the_last_used_first(db: Db) {
    let (ada, grace) = (user(&db, "ada").await, user(&db, "grace").await);
    let repo = SeaSessionRepo::new(&db);
    let [one, two, three] = [
        session_of(&repo, &ada, 1).await,
        session_of(&repo, &ada, 2).await,
        session_of(&repo, &ada, 3).await,
    ];
    session_of(&repo, &grace, 4).await;
    repo.rotate(one, &digest(1), &digest(9), at(10), at(70)).await.unwrap();
    repo.revoke(two, at(11)).await.unwrap();

    assert_eq!(listed(&repo, &ada, at(12)).await, [one, three]);
    assert_eq!(listed(&repo, &ada, at(60)).await, [one], "the other has expired");
    let first = repo.list(&ada, at(12)).await.unwrap().remove(0);
    assert_eq!(first.client.user_agent, UserAgent::clip("Lynx"));
    assert_eq!(first.client.address, Some(IpAddr::from([203, 0, 113, 1])));
    assert_eq!((first.created_at, first.last_used_at, first.expires_at), (at(1), at(10), at(70)));
}

pub(crate) async fn one_session_is_ended_by_its_owner_alone_and_once(db: Db) {
    let (ada, grace) = (user(&db, "ada").await, user(&db, "grace").await);
    let repo = SeaSessionRepo::new(&db);
    let (one, two) = (session_of(&repo, &ada, 1).await, session_of(&repo, &ada, 2).await);
    assert!(!repo.revoke_one(&grace, one, at(5)).await.unwrap(), "a stranger's");
    assert!(repo.revoke_one(&ada, one, at(5)).await.unwrap());
    assert!(!repo.revoke_one(&ada, one, at(6)).await.unwrap(), "it has ended");
    assert!(!repo.revoke_one(&ada, two, at(60)).await.unwrap(), "it has expired");
    assert_eq!(listed(&repo, &ada, at(7)).await, [two]);
}

pub(crate) async fn all_sessions_but_one_are_ended_and_named(db: Db) {
    let (ada, grace) = (user(&db, "ada").await, user(&db, "grace").await);
    let repo = SeaSessionRepo::new(&db);
    let (one, two) = (session_of(&repo, &ada, 1).await, session_of(&repo, &ada, 2).await);
    let graces = session_of(&repo, &grace, 3).await;
    assert_eq!(repo.revoke_others(&ada, Some(two), at(5)).await.unwrap(), [one]);
    assert_eq!(listed(&repo, &ada, at(6)).await, [two]);
    assert_eq!(repo.revoke_others(&ada, None, at(7)).await.unwrap(), [two]);
    assert_eq!(listed(&repo, &grace, at(8)).await, [graces]);
}

pub(crate) async fn what_ended_long_ago_is_deleted_in_steps_and_the_rest_is_kept(db: Db) {
    let ada = user(&db, "ada").await;
    let repo = SeaSessionRepo::new(&db);
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(session_of(&repo, &ada, number).await);
    }
    repo.revoke(ids[0], at(10)).await.unwrap();
    repo.revoke(ids[1], at(11)).await.unwrap();
    repo.rotate(ids[3], &digest(4), &digest(9), at(20), at(500)).await.unwrap();

    assert_eq!(repo.delete_ended(at(11), 10).await.unwrap(), 1, "one was revoked before");
    assert_eq!(repo.delete_ended(at(400), 1).await.unwrap(), 1, "a step deletes no more");
    assert_eq!(repo.delete_ended(at(400), 10).await.unwrap(), 1);
    assert_eq!(listed(&repo, &ada, at(400)).await, [ids[3]]);
}

pub(crate) async fn every_session_that_is_kept_is_listed_a_page_at_a_time(db: Db) {
    let (repo, Session { user_id, .. }) = open_session(&db).await;
    let eve = user(&db, "eve").await;
    for byte in 8..=110 {
        let (id, refresh_digest) = (SessionId::from_bytes([byte; 16]), digest(byte));
        let user_id = if byte == 9 { eve.clone() } else { user_id.clone() };
        let session = NewSession { id, refresh_digest, ..new_session(&user_id) };
        repo.create(&session, &proof()).await.unwrap();
    }
    repo.revoke(id(), at(5)).await.unwrap();
    let first = repo.list_kept(&user_id, None).await.unwrap();
    assert_eq!((first.len(), first[0].session.id, first[0].revoked_at), (100, id(), Some(at(5))));
    let last = first[99].session.id;
    let rest = repo.list_kept(&user_id, Some(last)).await.unwrap();
    assert_eq!(rest.len(), 3);
    assert!(rest.iter().all(|kept| kept.revoked_at.is_none()));
}

pub(crate) async fn a_session_needs_the_password_that_holds_and_a_user_who_may_come_in(db: Db) {
    let (repo, users) = (SeaSessionRepo::new(&db), SeaUserRepo::new(&db));
    let ada = user(&db, "ada").await;
    let another = PasswordHash::new("another".to_owned());
    let refused = repo.create(&new_session(&ada), &another).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    users.set_active(&ada, false, at(1)).await.unwrap();
    let refused = repo.create(&new_session(&ada), &proof()).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    users.set_active(&ada, true, at(2)).await.unwrap();
    repo.create(&new_session(&ada), &proof()).await.unwrap();
}

/// A change of the user that is not committed yet when the session is opened: the session must wait
/// for it and be judged by it.
pub(crate) async fn no_session_slips_past_a_change_that_ends_sessions(db: Db) {
    let ada = user(&db, "ada").await;
    for change in ["hashed_password = 'new'", "disabled_at = updated_at"] {
        let transaction = transaction(&db).await;
        let sql = format!("UPDATE users SET {change}");
        transaction.execute_unprepared(&sql).await.unwrap();
        let (repo, session) = (SeaSessionRepo::new(&db), new_session(&ada));
        let opening = tokio::spawn(async move { repo.create(&session, &proof()).await });
        tokio::task::yield_now().await;
        transaction.commit().await.unwrap();
        assert!(matches!(opening.await.unwrap(), Err(StoreError::Conflict)), "{change}");
        let undo = "UPDATE users SET hashed_password = $1, disabled_at = NULL";
        execute(&db, undo, [proof().expose().into()]).await.unwrap();
    }
}

/// Ends of several sessions at once, and a refresh that moves one of their rows between them.
pub(crate) async fn ends_of_many_sessions_at_once_do_not_wait_for_each_other(db: Db) {
    let ada = user(&db, "ada").await;
    let id = |byte: u8| SessionId::from_bytes([byte; 16]);
    for byte in 1..=40 {
        let refresh_digest = digest(byte);
        let session = NewSession { id: id(byte), refresh_digest, ..new_session(&ada) };
        SeaSessionRepo::new(&db).create(&session, &proof()).await.unwrap();
    }
    let mut calls: JoinSet<Result<(), StoreError>> = JoinSet::new();
    for byte in 1..=20 {
        let (one, other, ada) = (SeaSessionRepo::new(&db), SeaSessionRepo::new(&db), ada.clone());
        calls.spawn(async move {
            let (presented, next) = (digest(byte), digest(byte + 100));
            one.rotate(id(byte), &presented, &next, at(1), at(61)).await.map(drop)
        });
        calls
            .spawn(async move { other.revoke_others(&ada, Some(id(byte)), at(1)).await.map(drop) });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
}
