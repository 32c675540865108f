//! Changing an account's name, and deleting the account.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{AUTH, FAMILIES, PASSWORD, TestApp, TestUser, faults, json_of, keys, problem};

async fn rename(user: &TestUser<'_>, scope: &str, body: Value) -> Value {
    let answer = user.send(Method::PATCH, &format!("{scope}/me"), body).await;
    json_of(answer, StatusCode::OK).await
}

async fn delete(user: &TestUser<'_>, scope: &str, body: Value) -> Response {
    user.send(Method::DELETE, &format!("{scope}/me"), body).await
}

async fn me(user: &TestUser<'_>) -> Value {
    json_of(user.get("/api/v1/auth/me").await, StatusCode::OK).await
}

async fn tasks(user: &TestUser<'_>) -> Value {
    json_of(user.get("/api/v1/tasks").await, StatusCode::OK).await
}

#[actix_web::test]
async fn a_name_is_changed_and_seen_everywhere() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    for (scope, name) in AUTH.into_iter().zip(["Ada Lovelace", "Augusta"]) {
        let renamed = rename(&ada, scope, json!({"name": format!("  {name}\n")})).await;
        assert_eq!(keys(&renamed), ["created_at", "email", "id", "name"]);
        assert_eq!((&renamed["id"], &renamed["name"]), (&json!(ada.id), &json!(name)));
        assert_eq!(me(&ada).await, renamed);
        let body = json!({"email": ada.email, "password": PASSWORD});
        let login = app.post("/api/v1/auth/login", body).await;
        assert_eq!(json_of(login, StatusCode::OK).await["user"], renamed);
        assert_eq!(me(&grace).await["name"], "grace");
    }
}

#[actix_web::test]
async fn a_name_is_taken_away_by_null_and_by_nothing_but_white_space() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        for nothing in [json!(null), json!(""), json!(" \n\t")] {
            rename(&ada, scope, json!({"name": "Ada"})).await;
            let nameless = rename(&ada, scope, json!({"name": nothing})).await;
            assert_eq!(nameless["name"], Value::Null);
            assert_eq!(me(&ada).await, nameless);
        }
    }
}

#[actix_web::test]
async fn what_is_absent_stays_and_what_cannot_be_changed_is_ignored() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let before = me(&ada).await;
    let others = json!({"id": "eve", "email": "eve@example.com", "created_at": null});
    for scope in AUTH {
        for body in [json!({}), others.clone()] {
            assert_eq!(rename(&ada, scope, body).await, before);
        }
    }
    assert_eq!(me(&ada).await, before);
}

#[actix_web::test]
async fn a_name_that_breaks_a_rule_is_refused() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        rename(&ada, scope, json!({"name": "é".repeat(100)})).await;
        for (name, code) in [
            (json!("é".repeat(101)), "too_long"),
            (json!("A\0da"), "nul_character"),
            (json!(7), "wrong_type"),
            (json!(["Ada"]), "wrong_type"),
        ] {
            let body = json!({"name": name});
            let answer = ada.send(Method::PATCH, &format!("{scope}/me"), body).await;
            let document = problem(answer, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), [("name", code)]);
        }
        assert_eq!(me(&ada).await["name"], "é".repeat(100));
    }
}

#[actix_web::test]
async fn a_user_of_another_issuer_may_have_another_name_here() {
    let app = TestApp::start().await;
    let grace = app.outsider(json!({"sub": "grace", "name": "Grace"}));
    for scope in AUTH {
        assert_eq!(rename(&grace, scope, json!({"name": "Hopper"})).await["name"], "Hopper");
        app.advance(Duration::from_secs(30));
        assert_eq!(me(&grace).await["name"], "Hopper", "the token does not bring the old one back");
    }
}

#[actix_web::test]
async fn a_deleted_account_is_gone_with_its_tokens_and_its_email_is_free() {
    let app = TestApp::start().await;
    let bob = app.user("bob").await;
    let kept = bob.task("Stay").await;
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let here = app.user(name).await;
        let there = app.log_in(&here.email).await;
        let task = here.task("Buy milk").await;
        assert!(there.is_signed_in().await);

        let answer = delete(&here, scope, json!({"password": PASSWORD})).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.text().await.unwrap(), "");
        for session in [&here, &there] {
            assert!(!session.is_signed_in().await && !session.can_refresh().await);
            let status = app.list_status(&session.id, &session.access_token).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        assert!(!app.can_log_in(&here.email, PASSWORD).await);

        let again = app.user(name).await;
        assert_ne!(again.id, here.id);
        assert_eq!(tasks(&again).await, json!([]));
        for family in FAMILIES {
            let path = format!("{}/{}", family.tasks_of(&again.id), task["id"]);
            problem(again.get(&path).await, StatusCode::NOT_FOUND).await;
        }
    }
    assert_eq!(tasks(&bob).await, json!([kept]));
}

