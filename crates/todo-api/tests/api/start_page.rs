//! The first page of a service that has no web app.

use reqwest::{Method, StatusCode};

use crate::support::{TestApp, problem};
use crate::web_app::visit;

#[actix_web::test]
async fn without_a_web_app_the_first_page_says_how_to_get_it_and_leads_to_the_docs() {
    let app = TestApp::start().await;
    let answer = app.get("/").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "no-store", "the app may be there next time");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let page = answer.text().await.unwrap();
    for told in ["just web", "npm ci &amp;&amp; npm run build", "WEB_APP_DIR", "href=\"/docs\""] {
        assert!(page.contains(told), "{told}");
    }
    assert!(page.contains("\"/pages/style.css\""));
    assert_eq!(app.get("/pages/style.css").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn without_a_web_app_nobody_gets_a_page_for_an_address_that_leads_nowhere() {
    let app = TestApp::start().await;
    for path in ["/login", "/nothing", "/api/nothing", "/_next/static/app.js"] {
        problem(visit(&app, Method::GET, path).await, StatusCode::NOT_FOUND).await;
    }
}
