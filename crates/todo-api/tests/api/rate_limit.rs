//! How often one address may call auth.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{FAMILIES, TestApp, problem, retry_after};

/// The calls that an address may make at once, and in a minute.
const CALLS: usize = 60;
/// The limiter at work, behind a proxy that tells who calls.
const FLAGS: [&str; 2] = ["--rate-limit=on", "--trusted-proxies=127.0.0.1"];
const ME: &str = "/api/v1/auth/me";

/// An application whose time passes only when a test says so.
async fn start(flags: &[&str]) -> TestApp {
    let app = TestApp::start_with(flags).await;
    app.stop_clock();
    app
}

/// A call by the client with this address.
fn call(app: &TestApp, method: Method, path: &str, address: &str) -> RequestBuilder {
    app.request(method, path).header("x-forwarded-for", address)
}

/// The answer to a GET by the client with this address.
async fn get(app: &TestApp, path: &str, address: &str) -> Response {
    call(app, Method::GET, path, address).send().await.expect("an answer")
}

/// Uses up all that this address may call.
async fn exhaust(app: &TestApp, address: &str) {
    let answers = join_all((0..CALLS).map(|_| get(app, ME, address))).await;
    let refused = |answer: &Response| answer.status() == StatusCode::TOO_MANY_REQUESTS;
    assert!(!answers.iter().any(refused));
}

async fn is_refused(app: &TestApp, path: &str, address: &str) -> bool {
    get(app, path, address).await.status() == StatusCode::TOO_MANY_REQUESTS
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().expect("text")
}

#[actix_web::test]
async fn the_sixty_first_call_must_wait_as_long_as_it_is_told() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    let refused = get(&app, ME, "203.0.113.7").await;
    let wait = retry_after(&refused);
    assert!(wait >= Duration::from_secs(1));
    let document = problem(refused, StatusCode::TOO_MANY_REQUESTS).await;
    assert_eq!(document["type"], "urn:todo:problem:too-many-requests");
    app.advance(wait);
    assert!(!is_refused(&app, ME, "203.0.113.7").await, "one call is given back");
    assert!(is_refused(&app, ME, "203.0.113.7").await, "and no more");
    app.advance(Duration::from_mins(1));
    exhaust(&app, "203.0.113.7").await;
}

