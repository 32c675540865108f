//! What a server writes when its database answers with rows of somebody else.

use std::time::Duration;

use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Client, Method, Response, StatusCode};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use todo_api::SystemClock;
use todo_db::PoolOptions;
use todo_domain::Clock as _;

use crate::process::{Place, Server};

const SECRET: &str = "the-secret-of-a-server-with-a-wall";
const MIXED_UP: &str = include_str!("../support/mixed_up.sql");

/// A call by the user with this id, for whom another issuer vouches.
async fn call(server: &Server, method: Method, id: &str, body: Value) -> Response {
    let exp = SystemClock.now().unix_seconds() + 3_600;
    let email = if id == "ada" { "ada@example.com" } else { "another.ada@example.com" };
    let claims = json!({"sub": id, "email": email, "exp": exp});
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = jsonwebtoken::encode(&Header::default(), &claims, &key).expect("a token");
    let request = Client::new().request(method, server.url("/api/v1/tasks")).bearer_auth(token);
    request.json(&body).send().await.expect("an answer")
}

/// Makes a database of it that cannot tell `ada` from `ADA`.
async fn mix_up(place: &Place) {
    let url = format!("sqlite://{}/todo.db", place.path().display());
    let acquire_timeout = Duration::from_secs(5);
    let options = PoolOptions { min_connections: 1, max_connections: 1, acquire_timeout };
    let db = todo_db::connect(&url, options).await.expect("a connection");
    db.connection().execute_unprepared(MIXED_UP).await.expect("good SQL");
}

#[actix_web::test]
async fn a_row_of_another_is_told_once_with_its_request_and_without_the_row() {
    let place = Place::new();
    let server = place.serve(&[("LOG_FORMAT", "json"), ("BETTER_AUTH_SECRET", SECRET)]);
    let made = call(&server, Method::POST, "ada", json!({"title": "Buy milk"})).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    mix_up(&place).await;
    let answer = call(&server, Method::GET, "ADA", json!(null)).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();

    let log = server.stop("TERM").stdout;
    assert!(!log.contains("Buy milk"), "{log}");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told: Vec<_> = lines.filter(|line| line["action"] == "isolation_breach").collect();
    let [event] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&event["target"], &event["outcome"]), (&json!("security"), &json!("refused")));
    assert_eq!(event["span"]["request_id"], request_id);
    assert!(event["reason"].as_str().unwrap().contains("restart this process"), "{event}");
}
