//! The table `known_networks`.

use sea_orm::entity::prelude::*;
use todo_domain::{KnownNetwork, StoreError};

use crate::instant;
use crate::wall::Asked;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "known_networks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) network: String,
    pub(crate) last_used_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Asked<Model>> for KnownNetwork {
    type Error = StoreError;

    fn try_from(row: Asked<Model>) -> Result<Self, StoreError> {
        let Model { user_id: _, network, last_used_at } = row.into_inner();
        Ok(Self { network, last_used_at: instant::from_column(last_used_at)? })
    }
}
