//! Sessions in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use todo_domain::{
    KeptSession, NewSession, OpenSession, PasswordHash, RefreshDigest, Rotation, Session,
    SessionId, SessionRepo, SessionState, StoreError, Timestamp, UserAgent, UserId,
};

use crate::clean_up::delete_some;
use crate::connect::Db;
use crate::entity::session::{ActiveModel, Column, Entity, Model};
use crate::entity::user;
use crate::error::store_error;
use crate::gate::{Reads, Transaction, Writes};
use crate::instant;
use crate::transaction::{begin, lock_user};
use crate::wall::{Asked, Wall};

/// Keeps sessions in the table `sessions`.
#[derive(Clone, Debug)]
pub struct SeaSessionRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
}

impl SeaSessionRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes(), wall: db.wall().clone() }
    }

    async fn find(&self, id: SessionId) -> Result<Option<Asked<Model>>, StoreError> {
        let select = Entity::find_by_id(id.to_string());
        let row = select.one(&self.reads).await.map_err(store_error)?;
        self.wall.pass_one(row, |row| row.id == id.to_string())
    }
}

#[async_trait]
impl SessionRepo for SeaSessionRepo {
    async fn create(&self, session: &NewSession, proof: &PasswordHash) -> Result<(), StoreError> {
        // The lock waits for whoever changes the user's row, and judges the row as it is then; whoever
        // comes after sees this session.
        let user = user::Entity::find_by_id(session.user_id.as_str())
            .filter(user::Column::HashedPassword.eq(proof.expose()))
            .filter(user::Column::DisabledAt.is_null())
            .select_only()
            .column(user::Column::Id)
            .lock_shared();
        let transaction = begin(&self.writes).await?;
        let user = user.into_tuple::<String>().one(&transaction).await.map_err(store_error)?;
        let user = self.wall.pass_one(user, |id| id == session.user_id.as_str())?;
        user.ok_or(StoreError::Conflict)?;
        insert(session, &transaction).await?;
        transaction.commit().await.map_err(store_error)
    }

    async fn find_state(&self, id: SessionId) -> Result<Option<SessionState>, StoreError> {
        self.find(id).await?.as_ref().map(SessionState::try_from).transpose()
    }

    async fn rotate(
        &self,
        id: SessionId,
        presented: &RefreshDigest,
        replacement: &RefreshDigest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let mut rotated = Entity::update_many()
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::RefreshDigest.eq(presented.0.to_vec()))
            .filter(is_open(now))
            .col_expr(Column::PreviousDigest, Expr::col(Column::RefreshDigest))
            .col_expr(Column::RefreshDigest, Expr::value(replacement.0.to_vec()))
            .col_expr(Column::LastUsedAt, Expr::value(instant::to_column(now)))
            .col_expr(Column::ExpiresAt, Expr::value(instant::to_column(expires_at)))
            .exec_with_returning(&self.writes)
            .await
            .map_err(store_error)?;
        if let Some(row) = self.wall.pass_one(rotated.pop(), |row| row.id == id.to_string())? {
            return Ok(Rotation::Rotated(Session::try_from(&row)?));
        }
        // Nothing was changed: what the token was may be told by a read of its own.
        let Some(row) = self.find(id).await? else { return Ok(Rotation::Unknown) };
        if !SessionState::try_from(&row)?.is_open(now) {
            return Ok(Rotation::Unknown);
        }
        let session = Session::try_from(&row)?;
        let replaced_at = instant::from_column(row.last_used_at)?;
        if row.previous_digest.as_deref() == Some(&presented.0) {
            Ok(Rotation::Replaced { session, replaced_at })
        } else {
            Ok(Rotation::Superseded { session, replaced_at })
        }
    }

    async fn revoke(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        Entity::update_many()
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::RevokedAt.is_null())
            .col_expr(Column::RevokedAt, Expr::value(instant::to_column(now)))
            .exec(&self.writes)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn list(&self, user_id: &UserId, now: Timestamp) -> Result<Vec<OpenSession>, StoreError> {
        let rows = Entity::find()
            .filter(open_sessions_of(user_id, now))
            .order_by_desc(Column::LastUsedAt)
            .order_by_desc(Column::Id)
            .limit(OpenSession::MAX_LISTED)
            .all(&self.reads)
            .await
            .map_err(store_error)?;
        let rows = self.wall.pass_all(rows, |row| is_of(row, user_id))?;
        rows.into_iter().map(OpenSession::try_from).collect()
    }

    async fn revoke_one(
        &self,
        user_id: &UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let result = Entity::update_many()
            .filter(open_sessions_of(user_id, now))
            .filter(Column::Id.eq(id.to_string()))
            .col_expr(Column::RevokedAt, Expr::value(instant::to_column(now)))
            .exec(&self.writes)
            .await
            .map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }

    async fn revoke_others(
        &self,
        user_id: &UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        let transaction = begin(&self.writes).await?;
        if lock_user(user_id, &transaction, &self.wall).await?.is_none() {
            return Ok(Vec::new());
        }
        let ended = revoke_all_but(kept, user_id, now, &transaction, &self.wall).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(ended)
    }

    async fn list_kept(
        &self,
        user_id: &UserId,
        after: Option<SessionId>,
    ) -> Result<Vec<KeptSession>, StoreError> {
        let mut select = Entity::find().filter(Column::UserId.eq(user_id.as_str()));
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after.to_string()));
        }
        let rows = select
            .order_by_asc(Column::Id)
            .limit(OpenSession::MAX_LISTED)
            .all(&self.reads)
            .await
            .map_err(store_error)?;
        let rows = self.wall.pass_all(rows, |row| is_of(row, user_id))?;
        rows.into_iter().map(KeptSession::try_from).collect()
    }

    async fn delete_ended(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let before = instant::to_column(before);
        let ended =
            Condition::any().add(Column::ExpiresAt.lt(before)).add(Column::RevokedAt.lt(before));
        delete_some::<Entity>([Column::Id], ended, limit, &self.writes).await
    }
}

