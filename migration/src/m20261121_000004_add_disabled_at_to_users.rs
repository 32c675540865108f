//! Since when an operator keeps a user out.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

const USERS: &str = "users";
const DISABLED_AT: &str = "disabled_at";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null(DISABLED_AT);
        manager.alter_table(Table::alter().table(USERS).add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(USERS).drop_column(DISABLED_AT).to_owned()).await
    }
}
