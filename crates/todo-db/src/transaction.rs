//! Transactions, and the one lock that those of a user have in common.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, EntityTrait, QuerySelect, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use todo_domain::{StoreError, UserId};

use crate::entity::user::{Entity, Model};
use crate::error::store_error;

/// Begins a transaction. On SQLite it takes the write lock at once: one that reads before it writes
/// could fail at its first write, for the file has changed since.
pub(crate) async fn begin(
    connection: &DatabaseConnection,
) -> Result<DatabaseTransaction, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await.map_err(store_error)
}

/// Locks the user's row until the end of the transaction, and returns it. Whatever changes several
/// rows of a user at once begins with it: such changes come one after the other, and none waits for a
/// lock that another one holds while it holds one that the other waits for.
pub(crate) async fn lock_user(
    id: &UserId,
    transaction: &DatabaseTransaction,
) -> Result<Option<Model>, StoreError> {
    let select = Entity::find_by_id(id.as_str()).lock_exclusive();
    select.one(transaction).await.map_err(store_error)
}
