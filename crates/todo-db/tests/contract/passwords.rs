//! Passwords, and the links that reset them.

use todo_db::{Db, SeaPasswordRepo, SeaSessionRepo, SeaUserRepo};
use todo_domain::{
    ClientInfo, NewPassword, NewPasswordReset, NewSession, PasswordHash, PasswordRepo as _,
    RedeemedReset, ResetDigest, SessionId, SessionRepo as _, StoreError, Timestamp, UserId,
    UserRepo as _,
};
use tokio::task::JoinSet;

use super::{at, count, digest, user};

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

fn reset_digest(byte: u8) -> ResetDigest {
    ResetDigest([byte; 32])
}

/// A user with the password `old` and one session for each byte.
async fn ada(db: &Db, sessions: &[u8]) -> UserId {
    let ada = user(db, "ada").await;
    SeaPasswordRepo::new(db).set(&new_password(&ada, "old", at(0))).await.unwrap();
    for byte in sessions {
        let session = NewSession {
            id: SessionId::from_bytes([*byte; 16]),
            user_id: ada.clone(),
            refresh_digest: digest(*byte),
            client: ClientInfo::default(),
            created_at: at(0),
            expires_at: at(9_000),
        };
        SeaSessionRepo::new(db).create(&session, &hash("old")).await.unwrap();
    }
    ada
}

fn new_password(user_id: &UserId, text: &str, now: Timestamp) -> NewPassword {
    let user_id = user_id.clone();
    NewPassword { user_id, replaced: None, hash: hash(text), kept_session: None, now }
}

/// A link that holds from the second `created_at` to the second 3,600.
async fn link(db: &Db, user_id: &UserId, byte: u8, created_at: u64) -> bool {
    let reset = NewPasswordReset {
        digest: reset_digest(byte),
        user_id: user_id.clone(),
        created_at: at(created_at),
        expires_at: at(3_600),
    };
    let quiet_since = at(created_at).minus(NewPasswordReset::QUIET);
    SeaPasswordRepo::new(db).create_reset(&reset, quiet_since).await.unwrap()
}

async fn password_of(db: &Db, user_id: &UserId) -> Option<PasswordHash> {
    SeaUserRepo::new(db).find(user_id).await.unwrap().unwrap().password_hash
}

pub(crate) async fn a_new_password_ends_all_sessions_but_one_and_forgets_links(db: Db) {
    let ada = ada(&db, &[1, 2, 3]).await;
    link(&db, &ada, 1, 0).await;
    let kept_session = Some(SessionId::from_bytes([2; 16]));
    let change = NewPassword { kept_session, ..new_password(&ada, "new", at(5)) };
    let mut ended = SeaPasswordRepo::new(&db).set(&change).await.unwrap().unwrap();
    ended.sort_by_key(|id| *id.as_bytes());
    assert_eq!(ended, [1, 3].map(|byte| SessionId::from_bytes([byte; 16])));
    assert_eq!(password_of(&db, &ada).await, Some(hash("new")));
    let open = SeaSessionRepo::new(&db).list(&ada, at(6)).await.unwrap();
    assert_eq!(open.iter().map(|session| Some(session.id)).collect::<Vec<_>>(), [kept_session]);
    assert_eq!(count(&db, "password_resets").await, 0);
    assert_eq!(SeaUserRepo::new(&db).find(&ada).await.unwrap().unwrap().user.updated_at, at(5));
}

pub(crate) async fn a_password_that_was_replaced_meanwhile_is_not_replaced_again(db: Db) {
    let ada = ada(&db, &[1]).await;
    let repo = SeaPasswordRepo::new(&db);
    let change =
        |text: &str| NewPassword { replaced: Some(hash("old")), ..new_password(&ada, text, at(5)) };
    assert!(repo.set(&change("first")).await.unwrap().is_some());
    assert_eq!(repo.set(&change("second")).await.unwrap(), None);
    assert_eq!(password_of(&db, &ada).await, Some(hash("first")));
    let nobody = UserId::parse("nobody").unwrap();
    assert_eq!(repo.set(&new_password(&nobody, "new", at(6))).await.unwrap(), None);
}

pub(crate) async fn a_second_link_is_made_after_a_minute(db: Db) {
    let (ada, eve) = (ada(&db, &[]).await, user(&db, "eve").await);
    assert!(link(&db, &ada, 1, 0).await);
    assert!(!link(&db, &ada, 2, 59).await);
    assert!(link(&db, &eve, 3, 59).await, "of another user");
    assert!(link(&db, &ada, 4, 60).await);
    let found = SeaPasswordRepo::new(&db).find_reset(&reset_digest(1), at(61)).await.unwrap();
    assert_eq!(found, Some(ada), "the first one holds on");
}

pub(crate) async fn a_link_for_nobody_conflicts(db: Db) {
    let reset = NewPasswordReset {
        digest: reset_digest(1),
        user_id: UserId::parse("nobody").unwrap(),
        created_at: at(0),
        expires_at: at(3_600),
    };
    let made = SeaPasswordRepo::new(&db).create_reset(&reset, at(0)).await;
    assert!(matches!(made, Err(StoreError::Conflict)));
}

