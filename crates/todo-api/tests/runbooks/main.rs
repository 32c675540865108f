//! Every command of every runbook works, run page by page as it stands there.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the tests of the API use more of it")]
#[path = "../issuer/mod.rs"]
mod issuer;
#[expect(dead_code, reason = "the tests of the command line use more of it")]
#[path = "../cli/process.rs"]
mod process;
#[expect(dead_code, reason = "the tests of the storage use more of it")]
#[path = "../../../todo-db/tests/support/mod.rs"]
mod storage;

use std::path::Path;
use std::process::Command;

use reqwest::Client;
use serde_json::{Value, json};

use self::issuer::{Issuer, Key};
use self::process::{Place, Server};
use self::storage::TestDatabase;

const PAGES: [&str; 6] = [
    "database-connection",
    "emergency-access",
    "high-error-rate",
    "jwt-verification",
    "slow-responses",
    "user-isolation",
];
const SECRET: &str = "a secret of the tests, long enough";

#[actix_web::test]
async fn every_command_of_every_runbook_works() {
    let Some(database) = TestDatabase::create().await else { return };
    let issuer = Issuer::start(&[&Key::new("EdDSA", "key")]);
    let (url, keys) = (database.url(), issuer.url());
    let place = Place::new();
    let log = place.path().join("log");
    let settings = [("DATABASE_URL", &*url), ("BETTER_AUTH_SECRET", SECRET), ("JWKS_URL", &*keys)];
    let server = place.serve(&[&settings[..], &[("LOG_FORMAT", "json")]].concat());

    for page in PAGES {
        let email = format!("{page}@example.com");
        let (token, request_id) = register(&server, &email).await;
        let script = commands(page);
        std::fs::write(&log, server.log()).unwrap();
        let mut bash = Command::new("bash");
        bash.args(["-euc", &script]).current_dir(place.path()).envs(settings);
        bash.env("DATABASE_DIRECT_URL", &url).env("PATH", path_with_binary());
        bash.env("API", server.url("")).env("METRICS", server.url("/metrics")).env("LOG", &log);
        bash.env("TOKEN", &token).env("REQUEST_ID", &request_id).env("EMAIL", &email);
        bash.env("NEW_PASSWORD", "battery staple");
        let output = bash.output().unwrap();
        let (shown, errors) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "{page}: {}\n{shown}\n{errors}", output.status);
        assert!(!format!("{shown}{errors}").contains(SECRET), "{page} shows a secret");
    }
}

#[test]
fn every_page_is_listed_and_listed_here() {
    let mut pages: Vec<_> = std::fs::read_dir(directory())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    pages.sort();
    let overview = std::fs::read_to_string(directory().join("README.md")).unwrap();
    assert_eq!(pages, PAGES.map(|page| format!("{page}.md")));
    assert!(pages.iter().all(|page| overview.contains(&format!("]({page})"))), "{overview}");
}

/// A new user's access token, and the id of the request that made it.
async fn register(server: &Server, email: &str) -> (String, String) {
    let account = json!({"email": email, "password": "correct horse"});
    let answer = Client::new().post(server.url("/api/v1/auth/register")).json(&account).send();
    let answer = answer.await.unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let answer: Value = answer.json().await.unwrap();
    (answer["access_token"].as_str().unwrap().to_owned(), id)
}

/// Everything that a page says is to be run.
fn commands(page: &str) -> String {
    let page = std::fs::read_to_string(directory().join(format!("{page}.md"))).unwrap();
    let blocks = page.split("```bash\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let commands = blocks.collect::<Vec<_>>().join("\n");
    assert!(!commands.is_empty());
    commands
}

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/runbooks"))
}

/// The search path of this process, with the binary under test before it.
#[expect(clippy::disallowed_methods, reason = "what the shell needs is not the service's setting")]
fn path_with_binary() -> std::ffi::OsString {
    let binary = Path::new(env!("CARGO_BIN_EXE_todo-api")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(binary).chain(std::env::split_paths(&path))).unwrap()
}
