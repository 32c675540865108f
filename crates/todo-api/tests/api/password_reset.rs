//! Choosing a new password by the link of a mail, which a real server takes.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::smtp_server::{Message, SmtpServer};
use crate::support::{AUTH, PASSWORD, TestApp, anonymous, faults, problem};

/// What the password becomes.
const NEW: &str = "battery staple";
const LINK: &str = "https://todo.example.com/reset-password?token=";
const FROM: &str = "--mail-from=Todo <todo@example.com>";

/// An application and the server that takes its mails; `None` if there can be no server.
async fn start() -> Option<(TestApp, SmtpServer)> {
    let server = SmtpServer::start(&[])?;
    let url = format!("--smtp-url={}", server.url());
    let flags = [url.as_str(), FROM, "--api-base-url=https://todo.example.com"];
    Some((TestApp::start_with(&flags).await, server))
}

async fn forget(app: &TestApp, scope: &str, email: &str) {
    let answer = app.post(&format!("{scope}/password/forgot"), json!({"email": email})).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert_eq!(answer.text().await.unwrap(), "");
}

async fn reset(app: &TestApp, scope: &str, token: &str, new: &str) -> Response {
    let body = json!({"token": token, "new_password": new});
    app.post(&format!("{scope}/password/reset"), body).await
}

/// What a token that does not hold is told.
async fn refused(answer: Response) -> Value {
    let document = problem(answer, StatusCode::BAD_REQUEST).await;
    assert_eq!(document["type"], "urn:todo:problem:invalid-reset-token");
    anonymous(document)
}

/// The token of the link in a mail.
fn token(mail: &Message) -> String {
    let link = mail.text.lines().find_map(|line| line.strip_prefix(LINK));
    link.expect("a link on a line of its own").to_owned()
}

/// The token of the link that the user with this email is sent.
async fn token_for(app: &TestApp, server: &mut SmtpServer, email: &str) -> String {
    forget(app, AUTH[0], email).await;
    let mail = server.next_message().await;
    assert_eq!(mail.to, [email]);
    token(&mail)
}

#[actix_web::test]
async fn the_link_in_the_mail_opens_the_account_to_a_new_password_once() {
    let Some((app, mut server)) = start().await else { return };
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let user = app.user(name).await;
        forget(&app, scope, &format!(" {}", user.email.to_uppercase())).await;
        let mail = server.next_message().await;
        assert_eq!(
            (mail.from.as_str(), mail.to.as_slice()),
            ("todo@example.com", &[user.email][..])
        );
        assert!(mail.data.contains("From: Todo <todo@example.com>"), "{}", mail.data);

        let answer = reset(&app, scope, &token(&mail), NEW).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.text().await.unwrap(), "");
        assert!(app.can_log_in(&mail.to[0], NEW).await);
        assert!(!app.can_log_in(&mail.to[0], PASSWORD).await);
        refused(reset(&app, scope, &token(&mail), PASSWORD).await).await;
    }
}

#[actix_web::test]
async fn every_session_ends_here_at_once_and_on_a_replica_within_thirty_seconds() {
    let Some((app, mut server)) = start().await else { return };
    let replica = app.replica().await;
    let (ada, stranger) = (app.user("ada").await, app.user("linus").await);
    let there = app.log_in(&ada.email).await;
    assert!(ada.is_signed_in().await && replica.is_good(&there.access_token).await);
    let token = token_for(&app, &mut server, &ada.email).await;
    assert!(ada.is_signed_in().await, "asking for a link ends nothing");
    reset(&app, AUTH[0], &token, NEW).await;
    for session in [&ada, &there] {
        assert!(!session.is_signed_in().await && !session.can_refresh().await);
    }
    app.advance(Duration::from_secs(30));
    assert!(!replica.is_good(&there.access_token).await);
    assert!(stranger.is_signed_in().await && stranger.can_refresh().await);
}

#[actix_web::test]
async fn no_mail_goes_to_an_address_without_an_account_to_reset() {
    let Some((app, mut server)) = start().await else { return };
    for (scope, names) in AUTH.into_iter().zip([["ada", "bob"], ["grace", "linus"]]) {
        let [known, disabled] = [app.user(names[0]).await, app.user(names[1]).await];
        let kept_out =
            format!("UPDATE users SET disabled_at = created_at WHERE id = '{}'", disabled.id);
        app.execute(&kept_out).await;
        let outsider = app.outsider(json!({"sub": "eve", "email": "eve@example.com"}));
        assert!(outsider.is_signed_in().await);
        for email in ["nobody@example.com", &disabled.email, &outsider.email] {
            forget(&app, scope, email).await;
        }
        token_for(&app, &mut server, &known.email).await;
    }
    // Whatever was asked for in vain would have come by now.
    let last = app.user("barbara").await;
    token_for(&app, &mut server, &last.email).await;
}

#[actix_web::test]
async fn an_account_is_sent_one_mail_a_minute() {
    let Some((app, mut server)) = start().await else { return };
    app.stop_clock();
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    token_for(&app, &mut server, &ada.email).await;
    app.advance(Duration::from_secs(59));
    for scope in AUTH {
        forget(&app, scope, &ada.email).await;
    }
    token_for(&app, &mut server, &grace.email).await;
    app.advance(Duration::from_secs(1));
    token_for(&app, &mut server, &ada.email).await;
}

