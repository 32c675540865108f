//! A running application, users of it, and a clock that a test can move.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use clap::Parser as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use todo_api::{Application, Cli, SystemClock};
use todo_db::{Db, PoolOptions};
use todo_domain::{Clock, Timestamp};

/// The secret that every test application signs with.
pub(crate) const SECRET: &str = "the-secret-of-every-test-application";
/// A password that every test user has.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// How long a database may take to be ready on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the calls of auth are, each at both.
pub(crate) const AUTH: [&str; 2] = ["/api/v1/auth", "/api/auth"];

/// The prefixes of both families of URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    TokenScoped,
    UserScoped,
}

/// Both families, for a test that holds in each.
pub(crate) const FAMILIES: [Family; 2] = [Family::TokenScoped, Family::UserScoped];

impl Family {
    /// Where the tasks of the user with this id are.
    pub(crate) fn tasks_of(self, user_id: &str) -> String {
        match self {
            Self::TokenScoped => "/api/v1/tasks".to_owned(),
            Self::UserScoped => format!("/api/{user_id}/tasks"),
        }
    }

    /// The status for input that breaks a rule.
    pub(crate) fn invalid(self) -> StatusCode {
        match self {
            Self::TokenScoped => StatusCode::UNPROCESSABLE_ENTITY,
            Self::UserScoped => StatusCode::BAD_REQUEST,
        }
    }
}

/// The system's clock, set forward by as much as a test says, and stopped if it says so.
#[derive(Debug, Default)]
struct MovableClock {
    ahead_micros: AtomicU64,
    stopped_at: OnceLock<Timestamp>,
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let system = self.stopped_at.get().copied().unwrap_or_else(|| SystemClock.now());
        system.plus(Duration::from_micros(self.ahead_micros.load(Ordering::SeqCst)))
    }
}

/// The application, listening on a port of its own, with a database of its own.
pub(crate) struct TestApp {
    clock: Arc<MovableClock>,
    base_url: String,
    metrics_port: Option<u16>,
    client: Client,
    database_url: String,
    dir: Arc<TempDir>,
    flags: Vec<String>,
}

impl TestApp {
    /// A fresh application.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A fresh application with these flags besides those that every test needs.
    pub(crate) async fn start_with(flags: &[&str]) -> Self {
        let dir = Arc::new(TempDir::new().expect("a directory for the database"));
        let database_url = format!("sqlite://{}/todo.db?mode=rwc", dir.path().display());
        Self::start_on(database_url, dir, Arc::default(), flags).await
    }

    /// A fresh application on the database that this URL names.
    pub(crate) async fn start_at(database_url: &str, flags: &[&str]) -> Self {
        let dir = Arc::new(TempDir::new().expect("a directory"));
        Self::start_on(database_url.to_owned(), dir, Arc::default(), flags).await
    }

    /// A second process on the same database, at the same time and with the same flags, as a team
    /// runs several.
    pub(crate) async fn replica(&self) -> Self {
        let (dir, clock) = (self.dir.clone(), self.clock.clone());
        let flags: Vec<_> = self.flags.iter().map(String::as_str).collect();
        Self::start_on(self.database_url.clone(), dir, clock, &flags).await
    }

