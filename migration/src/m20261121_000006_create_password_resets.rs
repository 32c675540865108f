//! Links that reset passwords, by the digests of their tokens.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{binary_len, string_len, timestamp_with_time_zone};
use todo_domain::UserId;

use crate::column::{DIGEST_BYTES, USER_ID, belongs_to_user, created_at, index};

const PASSWORD_RESETS: &str = "password_resets";
const EXPIRES_AT: &str = "expires_at";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let password_resets = Table::create()
            .table(PASSWORD_RESETS)
            .col(binary_len("digest", DIGEST_BYTES).primary_key())
            .col(string_len(USER_ID, UserId::MAX_CHARS))
            .col(created_at())
            .col(timestamp_with_time_zone(EXPIRES_AT))
            .foreign_key(&mut belongs_to_user(PASSWORD_RESETS))
            .to_owned();
        manager.create_table(password_resets).await?;
        let by_user = index("password_resets_by_user", PASSWORD_RESETS, USER_ID);
        manager.create_index(by_user).await?;
        let by_expiry = index("password_resets_by_expiry", PASSWORD_RESETS, EXPIRES_AT);
        manager.create_index(by_expiry).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(PASSWORD_RESETS).to_owned()).await
    }
}
