//! Tokens that an issuer signed with keys of its own, as Better Auth does.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::issuer::{ALGORITHMS, Issuer, Key};
use crate::support::{FAMILIES, SECRET, TestApp, json_of, sign};

/// A user id as Better Auth makes them.
const GRACE: &str = "mVVxGBQN3KpJ5QYh1OQ2ehaVPY0UzoWd";

#[actix_web::test]
async fn a_token_of_every_algorithm_opens_both_families() {
    let keys = ALGORITHMS.map(|algorithm| Key::new(algorithm, algorithm));
    let issuer = Issuer::start(&keys.each_ref());
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    for key in &keys {
        let token = key.sign(&issuer.claims(GRACE, app.now().unix_seconds()));
        for family in FAMILIES {
            let tasks = app.request(Method::POST, &family.tasks_of(GRACE)).bearer_auth(&token);
            let task = tasks.json(&json!({"title": key.algorithm})).send().await.unwrap();
            assert_eq!(json_of(task, StatusCode::CREATED).await["user_id"], GRACE);
        }
    }
    assert_eq!(issuer.fetches(), 1);
}

#[actix_web::test]
async fn the_users_row_is_made_from_the_claims() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    let token = key.sign(&issuer.claims(GRACE, app.now().unix_seconds()));
    let me = app.request(Method::GET, "/api/v1/auth/me").bearer_auth(token).send().await.unwrap();
    let me = json_of(me, StatusCode::OK).await;
    assert_eq!(me["id"], GRACE);
    assert_eq!(me["email"], format!("{}@issuer.example", GRACE.to_lowercase()));
    assert_eq!(me["name"], "Grace Hopper");
}

#[actix_web::test]
async fn a_key_may_come_without_its_algorithm() {
    // The key of PS256 would then be one of RS256.
    for algorithm in ["EdDSA", "ES256", "ES384", "ES512", "RS256"] {
        let mut key = Key::new(algorithm, "a");
        key.jwk.as_object_mut().unwrap().remove("alg");
        let issuer = Issuer::start(&[&key]);
        let app = TestApp::start_with(&[&issuer.flag()]).await;
        let token = key.sign(&issuer.claims(GRACE, app.now().unix_seconds()));
        assert_eq!(app.list_status(GRACE, &token).await, StatusCode::OK, "{algorithm}");
    }
}

#[actix_web::test]
async fn issuer_and_audience_must_be_the_expected_ones() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    let mine = issuer.origin.as_str();
    for (claim, value, expected) in [
        ("aud", json!([mine]), StatusCode::OK),
        ("aud", json!(["https://else.example", mine]), StatusCode::OK),
        ("aud", json!(["https://else.example"]), StatusCode::UNAUTHORIZED),
        ("aud", json!("https://else.example"), StatusCode::UNAUTHORIZED),
        ("aud", json!(format!("{mine}/")), StatusCode::UNAUTHORIZED),
        ("aud", json!(null), StatusCode::UNAUTHORIZED),
        ("iss", json!("https://else.example"), StatusCode::UNAUTHORIZED),
        ("iss", json!("todo-api"), StatusCode::UNAUTHORIZED),
        ("iss", json!([mine]), StatusCode::UNAUTHORIZED),
        ("iss", json!(null), StatusCode::UNAUTHORIZED),
    ] {
        let mut claims = issuer.claims(GRACE, app.now().unix_seconds());
        claims[claim] = value.clone();
        assert_eq!(app.list_status(GRACE, &key.sign(&claims)).await, expected, "{claim} {value}");
    }
}

#[actix_web::test]
async fn issuer_and_audience_are_settings() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let flags = [&issuer.flag(), "--jwt-issuer=https://a.example", "--jwt-audience=todo"];
    let app = TestApp::start_with(&flags).await;
    let mut claims = issuer.claims(GRACE, app.now().unix_seconds());
    assert_eq!(app.list_status(GRACE, &key.sign(&claims)).await, StatusCode::UNAUTHORIZED);
    claims["iss"] = json!("https://a.example");
    claims["aud"] = json!("todo");
    assert_eq!(app.list_status(GRACE, &key.sign(&claims)).await, StatusCode::OK);
}

#[actix_web::test]
async fn times_are_held_without_leeway() {
    let key = Key::new("ES256", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    let now = app.now().unix_seconds();
    for (claim, value, expected) in [
        ("exp", json!(now - 1), StatusCode::UNAUTHORIZED),
        ("exp", json!(null), StatusCode::UNAUTHORIZED),
        ("exp", json!("9999999999"), StatusCode::UNAUTHORIZED),
        ("nbf", json!(now + 60), StatusCode::UNAUTHORIZED),
        ("nbf", json!(now), StatusCode::OK),
        ("iat", json!("yesterday"), StatusCode::OK),
    ] {
        let mut claims = issuer.claims(GRACE, now);
        claims[claim] = value.clone();
        assert_eq!(app.list_status(GRACE, &key.sign(&claims)).await, expected, "{claim} {value}");
    }
    let token = key.sign(&issuer.claims(GRACE, now));
    app.advance(Duration::from_mins(14));
    assert_eq!(app.list_status(GRACE, &token).await, StatusCode::OK);
    app.advance(Duration::from_secs(61));
    assert_eq!(app.list_status(GRACE, &token).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn tokens_of_the_shared_secret_stay_good_beside_them() {
    let issuer = Issuer::start(&[&Key::new("EdDSA", "a")]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    let ada = app.user("ada").await;
    ada.task("Buy milk").await;
    for claim in ["sub", "id", "user_id", "userId"] {
        let claims = json!({claim: GRACE, "exp": app.now().unix_seconds() + 60});
        let token = sign(Algorithm::HS256, SECRET, &claims);
        assert_eq!(app.list_status(GRACE, &token).await, StatusCode::OK, "{claim}");
    }
    assert_eq!(issuer.fetches(), 0, "nobody needed its keys");
}

#[actix_web::test]
async fn without_a_key_set_only_the_shared_secret_counts() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start().await;
    let claims: Value = issuer.claims(GRACE, app.now().unix_seconds());
    assert_eq!(app.list_status(GRACE, &key.sign(&claims)).await, StatusCode::UNAUTHORIZED);
}
