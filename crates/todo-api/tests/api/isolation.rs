//! Every call on a task, tried by everybody who may not make it.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, Family, TestApp, TestUser, problem};

/// Every call, with `{id}` in the place of the task's id, and with its body.
fn calls() -> [(Method, &'static str, Option<Value>); 9] {
    [
        (Method::GET, "", None),
        (Method::GET, "/counts", None),
        (Method::POST, "", Some(json!({"title": "Eve was here"}))),
        (Method::GET, "/{id}", None),
        (Method::PUT, "/{id}", Some(json!({"title": "Eve was here", "completed": true}))),
        (Method::PUT, "/{id}", Some(json!({}))),
        (Method::PATCH, "/{id}/complete", None),
        (Method::PATCH, "/{id}/complete", Some(json!({"completed": true}))),
        (Method::DELETE, "/{id}", None),
    ]
}

/// Ada, who owns the task that everybody is after.
struct Owner<'a> {
    app: &'a TestApp,
    ada: TestUser<'a>,
    task: Value,
}

impl<'a> Owner<'a> {
    async fn of_a_task(app: &'a TestApp) -> Self {
        let ada = app.user("ada").await;
        let task = ada.task("Buy milk").await;
        Self { app, ada, task }
    }

    /// The answers to every call, made with this token on the URLs of this user.
    async fn tried(&self, family: Family, user_id: &str, token: Option<&str>) -> Vec<Response> {
        let tasks = family.tasks_of(user_id);
        let id = self.task["id"].to_string();
        let mut answers = Vec::new();
        for (method, rest, body) in calls() {
            let path = format!("{tasks}{}", rest.replace("{id}", &id));
            let mut request = self.app.request(method, &path);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if let Some(body) = body {
                request = request.json(&body);
            }
            answers.push(request.send().await.expect("an answer"));
        }
        answers
    }

    /// Ada logs in anew and finds what she left.
    async fn finds_her_task_untouched(&self) {
        let ada = self.app.log_in(&self.ada.email).await;
        for family in FAMILIES {
            let list: Value = ada.get(&family.tasks_of(&ada.id)).await.json().await.expect("JSON");
            assert_eq!(list, json!([self.task]));
        }
    }
}

#[actix_web::test]
async fn a_stranger_finds_no_trace_of_the_task() {
    let app = TestApp::start().await;
    let owner = Owner::of_a_task(&app).await;
    let eve = app.user("eve").await;
    for (family, own) in FAMILIES.into_iter().zip(0..) {
        let answers = owner.tried(family, &eve.id, Some(&eve.access_token)).await;
        for (answer, (method, rest, _)) in answers.into_iter().zip(calls()) {
            match (method, rest) {
                (Method::GET, "") => {
                    let list: Vec<Value> = answer.json().await.unwrap();
                    assert!(list.iter().all(|task| task["user_id"] == eve.id));
                }
                (Method::GET, "/counts") => {
                    let counts: Value = answer.json().await.unwrap();
                    assert_eq!(counts, json!({"all": own, "pending": own, "completed": 0}));
                }
                (Method::POST, _) => {
                    assert_eq!(answer.json::<Value>().await.unwrap()["user_id"], eve.id);
                }
                _ => {
                    let document = problem(answer, StatusCode::NOT_FOUND).await;
                    assert_eq!(document["type"], "urn:todo:problem:task-not-found");
                }
            }
        }
    }
    owner.finds_her_task_untouched().await;
}

#[actix_web::test]
async fn a_stranger_is_turned_away_at_the_owners_url() {
    let app = TestApp::start().await;
    let owner = Owner::of_a_task(&app).await;
    let eve = app.user("eve").await;
    let mallory = app.outsider(json!({"sub": "mallory"}));
    for stranger in [&eve, &mallory] {
        let token = Some(stranger.access_token.as_str());
        for answer in owner.tried(Family::UserScoped, &owner.ada.id, token).await {
            let document = problem(answer, StatusCode::FORBIDDEN).await;
            assert_eq!(document["type"], "urn:todo:problem:other-user");
        }
    }
    owner.finds_her_task_untouched().await;
}

#[actix_web::test]
async fn nobody_gets_in_without_a_token() {
    let app = TestApp::start().await;
    let owner = Owner::of_a_task(&app).await;
    for family in FAMILIES {
        for answer in owner.tried(family, &owner.ada.id, None).await {
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
    }
    owner.finds_her_task_untouched().await;
}

#[actix_web::test]
async fn an_expired_token_opens_nothing() {
    let app = TestApp::start().await;
    let owner = Owner::of_a_task(&app).await;
    app.advance(Duration::from_hours(24));
    for family in FAMILIES {
        let token = Some(owner.ada.access_token.as_str());
        for answer in owner.tried(family, &owner.ada.id, token).await {
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
    }
    owner.finds_her_task_untouched().await;
}

#[actix_web::test]
async fn the_token_of_a_deleted_user_opens_nothing() {
    let app = TestApp::start().await;
    let owner = Owner::of_a_task(&app).await;
    let eve = app.user("eve").await;
    eve.task("Buy poison").await;
    app.execute(&format!("DELETE FROM users WHERE id = '{}'", eve.id)).await;
    let answer = eve.send(Method::POST, "/api/v1/tasks", json!({"title": "Haunt"})).await;
    problem(answer, StatusCode::UNAUTHORIZED).await;
    app.advance(Duration::from_secs(30));
    for family in FAMILIES {
        let token = Some(eve.access_token.as_str());
        for answer in owner.tried(family, &eve.id, token).await {
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
    }
    let body = json!({"refresh_token": eve.refresh_token});
    problem(app.post("/api/v1/auth/refresh", body).await, StatusCode::UNAUTHORIZED).await;
    owner.finds_her_task_untouched().await;
}

#[actix_web::test]
async fn an_anonymous_request_is_401_whatever_its_body_holds() {
    let app = TestApp::start().await;
    for family in FAMILIES {
        let tasks = family.tasks_of("ada");
        for (method, path) in [
            (Method::POST, tasks.clone()),
            (Method::PUT, format!("{tasks}/1")),
            (Method::PATCH, format!("{tasks}/1/complete")),
            (Method::DELETE, format!("{tasks}/abc")),
            (Method::GET, format!("{tasks}?limit=0")),
        ] {
            for (content_type, body) in
                [("application/json", "{"), ("text/plain", "x"), ("application/json", "[]")]
            {
                let request = app.request(method.clone(), &path);
                let request = request.header("content-type", content_type).body(body);
                problem(request.send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
            }
        }
    }
}
