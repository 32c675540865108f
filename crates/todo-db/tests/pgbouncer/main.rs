//! PostgreSQL behind real PgBouncers: the contract of the storage ports through one in transaction mode
//! that tracks prepared statements, as Neon runs it; what is known of an address by asking; and many
//! users at once. There are always fewer connections to the server than clients.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../contract/mod.rs"]
mod contract;
mod probe;
#[expect(dead_code, reason = "the tests of faults use more of it")]
#[path = "../support/mod.rs"]
mod support;
mod tenants;

use support::pgbouncer::TRACKING;
use support::pooled::Pooled;
use todo_db::{Db, connect};

/// An empty database, open through its pooler, and what both live in; `None` if there is none to test on.
async fn empty_database() -> Option<(Db, Pooled)> {
    let pooled = Pooled::create(TRACKING).await?;
    let db = connect(&pooled.url(), contract::pool()).await.unwrap();
    Some((db, pooled))
}

contract::cases!(empty_database);
