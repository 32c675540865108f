//! Why the schema stays as it is.

use sea_orm_migration::sea_orm::DbErr;
use thiserror::Error;

/// The schema was not changed, or is not fit for this program.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The database's own reason. Its text holds that of its causes.
    #[error("{0}")]
    Database(DbErr),
    /// Steps of this program are missing.
    #[error(
        "the schema misses {}; run `todo-api migrate up` or set MIGRATE_ON_START=true",
        .0.join(", ")
    )]
    Behind(Vec<String>),
    /// Another program took steps of its own, so that which come next cannot be told.
    #[error(
        "the schema has taken steps that this release does not know: {}; use the release that \
         took them",
        .0.join(", ")
    )]
    Unknown(Vec<String>),
    /// A newer release took something away that this one may need.
    #[error(
        "the schema has taken steps that leave this release behind: {}; use a newer one",
        .0.join(", ")
    )]
    Contracted(Vec<String>),
    /// What is stored would be lost.
    #[error(
        "a step back would lose what is stored in {}; `--lose-data` takes it nevertheless",
        .0.join(", ")
    )]
    Loss(Vec<String>),
}

impl From<DbErr> for MigrateError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}
