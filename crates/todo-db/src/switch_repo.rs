//! Kill switches in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use todo_domain::{StoreError, Switch, SwitchRepo, Timestamp};

use crate::connect::Db;
use crate::entity::switch_off::{ActiveModel, Entity};
use crate::error::store_error;
use crate::gate::{Reads, Writes};
use crate::instant;

/// Keeps the switches that are off in the table `switches_off`.
#[derive(Clone, Debug)]
pub struct SeaSwitchRepo {
    reads: Reads,
    writes: Writes,
}

impl SeaSwitchRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes() }
    }
}

#[async_trait]
impl SwitchRepo for SeaSwitchRepo {
    async fn list_off(&self) -> Result<Vec<(Switch, Timestamp)>, StoreError> {
        let rows = Entity::find().all(&self.reads).await.map_err(store_error)?;
        // A newer release may know switches that this one does not.
        let known = rows.into_iter().filter_map(|row| Some((Switch::parse(&row.name)?, row.since)));
        known.map(|(switch, since)| Ok((switch, instant::from_column(since)?))).collect()
    }

    async fn set(&self, switch: Switch, on: bool, now: Timestamp) -> Result<(), StoreError> {
        let name = switch.as_str().to_owned();
        if on {
            let delete = Entity::delete_by_id(name).exec(&self.writes);
            return delete.await.map(drop).map_err(store_error);
        }
        let row = ActiveModel { name: Set(name), since: Set(instant::to_column(now)) };
        let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
        insert.exec_without_returning(&self.writes).await.map(drop).map_err(store_error)
    }
}
