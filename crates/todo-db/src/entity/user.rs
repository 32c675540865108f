//! The table `users`.

use sea_orm::entity::prelude::*;
use todo_domain::{Account, DisplayName, Email, PasswordHash, StoreError, User, UserId};

use crate::error::corrupt;
use crate::instant;
use crate::wall::Asked;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    #[sea_orm(unique)]
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) hashed_password: Option<HashedPassword>,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
    pub(crate) disabled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The column of a password's hash; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub(crate) struct HashedPassword(pub(crate) String);

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl TryFrom<Asked<Model>> for Account {
    type Error = StoreError;

    fn try_from(row: Asked<Model>) -> Result<Self, StoreError> {
        let Model { id, email, name, hashed_password, created_at, updated_at, disabled_at } =
            row.into_inner();
        let name = name.map(|text| DisplayName::parse(&text)).transpose();
        Ok(Self {
            user: User {
                id: UserId::parse(&id).map_err(|_| corrupt("user id"))?,
                email: Email::parse(&email).map_err(|_| corrupt("email"))?,
                name: name.map_err(|_| corrupt("name"))?.flatten(),
                created_at: instant::from_column(created_at)?,
                updated_at: instant::from_column(updated_at)?,
                disabled_at: disabled_at.map(instant::from_column).transpose()?,
            },
            password_hash: hashed_password.map(|hash| PasswordHash::new(hash.0)),
        })
    }
}
