//! `todo-api token explain`, as an operator uses it who wonders why a token is refused.

use jsonwebtoken::{EncodingKey, Header};
use reqwest::Client;
use serde_json::{Value, json};
use todo_api::SystemClock;
use todo_domain::Clock as _;

use crate::issuer::{Answer, Issuer, Key};
use crate::process::{Ended, Place, Server, Variable};

const SECRET: &str = "the-secret-of-both-sides-of-the-matter";

fn now() -> i64 {
    SystemClock.now().unix_seconds()
}

fn hs256(secret: &str, header: &Header, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(header, claims, &key).expect("a token")
}

/// What is said of this token, which is never shown itself.
fn explain(place: &Place, token: &str, environment: &[Variable]) -> Ended {
    let ended = place.run_with_input(token, &["token", "explain", "-"], environment);
    for part in token.split('.').filter(|part| part.len() > 20) {
        assert!(!ended.output().contains(part), "{ended:?}");
    }
    ended
}

#[track_caller]
fn assert_said(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for word in words {
        assert!(ended.stdout.contains(word), "{word}: {}{}", ended.stdout, ended.stderr);
    }
}

/// A new user of the server: the answer to the registration.
async fn register(server: &Server) -> Value {
    let body = json!({"email": "ada@example.com", "password": "correct horse", "name": "Ada"});
    let answer = Client::new().post(server.url("/api/v1/auth/register")).json(&body).send().await;
    answer.expect("an answer").json().await.expect("JSON")
}

#[actix_web::test]
async fn our_own_token_holds_until_its_session_ends() {
    let place = Place::new();
    let server = place.serve(&[]);
    let token = register(&server).await["access_token"].as_str().unwrap().to_owned();
    let good = explain(&place, &token, &[]);
    assert_said(&good, 0, &["Accepted", "its session is open", "HS256", "todo-api", "exp"]);

    let logout = Client::new().post(server.url("/api/v1/auth/logout")).bearer_auth(&token);
    logout.send().await.unwrap();
    assert_said(&explain(&place, &token, &[]), 1, &["Refused", "session has ended"]);
}

#[actix_web::test]
async fn it_tells_what_the_database_would_make_of_the_issuers_user() {
    let (key, place) = (Key::new("EdDSA", "a"), Place::new());
    let issuer = Issuer::start(&[&key]);
    let (url, server) = (issuer.url(), place.serve(&[]));
    let beside = [("JWKS_URL", url.as_str())];
    let ada = register(&server).await;
    let token = |id: &str, email: &str| {
        let mut claims = issuer.claims(id, now());
        claims["email"] = json!(email);
        key.sign(&claims)
    };
    let new = explain(&place, &token("grace", "grace@example.com"), &beside);
    assert_said(&new, 0, &["Accepted", "grace is new here"]);
    let known =
        explain(&place, &token(ada["user"]["id"].as_str().unwrap(), "x@y.example"), &beside);
    assert_said(&known, 0, &["Accepted", "is known here"]);
    let taken = explain(&place, &token("eve", "Ada@Example.com"), &beside);
    assert_said(&taken, 1, &["Refused", "another account"]);
    let again = explain(&place, &token("grace", "grace@example.com"), &beside);
    assert_said(&again, 0, &["is new here"]);
}

#[test]
fn each_reason_leads_to_what_has_to_change() {
    let (key, place) = (Key::new("EdDSA", "the-key"), Place::new());
    let issuer = Issuer::start(&[&key]);
    let url = issuer.url();
    let environment = [("JWKS_URL", url.as_str()), ("BETTER_AUTH_SECRET", SECRET)];
    let claims = issuer.claims("grace", now());
    let with = |claim: &str, value: Value| {
        let mut claims = claims.clone();
        claims[claim] = value;
        key.sign(&claims)
    };
    let header = |name: &str, value: Value| {
        let mut header = json!({"alg": "EdDSA", "kid": "the-key"});
        header[name] = value;
        key.sign_with(&header, &claims)
    };
    let mine = issuer.origin.as_str();
    let else_where = json!("https://else.example");
    for (token, words) in [
        ("not a token".to_owned(), ["three parts", "/api/auth/token"]),
        (header("alg", json!("HS512")), ["sign with", "ES512"]),
        (header("alg", json!("ES256")), ["algorithm of the key", "the-key (EdDSA)"]),
        (header("kid", json!("odd")), ["the-key (EdDSA)", "JWKS_URL"]),
        (header("kid", json!(null)), ["`kid`", "name the key"]),
        (header("typ", json!("better-auth.session-cache+jwt")), ["`typ`", "not a cookie"]),
        (header("crit", json!(["b64"])), ["extension", "`crit`"]),
        (Key::new("EdDSA", "the-key").sign(&claims), ["signature", "JWKS_URL"]),
        (with("iss", else_where.clone()), ["`iss` is https://else.example", "JWT_ISSUER is http"]),
        (
            with("aud", json!([else_where])),
            ["https://else.example", &format!("JWT_AUDIENCE is {mine}")],
        ),
        (with("exp", json!(now() - 60)), ["It expired 1m", "Fetch a new one"]),
        (with("exp", json!(null)), ["`exp`", "must be a number"]),
        (with("nbf", json!(now() + 3_600)), ["in 59m", "clocks"]),
        (with("sub", json!("a/b")), ["`user_id`", "visible"]),
    ] {
        assert_said(&explain(&place, &token, &environment), 1, &words);
    }
    let good = explain(&place, &key.sign(&claims), &environment);
    assert_said(&good, 0, &["Accepted", "grace@issuer.example", "Grace Hopper", "in 14m"]);
}

