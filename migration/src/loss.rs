//! What a step back would lose.

use std::collections::BTreeSet;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseTransaction, DbBackend, Statement, TransactionTrait as _,
};

use crate::{MigrateError, Migrator};

/// Whether a step back may lose what is stored in the tables and columns that it drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It may not.
    Refused,
    /// It may.
    Accepted,
}

/// A column, behind the name of its table.
type Place = (String, String);

/// Refuses to take `steps` steps back if a table or a column that holds something would go with them.
/// Takes them on trial to find out, for only they know what they drop.
pub(crate) async fn refuse(
    transaction: &DatabaseTransaction,
    steps: u32,
) -> Result<(), MigrateError> {
    let before = columns(transaction).await?;
    let trial = transaction.begin().await?;
    Migrator::down(&trial, Some(steps)).await?;
    let after = columns(&trial).await?;
    trial.rollback().await?;

    let mut lost = BTreeSet::new();
    for (table, column) in before.difference(&after) {
        if holds_something(transaction, table, column).await? {
            let table_stays = after.iter().any(|(name, _)| name == table);
            lost.insert(if table_stays { format!("{table}.{column}") } else { table.clone() });
        }
    }
    if lost.is_empty() { Ok(()) } else { Err(MigrateError::Loss(lost.into_iter().collect())) }
}

/// Every column of every table.
async fn columns(connection: &impl ConnectionTrait) -> Result<BTreeSet<Place>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => {
            "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c \
             WHERE t.type = 'table'"
        }
        _ => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Whether any row has a value there.
async fn holds_something(
    connection: &impl ConnectionTrait,
    table: &str,
    column: &str,
) -> Result<bool, DbErr> {
    let (table, column) = (Alias::new(table), Alias::new(column));
    let any = Query::select()
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col(column).is_not_null())
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&any).await?.is_some())
}
