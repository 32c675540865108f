//! Passwords, and the links that reset them, in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use todo_domain::{
    NewPassword, NewPasswordReset, PasswordHash, PasswordRepo, RedeemedReset, ResetDigest,
    SessionId, StoreError, Timestamp, UserId,
};

use crate::clean_up::delete_some;
use crate::connect::Db;
use crate::entity::password_reset::{ActiveModel, Column, Entity};
use crate::entity::user;
use crate::error::{corrupt, store_error};
use crate::gate::{Reads, Transaction, Writes};
use crate::instant;
use crate::session_repo;
use crate::transaction::{begin, lock_user};
use crate::wall::Wall;

/// Keeps passwords in the table `users`, and links in `password_resets`.
#[derive(Clone, Debug)]
pub struct SeaPasswordRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
}

impl SeaPasswordRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes(), wall: db.wall().clone() }
    }
}

#[async_trait]
impl PasswordRepo for SeaPasswordRepo {
    async fn set(&self, password: &NewPassword) -> Result<Option<Vec<SessionId>>, StoreError> {
        let NewPassword { user_id, replaced, hash, kept_session, now } = password;
        let transaction = begin(&self.writes).await?;
        let Some(user) = lock_user(user_id, &transaction, &self.wall).await? else {
            return Ok(None);
        };
        let current = user.into_inner().hashed_password.map(|hash| PasswordHash::new(hash.0));
        if replaced.is_some() && *replaced != current {
            return Ok(None);
        }
        let ended = replace(user_id, hash, *kept_session, *now, &transaction, &self.wall).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(Some(ended))
    }

    async fn create_reset(
        &self,
        reset: &NewPasswordReset,
        quiet_since: Timestamp,
    ) -> Result<bool, StoreError> {
        let NewPasswordReset { digest, user_id, created_at, expires_at } = reset;
        let transaction = begin(&self.writes).await?;
        lock_user(user_id, &transaction, &self.wall).await?.ok_or(StoreError::Conflict)?;
        let recent = Entity::find()
            .filter(Column::UserId.eq(user_id.as_str()))
            .filter(Column::CreatedAt.gt(instant::to_column(quiet_since)))
            // One that a clock ahead of ours made must not keep the user waiting for that time.
            .filter(Column::CreatedAt.lte(instant::to_column(*created_at)))
            .one(&transaction)
            .await
            .map_err(store_error)?;
        if self.wall.pass_one(recent, |row| row.user_id == user_id.as_str())?.is_some() {
            return Ok(false);
        }
        let row = ActiveModel {
            digest: Set(digest.0.to_vec()),
            user_id: Set(user_id.as_str().to_owned()),
            created_at: Set(instant::to_column(*created_at)),
            expires_at: Set(instant::to_column(*expires_at)),
        };
        let insert = Entity::insert(row).exec_without_returning(&transaction);
        insert.await.map_err(store_error)?;
        transaction.commit().await.map_err(store_error)?;
        Ok(true)
    }

    async fn find_reset(
        &self,
        digest: &ResetDigest,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let select = Entity::find().filter(holds(digest, now));
        let row = select.one(&self.reads).await.map_err(store_error)?;
        let row = self.wall.pass_one(row, |row| row.digest == digest.0)?;
        row.map(|row| UserId::parse(&row.user_id).map_err(|_| corrupt("user id"))).transpose()
    }

    async fn redeem_reset(
        &self,
        digest: &ResetDigest,
        hash: &PasswordHash,
        now: Timestamp,
    ) -> Result<Option<RedeemedReset>, StoreError> {
        let Some(user_id) = self.find_reset(digest, now).await? else { return Ok(None) };
        let transaction = begin(&self.writes).await?;
        let user = lock_user(&user_id, &transaction, &self.wall).await?;
        if user.is_none_or(|user| user.disabled_at.is_some()) {
            return Ok(None);
        }
        let delete = Entity::delete_many().filter(holds(digest, now));
        let deleted = delete.exec(&transaction).await.map_err(store_error)?;
        if deleted.rows_affected == 0 {
            return Ok(None);
        }
        let ended = replace(&user_id, hash, None, now, &transaction, &self.wall).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(Some(RedeemedReset { user_id, ended }))
    }

    async fn delete_expired_resets(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let expired = Condition::all().add(Column::ExpiresAt.lte(instant::to_column(now)));
        delete_some::<Entity>([Column::Digest], expired, limit, &self.writes).await
    }
}

/// The row of `digest`, if it holds at `now`.
fn holds(digest: &ResetDigest, now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::Digest.eq(digest.0.to_vec()))
        .add(Column::ExpiresAt.gt(instant::to_column(now)))
}

/// Sets the password of a user whose row is locked, forgets the user's links, and ends the user's
/// sessions but `kept`, which are named.
async fn replace(
    user_id: &UserId,
    hash: &PasswordHash,
    kept: Option<SessionId>,
    now: Timestamp,
    transaction: &Transaction,
    wall: &Wall,
) -> Result<Vec<SessionId>, StoreError> {
    user::Entity::update_many()
        .filter(user::Column::Id.eq(user_id.as_str()))
        .col_expr(user::Column::HashedPassword, Expr::value(hash.expose()))
        .col_expr(user::Column::UpdatedAt, Expr::value(instant::to_column(now)))
        .exec(transaction)
        .await
        .map_err(store_error)?;
    let forget = Entity::delete_many().filter(Column::UserId.eq(user_id.as_str()));
    forget.exec(transaction).await.map_err(store_error)?;
    session_repo::revoke_all_but(kept, user_id, now, transaction, wall).await
}
