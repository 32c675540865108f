//! Users in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use todo_domain::{
    Account, DisplayName, Email, NewAccount, NewSession, PasswordHash, SessionId, Standing,
    StoreError, Timestamp, User, UserId, UserRepo,
};

use crate::connect::Db;
use crate::entity::deleted_user;
use crate::entity::user::{ActiveModel, Column, Entity, HashedPassword, Model};
use crate::error::store_error;
use crate::gate::{Reads, Writes};
use crate::instant;
use crate::login_attempt_repo;
use crate::session_repo;
use crate::transaction::{begin, lock_user};
use crate::wall::Wall;

/// Keeps users in the table `users`.
#[derive(Clone, Debug)]
pub struct SeaUserRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
}

impl SeaUserRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes(), wall: db.wall().clone() }
    }

    /// Makes the row, unless the user was deleted at `vouched_at` or later, or an id or an email is
    /// taken. Whether it did.
    async fn insert_unless_deleted(
        &self,
        account: &NewAccount,
        vouched_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let NewAccount { id, email, name, password_hash, created_at } = account;
        let deletion = Query::select()
            .expr(Expr::value(1))
            .from(deleted_user::Entity)
            .cond_where(deleted_since(id, vouched_at))
            .take();
        let created_at = instant::to_column(*created_at);
        let row = Query::select()
            .expr(Expr::value(id.as_str()))
            .expr(Expr::value(email.as_str()))
            .expr(Expr::value(name.as_ref().map(DisplayName::as_str)))
            .expr(Expr::value(password_hash.as_ref().map(PasswordHash::expose)))
            .expr(Expr::value(created_at))
            .expr(Expr::value(created_at))
            .and_where(Expr::exists(deletion).not())
            .take();
        let mut insert = Query::insert();
        insert
            .into_table(Entity)
            .columns([
                Column::Id,
                Column::Email,
                Column::Name,
                Column::HashedPassword,
                Column::CreatedAt,
                Column::UpdatedAt,
            ])
            .select_from(row)
            // Six columns and six values.
            .map_err(|error| StoreError::Corrupt(error.into()))?
            // Without a target every unique index counts: with one on the id, two first requests of
            // one user could still collide on the email's index and fail.
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        let inserted = self.writes.execute(&insert).await.map_err(store_error)?;
        Ok(inserted.rows_affected() > 0)
    }
}

#[async_trait]
impl UserRepo for SeaUserRepo {
    async fn create(&self, account: &NewAccount, session: &NewSession) -> Result<User, StoreError> {
        let transaction = begin(&self.writes).await?;
        let user = Entity::insert(to_row(account))
            .exec_with_returning(&transaction)
            .await
            .map_err(store_error)?;
        let user = self.wall.pass(user, |row| is_user(row, &account.id))?;
        session_repo::insert(session, &transaction).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(Account::try_from(user)?.user)
    }

    async fn provision(
        &self,
        account: &NewAccount,
        vouched_at: Option<Timestamp>,
    ) -> Result<Standing, StoreError> {
        if let Some(standing) = self.standing(&account.id, vouched_at).await? {
            return Ok(standing);
        }
        if self.insert_unless_deleted(account, vouched_at).await? {
            return Ok(Standing::Active);
        }
        // Another request was faster, or the email is another's.
        self.standing(&account.id, vouched_at).await?.ok_or(StoreError::Conflict)
    }

    async fn standing(
        &self,
        id: &UserId,
        vouched_at: Option<Timestamp>,
    ) -> Result<Option<Standing>, StoreError> {
        // Whoever was deleted may be back: what was vouched for before is void all the same.
        let deletion = deleted_user::Entity::find().filter(deleted_since(id, vouched_at));
        let deletion = deletion.one(&self.reads).await.map_err(store_error)?;
        if self.wall.pass_one(deletion, |row| row.user_id == id.as_str())?.is_some() {
            return Ok(Some(Standing::Deleted));
        }
        let active = self.find(id).await?.map(|account| account.user.is_active());
        Ok(active.map(|active| if active { Standing::Active } else { Standing::Disabled }))
    }

