//! How many tasks the caller has.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, json_of, problem};

#[actix_web::test]
async fn counts_tell_how_long_the_list_of_each_status_is() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for (title, completed) in [("milk", false), ("bread", true), ("butter", true)] {
        let path = format!("/api/v1/tasks/{}", ada.task(title).await["id"]);
        ada.send(Method::PUT, &path, json!({"completed": completed})).await;
    }
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        let counts = json_of(ada.get(&format!("{tasks}/counts")).await, StatusCode::OK).await;
        assert_eq!(counts, json!({"all": 3, "pending": 1, "completed": 2}));
        for status in ["all", "pending", "completed"] {
            let list = ada.get(&format!("{tasks}?status={status}")).await;
            let list: Vec<Value> = list.json().await.unwrap();
            assert_eq!(counts[status], list.len(), "{status}");
        }
    }
}

#[actix_web::test]
async fn counts_are_of_the_callers_own_tasks() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    ada.task("Buy milk").await;
    for family in FAMILIES {
        for (user, all) in [(&ada, 1), (&grace, 0)] {
            let counts = user.get(&format!("{}/counts", family.tasks_of(&user.id))).await;
            let expected = json!({"all": all, "pending": all, "completed": 0});
            assert_eq!(json_of(counts, StatusCode::OK).await, expected);
        }
    }
}

#[actix_web::test]
async fn counts_are_no_task() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let counts = format!("{}/counts", family.tasks_of(&ada.id));
        for method in [Method::PUT, Method::DELETE] {
            let answer = ada.send(method, &counts, json!({"title": "Buy milk"})).await;
            assert_eq!(answer.headers()["allow"], "GET, HEAD");
            problem(answer, StatusCode::METHOD_NOT_ALLOWED).await;
        }
        let answer = ada.call(Method::PATCH, &format!("{counts}/complete")).await;
        let document = problem(answer, StatusCode::NOT_FOUND).await;
        assert_eq!(document["type"], "urn:todo:problem:task-not-found");
    }
}
