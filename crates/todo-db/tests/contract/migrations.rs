//! Migrations on a database that holds something: nothing of it is lost.

use std::collections::BTreeMap;

use migration::{Loss, MigrateError};
use sea_orm::DbBackend;
use todo_db::Db;

use super::schema::{STEPS, applied, tables};
use super::{at, column, execute, migrated, task, user};

/// Every row of every table, as text.
async fn contents(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut contents = BTreeMap::new();
    for table in tables(db).await {
        let row = match db.connection().get_database_backend() {
            // SQLite has no text of a row.
            DbBackend::Sqlite => {
                let names = format!("SELECT name FROM pragma_table_info('{table}')");
                let names: Vec<String> = column(db, &names).await;
                let texts: Vec<_> = names.iter().map(|name| format!("quote({name})")).collect();
                texts.join(" || ',' || ")
            }
            _ => format!("{table}::text"),
        };
        let rows = column(db, &format!("SELECT {row} FROM {table} ORDER BY 1")).await;
        contents.insert(table, rows);
    }
    // When a step was taken is not the same each time.
    contents.remove("seaql_migrations");
    contents
}

/// Something in every table.
async fn fill(db: &Db) {
    migrated(db).await;
    let ada = user(db, "ada").await;
    task(db, &ada, "Milk", at(0)).await;
    let when = "'2026-11-21T08:00:00+00:00'";
    for sql in [
        format!("UPDATE users SET disabled_at = {when}"),
        format!(
            "INSERT INTO sessions (id, user_id, refresh_digest, created_at, last_used_at, expires_at) \
             VALUES ('s', 'ada', $1, {when}, {when}, {when})"
        ),
        format!("INSERT INTO deleted_users (user_id, deleted_at) VALUES ('eve', {when})"),
        format!(
            "INSERT INTO password_resets (digest, user_id, created_at, expires_at) \
             VALUES ($1, 'ada', {when}, {when})"
        ),
        format!(
            "INSERT INTO login_attempts (email, lane, attempts, last_at) \
             VALUES ('ada@example.com', 'strangers', 1, {when})"
        ),
        format!(
            "INSERT INTO known_networks (user_id, network, last_used_at) \
             VALUES ('ada', '127.0.0.1', {when})"
        ),
        format!("INSERT INTO switches_off (name, since) VALUES ('signup', {when})"),
    ] {
        if sql.contains("$1") {
            execute(db, &sql, [vec![7_u8; 32].into()]).await.unwrap();
        } else {
            execute(db, &sql, []).await.unwrap();
        }
    }
    for (table, rows) in contents(db).await {
        assert!(!rows.is_empty(), "{table}");
    }
}

pub(crate) async fn steps_back_and_up_again_lose_nothing_of_what_was_there_before_them(db: Db) {
    for steps in 1..STEPS {
        migration::fresh(db.connection()).await.unwrap();
        fill(&db).await;
        let steps = u32::try_from(steps).unwrap();
        // The first time empties what those steps made, and nothing else.
        migration::down(db.connection(), steps, Loss::Accepted).await.unwrap();
        migrated(&db).await;
        let before = contents(&db).await;
        assert!(!before["users"].is_empty(), "{steps}");

        migration::down(db.connection(), steps, Loss::Refused).await.unwrap();
        assert_eq!(applied(&db).await.iter().filter(|applied| !**applied).count(), steps as usize);
        migrated(&db).await;
        assert_eq!(contents(&db).await, before, "{steps}");
    }
}

/// What `steps` back would lose; nothing is changed by the refusal.
async fn refused_loss(db: &Db, steps: u32) -> Vec<String> {
    let before = contents(db).await;
    let refused = migration::down(db.connection(), steps, Loss::Refused).await.unwrap_err();
    assert_eq!((contents(db).await, applied(db).await), (before, vec![true; STEPS]));
    match refused {
        MigrateError::Loss(lost) => lost,
        other => vec![other.to_string()],
    }
}

pub(crate) async fn a_step_back_that_would_lose_a_row_is_refused_and_changes_nothing(db: Db) {
    fill(&db).await;
    assert_eq!(refused_loss(&db, 2).await, ["switches_off"]);
    execute(&db, "DELETE FROM switches_off", []).await.unwrap();
    migration::down(db.connection(), 2, Loss::Refused).await.unwrap();
}

pub(crate) async fn a_step_back_that_would_lose_a_value_is_refused_and_names_its_column(db: Db) {
    fill(&db).await;
    let lost = refused_loss(&db, 6).await;
    assert!(lost.contains(&"users.disabled_at".to_owned()), "{lost:?}");
    assert!(!lost.contains(&"users".to_owned()), "{lost:?}");
}

pub(crate) async fn a_step_that_fails_leaves_the_schema_as_it_was(db: Db) {
    fill(&db).await;
    migration::down(db.connection(), 4, Loss::Accepted).await.unwrap();
    // The third of the four steps finds its table there and fails, after two that went well.
    execute(&db, "CREATE TABLE switches_off (name integer)", []).await.unwrap();
    let (before, taken) = (contents(&db).await, applied(&db).await);
    let failed = migration::up(db.connection()).await.unwrap_err();
    assert!(matches!(failed, MigrateError::Database(_)), "{failed}");
    assert_eq!((contents(&db).await, applied(&db).await), (before, taken));

    execute(&db, "DROP TABLE switches_off", []).await.unwrap();
    migrated(&db).await;
    assert_eq!(applied(&db).await, [true; STEPS]);
}

/// Notes a step that this program does not know.
async fn take_unknown(db: &Db, name: &str) {
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ($1, 0)";
    execute(db, sql, [name.into()]).await.unwrap();
}

pub(crate) async fn a_schema_that_is_ahead_is_fit_for_this_release(db: Db) {
    migrated(&db).await;
    take_unknown(&db, "m20990101_000001_add_colour_to_tasks").await;
    assert_eq!(
        migration::check(db.connection()).await.unwrap(),
        ["m20990101_000001_add_colour_to_tasks"]
    );
    migration::up(db.connection()).await.unwrap();
}

pub(crate) async fn a_schema_that_took_something_away_is_not_fit_for_this_release(db: Db) {
    migrated(&db).await;
    take_unknown(&db, "m20990101_000001_contract_name_of_users").await;
    let unfit = migration::check(db.connection()).await.unwrap_err();
    assert!(matches!(unfit, MigrateError::Contracted(_)), "{unfit}");
}

pub(crate) async fn nothing_is_changed_in_a_schema_of_another_line(db: Db) {
    migrated(&db).await;
    migration::down(db.connection(), 1, Loss::Refused).await.unwrap();
    take_unknown(&db, "m20260101_000001_add_colour_to_tasks").await;
    let taken = applied(&db).await;
    for refused in [
        migration::up(db.connection()).await.unwrap_err(),
        migration::down(db.connection(), 1, Loss::Refused).await.unwrap_err(),
    ] {
        assert!(matches!(refused, MigrateError::Unknown(_)), "{refused}");
    }
    assert_eq!(applied(&db).await, taken);
}
