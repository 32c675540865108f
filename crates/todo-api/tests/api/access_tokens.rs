//! What an access token says, how long it holds, and what a request without a good one is told.

use std::collections::HashSet;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::{FAMILIES, SECRET, TestApp, json_of, keys, problem};

/// The claims of a token whose signature holds.
fn claims(token: &str) -> Value {
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    let data = jsonwebtoken::decode::<Value>(token, &key, &Validation::new(Algorithm::HS256));
    data.expect("a good token").claims
}

#[actix_web::test]
async fn the_claims_are_those_that_are_promised() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let header = jsonwebtoken::decode_header(&ada.access_token).unwrap();
    assert_eq!(header.alg, Algorithm::HS256);
    let claims = claims(&ada.access_token);
    assert_eq!(keys(&claims), ["exp", "iat", "iss", "jti", "sid", "sub"]);
    assert_eq!(claims["sub"], ada.id);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 24 * 60 * 60);
    assert!((app.now().unix_seconds() - iat).abs() <= 60, "issued just now");
}

#[actix_web::test]
async fn each_token_has_an_id_and_each_session_another() {
    let app = TestApp::start().await;
    let first = app.user("ada").await;
    let mut tokens = vec![claims(&first.access_token)];
    for _ in 0..3 {
        tokens.push(claims(&app.log_in(&first.email).await.access_token));
    }
    for claim in ["jti", "sid"] {
        let values: HashSet<_> = tokens.iter().map(|claims| claims[claim].to_string()).collect();
        assert_eq!(values.len(), tokens.len(), "{claim}");
    }
}

#[actix_web::test]
async fn lifetimes_are_settings() {
    let app = TestApp::start_with(&["--access-token-ttl=15m"]).await;
    let ada = app.user("ada").await;
    let claims = claims(&ada.access_token);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    let body = serde_json::json!({"refresh_token": ada.refresh_token});
    let answer = app.post("/api/v1/auth/refresh", body).await;
    assert_eq!(json_of(answer, StatusCode::OK).await["expires_in"], 900);
}

#[actix_web::test]
async fn a_token_that_expired_a_second_ago_is_refused() {
    let app = TestApp::start_with(&["--access-token-ttl=15m"]).await;
    let ada = app.user("ada").await;
    app.advance(Duration::from_mins(14));
    for family in FAMILIES {
        assert_eq!(ada.get(&family.tasks_of(&ada.id)).await.status(), StatusCode::OK);
    }
    app.advance(Duration::from_secs(61));
    for family in FAMILIES {
        let answer = ada.get(&family.tasks_of(&ada.id)).await;
        assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
        let document = problem(answer, StatusCode::UNAUTHORIZED).await;
        assert_eq!(document["type"], "urn:todo:problem:invalid-token");
    }
}

#[actix_web::test]
async fn a_request_without_a_token_is_challenged() {
    let app = TestApp::start().await;
    for family in FAMILIES {
        for path in [family.tasks_of("ada"), "/api/v1/auth/me".into(), "/api/auth/me".into()] {
            for authorization in [None, Some("Basic YWRhOmFkYQ=="), Some("Bearer"), Some("Bearer ")]
            {
                let mut request = app.request(Method::GET, &path);
                if let Some(value) = authorization {
                    request = request.header("authorization", value);
                }
                let answer = request.send().await.unwrap();
                assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{authorization:?}");
                let document = problem(answer, StatusCode::UNAUTHORIZED).await;
                assert_eq!(document["type"], "urn:todo:problem:no-token");
            }
        }
    }
}

#[actix_web::test]
async fn a_token_that_is_not_ours_is_refused() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let (head, signature) = ada.access_token.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for family in FAMILIES {
        for token in [forged.as_str(), head, "garbage", "a.b.c", &ada.refresh_token] {
            let request = app.request(Method::GET, &family.tasks_of(&ada.id));
            let answer = request.bearer_auth(token).send().await.unwrap();
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
    }
}

#[actix_web::test]
async fn the_scheme_is_bearer_in_whatever_case() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
        let request = app.request(Method::GET, "/api/v1/auth/me");
        let request = request.header("authorization", format!("{scheme} {}", ada.access_token));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK, "{scheme}");
    }
}

#[actix_web::test]
async fn white_space_beyond_ascii_is_part_of_the_token() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for token in [format!("{}\u{a0}", ada.access_token), format!("\u{a0}{}", ada.access_token)] {
        let request = app.request(Method::GET, "/api/v1/auth/me");
        let request = request.header("authorization", format!("Bearer {token}").into_bytes());
        let document = problem(request.send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
        assert_eq!(document["type"], "urn:todo:problem:invalid-token");
    }
}

#[actix_web::test]
async fn a_token_in_the_query_or_in_a_cookie_is_no_token() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let path = format!("/api/v1/tasks?access_token={}", ada.access_token);
    problem(app.get(&path).await, StatusCode::UNAUTHORIZED).await;
    let cookie = format!("access_token={}", ada.access_token);
    let request = app.request(Method::GET, "/api/v1/tasks").header("cookie", cookie);
    problem(request.send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
}
