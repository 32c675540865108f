//! Rows that nobody needs any more, deleted a bounded number at a time.

use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Query};
use sea_orm::{Condition, EntityTrait, QueryFilter};
use todo_domain::StoreError;

use crate::error::store_error;
use crate::gate::Writes;

/// Deletes at most `limit` rows of `E` that are `stale`, by the columns of its primary key, and tells
/// how many. Rows that somebody else is at are left for the next time: two that delete many rows, each
/// in its own order, could wait for each other.
pub(crate) async fn delete_some<E: EntityTrait>(
    key: impl IntoIterator<Item = E::Column>,
    stale: Condition,
    limit: u32,
    writes: &Writes,
) -> Result<u64, StoreError> {
    let key: Vec<_> = key.into_iter().collect();
    let rows = Query::select()
        .columns(key.iter().copied())
        .from(E::default())
        .cond_where(stale)
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    let key = Expr::tuple(key.into_iter().map(Expr::col));
    let delete = E::delete_many().filter(key.in_subquery(rows));
    let deleted = delete.exec(writes).await.map_err(store_error)?;
    Ok(deleted.rows_affected)
}
