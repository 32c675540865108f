//! Many requests at the same time.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, PASSWORD, TestApp, json_of};

#[actix_web::test]
async fn of_sixteen_registrations_of_one_email_one_wins() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let registrations = (0..16).map(|number| {
        let process = if number % 2 == 0 { &app } else { &replica };
        let email = if number % 3 == 0 { "ADA@example.com" } else { "ada@example.com" };
        process.post("/api/v1/auth/register", json!({"email": email, "password": PASSWORD}))
    });
    let answers = join_all(registrations).await;
    let count = |status| answers.iter().filter(|answer| answer.status() == status).count();
    assert_eq!(count(StatusCode::CREATED), 1);
    assert_eq!(count(StatusCode::CONFLICT), 15);
    app.log_in("ada@example.com").await;
}

#[actix_web::test]
async fn no_toggle_is_lost() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        for (toggles, completed) in [(50, false), (51, true)] {
            let task = ada.task("Buy milk").await;
            let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
            let complete = format!("{path}/complete");
            let requests = (0..toggles).map(|number| {
                let process = if number % 2 == 0 { &app } else { &replica };
                process.request(Method::PATCH, &complete).bearer_auth(&ada.access_token).send()
            });
            for answer in join_all(requests).await {
                assert_eq!(answer.unwrap().status(), StatusCode::OK);
            }
            let after: Value = ada.get(&path).await.json().await.unwrap();
            assert_eq!(after["completed"], completed, "{toggles} times");
        }
    }
}

#[actix_web::test]
async fn changes_of_different_fields_do_not_undo_each_other() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let task = ada.task("Buy milk").await;
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let changes = [
            json!({"title": "Buy oat milk"}),
            json!({"description": "two litres"}),
            json!({"completed": true}),
        ];
        for answer in join_all(changes.map(|body| ada.send(Method::PUT, &path, body))).await {
            assert_eq!(answer.status(), StatusCode::OK);
        }
        let after: Value = ada.get(&path).await.json().await.unwrap();
        assert_eq!(after["title"], "Buy oat milk");
        assert_eq!(after["description"], "two litres");
        assert_eq!(after["completed"], true);
    }
}

#[actix_web::test]
async fn a_refresh_token_used_eight_times_at_once_is_rotated_once() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let trades = (0..8).map(|number| {
        let process = if number % 2 == 0 { &app } else { &replica };
        process.post("/api/v1/auth/refresh", json!({"refresh_token": ada.refresh_token}))
    });
    let mut newest = Vec::new();
    for answer in join_all(trades).await {
        let answer = json_of(answer, StatusCode::OK).await;
        let access = answer["access_token"].as_str().unwrap();
        let me = app.request(Method::GET, "/api/v1/auth/me").bearer_auth(access);
        assert_eq!(me.send().await.unwrap().status(), StatusCode::OK);
        newest.extend(answer.get("refresh_token").cloned());
    }
    assert_eq!(newest.len(), 1);
    let answer = app.post("/api/v1/auth/refresh", json!({"refresh_token": newest[0]})).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[actix_web::test]
async fn of_many_deletions_of_one_task_one_finds_it() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let task = ada.task("Buy milk").await;
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let deletions = (0..8).map(|_| ada.request(Method::DELETE, &path).send());
        let answers = join_all(deletions).await;
        let statuses: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().status()).collect();
        let missed = statuses.iter().filter(|status| **status == StatusCode::NOT_FOUND).count();
        let found = statuses.iter().filter(|status| status.is_success()).count();
        assert_eq!((found, missed), (1, 7));
    }
}
