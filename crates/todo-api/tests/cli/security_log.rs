//! What a server writes about accounts, for whoever must explain it later.

use std::time::Duration;

use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Client, Method};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use todo_api::SystemClock;
use todo_db::{Db, PoolOptions};
use todo_domain::Clock as _;

use crate::process::{Place, Server, Variable};

const SECRET: &str = "the-secret-of-a-server-that-logs-all";
const PASSWORD: &str = "correct horse battery";
const NEW_PASSWORD: &str = "battery staple horse";
const NEWEST_PASSWORD: &str = "staple correct battery";
const WRONG: &str = "incorrect horse battery";
const ADA: &str = "ada@example.com";

/// A server whose log says everything, and what its log must say of accounts.
struct Story {
    server: Server,
    client: Client,
    told: Vec<Event>,
}

/// What was tried, what came of it, and the ids of the user, if one is known, and of the request.
type Event = (String, String, Option<String>, String);

impl Story {
    fn begin(place: &Place) -> Self {
        let environment: [Variable; 3] =
            [("LOG_FORMAT", "json"), ("RUST_LOG", "trace"), ("BETTER_AUTH_SECRET", SECRET)];
        Self { server: place.serve(&environment), client: Client::new(), told: Vec::new() }
    }

    /// The answer to a call, and the id of the request.
    async fn call(&self, method: Method, path: &str, token: &str, body: Value) -> (Value, String) {
        let request = self.client.request(method, self.server.url(path)).json(&body);
        let request = if token.is_empty() { request } else { request.bearer_auth(token) };
        let answer = request.send().await.expect("an answer");
        let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
        (answer.json().await.unwrap_or_default(), id)
    }

    /// Notes that the log must tell of the request with this id, once.
    fn told(&mut self, action: &str, outcome: &str, user_id: Option<&str>, id: String) {
        let event = (action.to_owned(), outcome.to_owned(), user_id.map(str::to_owned), id);
        self.told.push(event);
    }

    /// A POST below auth that must be told of.
    async fn post(
        &mut self,
        path: &str,
        token: &str,
        body: Value,
        (action, outcome, user_id): (&str, &str, Option<&str>),
    ) -> Value {
        let path = format!("/api/v1/auth{path}");
        let (answer, id) = self.call(Method::POST, &path, token, body).await;
        self.told(action, outcome, user_id, id);
        answer
    }

    /// A call with a token that must be told of as refused.
    async fn refused(&mut self, path: &str, token: &str, user_id: Option<&str>) {
        let (_, id) = self.call(Method::GET, path, token, Value::Null).await;
        self.told("authenticate", "refused", user_id, id);
    }

    /// A login of Ada's.
    async fn log_in(&mut self, password: &str, outcome: &str, user_id: &str) -> Value {
        let told = ("login", outcome, Some(user_id));
        self.post("/login", "", json!({"email": ADA, "password": password}), told).await
    }

    /// Stops the server; its log tells of accounts what was noted and nothing else.
    fn end(mut self) -> (String, Vec<Value>) {
        let log = self.server.stop("TERM").stdout;
        let events = security_events(&log);
        let mut found: Vec<_> = events.iter().map(brief).collect();
        // What is done off the path of its request is told later.
        found.sort_by(|a, b| a.3.cmp(&b.3));
        self.told.sort_by(|a, b| a.3.cmp(&b.3));
        assert_eq!(found, self.told);
        (log, events)
    }
}

fn security_events(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["target"] == "security").collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn brief(event: &Value) -> Event {
    let user_id = event["user_id"].as_str().map(str::to_owned);
    let id = text(&event["span"]["request_id"]);
    (text(&event["action"]), text(&event["outcome"]), user_id, id)
}

/// The database of the server that runs in this place.
pub(crate) async fn database(place: &Place) -> Db {
    let url = format!("sqlite://{}/todo.db", place.path().display());
    let acquire_timeout = Duration::from_secs(5);
    let options = PoolOptions { min_connections: 1, max_connections: 1, acquire_timeout };
    todo_db::connect(&url, options).await.expect("a connection")
}

/// Does to the database what no client may do.
async fn execute(place: &Place, sql: &str) {
    database(place).await.connection().execute_unprepared(sql).await.expect("good SQL");
}

