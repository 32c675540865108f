//! Which steps a database has taken.

use std::fmt;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{EntityTrait as _, QueryOrder as _};
use sea_orm_migration::seaql_migrations::{Column, Entity, Model};

use crate::{MigrateError, Migrator};

/// What the name of a step holds that takes away or tightens what the release before still uses.
const CONTRACTS: &str = "_contract_";

/// One step, and how the database stands to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The migration's name.
    pub name: String,
    /// Whether it is taken.
    pub state: State,
}

/// How a database stands to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Taken.
    Applied,
    /// Not taken.
    Pending,
    /// Taken, but this program does not know it.
    Unknown,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Unknown => "unknown",
        };
        write!(f, "{state}  {}", self.name)
    }
}

/// The steps of this program, oldest first, and then those that only the database knows.
pub(crate) async fn read<'c, C>(connection: &'c C) -> Result<Vec<Step>, DbErr>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    let taken = taken(connection).await?;
    let mut steps: Vec<_> = Migrator::migrations()
        .into_iter()
        .map(|migration| {
            let name = migration.name().to_owned();
            let state = if taken.contains(&name) { State::Applied } else { State::Pending };
            Step { name, state }
        })
        .collect();
    let unknown: Vec<_> =
        taken.into_iter().filter(|name| steps.iter().all(|step| step.name != *name)).collect();
    steps.extend(unknown.into_iter().map(|name| Step { name, state: State::Unknown }));
    Ok(steps)
}

/// The names in the database's record, oldest first; none if there is no record yet.
async fn taken<'c, C>(connection: &'c C) -> Result<Vec<String>, DbErr>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    let record = Migrator::migration_table_name();
    if !SchemaManager::new(connection).has_table(record.to_string()).await? {
        return Ok(Vec::new());
    }
    let rows = Entity::find().order_by_asc(Column::Version).all(connection).await?;
    Ok(rows.into_iter().map(|Model { version, .. }| version).collect())
}

pub(crate) fn any_pending(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.state == State::Pending)
}

/// Refuses to go on from steps of another program.
pub(crate) fn require_known(steps: &[Step]) -> Result<(), MigrateError> {
    let unknown = names(steps, State::Unknown);
    if unknown.is_empty() { Ok(()) } else { Err(MigrateError::Unknown(unknown)) }
}

/// Refuses a schema on which this program cannot serve; tells what it does not know of the rest.
pub(crate) fn require_fit(steps: &[Step]) -> Result<Vec<String>, MigrateError> {
    let missing = names(steps, State::Pending);
    if !missing.is_empty() {
        return Err(MigrateError::Behind(missing));
    }
    let unknown = names(steps, State::Unknown);
    if unknown.iter().any(|name| name.contains(CONTRACTS)) {
        return Err(MigrateError::Contracted(unknown));
    }
    Ok(unknown)
}

fn names(steps: &[Step], state: State) -> Vec<String> {
    let of_state = steps.iter().filter(|step| step.state == state);
    of_state.map(|step| step.name.clone()).collect()
}