#[actix_web::test]
async fn a_link_holds_for_less_than_an_hour() {
    let Some((app, mut server)) = start().await else { return };
    app.stop_clock();
    for (scope, name) in AUTH.into_iter().zip(["ada", "grace"]) {
        let user = app.user(name).await;
        let mut token = token_for(&app, &mut server, &user.email).await;
        app.advance(Duration::from_hours(1));
        refused(reset(&app, scope, &token, NEW).await).await;
        token = token_for(&app, &mut server, &user.email).await;
        app.advance(Duration::from_hours(1) - Duration::from_micros(1));
        let answer = reset(&app, scope, &token, NEW).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
}

#[actix_web::test]
async fn a_password_that_is_reset_stops_every_other_link_of_the_user() {
    let Some((app, mut server)) = start().await else { return };
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    let graces = token_for(&app, &mut server, &grace.email).await;
    let older = token_for(&app, &mut server, &ada.email).await;
    app.advance(Duration::from_mins(1));
    let newer = token_for(&app, &mut server, &ada.email).await;
    assert_eq!(reset(&app, AUTH[0], &older, NEW).await.status(), StatusCode::NO_CONTENT);
    refused(reset(&app, AUTH[0], &newer, PASSWORD).await).await;
    assert_eq!(reset(&app, AUTH[0], &graces, NEW).await.status(), StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn a_password_that_is_changed_stops_every_link_of_the_user() {
    let Some((app, mut server)) = start().await else { return };
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    let graces = token_for(&app, &mut server, &grace.email).await;
    let token = token_for(&app, &mut server, &ada.email).await;
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    ada.send(Method::POST, "/api/v1/auth/password/change", body).await;
    refused(reset(&app, AUTH[0], &token, PASSWORD).await).await;
    assert!(app.can_log_in(&ada.email, NEW).await);
    assert_eq!(reset(&app, AUTH[0], &graces, NEW).await.status(), StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn a_link_leads_nowhere_once_its_user_is_gone_or_kept_out() {
    let Some((app, mut server)) = start().await else { return };
    let (ada, grace) = (app.user("ada").await, app.user("grace").await);
    let deleted = token_for(&app, &mut server, &ada.email).await;
    let disabled = token_for(&app, &mut server, &grace.email).await;
    ada.send(Method::DELETE, "/api/v1/auth/me", json!({"password": PASSWORD})).await;
    app.user("ada").await;
    app.execute("UPDATE users SET disabled_at = created_at WHERE name = 'grace'").await;
    for token in [deleted, disabled] {
        refused(reset(&app, AUTH[0], &token, NEW).await).await;
    }
    assert!(!app.can_log_in(&ada.email, NEW).await);
}

#[actix_web::test]
async fn a_new_password_that_breaks_a_rule_leaves_the_link_good() {
    let Some((app, mut server)) = start().await else { return };
    let ada = app.user("ada").await;
    let token = token_for(&app, &mut server, &ada.email).await;
    for (new, code) in [
        (json!("seven77"), "too_short"),
        (json!("x".repeat(73)), "too_long"),
        (json!("nul\0inside"), "nul_character"),
        (json!(null), "wrong_type"),
    ] {
        for scope in AUTH {
            let body = json!({"token": token, "new_password": new});
            let answer = app.post(&format!("{scope}/password/reset"), body).await;
            let document = problem(answer, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), [("new_password", code)]);
        }
    }
    assert_eq!(reset(&app, AUTH[0], &token, NEW).await.status(), StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn of_many_resets_by_one_link_one_is_made() {
    let Some((app, mut server)) = start().await else { return };
    let ada = app.user("ada").await;
    let token = token_for(&app, &mut server, &ada.email).await;
    let new = |number: usize| format!("{NEW} {number}");
    let resets = (0..6).map(|number| {
        let (app, token) = (&app, &token);
        async move { reset(app, AUTH[number % 2], token, &new(number)).await.status() }
    });
    let statuses = join_all(resets).await;
    let made = |status: &StatusCode| *status == StatusCode::NO_CONTENT;
    let winner = statuses.iter().position(made).expect("one");
    assert!(statuses.iter().enumerate().all(|(number, status)| number == winner || !made(status)));
    assert!(app.can_log_in(&ada.email, &new(winner)).await);
}

#[actix_web::test]
async fn what_is_no_token_gets_one_answer() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let another = "A".repeat(43);
    let mut answers = Vec::new();
    for token in ["", "garbage", "\0", "é", &another, &ada.refresh_token, &ada.access_token] {
        for scope in AUTH {
            answers.push(refused(reset(&app, scope, token, NEW).await).await);
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[actix_web::test]
async fn what_is_missing_or_malformed_is_named() {
    let app = TestApp::start().await;
    for (call, body, expected) in [
        ("forgot", json!({}), vec![("email", "required")]),
        ("forgot", json!({"email": "ada"}), vec![("email", "malformed")]),
        ("forgot", json!({"email": null}), vec![("email", "wrong_type")]),
        ("reset", json!({}), vec![("token", "required"), ("new_password", "required")]),
        ("reset", json!({"token": 5, "new_password": NEW}), vec![("token", "wrong_type")]),
    ] {
        for scope in AUTH {
            let answer = app.post(&format!("{scope}/password/{call}"), body.clone()).await;
            let document = problem(answer, StatusCode::BAD_REQUEST).await;
            assert_eq!(faults(&document), expected, "{call} {body}");
        }
    }
}

#[actix_web::test]
async fn production_without_a_mail_server_says_so_to_everybody() {
    let app = TestApp::start_with(&["--app-env=production", "--bcrypt-cost=10"]).await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let path = format!("{scope}/password/forgot");
        for email in [ada.email.as_str(), "nobody@example.com"] {
            let answer = app.post(&path, json!({"email": email})).await;
            assert!(answer.headers().contains_key("retry-after"));
            problem(answer, StatusCode::SERVICE_UNAVAILABLE).await;
        }
        problem(app.post(&path, json!({"email": "ada"})).await, StatusCode::BAD_REQUEST).await;
    }
}