#[test]
fn tokens_of_the_shared_secret_lead_to_the_secret() {
    let place = Place::new();
    let environment = [("BETTER_AUTH_SECRET", SECRET)];
    let claims = json!({"sub": "grace", "exp": now() + 60});
    let good = hs256(SECRET, &Header::default(), &claims);
    assert_said(&explain(&place, &good, &environment), 0, &["Accepted", "new here"]);
    let other = hs256(&SECRET.to_uppercase(), &Header::default(), &claims);
    let words = ["Refused", "BETTER_AUTH_SECRET must be the same on both sides"];
    assert_said(&explain(&place, &other, &environment), 1, &words);
    assert_said(&explain(&place, &good, &[]), 1, &["Refused", "Set BETTER_AUTH_SECRET"]);

    let cookie = json!({"session": {"token": "hunter2"}, "user": {"id": "a"}, "exp": now() + 60});
    let header = Header { typ: None, ..Header::default() };
    let cookie = explain(&place, &hs256(SECRET, &header, &cookie), &environment);
    assert_said(&cookie, 1, &["session cookie of Better Auth", "/api/auth/token"]);
    assert!(!cookie.output().contains("hunter2"));
}

#[test]
fn an_issuers_token_without_a_key_set_leads_to_the_setting() {
    let (key, place) = (Key::new("EdDSA", "a"), Place::new());
    let issuer = Issuer::start(&[&key]);
    let token = key.sign(&issuer.claims("grace", now()));
    assert_said(&explain(&place, &token, &[]), 1, &["Refused", "Set JWKS_URL"]);

    issuer.answer(Answer::Fault);
    let down = explain(&place, &token, &[("JWKS_URL", &issuer.url())]);
    assert_said(&down, 1, &["Nobody can tell", "JWKS_URL answers with status 500", "503"]);
}

#[test]
fn nobody_can_tell_without_the_database_that_the_server_would_ask() {
    let (place, claims) = (Place::new(), json!({"sub": "grace", "exp": now() + 60}));
    let token = hs256(SECRET, &Header::default(), &claims);
    let away = ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:1/todo");
    let ended = explain(&place, &token, &[("BETTER_AUTH_SECRET", SECRET), away]);
    assert_said(&ended, 1, &["Nobody can tell", "DATABASE_URL"]);
    assert!(!ended.output().contains("hunter2"));
}

#[test]
fn clocks_that_differ_are_told() {
    let (key, place) = (Key::new("EdDSA", "a"), Place::new());
    let issuer = Issuer::start(&[&key]);
    let token = key.sign(&issuer.claims("grace", now() + 600));
    let words = ["Accepted", "clocks of both machines differ by 9m"];
    assert_said(&explain(&place, &token, &[("JWKS_URL", &issuer.url())]), 0, &words);
}

#[test]
fn nothing_is_written_anywhere() {
    let (key, place) = (Key::new("EdDSA", "a"), Place::new());
    let issuer = Issuer::start(&[&key]);
    let (url, token) = (issuer.url(), key.sign(&issuer.claims("grace", now())));
    let environment = [("JWKS_URL", url.as_str())];
    assert_said(&explain(&place, &token, &environment), 0, &["Accepted", "new here"]);
    assert_eq!(place.files(), [""; 0]);

    place.serve(&[]).stop("TERM");
    let database = || {
        let read = |file| std::fs::read(place.path().join(file)).unwrap_or_default();
        ["todo.db", "todo.db-wal"].map(read)
    };
    let before = database();
    assert_said(&explain(&place, &token, &environment), 0, &["Accepted", "new here"]);
    assert!(!before[0].is_empty() && database() == before, "not a byte has changed");
}

#[test]
fn settings_that_cannot_be_used_are_told_first() {
    let ended = Place::new().run(&["token", "explain", "a.b.c"], &[("JWKS_URL", "nowhere")]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("JWKS_URL"));
}
