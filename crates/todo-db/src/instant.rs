//! Instants as the columns hold them.
//!
//! chrono, because it writes an instant to SQLite as a text that sorts as the instants do.

use std::time::Duration;

use sea_orm::prelude::DateTimeUtc;
use todo_domain::{StoreError, Timestamp};

use crate::error::corrupt;

/// The column's value for `instant`.
pub(crate) fn to_column(instant: Timestamp) -> DateTimeUtc {
    DateTimeUtc::UNIX_EPOCH + Duration::from_micros(instant.unix_micros().unsigned_abs())
}

/// The instant that a column holds.
pub(crate) fn from_column(value: DateTimeUtc) -> Result<Timestamp, StoreError> {
    Timestamp::from_unix_micros(value.timestamp_micros()).ok_or_else(|| corrupt("instant"))
}
