//! Rows enough that it matters how a statement is answered.

use todo_db::Db;

use super::statements::Statement;
use crate::contract::{column, execute};

/// The user with a hundred tasks.
pub(crate) const FEW: &str = "u7";
/// The user with ten thousand, of which one in a hundred is completed.
pub(crate) const MANY: &str = "many";

/// 5,000 users and their sessions; of them 200 have a hundred tasks and one has 10,000, all mixed; 2,000
/// users who were deleted; and a switch that is off.
pub(crate) async fn fill(db: &Db) {
    for sql in [
        "INSERT INTO users (id, email, hashed_password, created_at, updated_at) \
         SELECT id, id || '@example.com', 'hash', timestamptz '2026-11-21 08:00Z', now() \
         FROM (SELECT 'many' UNION ALL SELECT 'u' || n FROM generate_series(1, 4999) n) u (id)",
        "INSERT INTO sessions (id, user_id, refresh_digest, created_at, last_used_at, expires_at) \
         SELECT 's-' || id, id, sha256(id::bytea), now(), now(), now() FROM users",
        "INSERT INTO deleted_users (user_id, deleted_at) \
         SELECT 'deleted-' || n, now() FROM generate_series(1, 2000) n",
        "INSERT INTO tasks (user_id, title, completed, created_at, updated_at) \
         SELECT CASE WHEN n % 3 = 0 THEN 'many' ELSE 'u' || (1 + (n - n / 3) % 200) END, \
                'Task ' || n, n % 100 = 0, at, at \
         FROM generate_series(1, 30000) n, \
              LATERAL (SELECT timestamptz '2026-11-21 08:00Z' + n * interval '1 second') t (at)",
        "INSERT INTO switches_off (name, since) VALUES ('login', now())",
        // As autovacuum does in time, but for every page: then an index alone can answer.
        "VACUUM (INDEX_CLEANUP ON, ANALYZE)",
    ] {
        execute(db, sql, []).await.unwrap();
    }
}

/// Who sends a statement.
pub(crate) struct Caller {
    user_id: String,
    /// How many tasks the caller has.
    pub(crate) tasks: usize,
    /// In the middle of the caller's tasks.
    task_id: i64,
}

impl Caller {
    /// A user with tasks.
    pub(crate) async fn find(db: &Db, user_id: &str) -> Self {
        let ids = format!("SELECT id FROM tasks WHERE user_id = '{user_id}' ORDER BY id");
        let ids: Vec<i64> = column(db, &ids).await;
        Self { user_id: user_id.to_owned(), tasks: ids.len(), task_id: ids[ids.len() / 2] }
    }

    /// The types of a statement's parameters, as the server sends them, and their values.
    pub(crate) fn values(&self, statement: &Statement) -> (Vec<&'static str>, Vec<String>) {
        let value = |name: &&'static str| self.value(name, statement);
        statement.parameters.iter().map(value).unzip()
    }

    fn value(&self, parameter: &str, statement: &Statement) -> (&'static str, String) {
        let Self { user_id, task_id, .. } = self;
        let text = |text: &str| ("text", format!("'{text}'"));
        match parameter {
            // Whoever is there already gets no row.
            "user_id" if statement.name == "user-provision" => text("newcomer"),
            "user_id" => text(user_id),
            "session_id" => text(&format!("s-{user_id}")),
            "task_id" | "after_id" => ("bigint", task_id.to_string()),
            "title" => text("Buy milk"),
            "after_title" => text(&format!("Task {task_id}")),
            "email" => text("newcomer@example.com"),
            "description" | "name" | "password_hash" => ("text", "NULL".to_owned()),
            "completed" => ("boolean", statement.name.contains("complete").to_string()),
            "after_created_at" => (
                "timestamptz",
                format!("timestamptz '2026-11-21 08:00Z' + {task_id} * interval '1s'"),
            ),
            "now" | "vouched_at" => ("timestamptz", "'2026-11-22 08:00Z'".to_owned()),
            "limit" => ("bigint", statement.limit().to_string()),
            "one" => ("integer", "1".to_owned()),
            _ => panic!("what is the value of {parameter}?"),
        }
    }
}
