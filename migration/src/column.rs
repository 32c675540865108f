//! What the tables' columns have in common.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone;

/// When a row was made. Set by the program, for the two databases write their own time differently.
pub(crate) const CREATED_AT: &str = "created_at";
/// When a row last changed.
pub(crate) const UPDATED_AT: &str = "updated_at";

/// The owner of a row, gone with it.
pub(crate) const USER_ID: &str = "user_id";

/// Bytes of a SHA-256 digest.
pub(crate) const DIGEST_BYTES: u32 = 32;

/// [`CREATED_AT`].
pub(crate) fn created_at() -> ColumnDef {
    timestamp_with_time_zone(CREATED_AT)
}

/// [`UPDATED_AT`].
pub(crate) fn updated_at() -> ColumnDef {
    timestamp_with_time_zone(UPDATED_AT)
}

/// A foreign key from [`USER_ID`] of `table` to the user.
pub(crate) fn belongs_to_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{USER_ID}_fkey"))
        .from(table, USER_ID)
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// A constraint on the characters of a text column, for SQLite minds no `varchar(n)`. A limit of
/// the domain is one of PostgreSQL's `char_length` and SQLite's `length`: both count characters.
pub(crate) fn length(table: &str, column: &'static str, min: u32, max: u32) -> Check {
    let characters: Expr = Func::char_length(Expr::col(column)).into();
    Check::named(format!("{table}_{column}_length"), characters.between(min, max))
}

/// An index on one column.
pub(crate) fn index(
    name: &'static str,
    table: &'static str,
    column: &'static str,
) -> IndexCreateStatement {
    Index::create().name(name).table(table).col(column).to_owned()
}
