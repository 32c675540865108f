//! The service beside a real Better Auth server: its users, its tokens, its keys.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod server;
#[expect(dead_code, reason = "the tests of the API use more of it")]
#[path = "../api/support.rs"]
mod support;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use server::{BetterAuth, header};
use support::{FAMILIES, SECRET, TestApp, json_of};

/// The service, pointed at the keys of this Better Auth server.
async fn app_beside(better_auth: &BetterAuth) -> TestApp {
    let keys = format!("--jwks-url={}/api/auth/jwks", better_auth.url);
    TestApp::start_with(&[&keys]).await
}

#[actix_web::test]
async fn a_user_of_better_auth_has_tasks_here() {
    let Some(better_auth) = BetterAuth::start(&[], SECRET) else { return };
    let app = app_beside(&better_auth).await;
    let grace = better_auth.sign_up("Grace Hopper", "Grace@Example.com").await;
    let token = better_auth.token(&grace).await;
    let me = app.request(Method::GET, "/api/v1/auth/me").bearer_auth(&token).send().await.unwrap();
    let me = json_of(me, StatusCode::OK).await;
    assert_eq!(me["id"], grace.id);
    assert_eq!(me["email"], "grace@example.com");
    assert_eq!(me["name"], "Grace Hopper");
    let mut tasks: Vec<Value> = Vec::new();
    for family in FAMILIES {
        let path = family.tasks_of(&grace.id);
        let create = app.request(Method::POST, &path).json(&json!({"title": "Buy milk"}));
        let created = create.bearer_auth(&token).send().await.unwrap();
        tasks.insert(0, json_of(created, StatusCode::CREATED).await);
        let list = app.request(Method::GET, &path).bearer_auth(&token).send().await.unwrap();
        assert_eq!(json_of(list, StatusCode::OK).await, json!(tasks));
    }
    let other = app.request(Method::GET, "/api/ada/tasks").bearer_auth(&token).send().await;
    assert_eq!(other.unwrap().status(), StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn every_algorithm_of_better_auth_is_taken() {
    for algorithm in ["EdDSA", "ES256", "ES512", "PS256", "RS256"] {
        let Some(better_auth) = BetterAuth::start(&[algorithm], SECRET) else { return };
        let app = app_beside(&better_auth).await;
        let grace = better_auth.sign_up("Grace", "grace@example.com").await;
        let token = better_auth.token(&grace).await;
        assert_eq!(header(&token)["alg"], algorithm);
        let list = app.request(Method::GET, "/api/v1/tasks").bearer_auth(&token).send().await;
        assert_eq!(list.unwrap().status(), StatusCode::OK, "{algorithm}");
    }
}

#[actix_web::test]
async fn tokens_of_a_rotated_key_hold_while_it_is_published() {
    let Some(better_auth) = BetterAuth::start(&[], SECRET) else { return };
    let app = app_beside(&better_auth).await;
    let grace = better_auth.sign_up("Grace", "grace@example.com").await;
    let old = better_auth.token(&grace).await;
    assert_eq!(app.list_status(&grace.id, &old).await, StatusCode::OK);

    better_auth.test("/test/rotate").await;
    let new = better_auth.token(&grace).await;
    assert_ne!(header(&new)["kid"], header(&old)["kid"]);
    app.advance(Duration::from_secs(30));
    assert_eq!(app.list_status(&grace.id, &new).await, StatusCode::OK);
    assert_eq!(app.list_status(&grace.id, &old).await, StatusCode::OK);

    better_auth.test("/test/drop").await;
    better_auth.test("/test/rotate").await;
    let newest = better_auth.token(&grace).await;
    app.advance(Duration::from_secs(30));
    assert_eq!(app.list_status(&grace.id, &newest).await, StatusCode::OK, "this fetches the set");
    assert_eq!(app.list_status(&grace.id, &new).await, StatusCode::OK);
    assert_eq!(app.list_status(&grace.id, &old).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn the_session_in_a_cookie_is_no_token_whatever_it_is_signed_with() {
    for (cookie, algorithm) in [("secret", "HS256"), ("key", "EdDSA")] {
        let Some(better_auth) = BetterAuth::start(&["EdDSA", cookie], SECRET) else { return };
        let app = app_beside(&better_auth).await;
        let grace = better_auth.sign_up("Grace", "grace@example.com").await;
        let token = better_auth.token(&grace).await;
        assert_eq!(app.list_status(&grace.id, &token).await, StatusCode::OK);
        assert_eq!(header(&grace.cookie)["alg"], algorithm, "as it is said to be signed");
        assert_eq!(app.list_status(&grace.id, &grace.cookie).await, StatusCode::UNAUTHORIZED);
    }
}
