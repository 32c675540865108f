//! The contract of the storage ports on PostgreSQL: each test has a database of its own.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod faults;
mod plans;
#[expect(dead_code, reason = "the tests of faults and of poolers use more of it")]
mod support;

use support::TestDatabase;
use todo_db::Db;

/// An empty database, and what drops it; `None` if there is no PostgreSQL to test on.
async fn empty_database() -> Option<(Db, TestDatabase)> {
    let database = TestDatabase::create().await?;
    let db = database.open(contract::pool()).await;
    Some((db, database))
}

contract::cases!(empty_database);
