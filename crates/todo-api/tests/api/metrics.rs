//! What the service counts of itself.

use std::time::Duration;

use reqwest::{Method, StatusCode};

use crate::scrape::Scrape;
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn requests_are_counted_by_pattern_method_and_class() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    ada.get(&format!("/api/v1/tasks/{}", task["id"])).await;
    ada.get(&format!("/api/{}/tasks/{}", ada.id, task["id"])).await;
    ada.get("/api/v1/tasks/99").await;
    ada.get("/api/v1/tasks/counts").await;
    ada.call(Method::DELETE, "/api/v1/tasks").await;

    let scrape = Scrape::of(&app).await;
    for (method, route, status) in [
        ("POST", "/api/v1/auth/register", "2xx"),
        ("POST", "/api/v1/tasks", "2xx"),
        ("GET", "/api/v1/tasks/{task_id}", "2xx"),
        ("GET", "/api/{user_id}/tasks/{task_id}", "2xx"),
        ("GET", "/api/v1/tasks/{task_id}", "4xx"),
        ("GET", "/api/v1/tasks/counts", "2xx"),
        ("DELETE", "/api/v1/tasks", "4xx"),
    ] {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
        assert_eq!(scrape.count(&format!("todo_http_requests_total{labels}")), 1, "{labels}");
        let timed = format!("todo_http_request_duration_seconds_count{labels}");
        assert_eq!(scrape.count(&timed), 1, "{labels}");
    }
    assert_eq!(scrape.count("todo_http_requests_in_flight"), 1, "the scrape itself");
}

#[actix_web::test]
async fn nothing_that_clients_make_up_becomes_a_label() {
    let app = TestApp::start().await;
    for made_up in ["made-up", "invented", "feigned"] {
        app.get(&format!("/{made_up}")).await;
        app.get(&format!("/api/v1/tasks/1/{made_up}")).await;
        let method = Method::from_bytes(made_up.as_bytes()).unwrap();
        app.request(method, &format!("/api/{made_up}/tasks")).send().await.unwrap();
    }
    let scrape = Scrape::of(&app).await;
    assert!(!["made-up", "invented", "feigned"].iter().any(|made_up| scrape.0.contains(made_up)));
    let unmatched = "todo_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"4xx\"}";
    assert_eq!(scrape.count(unmatched), 6);
    let other = "{method=\"other\",route=\"/api/{user_id}/tasks\",status=\"4xx\"}";
    assert_eq!(scrape.count(&format!("todo_http_requests_total{other}")), 3);
}

#[actix_web::test]
async fn answers_are_counted_whoever_gives_them() {
    let app = TestApp::start_with(&["--rate-limit=on"]).await;
    for _ in 0..61 {
        app.get("/api/v1/auth/me").await;
    }
    let preflight = app.request(Method::OPTIONS, "/api/v1/tasks");
    let preflight = preflight.header("origin", "http://localhost:3000");
    preflight.header("access-control-request-method", "GET").send().await.unwrap();

    let scrape = Scrape::of(&app).await;
    let requests = "todo_http_requests_total";
    let me = format!("{requests}{{method=\"GET\",route=\"/api/v1/auth/me\",status=\"4xx\"}}");
    assert_eq!(scrape.count(&me), 61);
    assert_eq!(scrape.count("todo_problems_total{type=\"no-token\"}"), 60);
    assert_eq!(scrape.count("todo_problems_total{type=\"too-many-requests\"}"), 1);
    let tasks = format!("{requests}{{method=\"OPTIONS\",route=\"/api/v1/tasks\",status=\"2xx\"}}");
    assert_eq!(scrape.count(&tasks), 1);
}

#[actix_web::test]
async fn what_happens_to_accounts_is_counted() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    app.log_in(&ada.email).await;
    assert!(!app.can_log_in(&ada.email, "not the password").await);

    let scrape = Scrape::of(&app).await;
    let event = |action: &str, outcome: &str| {
        let labels = format!("{{action=\"{action}\",outcome=\"{outcome}\"}}");
        scrape.count(&format!("todo_security_events_total{labels}"))
    };
    assert_eq!([event("register", "success"), event("register", "refused")], [1, 0]);
    assert_eq!([event("login", "success"), event("login", "refused")], [1, 1]);
    assert_eq!(scrape.count("todo_password_hash_wait_seconds_count"), 3);
    assert_eq!(scrape.count("todo_password_hashes{state=\"running\"}"), 0);
}

#[actix_web::test]
async fn tokens_are_counted_by_why_they_are_refused() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    assert!(app.is_good(&ada.access_token).await);
    assert!(!app.is_good("nonsense").await);
    app.advance(Duration::from_hours(25));
    assert!(!app.is_good(&ada.access_token).await);

    let scrape = Scrape::of(&app).await;
    for result in ["accepted", "malformed", "expired"] {
        let series = format!("todo_token_verifications_total{{result=\"{result}\"}}");
        assert_eq!(scrape.count(&series), 1, "{result}");
    }
    assert_eq!(scrape.count("todo_problems_total{type=\"invalid-token\"}"), 2);
}

#[actix_web::test]
async fn the_memory_of_sessions_counts_its_hits() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let lookups = async |result: &str| {
        let labels = format!("{{cache=\"session\",result=\"{result}\"}}");
        Scrape::of(&app).await.count(&format!("todo_cache_lookups_total{labels}"))
    };
    for _ in 0..3 {
        assert!(ada.is_signed_in().await);
    }
    assert_eq!([lookups("miss").await, lookups("hit").await], [1, 2]);
    app.advance(Duration::from_secs(21));
    assert!(ada.is_signed_in().await);
    assert_eq!([lookups("miss").await, lookups("hit").await], [2, 2], "what is old is read anew");
}

#[actix_web::test]
async fn a_stranger_at_a_users_url_is_counted() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let answer = bob.get(&format!("/api/{}/tasks", ada.id)).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let scrape = Scrape::of(&app).await;
    assert_eq!(scrape.count("todo_problems_total{type=\"other-user\"}"), 1);
}

#[actix_web::test]
async fn the_pool_the_process_and_the_version_are_shown() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let scrape = Scrape::of(&app).await;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(scrape.count(&format!("todo_build_info{{version=\"{version}\"}}")), 1);
    assert!(scrape.count("todo_db_pool_connections{state=\"idle\"}") > 0);
    assert_eq!(scrape.count("todo_database_up"), 1);
    assert!(scrape.value("process_resident_memory_bytes") > 1e6);
}

#[actix_web::test]
async fn nobody_is_named_in_the_metrics() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    ada.task("Buy milk").await;
    ada.get(&format!("/api/{}/tasks?cursor=the-words-of-a-user", ada.id)).await;
    let scrape = Scrape::of(&app).await;
    for private in [&ada.id, &ada.email, PASSWORD, &ada.access_token, "milk", "the-words", "127."] {
        assert!(!scrape.0.contains(private), "{private}");
    }
    assert!(scrape.series("todo_http_requests_total{") > 2);
}
