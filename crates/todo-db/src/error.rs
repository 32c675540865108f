//! From a driver's error to the domain's: the only place.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;
use todo_domain::StoreError;

/// What a driver said, kept as text. The error itself is dropped here, because the `Debug` of a
/// PostgreSQL error shows the values of the offending row.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct DatabaseFailure(String);

/// The domain's view of a failed statement.
#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
pub(crate) fn store_error(error: DbErr) -> StoreError {
    if error.sql_err().is_some() {
        return StoreError::Conflict;
    }
    let source = Box::new(DatabaseFailure(error.to_string()));
    if is_unavailable(&error) {
        StoreError::Unavailable(source)
    } else {
        StoreError::Corrupt(source)
    }
}

/// A stored value that no rule of the domain allows.
pub(crate) fn corrupt(what: &'static str) -> StoreError {
    StoreError::Corrupt(Box::new(DatabaseFailure(format!("a stored {what} breaks its rule"))))
}

/// Whether the same statement may succeed later.
fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                SqlxError::Io(_)
                | SqlxError::Tls(_)
                | SqlxError::Protocol(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed => true,
                SqlxError::Database(error) => {
                    error.code().is_some_and(|code| is_passing(code.as_ref()))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a database's own code names a state that passes.
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
