//! `todo-api admin`, as an operator uses it in an emergency, beside a server that runs.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::process::{Ended, Place, Server};

const PASSWORD: &str = "correct horse";

/// Runs a command with `input` and reads the JSON that it prints.
fn admin(place: &Place, input: &str, arguments: &[&str]) -> Value {
    let ended = run(place, input, &[arguments, &["--json"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.stdout).expect("nothing but JSON")
}

fn run(place: &Place, input: &str, arguments: &[&str]) -> Ended {
    let arguments = [&["admin"], arguments].concat();
    place.run_with_input(input, &arguments, &[("BCRYPT_COST", "4")])
}

/// A directory whose database is up, without a server.
fn prepared() -> Place {
    let place = Place::new();
    assert_eq!(place.run(&["migrate", "up"], &[]).code, Some(0));
    place
}

async fn log_in(server: &Server, password: &str) -> (StatusCode, Value) {
    let body = json!({"email": "ada@example.com", "password": password});
    let answer = Client::new().post(server.url("/api/v1/auth/login")).json(&body).send().await;
    let answer = answer.expect("an answer");
    (answer.status(), answer.json().await.expect("JSON"))
}

#[actix_web::test]
async fn a_user_is_made_found_and_listed() {
    let place = prepared();
    let create = ["users", "create", "--email", "Ada@Example.com", "--name", "Ada"];
    let made = admin(&place, "correct horse\n", &create);
    assert_eq!((&made["email"], &made["name"]), (&json!("ada@example.com"), &json!("Ada")));
    for who in ["ada@example.com", " ADA@example.com", made["id"].as_str().unwrap()] {
        let shown = admin(&place, "", &["users", "show", who]);
        assert_eq!(shown, made, "{who}");
    }
    let listed = admin(&place, "", &["users", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["id"], made["id"]);

    let server = place.serve(&[]);
    let (status, answer) = log_in(&server, PASSWORD).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["user"]["id"], made["id"]);
    let shown = admin(&place, "", &["users", "show", "ada@example.com"]);
    assert_eq!(shown["sessions"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_disabled_user_stays_out_until_enabled() {
    let place = prepared();
    admin(&place, PASSWORD, &["users", "create", "--email", "ada@example.com"]);
    let server = place.serve(&[]);
    let (_, answer) = log_in(&server, PASSWORD).await;
    let disabled = admin(&place, "", &["users", "disable", "ada@example.com"]);
    assert!(disabled["disabled_at"].is_string());
    assert_eq!(disabled["sessions"], json!([]));
    assert_eq!(log_in(&server, PASSWORD).await.0, StatusCode::FORBIDDEN);
    let refresh = Client::new().post(server.url("/api/v1/auth/refresh"));
    let refresh = refresh.json(&json!({"refresh_token": answer["refresh_token"]})).send().await;
    assert_eq!(refresh.unwrap().status(), StatusCode::UNAUTHORIZED);

    let enabled = admin(&place, "", &["users", "enable", "ada@example.com"]);
    assert_eq!(enabled["disabled_at"], Value::Null);
    assert_eq!(log_in(&server, PASSWORD).await.0, StatusCode::OK);
}

#[actix_web::test]
async fn a_password_is_set_and_ends_every_session() {
    let place = prepared();
    admin(&place, PASSWORD, &["users", "create", "--email", "ada@example.com"]);
    let server = place.serve(&[]);
    log_in(&server, PASSWORD).await;
    let user = admin(&place, "battery staple\r\n", &["users", "set-password", "ada@example.com"]);
    assert_eq!(user["sessions"], json!([]));
    assert_eq!(log_in(&server, PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in(&server, "battery staple").await.0, StatusCode::OK);
    let ended = admin(&place, "", &["users", "revoke-sessions", "ada@example.com"]);
    assert_eq!(ended, json!({"ended_sessions": 1}));
}

#[actix_web::test]
async fn a_switch_stops_a_server_that_runs() {
    let place = prepared();
    let server = place.serve(&[]);
    admin(&place, PASSWORD, &["users", "create", "--email", "ada@example.com"]);
    let switches = admin(&place, "", &["switch", "off", "login"]);
    let login = switches.as_array().unwrap().iter().find(|it| it["name"] == "login").unwrap();
    assert_eq!(login["on"], false);
    let (status, problem) = log_in(&server, PASSWORD).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(problem["type"], "urn:todo:problem:switched-off");
    let switches = admin(&place, "", &["switch", "on", "login"]);
    assert!(switches.as_array().unwrap().iter().all(|switch| switch["on"] == true));
}

#[test]
fn people_read_lines_and_the_log_goes_elsewhere() {
    let place = prepared();
    let made = run(&place, PASSWORD, &["users", "create", "--email", "ada@example.com"]);
    assert!(made.stdout.contains("ada@example.com") && made.stdout.contains("active"), "{made:?}");
    assert!(made.stderr.contains("admin_create"), "{made:?}");
    let off = run(&place, "", &["switch", "off", "task-writes"]);
    assert!(off.stdout.contains("task-writes      off since "), "{off:?}");
    assert!(off.stderr.contains("task-writes off"), "{off:?}");
    for ended in [made, off] {
        assert!(!ended.output().contains(PASSWORD), "{ended:?}");
    }
}

#[test]
fn what_cannot_be_done_is_told_with_a_code() {
    let place = prepared();
    let create = ["users", "create", "--email", "ada@example.com"];
    admin(&place, PASSWORD, &create);
    for (input, arguments, code, words) in [
        ("", &["users", "show", "eve@example.com"][..], 1, "no such user"),
        ("", &["users", "disable", "eve"], 1, "no such user"),
        (PASSWORD, &create, 1, "email is taken"),
        ("short\n", &["users", "set-password", "ada@example.com"], 2, "at least 8 characters"),
        (PASSWORD, &["users", "create", "--email", "ada"], 2, "email must be an email"),
        ("", &["switch", "off", "gravity"], 2, "possible values: signup, login"),
    ] {
        let ended = run(&place, input, arguments);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let place = Place::new();
    let ended = run(&place, "", &["switch", "off", "login"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("there is no SQLite file"), "{ended:?}");
    assert!(ended.stderr.contains("todo.db"), "{ended:?}");
    assert_eq!(place.files(), [""; 0]);
}

#[test]
fn a_database_that_is_not_up_is_left_as_it_is() {
    let place = prepared();
    place.run(&["migrate", "down"], &[]);
    let ended = run(&place, "", &["users", "list"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("todo-api migrate up"), "{ended:?}");
}

#[test]
fn nobody_writes_to_an_operators_terminal() {
    let place = prepared();
    let name = "Ada\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}1m\u{202e}\nroot";
    let create = ["users", "create", "--email", "ada@example.com", "--name", name];
    for arguments in [&create[..], &["users", "show", "ada@example.com", "--json"]] {
        let ended = run(&place, PASSWORD, arguments);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(!ended.stdout.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{ended:?}");
        assert!(!ended.stdout.contains("\nroot"), "{ended:?}");
    }
}

#[test]
fn production_hashes_no_password_cheaply() {
    let place = prepared();
    let arguments = ["admin", "users", "create", "--email", "ada@example.com"];
    let environment = [("BCRYPT_COST", "4"), ("APP_ENV", "production")];
    let ended = place.run_with_input(PASSWORD, &arguments, &environment);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("BCRYPT_COST must be at least 10"), "{ended:?}");
}
