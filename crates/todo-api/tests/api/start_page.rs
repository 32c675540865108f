//! The first page.

use reqwest::StatusCode;

use crate::support::TestApp;

#[actix_web::test]
async fn the_first_page_leads_to_the_docs() {
    let app = TestApp::start().await;
    let answer = app.get("/").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(page.contains("href=\"/docs\""));
    assert!(page.contains("\"/pages/style.css\""));
    assert_eq!(app.get("/pages/style.css").await.status(), StatusCode::OK);
}
