//! The database schema, step by step, for SQLite and PostgreSQL alike.
//!
//! Every change of the schema runs in one transaction that no other replica can enter: on
//! PostgreSQL behind an advisory lock, on SQLite behind its write lock. Replicas may start together.

mod column;
mod m20261121_000001_create_users;
mod m20261121_000002_create_tasks;
mod m20261121_000003_create_sessions;
mod m20261121_000004_add_disabled_at_to_users;
mod m20261121_000005_create_deleted_users;
mod m20261121_000006_create_password_resets;
mod m20261121_000007_create_login_attempts;
mod m20261121_000008_create_switches;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{Migration, MigrationStatus};

pub use sea_orm_migration::sea_orm::DbErr;

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
        ]
    }
}

/// One step and whether the database has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The migration's name.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.applied { "applied" } else { "pending" };
        write!(f, "{state}  {}", self.name)
    }
}

/// Takes every step that is missing, all or none of them.
///
/// # Errors
/// The database's; the schema is then as it was.
pub async fn up(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = begin(connection).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// Takes the newest `steps` steps back, and what was stored in what they made with them.
///
/// # Errors
/// The database's; the schema is then as it was.
pub async fn down(connection: &DatabaseConnection, steps: u32) -> Result<(), DbErr> {
    let transaction = begin(connection).await?;
    Migrator::down(&transaction, Some(steps)).await?;
    transaction.commit().await
}

/// Drops every table and takes all steps anew.
///
/// # Errors
/// The database's; the schema is then as it was.
pub async fn fresh(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = begin(connection).await?;
    Migrator::fresh(&transaction).await?;
    transaction.commit().await
}

/// Every step, oldest first. Changes nothing in the database.
///
/// # Errors
/// The database's; also if it has taken steps that this program does not know.
pub async fn status(connection: &DatabaseConnection) -> Result<Vec<Step>, DbErr> {
    let migrations = Migrator::get_migration_with_status_read_only(connection).await?;
    let step = |migration: Migration| Step {
        name: migration.name().to_owned(),
        applied: migration.status() == MigrationStatus::Applied,
    };
    Ok(migrations.into_iter().map(step).collect())
}

/// A transaction in which nobody else migrates.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [LOCK_KEY.into()],
        );
        transaction.execute_raw(lock).await?;
    }
    Ok(transaction)
}
