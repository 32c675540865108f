//! From a driver's error to the domain's: the only place.

use std::sync::Arc;

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;
use todo_domain::StoreError;

/// What a driver said, kept as text. The error itself is dropped here, because the `Debug` of a
/// PostgreSQL error shows the values of the offending row.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct DatabaseFailure(String);

impl DatabaseFailure {
    /// What we say of it ourselves.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// The domain's view of a failed statement.
#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
pub(crate) fn store_error(error: DbErr) -> StoreError {
    if error.sql_err().is_some() {
        return StoreError::Conflict;
    }
    let source = Box::new(DatabaseFailure(error.to_string()));
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => StoreError::Unavailable(source),
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            if is_broken(error) {
                StoreError::FateUnknown(source)
            } else if code_of(error).is_some_and(|code| is_passing(&code)) {
                StoreError::Unavailable(source)
            } else {
                StoreError::Corrupt(source)
            }
        }
        _ => StoreError::Corrupt(source),
    }
}

/// There is no connection, so nothing was sent.
pub(crate) fn connection_error(error: SqlxError) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

/// A statement failed. Whether it was done is not known if the connection broke.
pub(crate) fn exec_error(error: SqlxError) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

/// A statement failed that changes nothing by itself, such as a read or part of a transaction.
pub(crate) fn nothing_was_done(error: SqlxError) -> DbErr {
    if is_broken(&error) { connection_error(error) } else { exec_error(error) }
}

/// A stored value that no rule of the domain allows.
pub(crate) fn corrupt(what: &'static str) -> StoreError {
    StoreError::Corrupt(Box::new(DatabaseFailure(format!("a stored {what} breaks its rule"))))
}

/// Whether the connection is no more, or no answer came, so that nobody can tell what was done.
pub(crate) fn is_broken(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::WorkerCrashed => true,
        // The server ends the connection (admin_shutdown, crash_shutdown, idle_session_timeout), or
        // something between us and it does.
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08") || matches!(code.as_ref(), "57P01" | "57P02" | "57P05")
        }),
        _ => false,
    }
}

/// Whether a statement that only reads may succeed if it is run again at once, on another connection.
pub(crate) fn is_repeatable(error: &SqlxError) -> bool {
    is_broken(error)
        // A standby's conflict or a deadlock, and a server or pooler that is not up yet.
        || code_of(error).is_some_and(|code| {
            matches!(code.as_str(), "40001" | "40P01" | "57P03" | "53300")
        })
}

/// Whether the database will not let us in however often we ask: a password, a user, a name or a
/// certificate is wrong.
pub(crate) fn is_final(error: &SqlxError) -> bool {
    match error {
        SqlxError::Configuration(_) | SqlxError::Tls(_) => true,
        // What rustls makes of a certificate that does not hold.
        SqlxError::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("28") || matches!(code.as_ref(), "3D000" | "42501")
        }),
        _ => false,
    }
}

/// Whether an error of a change of the schema passes: the database is away, busy or shutting down.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error)) => !is_final(error),
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_broken(error) || code_of(error).is_some_and(|code| is_passing(&code))
        }
        _ => false,
    }
}

fn code_of(error: &SqlxError) -> Option<String> {
    error.as_database_error().and_then(DatabaseError::code).map(String::from)
}

/// Whether a database's own code names a state that passes, in which nothing was done.
fn is_passing(code: &str) -> bool {
    match code.parse::<u32>() {
        // SQLite writes its extended result codes in decimal; their low byte is the primary code:
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_FULL.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 10 | 13),
        // SQLSTATE (PostgreSQL, appendix A): connection, resources, operator intervention,
        // transaction rollback, a lock that is not free, a standby that takes no writes.
        _ => {
            ["08", "53", "57", "40"].iter().any(|class| code.starts_with(class))
                || matches!(code, "55P03" | "25006")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: std::io::ErrorKind) -> SqlxError {
        SqlxError::Io(kind.into())
    }

    #[test]
    fn a_lost_connection_leaves_the_fate_of_a_write_open_and_of_nothing_else() {
        let lost = || io(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(store_error(exec_error(lost())), StoreError::FateUnknown(_)));
        for nothing_sent in [nothing_was_done(lost()), connection_error(SqlxError::PoolTimedOut)] {
            assert!(matches!(store_error(nothing_sent), StoreError::Unavailable(_)));
        }
    }

    #[test]
    fn waiting_helps_unless_something_is_wrong_in_itself() {
        for kind in [std::io::ErrorKind::ConnectionRefused, std::io::ErrorKind::TimedOut] {
            assert!(!is_final(&io(kind)), "{kind}");
        }
        assert!(is_final(&io(std::io::ErrorKind::InvalidData)));
        assert!(is_final(&SqlxError::Tls("no certificate".into())));
    }

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for code in ["5", "517", "6", "13", "08006", "53300", "57P01", "40001", "55P03"] {
            assert!(is_passing(code), "{code}");
        }
        for code in ["1", "275", "2067", "42P01", "22021", "23514"] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
