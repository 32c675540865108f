//! The tables as `SeaORM` sees them: primitive columns, known to this crate alone.

pub(crate) mod deleted_user;
pub(crate) mod known_network;
pub(crate) mod login_attempt;
pub(crate) mod password_reset;
pub(crate) mod session;
pub(crate) mod switch_off;
pub(crate) mod task;
pub(crate) mod user;
