//! The migrations, on a database that has none of them yet.

use migration::{Loss, State};
use sea_orm::{ConnectionTrait as _, DbBackend};
use todo_db::Db;

use super::{at, column, count, execute, migrated, task, user};

/// How many steps there are.
pub(super) const STEPS: usize = 8;

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
    migration::down(db.connection(), 7, Loss::Accepted).await.unwrap();
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

/// How the database would answer `select`, in its own words.
async fn plan(db: &Db, select: &str) -> String {
    let steps: Vec<String> = match db.connection().get_database_backend() {
        DbBackend::Sqlite => {
            let sql = format!("EXPLAIN QUERY PLAN {select}");
            let statement = sea_orm::Statement::from_string(DbBackend::Sqlite, sql);
            let rows = db.connection().query_all_raw(statement).await.unwrap();
            rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect()
        }
        _ => column(db, &format!("EXPLAIN {select}")).await,
    };
    steps.join("\n")
}

/// Whether a plan goes straight to its place in the index instead of reading up to it. SQLite shows
/// an equality for the owner and a range behind it, PostgreSQL the comparison of rows.
fn starts_within(plan: &str) -> bool {
    plan.contains("user_id=? AND") && (plan.contains(">?") || plan.contains("<?"))
        || plan.contains("Index Cond") && plan.contains("ROW(")
}

/// Enough tasks of two users, one a second, that it matters how a list is read.
async fn fill(db: &Db) {
    for name in ["u0", "u1"] {
        user(db, name).await;
    }
    let instant = match db.connection().get_database_backend() {
        DbBackend::Sqlite => "strftime('%Y-%m-%dT%H:%M:%S+00:00', 1795248000 + i, 'unixepoch')",
        _ => "to_timestamp(1795248000 + i)",
    };
    let sql = format!(
        "INSERT INTO tasks (user_id, title, completed, created_at, updated_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
         SELECT 'u' || (i % 2), 'Task ' || i, i % 3 = 0, {instant}, {instant} FROM n"
    );
    execute(db, &sql, []).await.unwrap();
    execute(db, "ANALYZE", []).await.unwrap();
}

pub(crate) async fn every_list_is_read_from_its_index_without_sorting(db: Db) {
    migrated(&db).await;
    fill(&db).await;
    let by_created = ("created_at", "'2026-11-21T08:40:00+00:00'");
    let by_title = ("lower(title)", "lower('Task 3')");
    for (index, filter, (key, place)) in [
        ("tasks_by_created", "", by_created),
        ("tasks_by_completed", "AND completed = false", by_created),
        ("tasks_by_title", "", by_title),
    ] {
        for (direction, beyond) in [("ASC", ">"), ("DESC", "<")] {
            let first = match index {
                "tasks_by_title" => format!("AND {key} {beyond}= {place}"),
                _ => String::new(),
            };
            let far = format!("{first} AND ({key}, id) {beyond} ({place}, 2500)");
            for after in [String::new(), far] {
                let select = format!(
                    "SELECT * FROM tasks WHERE user_id = 'u1' {filter} {after} \
                     ORDER BY {key} {direction}, id {direction} LIMIT 21"
                );
                let plan = plan(&db, &select).await;
                assert!(plan.contains(index), "{select}\n{plan}");
                assert!(!plan.contains("Sort") && !plan.contains("B-TREE"), "{select}\n{plan}");
                assert!(after.is_empty() || starts_within(&plan), "{select}\n{plan}");
            }
        }
    }
}
