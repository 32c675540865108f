//! Opening a session.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, anonymous, faults, json_of, keys, problem};

/// Both addresses of the call.
const URLS: [&str; 2] = ["/api/v1/auth/login", "/api/auth/login"];

#[actix_web::test]
async fn a_password_opens_a_session_whatever_the_case_of_the_email() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for url in URLS {
        for email in ["ada@example.com", "ADA@Example.com", " ada@EXAMPLE.com\n"] {
            let answer = app.post(url, json!({"email": email, "password": PASSWORD})).await;
            let answer = json_of(answer, StatusCode::OK).await;
            let members = ["access_token", "expires_in", "refresh_token", "token_type", "user"];
            assert_eq!(keys(&answer), members);
            assert_eq!(answer["token_type"], "bearer");
            assert_eq!(answer["expires_in"], 86_400);
            assert_eq!(answer["user"]["id"], ada.id);
            assert_eq!(answer["user"]["email"], "ada@example.com");
        }
    }
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_email_get_one_answer() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let grace = app.outsider(json!({"sub": "grace", "email": "grace@example.com"}));
    assert_eq!(grace.get("/api/v1/auth/me").await.status(), StatusCode::OK);
    for url in URLS {
        let mut answers: Vec<Value> = Vec::new();
        for (email, password) in [
            ("ada@example.com", "incorrect horse battery"),
            ("ada@example.com", "correct horse batterY"),
            ("eve@example.com", PASSWORD),
            ("grace@example.com", PASSWORD),
        ] {
            let answer = app.post(url, json!({"email": email, "password": password})).await;
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            answers.push(anonymous(problem(answer, StatusCode::UNAUTHORIZED).await));
        }
        assert_eq!(answers[0]["type"], "urn:todo:problem:invalid-credentials");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
}

#[actix_web::test]
async fn sessions_of_one_user_live_beside_each_other() {
    let app = TestApp::start().await;
    let first = app.user("ada").await;
    let second = app.log_in(&first.email).await;
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    let task = first.task("Buy milk").await;
    let list: Value = second.get("/api/v1/tasks").await.json().await.unwrap();
    assert_eq!(list, json!([task]));
}

#[actix_web::test]
async fn credentials_of_the_wrong_shape_are_named() {
    let app = TestApp::start().await;
    for url in URLS {
        for (body, field, code) in [
            (json!({"email": "ada@example.com"}), "password", "required"),
            (json!({"password": PASSWORD}), "email", "required"),
            (json!({"email": "ada@example.com", "password": null}), "password", "wrong_type"),
            (json!({"email": {"$ne": ""}, "password": PASSWORD}), "email", "wrong_type"),
            (json!({"email": "ada", "password": PASSWORD}), "email", "malformed"),
        ] {
            let document = problem(app.post(url, body).await, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), [(field, code)]);
        }
    }
}