/// The user's sessions that are open at `now`.
fn open_sessions_of(user_id: &UserId, now: Timestamp) -> Condition {
    is_open(now).add(Column::UserId.eq(user_id.as_str()))
}

/// Whether the session belongs to the user who was asked for.
fn is_of(row: &Model, user_id: &UserId) -> bool {
    row.user_id == user_id.as_str()
}

/// What [`SessionState::is_open`] says, in SQL.
fn is_open(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(instant::to_column(now)))
}

/// Ends the sessions but `kept` of a user whose row is locked, and names them. Of two that took rows of
/// several sessions at once without that lock, each could wait for the other.
pub(crate) async fn revoke_all_but(
    kept: Option<SessionId>,
    user_id: &UserId,
    now: Timestamp,
    transaction: &Transaction,
    wall: &Wall,
) -> Result<Vec<SessionId>, StoreError> {
    let others = kept.map(|kept| Column::Id.ne(kept.to_string()));
    let rows = Entity::update_many()
        .filter(open_sessions_of(user_id, now).add_option(others))
        .col_expr(Column::RevokedAt, Expr::value(instant::to_column(now)))
        .exec_with_returning(transaction)
        .await
        .map_err(store_error)?;
    let rows = wall.pass_all(rows, |row| is_of(row, user_id))?;
    rows.iter().map(|row| Session::try_from(row).map(|session| session.id)).collect()
}

/// Opens `session` on a connection or in a transaction.
pub(crate) async fn insert(
    session: &NewSession,
    connection: &impl ConnectionTrait,
) -> Result<(), StoreError> {
    let NewSession { id, user_id, refresh_digest, client, created_at, expires_at } = session;
    let created_at = instant::to_column(*created_at);
    let row = ActiveModel {
        id: Set(id.to_string()),
        user_id: Set(user_id.as_str().to_owned()),
        refresh_digest: Set(refresh_digest.0.to_vec()),
        previous_digest: Set(None),
        user_agent: Set(client.user_agent.as_ref().map(UserAgent::as_str).map(str::to_owned)),
        address: Set(client.address.map(|address| address.to_string())),
        created_at: Set(created_at),
        last_used_at: Set(created_at),
        expires_at: Set(instant::to_column(*expires_at)),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(connection).await.map_err(store_error)?;
    Ok(())
}
