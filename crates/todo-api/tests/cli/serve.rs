//! The server from its start to its end.

use std::os::unix::fs::PermissionsExt as _;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::process::{Place, Server};

/// A new user's access token.
async fn register(server: &Server) -> String {
    let body = json!({"email": "ada@example.com", "password": "correct horse"});
    let answer = Client::new().post(server.url("/api/v1/auth/register")).json(&body).send().await;
    let answer: Value = answer.expect("an answer").json().await.expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn openapi_prints_the_document() {
    let place = Place::new();
    let ended = place.run(&["openapi"], &[]);
    assert_eq!(ended.code, Some(0));
    let printed: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(printed, serde_json::to_value(todo_api::openapi_document()).unwrap());
    assert_eq!(place.files(), [""; 0]);
}

#[actix_web::test]
async fn the_first_start_makes_a_secret_that_the_second_keeps() {
    let place = Place::new();
    let file = place.path().join("todo.secret");
    let server = place.serve(&[]);
    let secret = std::fs::read_to_string(&file).unwrap();
    assert!(secret.trim().len() >= 32);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let token = register(&server).await;
    assert!(!server.stop("TERM").stdout.contains(secret.trim()));

    let server = place.serve(&[]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), secret);
    let me = Client::new().get(server.url("/api/v1/auth/me")).bearer_auth(token).send().await;
    assert_eq!(me.unwrap().status(), StatusCode::OK);
}

#[test]
fn a_secret_that_is_given_is_written_nowhere() {
    let place = Place::new();
    let server = place.serve(&[("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef")]);
    assert!(!server.stop("TERM").stdout.contains("0123456789abcdef"));
    assert!(!place.files().iter().any(|file| file.ends_with(".secret")));
}

#[test]
fn production_warns_that_nothing_limits_calls_if_so() {
    let production =
        [("APP_ENV", "production"), ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef")];
    for (setting, warned) in [("off", true), ("on", false)] {
        let environment = [&production[..], &[("BCRYPT_COST", "10"), ("RATE_LIMIT", setting)]];
        let log = Place::new().serve(&environment.concat()).stop("TERM").stdout;
        assert_eq!(log.contains("RATE_LIMIT is off"), warned, "{log}");
    }
}

#[test]
fn the_start_says_where_mail_goes_and_shows_no_password() {
    let secret = ("BETTER_AUTH_SECRET", "0123456789abcdef0123456789abcdef");
    let production = [("APP_ENV", "production"), ("BCRYPT_COST", "10"), secret];
    let address = ("API_BASE_URL", "https://todo.example.com");
    let server = [("SMTP_URL", "smtps://u:hunter2@h"), ("MAIL_FROM", "todo@example.com"), address];
    for (environment, line) in [
        (&[][..], Some("SMTP_URL is not set: mails are written to this log")),
        (&production, Some("no password can be reset by mail until SMTP_URL is set")),
        (&server, None),
        (&[&production[..], &server].concat(), None),
    ] {
        let log = Place::new().serve(environment).stop("TERM").stdout;
        match line {
            Some(line) => assert!(log.contains(line), "{log}"),
            None => assert!(!log.contains("SMTP_URL") && !log.contains("hunter2"), "{log}"),
        }
    }
}

#[test]
fn health_asks_the_server_that_the_settings_describe() {
    let place = Place::new();
    let server = place.serve(&[]);
    let health = |port: &str, host| place.run(&["health"], &[("PORT", port), ("HOST", host)]);
    assert_eq!(health(&server.port, "127.0.0.1").code, Some(0));
    assert_eq!(health(&server.port, "0.0.0.0").code, Some(0));
    let ended = health("1", "127.0.0.1");
    assert_eq!(ended.code, Some(1));
    assert!(!ended.stderr.is_empty());
}

#[test]
fn a_flag_outweighs_the_environment_wherever_it_stands() {
    let place = Place::new();
    let server = place.serve(&[]);
    let port = format!("--port={}", server.port);
    for arguments in [["health", &port], [&port, "health"]] {
        assert_eq!(place.run(&arguments, &[("PORT", "1")]).code, Some(0), "{arguments:?}");
    }
}

#[actix_web::test]
async fn a_signal_ends_the_server_in_good_order() {
    for name in ["TERM", "INT"] {
        let place = Place::new();
        let server = place.serve(&[]);
        register(&server).await;
        let ended = server.stop(name);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[actix_web::test]
async fn two_servers_may_start_at_once_on_an_empty_database() {
    let place = Place::new();
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| place.serve(&[]));
        (place.serve(&[]), other.join().expect("it starts"))
    });
    let token = register(&first).await;
    let me = Client::new().get(second.url("/api/v1/auth/me")).bearer_auth(token).send().await;
    assert_eq!(me.unwrap().status(), StatusCode::OK);
}
