//! Whether a task is completed, in the index of titles: a list of one status by title passes the other
//! tasks by in the index, without reading each of them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// The new index is made before the old one is dropped, which only takes a moment: until then
    /// tasks can be read.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            // The builder cannot put an expression into an index of SQLite.
            .execute_unprepared(
                "CREATE INDEX tasks_by_title_and_status \
                 ON tasks (user_id, lower(title), id, completed)",
            )
            .await?;
        connection.execute_unprepared("DROP INDEX tasks_by_title").await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("CREATE INDEX tasks_by_title ON tasks (user_id, lower(title), id)")
            .await?;
        connection.execute_unprepared("DROP INDEX tasks_by_title_and_status").await.map(drop)
    }
}
