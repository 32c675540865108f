//! The storage ports of `todo-domain` on SQLite and PostgreSQL, through `SeaORM`.
//!
//! One set of entities and repositories serves both databases. SQL lives in the `*_repo.rs` files,
//! and each port method is one atomic step in as few round trips as SQL allows. Every statement passes
//! `gate.rs`, where nothing waits without a bound, reads are run again when a connection breaks, and
//! writes are not. The schema itself is made by the `migration` crate.

mod clean_up;
mod connect;
mod entity;
mod error;
mod gate;
mod instant;
mod login_attempt_repo;
mod observer;
mod password_repo;
mod pooler;
mod postgres_url;
mod session_repo;
mod switch_repo;
mod system_roots;
mod task_repo;
mod texts;
mod transaction;
mod user_repo;
mod wall;

pub use connect::{
    ConnectError, Db, PoolOptions, connect, connect_existing, connect_to_read, prepare,
};
pub use error::is_unavailable;
pub use login_attempt_repo::SeaLoginAttemptRepo;
pub use observer::{
    AcquireOutcome, DbObserver, ExecuteOutcome, Execution, PoolStatus, StatementKind,
};
pub use password_repo::SeaPasswordRepo;
pub use pooler::{Pooling, ProbeError, probe};
pub use postgres_url::{is_postgres, is_private};
pub use session_repo::SeaSessionRepo;
pub use switch_repo::SeaSwitchRepo;
pub use task_repo::SeaTaskRepo;
pub use user_repo::SeaUserRepo;
