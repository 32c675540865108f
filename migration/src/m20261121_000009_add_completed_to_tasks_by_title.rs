//! Whether a task is completed, in the index of titles: a list of one status by title passes the other
//! tasks by in the index, without reading each of them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake(manager, "user_id, lower(title), id, completed").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake(manager, "user_id, lower(title), id").await
    }
}

/// Makes the index anew, of these columns. The builder cannot put an expression into one of SQLite.
async fn remake(manager: &SchemaManager<'_>, columns: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared("DROP INDEX tasks_by_title").await?;
    let create = format!("CREATE INDEX tasks_by_title ON tasks ({columns})");
    connection.execute_unprepared(&create).await.map(drop)
}
