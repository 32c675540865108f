//! Passwords, and the links that reset them, in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    QueryFilter, TransactionTrait,
};
use todo_domain::{
    NewPassword, NewPasswordReset, PasswordHash, PasswordRepo, RedeemedReset, ResetDigest,
    SessionId, StoreError, Timestamp, UserId,
};

use crate::connect::Db;
use crate::entity::password_reset::{Column, Entity};
use crate::entity::user;
use crate::error::{corrupt, store_error};
use crate::instant;
use crate::session_repo;

/// Keeps passwords in the table `users`, and links in `password_resets`.
#[derive(Clone, Debug)]
pub struct SeaPasswordRepo {
    connection: DatabaseConnection,
}

impl SeaPasswordRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { connection: db.connection().clone() }
    }
}

#[async_trait]
impl PasswordRepo for SeaPasswordRepo {
    async fn set(&self, password: &NewPassword) -> Result<Option<Vec<SessionId>>, StoreError> {
        let NewPassword { user_id, replaced, hash, kept_session, now } = password;
        let transaction = self.connection.begin().await.map_err(store_error)?;
        let of_user = user::Column::Id.eq(user_id.as_str());
        let still = replaced.as_ref().map(|hash| user::Column::HashedPassword.eq(hash.expose()));
        let row = Condition::all().add(of_user).add_option(still);
        let ended = replace(row, user_id, hash, *kept_session, *now, &transaction).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(ended)
    }

    async fn create_reset(
        &self,
        reset: &NewPasswordReset,
        quiet_since: Timestamp,
    ) -> Result<bool, StoreError> {
        let NewPasswordReset { digest, user_id, created_at, expires_at } = reset;
        let recent = Query::select()
            .expr(Expr::value(1))
            .from(Entity)
            .and_where(Column::UserId.eq(user_id.as_str()))
            .and_where(Column::CreatedAt.gt(instant::to_column(quiet_since)))
            .take();
        let row = Query::select()
            .expr(Expr::value(digest.0.to_vec()))
            .expr(Expr::value(user_id.as_str()))
            .expr(Expr::value(instant::to_column(*created_at)))
            .expr(Expr::value(instant::to_column(*expires_at)))
            .and_where(Expr::exists(recent).not())
            .take();
        let mut insert = Query::insert();
        insert
            .into_table(Entity)
            .columns([Column::Digest, Column::UserId, Column::CreatedAt, Column::ExpiresAt])
            .select_from(row)
            // Four columns and four values.
            .map_err(|error| StoreError::Corrupt(error.into()))?;
        let inserted = self.connection.execute(&insert).await.map_err(store_error)?;
        Ok(inserted.rows_affected() > 0)
    }

    async fn find_reset(
        &self,
        digest: &ResetDigest,
        now: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        let select = Entity::find().filter(holds(digest, now));
        let row = select.one(&self.connection).await.map_err(store_error)?;
        row.map(|row| UserId::parse(&row.user_id).map_err(|_| corrupt("user id"))).transpose()
    }

    async fn redeem_reset(
        &self,
        digest: &ResetDigest,
        hash: &PasswordHash,
        now: Timestamp,
    ) -> Result<Option<RedeemedReset>, StoreError> {
        let transaction = self.connection.begin().await.map_err(store_error)?;
        let delete = Entity::delete_many().filter(holds(digest, now));
        let mut rows = delete.exec_with_returning(&transaction).await.map_err(store_error)?;
        let Some(row) = rows.pop() else { return Ok(None) };
        let user_id = UserId::parse(&row.user_id).map_err(|_| corrupt("user id"))?;
        let row = Condition::all()
            .add(user::Column::Id.eq(user_id.as_str()))
            .add(user::Column::DisabledAt.is_null());
        let ended = replace(row, &user_id, hash, None, now, &transaction).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(ended.map(|ended| RedeemedReset { user_id, ended }))
    }

    async fn delete_expired_resets(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let expired = Query::select()
            .column(Column::Digest)
            .from(Entity)
            .and_where(Column::ExpiresAt.lte(instant::to_column(now)))
            .limit(u64::from(limit))
            .take();
        let delete = Entity::delete_many().filter(Column::Digest.in_subquery(expired));
        let result = delete.exec(&self.connection).await.map_err(store_error)?;
        Ok(result.rows_affected)
    }
}

/// The row of `digest`, if it holds at `now`.
fn holds(digest: &ResetDigest, now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::Digest.eq(digest.0.to_vec()))
        .add(Column::ExpiresAt.gt(instant::to_column(now)))
}

/// Sets the password in the user's row, ends the user's sessions but `kept`, and forgets the user's
/// links. `None`, and nothing is changed, if there is no such row.
async fn replace(
    row: Condition,
    user_id: &UserId,
    hash: &PasswordHash,
    kept: Option<SessionId>,
    now: Timestamp,
    transaction: &DatabaseTransaction,
) -> Result<Option<Vec<SessionId>>, StoreError> {
    let update = user::Entity::update_many()
        .filter(row)
        .col_expr(user::Column::HashedPassword, Expr::value(hash.expose()))
        .col_expr(user::Column::UpdatedAt, Expr::value(instant::to_column(now)));
    let updated = update.exec(transaction).await.map_err(store_error)?;
    if updated.rows_affected == 0 {
        return Ok(None);
    }
    let forget = Entity::delete_many().filter(Column::UserId.eq(user_id.as_str()));
    forget.exec(transaction).await.map_err(store_error)?;
    session_repo::revoke_all_but(kept, user_id, now, transaction).await.map(Some)
}
