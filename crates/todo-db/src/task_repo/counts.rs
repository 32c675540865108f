//! How many tasks an owner has, from rows.

use sea_orm::{DbErr, QueryResult};
use todo_domain::{StoreError, TaskCounts};

use crate::error::corrupt;
use crate::wall::Asked;

/// How many tasks of one owner have one status.
#[derive(Debug)]
pub(super) struct StatusCount {
    pub(super) user_id: String,
    completed: bool,
    tasks: i64,
}

impl StatusCount {
    /// What a row holds whose columns are in the order of these fields.
    pub(super) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let (user_id, completed, tasks) = row.try_get_many_by_index()?;
        Ok(Self { user_id, completed, tasks })
    }
}

/// What the rows of one owner come to. A status that no task has has no row.
pub(super) fn total(rows: Vec<Asked<StatusCount>>) -> Result<TaskCounts, StoreError> {
    let mut counts = TaskCounts::default();
    for row in rows {
        let StatusCount { user_id: _, completed, tasks } = row.into_inner();
        let of_status = if completed { &mut counts.completed } else { &mut counts.pending };
        *of_status += u64::try_from(tasks).map_err(|_| corrupt("number of tasks"))?;
    }
    Ok(counts)
}
