//! The database schema, step by step, for SQLite and PostgreSQL alike.
//!
//! Every change of the schema runs in one transaction that no other replica can enter: on
//! PostgreSQL behind an advisory lock, on SQLite behind its write lock. Replicas may start together.

mod column;
mod error;
mod loss;
mod m20261121_000001_create_users;
mod m20261121_000002_create_tasks;
mod m20261121_000003_create_sessions;
mod m20261121_000004_add_disabled_at_to_users;
mod m20261121_000005_create_deleted_users;
mod m20261121_000006_create_password_resets;
mod m20261121_000007_create_login_attempts;
mod m20261121_000008_create_switches;
mod m20261121_000009_add_completed_to_tasks_by_title;
mod step;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

pub use self::error::MigrateError;
pub use self::loss::Loss;
pub use self::step::{State, Step};

/// The key of the advisory lock: "todo" in ASCII.
const LOCK_KEY: i64 = 0x74_6f_64_6f;

/// The steps, oldest first.
#[derive(Debug)]
struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_users::Migration),
            Box::new(m20261121_000002_create_tasks::Migration),
            Box::new(m20261121_000003_create_sessions::Migration),
            Box::new(m20261121_000004_add_disabled_at_to_users::Migration),
            Box::new(m20261121_000005_create_deleted_users::Migration),
            Box::new(m20261121_000006_create_password_resets::Migration),
            Box::new(m20261121_000007_create_login_attempts::Migration),
            Box::new(m20261121_000008_create_switches::Migration),
            Box::new(m20261121_000009_add_completed_to_tasks_by_title::Migration),
        ]
    }
}

/// Takes every step that is missing, all or none of them. Of a schema that needs none it changes
/// nothing, so that a role without the right to change it will do.
///
/// # Errors
/// [`MigrateError`]; the schema is then as it was.
pub async fn up(connection: &DatabaseConnection) -> Result<(), MigrateError> {
    if !step::any_pending(&status(connection).await?) {
        return Ok(());
    }
    let transaction = begin(connection).await?;
    step::require_known(&step::read(&transaction).await?)?;
    Migrator::up(&transaction, None).await?;
    Ok(transaction.commit().await?)
}

/// Takes the newest `steps` steps back. What is stored in the tables and columns that they made
/// would be lost: then it is done only if that is accepted.
///
/// # Errors
/// [`MigrateError`]; the schema is then as it was.
pub async fn down(
    connection: &DatabaseConnection,
    steps: u32,
    loss: Loss,
) -> Result<(), MigrateError> {
    let transaction = begin(connection).await?;
    step::require_known(&step::read(&transaction).await?)?;
    if loss == Loss::Refused {
        loss::refuse(&transaction, steps).await?;
    }
    Migrator::down(&transaction, Some(steps)).await?;
    Ok(transaction.commit().await?)
}

/// Drops every table and takes all steps anew.
///
/// # Errors
/// [`MigrateError::Database`]; the schema is then as it was.
pub async fn fresh(connection: &DatabaseConnection) -> Result<(), MigrateError> {
    let transaction = begin(connection).await?;
    Migrator::fresh(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Every step, oldest first: those of this program, and those that the database took from another
/// one. Changes nothing in the database.
///
/// # Errors
/// [`MigrateError::Database`].
pub async fn status(connection: &DatabaseConnection) -> Result<Vec<Step>, MigrateError> {
    Ok(step::read(connection).await?)
}

/// Whether this program can serve on the schema. A schema that is ahead is fit for it, unless a step
/// that it does not know has taken something away. Tells the steps that it does not know.
///
/// # Errors
/// [`MigrateError::Behind`], [`MigrateError::Contracted`], [`MigrateError::Database`].
pub async fn check(connection: &DatabaseConnection) -> Result<Vec<String>, MigrateError> {
    step::require_fit(&status(connection).await?)
}

/// A transaction in which nobody else migrates, with as much time as it needs: what the role of the
/// service allows a statement may be less than a change of the schema takes, or the wait for another's.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [LOCK_KEY.into()],
        );
        transaction.execute_raw(lock).await?;
    }
    Ok(transaction)
}