    async fn start_on(
        database_url: String,
        dir: Arc<TempDir>,
        clock: Arc<MovableClock>,
        flags: &[&str],
    ) -> Self {
        let database = format!("--database-url={database_url}");
        let secret = format!("--better-auth-secret={SECRET}");
        let mut line = vec!["todo-api", &database, &secret, "--port=0"];
        line.extend(flags);
        for default in ["--bcrypt-cost=4", "--rate-limit=off"] {
            let (name, _) = default.split_once('=').expect("a value");
            if !flags.iter().any(|flag| flag.starts_with(name)) {
                line.push(default);
            }
        }
        let cli = Cli::try_parse_from(line).expect("good flags");
        let application = Application::build(cli.config, clock.clone()).await.expect("it starts");
        let base_url = format!("http://127.0.0.1:{}", application.port());
        let metrics_port = application.metrics_port();
        actix_web::rt::spawn(application.run_until_stopped());
        let flags = flags.iter().map(ToString::to_string).collect();
        let app =
            Self { clock, base_url, metrics_port, client: Client::new(), database_url, dir, flags };
        let asked_at = Instant::now();
        while app.get("/health/ready").await.status() != StatusCode::OK {
            let is_file = app.database_url.starts_with("sqlite:");
            assert!(!is_file, "a file is there at once");
            assert!(asked_at.elapsed() < PATIENCE, "it is not ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        app
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).expect("less than an age");
        self.clock.ahead_micros.fetch_add(micros, Ordering::SeqCst);
    }

    /// Lets time pass no more but by [`TestApp::advance`].
    pub(crate) fn stop_clock(&self) {
        self.clock.stopped_at.get_or_init(|| SystemClock.now());
    }

    /// The present, as the application sees it.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where the files of the database are.
    pub(crate) fn database_dir(&self) -> &Path {
        self.dir.path()
    }

    /// Does to the database what no client may do.
    pub(crate) async fn execute(&self, sql: &str) {
        self.database().await.connection().execute_unprepared(sql).await.expect("good SQL");
    }

    /// How many sessions the database holds, open or not.
    pub(crate) async fn stored_sessions(&self) -> i64 {
        let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) AS n FROM sessions");
        let row = self.database().await.connection().query_one_raw(count).await.expect("good SQL");
        row.expect("a row").try_get("", "n").expect("a number")
    }

    /// The database, for what reaches it past the application.
    pub(crate) async fn database(&self) -> Db {
        let options = PoolOptions {
            min_connections: 1,
            max_connections: 1,
            acquire_timeout: Duration::from_secs(5),
        };
        todo_db::connect(&self.database_url, options).await.expect("a connection")
    }

    /// Where the application listens.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// Where the metrics are, if they have a port of their own.
    pub(crate) fn metrics_url(&self, path: &str) -> Option<String> {
        self.metrics_port.map(|port| format!("http://127.0.0.1:{port}{path}"))
    }

    /// A request by nobody in particular.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// A POST of JSON by nobody in particular.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path).json(&body).send().await.expect("an answer")
    }

    /// A GET by nobody in particular.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("an answer")
    }

    /// What is answered to these bytes until the application ends the connection.
    pub(crate) async fn exchange(&self, request: String) -> String {
        let address = self.base_url.replace("http://", "");
        let exchange = move || {
            let mut stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            stream.write_all(request.as_bytes())?;
            let mut heard = String::new();
            stream.read_to_string(&mut heard).map(|_| heard)
        };
        let heard = actix_web::rt::task::spawn_blocking(exchange).await.expect("no panic");
        heard.expect("the end of the connection")
    }

    /// The status of the user's list of tasks with this token, which is the same in both families.
    pub(crate) async fn list_status(&self, user_id: &str, token: &str) -> StatusCode {
        let list = |family: Family| self.request(Method::GET, &family.tasks_of(user_id));
        let [one, other] = FAMILIES.map(|family| list(family).bearer_auth(token).send());
        let (one, other) = (one.await.expect("an answer"), other.await.expect("an answer"));
        assert_eq!(one.status(), other.status(), "in both families");
        one.status()
    }

    /// Whether an access token is good here.
    pub(crate) async fn is_good(&self, token: &str) -> bool {
        let me = self.request(Method::GET, "/api/v1/auth/me").bearer_auth(token);
        me.send().await.expect("an answer").status() == StatusCode::OK
    }

    /// A new user, signed in.
    pub(crate) async fn user(&self, name: &str) -> TestUser<'_> {
        let email = format!("{name}@example.com");
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let answer = self.post("/api/v1/auth/register", body).await;
        self.signed_in(&json_of(answer, StatusCode::CREATED).await)
    }

    /// A user who is there already, in another session.
    pub(crate) async fn log_in(&self, email: &str) -> TestUser<'_> {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = self.post("/api/v1/auth/login", body).await;
        self.signed_in(&json_of(answer, StatusCode::OK).await)
    }

    /// Whether this email and password open a session.
    pub(crate) async fn can_log_in(&self, email: &str, password: &str) -> bool {
        let body = json!({"email": email, "password": password});
        let status = self.post("/api/v1/auth/login", body).await.status();
        assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&status), "{status}");
        status == StatusCode::OK
    }

    /// The user whom another issuer describes with these claims, in a token that holds for an hour.
    pub(crate) fn outsider(&self, mut claims: Value) -> TestUser<'_> {
        claims["exp"] = json!(self.now().unix_seconds() + 3_600);
        let claim = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
        TestUser {
            app: self,
            id: claim("sub"),
            email: claim("email"),
            access_token: sign(Algorithm::HS256, SECRET, &claims),
            refresh_token: String::new(),
        }
    }

    fn signed_in(&self, answer: &Value) -> TestUser<'_> {
        TestUser {
            app: self,
            id: text(&answer["user"]["id"]),
            email: text(&answer["user"]["email"]),
            access_token: text(&answer["access_token"]),
            refresh_token: text(&answer["refresh_token"]),
        }
    }
}

