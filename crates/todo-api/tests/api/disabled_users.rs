//! Users whom an operator keeps out, in the database alone, and users who are gone.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use todo_db::SeaUserRepo;
use todo_domain::{UserId, UserRepo as _};

use crate::support::{FAMILIES, PASSWORD, TestApp, TestUser, anonymous, problem};

/// The time in which every replica must have heeded what became of a user.
const SOON: Duration = Duration::from_secs(30);

/// Keeps the user out or lets them in again, past the application.
async fn set_active(app: &TestApp, user: &TestUser<'_>, active: bool) {
    let users = SeaUserRepo::new(&app.database().await);
    let id = UserId::parse(&user.id).expect("an id");
    users.set_active(&id, active, app.now()).await.expect("a database").expect("a user");
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> Response {
    app.post("/api/v1/auth/login", json!({"email": email, "password": password})).await
}

/// The `type` of the problem that the user meets in both families, on this replica.
async fn met(app: &TestApp, user: &TestUser<'_>) -> Value {
    let mut types = Vec::new();
    for path in FAMILIES.map(|family| family.tasks_of(&user.id)) {
        let list = app.request(Method::GET, &path).bearer_auth(&user.access_token).send().await;
        types.push(problem(list.unwrap(), StatusCode::UNAUTHORIZED).await["type"].take());
    }
    assert_eq!(types[0], types[1]);
    types.remove(0)
}

/// Whether the user's token is good on all of these replicas.
async fn come_in(apps: [&TestApp; 2], user: &TestUser<'_>) -> [bool; 2] {
    let [one, other] = apps.map(|app| app.list_status(&user.id, &user.access_token));
    [one.await == StatusCode::OK, other.await == StatusCode::OK]
}

#[actix_web::test]
async fn the_tokens_of_a_disabled_user_end_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let elsewhere = app.log_in(&ada.email).await;
    for user in [&ada, &elsewhere] {
        assert_eq!(come_in([&app, &replica], user).await, [true, true]);
    }
    set_active(&app, &ada, false).await;
    app.advance(SOON);
    for user in [&ada, &elsewhere] {
        for process in [&app, &replica] {
            assert_eq!(met(process, user).await, "urn:todo:problem:invalid-token");
            let body = json!({"refresh_token": user.refresh_token});
            let refresh = process.post("/api/v1/auth/refresh", body).await;
            problem(refresh, StatusCode::UNAUTHORIZED).await;
        }
    }
}

#[actix_web::test]
async fn a_disabled_user_of_another_issuer_is_kept_out_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let grace = app.outsider(json!({"sub": "grace"}));
    assert_eq!(come_in([&app, &replica], &grace).await, [true, true]);
    set_active(&app, &grace, false).await;
    app.advance(SOON);
    for process in [&app, &replica] {
        assert_eq!(met(process, &grace).await, "urn:todo:problem:invalid-token");
    }
    set_active(&app, &grace, true).await;
    app.advance(SOON);
    assert_eq!(come_in([&app, &replica], &grace).await, [true, true]);
}

#[actix_web::test]
async fn only_who_knows_the_password_learns_that_an_account_is_disabled() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    set_active(&app, &ada, false).await;
    let right = problem(log_in(&app, &ada.email, PASSWORD).await, StatusCode::FORBIDDEN).await;
    assert_eq!(right["type"], "urn:todo:problem:account-disabled");
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com"] {
        let wrong = log_in(&app, email, "incorrect horse").await;
        answers.push(anonymous(problem(wrong, StatusCode::UNAUTHORIZED).await));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn a_user_who_is_let_in_again_logs_in_anew() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    set_active(&app, &ada, false).await;
    app.advance(SOON);
    met(&app, &ada).await;
    set_active(&app, &ada, true).await;
    app.advance(SOON);
    assert_eq!(met(&app, &ada).await, "urn:todo:problem:invalid-token", "the session has ended");
    let again = app.log_in(&ada.email).await;
    let list: Value = again.get("/api/v1/tasks").await.json().await.unwrap();
    assert_eq!(list, json!([task]));
}

#[actix_web::test]
async fn the_email_of_a_disabled_user_stays_taken() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    set_active(&app, &ada, false).await;
    let body = json!({"email": ada.email, "password": PASSWORD});
    let answer = app.post("/api/v1/auth/register", body).await;
    problem(answer, StatusCode::CONFLICT).await;
    let same = app.outsider(json!({"sub": ada.id, "email": ada.email}));
    assert_eq!(met(&app, &same).await, "urn:todo:problem:invalid-token");
}

#[actix_web::test]
async fn every_token_of_a_deleted_user_ends_at_once() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let elsewhere = app.log_in(&ada.email).await;
    let outside = app.outsider(json!({"sub": ada.id, "email": ada.email}));
    for user in [&ada, &elsewhere, &outside] {
        assert_eq!(app.list_status(&ada.id, &user.access_token).await, StatusCode::OK);
    }
    let delete = ada.send(Method::DELETE, "/api/v1/auth/me", json!({"password": PASSWORD})).await;
    assert_eq!(delete.status(), StatusCode::NO_CONTENT);
    for user in [&ada, &elsewhere, &outside] {
        assert_eq!(met(&app, user).await, "urn:todo:problem:invalid-token");
    }
    let login = log_in(&app, &ada.email, PASSWORD).await;
    problem(login, StatusCode::UNAUTHORIZED).await;
}

#[actix_web::test]
async fn other_replicas_hear_of_a_deletion_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let outside = app.outsider(json!({"sub": ada.id, "email": ada.email}));
    for user in [&ada, &outside] {
        assert_eq!(come_in([&app, &replica], user).await, [true, true]);
    }
    ada.send(Method::DELETE, "/api/v1/auth/me", json!({"password": PASSWORD})).await;
    app.advance(SOON);
    for user in [&ada, &outside] {
        assert_eq!(met(&replica, user).await, "urn:todo:problem:invalid-token");
    }
}

#[actix_web::test]
async fn a_user_of_another_issuer_who_was_deleted_comes_back_with_a_newer_token_alone() {
    let app = TestApp::start().await;
    let issued_at = |app: &TestApp| json!({"sub": "grace", "iat": app.now().unix_seconds()});
    let before = app.outsider(issued_at(&app));
    before.task("Buy milk").await;
    let delete = before.request(Method::DELETE, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(delete.status(), StatusCode::NO_CONTENT);
    app.advance(Duration::from_mins(2));
    assert_eq!(met(&app, &before).await, "urn:todo:problem:invalid-token");
    let after = app.outsider(issued_at(&app));
    let list: Value = after.get("/api/v1/tasks").await.json().await.unwrap();
    assert_eq!(list, json!([]));
    assert_eq!(met(&app, &before).await, "urn:todo:problem:invalid-token", "it stays void");
    let tomorrow = app.now().unix_seconds() + 24 * 3_600;
    let from_the_future = app.outsider(json!({"sub": "grace", "iat": tomorrow}));
    assert_eq!(met(&app, &from_the_future).await, "urn:todo:problem:invalid-token");
}
