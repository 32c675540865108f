//! Accounts, of our own and of other issuers.

use todo_db::{Db, SeaSessionRepo, SeaUserRepo};
use todo_domain::{
    Account, ClientInfo, DisplayName, Email, NewAccount, NewSession, PasswordHash, SessionId,
    SessionRepo as _, StoreError, User, UserId, UserRepo as _,
};
use tokio::task::JoinSet;

use super::{account, at, count, digest, execute, user};

/// A first session of `account`; `byte` tells it from others.
fn session(account: &NewAccount, byte: u8) -> NewSession {
    NewSession {
        id: SessionId::from_bytes([byte; 16]),
        user_id: account.id.clone(),
        refresh_digest: digest(byte),
        client: ClientInfo::default(),
        created_at: at(0),
        expires_at: at(60),
    }
}

fn is_conflict<T>(answer: &Result<T, StoreError>) -> bool {
    matches!(answer, Err(StoreError::Conflict))
}

pub(crate) async fn an_account_is_made_with_its_first_session(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = NewAccount {
        name: DisplayName::parse("Ada 👩‍💻").unwrap(),
        password_hash: Some(PasswordHash::new("$2b$12$hash".to_owned())),
        ..account("ada")
    };
    let session = session(&ada, 1);
    let made = repo.create(&ada, &session).await.unwrap();
    let NewAccount { id, email, name, password_hash, created_at } = ada.clone();
    assert_eq!(made, User { id, email, name, created_at, updated_at: created_at });
    assert_eq!(repo.find(&ada.id).await.unwrap(), Some(made.clone()));
    let found = repo.find_by_email(&ada.email).await.unwrap();
    assert_eq!(found, Some(Account { user: made, password_hash }));
    let state = SeaSessionRepo::new(&db).find_state(session.id).await.unwrap().unwrap();
    assert!(state.user_id == ada.id && state.is_open(at(0)));
}

pub(crate) async fn an_account_is_not_made_without_its_session(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let (ada, eve) = (account("ada"), account("eve"));
    repo.create(&ada, &session(&ada, 1)).await.unwrap();
    assert!(is_conflict(&repo.create(&eve, &session(&eve, 1)).await));
    assert_eq!(repo.find(&eve.id).await.unwrap(), None);
    repo.create(&eve, &session(&eve, 2)).await.unwrap();
}

pub(crate) async fn an_email_that_is_taken_conflicts(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = account("ada");
    repo.create(&ada, &session(&ada, 1)).await.unwrap();
    let eve = NewAccount { email: ada.email, ..account("eve") };
    assert!(is_conflict(&repo.create(&eve, &session(&eve, 2)).await));
    assert_eq!((count(&db, "users").await, count(&db, "sessions").await), (1, 1));
}

pub(crate) async fn an_id_that_is_taken_conflicts(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = account("ada");
    repo.create(&ada, &session(&ada, 1)).await.unwrap();
    let other = NewAccount { email: account("eve").email, ..ada };
    assert!(is_conflict(&repo.create(&other, &session(&other, 2)).await));
    assert_eq!((count(&db, "users").await, count(&db, "sessions").await), (1, 1));
}

pub(crate) async fn of_many_who_register_one_email_at_once_one_does(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let mut calls = JoinSet::new();
    for number in 0..16 {
        let repo = repo.clone();
        let one = NewAccount { email: account("ada").email, ..account(&format!("u{number}")) };
        calls.spawn(async move { repo.create(&one, &session(&one, number)).await });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| is_conflict(answer)).count(), 15, "{answers:?}");
    assert_eq!((count(&db, "users").await, count(&db, "sessions").await), (1, 1));
}

pub(crate) async fn an_account_is_found_by_its_email_in_any_case(db: Db) {
    let ada = NewAccount { email: Email::parse("Ada@Example.COM").unwrap(), ..account("ada") };
    let repo = SeaUserRepo::new(&db);
    repo.create(&ada, &session(&ada, 1)).await.unwrap();
    let found = repo.find_by_email(&Email::parse("aDA@example.com").unwrap()).await.unwrap();
    assert_eq!(found.unwrap().user.id, ada.id);
}

pub(crate) async fn the_database_itself_refuses_an_email_in_upper_case(db: Db) {
    let sql = "INSERT INTO users (id, email, created_at, updated_at) \
               VALUES ('ada', $1, '2026-11-21T08:00:00Z', '2026-11-21T08:00:00Z')";
    assert!(execute(&db, sql, ["Ada@example.com".into()]).await.is_err());
    execute(&db, sql, ["ada@example.com".into()]).await.unwrap();
}

pub(crate) async fn a_user_that_never_was_is_not_there(db: Db) {
    let repo = SeaUserRepo::new(&db);
    user(&db, "ada").await;
    assert_eq!(repo.find(&UserId::parse("ADA").unwrap()).await.unwrap(), None);
    assert_eq!(repo.find_by_email(&account("eve").email).await.unwrap(), None);
}

pub(crate) async fn a_user_of_another_issuer_gets_a_row_once(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = account("ada");
    repo.provision(&ada).await.unwrap();
    repo.provision(&ada).await.unwrap();
    assert_eq!(count(&db, "users").await, 1);
    let found = repo.find_by_email(&ada.email).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.password_hash), (ada.id, None));
}

pub(crate) async fn a_user_of_another_issuer_may_come_many_times_at_once(db: Db) {
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let repo = SeaUserRepo::new(&db);
        calls.spawn(async move { repo.provision(&account("ada")).await });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
    assert_eq!(count(&db, "users").await, 1);
}

pub(crate) async fn a_row_that_is_there_stays_as_it_is(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = NewAccount {
        password_hash: Some(PasswordHash::new("$2b$12$hash".to_owned())),
        ..account("ada")
    };
    repo.create(&ada, &session(&ada, 1)).await.unwrap();
    let before = repo.find_by_email(&ada.email).await.unwrap();
    let seen_again = NewAccount {
        email: Email::parse("new@example.com").unwrap(),
        name: DisplayName::parse("New").unwrap(),
        created_at: at(9),
        ..account("ada")
    };
    repo.provision(&seen_again).await.unwrap();
    assert_eq!(repo.find_by_email(&ada.email).await.unwrap(), before);
}

pub(crate) async fn the_email_of_another_user_conflicts_and_makes_no_row(db: Db) {
    let repo = SeaUserRepo::new(&db);
    user(&db, "ada").await;
    let eve = NewAccount { email: account("ada").email, ..account("eve") };
    assert!(is_conflict(&repo.provision(&eve).await));
    assert_eq!(repo.find(&eve.id).await.unwrap(), None);
}
