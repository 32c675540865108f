//! The page that the link of a password reset leads to, where there is no web app.

use reqwest::{Method, StatusCode};

use crate::support::TestApp;

#[actix_web::test]
async fn the_page_comes_whole_from_the_service_and_may_load_nothing_else() {
    let app = TestApp::start().await;
    let answer = app.get("/reset-password?token=secret").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let page = answer.text().await.unwrap();
    for (file, content_type) in
        [("reset_password.js", "text/javascript"), ("style.css", "text/css")]
    {
        let path = format!("/pages/{file}");
        assert!(page.contains(&format!("\"{path}\"")), "{path}");
        let answer = app.get(&path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let found = answer.headers()["content-type"].to_str().unwrap();
        assert!(found.starts_with(content_type), "{found}");
    }
    assert_eq!(app.get("/pages/other").await.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_address_with_its_token_is_kept_by_no_cache_and_told_to_nobody() {
    let app = TestApp::start().await;
    let request = app.request(Method::HEAD, "/reset-password?token=secret");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers()["x-frame-options"], "DENY");
}

#[actix_web::test]
async fn the_form_holds_a_password_to_the_rule_of_the_service() {
    let page = TestApp::start().await.get("/reset-password").await.text().await.unwrap();
    assert!(page.contains("minlength=\"8\"") && page.contains("At least 8 characters."));
    assert!(!page.contains('{'), "everything is filled in");
}
