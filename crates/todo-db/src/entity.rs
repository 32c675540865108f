//! The tables as `SeaORM` sees them: primitive columns, known to this crate alone.

pub(crate) mod session;
pub(crate) mod task;
pub(crate) mod user;
