//! Who am I, and no longer.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{AUTH, FAMILIES, TestApp, TestUser, json_of, keys, problem};

async fn log_out(user: &TestUser<'_>, prefix: &str) {
    let answer = user.request(Method::POST, &format!("{prefix}/logout")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.text().await.unwrap(), "");
}

#[actix_web::test]
async fn me_is_the_user_of_the_token() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    for prefix in AUTH {
        for user in [&ada, &grace] {
            let me = json_of(user.get(&format!("{prefix}/me")).await, StatusCode::OK).await;
            assert_eq!(keys(&me), ["created_at", "email", "id", "name"]);
            assert_eq!((&me["id"], &me["email"]), (&json!(user.id), &json!(user.email)));
        }
    }
}

#[actix_web::test]
async fn logging_out_ends_both_tokens_at_once() {
    let app = TestApp::start().await;
    app.user("ada").await;
    for prefix in AUTH {
        let ada = app.log_in("ada@example.com").await;
        assert_eq!(ada.get("/api/v1/tasks").await.status(), StatusCode::OK);
        log_out(&ada, prefix).await;
        for family in FAMILIES {
            let answer = ada.get(&family.tasks_of(&ada.id)).await;
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
        let body = json!({"refresh_token": ada.refresh_token});
        let answer = app.post(&format!("{prefix}/refresh"), body).await;
        problem(answer, StatusCode::UNAUTHORIZED).await;
        let again = ada.request(Method::POST, &format!("{prefix}/logout")).send().await.unwrap();
        problem(again, StatusCode::UNAUTHORIZED).await;
    }
}

#[actix_web::test]
async fn logging_out_ends_this_session_alone() {
    let app = TestApp::start().await;
    let first = app.user("ada").await;
    let second = app.log_in(&first.email).await;
    log_out(&first, "/api/v1/auth").await;
    assert_eq!(first.get("/api/v1/auth/me").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(second.get("/api/v1/auth/me").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_replica_that_knew_the_session_forgets_it_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let there = || replica.request(Method::GET, "/api/v1/tasks").bearer_auth(&ada.access_token);
    assert_eq!(there().send().await.unwrap().status(), StatusCode::OK);
    log_out(&ada, "/api/v1/auth").await;
    assert_eq!(ada.get("/api/v1/tasks").await.status(), StatusCode::UNAUTHORIZED);
    app.advance(Duration::from_secs(30));
    problem(there().send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
}

#[actix_web::test]
async fn a_token_of_another_issuer_has_no_session_to_end() {
    let app = TestApp::start().await;
    let grace = app.outsider(json!({"sub": "grace"}));
    log_out(&grace, "/api/v1/auth").await;
    assert_eq!(grace.get("/api/v1/auth/me").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn no_answer_of_an_auth_call_is_stored() {
    let app = TestApp::start().await;
    for prefix in AUTH {
        let ada =
            json!({"email": format!("ada{}@example.com", prefix.len()), "password": "12345678"});
        let register = app.post(&format!("{prefix}/register"), ada.clone()).await;
        let taken = app.post(&format!("{prefix}/signup"), ada.clone()).await;
        let login = app.post(&format!("{prefix}/login"), ada).await;
        let refused = app.post(&format!("{prefix}/refresh"), json!({"refresh_token": "x"})).await;
        let me = app.get(&format!("{prefix}/me")).await;
        for answer in [&register, &taken, &login, &refused, &me] {
            assert_eq!(answer.headers()["cache-control"], "no-store");
        }
        let tokens = json_of(login, StatusCode::OK).await;
        let body = json!({"refresh_token": tokens["refresh_token"]});
        let refreshed = app.post(&format!("{prefix}/refresh"), body).await;
        assert_eq!(refreshed.status(), StatusCode::OK);
        assert_eq!(refreshed.headers()["cache-control"], "no-store");
        for (method, call) in [(Method::GET, "me"), (Method::POST, "logout")] {
            let request = app.request(method, &format!("{prefix}/{call}"));
            let request = request.bearer_auth(tokens["access_token"].as_str().unwrap());
            assert_eq!(request.send().await.unwrap().headers()["cache-control"], "no-store");
        }
    }
}
