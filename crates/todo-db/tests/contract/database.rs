//! The database as a whole.

use todo_db::Db;
use todo_domain::{Database as _, StoreError};

pub(crate) async fn an_open_database_gives_a_sign_of_life(db: Db) {
    db.ping().await.unwrap();
}

pub(crate) async fn a_closed_database_is_unavailable(db: Db) {
    db.connection().clone().close().await.unwrap();
    assert!(matches!(db.ping().await, Err(StoreError::Unavailable(_))));
}
