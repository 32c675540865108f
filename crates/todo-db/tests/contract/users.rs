//! Accounts, of our own and of other issuers.

use todo_db::{Db, SeaSessionRepo, SeaUserRepo};
use todo_domain::{
    Account, ClientInfo, DisplayName, Email, NewAccount, NewSession, PasswordHash, SessionId,
    SessionRepo as _, Standing, StoreError, User, UserId, UserRepo as _,
};
use tokio::task::JoinSet;

use super::{account, at, count, digest, execute, task, user};

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
    let updated_at = created_at;
    assert_eq!(made, User { id, email, name, created_at, updated_at, disabled_at: None });
    let account = Account { user: made, password_hash };
    assert_eq!(repo.find(&ada.id).await.unwrap(), Some(account.clone()));
    assert_eq!(repo.find_by_email(&ada.email).await.unwrap(), Some(account));
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
    for _ in 0..2 {
        assert_eq!(repo.provision(&ada, None).await.unwrap(), Standing::Active);
    }
    assert_eq!(count(&db, "users").await, 1);
    let found = repo.find_by_email(&ada.email).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.password_hash), (ada.id, None));
}

pub(crate) async fn a_user_of_another_issuer_may_come_many_times_at_once(db: Db) {
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let repo = SeaUserRepo::new(&db);
        calls.spawn(async move { repo.provision(&account("ada"), None).await });
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
    repo.provision(&seen_again, None).await.unwrap();
    assert_eq!(repo.find_by_email(&ada.email).await.unwrap(), before);
}

pub(crate) async fn the_email_of_another_user_conflicts_and_makes_no_row(db: Db) {
    let repo = SeaUserRepo::new(&db);
    user(&db, "ada").await;
    let eve = NewAccount { email: account("ada").email, ..account("eve") };
    assert!(is_conflict(&repo.provision(&eve, None).await));
    assert_eq!(repo.find(&eve.id).await.unwrap(), None);
}

pub(crate) async fn users_are_listed_by_their_ids_a_page_at_a_time(db: Db) {
    for name in ["eve", "ada", "bob"] {
        user(&db, name).await;
    }
    let repo = SeaUserRepo::new(&db);
    let ids = async |after: Option<&str>| {
        let after = after.map(|id| UserId::parse(id).unwrap());
        let page = repo.list(after, 2).await.unwrap();
        page.iter().map(|user| user.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None).await, ["ada", "bob"]);
    assert_eq!(ids(Some("bob")).await, ["eve"]);
    assert_eq!(ids(Some("eve")).await, [""; 0]);
}

pub(crate) async fn a_user_is_renamed_and_only_a_change_counts(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let (ada, eve) = (user(&db, "ada").await, user(&db, "eve").await);
    let rename = async |name: &str, second| {
        let name = DisplayName::parse(name).unwrap();
        let user = repo.rename(&ada, name, at(second)).await.unwrap().unwrap();
        (user.name.map(|name| name.as_str().to_owned()), user.updated_at)
    };
    assert_eq!(rename("", 1).await, (None, at(0)));
    assert_eq!(rename("Ada", 2).await, (Some("Ada".to_owned()), at(2)));
    assert_eq!(rename("Ada", 3).await, (Some("Ada".to_owned()), at(2)));
    assert_eq!(rename("ada", 4).await, (Some("ada".to_owned()), at(4)));
    assert_eq!(rename("", 5).await, (None, at(5)));
    assert_eq!(repo.find(&eve).await.unwrap().unwrap().user.updated_at, at(0));
    let nobody = UserId::parse("nobody").unwrap();
    assert_eq!(repo.rename(&nobody, None, at(6)).await.unwrap(), None);
}

pub(crate) async fn a_disabled_user_loses_all_sessions_and_can_be_enabled(db: Db) {
    let (repo, sessions) = (SeaUserRepo::new(&db), SeaSessionRepo::new(&db));
    let (ada, eve) = (account("ada"), account("eve"));
    let (of_ada, of_eve) = (session(&ada, 1), session(&eve, 2));
    repo.create(&ada, &of_ada).await.unwrap();
    repo.create(&eve, &of_eve).await.unwrap();

    let ended = repo.set_active(&ada.id, false, at(5)).await.unwrap();
    assert_eq!(ended, Some(vec![of_ada.id]));
    assert!(sessions.find_state(of_ada.id).await.unwrap().unwrap().revoked);
    assert!(!sessions.find_state(of_eve.id).await.unwrap().unwrap().revoked);
    let disabled = repo.find(&ada.id).await.unwrap().unwrap().user;
    assert_eq!((disabled.disabled_at, disabled.updated_at), (Some(at(5)), at(5)));
    assert_eq!(repo.set_active(&ada.id, false, at(6)).await.unwrap(), Some(vec![]));
    let still = repo.find(&ada.id).await.unwrap().unwrap().user;
    assert_eq!(still.disabled_at, Some(at(5)), "since the first time");
    assert_eq!(repo.provision(&ada, Some(at(9))).await.unwrap(), Standing::Disabled);

    assert_eq!(repo.set_active(&ada.id, true, at(6)).await.unwrap(), Some(vec![]));
    assert!(repo.find(&ada.id).await.unwrap().unwrap().user.is_active());
    assert_eq!(repo.provision(&ada, Some(at(9))).await.unwrap(), Standing::Active);
    let nobody = UserId::parse("nobody").unwrap();
    assert_eq!(repo.set_active(&nobody, false, at(7)).await.unwrap(), None);
}

pub(crate) async fn a_deleted_user_is_gone_with_all_that_was_theirs(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let (ada, eve) = (account("ada"), account("eve"));
    let of_ada = session(&ada, 1);
    repo.create(&ada, &of_ada).await.unwrap();
    repo.create(&eve, &session(&eve, 2)).await.unwrap();
    for owner in [&ada.id, &eve.id] {
        task(&db, owner, "Milk", at(0)).await;
    }
    assert_eq!(repo.delete(&ada.id, at(5)).await.unwrap(), Some(vec![of_ada.id]));
    for table in ["users", "sessions", "tasks", "deleted_users"] {
        assert_eq!(count(&db, table).await, 1, "{table}");
    }
    assert_eq!(repo.find(&ada.id).await.unwrap(), None);
    assert_eq!(repo.delete(&ada.id, at(6)).await.unwrap(), None);
}

pub(crate) async fn a_deleted_user_comes_back_only_vouched_for_anew(db: Db) {
    let repo = SeaUserRepo::new(&db);
    let ada = user(&db, "ada").await;
    repo.delete(&ada, at(5)).await.unwrap();
    for vouched_at in [None, Some(at(4)), Some(at(5))] {
        let standing = repo.provision(&account("ada"), vouched_at).await.unwrap();
        assert_eq!(standing, Standing::Deleted, "{vouched_at:?}");
    }
    assert_eq!(count(&db, "users").await, 0);
    let anew = repo.provision(&account("ada"), Some(at(6))).await.unwrap();
    assert_eq!(anew, Standing::Active);
    repo.delete(&ada, at(7)).await.unwrap();
    let standing = repo.provision(&account("ada"), Some(at(6))).await.unwrap();
    assert_eq!(standing, Standing::Deleted, "the last deletion counts");
}
