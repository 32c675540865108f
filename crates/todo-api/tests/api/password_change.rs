//! Changing a password that is known.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::support::{AUTH, PASSWORD, TestApp, TestUser, faults, problem};

/// What the password becomes.
const NEW: &str = "battery staple";

async fn change(user: &TestUser<'_>, scope: &str, current: &str, new: &str) -> Response {
    let body = json!({"current_password": current, "new_password": new});
    user.send(Method::POST, &format!("{scope}/password/change"), body).await
}

#[actix_web::test]
async fn the_new_password_holds_and_the_old_one_does_not() {
    let app = TestApp::start().await;
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let user = app.user(name).await;
        let answer = change(&user, scope, PASSWORD, NEW).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.text().await.unwrap(), "");
        assert!(app.can_log_in(&user.email, NEW).await);
        assert!(!app.can_log_in(&user.email, PASSWORD).await);
    }
}

#[actix_web::test]
async fn all_other_sessions_end_at_once_and_this_one_goes_on() {
    let app = TestApp::start().await;
    let stranger = app.user("linus").await;
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let here = app.user(name).await;
        let others = [app.log_in(&here.email).await, app.log_in(&here.email).await];
        assert!(others[0].is_signed_in().await && others[1].is_signed_in().await);
        change(&here, scope, PASSWORD, NEW).await;
        for other in others {
            assert!(!other.is_signed_in().await && !other.can_refresh().await);
        }
        assert!(here.is_signed_in().await && here.can_refresh().await);
    }
    assert!(stranger.is_signed_in().await && stranger.can_refresh().await);
}

#[actix_web::test]
async fn a_replica_forgets_the_other_sessions_within_thirty_seconds() {
    let app = TestApp::start().await;
    let replica = app.replica().await;
    let here = app.user("ada").await;
    let there = app.log_in(&here.email).await;
    assert!(replica.is_good(&there.access_token).await);
    change(&here, AUTH[0], PASSWORD, NEW).await;
    app.advance(Duration::from_secs(30));
    assert!(!replica.is_good(&there.access_token).await);
    assert!(replica.is_good(&here.access_token).await);
}

#[actix_web::test]
async fn a_wrong_current_password_changes_nothing() {
    let app = TestApp::start().await;
    let (ada, there) = (app.user("ada").await, app.log_in("ada@example.com").await);
    for scope in AUTH {
        let answer = change(&ada, scope, "incorrect horse", NEW).await;
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        let document = problem(answer, StatusCode::UNAUTHORIZED).await;
        assert_eq!(document["type"], "urn:todo:problem:wrong-password");
    }
    assert!(app.can_log_in(&ada.email, PASSWORD).await && there.is_signed_in().await);
    assert!(!app.can_log_in(&ada.email, NEW).await);
}

#[actix_web::test]
async fn a_user_of_another_issuer_has_no_password_to_change() {
    let app = TestApp::start().await;
    let grace = app.outsider(json!({"sub": "grace", "email": "grace@example.com"}));
    for scope in AUTH {
        let answer = change(&grace, scope, PASSWORD, NEW).await;
        let document = problem(answer, StatusCode::UNAUTHORIZED).await;
        assert_eq!(document["type"], "urn:todo:problem:wrong-password");
    }
    assert!(!app.can_log_in(&grace.email, NEW).await);
}

#[actix_web::test]
async fn passwords_that_break_a_rule_are_all_named() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let (current, new) = ("current_password", "new_password");
    for (body, expected) in [
        (json!({}), vec![(current, "required"), (new, "required")]),
        (json!({current: "short", new: NEW}), vec![(current, "too_short")]),
        (json!({current: PASSWORD, new: "seven77"}), vec![(new, "too_short")]),
        (json!({current: PASSWORD, new: "é".repeat(37)}), vec![(new, "too_long")]),
        (json!({current: PASSWORD, new: "nul\0inside"}), vec![(new, "nul_character")]),
        (json!({current: PASSWORD, new: null}), vec![(new, "wrong_type")]),
        (json!({current: [PASSWORD], new: NEW}), vec![(current, "wrong_type")]),
    ] {
        for scope in AUTH {
            let path = format!("{scope}/password/change");
            let answer = ada.send(Method::POST, &path, body.clone()).await;
            let document = problem(answer, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), expected, "{body}");
        }
    }
    assert!(app.can_log_in(&ada.email, PASSWORD).await);
}

#[actix_web::test]
async fn of_many_changes_at_once_one_is_made() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let new = |number: usize| format!("{NEW} {number}");
    let changes = (0..6).map(|number| {
        let (user, scope) = (&ada, AUTH[number % 2]);
        async move { change(user, scope, PASSWORD, &new(number)).await.status() }
    });
    let statuses = join_all(changes).await;
    let mut holding = Vec::new();
    for number in 0..6 {
        if app.can_log_in(&ada.email, &new(number)).await {
            holding.push(number);
        }
    }
    let made = |number: &usize| statuses[*number] == StatusCode::NO_CONTENT;
    assert_eq!((0..6).filter(made).collect::<Vec<_>>(), holding, "{statuses:?}");
    assert_eq!(holding.len(), 1, "{statuses:?}");
}

#[actix_web::test]
async fn whoever_stole_a_token_cannot_guess_the_password_with_it() {
    let app = TestApp::start_with(&["--rate-limit=on"]).await;
    app.stop_clock();
    let ada = app.user("ada").await;
    for _ in 0..5 {
        let answer = change(&ada, AUTH[0], "incorrect horse", NEW).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    for scope in AUTH {
        let answer = change(&ada, scope, PASSWORD, NEW).await;
        assert!(answer.headers().contains_key("retry-after"));
        let document = problem(answer, StatusCode::TOO_MANY_REQUESTS).await;
        assert_eq!(document["type"], "urn:todo:problem:too-many-attempts");
    }
    app.advance(Duration::from_mins(5));
    assert_eq!(change(&ada, AUTH[0], PASSWORD, NEW).await.status(), StatusCode::NO_CONTENT);
}
