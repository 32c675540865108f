//! When an issuer's keys are fetched, and what happens while they cannot be.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};

use crate::issuer::{Answer, Issuer, Key};
use crate::support::{FAMILIES, TestApp, problem};

/// The answer to the user's list of tasks with a token of this key.
async fn list(app: &TestApp, issuer: &Issuer, key: &Key) -> Response {
    let token = key.sign(&issuer.claims("grace", app.now().unix_seconds()));
    app.request(Method::GET, "/api/v1/tasks").bearer_auth(token).send().await.unwrap()
}

async fn is_taken(app: &TestApp, issuer: &Issuer, key: &Key) -> bool {
    let status = list(app, issuer, key).await.status();
    assert!(matches!(status, StatusCode::OK | StatusCode::UNAUTHORIZED), "{status}");
    status == StatusCode::OK
}

#[actix_web::test]
async fn nothing_is_fetched_before_the_first_token() {
    let (key, stranger) = (Key::new("EdDSA", "a"), Key::new("EdDSA", "b"));
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    app.user("ada").await.task("Buy milk").await;
    assert_eq!(issuer.fetches(), 0);
    for _ in 0..3 {
        assert!(is_taken(&app, &issuer, &key).await);
        assert!(!is_taken(&app, &issuer, &stranger).await);
    }
    assert_eq!(issuer.fetches(), 1);
}

#[actix_web::test]
async fn any_number_of_unknown_keys_cost_one_fetch_in_thirty_seconds() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    let strangers: Vec<_> =
        (0..50).map(|number| Key::new("EdDSA", &format!("stranger-{number}"))).collect();
    let (app, issuer) = (&app, &issuer);
    for fetches in 1..=3 {
        let tokens = strangers.iter().map(|stranger| is_taken(app, issuer, stranger));
        assert!(join_all(tokens).await.into_iter().all(|taken| !taken));
        assert_eq!(issuer.fetches(), fetches);
        app.advance(Duration::from_secs(20));
        assert!(!is_taken(app, issuer, &strangers[0]).await);
        assert_eq!(issuer.fetches(), fetches, "not within thirty seconds");
        app.advance(Duration::from_secs(10));
    }
    assert!(is_taken(app, issuer, &key).await);
}

#[actix_web::test]
async fn a_new_key_is_learnt_when_a_token_names_it() {
    let (old, new) = (Key::new("EdDSA", "old"), Key::new("ES256", "new"));
    let issuer = Issuer::start(&[&old]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &old).await);
    issuer.publish(&[&old, &new]);
    app.advance(Duration::from_secs(30));
    assert!(is_taken(&app, &issuer, &new).await);
    assert!(is_taken(&app, &issuer, &old).await, "its key is in the set yet");
    assert_eq!(issuer.fetches(), 2);
}

#[actix_web::test]
async fn a_key_that_the_issuer_dropped_ends_when_the_set_is_old() {
    let (old, new) = (Key::new("EdDSA", "old"), Key::new("EdDSA", "new"));
    let stranger = Key::new("EdDSA", "stranger");
    let issuer = Issuer::start(&[&old]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &old).await);
    issuer.publish(&[&new]);
    app.advance(Duration::from_secs(299));
    assert!(is_taken(&app, &issuer, &old).await);
    assert_eq!(issuer.fetches(), 1, "the set is not old yet");
    app.advance(Duration::from_secs(1));
    assert!(is_taken(&app, &issuer, &old).await, "the set is fetched behind its back");
    // A token with an unknown key waits for the fetch that is under way.
    assert!(!is_taken(&app, &issuer, &stranger).await);
    assert_eq!(issuer.fetches(), 2);
    assert!(!is_taken(&app, &issuer, &old).await);
    assert!(is_taken(&app, &issuer, &new).await);
}

#[actix_web::test]
async fn a_key_under_an_old_id_replaces_the_one_before() {
    let (old, new) = (Key::new("EdDSA", "a"), Key::new("ES256", "a"));
    let issuer = Issuer::start(&[&old]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &old).await);
    issuer.publish(&[&new]);
    app.advance(Duration::from_secs(30));
    assert!(!is_taken(&app, &issuer, &Key::new("EdDSA", "b")).await, "this fetches the set");
    assert!(is_taken(&app, &issuer, &new).await);
    assert!(!is_taken(&app, &issuer, &old).await);
}

