//! Many users at once behind real PgBouncers, with fewer connections to the server than clients: nobody
//! ever gets a row of somebody else's.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::contract::{self, at, title, user};
use crate::support::pgbouncer::{NOT_TRACKING, TRACKING};
use crate::support::pooled::Pooled;
use todo_db::{Db, PoolOptions, SeaTaskRepo, SeaUserRepo, connect};
use todo_domain::{
    Action, Database as _, Direction, NewTask, PageSize, SecurityEvent, SecurityLog, SortKey,
    StatusFilter, StoreError, Task, TaskChanges, TaskId, TaskOrder, TaskPage, TaskQuery,
    TaskRepo as _, UserId, UserRepo as _,
};
use tokio::task::JoinSet;
use tokio::time::Instant;

const USERS: usize = 20;
/// How long it may take until a pooler that mixes rows up has done so.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counts what is told.
#[derive(Default)]
struct CountingLog(AtomicU64);

impl SecurityLog for CountingLog {
    fn record(&self, event: &SecurityEvent) {
        assert_eq!(event.action, Action::IsolationBreach);
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// What came of many operations.
#[derive(Debug, Default)]
struct Count {
    right: u64,
    failed: u64,
    held_back: u64,
}

impl Count {
    fn add(mut self, other: &Self) -> Self {
        self.right += other.right;
        self.failed += other.failed;
        self.held_back += other.held_back;
        self
    }

    /// Counts an answer, whose rows must all be the owner's.
    fn answer<T>(
        &mut self,
        owner: &UserId,
        answer: Result<T, StoreError>,
        tasks: fn(&T) -> Vec<&Task>,
    ) {
        match answer {
            Ok(answer) => {
                assert!(tasks(&answer).iter().all(|task| task.user_id == *owner), "a leak");
                self.right += 1;
            }
            Err(StoreError::Corrupt(source)) if source.to_string().contains("not asked for") => {
                self.held_back += 1;
            }
            Err(_) => self.failed += 1,
        }
    }
}

/// `rounds` of every operation for this user.
async fn work(db: Db, owner: UserId, rounds: u32) -> Count {
    let tasks = SeaTaskRepo::new(&db);
    let users = SeaUserRepo::new(&db);
    let query = TaskQuery {
        status: StatusFilter::default(),
        order: TaskOrder { key: SortKey::Created, direction: Direction::Descending },
        size: PageSize::default(),
        after: None,
    };
    let mut count = Count::default();
    for round in 0..rounds {
        let now = at(u64::from(round));
        let new = NewTask { title: title(owner.as_str()), description: None };
        let made = tasks.create(&owner, &new, now).await;
        let id = made.as_ref().map_or(TaskId::new(1).unwrap(), |task| task.id);
        count.answer(&owner, made, |task| vec![task]);
        let page = tasks.list(&owner, &query).await;
        count.answer(&owner, page, |page: &TaskPage| page.tasks.iter().collect());
        let counts = tasks.count(&owner).await;
        count.answer(&owner, counts, |_| Vec::new());
        let found = tasks.find(&owner, id).await;
        count.answer(&owner, found, |task| task.iter().collect());
        let changes = TaskChanges { completed: Some(true), ..TaskChanges::default() };
        let updated = tasks.update(&owner, id, &changes, now).await;
        count.answer(&owner, updated, |task| task.iter().collect());
        let toggled = tasks.toggle(&owner, id, now).await;
        count.answer(&owner, toggled, |task| task.iter().collect());
        // A transaction, with a lock in it.
        let active = users.set_active(&owner, true, now).await;
        count.answer(&owner, active, |_| Vec::new());
        let account = users.find(&owner).await;
        if let Ok(Some(account)) = &account {
            assert_eq!(account.user.id, owner, "a leak");
        }
        count.answer(&owner, account, |_| Vec::new());
    }
    count
}

/// The work of all users at once, each with a share of more clients than the pooler has connections.
async fn all_at_once(db: &Db, owners: &[UserId], rounds: u32) -> Count {
    let mut workers = JoinSet::new();
    for owner in owners {
        workers.spawn(work(db.clone(), owner.clone(), rounds));
    }
    workers.join_all().await.iter().fold(Count::default(), Count::add)
}

/// A database with the users of this test, made past the pooler, and opened through it.
async fn prepared(pooled: &Pooled, log: &Arc<CountingLog>) -> (Db, Vec<UserId>) {
    let direct = pooled.database.open(contract::pool()).await;
    contract::migrated(&direct).await;
    let mut owners = Vec::new();
    for number in 0..USERS {
        owners.push(user(&direct, &format!("user{number}")).await);
    }
    let clients = PoolOptions { max_connections: 20, ..contract::pool() };
    let db = connect(&pooled.url(), clients).await.unwrap().reporting_to(log.clone());
    (db, owners)
}

#[tokio::test(flavor = "multi_thread")]
async fn through_a_pooler_that_tracks_statements_every_answer_is_right() {
    let Some(pooled) = Pooled::create(TRACKING).await else { return };
    let log = Arc::default();
    let (db, owners) = prepared(&pooled, &log).await;
    let count = all_at_once(&db, &owners, 25).await;
    assert_eq!((count.right, count.failed, count.held_back), (4_000, 0, 0));
    db.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn through_one_that_does_not_no_row_of_another_gets_past_the_wall() {
    let Some(pooled) = Pooled::create(NOT_TRACKING).await else { return };
    let log = Arc::default();
    let (db, owners) = prepared(&pooled, &log).await;
    let deadline = Instant::now() + PATIENCE;
    let mut count = Count::default();
    while count.held_back == 0 {
        assert!(Instant::now() < deadline, "no row was ever mixed up: {count:?}");
        count = count.add(&all_at_once(&db, &owners, 5).await);
    }
    assert_eq!(log.0.load(Ordering::SeqCst), count.held_back, "each one is told of once");
    assert!(matches!(db.ping().await, Err(StoreError::Unavailable(_))), "from then on");
}
