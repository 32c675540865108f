//! Twenty users at once, over HTTP, behind a pooler with four connections to the server.

use futures_util::future::join_all;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::process::{Place, Server};
use crate::support::pgbouncer::TRACKING;
use crate::support::pooled::Pooled;

const USERS: usize = 20;
/// Rounds of five calls for each user: three thousand calls in all.
const ROUNDS: usize = 30;

/// A user who calls the service and holds every answer to being theirs.
struct Tenant<'a> {
    server: &'a Server,
    client: Client,
    id: String,
    token: String,
}

impl<'a> Tenant<'a> {
    async fn register(server: &'a Server, number: usize) -> Self {
        let client = Client::new();
        let body =
            json!({"email": format!("user{number}@example.com"), "password": "correct horse"});
        let request = client.post(server.url("/api/v1/auth/register")).json(&body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED);
        let answer: Value = answer.json().await.expect("JSON");
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let (id, token) = (text(&answer["user"]["id"]), text(&answer["access_token"]));
        Self { server, client, id, token }
    }

    async fn call(&self, method: Method, path: &str, body: Value, status: StatusCode) -> Value {
        let request = self.client.request(method, self.server.url(path)).bearer_auth(&self.token);
        let answer = request.json(&body).send().await.expect("an answer");
        let found = answer.status();
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(found, status, "{path}: {answer}");
        answer
    }

    fn is_mine(&self, task: &Value, title: &str) {
        assert_eq!((&task["user_id"], &task["title"]), (&json!(self.id), &json!(title)));
    }

    /// Every answer is right: the user's own, and the one that belongs to the call.
    async fn work(&self) {
        for round in 0..ROUNDS {
            let title = format!("{round} of {}", self.id);
            let tasks = "/api/v1/tasks";
            let made =
                self.call(Method::POST, tasks, json!({"title": title}), StatusCode::CREATED).await;
            self.is_mine(&made, &title);
            let one = format!("{tasks}/{}", made["id"]);
            let found = self.call(Method::GET, &one, json!(null), StatusCode::OK).await;
            assert_eq!(found, made);
            let done = json!({"completed": true});
            let done = self.call(Method::PUT, &one, done, StatusCode::OK).await;
            self.is_mine(&done, &title);
            let page = format!("{tasks}?limit=5");
            let listed = self.call(Method::GET, &page, json!(null), StatusCode::OK).await;
            assert_eq!(listed[0], done);
            assert!(
                listed.as_array().expect("a list").iter().all(|task| task["user_id"] == self.id)
            );
            let me = self.call(Method::GET, "/api/v1/auth/me", json!(null), StatusCode::OK).await;
            assert_eq!(me["id"], self.id);
        }
    }
}

#[actix_web::test]
async fn twenty_users_at_once_get_their_own_answers_through_four_connections() {
    let Some(pooled) = Pooled::create(TRACKING).await else { return };
    let (url, direct) = (pooled.url(), pooled.database.url());
    let place = Place::new();
    let server = place.serve(&[
        ("DATABASE_URL", &url),
        ("DATABASE_DIRECT_URL", &direct),
        ("RATE_LIMIT", "off"),
        ("RUST_LOG", "warn,todo_api=info"),
    ]);
    let mut tenants = Vec::new();
    for number in 0..USERS {
        // One after the other, for only so many passwords may wait to be hashed.
        tenants.push(Tenant::register(&server, number).await);
    }
    join_all(tenants.iter().map(Tenant::work)).await;
    let log = server.stop("TERM").stdout;
    assert!(!log.contains("isolation_breach"), "{log}");
}
