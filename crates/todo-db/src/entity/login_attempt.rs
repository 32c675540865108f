//! The table `login_attempts`.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "login_attempts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) email: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) lane: String,
    pub(crate) attempts: i32,
    pub(crate) last_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
