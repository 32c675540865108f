//! More logins than the machine has room for.

use std::num::NonZero;
use std::thread::available_parallelism;

use futures_util::future::{join, join_all};
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{FAMILIES, PASSWORD, TestApp, problem};

#[actix_web::test]
async fn a_flood_of_logins_is_bounded_and_leaves_room_for_the_rest() {
    let app = TestApp::start_with(&["--bcrypt-cost=8"]).await;
    let ada = app.user("ada").await;
    let logins = 40 * available_parallelism().map_or(1, NonZero::get);
    let flood = join_all((0..logins).map(|_| {
        app.post("/api/v1/auth/login", json!({"email": "ada@example.com", "password": PASSWORD}))
    }));
    let lists = join_all((0..20).map(|number| {
        let family = FAMILIES[number % 2];
        let path = family.tasks_of(&ada.id);
        let ada = &ada;
        async move { ada.get(&path).await.status() }
    }));
    let (answers, lists) = join(flood, lists).await;
    assert!(lists.into_iter().all(|status| status == StatusCode::OK));

    let (served, turned_away): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status() == StatusCode::OK);
    assert!(!served.is_empty());
    assert!(!turned_away.is_empty());
    for answer in turned_away {
        let seconds = answer.headers()["retry-after"].to_str().unwrap();
        assert!(seconds.parse::<u32>().unwrap() > 0);
        problem(answer, StatusCode::SERVICE_UNAVAILABLE).await;
    }
}
