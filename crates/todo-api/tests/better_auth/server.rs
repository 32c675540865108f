//! A real Better Auth server, run by Node from `tests/better-auth`.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::SET_COOKIE;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

/// What is said when there is no server to be had.
const HOW_TO: &str = "no Better Auth to test with: install Node 20 or later, then run \
                      `npm ci --prefix tests/better-auth`";

/// The cookie with a copy of the session.
const SESSION_COOKIE: &str = "better-auth.session_data=";

/// A running server. It ends with this value.
pub(crate) struct BetterAuth {
    pub(crate) url: String,
    process: Child,
    client: Client,
}

/// Somebody who has signed up there.
pub(crate) struct Visitor {
    pub(crate) id: String,
    /// The cookie with a copy of the session.
    pub(crate) cookie: String,
    session_token: String,
}

impl BetterAuth {
    /// A server with these arguments and this secret; `None` if it is not installed, which in CI is
    /// a failure.
    pub(crate) fn start(arguments: &[&str], secret: &str) -> Option<Self> {
        let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/better-auth"));
        let mut command = Command::new("node");
        command.arg("server.mjs").args(arguments).current_dir(&dir);
        command.env("BETTER_AUTH_SECRET", secret).stdin(Stdio::piped()).stdout(Stdio::piped());
        let installed = dir.join("node_modules").exists();
        let Some(mut process) = installed.then(|| command.spawn().ok()).flatten() else {
            assert!(!is_ci(), "{HOW_TO}");
            eprintln!("\n*** SKIPPED *** {HOW_TO}\n");
            return None;
        };
        let mut line = String::new();
        let stdout = process.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("its address");
        assert!(line.starts_with("http://"), "it does not start");
        Some(Self { url: line.trim().to_owned(), process, client: Client::new() })
    }

    /// A new user, signed in.
    pub(crate) async fn sign_up(&self, name: &str, email: &str) -> Visitor {
        let body = json!({"name": name, "email": email, "password": "correct horse battery"});
        let request = self.client.post(format!("{}/api/auth/sign-up/email", self.url)).json(&body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let session_token = answer.headers()["set-auth-token"].to_str().expect("text").to_owned();
        let cookie = session_cookie(&answer);
        let id = json(answer).await["user"]["id"].as_str().expect("an id").to_owned();
        Visitor { id, cookie, session_token }
    }

    /// A token for other services, as the JWT plugin hands it out.
    pub(crate) async fn token(&self, visitor: &Visitor) -> String {
        let request = self.client.get(format!("{}/api/auth/token", self.url));
        let answer = request.bearer_auth(&visitor.session_token).send().await.expect("an answer");
        json(answer).await["token"].as_str().expect("a token").to_owned()
    }

    /// Does what only a test may do.
    pub(crate) async fn test(&self, path: &str) {
        let answer = self.client.post(format!("{}{path}", self.url)).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::NO_CONTENT);
    }
}

impl Drop for BetterAuth {
    fn drop(&mut self) {
        // If it has ended of its own accord there is nothing to do.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The header of a token.
pub(crate) fn header(token: &str) -> Value {
    let (header, _) = token.split_once('.').expect("a token");
    let header = URL_SAFE_NO_PAD.decode(header).expect("base64url");
    serde_json::from_slice(&header).expect("JSON")
}

fn session_cookie(answer: &Response) -> String {
    let mut cookies = answer.headers().get_all(SET_COOKIE).iter();
    let cookie = cookies.find_map(|cookie| cookie.to_str().ok()?.strip_prefix(SESSION_COOKIE));
    let (value, _) = cookie.expect("the cookie").split_once(';').expect("attributes");
    value.to_owned()
}

async fn json(answer: Response) -> Value {
    answer.json().await.expect("JSON")
}

#[expect(clippy::disallowed_methods, reason = "no setting: whether a skip is a failure")]
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}
