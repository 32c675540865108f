//! What the repositories say when PostgreSQL goes away in the middle of a statement.
mod road;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::try_join_all;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, TransactionTrait as _};
use todo_db::{
    AcquireOutcome, Db, DbObserver, ExecuteOutcome, Execution, PoolOptions, SeaTaskRepo,
    SeaUserRepo, connect,
};
use todo_domain::{
    Database as _, NewTask, StoreError, TaskId, TaskRepo as _, UserId, UserRepo as _,
};
use tokio::sync::Barrier;
use tokio::time::{Instant, sleep};

use crate::contract::{self, at, column, task, title, user};
use crate::support::{self, TestDatabase};
use road::Road;

/// How long something that must happen may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A database under test, with one connection, and the way past it.
struct Rig {
    db: Db,
    past: Db,
    ada: UserId,
    _database: TestDatabase,
}

impl Rig {
    async fn start() -> Option<Self> {
        let database = TestDatabase::create().await?;
        let past = database.open(contract::pool()).await;
        contract::migrated(&past).await;
        let acquire_timeout = Duration::from_secs(10);
        let one = PoolOptions { min_connections: 0, max_connections: 1, acquire_timeout };
        let db = database.open(one).await;
        let ada = user(&db, "ada").await;
        Some(Self { db, past, ada, _database: database })
    }

    /// Keeps everybody from the table until the transaction ends.
    async fn lock(&self, table: &str) -> DatabaseTransaction {
        let lock = self.past.connection().begin().await.unwrap();
        lock.execute_unprepared(&format!("LOCK TABLE {table}")).await.unwrap();
        lock
    }

