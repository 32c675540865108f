//! Which pages of other origins may call the API.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;

use crate::support::{FAMILIES, TestApp};

const ALLOWED: &str = "http://localhost:3000";
const NOT_ALLOWED: [&str; 4] =
    ["https://evil.example", "http://localhost:3001", "https://localhost:3000", "null"];

fn preflight(app: &TestApp, path: &str, origin: &str, method: &str) -> RequestBuilder {
    app.request(Method::OPTIONS, path)
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type")
}

#[actix_web::test]
async fn a_page_of_an_allowed_origin_may_make_every_call() {
    let app = TestApp::start().await;
    for path in ["/api/v1/tasks", "/api/ada/tasks/1", "/api/v1/auth/login", "/api/auth/me"] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = preflight(&app, path, ALLOWED, method).send().await.unwrap();
            assert!(answer.status().is_success(), "{path} {method}");
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_lowercase();
            assert_eq!(header("access-control-allow-origin"), ALLOWED);
            assert!(header("access-control-allow-methods").contains(&method.to_lowercase()));
            assert!(header("access-control-allow-headers").contains("authorization"));
            assert!(header("access-control-allow-headers").contains("content-type"));
            assert!(header("vary").contains("origin"));
        }
    }
}

#[actix_web::test]
async fn a_page_of_another_origin_may_make_none() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for origin in NOT_ALLOWED {
        let refused = preflight(&app, "/api/v1/tasks", origin, "GET").send().await.unwrap();
        assert!(!refused.headers().contains_key("access-control-allow-origin"));
        for family in FAMILIES {
            let request = ada.request(Method::GET, &family.tasks_of(&ada.id));
            let answer = request.header("origin", origin).send().await.unwrap();
            assert!(!answer.headers().contains_key("access-control-allow-origin"));
        }
    }
}

#[actix_web::test]
async fn a_page_can_read_errors_as_well_as_answers() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for family in FAMILIES {
        let tasks = family.tasks_of(&ada.id);
        for (request, status) in [
            (ada.request(Method::GET, &tasks), StatusCode::OK),
            (app.request(Method::GET, &tasks), StatusCode::UNAUTHORIZED),
            (ada.request(Method::GET, "/api/eve/tasks"), StatusCode::FORBIDDEN),
            (ada.request(Method::GET, &format!("{tasks}/1")), StatusCode::NOT_FOUND),
            (ada.request(Method::GET, "/api/nothing"), StatusCode::NOT_FOUND),
            (ada.request(Method::PUT, &tasks), StatusCode::METHOD_NOT_ALLOWED),
            (ada.request(Method::POST, &tasks).body("{"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (ada.request(Method::POST, &tasks).json(&json!({})), family.invalid()),
        ] {
            let answer = request.header("origin", ALLOWED).send().await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(answer.headers()["access-control-allow-origin"], ALLOWED);
            let exposed = answer.headers()["access-control-expose-headers"].to_str().unwrap();
            for header in ["link", "location", "retry-after", "www-authenticate", "x-request-id"] {
                assert!(exposed.to_lowercase().contains(header), "{exposed}");
            }
        }
    }
}

#[actix_web::test]
async fn the_origins_are_a_setting() {
    let app = TestApp::start_with(&["--cors-allowed-origins=https://a.example,https://b.example"]);
    let app = app.await;
    for (origin, allowed) in
        [("https://a.example", true), ("https://b.example", true), (ALLOWED, false)]
    {
        let request = app.request(Method::GET, "/health").header("origin", origin);
        let answer = request.send().await.unwrap();
        let header = answer.headers().get("access-control-allow-origin");
        assert_eq!(header.is_some_and(|value| value == origin), allowed, "{origin}");
    }
}

#[actix_web::test]
async fn pages_of_allowed_origins_may_send_cookies_and_no_others() {
    let app = TestApp::start().await;
    for (origin, allowed) in [(ALLOWED, true), ("https://eve.example", false)] {
        let answer = preflight(&app, "/api/v1/auth/refresh", origin, "POST").send().await.unwrap();
        let credentials = answer.headers().get("access-control-allow-credentials");
        let allow_origin = answer.headers().get("access-control-allow-origin");
        assert_eq!(credentials.is_some() && allow_origin.is_some(), allowed, "{origin}");
    }
}