#[actix_web::test]
async fn every_answer_tells_the_limit_and_what_is_left_of_it() {
    let app = start(&FLAGS).await;
    for left in (0..CALLS).rev() {
        let answer = get(&app, ME, "203.0.113.7").await;
        assert_eq!(header(&answer, "ratelimit-policy"), r#""address";q=60;w=60"#);
        assert_eq!(header(&answer, "ratelimit"), format!(r#""address";r={left};t=1"#));
    }
    let refused = get(&app, ME, "203.0.113.7").await;
    assert_eq!(header(&refused, "ratelimit-policy"), r#""address";q=60;w=60"#);
    assert_eq!(header(&refused, "ratelimit"), r#""address";r=0;t=1"#);
}

#[actix_web::test]
async fn a_page_can_read_the_refusal_and_its_headers() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    let page = call(&app, Method::GET, ME, "203.0.113.7").header("origin", "http://localhost:3000");
    let answer = page.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&answer, "access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let exposed = header(&answer, "access-control-expose-headers").to_lowercase();
    let exposed: Vec<_> = exposed.split(',').map(str::trim).collect();
    for name in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(exposed.contains(&name), "{exposed:?}");
    }
}

#[actix_web::test]
async fn a_preflight_does_not_count() {
    let app = start(&FLAGS).await;
    let preflight = || {
        let request = call(&app, Method::OPTIONS, ME, "203.0.113.7");
        let request = request.header("origin", "http://localhost:3000");
        request.header("access-control-request-method", "GET").send()
    };
    for answer in join_all((0..2 * CALLS).map(|_| preflight())).await {
        assert!(answer.unwrap().status().is_success());
    }
    exhaust(&app, "203.0.113.7").await;
    assert!(preflight().await.unwrap().status().is_success());
}

#[actix_web::test]
async fn every_url_of_auth_counts_however_it_is_written_and_whatever_it_answers() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    for path in [
        "/api/v1/auth/login",
        "/api/auth/me",
        "/api/auth/sessions",
        "/api/v1/auth/nothing",
        "/api/auth",
        "/api/%61uth/me",
    ] {
        assert!(is_refused(&app, path, "203.0.113.7").await, "{path}");
    }
}

#[actix_web::test]
async fn tasks_and_the_rest_are_not_limited() {
    let app = start(&FLAGS).await;
    let ada = app.outsider(json!({"sub": "ada"}));
    exhaust(&app, "203.0.113.7").await;
    let tasks = FAMILIES.map(|family| family.tasks_of("ada"));
    let paths = tasks.iter().map(String::as_str).chain(["/health", "/api/authors", "/docs/"]);
    for path in paths {
        let request = call(&app, Method::GET, path, "203.0.113.7").bearer_auth(&ada.access_token);
        let answer = request.send().await.unwrap();
        assert_ne!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert!(!answer.headers().contains_key("ratelimit"), "{path}");
    }
}

#[actix_web::test]
async fn each_address_counts_for_itself() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    assert!(is_refused(&app, ME, "203.0.113.7").await);
    assert!(!is_refused(&app, ME, "203.0.113.8").await);
    assert!(is_refused(&app, ME, "203.0.113.8, 203.0.113.7").await, "a forged entry is no excuse");
    assert!(is_refused(&app, ME, "::ffff:203.0.113.7").await, "nor another way to write it");
}

#[actix_web::test]
async fn ipv6_neighbours_count_as_one() {
    let app = start(&FLAGS).await;
    exhaust(&app, "2001:db8:1:2::1").await;
    assert!(is_refused(&app, ME, "2001:db8:1:2:ffff::2").await);
    assert!(!is_refused(&app, ME, "2001:db8:1:3::1").await);
}

#[actix_web::test]
async fn a_header_from_a_peer_that_is_not_trusted_gives_no_further_calls() {
    let app = start(&["--rate-limit=on"]).await;
    exhaust(&app, "203.0.113.7").await;
    assert!(is_refused(&app, ME, "203.0.113.8").await);
}

#[actix_web::test]
async fn a_refused_call_is_judged_by_nothing_but_its_address() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    let login = || call(&app, Method::POST, "/api/v1/auth/login", "203.0.113.7");
    for request in
        [login().bearer_auth("not.a.token"), login().body("{"), login().body("x".repeat(70_000))]
    {
        problem(request.send().await.unwrap(), StatusCode::TOO_MANY_REQUESTS).await;
    }
}

#[actix_web::test]
async fn a_refused_body_that_does_not_end_holds_no_connection() {
    let app = start(&FLAGS).await;
    exhaust(&app, "203.0.113.7").await;
    let endless = "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\n\
                   x-forwarded-for: 203.0.113.7\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n";
    let heard = app.exchange(endless.to_owned()).await;
    assert!(heard.starts_with("HTTP/1.1 429 "), "{heard}");
    assert!(heard.contains("urn:todo:problem:too-many-requests"), "{heard}");
    assert!(heard.contains("access-control-expose-headers"), "{heard}");
}

#[actix_web::test]
async fn off_means_off() {
    let app = start(&["--rate-limit=off", FLAGS[1]]).await;
    exhaust(&app, "203.0.113.7").await;
    let answer = get(&app, ME, "203.0.113.7").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    for name in ["ratelimit", "ratelimit-policy", "retry-after"] {
        assert!(!answer.headers().contains_key(name), "{name}");
    }
}

#[actix_web::test]
async fn each_process_counts_for_itself() {
    let app = start(&FLAGS).await;
    let replica = app.replica().await;
    exhaust(&app, "203.0.113.7").await;
    assert!(is_refused(&app, ME, "203.0.113.7").await);
    exhaust(&replica, "203.0.113.7").await;
    assert!(is_refused(&replica, ME, "203.0.113.7").await);
}

#[test]
fn the_refusal_is_described_at_every_call_of_auth_and_nowhere_else() {
    let document = serde_json::to_value(todo_api::openapi_document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let headers = &operation["responses"]["429"]["headers"];
            if !path.contains("/auth/") {
                assert_eq!(*headers, Value::Null, "{path}");
                continue;
            }
            assert!(headers["Retry-After"].is_object(), "{path}");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                for name in ["RateLimit", "RateLimit-Policy"] {
                    assert!(answer["headers"][name].is_object(), "{path} {status} {name}");
                }
            }
        }
    }
}
