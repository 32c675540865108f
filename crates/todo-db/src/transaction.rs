//! Transactions, and the one lock that those of a user have in common.

use sea_orm::{EntityTrait, QuerySelect};
use todo_domain::{StoreError, UserId};

use crate::entity::user::{Entity, Model};
use crate::error::store_error;
use crate::gate::{Transaction, Writes};
use crate::wall::{Asked, Wall};

/// Begins a transaction. One that is dropped without a commit is rolled back.
pub(crate) async fn begin(writes: &Writes) -> Result<Transaction, StoreError> {
    writes.begin().await.map_err(store_error)
}

/// Locks the user's row until the end of the transaction, and returns it. Whatever changes several
/// rows of a user at once begins with it: such changes come one after the other, and none waits for a
/// lock that another one holds while it holds one that the other waits for.
pub(crate) async fn lock_user(
    id: &UserId,
    transaction: &Transaction,
    wall: &Wall,
) -> Result<Option<Asked<Model>>, StoreError> {
    let select = Entity::find_by_id(id.as_str()).lock_exclusive();
    let row = select.one(transaction).await.map_err(store_error)?;
    wall.pass_one(row, |row| row.id == id.as_str())
}
