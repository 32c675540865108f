//! An id that names none of the caller's tasks: one answer, whatever the reason.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, TestUser, anonymous, problem};

/// Texts in the place of an id, as they stand in a URL.
const NO_TASKS: [&str; 16] = [
    "1000000",
    "0",
    "-1",
    "+1",
    "1.0",
    "1e0",
    "0x1",
    "abc",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999",
    "%00",
    "1%00",
    "%20",
    "%FF%FE",
    "1%20OR%201=1",
];

/// What each verb is told about the task at `path`.
async fn answers(user: &TestUser<'_>, path: &str) -> Vec<Value> {
    let mut documents = Vec::new();
    for (method, path, body) in [
        (Method::GET, path.to_owned(), None),
        (Method::PUT, path.to_owned(), Some(json!({"title": "Mine now"}))),
        (Method::PATCH, format!("{path}/complete"), None),
        (Method::PATCH, format!("{path}/complete"), Some(json!({"completed": true}))),
        (Method::DELETE, path.to_owned(), None),
    ] {
        let mut request = user.request(method, &path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        documents.push(anonymous(problem(answer, StatusCode::NOT_FOUND).await));
    }
    documents
}

#[actix_web::test]
async fn nobody_can_tell_why_an_id_names_no_task() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.user("ada").await, app.user("eve").await);
    let hers = ada.task("Buy milk").await["id"].to_string();
    let expected = json!({
        "type": "urn:todo:problem:task-not-found",
        "title": "Task not found",
        "status": 404,
        "detail": "You have no task with this id.",
    });
    for family in FAMILIES {
        for id in NO_TASKS.into_iter().chain([hers.as_str()]) {
            let path = format!("{}/{id}", family.tasks_of(&eve.id));
            for document in answers(&eve, &path).await {
                assert_eq!(document, expected, "{id}");
            }
        }
    }
}

#[actix_web::test]
async fn an_id_with_something_behind_it_names_no_task() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let id = ada.task("Buy milk").await["id"].to_string();
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for rest in [
            String::new(),
            format!("{id}/"),
            format!("{id}/complete/"),
            format!("{id}%2Fcomplete"),
            format!("{id};complete"),
            format!("{id}/nothing"),
        ] {
            problem(ada.get(&format!("{tasks}/{rest}")).await, StatusCode::NOT_FOUND).await;
        }
    }
}
