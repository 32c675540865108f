//! Plain HTTP in front of a proxy.

use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::json;

use crate::support::{FAMILIES, TestApp, problem};

const PRODUCTION: [&str; 2] = ["--app-env=production", "--bcrypt-cost=10"];
const ADDRESS: &str = "--api-base-url=https://todo.example.com";
const PROXY: &str = "--trusted-proxies=127.0.0.1";

/// What is answered to a client that came to the proxy over `scheme`.
async fn over(scheme: &str, app: &TestApp, method: Method, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.request(method, app.url(path)).header("x-forwarded-proto", scheme);
    request.send().await.unwrap()
}

async fn production(flags: &[&str]) -> TestApp {
    TestApp::start_with(&[&PRODUCTION[..], flags].concat()).await
}

#[actix_web::test]
async fn calls_that_came_to_the_proxy_over_plain_http_are_refused() {
    let app = production(&[PROXY, ADDRESS]).await;
    let tasks = FAMILIES.map(|family| family.tasks_of("ada"));
    for path in [&tasks[0], &tasks[1], "/api/v1/auth/me", "/api/nowhere", "/%61pi/v1/tasks"] {
        let answer = over("http", &app, Method::GET, path).await;
        let document = problem(answer, StatusCode::FORBIDDEN).await;
        assert_eq!(document["type"], "urn:todo:problem:https-required", "{path}");
        let answer = over("https", &app, Method::GET, path).await;
        assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let login = app.request(Method::POST, "/api/v1/auth/login").header("x-forwarded-proto", "http");
    let body = json!({"email": "ada@example.com", "password": "correct horse"});
    problem(login.json(&body).send().await.unwrap(), StatusCode::FORBIDDEN).await;
}

#[actix_web::test]
async fn pages_are_redirected_to_the_public_address_and_nowhere_else() {
    let app = production(&[PROXY, ADDRESS]).await;
    for path in ["/docs/", "/docs", "/reset-password?x=1", "/openapi.json", "//evil.example/"] {
        let answer = over("http", &app, Method::GET, path).await;
        assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(answer.headers()["location"], format!("https://todo.example.com{path}"));
        assert_eq!(answer.headers()["cache-control"], "no-store", "the query may hold a token");
    }
    let answer = over("http", &app, Method::POST, "/docs/").await;
    problem(answer, StatusCode::FORBIDDEN).await;
}

#[actix_web::test]
async fn without_a_public_address_of_https_pages_are_refused() {
    let app = production(&[PROXY, "--api-base-url=http://todo.example.com"]).await;
    problem(over("http", &app, Method::GET, "/docs/").await, StatusCode::FORBIDDEN).await;
}

#[actix_web::test]
async fn probes_are_answered_however_they_come() {
    let app = production(&[PROXY, ADDRESS]).await;
    for path in ["/health", "/health/live", "/health/ready"] {
        assert_eq!(over("http", &app, Method::GET, path).await.status(), StatusCode::OK, "{path}");
    }
}

#[actix_web::test]
async fn nobody_else_can_have_a_request_refused_and_development_refuses_none() {
    let untrusting = production(&[]).await;
    let development = TestApp::start_with(&[PROXY]).await;
    for app in [untrusting, development] {
        let answer = over("http", &app, Method::GET, "/api/v1/tasks").await;
        problem(answer, StatusCode::UNAUTHORIZED).await;
    }
}
