//! Users, of our own and of other issuers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_len, string_len_null, string_len_uniq, text_null};
use todo_domain::{DisplayName, Email, UserId};

use crate::column::{created_at, length, updated_at};

const USERS: &str = "users";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lower: Expr = Func::lower(Expr::col("email")).into();
        let users = Table::create()
            .table(USERS)
            .col(string_len("id", UserId::MAX_CHARS).primary_key())
            .col(string_len_uniq("email", Email::MAX_CHARS))
            .col(string_len_null("name", DisplayName::MAX_CHARS))
            .col(text_null("hashed_password"))
            .col(created_at())
            .col(updated_at())
            .check(length(USERS, "id", 1, UserId::MAX_CHARS))
            .check(length(USERS, "email", 1, Email::MAX_CHARS))
            .check(length(USERS, "name", 1, DisplayName::MAX_CHARS))
            // One person, one account: two cases of one address must meet in the unique index.
            .check(Check::named("users_email_lower", Expr::col("email").eq(lower)))
            .to_owned();
        manager.create_table(users).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(USERS).to_owned()).await
    }
}
