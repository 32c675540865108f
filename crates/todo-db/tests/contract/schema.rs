//! The migrations, on a database that has none of them yet.

use migration::{Loss, State};
use sea_orm::DbBackend;
use todo_db::Db;

use super::{at, column, count, migrated, task, user};

/// How many steps there are.
pub(super) const STEPS: usize = 9;

/// The tables there are, by name.
pub(super) async fn tables(db: &Db) -> Vec<String> {
    let sql = match db.connection().get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             ORDER BY name"
        }
        _ => {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() \
             ORDER BY tablename"
        }
    };
    column(db, sql).await
}

/// For each step whether it is applied.
pub(super) async fn applied(db: &Db) -> Vec<bool> {
    let steps = migration::status(db.connection()).await.unwrap();
    steps.into_iter().map(|step| step.state == State::Applied).collect()
}

pub(crate) async fn up_may_be_run_again(db: Db) {
    migrated(&db).await;
    task(&db, &user(&db, "ada").await, "Milk", at(0)).await;
    migrated(&db).await;
    assert_eq!(count(&db, "tasks").await, 1);
    let expected = [
        "deleted_users",
        "known_networks",
        "login_attempts",
        "password_resets",
        "seaql_migrations",
        "sessions",
        "switches_off",
        "tasks",
        "users",
    ];
    assert_eq!(tables(&db).await, expected);
}

pub(crate) async fn up_may_be_run_twice_at_once(db: Db) {
    let (one, other) = tokio::join!(migration::up(db.connection()), migration::up(db.connection()));
    one.unwrap();
    other.unwrap();
    assert_eq!(applied(&db).await, [true; STEPS]);
}

pub(crate) async fn down_to_nothing_leaves_only_the_record_of_migrations(db: Db) {
    migrated(&db).await;
    task(&db, &user(&db, "ada").await, "Milk", at(0)).await;
    migration::down(db.connection(), 1, Loss::Accepted).await.unwrap();
    assert_eq!(applied(&db).await.iter().filter(|applied| **applied).count(), STEPS - 1);
    migration::down(db.connection(), 8, Loss::Accepted).await.unwrap();
    assert_eq!(tables(&db).await, ["seaql_migrations"]);
    assert_eq!(applied(&db).await, [false; STEPS]);
    migrated(&db).await;
    assert_eq!(count(&db, "tasks").await, 0);
}

pub(crate) async fn fresh_empties_every_table(db: Db) {
    migrated(&db).await;
    task(&db, &user(&db, "ada").await, "Milk", at(0)).await;
    migration::fresh(db.connection()).await.unwrap();
    assert_eq!((count(&db, "users").await, count(&db, "tasks").await), (0, 0));
    assert_eq!(applied(&db).await, [true; STEPS]);
}

pub(crate) async fn status_of_an_empty_database_says_pending_and_creates_nothing(db: Db) {
    assert_eq!(applied(&db).await, [false; STEPS]);
    assert_eq!(tables(&db).await, [""; 0]);
}
