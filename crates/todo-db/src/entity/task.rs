//! The table `tasks`.

use sea_orm::QueryResult;
use sea_orm::entity::prelude::*;
use todo_domain::{Description, StoreError, Task, TaskId, Title, UserId};

use crate::error::corrupt;
use crate::instant;
use crate::wall::Asked;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) user_id: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) completed: bool,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What a row holds whose columns are in the order of the table. Lists are long: to look for each
    /// column by its name takes longer than to read it.
    pub(crate) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let (id, user_id, title, description, completed, created_at, updated_at) =
            row.try_get_many_by_index()?;
        Ok(Self { id, user_id, title, description, completed, created_at, updated_at })
    }
}

impl TryFrom<Asked<Model>> for Task {
    type Error = StoreError;

    fn try_from(row: Asked<Model>) -> Result<Self, StoreError> {
        let Model { id, user_id, title, description, completed, created_at, updated_at } =
            row.into_inner();
        Ok(Self {
            id: TaskId::new(id).ok_or_else(|| corrupt("task id"))?,
            user_id: UserId::parse(user_id).map_err(|_| corrupt("user id"))?,
            title: Title::parse(title).map_err(|_| corrupt("title"))?,
            description: description
                .map(Description::parse)
                .transpose()
                .map_err(|_| corrupt("description"))?,
            completed,
            created_at: instant::from_column(created_at)?,
            updated_at: instant::from_column(updated_at)?,
        })
    }
}
