//! The page that shows the API.

use reqwest::StatusCode;

use crate::support::{TestApp, problem};

/// The addresses that a page loads: what stands in its `src` and `href`.
fn addresses(page: &str) -> Vec<String> {
    let attribute = |name| page.split(name).skip(1).filter_map(|rest: &str| rest.split('"').next());
    attribute("src=\"").chain(attribute("href=\"")).map(str::to_owned).collect()
}

#[actix_web::test]
async fn the_page_comes_whole_from_the_service_itself() {
    let app = TestApp::start().await;
    let answer = app.get("/docs").await;
    assert_eq!(answer.url().path(), "/docs/", "relative addresses need the slash");
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let page = answer.text().await.unwrap();
    let addresses = addresses(&page);
    for file in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        assert!(addresses.iter().any(|address| address.ends_with(file)), "{addresses:?}");
    }
    for address in addresses {
        assert!(!address.contains("//"), "{address} leads outside");
        let path = format!("/docs/{}", address.trim_start_matches("./"));
        let file = app.get(&path).await;
        assert_eq!(file.status(), StatusCode::OK, "{path}");
        assert!(!file.bytes().await.unwrap().is_empty(), "{path}");
    }
}

#[actix_web::test]
async fn the_page_may_load_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let answer = app.get("/docs/").await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("http"), "{policy}");
}

#[actix_web::test]
async fn the_page_shows_the_document_of_this_service() {
    let app = TestApp::start().await;
    let script = app.get("/docs/swagger-initializer.js").await.text().await.unwrap();
    assert!(script.contains("/openapi.json"), "{script}");
    assert!(!script.contains("petstore"), "{script}");
}

#[actix_web::test]
async fn the_page_has_no_other_files() {
    let app = TestApp::start().await;
    for path in ["/docs/nothing.js", "/docs/..%2f..%2fetc%2fpasswd", "/docs/%00"] {
        problem(app.get(path).await, StatusCode::NOT_FOUND).await;
    }
}
