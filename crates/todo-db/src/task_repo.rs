//! Tasks in SQL. The owner is in the `WHERE` of every statement.

mod counts;
mod statements;

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait as _, Statement};
use todo_domain::{
    Cursor, NewTask, StoreError, Task, TaskChanges, TaskCounts, TaskId, TaskPage, TaskQuery,
    TaskRepo, Timestamp, UserId,
};

use self::counts::StatusCount;
use self::statements::TaskStatements;
use crate::connect::Db;
use crate::entity::task::Model;
use crate::error::{corrupt, store_error};
use crate::gate::{Reads, Writes};
use crate::wall::Wall;

/// Keeps tasks in the table `tasks`.
#[derive(Clone, Debug)]
pub struct SeaTaskRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
    statements: Arc<TaskStatements>,
}

impl SeaTaskRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        let (reads, writes) = (db.reads(), db.writes());
        let statements = Arc::new(TaskStatements::new(reads.get_database_backend()));
        Self { reads, writes, wall: db.wall().clone(), statements }
    }

    /// Runs a change and returns the one row that it may have changed: this task of the owner's.
    async fn changed(
        &self,
        change: Statement,
        owner: &UserId,
        id: TaskId,
    ) -> Result<Option<Task>, StoreError> {
        let row = self.writes.query_one_raw(change).await.map_err(store_error)?;
        let row = row.as_ref().map(Model::read).transpose().map_err(store_error)?;
        self.task(row, owner, id)
    }

    /// The task that a row holds, which must be this one of the owner's.
    fn task(
        &self,
        row: Option<Model>,
        owner: &UserId,
        id: TaskId,
    ) -> Result<Option<Task>, StoreError> {
        let row = self.wall.pass_one(row, |row| is_of(row, owner) && row.id == id.get())?;
        row.map(Task::try_from).transpose()
    }
}

#[async_trait]
impl TaskRepo for SeaTaskRepo {
    async fn create(
        &self,
        owner: &UserId,
        task: &NewTask,
        now: Timestamp,
    ) -> Result<Task, StoreError> {
        let insert = self.statements.create(owner, task, now);
        let row = self.writes.query_one_raw(insert).await.map_err(store_error)?;
        let row = row.ok_or_else(|| corrupt("task, which was not answered with,"))?;
        let row = Model::read(&row).map_err(store_error)?;
        self.wall.pass(row, |row| is_of(row, owner))?.try_into()
    }

    async fn list(&self, owner: &UserId, query: &TaskQuery) -> Result<TaskPage, StoreError> {
        let select = self.statements.list(owner, query);
        let rows = self.reads.query_all_raw(select).await.map_err(store_error)?;
        let rows: Vec<Model> =
            rows.iter().map(Model::read).collect::<Result<_, _>>().map_err(store_error)?;
        let rows = self.wall.pass_all(rows, |row| is_of(row, owner))?;

        let size = query.size.get() as usize;
        let more = rows.len() > size;
        let tasks: Vec<Task> =
            rows.into_iter().take(size).map(Task::try_from).collect::<Result<_, _>>()?;
        let last = tasks.last().filter(|_| more);
        let next = last.map(|task| Cursor::at(task, query.order.key));
        Ok(TaskPage { tasks, next })
    }

    async fn count(&self, owner: &UserId) -> Result<TaskCounts, StoreError> {
        let select = self.statements.count(owner);
        let rows = self.reads.query_all_raw(select).await.map_err(store_error)?;
        let rows: Vec<StatusCount> =
            rows.iter().map(StatusCount::read).collect::<Result<_, _>>().map_err(store_error)?;
        counts::total(self.wall.pass_all(rows, |row| row.user_id == owner.as_str())?)
    }

    async fn find(&self, owner: &UserId, id: TaskId) -> Result<Option<Task>, StoreError> {
        let select = self.statements.find(owner, id);
        let row = self.reads.query_one_raw(select).await.map_err(store_error)?;
        let row = row.as_ref().map(Model::read).transpose().map_err(store_error)?;
        self.task(row, owner, id)
    }

    async fn update(
        &self,
        owner: &UserId,
        id: TaskId,
        changes: &TaskChanges,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError> {
        match self.statements.update(owner, id, changes, now) {
            Some(update) => self.changed(update, owner, id).await,
            None => self.find(owner, id).await,
        }
    }

    async fn toggle(
        &self,
        owner: &UserId,
        id: TaskId,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError> {
        self.changed(self.statements.toggle(owner, id, now), owner, id).await
    }

    async fn delete(&self, owner: &UserId, id: TaskId) -> Result<bool, StoreError> {
        let delete = self.statements.delete(owner, id);
        let result = self.writes.execute_raw(delete).await.map_err(store_error)?;
        Ok(result.rows_affected() > 0)
    }
}

/// Whether the owner is the one who was asked for.
fn is_of(row: &Model, owner: &UserId) -> bool {
    row.user_id == owner.as_str()
}
