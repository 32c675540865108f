//! Sessions, by the digests of their refresh tokens.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    binary_len, binary_len_null, string_len, string_len_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};
use todo_domain::{UserAgent, UserId};

use crate::column::{DIGEST_BYTES, USER_ID, belongs_to_user, created_at, index, length};

const SESSIONS: &str = "sessions";

/// Characters of a UUID as text.
const UUID_CHARS: u32 = 36;
/// Characters of the longest IPv6 address as text (RFC 4291, section 2.2).
const ADDRESS_CHARS: u32 = 45;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = Table::create()
            .table(SESSIONS)
            .col(string_len("id", UUID_CHARS).primary_key())
            .col(string_len(USER_ID, UserId::MAX_CHARS))
            .col(binary_len("refresh_digest", DIGEST_BYTES).unique_key())
            .col(binary_len_null("previous_digest", DIGEST_BYTES))
            .col(string_len_null("user_agent", UserAgent::MAX_CHARS))
            .col(string_len_null("address", ADDRESS_CHARS))
            .col(created_at())
            .col(timestamp_with_time_zone("last_used_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut belongs_to_user(SESSIONS))
            .check(length(SESSIONS, "user_agent", 1, UserAgent::MAX_CHARS))
            .check(length(SESSIONS, "address", 1, ADDRESS_CHARS))
            .to_owned();
        manager.create_table(sessions).await?;

        for (name, column) in [
            ("sessions_by_user", USER_ID),
            ("sessions_by_expiry", "expires_at"),
            ("sessions_by_revocation", "revoked_at"),
        ] {
            manager.create_index(index(name, SESSIONS, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(SESSIONS).to_owned()).await
    }
}
