//! Attempts to log in, in SQL.

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use todo_domain::{
    Admission, KnownNetwork, LoginAttempt, LoginAttemptRepo, StoreError, Timestamp, UserId,
};

use crate::clean_up::delete_some;
use crate::connect::Db;
use crate::entity::login_attempt::{ActiveModel, Column, Entity};
use crate::entity::{known_network, user};
use crate::error::{corrupt, store_error};
use crate::gate::{Reads, Writes};
use crate::instant;
use crate::transaction::{begin, lock_user};
use crate::wall::Wall;

/// The lane of all networks that an account does not know.
const STRANGERS: &str = "strangers";
/// The lane of calls with an access token of the account's user.
const CALLERS: &str = "callers";

/// Keeps counts in the table `login_attempts`, and networks in `known_networks`.
#[derive(Clone, Debug)]
pub struct SeaLoginAttemptRepo {
    reads: Reads,
    writes: Writes,
    wall: Wall,
}

impl SeaLoginAttemptRepo {
    /// A repository on this database.
    #[must_use]
    pub fn new(db: &Db) -> Self {
        Self { reads: db.reads(), writes: db.writes(), wall: db.wall().clone() }
    }

    /// Which count an attempt belongs to. It takes the same query whether there is an account.
    async fn lane_of(&self, attempt: &LoginAttempt) -> Result<String, StoreError> {
        if attempt.is_caller {
            return Ok(CALLERS.to_owned());
        }
        let network = attempt.network.map(|network| network.to_string()).unwrap_or_default();
        let known = known_network::Entity::find()
            .join(
                JoinType::InnerJoin,
                known_network::Entity::belongs_to(user::Entity)
                    .from(known_network::Column::UserId)
                    .to(user::Column::Id)
                    .into(),
            )
            .filter(user::Column::Email.eq(attempt.email.as_str()))
            .filter(known_network::Column::Network.eq(&network))
            .one(&self.reads)
            .await
            .map_err(store_error)?;
        let known = self.wall.pass_one(known, |row| row.network == network)?;
        Ok(known.map_or_else(|| STRANGERS.to_owned(), |known| known.into_inner().network))
    }
}

#[async_trait]
impl LoginAttemptRepo for SeaLoginAttemptRepo {
    async fn admit(&self, attempt: &LoginAttempt) -> Result<Admission, StoreError> {
        let LoginAttempt { email, network: _, is_caller: _, now } = attempt;
        let lane = self.lane_of(attempt).await?;
        let row = ActiveModel {
            email: Set(email.as_str().to_owned()),
            lane: Set(lane.clone()),
            attempts: Set(1),
            last_at: Set(instant::to_column(*now)),
        };
        let anew = Expr::col((Entity, Column::LastAt)).lt(forgotten_before(*now));
        let more = Expr::col((Entity, Column::Attempts)).add(1);
        let count = OnConflict::columns([Column::Email, Column::Lane])
            .value(Column::Attempts, Expr::case(anew, 1).finally(more))
            .value(Column::LastAt, instant::to_column(*now))
            .action_cond_where(may_come(*now))
            .to_owned();
        let counted = Entity::insert(row)
            .on_conflict(count)
            .exec_without_returning(&self.writes)
            .await
            .map_err(store_error)?;
        if counted > 0 {
            return Ok(Admission::Admitted);
        }
        // Nothing was counted: how long to wait may be told by a read of its own.
        let key = (email.as_str().to_owned(), lane.clone());
        let row = Entity::find_by_id(key).one(&self.reads).await.map_err(store_error)?;
        let row = self.wall.pass_one(row, |row| row.email == email.as_str() && row.lane == lane)?;
        let Some(row) = row else { return Ok(Admission::Wait(LoginAttempt::wait_after(0))) };
        let attempts = u32::try_from(row.attempts).map_err(|_| corrupt("count of attempts"))?;
        let wait = LoginAttempt::wait_after(attempts);
        let next = instant::from_column(row.last_at)?.plus(wait);
        Ok(Admission::Wait(next.since(*now).min(wait)))
    }

