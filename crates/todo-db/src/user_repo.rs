//! Users in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, TransactionTrait,
};
use todo_domain::{
    Account, DisplayName, Email, NewAccount, NewSession, StoreError, User, UserId, UserRepo,
};

use crate::connect::Db;
use crate::entity::user::{ActiveModel, Column, Entity, HashedPassword};
use crate::error::store_error;
use crate::instant;
use crate::session_repo;

/// Keeps users in the table `users`.
#[derive(Clone, Debug)]
pub struct SeaUserRepo {
    connection: DatabaseConnection,
}

impl SeaUserRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { connection: db.connection().clone() }
    }
}

#[async_trait]
impl UserRepo for SeaUserRepo {
    async fn create(&self, account: &NewAccount, session: &NewSession) -> Result<User, StoreError> {
        let transaction = self.connection.begin().await.map_err(store_error)?;
        let user = Entity::insert(to_row(account))
            .exec_with_returning(&transaction)
            .await
            .map_err(store_error)?;
        session_repo::insert(session, &transaction).await?;
        transaction.commit().await.map_err(store_error)?;
        Ok(Account::try_from(user)?.user)
    }

    async fn provision(&self, account: &NewAccount) -> Result<(), StoreError> {
        // Without a target every unique index counts: with one on the id, two first requests of one
        // user could still collide on the email's index and fail.
        let nothing = OnConflict::new().do_nothing().to_owned();
        let inserted = Entity::insert(to_row(account))
            .on_conflict(nothing)
            .exec_without_returning(&self.connection)
            .await
            .map_err(store_error)?;
        if inserted > 0 || self.find(&account.id).await?.is_some() {
            Ok(())
        } else {
            Err(StoreError::Conflict)
        }
    }

    async fn find(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let row = Entity::find_by_id(id.as_str()).one(&self.connection).await;
        let account = row.map_err(store_error)?.map(Account::try_from).transpose()?;
        Ok(account.map(|account| account.user))
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        let select = Entity::find().filter(Column::Email.eq(email.as_str()));
        let row = select.one(&self.connection).await.map_err(store_error)?;
        row.map(Account::try_from).transpose()
    }
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
    }
}