#[actix_web::test]
async fn nothing_is_deleted_without_the_password() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let task = ada.task("Buy milk").await;
    for scope in AUTH {
        let answer = delete(&ada, scope, json!({"password": "incorrect horse"})).await;
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        assert!(!answer.headers().contains_key("set-cookie"));
        let document = problem(answer, StatusCode::UNAUTHORIZED).await;
        assert_eq!(document["type"], "urn:todo:problem:wrong-password");

        let bodiless = ada.call(Method::DELETE, &format!("{scope}/me")).await;
        let document = problem(bodiless, StatusCode::BAD_REQUEST).await;
        assert_eq!(faults(&document), [("password", "required")]);
        for (body, code) in [
            (json!({}), "required"),
            (json!({"password": null}), "wrong_type"),
            (json!({"password": "short"}), "too_short"),
        ] {
            let document = problem(delete(&ada, scope, body).await, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), [("password", code)]);
        }
    }
    assert_eq!(tasks(&ada).await, json!([task]));
}

#[actix_web::test]
async fn a_token_of_another_issuer_for_an_account_with_a_password_needs_it_too() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let same = app.outsider(json!({"sub": ada.id, "email": ada.email}));
    for scope in AUTH {
        let answer = same.call(Method::DELETE, &format!("{scope}/me")).await;
        problem(answer, StatusCode::BAD_REQUEST).await;
    }
    assert!(ada.is_signed_in().await);
}

#[actix_web::test]
async fn a_replica_forgets_a_deleted_account_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let ada = app.user("ada").await;
    let grace = app.outsider(json!({"sub": "grace", "iat": app.now().unix_seconds()}));
    for user in [&ada, &grace] {
        assert!(replica.is_good(&user.access_token).await);
        let answer = delete(user, AUTH[0], json!({"password": PASSWORD})).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    app.advance(Duration::from_secs(30));
    for user in [&ada, &grace] {
        assert!(!replica.is_good(&user.access_token).await);
    }
}

#[actix_web::test]
async fn a_user_of_another_issuer_needs_no_password_and_comes_back_only_with_a_later_token() {
    let app = TestApp::start().await;
    app.stop_clock();
    for (scope, sub) in AUTH.into_iter().zip(["grace", "linus"]) {
        let token = |iat: Option<i64>| app.outsider(json!({"sub": sub, "iat": iat}));
        let deleted_at = app.now().unix_seconds();
        let before = token(Some(deleted_at));
        before.task("Buy milk").await;
        let undated = token(None);
        assert!(undated.is_signed_in().await);

        let answer = before.call(Method::DELETE, &format!("{scope}/me")).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        app.advance(Duration::from_secs(90));
        for old in [&before, &undated, &token(Some(deleted_at + 59))] {
            let answer = old.get(&format!("{scope}/me")).await;
            assert_eq!(answer.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            problem(answer, StatusCode::UNAUTHORIZED).await;
        }
        let after = token(Some(deleted_at + 62));
        assert_eq!(tasks(&after).await, json!([]));
        assert_eq!(me(&after).await["id"], sub);
    }
}

#[actix_web::test]
async fn the_tokens_of_a_deleted_user_of_another_issuer_are_refused_at_once() {
    let app = TestApp::start().await;
    for (scope, sub) in AUTH.into_iter().zip(["grace", "linus"]) {
        let user = app.outsider(json!({"sub": sub, "iat": app.now().unix_seconds()}));
        assert!(user.is_signed_in().await);
        // What a front end sends everybody is no fault of a user who has no password here.
        let answer = delete(&user, scope, json!({"password": PASSWORD})).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let status = app.list_status(&user.id, &user.access_token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        problem(delete(&user, scope, json!({})).await, StatusCode::UNAUTHORIZED).await;
    }
}