#[actix_web::test]
async fn known_keys_stay_while_the_issuer_answers_with_nonsense() {
    let (key, stranger) = (Key::new("EdDSA", "a"), Key::new("EdDSA", "b"));
    let issuer = Issuer::start(&[&key]);
    let elsewhere = Issuer::start(&[&stranger]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &key).await);
    let padding = " ".repeat(256 * 1024);
    let oversized = format!("{}{padding}", serde_json::json!({"keys": [stranger.jwk]}));
    for (number, answer) in [
        Answer::Fault,
        Answer::Text("<html>".to_owned()),
        Answer::Text("{}".to_owned()),
        Answer::Text(oversized),
        Answer::Redirect(elsewhere.url()),
    ]
    .into_iter()
    .enumerate()
    {
        issuer.answer(answer.clone());
        app.advance(Duration::from_mins(1));
        assert!(!is_taken(&app, &issuer, &stranger).await, "{answer:?}");
        assert_eq!(issuer.fetches(), number + 2);
        assert!(is_taken(&app, &issuer, &key).await, "{answer:?}");
    }
    assert_eq!(elsewhere.fetches(), 0, "a redirect is not followed");
    issuer.publish(&[&stranger]);
    app.advance(Duration::from_mins(1));
    assert!(is_taken(&app, &issuer, &stranger).await);
}

#[actix_web::test]
async fn known_keys_stay_while_the_issuer_is_down() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &key).await);
    issuer.stop().await;
    for _ in 0..3 {
        app.advance(Duration::from_hours(1));
        assert!(!is_taken(&app, &issuer, &Key::new("EdDSA", "b")).await);
        assert!(is_taken(&app, &issuer, &key).await);
    }
}

#[actix_web::test]
async fn an_issuer_that_never_answers_holds_nobody_up_who_has_a_known_key() {
    let (key, stranger) = (Key::new("EdDSA", "a"), Key::new("EdDSA", "b"));
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    assert!(is_taken(&app, &issuer, &key).await);
    issuer.answer(Answer::Nothing);
    app.advance(Duration::from_mins(10));
    let started = Instant::now();
    for _ in 0..10 {
        assert!(is_taken(&app, &issuer, &key).await);
    }
    assert!(started.elapsed() < Duration::from_secs(4), "no token waited for the issuer");
    assert!(!is_taken(&app, &issuer, &stranger).await);
    assert!(started.elapsed() < Duration::from_secs(10), "a fetch ends after five seconds");
}

#[actix_web::test]
async fn an_issuer_that_was_never_reached_is_503_and_no_fault_of_the_token() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    issuer.answer(Answer::Fault);
    for family in FAMILIES {
        let token = key.sign(&issuer.claims("grace", app.now().unix_seconds()));
        let request = app.request(Method::GET, &family.tasks_of("grace")).bearer_auth(token);
        let answer = request.send().await.unwrap();
        let seconds = answer.headers()["retry-after"].to_str().unwrap();
        assert!(seconds.parse::<u32>().unwrap() > 0);
        let document = problem(answer, StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(document["type"], "urn:todo:problem:unavailable");
        assert!(document["detail"].as_str().unwrap().contains("keys of the token's issuer"));
    }
    assert_eq!(issuer.fetches(), 1, "the second answer came at once");
    let ada = app.user("ada").await;
    ada.task("Buy milk").await;

    issuer.publish(&[&key]);
    assert_eq!(list(&app, &issuer, &key).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    app.advance(Duration::from_secs(30));
    assert!(is_taken(&app, &issuer, &key).await);
}

#[actix_web::test]
async fn a_client_that_hangs_up_does_not_break_the_fetch_off() {
    let key = Key::new("EdDSA", "a");
    let issuer = Issuer::start(&[&key]);
    let app = TestApp::start_with(&[&issuer.flag()]).await;
    issuer.answer(Answer::Nothing);
    let hasty = list(&app, &issuer, &key);
    let hung_up = futures_util::future::select(Box::pin(hasty), Box::pin(issuer.was_asked(1)));
    drop(hung_up.await);
    issuer.publish(&[&key]);
    assert!(is_taken(&app, &issuer, &key).await);
    assert_eq!(issuer.fetches(), 1);
}