    /// Kills the connection whose statement waits for a lock, once there is one.
    async fn kill_who_waits(&self) {
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let deadline = Instant::now() + PATIENCE;
        while column::<bool>(&self.past, kill).await.is_empty() {
            assert!(Instant::now() < deadline, "nobody waits");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

fn milk() -> NewTask {
    NewTask { title: title("Milk"), description: None }
}

/// Counts what it sees.
#[derive(Default)]
struct Counts {
    acquired: AtomicUsize,
    broken: AtomicUsize,
    retried: AtomicUsize,
}

impl DbObserver for Counts {
    fn acquired(&self, _: Duration, outcome: AcquireOutcome) {
        if outcome == AcquireOutcome::Acquired {
            self.acquired.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn executed(&self, execution: &Execution<'_>) {
        assert!(!execution.sql.contains("ada"), "no values");
        if execution.outcome == ExecuteOutcome::Broken {
            self.broken.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn retried(&self) {
        self.retried.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn a_read_whose_connection_breaks_is_run_again_and_seen() {
    let Some(rig) = Rig::start().await else { return };
    let made = task(&rig.db, &rig.ada, "Milk", at(0)).await;
    let counts = Arc::new(Counts::default());
    let repo = SeaTaskRepo::new(&rig.db.clone().observed_by(counts.clone()));
    let lock = rig.lock("tasks").await;
    let ada = rig.ada.clone();
    let read = tokio::spawn(async move { repo.find(&ada, made.id).await });
    rig.kill_who_waits().await;
    lock.rollback().await.unwrap();
    assert_eq!(read.await.unwrap().unwrap().unwrap().id, made.id);
    let counted = [&counts.acquired, &counts.broken, &counts.retried];
    assert_eq!(counted.map(|count| count.load(Ordering::Relaxed)), [2, 1, 1]);
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_of_unknown_fate_and_not_repeated() {
    let Some(rig) = Rig::start().await else { return };
    let (repo, ada) = (SeaTaskRepo::new(&rig.db), rig.ada.clone());
    let lock = rig.lock("tasks").await;
    let write = tokio::spawn(async move { repo.create(&ada, &milk(), at(0)).await });
    rig.kill_who_waits().await;
    lock.rollback().await.unwrap();
    assert!(matches!(write.await.unwrap(), Err(StoreError::FateUnknown(_))));
    assert_eq!(contract::count(&rig.past, "tasks").await, 0);
    task(&rig.db, &rig.ada, "Milk", at(1)).await;
}

#[tokio::test]
async fn a_transaction_that_breaks_before_its_commit_changed_nothing() {
    let Some(rig) = Rig::start().await else { return };
    let (repo, ada) = (SeaUserRepo::new(&rig.db), rig.ada.clone());
    let lock = rig.lock("users").await;
    let write = tokio::spawn(async move { repo.delete(&ada, at(1)).await });
    rig.kill_who_waits().await;
    lock.rollback().await.unwrap();
    assert!(matches!(write.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(SeaUserRepo::new(&rig.db).find(&rig.ada).await.unwrap().is_some());
}

#[tokio::test]
async fn a_transaction_that_waits_too_long_is_ended_by_the_server_and_changed_nothing() {
    let Some(rig) = Rig::start().await else { return };
    let _lock = rig.lock("users").await;
    let deletion = SeaUserRepo::new(&rig.db).delete(&rig.ada, at(1)).await;
    assert!(matches!(deletion, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn who_goes_away_in_the_middle_of_a_statement_leaves_the_connection_in_order() {
    let Some(rig) = Rig::start().await else { return };
    let before = column::<i32>(&rig.db, "SELECT pg_backend_pid()").await;
    for table in ["tasks", "users"] {
        let lock = rig.lock(table).await;
        let (tasks, users) = (SeaTaskRepo::new(&rig.db), SeaUserRepo::new(&rig.db));
        let (task, in_transaction) = (milk(), table == "users");
        let gone = async {
            if in_transaction {
                users.delete(&rig.ada, at(1)).await.map(drop)
            } else {
                tasks.create(&rig.ada, &task, at(0)).await.map(drop)
            }
        };
        assert!(tokio::time::timeout(Duration::from_millis(300), gone).await.is_err());
        lock.rollback().await.unwrap();
        assert!(SeaUserRepo::new(&rig.db).find(&rig.ada).await.unwrap().is_some());
    }
    let after = column::<i32>(&rig.db, "SELECT pg_backend_pid()").await;
    assert_eq!(before, after, "the same connection, and in no transaction");
}

#[tokio::test]
async fn who_waits_for_a_connection_waits_no_longer_than_allowed_and_is_counted() {
    let Some(rig) = Rig::start().await else { return };
    let _lock = rig.lock("tasks").await;
    let mut deletions = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (repo, ada) = (SeaTaskRepo::new(&rig.db), rig.ada.clone());
        let id = TaskId::new(1).unwrap();
        deletions.spawn(async move { repo.delete(&ada, id).await });
    }
    let started_at = Instant::now();
    while rig.db.pool_status().waiting < 49 {
        assert!(started_at.elapsed() < PATIENCE, "{:?}", rig.db.pool_status());
        sleep(Duration::from_millis(5)).await;
    }
    let answers = deletions.join_all().await;
    assert!(started_at.elapsed() < PATIENCE);
    let sent = answers.iter().filter(|it| matches!(it, Err(StoreError::FateUnknown(_)))).count();
    let unsent = answers.iter().filter(|it| matches!(it, Err(StoreError::Unavailable(_)))).count();
    assert_eq!(sent + unsent, 50);
    assert!(unsent > 40, "{sent} were sent");
    assert_eq!(rig.db.pool_status().waiting, 0);
}

#[tokio::test]
async fn as_many_connections_as_are_asked_for_are_kept_open() {
    let Some(database) = TestDatabase::create().await else { return };
    let acquire_timeout = Duration::from_secs(10);
    let five = PoolOptions { min_connections: 3, max_connections: 5, acquire_timeout };
    let db = database.open(five).await;
    db.keep_connections();
    let deadline = Instant::now() + PATIENCE;
    while db.pool_status().idle < 3 {
        assert!(Instant::now() < deadline, "{:?}", db.pool_status());
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((db.pool_status().size, db.pool_status().max), (3, 5));
}

/// Does `work` on a thread of its own, with an event loop that ends with it.
fn on_a_thread<W: Future<Output = Result<(), StoreError>>>(
    work: impl FnOnce() -> W + Send + 'static,
) -> JoinHandle<Result<(), StoreError>> {
    std::thread::spawn(move || {
        let event_loop = tokio::runtime::Builder::new_current_thread().enable_all().build();
        event_loop.unwrap().block_on(work())
    })
}

#[tokio::test]
async fn to_keep_all_connections_open_takes_none_from_statements() {
    let Some(database) = TestDatabase::create().await else { return };
    let acquire_timeout = Duration::from_secs(10);
    let nine = PoolOptions { min_connections: 9, max_connections: 9, acquire_timeout };
    let db = database.open(nine).await;
    let done = Arc::new(Barrier::new(2));
    // Two threads divide nine connections unevenly, and each asks twice.
    let threads = [(); 2].map(|()| {
        let (db, done) = (db.clone(), done.clone());
        on_a_thread(async move || {
            db.keep_connections();
            db.keep_connections();
            let answers = try_join_all((0..90).map(|_| db.ping())).await;
            // Until then the other may use connections that this thread opened.
            done.wait().await;
            answers.map(drop)
        })
    });
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(db.pool_status().waiting, 0);
}

#[tokio::test]
async fn the_connections_of_a_thread_that_ended_are_used_by_nobody() {
    let Some(database) = TestDatabase::create().await else { return };
    let db = database.open(contract::pool()).await;
    migration::up(db.connection()).await.unwrap();
    let other = db.clone();
    let opening = async move || try_join_all((0..8).map(|_| other.ping())).await.map(drop);
    let thread = on_a_thread(opening);
    tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap().unwrap();
    assert!(db.pool_status().idle > 0);
    let (tasks, nobody) = (SeaTaskRepo::new(&db), UserId::parse("nobody").unwrap());
    for _ in 0..8 {
        // A write is sent once: on such a connection it would have an unknown fate.
        let gone = tasks.delete(&nobody, TaskId::new(7).unwrap()).await;
        assert!(!gone.unwrap());
    }
}

#[tokio::test]
async fn a_migration_may_take_longer_than_the_role_allows_a_statement() {
    let Some(database) = TestDatabase::create().await else { return };
    let past = database.open(contract::pool()).await;
    let allow = format!("ALTER DATABASE {} SET statement_timeout = '300ms'", database.name());
    contract::execute(&past, &allow, []).await.unwrap();
    let lock = past.connection().begin().await.unwrap();
    // The key of the lock that migrations take.
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(x'746f646f'::bigint)").await.unwrap();

    let db = database.open(contract::pool()).await;
    let up = tokio::spawn(async move { migration::up(db.connection()).await });
    let waited = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                  AND wait_event = 'advisory' AND now() - query_start > interval '600ms'";
    while column::<i32>(&past, waited).await.is_empty() && !up.is_finished() {
        sleep(Duration::from_millis(10)).await;
    }
    lock.rollback().await.unwrap();
    up.await.unwrap().unwrap();
}

#[tokio::test]
async fn after_one_idle_connection_was_dropped_without_a_word_the_others_are_not_waited_for() {
    let Some(cluster) = support::own_cluster() else { return };
    let road = Road::build(&cluster).await;
    let acquire_timeout = Duration::from_secs(10);
    let five = PoolOptions { min_connections: 5, max_connections: 5, acquire_timeout };
    let db = connect(&road.url, five).await.unwrap();
    db.keep_connections();
    let deadline = Instant::now() + PATIENCE;
    while db.pool_status().idle < 5 {
        assert!(Instant::now() < deadline, "{:?}", db.pool_status());
        sleep(Duration::from_millis(10)).await;
    }
    // One that answered a moment ago is believed; these are to be idle for longer.
    sleep(Duration::from_secs(1)).await;
    road.forget();
    let asked_at = Instant::now();
    for _ in 0..5 {
        db.ping().await.unwrap();
    }
    let took = asked_at.elapsed();
    assert!(took < Duration::from_secs(6), "{took:?}");
}