pub(crate) async fn a_link_resets_once_and_ends_every_session(db: Db) {
    let (ada, repo) = (ada(&db, &[1]).await, SeaPasswordRepo::new(&db));
    link(&db, &ada, 1, 0).await;
    link(&db, &ada, 2, 60).await;
    let redeemed = repo.redeem_reset(&reset_digest(1), &hash("new"), at(90)).await.unwrap();
    let ended = vec![SessionId::from_bytes([1; 16])];
    assert_eq!(redeemed, Some(RedeemedReset { user_id: ada.clone(), ended }));
    assert_eq!(password_of(&db, &ada).await, Some(hash("new")));
    for byte in [1, 2] {
        let again = repo.redeem_reset(&reset_digest(byte), &hash("other"), at(91)).await.unwrap();
        assert_eq!(again, None, "the other links are forgotten too");
    }
    assert_eq!(password_of(&db, &ada).await, Some(hash("new")));
}

pub(crate) async fn of_many_who_redeem_one_link_at_once_one_does(db: Db) {
    let ada = ada(&db, &[]).await;
    link(&db, &ada, 1, 0).await;
    let mut calls = JoinSet::new();
    for number in 0..16 {
        let repo = SeaPasswordRepo::new(&db);
        let hash = hash(&format!("new {number}"));
        calls.spawn(async move { repo.redeem_reset(&reset_digest(1), &hash, at(1)).await });
    }
    let answers = calls.join_all().await;
    let redeemed = answers.into_iter().filter(|answer| answer.as_ref().unwrap().is_some());
    assert_eq!(redeemed.count(), 1);
}

pub(crate) async fn a_link_ceases_to_hold_at_the_second_it_says(db: Db) {
    let (ada, repo) = (ada(&db, &[]).await, SeaPasswordRepo::new(&db));
    link(&db, &ada, 1, 0).await;
    let found = async |second| repo.find_reset(&reset_digest(1), at(second)).await.unwrap();
    assert_eq!(found(3_599).await, Some(ada.clone()));
    assert_eq!(found(3_600).await, None);
    let late = repo.redeem_reset(&reset_digest(1), &hash("new"), at(3_600)).await.unwrap();
    assert_eq!(late, None);
    assert_eq!(repo.find_reset(&reset_digest(9), at(1)).await.unwrap(), None);
    assert_eq!(password_of(&db, &ada).await, Some(hash("old")));
}

pub(crate) async fn a_link_of_a_disabled_user_resets_nothing(db: Db) {
    let (ada, repo) = (ada(&db, &[]).await, SeaPasswordRepo::new(&db));
    link(&db, &ada, 1, 0).await;
    SeaUserRepo::new(&db).set_active(&ada, false, at(1)).await.unwrap();
    let refused = repo.redeem_reset(&reset_digest(1), &hash("new"), at(2)).await.unwrap();
    assert_eq!(refused, None);
    assert_eq!(password_of(&db, &ada).await, Some(hash("old")));
}

pub(crate) async fn links_that_are_old_are_deleted_in_steps(db: Db) {
    let (ada, repo) = (ada(&db, &[]).await, SeaPasswordRepo::new(&db));
    for byte in 0..3 {
        link(&db, &ada, byte, u64::from(byte) * 60).await;
    }
    assert_eq!(repo.delete_expired_resets(at(3_599), 2).await.unwrap(), 0);
    assert_eq!(repo.delete_expired_resets(at(3_600), 2).await.unwrap(), 2);
    assert_eq!(repo.delete_expired_resets(at(3_600), 2).await.unwrap(), 1);
}

pub(crate) async fn of_many_who_ask_for_a_link_at_once_one_gets_it(db: Db) {
    let ada = ada(&db, &[]).await;
    let mut calls = JoinSet::new();
    for byte in 0..16 {
        let (db, ada) = (db.clone(), ada.clone());
        calls.spawn(async move { link(&db, &ada, byte, 0).await });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.into_iter().filter(|made| *made).count(), 1);
}

/// Each takes rows of the user in an order of its own, and none may wait for ever for another.
pub(crate) async fn changes_of_one_user_at_the_same_time_do_not_get_in_each_others_way(db: Db) {
    let ada = ada(&db, &[1, 2, 3]).await;
    for byte in 0..4 {
        link(&db, &ada, byte, u64::from(byte) * 60).await;
    }
    let mut calls: JoinSet<Result<(), StoreError>> = JoinSet::new();
    for byte in 0..4 {
        let (one, other, ada) = (SeaPasswordRepo::new(&db), SeaPasswordRepo::new(&db), ada.clone());
        calls.spawn(async move {
            one.redeem_reset(&reset_digest(byte), &hash("new"), at(300)).await.map(drop)
        });
        calls.spawn(async move { other.set(&new_password(&ada, "set", at(300))).await.map(drop) });
    }
    for _ in 0..2 {
        let (repo, ada) = (SeaUserRepo::new(&db), ada.clone());
        calls.spawn(async move { repo.delete(&ada, at(300)).await.map(drop) });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
    assert_eq!((count(&db, "users").await, count(&db, "password_resets").await), (0, 0));
}
