//! Completing a task and reopening it.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, TestUser, faults, json_of, problem};

async fn toggle(user: &TestUser<'_>, path: &str) -> Value {
    json_of(user.request(Method::PATCH, path).send().await.unwrap(), StatusCode::OK).await
}

#[actix_web::test]
async fn a_body_sets_whether_a_task_is_completed() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let mut before = ada.task("Buy milk").await;
        let path = format!("{}/{}/complete", family.tasks_of(&ada.id), before["id"]);
        for completed in [true, true, false, false] {
            app.advance(Duration::from_secs(1));
            let answer = ada.send(Method::PATCH, &path, json!({"completed": completed})).await;
            let after = json_of(answer, StatusCode::OK).await;
            assert_eq!(after["completed"], completed);
            let moved = after["updated_at"] != before["updated_at"];
            assert_eq!(moved, after["completed"] != before["completed"]);
            before = after;
        }
    }
}

#[actix_web::test]
async fn no_body_toggles_every_time() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let mut before = ada.task("Buy milk").await;
        let path = format!("{}/{}/complete", family.tasks_of(&ada.id), before["id"]);
        for completed in [true, false, true] {
            app.advance(Duration::from_secs(1));
            let after = toggle(&ada, &path).await;
            assert_eq!(after["completed"], completed);
            assert!(after["updated_at"].as_str() > before["updated_at"].as_str());
            assert_eq!(after["created_at"], before["created_at"]);
            before = after;
        }
    }
}

#[actix_web::test]
async fn a_body_of_no_bytes_toggles_whatever_its_type() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let task = ada.task("Buy milk").await;
        let path = format!("{}/{}/complete", family.tasks_of(&ada.id), task["id"]);
        for (content_type, completed) in [
            ("application/json", true),
            ("text/plain", false),
            ("application/json; charset=utf-8", true),
        ] {
            let request = ada.request(Method::PATCH, &path).header("content-type", content_type);
            let after = json_of(request.body("").send().await.unwrap(), StatusCode::OK).await;
            assert_eq!(after["completed"], completed);
        }
    }
}

#[actix_web::test]
async fn a_body_that_does_not_say_whether_changes_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for family in FAMILIES {
        let path = format!("{}/{}", family.tasks_of(&ada.id), task["id"]);
        let complete = format!("{path}/complete");
        for value in [json!(null), json!("true"), json!(1), json!([true])] {
            let answer = ada.send(Method::PATCH, &complete, json!({"completed": value})).await;
            let document = problem(answer, family.invalid()).await;
            assert_eq!(faults(&document), [("completed", "wrong_type")]);
        }
        let answer = ada.send(Method::PATCH, &complete, json!({})).await;
        let document = problem(answer, family.invalid()).await;
        assert_eq!(faults(&document), [("completed", "required")]);
        assert_eq!(ada.get(&path).await.json::<Value>().await.unwrap(), task);
    }
}