/// The digests of tokens that the database keeps, in the ways in which a log might show them.
async fn digests(place: &Place) -> Vec<String> {
    let sql =
        "SELECT refresh_digest AS digest FROM sessions UNION SELECT digest FROM password_resets";
    let db = database(place).await;
    let select = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = db.connection().query_all_raw(select).await.expect("good SQL");
    let digests = rows.iter().map(|row| row.try_get::<Vec<u8>>("", "digest").expect("bytes"));
    let forms = |digest: Vec<u8>| {
        let hex = |upper: bool| -> String {
            let byte =
                |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            digest.iter().map(byte).collect()
        };
        [hex(true), hex(false), format!("{digest:?}")]
    };
    digests.flat_map(forms).collect()
}

/// A token of another issuer.
fn outsider(sub: &str, email: &str) -> String {
    let claims = json!({"sub": sub, "email": email, "exp": SystemClock.now().unix_seconds() + 60});
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::default(), &claims, &key).expect("a token")
}

/// No line but that of a mail, which is not sent but written to the log, holds a secret.
fn assert_holds_none(log: &str, secrets: &[String]) {
    for line in log.lines().filter(|line| !line.contains("a mail that is not sent")) {
        for secret in secrets {
            assert!(!secret.is_empty() && !line.contains(secret), "{secret}: {line}");
        }
    }
}

#[actix_web::test]
async fn whatever_happens_to_an_account_is_told_once_and_without_a_secret() {
    let place = Place::new();
    let mut story = Story::begin(&place);
    let body = json!({"email": ADA, "password": PASSWORD});
    let (first, id) = story.call(Method::POST, "/api/v1/auth/register", "", body.clone()).await;
    let ada = text(&first["user"]["id"]);
    story.told("register", "success", Some(&ada), id);
    story.post("/signup", "", body, ("register", "refused", None)).await;
    story.call(Method::POST, "/api/v1/auth/register", "", json!({"email": ADA})).await;

    let second = story.log_in(PASSWORD, "success", &ada).await;
    story.log_in(WRONG, "refused", &ada).await;
    let nobody = json!({"email": "nobody@example.com", "password": WRONG});
    story.post("/login", "", nobody, ("login", "refused", None)).await;

    let trade = json!({"refresh_token": second["refresh_token"]});
    let third = story.post("/refresh", "", trade.clone(), ("refresh", "success", Some(&ada))).await;
    execute(&place, "UPDATE sessions SET last_used_at = '2026-01-01T00:00:00+00:00'").await;
    story.post("/refresh", "", trade, ("refresh", "refused", Some(&ada))).await;
    let made_up = json!({"refresh_token": "a-refresh-token-that-is-made-up"});
    story.post("/refresh", "", made_up, ("refresh", "refused", None)).await;

    let (token, ended) = (text(&first["access_token"]), text(&third["access_token"]));
    story.call(Method::GET, "/api/v1/auth/me", &token, Value::Null).await;
    story.call(Method::GET, "/api/v1/auth/me", "", Value::Null).await;
    story.refused("/api/v1/tasks", &ended, Some(&ada)).await;
    story.refused("/api/v1/auth/me", "a.made-up.token", None).await;
    story.refused("/api/somebody-else/tasks", &token, Some(&ada)).await;
    story.refused("/api/v1/tasks", &outsider("eve", ADA), Some("eve")).await;

    let fourth = story.log_in(PASSWORD, "success", &ada).await;
    let (_, id) = story.call(Method::DELETE, "/api/v1/auth/sessions", &token, Value::Null).await;
    story.told("end_sessions", "success", Some(&ada), id);
    let fifth = story.log_in(PASSWORD, "success", &ada).await;
    let fifth_token = text(&fifth["access_token"]);
    story.post("/logout", &fifth_token, Value::Null, ("logout", "success", Some(&ada))).await;

    let change = |current: &str| json!({"current_password": current, "new_password": NEW_PASSWORD});
    let told = |outcome| ("change_password", outcome, Some(ada.as_str()));
    story.post("/password/change", &token, change(WRONG), told("refused")).await;
    story.post("/password/change", &token, change(PASSWORD), told("success")).await;
    for (email, outcome, user_id) in
        [(ADA, "success", Some(ada.as_str())), ("nobody@example.com", "refused", None)]
    {
        let told = ("request_reset", outcome, user_id);
        story.post("/password/forgot", "", json!({"email": email}), told).await;
    }
    let (first_log, _) = story.end();
    let (_, link) = first_log.split_once("/reset-password?token=").expect("a link");
    let reset_token = link.split('"').next().expect("its token").to_owned();
    let digests = digests(&place).await;
    assert_eq!(digests.len(), 3 * 5, "of four sessions and a link");

    let mut story = Story::begin(&place);
    let reset = |token: &str| json!({"token": token, "new_password": NEWEST_PASSWORD});
    let made_up = ("reset_password", "refused", None);
    let good = ("reset_password", "success", Some(ada.as_str()));
    story.post("/password/reset", "", reset("made-up"), made_up).await;
    story.post("/password/reset", "", reset(&reset_token), good).await;
    story.post("/password/reset", "", reset(&reset_token), made_up).await;
    let last = story.log_in(NEWEST_PASSWORD, "success", &ada).await;
    let last_token = text(&last["access_token"]);
    for (password, outcome) in [(WRONG, "refused"), (NEWEST_PASSWORD, "success")] {
        let body = json!({"password": password});
        let (_, id) = story.call(Method::DELETE, "/api/v1/auth/me", &last_token, body).await;
        story.told("delete_account", outcome, Some(&ada), id);
    }
    story.refused("/api/v1/tasks", &last_token, Some(&ada)).await;
    let (second_log, _) = story.end();

    let passwords = [PASSWORD, NEW_PASSWORD, NEWEST_PASSWORD, WRONG, SECRET, "$2b$"];
    let made_up = ["a-refresh-token-that-is-made-up", "a.made-up.token"];
    let mut secrets = [&passwords[..], &made_up].concat();
    secrets.push(&reset_token);
    let mut secrets: Vec<_> = secrets.into_iter().map(str::to_owned).collect();
    secrets.extend(digests);
    for answer in [&first, &second, &third, &fourth, &fifth, &last] {
        secrets.extend([text(&answer["access_token"]), text(&answer["refresh_token"])]);
    }
    assert_holds_none(&first_log, &secrets);
    assert_holds_none(&second_log, &secrets);
    assert!(!second_log.contains(&reset_token));
}