    async fn find(&self, id: &UserId) -> Result<Option<Account>, StoreError> {
        let row = Entity::find_by_id(id.as_str()).one(&self.reads).await;
        let row = self.wall.pass_one(row.map_err(store_error)?, |row| is_user(row, id))?;
        row.map(Account::try_from).transpose()
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        let select = Entity::find().filter(Column::Email.eq(email.as_str()));
        let row = select.one(&self.reads).await.map_err(store_error)?;
        let row = self.wall.pass_one(row, |row| row.email == email.as_str())?;
        row.map(Account::try_from).transpose()
    }

    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, StoreError> {
        let mut select = Entity::find().order_by_asc(Column::Id).limit(u64::from(limit));
        if let Some(after) = &after {
            select = select.filter(Column::Id.gt(after.as_str()));
        }
        let rows = select.all(&self.reads).await.map_err(store_error)?;
        // An operator asks for anybody. The database compares ids by its own collation, so not even
        // `after` can be held against them here.
        let rows = self.wall.pass_all(rows, |_| true)?;
        rows.into_iter().map(|row| Account::try_from(row).map(|account| account.user)).collect()
    }

    async fn rename(
        &self,
        id: &UserId,
        name: Option<DisplayName>,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let name = name.as_ref().map(|name| name.as_str().to_owned());
        let same = Condition::any()
            .add(Column::Name.eq(name.clone()))
            .add(Expr::col(Column::Name).is_null().and(Expr::value(name.is_none())));
        let updated_at = Expr::case(same, Expr::col(Column::UpdatedAt))
            .finally(Expr::value(instant::to_column(now)));
        let mut rows = Entity::update_many()
            .filter(Column::Id.eq(id.as_str()))
            .col_expr(Column::Name, Expr::value(name))
            .col_expr(Column::UpdatedAt, updated_at.into())
            .exec_with_returning(&self.writes)
            .await
            .map_err(store_error)?;
        let row = self.wall.pass_one(rows.pop(), |row| is_user(row, id))?;
        row.map(|row| Account::try_from(row).map(|account| account.user)).transpose()
    }

    async fn set_active(
        &self,
        id: &UserId,
        active: bool,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let transaction = begin(&self.writes).await?;
        let Some(user) = lock_user(id, &transaction, &self.wall).await? else { return Ok(None) };
        if user.disabled_at.is_none() != active {
            let since = (!active).then(|| instant::to_column(now));
            Entity::update_many()
                .filter(Column::Id.eq(id.as_str()))
                .col_expr(Column::DisabledAt, Expr::value(since))
                .col_expr(Column::UpdatedAt, Expr::value(instant::to_column(now)))
                .exec(&transaction)
                .await
                .map_err(store_error)?;
        }
        let ended = if active {
            Vec::new()
        } else {
            session_repo::revoke_all_but(None, id, now, &transaction, &self.wall).await?
        };
        transaction.commit().await.map_err(store_error)?;
        Ok(Some(ended))
    }

    async fn delete(
        &self,
        id: &UserId,
        now: Timestamp,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let transaction = begin(&self.writes).await?;
        let Some(user) = lock_user(id, &transaction, &self.wall).await? else { return Ok(None) };
        let ended = session_repo::revoke_all_but(None, id, now, &transaction, &self.wall).await?;
        let delete = Entity::delete_by_id(id.as_str()).exec(&transaction);
        delete.await.map_err(store_error)?;
        login_attempt_repo::forget(&user.email, &transaction).await?;
        let row = deleted_user::ActiveModel {
            user_id: Set(id.as_str().to_owned()),
            deleted_at: Set(instant::to_column(now)),
        };
        let again = OnConflict::column(deleted_user::Column::UserId)
            .update_column(deleted_user::Column::DeletedAt)
            .to_owned();
        let remember = deleted_user::Entity::insert(row).on_conflict(again);
        remember.exec_without_returning(&transaction).await.map_err(store_error)?;
        transaction.commit().await.map_err(store_error)?;
        Ok(Some(ended))
    }
}

/// Whether the user is the one who was asked for.
fn is_user(row: &Model, id: &UserId) -> bool {
    row.id == id.as_str()
}

/// The deletion of this user at `vouched_at` or later; any, if that is not known.
fn deleted_since(id: &UserId, vouched_at: Option<Timestamp>) -> Condition {
    let since = vouched_at
        .map(|vouched_at| deleted_user::Column::DeletedAt.gte(instant::to_column(vouched_at)));
    Condition::all().add(deleted_user::Column::UserId.eq(id.as_str())).add_option(since)
}

fn to_row(account: &NewAccount) -> ActiveModel {
    let NewAccount { id, email, name, password_hash, created_at } = account;
    let created_at = instant::to_column(*created_at);
    ActiveModel {
        id: Set(id.as_str().to_owned()),
        email: Set(email.as_str().to_owned()),
        name: Set(name.as_ref().map(DisplayName::as_str).map(str::to_owned)),
        hashed_password: Set(password_hash
            .as_ref()
            .map(|hash| HashedPassword(hash.expose().to_owned()))),
        created_at: Set(created_at),
        updated_at: Set(created_at),
        disabled_at: Set(None),
    }
}
