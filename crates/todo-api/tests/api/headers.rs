//! The headers that every answer carries.

use std::collections::HashSet;

use reqwest::header::HeaderMap;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::support::TestApp;

/// An answer of each kind: made, found, refused, missing, not understood.
async fn answers(app: &TestApp) -> Vec<Response> {
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let preflight = app.request(Method::OPTIONS, "/api/v1/tasks");
    let preflight = preflight.header("origin", "http://localhost:3000");
    vec![
        ada.send(Method::POST, "/api/v1/tasks", json!({"title": "Buy bread"})).await,
        ada.get(&path).await,
        ada.request(Method::DELETE, &format!("/api/{}/tasks/{}", ada.id, task["id"]))
            .send()
            .await
            .unwrap(),
        ada.request(Method::HEAD, "/api/v1/tasks").send().await.unwrap(),
        ada.send(Method::POST, "/api/v1/tasks", json!({})).await,
        ada.send(Method::POST, "/api/v1/tasks", json!({"title": "x".repeat(70_000)})).await,
        ada.get("/api/somebody/tasks").await,
        ada.request(Method::POST, &path).send().await.unwrap(),
        app.get("/api/v1/tasks").await,
        app.get("/nothing").await,
        app.get("/health").await,
        app.get("/docs/").await,
        app.get("/openapi.json").await,
        preflight.header("access-control-request-method", "GET").send().await.unwrap(),
    ]
}

/// Checks what every answer has.
pub(crate) fn has_security_headers(headers: &HeaderMap) {
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-frame-options"], "DENY");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!headers.contains_key("server"));
    assert!(!headers.contains_key("x-powered-by"));
}

#[actix_web::test]
async fn every_answer_has_the_security_headers_and_no_server_names_itself() {
    let app = TestApp::start().await;
    for answer in answers(&app).await {
        has_security_headers(answer.headers());
    }
}

#[actix_web::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let app = TestApp::start().await;
    let answers = answers(&app).await;
    let ids: HashSet<_> =
        answers.iter().map(|answer| answer.headers()["x-request-id"].clone()).collect();
    assert_eq!(ids.len(), answers.len());
    let request = app.request(Method::GET, "/health").header("x-request-id", "forged");
    assert_ne!(request.send().await.unwrap().headers()["x-request-id"], "forged");
}

#[actix_web::test]
async fn only_production_tells_browsers_to_use_https_alone() {
    let development = TestApp::start().await;
    let production = TestApp::start_with(&["--app-env=production", "--bcrypt-cost=10"]).await;
    for path in ["/health", "/nothing", "/api/v1/tasks", "/docs/"] {
        let answer = development.get(path).await;
        assert!(!answer.headers().contains_key("strict-transport-security"));
        let answer = production.get(path).await;
        has_security_headers(answer.headers());
        let hsts = answer.headers()["strict-transport-security"].to_str().unwrap();
        let age = hsts.strip_prefix("max-age=").unwrap().split(';').next().unwrap();
        assert!(age.parse::<u32>().unwrap() >= 31_536_000, "a year at least");
    }
}

#[actix_web::test]
async fn nothing_of_the_api_is_stored_on_the_way() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for path in ["/api/v1/tasks", "/api/v1/tasks/1", "/api/v1/auth/me", "/api/nothing"] {
        let answer = ada.get(path).await;
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
