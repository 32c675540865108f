//! How SQLite answers the statements of the hot path, among enough rows that it has a choice.

#[expect(dead_code, reason = "the tests on PostgreSQL use more of it")]
#[path = "statements.rs"]
mod statements;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use todo_db::Db;

use crate::contract::{self, execute};

/// Tasks of two users, one a second.
async fn fill(db: &Db) {
    for name in ["u0", "u1"] {
        contract::user(db, name).await;
    }
    let instant = "strftime('%Y-%m-%dT%H:%M:%S+00:00', 1795248000 + i, 'unixepoch')";
    let sql = format!(
        "INSERT INTO tasks (user_id, title, completed, created_at, updated_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
         SELECT 'u' || (i % 2), 'Task ' || i, i % 3 = 0, {instant}, {instant} FROM n"
    );
    execute(db, &sql, []).await.unwrap();
    execute(db, "ANALYZE", []).await.unwrap();
}

/// The steps that SQLite would take.
async fn plan(db: &Db, sql: &str) -> String {
    let explain = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = db.connection().query_all_raw(explain).await.unwrap();
    let steps = rows.iter().map(|row| row.try_get("", "detail").unwrap());
    steps.collect::<Vec<String>>().join("\n")
}

#[tokio::test]
async fn hot_statements_search_an_index_and_sort_nothing() {
    let Some((db, _kept)) = crate::empty_database().await else { return };
    contract::migrated(&db).await;
    let statements = statements::all(&db).await;
    fill(&db).await;
    for statement in statements.iter().filter(|it| !["switches", "create"].contains(&&*it.name)) {
        let plan = plan(&db, &statement.sql).await;
        let case = format!("{}\n{plan}", statement.sql);
        assert!(plan.contains("SEARCH") && plan.contains("USING"), "{case}");
        assert!(!plan.contains("SCAN tasks") && !plan.contains("B-TREE"), "{case}");
        if statement.counts_all() {
            assert!(plan.contains("COVERING INDEX tasks_by_completed (user_id=?)"), "{case}");
        }
        let Some(index) = statement.list_index() else { continue };
        assert!(plan.contains(&format!("INDEX {index} (user_id=?")), "{case}");
        let is_behind = statement.name.ends_with("-after");
        assert_eq!(plan.contains(">?") || plan.contains("<?"), is_behind, "{case}");
    }
}
