//! How often passwords were guessed, and from where accounts are used.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string_len, timestamp_with_time_zone};
use todo_domain::{Email, Network, UserId};

use crate::column::{USER_ID, belongs_to_user, index};

const LOGIN_ATTEMPTS: &str = "login_attempts";
const LAST_AT: &str = "last_at";
const KNOWN_NETWORKS: &str = "known_networks";
const LAST_USED_AT: &str = "last_used_at";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // By the address and not the user: attempts on accounts that are not there count as well.
        let login_attempts = Table::create()
            .table(LOGIN_ATTEMPTS)
            .col(string_len("email", Email::MAX_CHARS))
            .col(string_len("lane", Network::MAX_CHARS))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone(LAST_AT))
            .primary_key(Index::create().col("email").col("lane"))
            .to_owned();
        manager.create_table(login_attempts).await?;
        let by_age = index("login_attempts_by_age", LOGIN_ATTEMPTS, LAST_AT);
        manager.create_index(by_age).await?;

        let known_networks = Table::create()
            .table(KNOWN_NETWORKS)
            .col(string_len(USER_ID, UserId::MAX_CHARS))
            .col(string_len("network", Network::MAX_CHARS))
            .col(timestamp_with_time_zone(LAST_USED_AT))
            .primary_key(Index::create().col(USER_ID).col("network"))
            .foreign_key(&mut belongs_to_user(KNOWN_NETWORKS))
            .to_owned();
        manager.create_table(known_networks).await?;
        let by_age = index("known_networks_by_age", KNOWN_NETWORKS, LAST_USED_AT);
        manager.create_index(by_age).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(KNOWN_NETWORKS).to_owned()).await?;
        manager.drop_table(Table::drop().table(LOGIN_ATTEMPTS).to_owned()).await
    }
}