#[actix_web::test]
async fn an_event_tells_who_what_and_where_from_and_a_refusal_its_reason() {
    let place = Place::new();
    let mut story = Story::begin(&place);
    let body = json!({"email": ADA, "password": PASSWORD});
    let (answer, id) = story.call(Method::POST, "/api/auth/signup", "", body).await;
    let ada = text(&answer["user"]["id"]);
    story.told("register", "success", Some(&ada), id);
    story.log_in(WRONG, "refused", &ada).await;
    story.refused("/api/v1/tasks", "a.made-up.token", None).await;
    story.refused("/api/grace/tasks", &text(&answer["access_token"]), Some(&ada)).await;
    let sql = "UPDATE users SET disabled_at = '2026-01-01T00:00:00+00:00'";
    execute(&place, sql).await;
    story.log_in(PASSWORD, "refused", &ada).await;
    let told = ("request_reset", "refused", None);
    story.post("/password/forgot", "", json!({"email": ADA}), told).await;
    let (log, events) = story.end();
    assert!(!log.contains("a mail that is not sent"), "to a user who is kept out");

    let expected = [
        (Some(ADA), None),
        (Some(ADA), Some("the email or the password is wrong")),
        (None, Some("it is not a JSON Web Token")),
        (None, Some("the URL names another user than the token")),
        (Some(ADA), Some("the account is disabled")),
        (Some(ADA), Some("no account with a password here")),
    ];
    assert_eq!(events.len(), expected.len());
    for (event, (email, reason)) in events.iter().zip(expected) {
        assert_eq!((event["email"].as_str(), event["reason"].as_str()), (email, reason));
        let level = if reason.is_some() { "WARN" } else { "INFO" };
        assert_eq!(event["level"], level, "{event}");
        assert_eq!(event["span"]["client"], "127.0.0.1", "{event}");
    }
}

#[actix_web::test]
async fn events_are_told_with_their_request_however_little_else_is() {
    // The line that says where the server listens is what a test waits for.
    for (rust_log, told) in [
        ("warn,todo_api::app=info", true),
        ("error,todo_api::app=info", true),
        ("todo_api::app=info", true),
        ("info,security=off", false),
    ] {
        let place = Place::new();
        let server = place.serve(&[("LOG_FORMAT", "json"), ("RUST_LOG", rust_log)]);
        let body = json!({"email": ADA, "password": PASSWORD});
        let register = Client::new().post(server.url("/api/v1/auth/register")).json(&body);
        let answer = register.send().await.unwrap();
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        let events = security_events(&server.stop("TERM").stdout);
        let ids: Vec<_> = events.iter().map(|event| text(&event["span"]["request_id"])).collect();
        assert_eq!(ids, if told { vec![id] } else { Vec::new() }, "{rust_log}");
    }
}
