//! What is asked of the table `tasks`. The owner is in the `WHERE` of every statement.

use sea_orm::sea_query::{
    Asterisk, BinOper, CaseStatement, DeleteStatement, Expr, ExprTrait, Func, InsertStatement,
    Query, ReturningClause, SelectStatement, UpdateStatement,
};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, Iterable as _, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Statement, Value,
};
use todo_domain::{
    Cursor, Direction, NewTask, SortKey, TaskChanges, TaskId, TaskQuery, Timestamp, UserId,
};

use crate::entity::task::{Column, Entity};
use crate::instant;
use crate::texts::Texts;

/// The statements of tasks. Each that answers with tasks names the columns in the order of the table.
#[derive(Debug)]
pub(super) struct TaskStatements(Texts<Shape>);

/// What the text of a statement depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Create,
    Find,
    List { filtered: bool, key: SortKey, direction: Direction, further: bool },
    Count,
    Update { title: bool, description: bool, completed: bool },
    Toggle,
    Delete,
}

impl TaskStatements {
    pub(super) fn new(backend: DbBackend) -> Self {
        Self(Texts::new(backend))
    }

    /// Inserts the task and answers with it.
    pub(super) fn create(&self, owner: &UserId, task: &NewTask, now: Timestamp) -> Statement {
        let now = instant::to_column(now);
        let values: Vec<Value> = vec![
            owner.as_str().into(),
            task.title.as_str().into(),
            task.description.as_ref().map(|text| text.as_str().to_owned()).into(),
            false.into(),
            now.into(),
            now.into(),
        ];
        self.0.statement(Shape::Create, values.clone(), || insert(values))
    }

    /// The task, if it is the owner's.
    pub(super) fn find(&self, owner: &UserId, id: TaskId) -> Statement {
        let values = vec![id.get().into(), owner.as_str().into(), 1_u64.into()];
        self.0.statement(Shape::Find, values, || {
            Entity::find().filter(is_task(owner, id)).limit(1).into_query()
        })
    }

    /// The tasks of a page, and one more if another page follows.
    pub(super) fn list(&self, owner: &UserId, query: &TaskQuery) -> Statement {
        let TaskQuery { status, order, size, after } = query;
        let shape = Shape::List {
            filtered: status.completed().is_some(),
            key: order.key,
            direction: order.direction,
            further: after.is_some(),
        };
        let mut values: Vec<Value> = vec![owner.as_str().into()];
        values.extend(status.completed().map(Value::from));
        match after {
            Some(Cursor::Created { at, id }) => {
                values.extend([instant::to_column(*at).into(), id.get().into()]);
            }
            Some(Cursor::Title { title, id }) => {
                let title = || Value::from(title.as_str());
                values.extend([title(), id.get().into(), title()]);
            }
            None => {}
        }
        let limit = u64::from(size.get()) + 1;
        values.push(limit.into());
        self.0.statement(shape, values, || select_page(owner, query, limit))
    }

    /// How many tasks the owner has of each status that there is: the owner, whether the tasks are
    /// completed, and their number. The owner is there so that the row can be held to it.
    pub(super) fn count(&self, owner: &UserId) -> Statement {
        let values = vec![owner.as_str().into()];
        self.0.statement(Shape::Count, values, || {
            // What it names is in the index `tasks_by_completed`, in its order.
            Entity::find()
                .select_only()
                .columns([Column::UserId, Column::Completed])
                .expr(Expr::col(Asterisk).count())
                .filter(Column::UserId.eq(owner.as_str()))
                .group_by(Column::UserId)
                .group_by(Column::Completed)
                .into_query()
        })
    }

    /// Changes the task, if it is the owner's, and answers with it; nothing if nothing is to change.
    pub(super) fn update(
        &self,
        owner: &UserId,
        id: TaskId,
        changes: &TaskChanges,
        now: Timestamp,
    ) -> Option<Statement> {
        let TaskChanges { title, description, completed } = changes;
        let shape = Shape::Update {
            title: title.is_some(),
            description: description.is_some(),
            completed: completed.is_some(),
        };
        let title = title.as_ref().map(|title| (Column::Title, title.as_str().into()));
        let description = description.as_ref().map(|text| {
            (Column::Description, text.as_ref().map(|text| text.as_str().to_owned()).into())
        });
        let completed = completed.map(|done| (Column::Completed, done.into()));
        let set: Vec<(Column, Value)> =
            [title, description, completed].into_iter().flatten().collect();
        if set.is_empty() {
            return None;
        }
        let now = instant::to_column(now);
        let new = || set.iter().map(|(_, value)| value.clone());
        let mut values: Vec<Value> = new().chain(new()).collect();
        values.extend([now.into(), id.get().into(), owner.as_str().into()]);
        Some(self.0.statement(shape, values, || {
            let mut differs = Condition::any();
            let mut update = Query::update();
            for (column, value) in set {
                differs = differs.add(is_distinct(column, value.clone().into()));
                update.value(column, value);
            }
            let updated_at = CaseStatement::new()
                .case(differs, Expr::value(now))
                .finally(Expr::col(Column::UpdatedAt));
            changing(update.value(Column::UpdatedAt, updated_at), owner, id)
        }))
    }

    /// Completes the task, or opens it again, if it is the owner's, and answers with it.
    pub(super) fn toggle(&self, owner: &UserId, id: TaskId, now: Timestamp) -> Statement {
        let now = instant::to_column(now);
        let values = vec![now.into(), id.get().into(), owner.as_str().into()];
        self.0.statement(Shape::Toggle, values, || {
            let mut update = Query::update();
            update.value(Column::Completed, Expr::col(Column::Completed).not());
            changing(update.value(Column::UpdatedAt, now), owner, id)
        })
    }

    /// Deletes the task, if it is the owner's.
    pub(super) fn delete(&self, owner: &UserId, id: TaskId) -> Statement {
        let values = vec![id.get().into(), owner.as_str().into()];
        self.0.statement(Shape::Delete, values, || -> DeleteStatement {
            Entity::delete_many().filter(is_task(owner, id)).into_query()
        })
    }
}

fn insert(values: Vec<Value>) -> InsertStatement {
    let columns = Column::iter().filter(|column| !matches!(column, Column::Id));
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(columns).returning(all_columns());
    // It takes as many values as there are columns, and there are.
    insert.values(values.into_iter().map(Expr::value)).ok();
    insert
}

fn select_page(owner: &UserId, query: &TaskQuery, limit: u64) -> SelectStatement {
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
    let select = select.order_by(key, order.clone()).order_by(Column::Id, order);
    select.limit(limit).into_query()
}

/// The update of this one task, which answers with it.
fn changing(update: &mut UpdateStatement, owner: &UserId, id: TaskId) -> UpdateStatement {
    update.table(Entity).cond_where(is_task(owner, id)).returning(all_columns()).to_owned()
}

fn all_columns() -> ReturningClause {
    Query::returning().columns(Column::iter())
}

/// The one task with this id that this owner has.
fn is_task(owner: &UserId, id: TaskId) -> Condition {
    Condition::all().add(Column::Id.eq(id.get())).add(Column::UserId.eq(owner.as_str()))
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
