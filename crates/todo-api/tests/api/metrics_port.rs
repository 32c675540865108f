//! Metrics at a port of their own.

use reqwest::{Client, Method, StatusCode};

use crate::support::{TestApp, problem};

#[actix_web::test]
async fn metrics_with_a_port_of_their_own_are_nowhere_else() {
    let app = TestApp::start_with(&["--metrics-port=0"]).await;
    problem(app.get("/metrics").await, StatusCode::NOT_FOUND).await;

    let scrape = reqwest::get(app.metrics_url("/metrics").unwrap()).await.unwrap();
    assert_eq!(scrape.status(), StatusCode::OK);
    assert_eq!(scrape.headers().get("x-request-id"), None, "what is asked here has no line");
    let text = scrape.text().await.unwrap();
    let counted = "todo_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"4xx\"} 1";
    assert!(text.contains(counted), "what the other port answered: {text}");
}

#[actix_web::test]
async fn the_port_of_the_metrics_has_nothing_else() {
    let app = TestApp::start_with(&["--metrics-port=0"]).await;
    for path in ["/", "/health", "/api/v1/tasks", "/openapi.json", "/docs/"] {
        let answer = reqwest::get(app.metrics_url(path).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let post = Client::new().request(Method::POST, app.metrics_url("/metrics").unwrap());
    let answer = post.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers()["allow"], "GET, HEAD");
}

#[actix_web::test]
async fn metrics_are_among_the_other_urls_by_default() {
    let app = TestApp::start().await;
    assert_eq!(app.metrics_url("/metrics"), None);
    assert_eq!(app.get("/metrics").await.status(), StatusCode::OK);
}
