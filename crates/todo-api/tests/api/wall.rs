//! A database that answers with rows of somebody else: nobody gets to see them.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{FAMILIES, TestApp, TestUser, problem};

/// Two users whose ids differ in nothing but case, with a task of the first, in a database that cannot
/// tell them apart.
async fn mixed_up(app: &TestApp) -> [TestUser<'_>; 2] {
    // No hexadecimal digits, of which the ids of requests are made: answers are searched for the name.
    let users = [("olga", "olga@example.com"), ("OLGA", "another.olga@example.com")]
        .map(|(id, email)| app.outsider(json!({"sub": id, "email": email})));
    users[0].task("Buy milk").await;
    assert_eq!(users[1].get("/api/v1/tasks").await.text().await.unwrap(), "[]");
    app.execute(include_str!("../support/mixed_up.sql")).await;
    users
}

#[actix_web::test]
async fn a_row_of_another_is_a_fault_of_ours_whatever_was_asked() {
    let app = TestApp::start().await;
    let [_, stranger] = mixed_up(&app).await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&stranger.id);
        let task = format!("{tasks}/1");
        for (method, path, body) in [
            (Method::GET, &tasks, json!(null)),
            (Method::GET, &format!("{tasks}/counts"), json!(null)),
            (Method::GET, &task, json!(null)),
            (Method::PUT, &task, json!({"title": "Buy poison"})),
            (Method::PATCH, &format!("{task}/complete"), json!({"completed": true})),
        ] {
            let answer = stranger.send(method.clone(), path, body).await;
            let document = problem(answer, StatusCode::INTERNAL_SERVER_ERROR).await.to_string();
            assert!(!document.contains("milk") && !document.contains("olga"), "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn a_service_that_held_a_row_back_is_alive_but_not_ready_any_more() {
    let app = TestApp::start().await;
    let [owner, stranger] = mixed_up(&app).await;
    assert_eq!(owner.get("/api/v1/tasks").await.status(), StatusCode::OK);
    assert_eq!(app.get("/health/ready").await.status(), StatusCode::OK);

    let answer = stranger.get("/api/v1/tasks").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    problem(app.get("/health/ready").await, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(app.get("/health/live").await.status(), StatusCode::OK);
    assert_eq!(owner.get("/api/v1/tasks").await.status(), StatusCode::OK, "what is right is right");
}
