//! Making an account.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, faults, json_of, keys, problem};

/// Every URL that makes an account.
const URLS: [&str; 4] =
    ["/api/v1/auth/register", "/api/v1/auth/signup", "/api/auth/register", "/api/auth/signup"];

#[actix_web::test]
async fn an_account_is_made_and_signed_in_at_each_of_four_urls() {
    let app = TestApp::start().await;
    for (number, url) in URLS.into_iter().enumerate() {
        let email = format!("ada{number}@example.com");
        let body = json!({"email": email, "password": PASSWORD, "name": "Ada"});
        let answer = json_of(app.post(url, body).await, StatusCode::CREATED).await;
        let members =
            ["access_token", "expires_in", "message", "refresh_token", "token_type", "user"];
        assert_eq!(keys(&answer), members);
        assert_eq!(answer["message"], "User created successfully");
        assert_eq!(answer["token_type"], "bearer");
        assert_eq!(answer["expires_in"], 86_400);
        assert_eq!(keys(&answer["user"]), ["created_at", "email", "id", "name"]);
        assert_eq!(answer["user"]["email"], email);
        assert_eq!(answer["user"]["name"], "Ada");
        let token = answer["access_token"].as_str().unwrap();
        let me = app.request(reqwest::Method::GET, "/api/v1/auth/me").bearer_auth(token);
        let me = json_of(me.send().await.unwrap(), StatusCode::OK).await;
        assert_eq!(me, answer["user"]);
    }
}

#[actix_web::test]
async fn an_email_is_taken_in_whatever_case() {
    let app = TestApp::start().await;
    app.user("ada").await;
    for email in ["ada@example.com", "ADA@Example.COM", "  ada@example.com\t"] {
        for url in URLS {
            let body = json!({"email": email, "password": "another password"});
            let document = problem(app.post(url, body).await, StatusCode::CONFLICT).await;
            assert_eq!(document["type"], "urn:todo:problem:email-taken");
        }
    }
    app.log_in("ada@example.com").await;
}

#[actix_web::test]
async fn an_email_is_trimmed_and_lower_cased() {
    let app = TestApp::start().await;
    let body = json!({"email": " Ada.Lovelace+Todo@Example.COM ", "password": PASSWORD});
    let answer = app.post("/api/v1/auth/register", body).await;
    let user = &json_of(answer, StatusCode::CREATED).await["user"];
    assert_eq!(user["email"], "ada.lovelace+todo@example.com");
}

#[actix_web::test]
async fn a_name_is_optional() {
    let app = TestApp::start().await;
    for (number, (name, expected)) in [
        (json!(null), json!(null)),
        (json!(""), json!(null)),
        (json!("  "), json!(null)),
        (json!(" Ada  Lovelace "), json!("Ada  Lovelace")),
        (json!("語".repeat(100)), json!("語".repeat(100))),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("ada{number}@example.com");
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let answer = app.post("/api/v1/auth/register", body).await;
        let user = &json_of(answer, StatusCode::CREATED).await["user"];
        assert_eq!(user["name"], expected);
    }
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = app.post("/api/v1/auth/register", body).await;
    assert_eq!(json_of(answer, StatusCode::CREATED).await["user"]["name"], Value::Null);
}

#[actix_web::test]
async fn a_password_has_eight_characters_to_seventy_two_bytes() {
    let app = TestApp::start().await;
    for (number, password) in
        ["12345678".to_owned(), "x".repeat(72), "é".repeat(36), "𝄞".repeat(18), "𝄞".repeat(8)]
            .into_iter()
            .enumerate()
    {
        let body = json!({"email": format!("ada{number}@example.com"), "password": password});
        let answer = app.post("/api/v1/auth/register", body.clone()).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let answer = app.post("/api/v1/auth/login", body).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    for (password, code) in [
        (String::new(), "too_short"),
        ("1234567".to_owned(), "too_short"),
        ("𝄞".repeat(7), "too_short"),
        ("x".repeat(73), "too_long"),
        (format!("{}x", "é".repeat(36)), "too_long"),
        ("𝄞".repeat(19), "too_long"),
        ("correct\0horse".to_owned(), "nul_character"),
    ] {
        let body = json!({"email": "eve@example.com", "password": password});
        let answer = app.post("/api/v1/auth/register", body).await;
        let document = problem(answer, StatusCode::BAD_REQUEST).await;
        assert_eq!(faults(&document), [("password", code)]);
    }
}

#[actix_web::test]
async fn what_is_no_email_is_refused() {
    let app = TestApp::start().await;
    let too_long = format!("{}@example.com", "a".repeat(255 - "@example.com".len() + 1));
    for (email, code) in [
        (json!(""), "required"),
        (json!("   "), "required"),
        (json!("ada"), "malformed"),
        (json!("ada@"), "malformed"),
        (json!("@example.com"), "malformed"),
        (json!("ada@example"), "malformed"),
        (json!("ada@example."), "malformed"),
        (json!("ada lovelace@example.com"), "malformed"),
        (json!("ada@example.com\r\nBcc: eve@example.com"), "malformed"),
        (json!("ada@eve@example.com"), "malformed"),
        (json!("ada\u{0}@example.com"), "nul_character"),
        (json!(too_long), "too_long"),
        (json!(null), "wrong_type"),
        (json!(5), "wrong_type"),
    ] {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = app.post("/api/v1/auth/register", body).await;
        let document = problem(answer, StatusCode::BAD_REQUEST).await;
        assert_eq!(faults(&document), [("email", code)], "{email}");
    }
    let longest = format!("{}@example.com", "a".repeat(255 - "@example.com".len()));
    let body = json!({"email": longest, "password": PASSWORD});
    let answer = app.post("/api/v1/auth/register", body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
}

#[actix_web::test]
async fn every_field_at_fault_is_named_at_once() {
    let app = TestApp::start().await;
    let body = json!({"email": "ada", "password": "short", "name": "x".repeat(101)});
    let answer = app.post("/api/v1/auth/register", body).await;
    let document = problem(answer, StatusCode::BAD_REQUEST).await;
    assert_eq!(document["type"], "urn:todo:problem:invalid-input");
    let expected = [("email", "malformed"), ("password", "too_short"), ("name", "too_long")];
    assert_eq!(faults(&document), expected);
    for url in ["/api/v1/auth/register", "/api/auth/login"] {
        let document = problem(app.post(url, json!({})).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(faults(&document), [("email", "required"), ("password", "required")]);
    }
}

#[actix_web::test]
async fn neither_a_password_nor_a_refresh_token_is_kept_as_it_is() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await;
    for entry in std::fs::read_dir(app.database_dir()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [PASSWORD, &ada.refresh_token, &ada.access_token] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found);
        }
    }
}