/// A token of another issuer.
pub(crate) fn sign(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("a token")
}

/// A user of the application, and the tokens of one session.
pub(crate) struct TestUser<'a> {
    app: &'a TestApp,
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl TestUser<'_> {
    /// A request with the user's token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.request(method, path).bearer_auth(&self.access_token)
    }

    /// A GET with the user's token.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("an answer")
    }

    /// A request with the user's token and a JSON body.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> Response {
        self.request(method, path).json(&body).send().await.expect("an answer")
    }

    /// A request without a body.
    pub(crate) async fn call(&self, method: Method, path: &str) -> Response {
        self.request(method, path).send().await.expect("an answer")
    }

    /// Whether the access token is good.
    pub(crate) async fn is_signed_in(&self) -> bool {
        self.app.is_good(&self.access_token).await
    }

    /// Whether the refresh token is good. One that is, is used up.
    pub(crate) async fn can_refresh(&self) -> bool {
        let body = json!({"refresh_token": self.refresh_token});
        self.app.post("/api/v1/auth/refresh", body).await.status() == StatusCode::OK
    }

    /// A new task of the user's, with this title.
    pub(crate) async fn task(&self, title: &str) -> Value {
        let answer = self.send(Method::POST, "/api/v1/tasks", json!({"title": title})).await;
        json_of(answer, StatusCode::CREATED).await
    }
}

/// A string of a JSON document.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// The JSON of an answer that must have this status.
pub(crate) async fn json_of(answer: Response, status: StatusCode) -> Value {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.json().await.expect("JSON")
}

/// The problem document of an answer that must have this status.
pub(crate) async fn problem(answer: Response, status: StatusCode) -> Value {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let document: Value = answer.json().await.expect("JSON");
    assert_eq!(document["status"], status.as_u16());
    assert_eq!(document["request_id"], id);
    document
}

/// A problem document without what differs from request to request.
pub(crate) fn anonymous(mut problem: Value) -> Value {
    problem.as_object_mut().expect("an object").remove("request_id");
    problem
}

/// How long an answer asks to wait.
pub(crate) fn retry_after(answer: &Response) -> Duration {
    let seconds = answer.headers()["retry-after"].to_str().expect("text");
    Duration::from_secs(seconds.parse().expect("whole seconds"))
}

/// The fields that a problem document finds fault with, each with the code of its fault.
pub(crate) fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let faults = problem["errors"].as_array().expect("faults").iter();
    faults.filter_map(|fault| Some((fault["field"].as_str()?, fault["code"].as_str()?))).collect()
}

/// The names of an object's members, in alphabetical order.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> =
        object.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
