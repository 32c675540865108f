//! How often the database is asked.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::storage;
use crate::support::{FAMILIES, Family, TestApp, TestUser, json_of};
use crate::wiretap::Wiretap;

/// Calls of every kind on tasks, by the names of their statements in `bench/plans/`.
const CALLS: [&str; 8] =
    ["create", "list", "counts", "get", "update", "complete", "toggle", "delete"];

/// Makes each of the calls once.
async fn call(user: &TestUser<'_>, family: Family) {
    let tasks = family.tasks_of(&user.id);
    let made = user.send(Method::POST, &tasks, json!({"title": "Buy milk"})).await;
    let task = format!("{tasks}/{}", json_of(made, StatusCode::CREATED).await["id"]);
    let complete = format!("{task}/complete");
    for answer in [
        user.get(&format!("{tasks}?limit=20")).await,
        user.get(&format!("{tasks}/counts")).await,
        user.get(&task).await,
        user.send(Method::PUT, &task, json!({"title": "Buy bread"})).await,
        user.send(Method::PATCH, &complete, json!({"completed": true})).await,
        user.call(Method::PATCH, &complete).await,
        user.call(Method::DELETE, &task).await,
    ] {
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

/// The statement of this name, without the comments that say what its parameters are.
fn statement(name: &str) -> String {
    let file = format!("{}/../../bench/plans/{name}.sql", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).expect(&file);
    text.lines().filter(|line| !line.starts_with("--")).collect()
}

/// The name of a statement that a call has; the text of any other.
fn name(sql: String) -> String {
    let name = CALLS.into_iter().find(|name| statement(name) == sql);
    name.map_or(sql, str::to_owned)
}

#[actix_web::test]
async fn a_task_call_is_one_round_trip() {
    let Some(cluster) = storage::own_cluster() else { return };
    let wiretap = Wiretap::install(&cluster).await;
    // One connection, on which every statement is prepared once.
    let flags = ["--db-min-connections=1", "--db-max-connections=1"];
    let app = TestApp::start_at(&wiretap.url, &flags).await;
    // What is remembered of callers and switches does not age.
    app.stop_clock();
    for user in [app.user("ada").await, app.outsider(json!({"sub": "grace"}))] {
        for family in FAMILIES {
            call(&user, family).await;
            let heard = loop {
                wiretap.heard();
                let began_at = Instant::now();
                call(&user, family).await;
                let heard: Vec<_> = wiretap.heard().into_iter().map(name).collect();
                // A connection that idles for longer is asked whether it is still there.
                if began_at.elapsed() < Duration::from_secs(1) {
                    break heard;
                }
            };
            assert_eq!(heard, CALLS, "{family:?}");
        }
    }
}
