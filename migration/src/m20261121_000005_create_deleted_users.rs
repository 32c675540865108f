//! Ids of users that were deleted, so that no token from before makes them again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_len, timestamp_with_time_zone};
use todo_domain::UserId;

use crate::column::USER_ID;

const DELETED_USERS: &str = "deleted_users";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign key: the user is gone.
        let deleted_users = Table::create()
            .table(DELETED_USERS)
            .col(string_len(USER_ID, UserId::MAX_CHARS).primary_key())
            .col(timestamp_with_time_zone("deleted_at"))
            .to_owned();
        manager.create_table(deleted_users).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(DELETED_USERS).to_owned()).await
    }
}
