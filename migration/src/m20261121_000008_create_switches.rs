//! Kill switches that are off.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_len, timestamp_with_time_zone};
use todo_domain::Switch;

const SWITCHES_OFF: &str = "switches_off";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let switches_off = Table::create()
            .table(SWITCHES_OFF)
            .col(string_len("name", Switch::MAX_CHARS).primary_key())
            .col(timestamp_with_time_zone("since"))
            .to_owned();
        manager.create_table(switches_off).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(SWITCHES_OFF).to_owned()).await
    }
}