    async fn succeed(&self, attempt: &LoginAttempt, user_id: &UserId) -> Result<(), StoreError> {
        let transaction = begin(&self.writes).await?;
        lock_user(user_id, &transaction, &self.wall).await?.ok_or(StoreError::Conflict)?;
        if let Some(network) = attempt.network {
            let row = known_network::ActiveModel {
                user_id: Set(user_id.as_str().to_owned()),
                network: Set(network.to_string()),
                last_used_at: Set(instant::to_column(attempt.now)),
            };
            let columns = [known_network::Column::UserId, known_network::Column::Network];
            let again = OnConflict::columns(columns)
                .update_column(known_network::Column::LastUsedAt)
                .to_owned();
            known_network::Entity::insert(row)
                .on_conflict(again)
                .exec_without_returning(&transaction)
                .await
                .map_err(store_error)?;
        }
        forget(attempt.email.as_str(), &transaction).await?;
        transaction.commit().await.map_err(store_error)
    }

    async fn list_networks(&self, user_id: &UserId) -> Result<Vec<KnownNetwork>, StoreError> {
        let rows = known_network::Entity::find()
            .filter(known_network::Column::UserId.eq(user_id.as_str()))
            .order_by_desc(known_network::Column::LastUsedAt)
            .all(&self.reads)
            .await
            .map_err(store_error)?;
        let rows = self.wall.pass_all(rows, |row| row.user_id == user_id.as_str())?;
        rows.into_iter().map(KnownNetwork::try_from).collect()
    }

    async fn delete_stale(
        &self,
        attempts_before: Timestamp,
        networks_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let stale = Column::LastAt.lt(instant::to_column(attempts_before));
        let (key, stale) = ([Column::Email, Column::Lane], Condition::all().add(stale));
        let attempts = delete_some::<Entity>(key, stale, limit, &self.writes).await?;
        let unused = known_network::Column::LastUsedAt.lt(instant::to_column(networks_before));
        let unused = Condition::all().add(unused);
        let key = [known_network::Column::UserId, known_network::Column::Network];
        let networks =
            delete_some::<known_network::Entity>(key, unused, limit, &self.writes).await?;
        Ok(Ord::max(attempts, networks))
    }
}

/// Forgets every attempt on the account with this address.
pub(crate) async fn forget(
    email: &str,
    connection: &impl ConnectionTrait,
) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::Email.eq(email));
    delete.exec(connection).await.map(drop).map_err(store_error)
}

/// What [`LoginAttempt::wait_after`] says, in SQL: whether the count of a row allows another attempt
/// at `now`.
fn may_come(now: Timestamp) -> Condition {
    let attempts = || Expr::col((Entity, Column::Attempts));
    let last_at = || Expr::col((Entity, Column::LastAt));
    let waited = |attempts| instant::to_column(now.minus(LoginAttempt::wait_after(attempts)));
    let steps = LoginAttempt::FREE..LoginAttempt::SLOWEST;
    let slowest = attempts().gte(LoginAttempt::SLOWEST);
    steps.fold(
        Condition::any()
            .add(attempts().lt(LoginAttempt::FREE))
            .add(last_at().lt(forgotten_before(now)))
            // Made by a clock that was ahead: nobody waits for a day that has not come.
            .add(last_at().gt(instant::to_column(now.plus(LoginAttempt::LONGEST_WAIT))))
            .add(slowest.and(last_at().lte(waited(LoginAttempt::SLOWEST)))),
        |any, step| any.add(attempts().eq(step).and(last_at().lte(waited(step)))),
    )
}

fn forgotten_before(now: Timestamp) -> sea_orm::prelude::DateTimeUtc {
    instant::to_column(now.minus(LoginAttempt::FORGOTTEN_AFTER))
}
