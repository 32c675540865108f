//! Trading refresh tokens.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{TestApp, anonymous, faults, json_of, keys, problem, text};

async fn trade(app: &TestApp, token: &str) -> Response {
    app.post("/api/v1/auth/refresh", json!({"refresh_token": token})).await
}

/// The refresh token that this one buys.
async fn next(app: &TestApp, token: &str) -> String {
    text(&json_of(trade(app, token).await, StatusCode::OK).await["refresh_token"])
}

/// What a refresh token that does not hold is told.
async fn refused(answer: Response) -> Value {
    assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
    let document = problem(answer, StatusCode::UNAUTHORIZED).await;
    assert_eq!(document["type"], "urn:todo:problem:invalid-refresh-token");
    anonymous(document)
}

#[actix_web::test]
async fn a_refresh_token_buys_the_next_pair() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let mut token = ada.refresh_token.clone();
    for url in ["/api/v1/auth/refresh", "/api/auth/refresh"] {
        let answer = app.post(url, json!({"refresh_token": token})).await;
        let answer = json_of(answer, StatusCode::OK).await;
        let members = ["access_token", "expires_in", "refresh_token", "token_type", "user"];
        assert_eq!(keys(&answer), members);
        assert_eq!(answer["token_type"], "bearer");
        assert_eq!(answer["expires_in"], 86_400);
        assert_eq!(answer["user"]["id"], ada.id);
        assert_ne!(answer["refresh_token"], token);
        token = text(&answer["refresh_token"]);
        let access = text(&answer["access_token"]);
        let me = app.request(Method::GET, "/api/v1/auth/me").bearer_auth(access);
        assert_eq!(me.send().await.unwrap().status(), StatusCode::OK);
    }
}

#[actix_web::test]
async fn a_token_used_again_a_moment_later_buys_an_access_token_alone() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let newest = next(&app, &ada.refresh_token).await;
    app.advance(Duration::from_secs(5));
    let again = json_of(trade(&app, &ada.refresh_token).await, StatusCode::OK).await;
    assert_eq!(keys(&again), ["access_token", "expires_in", "token_type", "user"]);
    let access = text(&again["access_token"]);
    let me = app.request(Method::GET, "/api/v1/auth/me").bearer_auth(access);
    assert_eq!(me.send().await.unwrap().status(), StatusCode::OK);
    next(&app, &newest).await;
}

#[actix_web::test]
async fn a_token_used_again_later_ends_its_session() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let elsewhere = app.log_in(&ada.email).await;
    let newest = next(&app, &ada.refresh_token).await;
    assert_eq!(ada.get("/api/v1/tasks").await.status(), StatusCode::OK);
    app.advance(Duration::from_secs(11));
    refused(trade(&app, &ada.refresh_token).await).await;
    refused(trade(&app, &newest).await).await;
    problem(ada.get("/api/v1/tasks").await, StatusCode::UNAUTHORIZED).await;
    assert_eq!(elsewhere.get("/api/v1/tasks").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_token_two_generations_old_ends_its_session() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let second = next(&app, &ada.refresh_token).await;
    let third = next(&app, &second).await;
    app.advance(Duration::from_secs(11));
    refused(trade(&app, &ada.refresh_token).await).await;
    refused(trade(&app, &third).await).await;
    problem(ada.get("/api/v1/tasks").await, StatusCode::UNAUTHORIZED).await;
}

#[actix_web::test]
async fn a_refresh_token_expires() {
    let app = TestApp::start_with(&["--refresh-token-ttl=1h"]).await;
    let ada = app.user("ada").await;
    app.advance(Duration::from_hours(1));
    refused(trade(&app, &ada.refresh_token).await).await;
}

#[actix_web::test]
async fn each_trade_counts_the_time_anew() {
    let app = TestApp::start_with(&["--refresh-token-ttl=1h"]).await;
    let mut token = app.user("ada").await.refresh_token;
    for _ in 0..3 {
        app.advance(Duration::from_mins(50));
        token = next(&app, &token).await;
    }
    app.advance(Duration::from_hours(1));
    refused(trade(&app, &token).await).await;
}

#[actix_web::test]
async fn what_is_no_refresh_token_gets_one_answer() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let bytes = ada.refresh_token.len();
    let another = "A".repeat(bytes);
    let longer = format!("{}A", ada.refresh_token);
    let shorter = &ada.refresh_token[..bytes - 1];
    let mut answers = Vec::new();
    for token in ["", "garbage", "\u{0}", "é", &another, &longer, shorter, &ada.access_token] {
        answers.push(refused(trade(&app, token).await).await);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    next(&app, &ada.refresh_token).await;
}

#[actix_web::test]
async fn a_refresh_token_that_is_missing_is_named() {
    let app = TestApp::start().await;
    for url in ["/api/v1/auth/refresh", "/api/auth/refresh"] {
        for (body, code) in [
            (json!({}), "required"),
            (json!({"refresh_token": null}), "wrong_type"),
            (json!({"refresh_token": 5}), "wrong_type"),
        ] {
            let document = problem(app.post(url, body).await, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), [("refresh_token", code)]);
        }
    }
}

#[actix_web::test]
async fn a_session_that_was_refreshed_is_logged_out_whole() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let newest = next(&app, &ada.refresh_token).await;
    ada.request(Method::POST, "/api/v1/auth/logout").send().await.unwrap();
    refused(trade(&app, &newest).await).await;
    refused(trade(&app, &ada.refresh_token).await).await;
}

#[actix_web::test]
async fn a_session_that_is_refreshed_at_the_last_moment_goes_on() {
    let app = TestApp::start_with(&["--refresh-token-ttl=12s"]).await;
    let mut ada = app.user("ada").await;
    app.advance(Duration::from_secs(9));
    ada.get("/api/v1/auth/me").await.error_for_status().expect("the session is remembered");
    let tokens: Value = trade(&app, &ada.refresh_token).await.json().await.unwrap();
    ada.access_token = text(&tokens["access_token"]);
    app.advance(Duration::from_secs(9));
    ada.get("/api/v1/auth/me").await.error_for_status().expect("the session was prolonged");
}
