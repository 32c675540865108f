//! Sessions that their user sees and ends.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, TestUser, json_of, keys, problem, text};

/// Both prefixes of the calls.
const PREFIXES: [&str; 2] = ["/api/v1/auth/sessions", "/api/auth/sessions"];

async fn sessions(user: &TestUser<'_>) -> Vec<Value> {
    let list = json_of(user.get(PREFIXES[0]).await, StatusCode::OK).await;
    list.as_array().expect("an array").clone()
}

#[actix_web::test]
async fn a_list_tells_where_each_session_was_opened() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let body = json!({"email": ada.email, "password": PASSWORD});
    let login = app.request(Method::POST, "/api/v1/auth/login").header("user-agent", "Lynx/2.9");
    login.json(&body).send().await.expect("an answer");
    app.user("grace").await;
    for path in PREFIXES {
        let list = json_of(ada.get(path).await, StatusCode::OK).await;
        let [other, own] = list.as_array().unwrap().as_slice() else { panic!("{list}") };
        let fields =
            ["created_at", "current", "expires_at", "id", "ip", "last_used_at", "user_agent"];
        assert_eq!(keys(other), fields);
        assert_eq!((&other["current"], &own["current"]), (&json!(false), &json!(true)));
        assert_eq!((&other["user_agent"], &own["user_agent"]), (&json!("Lynx/2.9"), &Value::Null));
        assert_eq!(other["ip"], "127.0.0.1");
        assert!(!list.to_string().contains("digest"), "{list}");
    }
}

#[actix_web::test]
async fn a_session_that_is_ended_loses_both_its_tokens_at_once() {
    let app = TestApp::start().await;
    for path in PREFIXES {
        let here = app.user(if path.contains("v1") { "ada" } else { "grace" }).await;
        let there = app.log_in(&here.email).await;
        assert!(there.is_signed_in().await);
        let open = sessions(&here).await;
        let other = open.iter().find(|session| session["current"] == false).expect("the other");
        let answer = here.call(Method::DELETE, &format!("{path}/{}", text(&other["id"]))).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert!(here.is_signed_in().await && !there.is_signed_in().await);
        let body = json!({"refresh_token": there.refresh_token});
        problem(app.post("/api/v1/auth/refresh", body).await, StatusCode::UNAUTHORIZED).await;
    }
}

#[actix_web::test]
async fn all_other_sessions_end_and_this_one_goes_on() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let grace = app.user("grace").await;
    for path in PREFIXES {
        let others = [app.log_in(&ada.email).await, app.log_in(&ada.email).await];
        assert_eq!(ada.call(Method::DELETE, path).await.status(), StatusCode::NO_CONTENT);
        for other in &others {
            assert!(!other.is_signed_in().await);
        }
        assert!(ada.is_signed_in().await && grace.is_signed_in().await);
        assert_eq!(sessions(&ada).await.len(), 1);
    }
}

#[actix_web::test]
async fn a_replica_forgets_an_ended_session_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let there = app.log_in(&ada.email).await;
    assert!(replica.is_good(&there.access_token).await);
    ada.call(Method::DELETE, PREFIXES[0]).await;
    app.advance(Duration::from_secs(30));
    assert!(!replica.is_good(&there.access_token).await);
}

#[actix_web::test]
async fn nobody_can_tell_why_an_id_names_no_session() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    let graces = text(&sessions(&grace).await[0]["id"]);
    for id in [graces.as_str(), "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11", "1", "%00"] {
        let answer = ada.call(Method::DELETE, &format!("{}/{id}", PREFIXES[0])).await;
        let document = problem(answer, StatusCode::NOT_FOUND).await;
        assert_eq!(document["type"], "urn:todo:problem:session-not-found", "{id}");
    }
    assert!(grace.is_signed_in().await);
}

#[actix_web::test]
async fn a_token_of_another_issuer_has_no_session() {
    let app = TestApp::start().await;
    let linus = app.outsider(json!({"sub": "linus"}));
    assert!(sessions(&linus).await.is_empty());
    assert_eq!(linus.call(Method::DELETE, PREFIXES[0]).await.status(), StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn what_ended_more_than_a_day_ago_is_deleted_by_a_process_that_starts() {
    let app = TestApp::start_with(&["--refresh-token-ttl=1h"]).await;
    let ada = app.user("ada").await;
    app.advance(Duration::from_hours(26));
    let fresh = app.log_in(&ada.email).await;
    let _replica = app.replica().await;
    while app.stored_sessions().await > 1 {
        actix_web::rt::task::yield_now().await;
    }
    assert!(fresh.is_signed_in().await);
}
