//! Which address a request comes from, as a session's `ip` shows it.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{PASSWORD, TestApp, json_of, text};

/// Behind a proxy on this machine and another one before it.
const PROXIES: &str = "--trusted-proxies=127.0.0.1,10.0.0.0/8";

/// The address that a new session shows if these lines of `X-Forwarded-For` came with it.
async fn shown(app: &TestApp, name: &str, lines: &[&str]) -> String {
    let email = format!("{name}@example.com");
    let body = json!({"email": email, "password": PASSWORD});
    let register = app.request(Method::POST, "/api/v1/auth/register").json(&body);
    let register =
        lines.iter().fold(register, |request, line| request.header("x-forwarded-for", *line));
    let answer = register.send().await.expect("an answer");
    let token = text(&json_of(answer, StatusCode::CREATED).await["access_token"]);
    let list = app.request(Method::GET, "/api/v1/auth/sessions").bearer_auth(token).send().await;
    let list = json_of(list.expect("an answer"), StatusCode::OK).await;
    text(&list[0]["ip"])
}

#[actix_web::test]
async fn a_header_from_a_peer_that_is_not_trusted_is_ignored() {
    for flags in [&[][..], &["--trusted-proxies=10.0.0.0/8"]] {
        let app = TestApp::start_with(flags).await;
        assert_eq!(shown(&app, "ada", &["203.0.113.7"]).await, "127.0.0.1");
        assert_eq!(shown(&app, "eve", &["10.0.0.1", "203.0.113.7"]).await, "127.0.0.1");
    }
}

#[actix_web::test]
async fn behind_a_trusted_proxy_its_last_entry_is_the_client() {
    let app = TestApp::start_with(&[PROXIES]).await;
    assert_eq!(shown(&app, "ada", &["203.0.113.7"]).await, "203.0.113.7");
    assert_eq!(shown(&app, "bob", &["2001:db8::7"]).await, "2001:db8::7");
    assert_eq!(shown(&app, "eve", &["198.51.100.1, 203.0.113.7"]).await, "203.0.113.7");
}

#[actix_web::test]
async fn proxies_before_the_proxy_are_passed_over() {
    let app = TestApp::start_with(&[PROXIES]).await;
    let lines = ["198.51.100.1, 203.0.113.7", "10.2.2.2,10.1.1.1"];
    assert_eq!(shown(&app, "ada", &lines).await, "203.0.113.7");
}

#[actix_web::test]
async fn an_entry_that_is_no_address_leaves_the_proxy_that_wrote_it() {
    let app = TestApp::start_with(&[PROXIES]).await;
    assert_eq!(shown(&app, "ada", &["203.0.113.7, unknown, 10.1.1.1"]).await, "10.1.1.1");
    assert_eq!(shown(&app, "bob", &["203.0.113.7, unknown"]).await, "127.0.0.1");
    assert_eq!(shown(&app, "eve", &["[2001:db8::7]:4711"]).await, "2001:db8::7");
}
