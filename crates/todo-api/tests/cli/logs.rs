//! What a server writes about its requests.

use reqwest::Client;
use serde_json::{Value, json};

use crate::process::Place;

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
}
