//! Tasks, and one index for each way to list them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, boolean, string_len, string_len_null};
use todo_domain::{Description, Title, UserId};

use crate::column::{CREATED_AT, USER_ID, belongs_to_user, created_at, length, updated_at};

const TASKS: &str = "tasks";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tasks = Table::create()
            .table(TASKS)
            .col(big_pk_auto("id"))
            .col(string_len(USER_ID, UserId::MAX_CHARS))
            .col(string_len("title", Title::MAX_CHARS))
            .col(string_len_null("description", Description::MAX_CHARS))
            .col(boolean("completed"))
            .col(created_at())
            .col(updated_at())
            .foreign_key(&mut belongs_to_user(TASKS))
            .check(length(TASKS, "title", 1, Title::MAX_CHARS))
            .check(length(TASKS, "description", 0, Description::MAX_CHARS))
            .to_owned();
        manager.create_table(tasks).await?;

        let by_created = Index::create()
            .name("tasks_by_created")
            .table(TASKS)
            .col(USER_ID)
            .col(CREATED_AT)
            .col("id")
            .to_owned();
        manager.create_index(by_created).await?;

        let by_completed = Index::create()
            .name("tasks_by_completed")
            .table(TASKS)
            .col(USER_ID)
            .col("completed")
            .col(CREATED_AT)
            .col("id")
            .to_owned();
        manager.create_index(by_completed).await?;

        // The builder cannot put an expression into an index of SQLite.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX tasks_by_title ON tasks (user_id, lower(title), id)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TASKS).to_owned()).await
    }
}
