//! What a server writes about its requests.

use std::net::TcpListener;
use std::time::Duration;

use reqwest::Client;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::process::Place;
use crate::security_log::database;

#[actix_web::test]
async fn a_log_has_a_line_for_each_request_and_no_secret() {
    let place = Place::new();
    let server = place.serve(&[("LOG_FORMAT", "json"), ("RUST_LOG", "trace")]);
    let client = Client::new();
    let body = json!({"email": "ada@example.com", "password": "correct horse", "name": "Ada"});
    let register = client.post(server.url("/api/v1/auth/register")).json(&body).send().await;
    let answer: Value = register.unwrap().json().await.unwrap();
    let (access, refresh) = (answer["access_token"].clone(), answer["refresh_token"].clone());
    client.post(server.url("/api/v1/auth/login")).json(&body).send().await.unwrap();
    let trade = client.post(server.url("/api/v1/auth/refresh"));
    trade.json(&json!({"refresh_token": refresh})).send().await.unwrap();
    let list = client.get(server.url("/api/v1/tasks?cursor=the-words-of-a-user"));
    let list = list.bearer_auth(access.as_str().unwrap()).send().await.unwrap();
    let request_id = list.headers()["x-request-id"].to_str().unwrap().to_owned();

    let log = server.stop("TERM").stdout;
    let secrets = ["correct horse", access.as_str().unwrap(), refresh.as_str().unwrap()];
    for secret in secrets.into_iter().chain(["the-words-of-a-user"]) {
        assert!(!log.contains(secret), "{secret}");
    }
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let answered = lines.filter(|line| line["message"] == "answered").collect::<Vec<_>>();
    assert_eq!(answered.len(), 4);
    let last = answered.iter().find(|line| line["span"]["request_id"] == request_id).unwrap();
    assert_eq!(last["status"], 422);
    assert_eq!(last["span"]["path"], "/api/v1/tasks");
    assert_eq!(last["span"]["client"], "127.0.0.1");
    assert_eq!(last["span"]["user_id"], answer["user"]["id"]);
}

/// The lines of a log that end a request.
fn answered(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["message"] == "answered").collect()
}

#[actix_web::test]
async fn each_request_has_one_line_whoever_answers_it() {
    let place = Place::new();
    let server = place.serve(&[("LOG_FORMAT", "json")]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let client = Client::new();
    let mut expected = Vec::new();
    for (method, path, route, status) in [
        ("GET", "/api/v1/tasks/7", "/api/v1/tasks/{task_id}", 401),
        ("GET", "/nowhere", "unmatched", 404),
        ("BREW", "/health", "/health", 405),
        ("POST", "/api/auth/login", "/api/auth/login", 415),
        ("GET", "/health", "/health", 200),
    ] {
        let request = client.request(method.parse().unwrap(), server.url(path));
        let request = request.header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        expected.push(json!([id, trace, method, path, route, status]));
    }
    let lines = answered(&server.stop("TERM").stdout).into_iter().map(|line| {
        assert!(line["milliseconds"].as_f64().unwrap() > 0.0);
        let Value::Object(span) = &line["span"] else { panic!("{line}") };
        json!([
            span["request_id"],
            span["trace_id"],
            span["method"],
            span["path"],
            line["route"],
            line["status"]
        ])
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[actix_web::test]
async fn each_request_without_a_trace_begins_one() {
    let place = Place::new();
    let server = place.serve(&[("LOG_FORMAT", "json")]);
    for _ in 0..2 {
        Client::new().get(server.url("/health")).send().await.unwrap();
    }
    let lines = answered(&server.stop("TERM").stdout);
    let ids: Vec<_> = lines.iter().map(|line| line["span"]["trace_id"].as_str().unwrap()).collect();
    let [one, other] = ids.as_slice() else { panic!("{ids:?}") };
    assert!(one != other && [one, other].iter().all(|id| id.len() == 32), "{ids:?}");
}

#[actix_web::test]
async fn the_last_lines_are_written_whatever_ends_the_server() {
    for (drain, signals, code) in
        [("0s", ["TERM"].as_slice(), 0), ("0s", &["INT"], 0), ("15s", &["TERM", "INT"], 1)]
    {
        let server = Place::new().serve(&[("LOG_FORMAT", "json"), ("SHUTDOWN_DRAIN", drain)]);
        for _ in 0..5 {
            Client::new().get(server.url("/health/live")).send().await.unwrap();
        }
        for signal in signals {
            server.signal(signal);
        }
        let ended = server.ended();
        assert_eq!(ended.code, Some(code), "{signals:?}: {ended:?}");
        assert_eq!(answered(&ended.stdout).len(), 5, "{signals:?}: {ended:?}");
    }
}

#[test]
fn a_server_that_cannot_start_has_written_what_it_did_until_then() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = Place::new().run(&[], &[("HOST", "127.0.0.1"), ("PORT", &port)]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("signing with the secret in"), "{ended:?}");
}

#[actix_web::test]
async fn a_slow_statement_is_told_without_its_values() {
    let place = Place::new();
    let server = place.serve(&[("LOG_FORMAT", "json")]);
    let client = Client::new();
    let account = json!({"email": "ada@example.com", "password": "correct horse"});
    let register = client.post(server.url("/api/v1/auth/register")).json(&account);
    let answer: Value = register.send().await.unwrap().json().await.unwrap();

    let other = database(&place).await;
    let other = other.connection();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let create = client.post(server.url("/api/v1/tasks")).json(&json!({"title": "Buy milk"}));
    let create = create.bearer_auth(answer["access_token"].as_str().unwrap()).send();
    let create = actix_web::rt::spawn(create);
    // Long enough for the statement to be slow.
    actix_web::rt::time::sleep(Duration::from_secs(3)).await;
    other.execute_unprepared("COMMIT").await.unwrap();
    let created = create.await.unwrap().unwrap();
    let request_id = created.headers()["x-request-id"].to_str().unwrap().to_owned();

    let log = server.stop("TERM").stdout;
    let slow: Vec<_> = log.lines().filter(|line| line.contains("slow statement")).collect();
    assert_eq!(slow.len(), 1, "{log}");
    assert!(slow[0].contains(&request_id) && slow[0].contains("INSERT INTO"), "{}", slow[0]);
    assert!(slow[0].contains("\"level\":\"WARN\"") && !slow[0].contains("milk"), "{}", slow[0]);
}
