//! Tasks in SQL. The owner is in the `WHERE` of every statement.

use async_trait::async_trait;
use sea_orm::sea_query::{BinOper, CaseStatement, Expr, ExprTrait, Func};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
};
use todo_domain::{
    Cursor, Direction, NewTask, SortKey, StoreError, Task, TaskChanges, TaskId, TaskPage,
    TaskQuery, TaskRepo, Timestamp, UserId,
};

use crate::connect::Db;
use crate::entity::task::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;
use crate::gate::{Reads, Writes};
use crate::instant;
use crate::wall::Wall;

/// Keeps tasks in the table `tasks`.
#[derive(Clone, Debug)]
pub struct SeaTaskRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
}

impl SeaTaskRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes(), wall: db.wall().clone() }
    }

    /// Runs `update` and returns the one row that it may have changed: this task of the owner's.
    async fn returning(
        &self,
        update: UpdateMany<Entity>,
        owner: &UserId,
        id: TaskId,
    ) -> Result<Option<Task>, StoreError> {
        let mut rows = update.exec_with_returning(&self.writes).await.map_err(store_error)?;
        self.task(rows.pop(), owner, id)
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
        let now = instant::to_column(now);
        let row = ActiveModel {
            id: NotSet,
            user_id: Set(owner.as_str().to_owned()),
            title: Set(task.title.as_str().to_owned()),
            description: Set(task.description.as_ref().map(|text| text.as_str().to_owned())),
            completed: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
        };
        let insert = Entity::insert(row);
        let row = insert.exec_with_returning(&self.writes).await.map_err(store_error)?;
        self.wall.pass(row, |row| is_of(row, owner))?.try_into()
    }

    async fn list(&self, owner: &UserId, query: &TaskQuery) -> Result<TaskPage, StoreError> {
        let size = query.size.get() as usize;
        let key = sort_key(query.order.key);
        let order = match query.order.direction {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        };
        let mut select = Entity::find().filter(Column::UserId.eq(owner.as_str()));
        if let Some(completed) = query.status.completed() {
            select = select.filter(Column::Completed.eq(completed));
        }
        if let Some(cursor) = &query.after {
            // A comparison of rows, so that one range of the index answers it.
            let (first, id) = place(cursor);
            let row = Expr::tuple([key.clone(), Expr::col(Column::Id)]);
            let place = Expr::tuple([first.clone(), id]);
            select = select.filter(match query.order.direction {
                Direction::Ascending => row.gt(place),
                Direction::Descending => row.lt(place),
            });
            if query.order.key == SortKey::Title {
                // SQLite finds that range only by the first key, where the key is an expression.
                select = select.filter(match query.order.direction {
                    Direction::Ascending => key.clone().gte(first),
                    Direction::Descending => key.clone().lte(first),
                });
            }
        }
        let rows = select
            .order_by(key, order.clone())
            .order_by(Column::Id, order)
            // One more than the page tells whether another page follows.
            .limit(u64::from(query.size.get()) + 1)
            .all(&self.reads)
            .await
            .map_err(store_error)?;

        let rows = self.wall.pass_all(rows, |row| is_of(row, owner))?;
        let more = rows.len() > size;
        let tasks: Vec<Task> =
            rows.into_iter().take(size).map(Task::try_from).collect::<Result<_, _>>()?;
        let last = tasks.last().filter(|_| more);
        let next = last.map(|task| Cursor::at(task, query.order.key));
        Ok(TaskPage { tasks, next })
    }

    async fn find(&self, owner: &UserId, id: TaskId) -> Result<Option<Task>, StoreError> {
        let select = Entity::find().filter(is_task(owner, id));
        let row = select.one(&self.reads).await.map_err(store_error)?;
        self.task(row, owner, id)
    }

    async fn update(
        &self,
        owner: &UserId,
        id: TaskId,
        changes: &TaskChanges,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError> {
        let TaskChanges { title, description, completed } = changes;
        let title = title.as_ref().map(|title| (Column::Title, Expr::value(title.as_str())));
        let description = description.as_ref().map(|text| {
            (Column::Description, Expr::value(text.as_ref().map(|text| text.as_str().to_owned())))
        });
        let completed = completed.map(|done| (Column::Completed, Expr::value(done)));
        let assignments: Vec<_> = [title, description, completed].into_iter().flatten().collect();
        if assignments.is_empty() {
            return self.find(owner, id).await;
        }

        let mut update = Entity::update_many().filter(is_task(owner, id));
        let mut differs = Condition::any();
        for (column, value) in assignments {
            differs = differs.add(is_distinct(column, value.clone()));
            update = update.col_expr(column, value);
        }
        let updated_at = CaseStatement::new()
            .case(differs, Expr::value(instant::to_column(now)))
            .finally(Expr::col(Column::UpdatedAt));
        self.returning(update.col_expr(Column::UpdatedAt, updated_at.into()), owner, id).await
    }

    async fn toggle(
        &self,
        owner: &UserId,
        id: TaskId,
        now: Timestamp,
    ) -> Result<Option<Task>, StoreError> {
        let update = Entity::update_many()
            .filter(is_task(owner, id))
            .col_expr(Column::Completed, Expr::col(Column::Completed).not())
            .col_expr(Column::UpdatedAt, Expr::value(instant::to_column(now)));
        self.returning(update, owner, id).await
    }

    async fn delete(&self, owner: &UserId, id: TaskId) -> Result<bool, StoreError> {
        let delete = Entity::delete_many().filter(is_task(owner, id));
        let result = delete.exec(&self.writes).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }
}

/// The one task with this id that this owner has.
fn is_task(owner: &UserId, id: TaskId) -> Condition {
    Condition::all().add(Column::Id.eq(id.get())).add(Column::UserId.eq(owner.as_str()))
}

/// Whether the owner is the one who was asked for.
fn is_of(row: &Model, owner: &UserId) -> bool {
    row.user_id == owner.as_str()
}

/// What the rows are sorted by, as the index holds it.
fn sort_key(key: SortKey) -> Expr {
    match key {
        SortKey::Created => Expr::col(Column::CreatedAt),
        SortKey::Title => Func::lower(Expr::col(Column::Title)).into(),
    }
}

/// The sort key and id of the row that a cursor names. The database itself folds the title's case,
/// so that a cursor compares as the rows do.
fn place(cursor: &Cursor) -> (Expr, Expr) {
    match cursor {
        Cursor::Created { at, id } => (Expr::value(instant::to_column(*at)), Expr::value(id.get())),
        Cursor::Title { title, id } => {
            let title = Func::lower(Expr::value(title.as_str()));
            (title.into(), Expr::value(id.get()))
        }
    }
}

/// Whether a column holds something else than `value`, NULL being a value like others.
fn is_distinct(column: Column, value: Expr) -> Expr {
    Expr::col(column).binary(BinOper::Custom("IS DISTINCT FROM"), value)
}
