//! Nobody learns which emails have an account: neither from an answer nor from how long it takes.

use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::support::{AUTH, TestApp};

/// How many calls of each kind are timed.
const ROUNDS: usize = 30;
/// How often the times are taken. On a busy machine they may differ once by chance; what differs by
/// nature differs each time.
const TRIES: usize = 5;

/// All that an answer says, without what differs from request to request.
async fn said(answer: Response) -> (StatusCode, HeaderMap, String) {
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    let id = headers.remove("x-request-id").expect("an id");
    headers.remove("date");
    let text = answer.text().await.expect("text");
    (status, headers, text.replace(id.to_str().expect("text"), ""))
}

/// The medians of how long two calls take, made in turn.
async fn medians(one: impl AsyncFn(), other: impl AsyncFn()) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..2 * ROUNDS {
        // Each is the first of a pair as often as the second.
        let which = (round + round / 2) % 2;
        let start = Instant::now();
        match which {
            0 => one().await,
            _ => other().await,
        }
        times[which].push(start.elapsed());
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

/// Holds two calls to the same time, give or take a tenth or, if that is more, `slack`.
async fn assert_same_time(one: impl AsyncFn(), other: impl AsyncFn(), slack: Duration) {
    let mut seen = Vec::new();
    let alike =
        |[one, other]: &[Duration; 2]| one.abs_diff(*other) <= (*one.max(other) / 10).max(slack);
    while !seen.last().is_some_and(alike) {
        assert!(seen.len() < TRIES, "the times tell the calls apart: {seen:?}");
        seen.push(medians(&one, &other).await);
    }
}

#[actix_web::test]
async fn a_login_with_an_unknown_email_looks_like_one_with_a_wrong_password() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for scope in AUTH {
        let login = async |email: &str| {
            let body = json!({"email": email, "password": "incorrect horse"});
            said(app.post(&format!("{scope}/login"), body).await).await
        };
        let wrong = login(&ada.email).await;
        assert_eq!(wrong.0, StatusCode::UNAUTHORIZED);
        assert_eq!(login("nobody@example.com").await, wrong);
    }
}

#[actix_web::test]
async fn a_login_with_an_unknown_email_takes_as_long_as_one_with_a_wrong_password() {
    let app = TestApp::start_with(&["--bcrypt-cost=8"]).await;
    let ada = app.user("ada").await;
    let login = async |email: &str| {
        let body = json!({"email": email, "password": "incorrect horse"});
        app.post("/api/v1/auth/login", body).await;
    };
    let wrong = async || login(&ada.email).await;
    let unknown = async || login("nobody@example.com").await;
    assert_same_time(wrong, unknown, Duration::ZERO).await;
}

#[actix_web::test]
async fn a_forgotten_password_is_answered_alike_for_any_email() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let grace = app.outsider(json!({"sub": "grace", "email": "grace@example.com"}));
    assert!(grace.is_signed_in().await);
    for scope in AUTH {
        let forgot = async |email: &str| {
            said(app.post(&format!("{scope}/password/forgot"), json!({"email": email})).await).await
        };
        let known = forgot(&ada.email).await;
        assert_eq!((known.0, known.2.as_str()), (StatusCode::ACCEPTED, ""));
        for email in [ada.email.as_str(), &grace.email, "nobody@example.com"] {
            assert_eq!(forgot(email).await, known, "{email}");
        }
    }
}

#[actix_web::test]
async fn a_forgotten_password_takes_as_long_for_any_email() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    let forgot = async |email: &str| {
        app.post("/api/v1/auth/password/forgot", json!({"email": email})).await;
    };
    let known = async || {
        // Each time a link is made, and not only the first.
        app.advance(Duration::from_mins(1));
        forgot(&ada.email).await;
    };
    let unknown = async || forgot("nobody@example.com").await;
    assert_same_time(known, unknown, Duration::from_millis(2)).await;
}
