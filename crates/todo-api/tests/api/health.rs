//! Whether the service says that it is well.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{TestApp, json_of};

#[actix_web::test]
async fn a_service_that_is_well_says_so_to_anybody() {
    let app = TestApp::start().await;
    let health = json_of(app.get("/health").await, StatusCode::OK).await;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(health, json!({"status": "ok", "version": version, "database": "up"}));
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(json_of(app.get(path).await, StatusCode::OK).await["status"], "ok");
    }
}

#[actix_web::test]
async fn a_second_process_starts_on_the_same_database() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    assert_eq!(replica.get("/health/ready").await.status(), StatusCode::OK);
    let list = replica.request(reqwest::Method::GET, "/api/v1/tasks");
    let list = list.bearer_auth(&ada.access_token).send().await.unwrap();
    assert_eq!(json_of(list, StatusCode::OK).await, json!([task]));
}
